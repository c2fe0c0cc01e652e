//! English, and most languages that a lesson may have sentences in, by `espeak-ng`: a formant synthesiser, plain to
//! hear, small, and in every distribution.
//!
//! Its library, through the project's Python, tells when each word is said; the program, which is
//! enough where there is no Python, does not. They sound the same to the sample.

use std::process::Command;

use super::program;
use super::python_voice::{PythonVoice, script};
use super::voice::{About, OnSpoken, Request, Timing, Voice, VoiceError, go_on};
use super::word_times::WordTime;
use crate::disk::Installation;
use crate::language::{Language, Localized, Tongue, says};

const PROGRAM: &str = "espeak-ng";
const SCRIPT: &str = script!("espeak_ng.py");

/// The English of the United States.
const VOICE: &str = "en-us";

/// Said between phrases whose phonemes are asked for.
const BETWEEN: &str = "xylophone zebra";

/// Words a minute: a calm pace for something that is being shown.
const RATE: u8 = 155;

/// From 0 to 99; a little below its 50, which sounds less shrill.
const PITCH: u8 = 42;

/// The program `espeak-ng`, and its library where that is at hand.
#[derive(Debug, Clone)]
pub struct EspeakNg {
    id: String,
    about: About,
    voice: String,
    /// The code of the language that it speaks.
    language: &'static str,
    library: Option<PythonVoice>,
}

/// How to get it.
fn fix() -> Localized<String> {
    Installation::current().how_to_get("espeak-ng", None)
}

impl EspeakNg {
    /// Finds the program; speaks by the voice of its that is named. Where none is, that is `en-us`, or for a
    /// language that is not the program's own the one with its code.
    ///
    /// # Errors
    /// It is not installed, does not start, or the voice is not one of the language.
    pub fn find(voice: Option<&str>, tongue: Tongue) -> Result<Self, VoiceError> {
        let (language, usual) = match tongue {
            // It has a Japanese voice, which spells out kanji as "Chinese letter".
            Tongue::Own(Language::En | Language::Ja) => ("en", VOICE),
            Tongue::Other(other) => (other.code(), other.code()),
        };
        let voice = voice.unwrap_or(usual);
        let wrong = |detail| VoiceError::Argument {
            name: PROGRAM,
            argument: voice.to_owned(),
            detail,
        };
        if !voice.starts_with(language) {
            return Err(match tongue {
                Tongue::Own(_) => wrong(says!(
                    en: "of English and Japanese it speaks English only: `en-us`, `en-gb`, `en-gb-scotland`",
                    ja: "英語と日本語のうち、使うのは英語だけです: `en-us`、`en-gb`、`en-gb-scotland`"
                )),
                Tongue::Other(_) => VoiceError::Language {
                    voice: format!("{PROGRAM} {voice}"),
                    language: tongue,
                },
            });
        }
        if let Tongue::Other(_) = tongue {
            let listed = program::ask(
                Command::new(PROGRAM).arg(format!("--voices={language}")),
                PROGRAM,
                fix(),
            )?;
            if !is_listed(&listed, voice) {
                return Err(wrong(says!(
                    en: "it has no such voice; `espeak-ng --voices` lists those that it has",
                    ja: "この声はありません。`espeak-ng --voices` で一覧が見られます"
                )));
            }
        }
        let said = program::ask(Command::new(PROGRAM).arg("--version"), PROGRAM, fix())?;
        // `eSpeak NG text-to-speech: 1.51  Data at: /usr/…`
        let version = said
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or("of unknown version");
        let settings = serde_json::json!({ "voice": voice, "rate": RATE, "pitch": PITCH });
        let library = PythonVoice::find(PROGRAM, SCRIPT, &settings, fix())
            .ok()
            .filter(|(_, library)| library.starts_with(version))
            .map(|(python, _)| python);
        let timing = if library.is_some() {
            Timing::Aligned
        } else {
            Timing::Estimated
        };
        // Entries of the cache with word times are others than those without.
        let words = if library.is_some() { " words" } else { "" };
        Ok(Self {
            id: format!("{PROGRAM} {version} {voice} rate={RATE} pitch={PITCH}{words}"),
            about: About {
                name: says!(
                    en: "eSpeak NG, voice {voice}",
                    ja: "eSpeak NG の声 {voice}"
                ),
                licence: says!(
                    en: "GPL-3.0-or-later, which does not extend to what it says",
                    ja: "GPL-3.0-or-later、話したものには及ばない"
                ),
                timing,
            },
            voice: voice.to_owned(),
            language,
            library,
        })
    }

    /// Speaks by the program, without word times.
    fn speak_by_program(&self, request: &Request) -> Result<(), VoiceError> {
        let mut command = Command::new(PROGRAM);
        command
            .args(["-v", &self.voice, "-b", "1", "--stdin"])
            .args(["-s", &RATE.to_string(), "-p", &PITCH.to_string(), "-w"])
            .arg(&request.wav);
        // `[[` would be the start of phoneme names.
        let line = program::one_line(&request.text)
            .replace("[[", "[ ")
            .replace("]]", "] ");
        program::speak(PROGRAM, &mut command, &line, request)
    }
}

/// Whether a voice is in the list of `espeak-ng --voices`, whose second column is its language.
fn is_listed(listed: &str, voice: &str) -> bool {
    let mut languages = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(1));
    languages.any(|language| language == voice)
}

/// How the program says phrases, by its names of phonemes; a phrase is one line.
///
/// # Errors
/// It is not installed, or it answers otherwise than was asked.
pub(super) fn sounds(phrases: &[String]) -> Result<Vec<String>, VoiceError> {
    program::ask(Command::new(PROGRAM).arg("--version"), PROGRAM, fix())?;
    // It writes a line for each clause, so a known line is said between the phrases.
    let mut text = format!("{BETWEEN}\n");
    for phrase in phrases {
        let line = program::one_line(phrase).replace("[[", "[ ");
        text += &format!("{line}\n{BETWEEN}\n");
    }
    let mut command = Command::new(PROGRAM);
    command.args(["-v", VOICE, "-b", "1", "-q", "-x"]);
    let output = program::run(&mut command, &text)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut lines = said.lines();
    let between = lines.next().unwrap_or_default();
    let mut sounds = Vec::with_capacity(phrases.len());
    let mut phrase = String::new();
    for line in lines {
        if line == between {
            sounds.push(std::mem::take(&mut phrase));
        } else {
            phrase += line;
        }
    }
    if sounds.len() == phrases.len() {
        return Ok(sounds);
    }
    let (asked, told) = (phrases.len(), sounds.len());
    let detail = says!(
        en: "it was asked for the phonemes of {asked} phrases and told {told}",
        ja: "{asked} 個の語句の音素のうち、答えは {told} 個でした"
    );
    let text = phrases.get(told).map_or("", String::as_str);
    Err(VoiceError::failed(PROGRAM, text, detail))
}

impl Voice for EspeakNg {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, language: Tongue) -> bool {
        language.code() == self.language
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        match &self.library {
            Some(library) => library.speak(request),
            None => self.speak_by_program(request).map(|()| Vec::new()),
        }
    }

    fn speak_all(&self, requests: &[Request], spoken: &mut OnSpoken<'_>) -> Result<(), VoiceError> {
        if let Some(library) = &self.library {
            return library.speak_all(requests, spoken);
        }
        for (index, request) in requests.iter().enumerate() {
            self.speak_by_program(request)?;
            go_on(spoken(index, Vec::new()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::narration::clip::Clip;
    use crate::narration::missing;
    use crate::narration::voice_checks::check_speech;

    const INSTALL: &str = "`sudo apt-get install espeak-ng`";

    fn request(wav: &Path, text: &str) -> Request {
        Request {
            text: text.to_owned(),
            language: Language::En.into(),
            beat: String::new(),
            wav: wav.to_owned(),
        }
    }

    #[test]
    fn it_speaks_at_the_estimated_pace_and_tells_when() {
        let Ok(voice) = EspeakNg::find(None, Language::En.into()) else {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        };
        check_speech(&voice, Language::En);
    }

    #[test]
    fn a_language_that_it_lists_has_its_voice() {
        let german: Tongue = "de".parse().unwrap();
        let Ok(voice) = EspeakNg::find(None, german) else {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        };
        assert!(voice.speaks(german) && !voice.speaks(Language::En.into()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        voice.speak(&request(&path, "Der Filter.")).unwrap();
        assert!(Clip::open(&path).unwrap().peak > 0.2);
        let error = EspeakNg::find(Some("de-nowhere"), german).unwrap_err();
        assert!(error.to_string().contains("no such voice"), "{error}");
    }

    #[test]
    fn what_it_lists_is_read() {
        let listed = "Pty Language       Age/Gender VoiceName          File\n \
                      5  pt              --/M      Portuguese_(Portugal) roa/pt  (pt-pt 5)\n \
                      5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR\n";
        assert!(is_listed(listed, "pt") && is_listed(listed, "pt-br"));
        assert!(!is_listed(listed, "Language") && !is_listed(listed, "de"));
    }

    #[test]
    fn it_tells_how_it_says_phrases() {
        if EspeakNg::find(None, Language::En.into()).is_err() {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        }
        let phrases = ["ms", "one. Two, three", "one", " "].map(String::from);
        let sounds = sounds(&phrases).unwrap();
        assert_eq!(sounds.len(), 4);
        assert!(sounds[1].len() > sounds[2].len() && !sounds[2].is_empty());
        assert!(sounds[3].is_empty());
        assert!(super::sounds(&[]).unwrap().is_empty());
    }

    #[test]
    fn the_library_and_the_program_sound_the_same() {
        let Ok(voice) = EspeakNg::find(Some("en-gb"), Language::En.into()) else {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        };
        if voice.library.is_none() {
            let what = "the library of espeak-ng, or Python, is not installed";
            missing::left_out(what, INSTALL);
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.wav"), folder.path().join("b.wav"));
        for text in [
            "One filter, one value. And two?",
            "--help is a text\nlike any other, [[and so]] is this.",
        ] {
            let words = voice.speak(&request(&a, text)).unwrap();
            assert!(!words.is_empty());
            voice.speak_by_program(&request(&b, text)).unwrap();
            let (a, b) = (Clip::open(&a).unwrap(), Clip::open(&b).unwrap());
            assert_eq!(
                (a.samples, a.peak, a.speech),
                (b.samples, b.peak, b.speech),
                "{text}"
            );
        }
    }

    #[test]
    fn the_program_alone_does_too() {
        let Ok(mut voice) = EspeakNg::find(None, Language::En.into()) else {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        };
        voice.library = None;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        voice.speak(&request(&path, "One filter.")).unwrap();
        assert!(Clip::open(&path).unwrap().peak > 0.2);
        voice.speak(&request(&path, " ")).unwrap();
        assert_eq!(Clip::open(&path).unwrap().duration(), 0.0);
        let absent = folder.path().join("absent/a.wav");
        let error = voice.speak(&request(&absent, "one")).unwrap_err();
        assert!(error.to_string().contains("a.wav"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_an_error() {
        let Ok(voice) = EspeakNg::find(None, Language::En.into()) else {
            missing::left_out("espeak-ng is not installed", INSTALL);
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent/a.wav");
        let error = voice.speak(&request(&path, "one")).unwrap_err();
        assert!(error.to_string().contains("a.wav"), "{error}");
    }
}
