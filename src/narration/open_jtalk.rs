//! Japanese by Open JTalk: the package `pyopenjtalk-plus`, whose wheel holds its dictionary and the
//! voice Mei, in the project's own Python environment. Small and quick; every set-up installs it.

use super::python_voice::{PythonVoice, ScriptVoice, script};
use super::voice::{About, Timing, VoiceError};
use crate::disk::Installation;
use crate::language::{Localized, says};
use crate::lesson::Language;

const ENGINE: &str = "open-jtalk";
const SCRIPT: &str = script!("open_jtalk.py");

/// How to get it.
fn fix() -> Localized<String> {
    Installation::current().how_to_get_voice("scripts/run")
}

/// Finds the Python environment and the package in it.
///
/// # Errors
/// Either is missing.
pub(super) fn find() -> Result<ScriptVoice, VoiceError> {
    let (python, version) = PythonVoice::find(ENGINE, SCRIPT, &serde_json::json!({}), fix())?;
    Ok(ScriptVoice {
        id: format!("{ENGINE} {version} mei speed=1.0"),
        about: About {
            name: says!(
                en: "Open JTalk, voice Mei",
                ja: "Open JTalk の声 Mei"
            ),
            licence: says!(
                en: "voice CC BY 3.0 by the MMDAgent Project Team, engine BSD and MIT",
                ja: "声は MMDAgent Project Team の CC BY 3.0、エンジンは BSD と MIT"
            ),
            timing: Timing::Aligned,
        },
        language: Language::Ja,
        python,
    })
}

/// How phrases are read, in katakana; what has no reading stands as it is.
///
/// # Errors
/// The environment or the package is missing, or the script fails.
pub(super) fn sounds(phrases: &[String]) -> Result<Vec<String>, VoiceError> {
    let (python, _) = PythonVoice::find(ENGINE, SCRIPT, &serde_json::json!({}), fix())?;
    python.sounds(phrases)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use std::ops::ControlFlow;

    use super::*;
    use crate::narration::clip::Clip;
    use crate::narration::missing;
    use crate::narration::voice::{Request, Voice};
    use crate::narration::voice_checks::check_speech;

    const MAKE: &str = "`scripts/setup test --again` makes it anew";

    fn request(folder: &Path, name: &str, text: &str) -> Request {
        Request {
            text: text.to_owned(),
            language: Language::Ja.into(),
            beat: String::new(),
            wav: folder.join(name),
        }
    }

    #[test]
    fn it_speaks_at_the_estimated_pace_and_tells_when() {
        let Ok(voice) = find() else {
            missing::left_out("the Python environment is not there", MAKE);
            return;
        };
        check_speech(&voice, Language::Ja);
    }

    #[test]
    fn it_tells_how_it_reads_phrases() {
        if find().is_err() {
            missing::left_out("the Python environment is not there", MAKE);
            return;
        }
        let phrases = ["一ほん", "3本", "stride", " "].map(String::from);
        let sounds = sounds(&phrases).unwrap();
        let expected = ["イチホン", "サンボン", "エスティーアールアイディーイー", ""];
        assert_eq!(sounds, expected);
    }

    #[test]
    fn one_start_speaks_many_sentences_in_order() {
        let Ok(voice) = find() else {
            missing::left_out("the Python environment is not there", MAKE);
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let requests = [
            request(folder.path(), "a.wav", "いち、に"),
            request(folder.path(), "b.wav", " "),
            request(folder.path(), "c.wav", "さん"),
        ];
        let mut order = Vec::new();
        voice
            .speak_all(&requests, &mut |index, words| {
                order.push((index, words.len()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(order, [(0, 2), (1, 0), (2, 1)]);
        assert_eq!(Clip::open(&requests[1].wav).unwrap().samples, 0);
    }

    #[test]
    fn a_failure_names_the_sentence_and_keeps_those_before_it() {
        let Ok(voice) = find() else {
            missing::left_out("the Python environment is not there", MAKE);
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let requests = [
            request(folder.path(), "a.wav", "いち"),
            request(folder.path(), "absent/b.wav", "に"),
            request(folder.path(), "c.wav", "さん"),
        ];
        let mut done = 0;
        let error = voice
            .speak_all(&requests, &mut |_, _| {
                done += 1;
                ControlFlow::Continue(())
            })
            .unwrap_err();
        assert!(error.to_string().contains('に'), "{error}");
        assert_eq!(done, 1);
        assert!(requests[0].wav.is_file() && !requests[2].wav.exists());
    }
}
