//! The author's own voice: WAV files in a folder, one a beat, by `--voice "wav: FOLDER"`.
//!
//! `scene-1-beat-2.en.wav` is the second beat of the first scene in English. A beat is counted among
//! all of its scene's, so that its number is the one that messages and `--from` use.

use std::fs;
use std::path::PathBuf;

use super::clip::MAX_SOUND;
use super::pause::pieces;
use super::speeches::spoken_texts;
use super::voice::{About, OnSpoken, Request, Timing, Voice, VoiceError, VoiceTask, go_on};
use super::word_times::WordTime;
use crate::disk;
use crate::language::{Tongue, says};
use crate::lesson::Lesson;

const NAME: &str = "wav";

/// A folder of recordings.
#[derive(Debug, Clone)]
pub struct Recorded {
    id: String,
    about: About,
    folder: PathBuf,
}

impl Recorded {
    /// Takes the recordings of a folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn new(folder: Option<&str>) -> Result<Self, VoiceError> {
        let named = PathBuf::from(folder.unwrap_or_default());
        if !named.is_dir() {
            return Err(VoiceError::Argument {
                name: NAME,
                argument: folder.unwrap_or_default().to_owned(),
                detail: says!(
                    en: "there is no such folder; write `wav: FOLDER` with the folder of your recordings",
                    ja: "このフォルダはありません。`wav: FOLDER` に録音のあるフォルダを書いてください"
                ),
            });
        }
        Ok(Self {
            id: NAME.to_owned(),
            about: About {
                name: {
                    let folder = named.display();
                    says!(
                        en: "the author's recordings in {folder}",
                        ja: "作者の録音 ({folder})"
                    )
                },
                licence: says!(
                    en: "the author's own",
                    ja: "作者のもの"
                ),
                timing: Timing::Estimated,
            },
            folder: named,
        })
    }

    fn file(&self, beat: &str, language: Tongue) -> PathBuf {
        self.folder.join(file_name(beat, language))
    }
}

/// The name of a beat's recording.
fn file_name(beat: &str, language: Tongue) -> String {
    format!("{beat}.{language}.wav")
}

/// What an author records for a lesson: the name of each file, and the words to say, with `(pause)` where
/// one is to be.
#[must_use]
pub fn recording_script(lesson: &Lesson, language: Tongue) -> Vec<(String, String)> {
    spoken_texts(lesson, language.words())
        .into_iter()
        .map(|line| {
            let pieces: Vec<&str> = pieces(line.text).map(|(_, piece)| piece).collect();
            (file_name(&line.beat, language), pieces.join(" (pause) "))
        })
        .collect()
}

impl Voice for Recorded {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, _: Tongue) -> bool {
        true
    }

    fn makes_pauses(&self) -> bool {
        true
    }

    fn depends_on(&self, beat: &str, language: Tongue) -> String {
        disk::read(&self.file(beat, language), MAX_SOUND).map_or_else(
            |_| format!("{beat} is absent"),
            |file| blake3::hash(&file).to_hex().to_string(),
        )
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        let file = self.file(&request.beat, request.language);
        fs::copy(&file, &request.wav).map_err(|source| VoiceError::Io {
            task: VoiceTask::Copy,
            path: file,
            source,
        })?;
        Ok(Vec::new())
    }

    fn speak_all(&self, requests: &[Request], spoken: &mut OnSpoken<'_>) -> Result<(), VoiceError> {
        let missing: Vec<String> = requests
            .iter()
            .filter(|request| !self.file(&request.beat, request.language).is_file())
            .map(|request| file_name(&request.beat, request.language))
            .collect();
        if !missing.is_empty() {
            return Err(VoiceError::NotRecorded {
                folder: self.folder.clone(),
                names: missing,
            });
        }
        for (index, request) in requests.iter().enumerate() {
            go_on(spoken(index, self.speak(request)?))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::language::Language;
    use crate::narration::cache::Cache;
    use crate::narration::silent::Silent;
    use crate::narration::speeches::SpokenText;

    fn line(beat: &str, text: &'static str) -> SpokenText<'static> {
        SpokenText {
            beat: beat.to_owned(),
            text,
        }
    }

    #[test]
    fn a_recording_is_taken_by_its_beat_and_again_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, kept) = (folder.path().join("mine"), folder.path().join("kept"));
        fs::create_dir(&mine).unwrap();
        let record = |beat: &str, text: &str| {
            Silent
                .speak(&Request {
                    text: text.to_owned(),
                    language: Language::En.into(),
                    beat: beat.to_owned(),
                    wav: mine.join(file_name(beat, Language::En.into())),
                })
                .unwrap();
        };
        let voice = Recorded::new(Some(&mine.to_string_lossy())).unwrap();
        let cache = Cache::at(kept);
        // The same words in two beats are two recordings.
        let lines = [line("scene-1-beat-1", "one"), line("scene-1-beat-3", "one")];
        let narrate = || {
            cache.narrate(&voice, Language::En, &lines, &mut |_, _| {
                ControlFlow::Continue(())
            })
        };

        record("scene-1-beat-1", "a short one");
        let message = narrate().unwrap_err().to_string();
        assert!(message.contains("scene-1-beat-3.en.wav"), "{message}");
        assert!(!message.contains("beat-1"), "{message}");

        record("scene-1-beat-3", "a recording of many more words than that");
        let clips = narrate().unwrap();
        assert!(clips[1].duration() > clips[0].duration());

        record(
            "scene-1-beat-1",
            "a recording of even more words than the other one has",
        );
        let again = narrate().unwrap();
        assert!(again[0].duration() > clips[1].duration());
        assert_eq!(again[1], clips[1]);
    }
}
