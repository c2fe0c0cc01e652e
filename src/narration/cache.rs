//! Spoken sentences, kept: a sentence is synthesised once for each voice.
//!
//! An entry is a WAV file named by the BLAKE3 hash of the voice's id, the language and the text. It
//! is written beside its place and renamed, so that a run that is cut off leaves no half of one; an
//! entry that cannot be read is made again.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::clip::Clip;
use super::reading::reading;
use super::voice::{Request, Voice, VoiceError};
use crate::lesson::Language;

/// Names another folder for the cache.
const OVERRIDE: &str = "TENSORAMA_VOICE_CACHE";

/// Changes when the same text, voice and language give another sound.
const GENERATION: &str = "tensorama voice 1";

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
    pub const fn at(folder: PathBuf) -> Self {
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
        language: Language,
        texts: &[&str],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<Clip>, VoiceError> {
        let mut clips = HashMap::new();
        let mut missing: Vec<(PathBuf, String)> = Vec::new();
        let paths: Vec<PathBuf> = texts
            .iter()
            .map(|text| {
                let text = reading(text, language);
                let path = self.folder.join(entry_name(voice.id(), language, &text));
                if !clips.contains_key(&path) && missing.iter().all(|(other, _)| *other != path) {
                    match Clip::open(&path) {
                        Ok(clip) => {
                            clips.insert(path.clone(), clip);
                        }
                        Err(_) => missing.push((path.clone(), text)),
                    }
                }
                path
            })
            .collect();
        if !missing.is_empty() {
            for clip in self.synthesise(voice, language, missing, progress)? {
                clips.insert(clip.path.clone(), clip);
            }
        }
        Ok(paths
            .iter()
            .filter_map(|path| clips.get(path).cloned())
            .collect())
    }

    /// Speaks texts into the cache.
    fn synthesise(
        &self,
        voice: &dyn Voice,
        language: Language,
        missing: Vec<(PathBuf, String)>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<Clip>, VoiceError> {
        create_folder(&self.folder)?;
        // In the cache's own folder, so that a rename cannot cross file systems.
        let workplace = tempfile::Builder::new()
            .prefix(".making-")
            .tempdir_in(&self.folder)
            .map_err(|source| VoiceError::Io {
                what: "make a folder in",
                path: self.folder.clone(),
                source,
            })?;
        let total = missing.len();
        let (paths, requests): (Vec<PathBuf>, Vec<Request>) = missing
            .into_iter()
            .enumerate()
            .map(|(index, (path, text))| {
                let wav = workplace.path().join(format!("{index}.wav"));
                (
                    path,
                    Request {
                        text,
                        language,
                        wav,
                    },
                )
            })
            .unzip();
        progress(0, total);
        let outcome = voice.speak_all(&requests, &mut |index| progress(index + 1, total));
        // What was spoken before a failure is kept all the same.
        let mut clips = Vec::new();
        for (path, request) in paths.iter().zip(&requests) {
            match Clip::open(&request.wav) {
                Ok(clip) => {
                    fs::rename(&request.wav, path).map_err(|source| VoiceError::Io {
                        what: "write",
                        path: path.clone(),
                        source,
                    })?;
                    clips.push(Clip {
                        path: path.clone(),
                        ..clip
                    });
                }
                Err(error) => {
                    outcome?;
                    return Err(error.into());
                }
            }
        }
        outcome?;
        Ok(clips)
    }
}

/// Makes a folder and those above it.
fn create_folder(folder: &Path) -> Result<(), VoiceError> {
    fs::create_dir_all(folder).map_err(|source| VoiceError::Io {
        what: "make the folder",
        path: folder.to_owned(),
        source,
    })
}

/// The file name of an entry.
fn entry_name(voice_id: &str, language: Language, text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [GENERATION, voice_id, language.code(), text] {
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
    use crate::narration::silent::Silent;

    /// Counts what it is asked to say, and cannot say `no`.
    struct Counting(AtomicUsize);

    impl Voice for Counting {
        fn id(&self) -> &'static str {
            "counting"
        }

        fn speaks(&self, _: Language) -> bool {
            true
        }

        fn speak(&self, text: &str, language: Language, wav: &Path) -> Result<(), VoiceError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if text == "no" {
                return Err(VoiceError::failed("counting", text, "no"));
            }
            Silent.speak(text, language, wav)
        }
    }

    fn narrate(cache: &Cache, voice: &Counting, texts: &[&str]) -> Result<Vec<Clip>, VoiceError> {
        cache.narrate(voice, Language::En, texts, &mut |_, _| {})
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
    fn voice_language_and_text_all_count() {
        let name = entry_name("v", Language::En, "one");
        assert_ne!(name, entry_name("w", Language::En, "one"));
        assert_ne!(name, entry_name("v", Language::Ja, "one"));
        assert_ne!(name, entry_name("v", Language::En, "two"));
        assert_ne!(
            entry_name("ab", Language::En, "c"),
            entry_name("a", Language::En, "bc")
        );
    }
}
