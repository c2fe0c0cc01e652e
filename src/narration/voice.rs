//! What every voice can do.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::choice::VOICES;
use super::clip::WavError;
use super::word_times::WordTime;
use crate::lesson::Language;

/// A sentence to be spoken into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The words.
    pub text: String,
    /// Their language.
    pub language: Language,
    /// The beat that says them, as `scene-1-beat-2`.
    pub beat: String,
    /// The WAV file to write.
    pub wav: PathBuf,
}

/// What a person is told about a voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Who speaks, and by which program.
    pub name: String,
    /// Under which licences.
    pub licence: String,
    /// How a mark's time is found.
    pub timing: Timing,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            licence,
            timing,
        } = self;
        write!(f, "{name} ({licence}; {timing})")
    }
}

/// How the time of a word is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The engine tells when it says each word.
    Aligned,
    /// From the pauses that are heard, and from the length of the words between them.
    Estimated,
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aligned => "marks at the engine's own word times",
            Self::Estimated => "marks estimated between heard pauses",
        })
    }
}

/// A speech engine with its settings: text in, WAV files and the times of words out.
///
/// One file an engine implements it, and [`choose`](super::choose) knows it by name.
pub trait Voice: Send + Sync {
    /// Engine, voice and settings. Two voices that can sound different have different ids: it is
    /// part of the cache's key.
    fn id(&self) -> &str;

    /// Its name and licence, for people.
    fn about(&self) -> &About;

    /// Whether it can read this language aloud.
    fn speaks(&self, language: Language) -> bool;

    /// What the sound depends on beside the id, the language and the text; nothing, for most.
    fn depends_on(&self, _beat: &str, _language: Language) -> String {
        String::new()
    }

    /// Whether whoever speaks makes the author's pauses; else they are put between what is spoken.
    fn makes_pauses(&self) -> bool {
        false
    }

    /// Speaks a text into a WAV file of PCM samples, and tells when its words are heard: no times
    /// where it does not know.
    ///
    /// # Errors
    /// The engine fails, or the file cannot be written.
    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError>;

    /// Speaks many texts, and calls `spoken` with the number of each that is done, in order.
    ///
    /// # Errors
    /// The first failure; the requests after it are not done.
    fn speak_all(
        &self,
        requests: &[Request],
        spoken: &mut dyn FnMut(usize, Vec<WordTime>),
    ) -> Result<(), VoiceError> {
        for (index, request) in requests.iter().enumerate() {
            spoken(index, self.speak(request)?);
        }
        Ok(())
    }
}

/// Why there is no speech.
#[derive(Debug, Error)]
pub enum VoiceError {
    /// No voice has this name.
    #[error("there is no voice `{0}`; the voices are {list}, and `auto` takes the best installed one for the language", list = VOICES.map(|name| format!("`{name}`")).join(", "))]
    Unknown(String),
    /// What stands after the voice's name cannot be used.
    #[error("`--voice {name}: {argument}`: {detail}")]
    Argument {
        /// The voice.
        name: &'static str,
        /// What stands after its name.
        argument: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The engine is not on this machine.
    #[error(
        "{engine} is not installed ({looked}): {mend}; or ask for captions without a voice by `--voice none`"
    )]
    NotInstalled {
        /// The engine.
        engine: &'static str,
        /// Where it was looked for.
        looked: String,
        /// How to get it.
        mend: &'static str,
    },
    /// The engine is there, and reads other languages only.
    #[error("the voice {voice} does not speak {}; `--voice auto` takes one that does", language.own_name())]
    Language {
        /// The voice.
        voice: String,
        /// What it was asked to read.
        language: Language,
    },
    /// The engine ran and did not do it.
    #[error("{engine} could not speak \u{201c}{text}\u{201d}: {detail}")]
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it was to say, or the start of it.
        text: String,
        /// What it said on its error output, or its exit status.
        detail: String,
    },
    /// Beats that the author has not recorded.
    #[error(
        "{} of the author's recordings are missing in {}: {}; `tensorama narrate --list` prints each name with its words",
        names.len(), folder.display(), first_names(names)
    )]
    NotRecorded {
        /// Where they were looked for.
        folder: PathBuf,
        /// The names of the files.
        names: Vec<String>,
    },
    /// What the engine wrote is not a usable WAV file.
    #[error(transparent)]
    Wav(#[from] WavError),
    /// A file or a process.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file or program.
        path: PathBuf,
        /// Why it did not work.
        source: io::Error,
    },
    /// There is no folder for the cache.
    #[error(
        "there is no folder to keep spoken sentences in: set HOME, or TENSORAMA_VOICE_CACHE to a folder that can be written"
    )]
    NoCacheFolder,
}

impl VoiceError {
    /// A failure of an engine to say a text, which is shortened for the message.
    pub(super) fn failed(engine: &'static str, text: &str, detail: impl Into<String>) -> Self {
        let mut short: String = text.chars().take(60).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self::Failed {
            engine,
            text: short,
            detail: detail.into(),
        }
    }
}

/// The first few of many names.
fn first_names(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        shown.push_str(", …");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_start_of_the_text() {
        let message = VoiceError::failed("x", &"long ".repeat(40), "gone").to_string();
        assert!(message.contains("…") && message.len() < 120, "{message}");
    }

    #[test]
    fn missing_recordings_are_counted_and_the_first_named() {
        let names: Vec<String> = (1..9).map(|beat| format!("{beat}.wav")).collect();
        let folder = PathBuf::from("mine");
        let message = VoiceError::NotRecorded { folder, names }.to_string();
        assert!(message.starts_with("8 of"), "{message}");
        assert!(
            message.contains("5.wav, …") && !message.contains("6.wav"),
            "{message}"
        );
    }
}
