//! What every voice can do, and which one is taken.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::clip::WavError;
use super::espeak_ng::EspeakNg;
use super::open_jtalk::OpenJtalk;
use super::silent::Silent;
use crate::lesson::Language;

/// A sentence to be spoken into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The words.
    pub text: String,
    /// Their language.
    pub language: Language,
    /// The WAV file to write.
    pub wav: PathBuf,
}

/// A speech engine with its settings: text in, WAV files out.
///
/// One file an engine implements it, and [`choose`] knows it by name.
pub trait Voice: Send + Sync {
    /// Engine, voice and settings. Two voices that can sound different have different ids: it is
    /// part of the cache's key, and what a person is told about the choice.
    fn id(&self) -> &str;

    /// Whether it can read this language aloud.
    fn speaks(&self, language: Language) -> bool;

    /// Speaks a text into a WAV file of 16-bit mono PCM samples.
    ///
    /// # Errors
    /// The engine fails, or the file cannot be written.
    fn speak(&self, text: &str, language: Language, wav: &Path) -> Result<(), VoiceError>;

    /// Speaks many texts, and calls `spoken` with the number of each that is done, in order.
    ///
    /// # Errors
    /// The first failure; the requests after it are not done.
    fn speak_all(
        &self,
        requests: &[Request],
        spoken: &mut dyn FnMut(usize),
    ) -> Result<(), VoiceError> {
        for (index, request) in requests.iter().enumerate() {
            self.speak(&request.text, request.language, &request.wav)?;
            spoken(index);
        }
        Ok(())
    }
}

/// The names that [`choose`] knows, beside `auto`.
pub const VOICES: [&str; 3] = ["espeak-ng", "open-jtalk", "none"];

/// The voice of this name, or, for `None` and `auto`, the best installed one for the language.
///
/// # Errors
/// The name is unknown, the engine is not installed, or it does not speak the language.
pub fn choose(name: Option<&str>, language: Language) -> Result<Box<dyn Voice>, VoiceError> {
    let voice: Box<dyn Voice> = match name.unwrap_or("auto") {
        "auto" => match language {
            Language::En => Box::new(EspeakNg::find()?),
            Language::Ja => Box::new(OpenJtalk::find()?),
        },
        "espeak-ng" => Box::new(EspeakNg::find()?),
        "open-jtalk" => Box::new(OpenJtalk::find()?),
        "none" => Box::new(Silent),
        other => return Err(VoiceError::Unknown(other.to_owned())),
    };
    if voice.speaks(language) {
        Ok(voice)
    } else {
        Err(VoiceError::Language {
            voice: voice.id().to_owned(),
            language,
        })
    }
}

/// Why there is no speech.
#[derive(Debug, Error)]
pub enum VoiceError {
    /// No voice has this name.
    #[error("there is no voice `{0}`; the voices are {list}, and `auto` takes the best installed one for the language", list = VOICES.map(|name| format!("`{name}`")).join(", "))]
    Unknown(String),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_voice_is_answered_with_those_that_exist() {
        let message = choose(Some("hal"), Language::En).err().unwrap().to_string();
        assert!(
            message.contains("`hal`") && message.contains("`espeak-ng`"),
            "{message}"
        );
    }

    #[test]
    fn no_voice_is_silent_in_every_language() {
        for language in Language::ALL {
            assert_eq!(choose(Some("none"), language).unwrap().id(), "none");
        }
    }

    #[test]
    fn an_engine_that_cannot_read_kanji_is_not_given_any() {
        // Without the engine the answer is that it is not installed.
        let error = choose(Some("espeak-ng"), Language::Ja).err().unwrap();
        assert!(matches!(
            error,
            VoiceError::Language { .. } | VoiceError::NotInstalled { .. }
        ));
    }

    #[test]
    fn an_error_names_the_start_of_the_text() {
        let message = VoiceError::failed("x", &"long ".repeat(40), "gone").to_string();
        assert!(message.contains("…") && message.len() < 120, "{message}");
    }
}
