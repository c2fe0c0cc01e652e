//! The narration of a lesson as a page fetches it: JSON beside one sound file for each beat with words.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::lesson::{Beat, Lesson};
use crate::timeline::{Speech, Speeches};

/// A beat that is spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SpokenBeat {
    /// The sound, by its address from the page.
    file: String,
    /// Seconds.
    duration: f64,
    /// Seconds at which each mark is reached.
    marks: Vec<f64>,
    /// Captions: from when, until when, and what they say.
    captions: Vec<(f64, f64, String)>,
}

/// Who speaks, in each language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Credit {
    en: String,
    ja: String,
}

/// The narration of a lesson in a language: for each scene its beats, with words or without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageNarration {
    beats: Vec<Vec<Option<SpokenBeat>>>,
    /// Who speaks; not known of narrations from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    voice: Option<Credit>,
}

impl PageNarration {
    /// The narration of speeches; `file` names the sound of a scene's beat, both counted from 1.
    #[must_use]
    pub fn new(speeches: &Speeches, file: impl Fn(usize, usize) -> String) -> Self {
        let scenes = speeches.iter().enumerate();
        let scenes = scenes.map(|(scene, speeches)| {
            let speeches = speeches.iter().enumerate();
            let beats = speeches.map(|(beat, speech)| {
                let speech = speech.as_ref()?;
                Some(SpokenBeat {
                    file: file(scene + 1, beat + 1),
                    duration: speech.duration,
                    marks: speech.marks.clone(),
                    captions: speech.captions.clone(),
                })
            });
            beats.collect()
        });
        let beats = scenes.collect();
        Self { beats, voice: None }
    }

    /// The same, with who speaks.
    #[must_use]
    pub fn spoken_by(self, Localized { en, ja }: Localized<String>) -> Self {
        Self {
            voice: Some(Credit { en, ja }),
            ..self
        }
    }

    /// Who speaks.
    #[must_use]
    pub fn voice(&self) -> Option<Localized<String>> {
        let Credit { en, ja } = self.voice.clone()?;
        Some(Localized { en, ja })
    }

    /// The narration in a text; `None` where it is none.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The narration as text; empty where it cannot be written.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether it is that of a lesson as it stands: a page may keep an old one.
    #[must_use]
    pub fn suits(&self, lesson: &Lesson) -> bool {
        let beats = |scene: &crate::lesson::Scene| scene.beats.len();
        let lengths = lesson.scenes.iter().map(beats);
        let words = lesson.scenes.iter().flat_map(|scene| &scene.beats);
        let words = words.map(|beat| matches!(beat, Beat::Say { .. }));
        lengths.eq(self.beats.iter().map(Vec::len))
            && words.eq(self.beats.iter().flatten().map(Option::is_some))
    }

    /// What a timeline is laid out from.
    #[must_use]
    pub fn speeches(&self) -> Speeches {
        let speech = |beat: &SpokenBeat| Speech {
            duration: beat.duration,
            marks: beat.marks.clone(),
            captions: beat.captions.clone(),
        };
        let scenes = self.beats.iter();
        scenes
            .map(|beats| beats.iter().map(|beat| beat.as_ref().map(speech)).collect())
            .collect()
    }

    /// The sounds, by scene and beat.
    #[must_use]
    pub fn files(&self) -> Vec<Vec<Option<String>>> {
        let file = |beat: &Option<SpokenBeat>| beat.as_ref().map(|beat| beat.file.clone());
        let scenes = self.beats.iter();
        scenes
            .map(|beats| beats.iter().map(file).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narration_says_who_speaks_and_one_from_before_says_nothing() {
        let silent = PageNarration::new(&Speeches::new(), |_, _| String::new());
        assert_eq!(PageNarration::read(&silent.text()).unwrap().voice(), None);
        let old = PageNarration::read(r#"{"beats": [], "state": "0", "credits": []}"#).unwrap();
        assert_eq!(old.voice(), None);
        let mei = Localized::new("Mei".to_owned(), "メイ".to_owned());
        let spoken = silent.spoken_by(mei.clone());
        let read = PageNarration::read(&spoken.text()).unwrap();
        assert_eq!(read.voice(), Some(mei));
    }
}
