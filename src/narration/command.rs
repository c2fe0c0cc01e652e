//! Any program of the user's as a voice: `--voice "cmd: my-tts --lang {lang} --out {wav} {text}"`.
//!
//! Placeholders: `{text}` the words, `{text_file}` a file that holds them, `{lang}` the language's code
//! (`en`), `{wav}` the file to write. Words that nothing asks for come on standard input; a program
//! without `{wav}` is to write its WAV file to standard output. No shell takes part: the line is cut at
//! spaces, and quotes keep what has spaces in it together.
//!
//! The words are a lesson's, and a lesson may come from anywhere. Words that begin like an option get a
//! space in front where they begin an argument, which nobody hears; and what a shell is to run may not
//! hold `{text}`.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::program;
use super::silent::Silent;
use super::voice::{About, Request, Timing, Voice, VoiceError, VoiceTask};
use super::word_times::WordTime;
use crate::language::{Localized, Tongue, says};

const NAME: &str = "cmd";

/// Holds the command line, for `--voice cmd`.
const VARIABLE: &str = "TENSORAMA_VOICE_COMMAND";

/// A command line.
#[derive(Debug, Clone)]
pub struct UserCommand {
    id: String,
    about: About,
    program: String,
    arguments: Vec<String>,
}

impl UserCommand {
    /// Reads the command line, or, where there is none, that of `TENSORAMA_VOICE_COMMAND`.
    ///
    /// # Errors
    /// There is neither, or a quote is not closed.
    pub fn new(line: Option<&str>) -> Result<Self, VoiceError> {
        let line = line
            .map(str::to_owned)
            .or_else(|| env::var(VARIABLE).ok())
            .unwrap_or_default();
        let bad = |en: &str, ja: &str| VoiceError::Argument {
            name: NAME,
            argument: line.clone(),
            detail: Localized::new(en, ja).into(),
        };
        let mut words = split(&line)
            .ok_or_else(|| bad("a quote is not closed", "引用符が閉じられていません"))?
            .into_iter();
        let program = words.next().ok_or_else(|| {
            bad(
                "write a command, such as `cmd: my-tts --out {wav} {text}`, or set TENSORAMA_VOICE_COMMAND",
                "`cmd: my-tts --out {wav} {text}` のようにコマンドを書くか、TENSORAMA_VOICE_COMMAND を設定してください",
            )
        })?;
        let arguments: Vec<String> = words.collect();
        if runs_text(&program, &arguments) {
            return Err(bad(
                "the shell would run what the lesson says; leave {text} out and read standard input, or pass \
                 it on: sh -c 'my-tts \"$1\"' sh {text}",
                "レッスンの文をシェルが実行してしまいます。{text} を取り除いて標準入力から読むか、引数として渡してください: sh -c 'my-tts \"$1\"' sh {text}",
            ));
        }
        Ok(Self {
            id: format!("{NAME} {line}"),
            about: About {
                name: says!(
                    en: "the command {program}",
                    ja: "コマンド {program}"
                ),
                licence: says!(
                    en: "licence as its makers say",
                    ja: "ライセンスは作者による"
                ),
                timing: Timing::Estimated,
            },
            program,
            arguments,
        })
    }

    fn asks_for(&self, placeholder: &str) -> bool {
        self.arguments
            .iter()
            .any(|argument| argument.contains(placeholder))
    }
}

/// Cuts a line at spaces; quotes, single or double, keep spaces, and a backslash keeps the quote or
/// backslash after it. `None` where a quote is not closed.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            (Some('"') | None, '\\') => {
                // Paths of Windows keep theirs.
                let next = characters.next_if(|c| matches!(c, '\\' | '"' | '\''));
                word.get_or_insert_default().push(next.unwrap_or(character));
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Puts values in place of placeholders, once over: what a value holds stays as it is.
fn fill(argument: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some(character) = rest.chars().next() {
        if let Some((name, value)) = values.iter().find(|(name, _)| rest.starts_with(name)) {
            filled.push_str(value);
            rest = &rest[name.len()..];
        } else {
            filled.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    filled
}

/// An argument with its placeholders filled. Words that would make it an option, or the name of a file
/// that holds arguments, get a space in front.
fn argument(argument: &str, values: &[(&str, &str)]) -> String {
    let filled = fill(argument, values);
    let begins_with_text = argument.starts_with("{text}");
    if begins_with_text && filled.starts_with(['-', '+', '@', '/']) {
        format!(" {filled}")
    } else {
        filled
    }
}

/// Whether a program is a shell that is to run the words as a part of its script.
fn runs_text(program: &str, arguments: &[String]) -> bool {
    let name = Path::new(program).file_stem().unwrap_or_default();
    let is_script = |option: &str| match &*name.to_string_lossy().to_lowercase() {
        "sh" | "ash" | "bash" | "dash" | "fish" | "ksh" | "zsh" => {
            option.starts_with('-') && !option.starts_with("--") && option.ends_with('c')
        }
        "cmd" | "powershell" | "pwsh" => true,
        _ => false,
    };
    arguments
        .windows(2)
        .any(|pair| is_script(&pair[0]) && pair[1].contains("{text}"))
}

impl Voice for UserCommand {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, _: Tongue) -> bool {
        true
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        if request.text.trim().is_empty() {
            return Silent.speak(request);
        }
        let text_file_error = |source| VoiceError::Io {
            task: VoiceTask::WriteText,
            path: self.program.clone().into(),
            source,
        };
        // Closed before the program starts, and gone after it.
        let mut text_file = tempfile::Builder::new()
            .suffix(".txt")
            .tempfile()
            .map_err(text_file_error)?;
        text_file
            .write_all(request.text.as_bytes())
            .map_err(text_file_error)?;
        let text_file = text_file.into_temp_path();
        let path = text_file.to_string_lossy();
        let wav = request.wav.to_string_lossy();
        let values = [
            ("{text}", request.text.as_str()),
            ("{text_file}", &*path),
            ("{lang}", request.language.code()),
            ("{wav}", &*wav),
        ];
        let mut command = Command::new(&self.program);
        command.args(
            self.arguments
                .iter()
                .map(|pattern| argument(pattern, &values)),
        );
        let stdin = if self.asks_for("{text}") || self.asks_for("{text_file}") {
            ""
        } else {
            &request.text
        };
        if self.asks_for("{wav}") {
            program::speak(NAME, &mut command, stdin, request)?;
        } else {
            let output = program::run(&mut command, stdin)?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                let detail = format!("{} ({})", said.trim(), output.status);
                return Err(VoiceError::failed(
                    NAME,
                    &request.text,
                    Localized::same(detail.trim()),
                ));
            }
            fs::write(&request.wav, &output.stdout).map_err(|source| VoiceError::Io {
                task: VoiceTask::Write,
                path: request.wav.clone(),
                source,
            })?;
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn a_line_is_cut_at_spaces_outside_quotes() {
        assert_eq!(
            split(r#"a  'b c' "d 'e'" C:\f\g "h\"i" '' "#).unwrap(),
            ["a", "b c", "d 'e'", r"C:\f\g", r#"h"i"#, ""]
        );
        assert_eq!(split("a 'b"), None);
        assert_eq!(split(" "), Some(Vec::new()));
    }

    #[test]
    fn placeholders_are_filled_once() {
        let values = [("{text}", "say {wav}"), ("{wav}", "a.wav")];
        assert_eq!(fill("-t={text}.{wav}{x}", &values), "-t=say {wav}.a.wav{x}");
    }

    #[cfg(unix)]
    fn spoken_by(line: &str) -> Result<String, VoiceError> {
        spoken_text_by(line, "it's \"$HOME\"; one")
    }

    #[cfg(unix)]
    fn spoken_text_by(line: &str, text: &str) -> Result<String, VoiceError> {
        let folder = tempfile::tempdir().unwrap();
        let request = Request {
            text: text.to_owned(),
            language: Language::Ja.into(),
            beat: String::new(),
            wav: folder.path().join("a.wav"),
        };
        UserCommand::new(Some(line))?.speak(&request)?;
        Ok(fs::read_to_string(&request.wav).unwrap())
    }

    #[cfg(unix)]
    #[test]
    fn words_come_as_an_argument_a_file_or_on_standard_input() {
        let words = "it's \"$HOME\"; one";
        assert_eq!(spoken_by("printf %s {text}").unwrap(), words);
        assert_eq!(spoken_by("cat {text_file}").unwrap(), words);
        assert_eq!(spoken_by("cat").unwrap(), words);
        assert_eq!(spoken_by("cp {text_file} {wav}").unwrap(), words);
        assert_eq!(spoken_by("echo '{lang} x'").unwrap(), "ja x\n");
    }

    #[cfg(unix)]
    #[test]
    fn words_are_no_options_and_no_script() {
        // Another program's file would be overwritten by `-o` or run by `-e`.
        for text in ["--version", "-e one", "+x", "@/etc/hostname"] {
            let line = "sh -c 'printf %s \"$1\"' sh {text}";
            assert_eq!(spoken_text_by(line, text).unwrap(), format!(" {text}"));
            let said = spoken_text_by("printf %s -t={text}", text).unwrap();
            assert_eq!(said, format!("-t={text}"));
        }
        assert_eq!(
            spoken_text_by("echo {text}", "-n one").unwrap(),
            " -n one\n"
        );
        assert_eq!(spoken_text_by("cat", "-n one").unwrap(), "-n one");
        for line in [
            "sh -c 'say {text}'",
            "/bin/bash -ec \"say {text}\"",
            "cmd.exe /c say {text}",
        ] {
            let message = UserCommand::new(Some(line)).err();
            let message = message.map(|error| error.to_string()).unwrap_or_default();
            assert!(message.contains("standard input"), "{line}: {message}");
        }
        assert!(UserCommand::new(Some("sh say.sh {text}")).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_is_an_error_with_its_words() {
        let message = spoken_by("sh -c 'echo no voice >&2; exit 3'")
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("no voice") && message.contains('3'),
            "{message}"
        );
        let message = spoken_by("true {wav}").unwrap_err().to_string();
        assert!(message.contains("wrote no file"), "{message}");
        assert!(matches!(
            spoken_by("no-such-program-of-tensorama {wav}"),
            Err(VoiceError::Io { .. })
        ));
    }
}
