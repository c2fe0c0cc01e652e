//! Which voice is taken: by name, or the best that is installed.

use std::thread;

use super::command::UserCommand;
use super::espeak_ng::EspeakNg;
use super::piper::Piper;
use super::recorded::Recorded;
use super::say::Say;
use super::silent::Silent;
use super::voice::{Voice, VoiceError};
use super::{kokoro_ja, open_jtalk};
use crate::language::{Language, Tongue};

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

/// The voices that `auto` tries for a language, the best first. Where none speaks one that is not the
/// program's own, its captions are read in silence.
const fn by_quality(language: Tongue) -> &'static [&'static str] {
    match language {
        Tongue::Own(Language::En) => &["piper", "say", "espeak-ng"],
        Tongue::Own(Language::Ja) => &["kokoro-ja", "say", "open-jtalk"],
        Tongue::Other(_) => &["piper", "say", "espeak-ng", "none"],
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
pub fn choose(
    name: Option<&str>,
    language: impl Into<Tongue>,
) -> Result<Box<dyn Voice>, VoiceError> {
    let language = language.into();
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
pub fn offered(language: impl Into<Tongue>) -> Vec<Offer> {
    let language = language.into();
    by_quality(language)
        .iter()
        .map(|name| Offer {
            name,
            voice: choose(Some(name), language),
        })
        .collect()
}

fn best(language: Tongue) -> Result<Box<dyn Voice>, VoiceError> {
    first_usable(by_quality(language), |name| choose(Some(name), language))
}

/// The first voice that can be used; where none can, why the last one, which is light, cannot. All are asked at the
/// same time: each is a program that has to start.
fn first_usable<T: Send>(
    names: &[&str],
    find: impl Fn(&str) -> Result<T, VoiceError> + Sync,
) -> Result<T, VoiceError> {
    let find = &find;
    thread::scope(|scope| {
        let asked: Vec<_> = names
            .iter()
            .map(|name| {
                (
                    name,
                    thread::Builder::new().spawn_scoped(scope, move || find(name)),
                )
            })
            .collect();
        let mut outcome = Err(VoiceError::Unknown("auto".to_owned()));
        for (name, thread) in asked {
            outcome = match thread.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(found)) => found,
                Ok(Err(_)) | Err(_) => find(name),
            };
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    })
}

/// The voice of an engine; `None` where there is no such engine.
fn find(
    engine: &str,
    argument: Option<&str>,
    language: Tongue,
) -> Result<Option<Box<dyn Voice>>, VoiceError> {
    Ok(Some(match engine {
        "piper" => Box::new(Piper::find(argument)?),
        "kokoro-ja" => Box::new(kokoro_ja::find(argument)?),
        "say" => Box::new(Say::find(argument, language)?),
        "espeak-ng" => Box::new(EspeakNg::find(argument, language)?),
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
        match choose(Some("espeak-ng"), Language::Ja).err().unwrap() {
            VoiceError::Language { language, .. } => {
                assert_eq!(language, Tongue::Own(Language::Ja));
            }
            VoiceError::NotInstalled { .. } => crate::narration::missing::left_out(
                "espeak-ng is not installed",
                "`sudo apt-get install espeak-ng`",
            ),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_first_voice_that_can_be_used_is_taken() {
        let among = |names: &[&str], installed: &[&str]| {
            first_usable(names, |name| {
                if installed.contains(&name) {
                    Ok(name.to_owned())
                } else {
                    Err(VoiceError::Unknown(name.to_owned()))
                }
            })
        };
        let names = ["good", "fair", "plain"];
        for (installed, best) in [
            (&["plain", "fair", "good"][..], "good"),
            (&["plain", "fair"], "fair"),
            (&["plain"], "plain"),
        ] {
            assert_eq!(among(&names, installed).unwrap(), best);
        }
        // Where there is none, what is said is about the one that is easy to get.
        let error = among(&names, &[]).unwrap_err().to_string();
        assert!(error.contains("`plain`"), "{error}");
        assert!(among(&[], &["good"]).is_err());
    }

    #[test]
    fn auto_speaks_by_the_voice_that_setup_installs_where_there_is_no_better_one() {
        // In `.ci/run` there is none.
        for (language, plain) in [(Language::En, "espeak-ng"), (Language::Ja, "open-jtalk")] {
            let names = by_quality(language.into());
            let (better, last) = names.split_at(names.len() - 1);
            assert_eq!(last, [plain]);
            let better = better
                .iter()
                .find_map(|name| choose(Some(name), language).ok());
            let voice = match choose(Some(plain), language) {
                Ok(voice) => better.unwrap_or(voice),
                Err(error) => {
                    let again = "`scripts/setup test --again` looks anew";
                    crate::narration::missing::left_out(&error.to_string(), again);
                    continue;
                }
            };
            assert_eq!(choose(None, language).unwrap().id(), voice.id());
        }
    }

    #[test]
    fn another_language_is_spoken_by_its_own_voice_or_not_at_all() {
        let german: Tongue = "de".parse().unwrap();
        let voice = choose(None, german).unwrap();
        assert!(voice.speaks(german));
        match choose(Some("espeak-ng"), german) {
            Ok(voice) => {
                assert!(voice.id().contains(" de "), "{}", voice.id());
                assert!(!voice.speaks(Language::En.into()));
                let error = choose(Some("espeak-ng: en-gb"), german).err().unwrap();
                assert!(error.to_string().contains("en-gb"), "{error}");
            }
            Err(VoiceError::NotInstalled { .. }) => {
                assert_eq!(voice.id(), "none");
                crate::narration::missing::left_out(
                    "espeak-ng is not installed",
                    "`sudo apt-get install espeak-ng`",
                );
            }
            Err(other) => panic!("{other}"),
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
