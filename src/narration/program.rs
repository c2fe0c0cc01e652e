//! A voice that is a program: one start speaks one text.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::silent::Silent;
use super::voice::{Request, Voice, VoiceError, VoiceTask};
use crate::language::{Localized, says};

/// Runs a program that is to write the request's WAV file, with `stdin` on its standard input. Where
/// there is nothing to say the file is silence: most write none.
///
/// # Errors
/// It does not start, it fails, or it leaves no file.
pub(super) fn speak(
    engine: &'static str,
    command: &mut Command,
    stdin: &str,
    request: &Request,
) -> Result<(), VoiceError> {
    if request.text.trim().is_empty() {
        return Silent.speak(request).map(drop);
    }
    let output = run(command, stdin)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let detail = format!("{} ({})", said.trim(), output.status);
        return Err(VoiceError::failed(
            engine,
            &request.text,
            Localized::same(detail.trim()),
        ));
    }
    // Some exit with 0 when they cannot write their file.
    if request.wav.is_file() {
        Ok(())
    } else {
        let (wav, said) = (request.wav.display(), said.trim());
        let detail = says!(
            en: "it wrote no file {wav} {said}",
            ja: "ファイル {wav} が書かれませんでした {said}"
        );
        Err(VoiceError::failed(engine, &request.text, detail))
    }
}

/// Runs a program to its end and gives what it wrote.
///
/// # Errors
/// It does not start.
pub(super) fn run(command: &mut Command, stdin: &str) -> Result<Output, VoiceError> {
    let program = Path::new(command.get_program()).to_owned();
    let run_error = |source| VoiceError::Io {
        task: VoiceTask::Run,
        path: program.clone(),
        source,
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(run_error)?;
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        // A program that does not read its input shows by its status, or does not need it.
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(stdin.as_bytes())));
        child.wait_with_output()
    })
    .map_err(run_error)
}

/// What a program prints, or that it is not installed.
///
/// # Errors
/// There is no such program, or it does not start.
pub(super) fn ask(
    command: &mut Command,
    engine: &'static str,
    fix: Localized<String>,
) -> Result<String, VoiceError> {
    match run(command, "") {
        Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(VoiceError::Io { path, source, .. }) if source.kind() == ErrorKind::NotFound => {
            Err(VoiceError::NotInstalled {
                engine,
                looked: {
                    let path = path.display();
                    says!(
                        en: "there is no program {path} in PATH",
                        ja: "PATH に {path} というプログラムがありません"
                    )
                },
                fix,
            })
        }
        Err(error) => Err(error),
    }
}

/// A text on one line: a line break would be a pause.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Language;
    use crate::narration::clip::Clip;

    #[test]
    fn where_there_is_nothing_to_say_no_program_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let request = |text: &str| Request {
            text: text.to_owned(),
            language: Language::En,
            beat: String::new(),
            wav: folder.path().join("a.wav"),
        };
        let mut command = Command::new("no-such-program-of-tensorama");
        let words = request("one");
        assert!(speak("none", &mut command, "one", &words).is_err());
        let nothing = request(" \n");
        speak("none", &mut command, "", &nothing).unwrap();
        assert_eq!(Clip::open(&nothing.wav).unwrap().peak, 0.0);
    }
}
