//! `tensorama narrate`: what a lesson says, for an author who speaks it, or spoken ahead of a recording.

use super::printing::{say, tell};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::lesson_library::{self, ReachArgs};
use crate::disk;
use crate::language::{Language, Message, Tongue, says};
use crate::lesson::Lesson;
use crate::narration::page_narration::PageNarration;
use crate::narration::{measured_speeches, recording_script};
use crate::record::narrated::{Narrated, Speaker, narrate};

/// Print what a lesson says, for your own voice, or have it spoken ahead of a recording.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NarrateArgs {
    /// The lesson, by name or by path.
    lesson: String,
    /// Print the name of each recording and its words, with a tab between them.
    #[arg(long, required_unless_present_any = ["speak", "page"])]
    list: bool,
    /// Have it spoken and kept, so that recordings need not wait for it.
    #[arg(long, conflicts_with = "list")]
    speak: bool,
    /// The language: en, ja, or one that the lesson has sentences in.
    #[arg(long, default_value = "en")]
    lang: Tongue,
    /// The voice that speaks: the best installed one, unless it is named.
    #[arg(long, conflicts_with = "list")]
    voice: Option<String>,
    /// Have it spoken, and write sounds and times for a web page into this folder.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["list", "speak"])]
    page: Option<PathBuf>,
    #[command(flatten)]
    reach: ReachArgs,
}

const EXAMPLES: &str = "\
Record each text as the WAV file of its name in one folder, then make the video with your voice:
  tensorama narrate convolution --list
  tensorama record convolution -o convolution.mp4 --voice \"wav: my-recordings\"
Before many machines record shares of one lesson, have it spoken once, into a folder that all see:
  TENSORAMA_VOICE_CACHE=/shared/voices tensorama narrate convolution --speak";

/// Prints the names of recordings and the words to say, or has them spoken.
///
/// # Errors
/// The lesson is not there or has errors, or the voice fails.
pub fn run(args: &NarrateArgs) -> Result<(), Failure> {
    let lesson = lesson_library::find(&args.lesson)?
        .reaching(args.reach.reach())
        .load_in(args.lang.other())?;
    if args.speak || args.page.is_some() {
        let speaker = Speaker {
            language: args.lang,
            voice: args.voice.clone(),
        };
        let narrated = narrate(&lesson, &[speaker], &mut |_, _| ControlFlow::Continue(()))?;
        if let Some(folder) = &args.page {
            write_page(&lesson, args.lang.words(), &narrated, folder)?;
        }
        let seconds = narrated.timeline.duration;
        for spoken in &narrated.spoken {
            let voice = spoken.voice.message();
            tell!(
                with [voice];
                en: "{seconds:.1} s with the voice {voice}",
                ja: "{seconds:.1} 秒、声は {voice}"
            );
        }
        return Ok(());
    }
    for (name, text) in recording_script(&lesson, args.lang) {
        let words: Vec<&str> = text.split_whitespace().collect();
        say!("{name}\t{}", words.join(" "));
    }
    Ok(())
}

/// Writes the sounds of a lesson and `narration.json`, which says when each of them is to be heard.
fn write_page(
    lesson: &Lesson,
    language: Language,
    narrated: &Narrated,
    folder: &Path,
) -> Result<(), Failure> {
    let failed = |path: &Path, why: std::io::Error| {
        let (path, why) = (path.display().to_string(), why.message());
        Failure::from(says!(
            with [why];
            en: "cannot write {path}: {why}",
            ja: "{path} を書けません: {why}"
        ))
    };
    std::fs::create_dir_all(folder).map_err(|why| failed(folder, why))?;
    let clips: Vec<_> = narrated
        .spoken
        .iter()
        .flat_map(|spoken| &spoken.clips)
        .cloned()
        .collect();
    let speeches = measured_speeches(lesson, language, &clips);
    let name = |scene: usize, beat: usize| format!("scene-{scene}-beat-{beat}.wav");
    let mut narration = PageNarration::new(&speeches, name);
    if let Some(spoken) = narrated.spoken.first() {
        narration = narration.spoken_by(spoken.voice.credit());
    }
    let files = narration.files();
    let files = files.iter().flatten().flatten();
    for (clip, name) in clips.iter().zip(files) {
        let path = folder.join(name);
        std::fs::copy(&clip.path, &path).map_err(|why| failed(&path, why))?;
    }
    let path = folder.join("narration.json");
    disk::write(&path, narration.text()).map_err(|why| failed(&path, why))
}
