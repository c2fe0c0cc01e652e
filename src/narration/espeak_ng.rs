//! English by `espeak-ng`: a formant synthesiser, plain to hear, small, and in every distribution.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::silent::Silent;
use super::voice::{Voice, VoiceError};
use crate::lesson::Language;

const PROGRAM: &str = "espeak-ng";
const VOICE: &str = "en-us";

/// Words a minute: a calm pace for something that is being shown.
const RATE: &str = "155";

/// From 0 to 99; a little below its 50, which sounds less shrill.
const PITCH: &str = "42";

/// The `espeak-ng` program.
#[derive(Debug, Clone)]
pub struct EspeakNg {
    id: String,
}

impl EspeakNg {
    /// Finds the program.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn find() -> Result<Self, VoiceError> {
        let output = Command::new(PROGRAM)
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        match output {
            // `eSpeak NG text-to-speech: 1.51  Data at: /usr/…`
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout);
                let version = text
                    .split_whitespace()
                    .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
                    .unwrap_or("of unknown version");
                let id = format!("{PROGRAM} {version} {VOICE} rate={RATE} pitch={PITCH}");
                Ok(Self { id })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(VoiceError::NotInstalled {
                engine: PROGRAM,
                looked: "there is no such program in PATH".to_owned(),
                mend: "`scripts/run` installs it, or `sudo apt-get install espeak-ng`",
            }),
            Err(source) => Err(start_error(source)),
        }
    }
}

impl Voice for EspeakNg {
    fn id(&self) -> &str {
        &self.id
    }

    fn speaks(&self, language: Language) -> bool {
        // It has a Japanese voice, which spells out kanji as "Chinese letter".
        language == Language::En
    }

    fn speak(&self, text: &str, language: Language, wav: &Path) -> Result<(), VoiceError> {
        // It writes no file when there is nothing to say.
        if text.trim().is_empty() {
            return Silent.speak(text, language, wav);
        }
        let mut child = Command::new(PROGRAM)
            .args([
                "-v", VOICE, "-s", RATE, "-p", PITCH, "-b", "1", "--stdin", "-w",
            ])
            .arg(wav)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start_error)?;
        // A line break would be a pause, and `[[` the start of phoneme names.
        let line = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("[[", "[ [");
        let written = child
            .stdin
            .take()
            .map(|mut stdin| stdin.write_all(line.as_bytes()));
        let output = child.wait_with_output().map_err(start_error)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let detail = format!("{} ({})", said.trim(), output.status);
            return Err(VoiceError::failed(PROGRAM, text, detail));
        }
        if let Some(Err(error)) = written {
            return Err(VoiceError::failed(
                PROGRAM,
                text,
                format!("it did not read the text: {error}"),
            ));
        }
        // It exits with 0 when it cannot write its file.
        if wav.is_file() {
            Ok(())
        } else {
            let said = String::from_utf8_lossy(&output.stderr);
            let detail = format!("it wrote no file {} {}", wav.display(), said.trim());
            Err(VoiceError::failed(PROGRAM, text, detail.trim()))
        }
    }
}

/// An error of the operating system about the program.
fn start_error(source: std::io::Error) -> VoiceError {
    VoiceError::Io {
        what: "run",
        path: PROGRAM.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::clip::Clip;
    use crate::narration::estimate::estimated_seconds;

    #[test]
    fn it_speaks_at_the_estimated_pace_whatever_the_text_looks_like() {
        let Ok(voice) = EspeakNg::find() else {
            eprintln!("skipped: espeak-ng is not installed");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        for text in [
            "The filter lands on a corner and adds up to one value.",
            "--help is a text\nlike any other, [[and so]] is this.",
        ] {
            voice.speak(text, Language::En, &path).unwrap();
            let clip = Clip::open(&path).unwrap();
            let ratio = clip.duration() / estimated_seconds(text, Language::En);
            assert!((0.7..1.3).contains(&ratio), "{text}: {ratio}");
            assert!((0.2..1.0).contains(&clip.peak), "{text}: {}", clip.peak);
        }
        voice.speak(" ", Language::En, &path).unwrap();
        assert_eq!(Clip::open(&path).unwrap().duration(), 0.0);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_an_error() {
        let Ok(voice) = EspeakNg::find() else {
            eprintln!("skipped: espeak-ng is not installed");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent/a.wav");
        let error = voice.speak("one", Language::En, &path).unwrap_err();
        assert!(error.to_string().contains("a.wav"), "{error}");
    }
}
