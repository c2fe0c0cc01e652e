//! The voices of macOS by its program `say`. Those of the system can be bettered in its settings under
//! Accessibility, Spoken Content.

use std::process::Command;

use super::program;
use super::voice::{About, Request, Timing, Voice, VoiceError};
use super::word_times::WordTime;
use crate::language::{Localized, says};
use crate::lesson::Language;

const PROGRAM: &str = "say";
const INSTALL: Localized<&str> =
    Localized::new("it comes with macOS only", "macOS にだけ付いています");

/// Words a minute; not tried on a Mac.
const RATE: &str = "165";

/// A voice of `say`.
#[derive(Debug, Clone)]
pub struct Say {
    id: String,
    about: About,
    voice: String,
    language: String,
    program: String,
}

impl Say {
    /// Finds the program and the voice that is named, or the first one that reads the language.
    ///
    /// # Errors
    /// This is no macOS, or there is no such voice.
    pub fn find(voice: Option<&str>, language: Language) -> Result<Self, VoiceError> {
        // Other systems have programs of this name that do something else.
        if !cfg!(target_os = "macos") {
            return Err(VoiceError::NotInstalled {
                engine: PROGRAM,
                looked: says!(en: "this is not macOS", ja: "macOS ではありません"),
                fix: INSTALL.into(),
            });
        }
        Self::of_program(PROGRAM, voice, language)
    }

    fn of_program(
        program: &str,
        voice: Option<&str>,
        language: Language,
    ) -> Result<Self, VoiceError> {
        let listed = program::ask(
            Command::new(program).args(["-v", "?"]),
            PROGRAM,
            INSTALL.into(),
        )?;
        let voices = voices_of(&listed);
        let found = match voice {
            Some(name) => voices
                .iter()
                .find(|(voice, _)| voice.eq_ignore_ascii_case(name)),
            None => voices
                .iter()
                .find(|(voice, code)| code == language.code() && is_plain(voice))
                .or_else(|| voices.iter().find(|(_, code)| code == language.code())),
        };
        let Some((voice, code)) = found else {
            return Err(VoiceError::Argument {
                name: PROGRAM,
                argument: voice.unwrap_or(language.own_name()).to_owned(),
                detail: says!(
                    en: "there is no such voice; `say -v '?'` lists them",
                    ja: "この声はありません。`say -v '?'` で一覧が見られます"
                ),
            });
        };
        Ok(Self {
            id: format!("{PROGRAM} {voice} rate={RATE}"),
            about: About {
                name: says!(
                    en: "macOS, voice {voice}",
                    ja: "macOS の声 {voice}"
                ),
                licence: says!(
                    en: "Apple's terms for macOS, which keep system voices to personal use",
                    ja: "Apple の macOS の規約 (システムの声は個人利用のみ)"
                ),
                timing: Timing::Estimated,
            },
            voice: voice.clone(),
            language: code.clone(),
            program: program.to_owned(),
        })
    }
}

/// The voices that `say -v ?` lists, a line each, as `Kyoko   ja_JP    # こんにちは`: names and languages.
fn voices_of(listed: &str) -> Vec<(String, String)> {
    listed
        .lines()
        .filter_map(|line| {
            let (before, _) = line.split_once('#')?;
            let (name, locale) = before.trim_end().rsplit_once(char::is_whitespace)?;
            let language = locale.split(['_', '-']).next()?;
            Some((name.trim().to_owned(), language.to_lowercase()))
        })
        .collect()
}

/// Whether a voice is one to listen to, and none of the jokes of the system.
fn is_plain(voice: &str) -> bool {
    const JOKES: [&str; 20] = [
        "Albert",
        "Bad News",
        "Bahh",
        "Bells",
        "Boing",
        "Bubbles",
        "Cellos",
        "Eddy",
        "Flo",
        "Fred",
        "Good News",
        "Grandma",
        "Grandpa",
        "Jester",
        "Junior",
        "Organ",
        "Ralph",
        "Superstar",
        "Trinoids",
        "Wobble",
    ];
    !JOKES.iter().any(|joke| voice.starts_with(joke))
}

impl Voice for Say {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, language: Language) -> bool {
        self.language == language.code()
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        let mut command = Command::new(&self.program);
        command.args(["-v", &self.voice, "-r", RATE, "-f", "-"]);
        command.args(["--file-format=WAVE", "--data-format=LEI16@24000", "-o"]);
        command.arg(&request.wav);
        // `[[` would be the start of a command to the voice.
        let line = program::one_line(&request.text).replace("[[", "[ [");
        program::speak(PROGRAM, &mut command, &line, request)?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = "Albert              en_US    # Hello! My name is Albert.\n\
        Bad News            en_US    # Hello! My name is Bad News.\n\
        Kyoko               ja_JP    # こんにちは! 私の名前はKyokoです。\n\
        Samantha            en_US    # Hello! My name is Samantha.\n";

    #[test]
    fn the_list_of_voices_is_read() {
        let voices = voices_of(LISTED);
        assert_eq!(voices.len(), 4);
        assert_eq!(voices[1], ("Bad News".to_owned(), "en".to_owned()));
        assert_eq!(voices[2], ("Kyoko".to_owned(), "ja".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_plain_voice_of_the_language_is_taken_and_its_file_kept() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        // Stands in for the program: lists voices, or writes how it was started to its `-o` file.
        let program = folder.path().join("say");
        let script = format!(
            "#!/bin/sh\nif [ \"$2\" = '?' ]; then cat <<'END'\n{LISTED}END\nexit; fi\n\
             all=\"$*\"; while [ \"$1\" != -o ]; do shift; done; {{ echo \"$all\"; cat; }} >\"$2\"\n"
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let program = program.to_string_lossy();
        let voice = Say::of_program(&program, None, Language::En).unwrap();
        assert_eq!(voice.voice, "Samantha");
        assert!(!voice.speaks(Language::Ja));
        let voice = Say::of_program(&program, None, Language::Ja).unwrap();
        let request = Request {
            text: "いち\n に".to_owned(),
            language: Language::Ja,
            beat: String::new(),
            wav: folder.path().join("a.wav"),
        };
        voice.speak(&request).unwrap();
        let written = std::fs::read_to_string(&request.wav).unwrap();
        assert!(written.starts_with("-v Kyoko -r 165 -f -"), "{written}");
        assert!(written.ends_with("いち に"), "{written}");
        assert!(Say::of_program(&program, Some("Hal"), Language::En).is_err());
    }
}
