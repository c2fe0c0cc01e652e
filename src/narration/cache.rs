//! Spoken sentences, kept: a sentence is synthesised once for each voice.
//!
//! An entry is a WAV file named by the BLAKE3 hash of the voice's id, the language and the text, with
//! the times of its words beside it in a file `.json` where the voice told them. It is written beside
//! its place and renamed, so that a run that is cut off leaves no half of one; an entry that cannot be
//! read is made again.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::clip::Clip;
use super::pause::{self, write_with_pauses};
use super::pronunciation::{Reading, reading};
use super::speeches::SpokenText;
use super::voice::{Request, Voice, VoiceError, VoiceTask, go_on};
use super::word_times::WordTime;
use crate::disk::{self, Draft};
use crate::language::Tongue;
use crate::lesson::PAUSE;

/// Names another folder for the cache.
const OVERRIDE: &str = "TENSORAMA_VOICE_CACHE";

/// Changes when the same text, voice and language give another sound.
const GENERATION: &str = "tensorama voice 2";

/// A folder of spoken sentences.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The user's cache: `TENSORAMA_VOICE_CACHE`, or `tensorama/voice` in their cache folder.
    ///
    /// # Errors
    /// The user has neither.
    pub fn of_user() -> Result<Self, VoiceError> {
        env::var_os(OVERRIDE)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(|| {
                let base = directories::BaseDirs::new()?;
                Some(base.cache_dir().join("tensorama").join("voice"))
            })
            .map(Self::at)
            .ok_or(VoiceError::NoCacheFolder)
    }

    /// A cache in a folder, which is made when it is needed.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        // From the root: a voice may run elsewhere, and takes a name that begins with `-` for an option.
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        Self { folder }
    }

    /// The clip of each text, in order; those that are not there yet are spoken first, all in one
    /// go. `progress` gets how many of the missing ones are done, and how many there are: first
    /// `(0, missing)`, and nothing where all are there.
    ///
    /// # Errors
    /// The voice fails, or the folder cannot be written.
    pub fn narrate(
        &self,
        voice: &dyn Voice,
        language: impl Into<Tongue>,
        texts: &[SpokenText<'_>],
        progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Vec<Clip>, VoiceError> {
        let language = language.into();
        let mut entries: HashMap<PathBuf, Clip> = HashMap::new();
        let mut missing: Vec<(PathBuf, Request)> = Vec::new();
        let lines: Vec<Vec<Piece>> = texts
            .iter()
            .map(|line| self.pieces(voice, language, line))
            .collect();
        for (line, pieces) in texts.iter().zip(&lines) {
            for Piece { path, reading, .. } in pieces {
                if entries.contains_key(path) || missing.iter().any(|(other, _)| other == path) {
                    continue;
                }
                match open_entry(path) {
                    Some(clip) => {
                        entries.insert(path.clone(), clip);
                    }
                    None => missing.push((
                        path.clone(),
                        Request {
                            text: reading.text.clone(),
                            language,
                            beat: line.beat.clone(),
                            wav: PathBuf::new(),
                        },
                    )),
                }
            }
        }
        if !missing.is_empty() {
            self.synthesise(voice, missing, progress, &mut entries)?;
        }
        let mut clips = Vec::with_capacity(lines.len());
        for (line, pieces) in texts.iter().zip(&lines) {
            let spoken = pieces.iter().filter_map(|piece| {
                let clip = entries.get(&piece.path)?.clone();
                Some(in_source(clip, piece))
            });
            clips.push(self.with_pauses(line.text, pieces, spoken.collect())?);
        }
        Ok(clips)
    }

    /// The clip of each text that has been spoken before, in order; nothing is spoken.
    #[must_use]
    pub fn held(
        &self,
        voice: &dyn Voice,
        language: impl Into<Tongue>,
        texts: &[SpokenText<'_>],
    ) -> Vec<Option<Clip>> {
        let language = language.into();
        let clips = texts.iter().map(|line| {
            let pieces = self.pieces(voice, language, line);
            let spoken: Option<Vec<Clip>> = pieces
                .iter()
                .map(|piece| Some(in_source(open_entry(&piece.path)?, piece)))
                .collect();
            self.with_pauses(line.text, &pieces, spoken?).ok()
        });
        clips.collect()
    }

    /// What a voice speaks of a text in one go each.
    fn pieces(&self, voice: &dyn Voice, language: Tongue, line: &SpokenText<'_>) -> Vec<Piece> {
        let whole = line.text.replace(PAUSE, " ");
        let mut pieces: Vec<(usize, &str)> = pause::pieces(line.text).collect();
        if voice.makes_pauses() || pieces.len() < 2 {
            pieces = vec![(0, &whole)];
        }
        let pieces = pieces.into_iter().map(|(start, text)| {
            let reading = reading(text, language);
            Piece {
                path: self.entry(voice, language, &line.beat, &reading),
                start,
                reading,
            }
        });
        pieces.collect()
    }

    /// The clip of a text whose pieces are spoken: a file of its own where there are several.
    fn with_pauses(
        &self,
        text: &str,
        pieces: &[Piece],
        clips: Vec<Clip>,
    ) -> Result<Clip, VoiceError> {
        if let [clip] = clips.as_slice() {
            return Ok(clip.clone());
        }
        let pauses = pause::pauses(text);
        let lengths = format!("{pauses:?}");
        let names = pieces.iter().map(|piece| piece.path.to_string_lossy());
        let parts: Vec<String> = names.map(String::from).chain([lengths]).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let path = self.folder.join(entry_name(&parts));
        let write_error = |source| VoiceError::Io {
            task: VoiceTask::Write,
            path: path.clone(),
            source,
        };
        let made = Draft::begin(&path).map_err(write_error)?;
        let words = write_with_pauses(&clips, &pauses, made.path())?;
        made.finish_unsynced().map_err(write_error)?;
        Ok(Clip {
            words,
            ..Clip::open(&path)?
        })
    }

    /// The file of a text.
    fn entry(&self, voice: &dyn Voice, language: Tongue, beat: &str, reading: &Reading) -> PathBuf {
        let depends_on = voice.depends_on(beat, language);
        let name = entry_name(&[voice.id(), &depends_on, language.code(), &reading.text]);
        self.folder.join(name)
    }

    /// Speaks texts into the cache and adds their clips to the entries.
    fn synthesise(
        &self,
        voice: &dyn Voice,
        missing: Vec<(PathBuf, Request)>,
        progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
        entries: &mut HashMap<PathBuf, Clip>,
    ) -> Result<(), VoiceError> {
        create_folder(&self.folder)?;
        remove_left(&self.folder);
        // In the cache's own folder, so that a rename cannot cross file systems.
        let workplace = tempfile::Builder::new()
            .prefix(MAKING)
            .tempdir_in(&self.folder)
            .map_err(|source| VoiceError::Io {
                task: VoiceTask::CreateFolder,
                path: self.folder.clone(),
                source,
            })?;
        let total = missing.len();
        let (paths, mut requests): (Vec<PathBuf>, Vec<Request>) = missing.into_iter().unzip();
        for (index, request) in requests.iter_mut().enumerate() {
            request.wav = workplace.path().join(format!("{index}.wav"));
        }
        go_on(progress(0, total))?;
        let mut words: Vec<Vec<WordTime>> = Vec::with_capacity(total);
        let mut outcome = voice.speak_all(&requests, &mut |index, spoken| {
            words.push(spoken);
            progress(index + 1, total)
        });
        // What was spoken before a failure is kept all the same.
        for ((path, request), words) in paths.iter().zip(&requests).zip(words) {
            match keep(request, path, words) {
                Ok(clip) => {
                    entries.insert(path.clone(), clip);
                }
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome
    }
}

/// How the names of folders begin in which clips are made.
const MAKING: &str = ".making-";
/// How old such a folder is when nobody can be at work in it any more.
const LEFT: Duration = Duration::from_hours(24);

/// Removes the folders of those who were ended while they spoke.
fn remove_left(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if entry.file_name().to_string_lossy().starts_with(MAKING)
            && is_old().is_some_and(|age| age > LEFT)
        {
            // What cannot be removed only takes room.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// What a voice speaks in one go: a text, or what lies between two of its pauses.
struct Piece {
    /// Its entry.
    path: PathBuf,
    /// Where it starts in the text, in bytes.
    start: usize,
    /// What the voice gets.
    reading: Reading,
}

/// A clip whose words lie where the lesson has them: the voice knows places in the text it got.
fn in_source(mut clip: Clip, piece: &Piece) -> Clip {
    let place = |place: usize| piece.start + piece.reading.source_of(place);
    for word in &mut clip.words {
        word.text = place(word.text.start)..place(word.text.end);
    }
    clip
}

/// The file with the times of an entry's words.
fn words_file(path: &Path) -> PathBuf {
    path.with_extension("json")
}

/// An entry of the cache, if it is there and whole.
fn open_entry(path: &Path) -> Option<Clip> {
    let mut clip = Clip::open(path).ok()?;
    let words = words_file(path);
    if words.try_exists().ok()? {
        clip.words = serde_json::from_str(&disk::read_text(&words).ok()?).ok()?;
    }
    Some(clip)
}

/// Moves what was spoken to its place in the cache.
fn keep(request: &Request, path: &Path, words: Vec<WordTime>) -> Result<Clip, VoiceError> {
    let write_error = |source| VoiceError::Io {
        task: VoiceTask::Write,
        path: path.to_owned(),
        source,
    };
    let clip = Clip::open(&request.wav)?;
    // The words go first: where the WAV file is, its words are.
    let (made, kept) = (words_file(&request.wav), words_file(path));
    if words.is_empty() {
        match fs::remove_file(&kept) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(write_error(error)),
            _ => {}
        }
    } else {
        let json = serde_json::to_vec(&words).map_err(|error| write_error(error.into()))?;
        fs::write(&made, json).map_err(write_error)?;
        fs::rename(&made, &kept).map_err(write_error)?;
    }
    fs::rename(&request.wav, path).map_err(write_error)?;
    Ok(Clip {
        path: path.to_owned(),
        words,
        ..clip
    })
}

/// Makes a folder and those above it.
fn create_folder(folder: &Path) -> Result<(), VoiceError> {
    fs::create_dir_all(folder).map_err(|source| VoiceError::Io {
        task: VoiceTask::CreateFolder,
        path: folder.to_owned(),
        source,
    })
}

/// The file name of an entry that depends on these.
fn entry_name(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [GENERATION].iter().chain(parts) {
        // The length keeps `ab` + `c` apart from `a` + `bc`.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("{}.wav", &hasher.finalize().to_hex()[..32])
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::language::{Language, Localized};
    use crate::narration::silent::Silent;
    use crate::narration::voice::{About, Timing};

    /// Counts what it is asked to say, and cannot say `no`.
    struct Counting(AtomicUsize);

    impl Voice for Counting {
        fn id(&self) -> &'static str {
            "counting"
        }

        fn about(&self) -> &About {
            Silent.about()
        }

        fn speaks(&self, _: Tongue) -> bool {
            true
        }

        fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if request.text == "no" {
                return Err(VoiceError::failed(
                    "counting",
                    &request.text,
                    Localized::same("no"),
                ));
            }
            Silent.speak(request)?;
            let end = request.text.len();
            Ok(if request.text.contains("timed") {
                vec![WordTime {
                    text: end - "timed".len()..end,
                    time: 0.25..0.5,
                }]
            } else {
                Vec::new()
            })
        }
    }

    fn narrate(cache: &Cache, voice: &Counting, texts: &[&str]) -> Result<Vec<Clip>, VoiceError> {
        let lines: Vec<SpokenText<'_>> = texts
            .iter()
            .map(|text| SpokenText {
                beat: String::new(),
                text,
            })
            .collect();
        cache.narrate(voice, Language::En, &lines, &mut |_, _| {
            ControlFlow::Continue(())
        })
    }

    #[test]
    fn a_voice_that_is_stopped_speaks_no_more_and_what_it_said_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let voice = Counting(AtomicUsize::new(0));
        let lines = ["one", "two", "three"].map(|text| SpokenText {
            beat: String::new(),
            text,
        });
        let stopped = cache.narrate(&voice, Language::En, &lines, &mut |done, _| {
            if done == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(stopped, Err(VoiceError::Interrupted)));
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        narrate(&cache, &voice, &["one", "two", "three"]).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_sentence_is_spoken_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("a/b"));
        let voice = Counting(AtomicUsize::new(0));
        let first = narrate(&cache, &voice, &["one", "two two", "one"]).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        assert_eq!(first[0], first[2]);
        assert!(first[1].duration() > first[0].duration());
        let second = narrate(&cache, &voice, &["one", "two two", "one"]).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        assert_eq!(first, second);
        narrate(&cache, &voice, &["one", "three"]).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_broken_entry_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let voice = Counting(AtomicUsize::new(0));
        let clips = narrate(&cache, &voice, &["one"]).unwrap();
        fs::write(&clips[0].path, b"RIFF").unwrap();
        assert_eq!(narrate(&cache, &voice, &["one"]).unwrap(), clips);
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_failure_keeps_what_was_spoken_before_it_and_leaves_nothing_half_made() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let voice = Counting(AtomicUsize::new(0));
        let error = narrate(&cache, &voice, &["one", "no", "three"]).unwrap_err();
        assert!(matches!(error, VoiceError::Failed { .. }));
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1);
        narrate(&cache, &voice, &["one"]).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn times_of_words_are_kept_with_the_sound_at_their_places_in_the_author_s_text() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let voice = Counting(AtomicUsize::new(0));
        // Both are read alike, and the word stands elsewhere in each.
        let texts = ["3 ×   timed", "3 × timed", "plain"];
        let first = narrate(&cache, &voice, &texts).unwrap();
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        for (clip, text) in first.iter().zip(&texts).take(2) {
            assert_eq!(clip.timing(), Timing::Aligned);
            let place = text.find("timed").unwrap();
            assert_eq!(clip.words[0].text, place..text.len());
            assert_eq!(clip.mark_times(text, &[place], Language::En), [0.25]);
        }
        assert_eq!(first[2].timing(), Timing::Estimated);
        assert_eq!(narrate(&cache, &voice, &texts).unwrap(), first);
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        // Half of an entry is no entry.
        fs::write(words_file(&first[0].path), b"[{").unwrap();
        assert_eq!(narrate(&cache, &voice, &texts).unwrap(), first);
        assert_eq!(voice.0.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_pause_lasts_as_long_as_it_says_and_the_words_after_it_are_later() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let voice = Counting(AtomicUsize::new(0));
        let silence = PAUSE.to_string().repeat(30);
        let text = format!("one {silence}two timed");
        let apart = narrate(&cache, &voice, &["one", "two timed"]).unwrap();
        let clips = narrate(&cache, &voice, &[&text]).unwrap();
        // Only what is new is spoken: nothing.
        assert_eq!(voice.0.load(Ordering::Relaxed), 2);
        let sum = apart[0].duration() + apart[1].duration();
        assert!((clips[0].duration() - sum - 1.5).abs() < 0.001);
        let place = text.find("timed").unwrap();
        let times = clips[0].mark_times(&text, &[place], Language::En);
        assert!(
            (times[0] - apart[0].duration() - 1.5 - 0.25).abs() < 0.001,
            "{times:?}"
        );
        assert_eq!(
            cache.held(
                &voice,
                Language::En,
                &[SpokenText {
                    beat: String::new(),
                    text: &text
                }]
            ),
            [Some(clips[0].clone())]
        );
    }

    #[test]
    fn everything_counts() {
        let name = entry_name(&["v", "", "en", "one"]);
        assert_ne!(name, entry_name(&["w", "", "en", "one"]));
        assert_ne!(name, entry_name(&["v", "x", "en", "one"]));
        assert_ne!(name, entry_name(&["v", "", "ja", "one"]));
        assert_ne!(name, entry_name(&["v", "", "en", "two"]));
        assert_ne!(entry_name(&["ab", "c"]), entry_name(&["a", "bc"]));
    }
}
