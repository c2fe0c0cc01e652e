//! Which voice is taken: by name, or the best that is installed.

use super::command::UserCommand;
use super::espeak_ng::EspeakNg;
use super::piper::Piper;
use super::recorded::Recorded;
use super::say::Say;
use super::silent::Silent;
use super::voice::{Voice, VoiceError};
use super::{kokoro_ja, open_jtalk};
use crate::lesson::Language;

/// The names that [`choose`] knows, beside `auto`. After a colon may stand what is particular to the
/// voice: a voice file of Piper, a voice of Kokoro or `say`, a command line, a folder.
pub const VOICES: [&str; 8] = [
    "piper",
    "kokoro-ja",
    "say",
    "espeak-ng",
    "open-jtalk",
    "cmd: COMMAND",
    "wav: FOLDER",
    "none",
];

/// The voices that `auto` tries for a language, the best first.
const fn by_quality(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["piper", "say", "espeak-ng"],
        Language::Ja => &["kokoro-ja", "say", "open-jtalk"],
    }
}

/// The voice of this name, or, for `None` and `auto`, the best installed one for the language.
///
/// A name may be followed by a colon and what is particular to the voice: `piper: my-voice.onnx`,
/// `kokoro-ja: jm_kumo`, `espeak-ng: en-gb`, `say: Kyoko`, `cmd: my-tts --out {wav} {text}`,
/// `wav: my-recordings`.
///
/// # Errors
/// The name is unknown, the engine is not installed, or it does not speak the language.
pub fn choose(name: Option<&str>, language: Language) -> Result<Box<dyn Voice>, VoiceError> {
    let name = name.unwrap_or("auto").trim();
    if name == "auto" {
        return best(language);
    }
    let (engine, argument) = match name.split_once(':') {
        Some((engine, argument)) => (engine.trim(), Some(argument.trim())),
        None => (name, None),
    };
    let argument = argument.filter(|argument| !argument.is_empty());
    let voice =
        find(engine, argument, language)?.ok_or_else(|| VoiceError::Unknown(name.to_owned()))?;
    if voice.speaks(language) {
        Ok(voice)
    } else {
        Err(VoiceError::Language {
            voice: voice.id().to_owned(),
            language,
        })
    }
}

/// A voice that can be had for a language.
pub struct Offer {
    /// The name that [`choose`] knows it by.
    pub name: &'static str,
    /// The voice, or why it cannot be used now.
    pub voice: Result<Box<dyn Voice>, VoiceError>,
}

/// The voices that `auto` tries for a language, the best first.
#[must_use]
pub fn offered(language: Language) -> Vec<Offer> {
    by_quality(language)
        .iter()
        .map(|name| Offer {
            name,
            voice: choose(Some(name), language),
        })
        .collect()
}

/// The first voice that can be used; where none can, why the last one, which is light, cannot.
fn best(language: Language) -> Result<Box<dyn Voice>, VoiceError> {
    let mut outcome = Err(VoiceError::Unknown("auto".to_owned()));
    for name in by_quality(language) {
        outcome = choose(Some(name), language);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// The voice of an engine; `None` where there is no such engine.
fn find(
    engine: &str,
    argument: Option<&str>,
    language: Language,
) -> Result<Option<Box<dyn Voice>>, VoiceError> {
    Ok(Some(match engine {
        "piper" => Box::new(Piper::find(argument)?),
        "kokoro-ja" => Box::new(kokoro_ja::find(argument)?),
        "say" => Box::new(Say::find(argument, language)?),
        "espeak-ng" => Box::new(EspeakNg::find(argument)?),
        "open-jtalk" => Box::new(open_jtalk::find()?),
        "cmd" => Box::new(UserCommand::new(argument)?),
        "wav" => Box::new(Recorded::new(argument)?),
        "none" => Box::new(Silent),
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_voice_is_answered_with_those_that_exist() {
        for name in ["hal", "hal: 9000"] {
            let message = choose(Some(name), Language::En).err().unwrap().to_string();
            assert!(
                message.contains(name) && message.contains("`espeak-ng`"),
                "{message}"
            );
        }
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
    fn auto_takes_the_best_that_can_be_used() {
        for language in Language::ALL {
            let offered = offered(language);
            let best = offered.iter().find_map(|offer| offer.voice.as_ref().ok());
            match (best, choose(None, language)) {
                (Some(best), Ok(chosen)) => {
                    eprintln!("{language}: {} = {}", chosen.id(), chosen.about());
                    assert_eq!(best.id(), chosen.id());
                }
                (None, Err(_)) => eprintln!("skipped: no voice for {language} is installed"),
                (best, _) => panic!("{language}: {:?}", best.map(|voice| voice.id())),
            }
        }
    }

    #[test]
    fn what_a_voice_needs_after_its_name_is_asked_for() {
        for name in ["wav", "wav:", "wav: absent folder", "cmd: 'unclosed {wav}"] {
            let error = choose(Some(name), Language::En).err().unwrap();
            assert!(
                matches!(error, VoiceError::Argument { .. }),
                "{name}: {error}"
            );
        }
    }
}
