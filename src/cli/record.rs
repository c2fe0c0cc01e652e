//! `tensorama record`: a narrated video of a lesson, or pictures of it. Layers and networks are told in
//! a lesson of their own.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use glam::UVec2;

use super::Failure;
use super::language::{of_sentences, spoken};
use super::lesson_library::{self, FindError, ReachArgs};
use super::picture_size::{Aspect, DRAFT, size};
use super::printing::note;
use super::reporter::Reporter;
use super::subject::{SubjectArgs, is_named_network, is_subject};
use super::theme::Theme;
use super::told::ToldSubject;
use crate::disk::Reach;
use crate::language::{Message, OtherLanguage, Told, Tongue, says};
use crate::lesson::Lesson;
use crate::narration::choose;
use crate::record::format::Format;
use crate::record::frames::save_frames;
use crate::record::narrated::{Speaker, narrate, unless};
use crate::record::outputs::check_output;
use crate::record::part::{LessonPosition, Part};
use crate::record::plan::plan;
use crate::record::recording::{Recording, record};
use crate::record::renderer::RenderSettings;
use crate::record::report::RecordingProgress;
use crate::record::share::Share;
use crate::record::sidecar_options::{Poster, SidecarOptions};
use crate::record::workers::Workers;
use crate::timeline::Motion;

/// Stands for the language in the name of a file.
const LANGUAGE_PLACE: &str = "{lang}";

/// Frames a second of a draft.
const DRAFT_FPS: u32 = 15;

/// Make a narrated video of a lesson, of a layer or of a network, or images of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RecordArgs {
    /// The lesson, by name or by path; or what is to be told in one: a layer in PyTorch's notation,
    /// nn.Sequential(...) of several, a preset's name, or a network (NET.onnx, MODEL.py, PRINTED.txt).
    #[arg(required_unless_present = "all")]
    lesson: Option<String>,
    #[command(flatten)]
    subject: SubjectArgs,
    /// Record every lesson that comes with the program, each into its own file; -o is then a folder.
    #[arg(long, conflicts_with_all = ["lesson", "frames", "still"])]
    all: bool,
    /// The file to write: .mp4, .webm, .gif or .webp; .png with --frames and --still. Of a layer or a
    /// network, .ron writes the lesson itself, to be edited.
    #[arg(short, long)]
    output: PathBuf,
    /// What --all writes.
    #[arg(long, value_enum, default_value_t = FormatName::Mp4, requires = "all")]
    format: FormatName,
    /// The language: en, ja, or one that the lesson has sentences in. Several, as in en,ja, become tracks of one
    /// file; the picture is in the first, and each beat lasts as long as the longest track needs. With {lang} in
    /// the name of -o, each language gets its own file.
    #[arg(long, default_value = "en", value_delimiter = ',')]
    lang: Vec<Tongue>,
    /// Width and height in pixels, or 720p, 1080p, 1440p, 4k; by default 1920x1080, or 960x540 for .gif and .webp.
    #[arg(long, value_parser = size)]
    size: Option<UVec2>,
    /// The aspect ratio, keeping the shorter side of the size: 16:9, 9:16, 1:1 or 4:5.
    #[arg(long)]
    aspect: Option<Aspect>,
    /// Frames per second; by default 30, or 15 for .gif and .webp.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=240))]
    fps: Option<u32>,
    /// A quick preview: 640x360 at 15 frames per second.
    #[arg(long)]
    draft: bool,
    /// Start here: at a time in seconds or as 1:23, or where scene-2 or scene-2-beat-3 begins.
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "still")]
    from: Option<LessonPosition>,
    /// End here: at a time, or where scene-2 or scene-2-beat-3 ends.
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "still")]
    to: Option<LessonPosition>,
    /// The voice; by default the best installed one. `none` records captions only. With several languages:
    /// --voice en=piper --voice ja=open-jtalk.
    #[arg(long)]
    voice: Vec<String>,
    /// Where captions go; by default both, or tracks only if there are several languages.
    #[arg(long, value_enum)]
    captions: Option<Captions>,
    /// The theme of the room.
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Cut from view to view where the camera would fly, for viewers who are sensitive to motion.
    #[arg(long)]
    reduced_motion: bool,
    /// Also write a transcript next to the video, as a Markdown file (.md).
    #[arg(long, conflicts_with_all = ["frames", "still"])]
    transcript: bool,
    /// Also write the chapters as lines to paste into the video's description, into this file or next to
    /// the video (.chapters.txt).
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with_all = ["frames", "still"])]
    chapters: Option<Option<PathBuf>>,
    /// Also write a poster image next to the video (.png): the frame at this time of the lesson, or a
    /// good one near the middle.
    #[arg(long, value_name = "TIME", num_args = 0..=1, value_parser = crate::explore::options::time, conflicts_with_all = ["frames", "still"])]
    poster: Option<Option<f64>>,
    /// Draw only these frames, first and last: into PNG files if -o is a pattern like frame_%05d.png, else
    /// as a share of the video, for `tensorama join`.
    #[arg(long, value_name = "A..B", value_parser = frame_range, conflicts_with = "still")]
    frames: Option<RangeInclusive<u64>>,
    /// Draw one share of the frames, as 2/8 for the second of eight, for `tensorama join`.
    #[arg(long, value_name = "N/M", conflicts_with_all = ["frames", "still", "all"])]
    share: Option<Share>,
    /// Render with N processes. This helps where one leaves cores or the graphics card idle: with the
    /// software driver on two cores, two were no faster than one.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64), conflicts_with_all = ["still"])]
    jobs: u8,
    /// Resume an interrupted recording after the last segment of ten seconds that was finished; with --all,
    /// keep the videos that already exist.
    #[arg(long, conflicts_with_all = ["still"])]
    resume: bool,
    /// Draw the frame at this time, in seconds or as 1:23, into a PNG file.
    #[arg(long, value_name = "TIME", value_parser = crate::explore::options::time)]
    still: Option<f64>,
    /// Refused, with what would do: a recording is seen from where its lesson says.
    #[arg(
        long,
        hide = true,
        value_name = "YAW,PITCH,HEIGHT,X,Y,Z",
        allow_hyphen_values = true
    )]
    camera: Option<String>,
    /// Print what would be recorded, without recording it.
    #[arg(long, conflicts_with_all = ["frames", "still"])]
    dry_run: bool,
    /// Report progress as JSON on standard output, one object per line.
    #[arg(long)]
    json: bool,
    /// Overwrite existing files.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

const EXAMPLES: &str = "\
Examples:
  tensorama record convolution -o convolution.mp4 --lang ja
  tensorama record convolution -o tall.mp4 --aspect 9:16 --theme dark
  tensorama record convolution -o page.gif --from scene-2 --to scene-2
  tensorama record convolution -o look.mp4 --draft --from 0:40 --to 1:10
  tensorama record convolution -o convolution.webm --transcript --chapters --poster
  tensorama record convolution -o both.mp4 --lang en,ja
  tensorama record convolution -o 'convolution.{lang}.mp4' --lang en,ja
  tensorama record convolution -o convolution.mp4 --resume       after Ctrl-C, a crash, a full disk
  tensorama record convolution -o share-2.mp4 --share 2/8        see tensorama join
  tensorama record convolution --frames 300..599 -o frame_%05d.png
  tensorama record convolution --still 0:42 -o poster.png
  tensorama record \"nn.Conv2d(3, 8, 3, padding=1)\" -o layer.mp4 --lang en,ja
  tensorama record \"nn.MaxPool2d(2)\" --input cat.png -o pool.ron   then edit it, and record that
  tensorama record net.onnx --part conv1 --input cat.png -o part.mp4
  tensorama record --all -o videos --size 720p";

/// What `--all` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// H.264 and AAC.
    Mp4,
    /// VP9 and Opus.
    Webm,
    /// Animated, 256 colours.
    Gif,
    /// Animated, all colours.
    Webp,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Mp4 => Self::Mp4,
            FormatName::Webm => Self::WebM,
            FormatName::Gif => Self::Gif,
            FormatName::Webp => Self::WebP,
        }
    }
}

/// Where captions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Captions {
    /// Burned into the picture, and as a track and as files next to the video.
    Both,
    /// Burned into the picture only.
    Burned,
    /// As a track and files only.
    Track,
    /// Nowhere.
    None,
}

pub(super) fn frame_range(text: &str) -> Result<RangeInclusive<u64>, Told> {
    let parse = |part: &str| {
        part.parse::<u64>().map_err(|_| {
            Told(says!(
                en: "write it as 300..599",
                ja: "300..599 のように書いてください"
            ))
        })
    };
    match text.split_once("..") {
        Some((first, last)) => Ok(parse(first)?..=parse(last)?),
        None => parse(text).map(|frame| frame..=frame),
    }
}

fn moment(text: &str) -> Result<LessonPosition, Told> {
    if text.starts_with(|character: char| character.is_ascii_digit()) {
        crate::explore::options::time(text).map(LessonPosition::Time)
    } else {
        text.parse()
    }
}

/// Has something done when Ctrl-C is pressed.
///
/// # Errors
/// When the system does not let us hear of it.
pub(super) fn on_interrupt(act: impl FnMut() + Send + 'static) -> Result<(), Told> {
    ctrlc::set_handler(act).map_err(|why| {
        Told(says!(
            en: "Ctrl-C cannot be handled: {why}",
            ja: "Ctrl-C を受け取れません: {why}"
        ))
    })
}

/// Records.
///
/// # Errors
/// Everything that can go wrong with a lesson, a voice, a driver, ffmpeg or a disk.
pub fn run(args: &RecordArgs) -> Result<(), Failure> {
    if let Some(camera) = &args.camera {
        return Err(Failure::from(says!(
            en: "a recording has no --camera: it is seen from where its lesson says, which docs/lessons.md tells how to write. For a picture of a layer from where you stand: tensorama explore LAYER --camera={camera} --picture FILE.png",
            ja: "録画に --camera はありません。どこから見るかはレッスンが決めます (書き方は docs/ja/lessons.md)。好きな位置から見た層の画像は tensorama explore 層 --camera={camera} --picture ファイル.png で描けます。"
        ))
        .of_usage());
    }
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    on_interrupt(move || flag.store(true, Ordering::Relaxed))?;
    let result = match &args.lesson {
        None => record_all(args, &cancelled),
        Some(lesson) if args.writes_lesson(lesson) => write_lesson(args, lesson),
        Some(lesson) if args.still.is_some() || args.draws_png() => {
            record_pictures(args, lesson, &cancelled)
        }
        Some(lesson) => record_languages(args, lesson, &args.output, &cancelled),
    };
    if let Err(failure) = &result {
        Reporter::new(args.json, 0).failed(None, failure);
    }
    result
}

/// Records every lesson that comes with the program; a mistake in one does not keep the others.
fn record_all(args: &RecordArgs, cancelled: &AtomicBool) -> Result<(), Failure> {
    if let Some(Some(file)) = &args.chapters {
        let file = file.display();
        return Err(says!(
            en: "--all cannot write the chapters of every lesson into {file}; give --chapters without a file to write them next to each video",
            ja: "--all では、すべてのレッスンのチャプターを {file} に書けません。ファイルなしの --chapters で、それぞれのビデオの隣に書けます"
        )
        .into());
    }
    let lessons = lesson_library::shipped_lessons();
    if lessons.is_empty() {
        return Err(lesson_library::NoLessons(lesson_library::lessons_folder()).into());
    }
    if !args.output.is_dir() {
        let folder = args.output.display();
        return Err(says!(
            en: "--all writes into a folder, but {folder} is not one; make it with `mkdir -p {folder}`",
            ja: "--all はフォルダに書き出しますが、{folder} はフォルダではありません。`mkdir -p {folder}` で作ってください"
        )
        .into());
    }
    let format = Format::from(args.format);
    let reporter = Reporter::new(args.json, 0);
    let mut failed = Vec::new();
    for (name, path) in &lessons {
        let output = args.output.join(format!("{name}.{}", format.extension()));
        reporter.lesson(name, &output);
        if args.resume && output.exists() {
            continue;
        }
        let lesson = path.display().to_string();
        let result = record_languages(args, &lesson, &output, cancelled);
        if let Err(failure) = result {
            if cancelled.load(Ordering::Relaxed) {
                return Err(failure);
            }
            reporter.failed(Some(name), &failure);
            failed.push(name.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let (count, of, names) = (failed.len(), lessons.len(), failed.join(", "));
    Err(says!(
        en: "{count} of {of} lessons could not be recorded: {names}; the reasons are above",
        ja: "{of} 個のレッスンのうち {count} 個を録画できませんでした: {names}。理由は上にあります"
    )
    .into())
}

/// Records a lesson into a file, or into one for each language.
fn record_languages(
    args: &RecordArgs,
    lesson: &str,
    output: &Path,
    cancelled: &AtomicBool,
) -> Result<(), Failure> {
    let pattern = output.to_string_lossy();
    if !pattern.contains(LANGUAGE_PLACE) {
        return record_one(args, &args.lang, lesson, output, cancelled);
    }
    for language in &args.lang {
        let output = pattern.replace(LANGUAGE_PLACE, language.code());
        record_one(args, &[*language], lesson, Path::new(&output), cancelled)?;
    }
    Ok(())
}

/// Records a lesson into a file, or tells what that would be.
fn record_one(
    args: &RecordArgs,
    languages: &[Tongue],
    name: &str,
    output: &Path,
    cancelled: &AtomicBool,
) -> Result<(), Failure> {
    let format = Format::of(output)?;
    let sentences = of_sentences(languages).map_err(|why| Failure::from(why).of_usage())?;
    let Shown {
        lesson,
        found_as,
        reach,
        kept: _kept,
    } = args.shown(name, sentences)?;
    let recording = Recording {
        output: output.to_owned(),
        force: args.force,
        resume: args.resume,
        part: Part {
            from: args.from,
            to: args.to,
        },
        share: match &args.frames {
            Some(frames) => Some(Share::Frames(frames.clone())),
            None => args.share.clone(),
        },
        sidecars: sidecars(args.transcript, args.chapters.as_ref(), args.poster, output),
        speakers: args.speakers(languages)?,
        fps: args.fps(format.usual_fps()),
        render_settings: args.render_settings(format.usual_size(), languages.len()),
        caption_tracks: matches!(
            args.captions(languages.len()),
            Captions::Both | Captions::Track
        ),
        workers: Some(Workers {
            count: usize::from(args.jobs),
            program: std::env::current_exe()?,
            lesson: found_as,
            language: spoken(),
            sentences,
            reach,
        }),
    };
    let mut reporter = Reporter::new(args.json, recording.fps);
    if args.dry_run {
        reporter.plan(&plan(&lesson, &recording)?, output);
        return Ok(());
    }
    let result = record(lesson, &recording, cancelled, &mut |progress| {
        reporter.on_progress(progress);
    });
    reporter.end();
    let report = result?;
    if report.frames == 0 {
        note!(
            en: "there are more shares than segments of ten seconds: nothing is left for this one",
            ja: "分担の数が 10 秒の区間の数より多いので、この分担には何も残りません"
        );
        return Ok(());
    }
    reporter.done(&report, output);
    Ok(())
}

/// Draws single frames of a lesson.
fn record_pictures(args: &RecordArgs, lesson: &str, cancelled: &AtomicBool) -> Result<(), Failure> {
    if args.from.is_some() || args.to.is_some() || args.resume || args.jobs > 1 {
        return Err(Failure::from(says!(
            en: "--from, --to, --resume and --jobs are for videos; choose the images to draw with --frames",
            ja: "--from、--to、--resume、--jobs はビデオ用です。描く画像は --frames で指定してください"
        ))
        .of_usage());
    }
    if !args.names_png() {
        let output = args.output.display();
        return Err(Failure::from(says!(
            en: "{output} is no name for a PNG file, which is what is written; give one that ends in .png",
            ja: "{output} は PNG ファイルの名前ではありません。書き出すのは PNG なので、.png で終わる名前にしてください"
        ))
        .of_usage());
    }
    let sentences = of_sentences(&args.lang).map_err(|why| Failure::from(why).of_usage())?;
    let lesson = args.shown(lesson, sentences)?.lesson;
    let fps = args.fps(Format::Mp4.usual_fps());
    let mut reporter = Reporter::new(args.json, fps);
    let mut speakers = args.speakers(&args.lang)?;
    for speaker in &mut speakers {
        // A picture needs no voice: without one, its time is estimated.
        if speaker.voice.is_none() && choose(None, speaker.language).is_err() {
            speaker.voice = Some("none".to_owned());
        }
    }
    let narrated = narrate(&lesson, &speakers, &mut |done, all| {
        reporter.on_progress(RecordingProgress::Spoken(done, all));
        unless(cancelled)
    })?;
    let render_settings = args.render_settings(Format::Mp4.usual_size(), 1);
    let frames = match (&args.frames, args.still) {
        (Some(frames), _) => frames.clone(),
        (None, still) => {
            let frame = (still.unwrap_or(0.0) * f64::from(fps)).round() as u64;
            frame..=frame
        }
    };
    let narrated = narrated.in_picture(&lesson, render_settings.picture(), render_settings.motion);
    let result = save_frames(
        lesson,
        narrated.timeline,
        render_settings,
        (frames, fps),
        &args.output,
        cancelled,
        &mut |progress| reporter.on_progress(progress),
    );
    reporter.end();
    result?;
    reporter.done_pictures(&args.output);
    Ok(())
}

/// Writes the lesson in which a layer or a network is told.
fn write_lesson(args: &RecordArgs, name: &str) -> Result<(), Failure> {
    check_output(&args.output, args.force)?;
    ToldSubject::new(name, &args.subject)?.write(&args.output)?;
    Reporter::new(args.json, 0).done_pictures(&args.output);
    Ok(())
}

/// What is recorded.
struct Shown {
    lesson: Lesson,
    /// What other processes find it as.
    found_as: OsString,
    /// Which files it may name.
    reach: Reach,
    /// The folder in which they find it, where it is made for them.
    kept: Option<tempfile::TempDir>,
}

impl RecordArgs {
    /// Whether a name is told in a lesson of its own. Lessons come first, unless an option is given that
    /// only layers and networks have.
    fn tells(&self, name: &str) -> bool {
        if lesson_library::is_shipped(name) {
            return self.subject.given().is_some() && is_named_network(name);
        }
        is_subject(name)
    }

    /// Whether the lesson itself is to be written.
    fn writes_lesson(&self, name: &str) -> bool {
        let ending = self.output.extension();
        ending.is_some_and(|ending| ending.eq_ignore_ascii_case("ron")) && self.tells(name)
    }

    /// The lesson of a name, or the one in which a layer or a network is told; by sentences in a language,
    /// where one is given.
    fn shown(&self, name: &str, sentences: Option<OtherLanguage>) -> Result<Shown, Failure> {
        if self.tells(name) {
            if let Some(language) = sentences {
                let language = language.own_name();
                return Err(Failure::from(says!(
                    en: "layers and networks are told in English and Japanese, not in {language}; -o with a .ron file writes the lesson, which can have sentences",
                    ja: "層とネットワークの説明は英語と日本語だけで、{language}はありません。-o に .ron のファイルを指定するとレッスンになり、訳文を付けられます"
                ))
                .of_usage());
            }
            return self.told(name);
        }
        if let Some(option) = self.subject.given() {
            return Err(Failure::from(says!(
                en: "{option} is for layers and networks; {name} is a lesson, which says itself what it shows",
                ja: "{option} は層とネットワークのためのものです。レッスン {name} では、何を見せるかがレッスンに書いてあります"
            ))
            .of_usage());
        }
        let reach = self.reach.reach();
        let source = lesson_library::find(name).map_err(|why| match why {
            why @ FindError::Name { .. } => {
                let why = why.message();
                Failure::from(says!(
                    with [why];
                    en: "{why}, and a layer is written with its arguments, as \"nn.Conv2d(3, 8, 3)\"",
                    ja: "{why}。層は \"nn.Conv2d(3, 8, 3)\" のように、引数まで書いてください"
                ))
            }
            why => why.into(),
        })?;
        Ok(Shown {
            lesson: source.reaching(reach).load_in(sentences)?,
            found_as: name.into(),
            reach,
            kept: None,
        })
    }

    /// The lesson in which a layer or a network is told.
    fn told(&self, name: &str) -> Result<Shown, Failure> {
        let told = ToldSubject::new(name, &self.subject)?;
        let (mut found_as, mut kept) = (OsString::from(name), None);
        if self.jobs > 1 {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("told.ron");
            told.keep(&path)?;
            (found_as, kept) = (path.into(), Some(folder));
        }
        Ok(Shown {
            lesson: told.lesson()?,
            found_as,
            reach: Reach::Anywhere,
            kept,
        })
    }

    /// Whether the frames become pictures of their own.
    fn draws_png(&self) -> bool {
        self.frames.is_some() && self.names_png()
    }

    /// Whether what is written is called a PNG file.
    fn names_png(&self) -> bool {
        let is_png = |extension: &std::ffi::OsStr| extension.eq_ignore_ascii_case("png");
        self.output.extension().is_some_and(is_png)
    }

    fn captions(&self, languages: usize) -> Captions {
        let usual = if languages > 1 {
            Captions::Track
        } else {
            Captions::Both
        };
        self.captions.unwrap_or(usual)
    }

    /// Who speaks each language.
    fn speakers(&self, languages: &[Tongue]) -> Result<Vec<Speaker>, Failure> {
        let mut speakers: Vec<Speaker> = Vec::new();
        for &language in languages {
            if speakers.iter().any(|speaker| speaker.language == language) {
                return Err(Failure::from(says!(
                    en: "--lang names {language} twice",
                    ja: "--lang に {language} が 2 回あります"
                ))
                .of_usage());
            }
            let mut voice = None;
            for named in &self.voice {
                let of = named
                    .split_once('=')
                    .and_then(|(code, name)| Some((code.parse::<Tongue>().ok()?, name)));
                match of {
                    Some((of, name)) if of == language => voice = Some(name.to_owned()),
                    Some(_) => {}
                    None => voice = Some(named.clone()),
                }
            }
            speakers.push(Speaker { language, voice });
        }
        Ok(speakers)
    }

    fn render_settings(&self, usual: UVec2, languages: usize) -> RenderSettings {
        let usual = if self.draft { DRAFT } else { usual };
        let size = self.size.unwrap_or(usual);
        RenderSettings {
            size: self.aspect.map_or(size, |aspect| aspect.of(size)),
            studio: self.theme.into(),
            captions: matches!(self.captions(languages), Captions::Both | Captions::Burned),
            motion: if self.reduced_motion {
                Motion::Reduced
            } else {
                Motion::Full
            },
        }
    }

    fn fps(&self, usual: u32) -> u32 {
        let usual = if self.draft { DRAFT_FPS } else { usual };
        self.fps.unwrap_or(usual)
    }
}

/// What stands beside a video.
pub(super) fn sidecars(
    transcript: bool,
    chapters: Option<&Option<PathBuf>>,
    poster: Option<Option<f64>>,
    output: &Path,
) -> SidecarOptions {
    SidecarOptions {
        transcript: transcript.then(|| output.with_extension("md")),
        chapters: chapters.map(|file| {
            let usual = || output.with_extension("chapters.txt");
            file.clone().unwrap_or_else(usual)
        }),
        poster: poster.map(|time| Poster {
            path: output.with_extension("png"),
            time,
        }),
    }
}
