//! A voice that is a script for the project's Python: one start speaks a whole lesson.
//!
//! See `python_voice.py` for what goes over the pipes.

use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};

use super::program;
use super::python_env;
use super::voice::{About, OnSpoken, Request, Voice, VoiceError, VoiceTask};
use super::word_times::WordTime;
use crate::language::{Localized, Tongue, says};
use crate::lesson::Language;

/// An engine's script, with the part that all of them share before it.
macro_rules! script {
    ($file:literal) => {
        concat!(include_str!("python_voice.py"), "\n\n", include_str!($file))
    };
}
pub(super) use script;

/// A script with its settings, behind a Python interpreter.
#[derive(Debug, Clone)]
pub(super) struct PythonVoice {
    engine: &'static str,
    script: &'static str,
    settings: String,
    python: PathBuf,
}

/// A voice of one language that is a script and nothing else.
#[derive(Debug, Clone)]
pub(super) struct ScriptVoice {
    /// Engine, voice and settings.
    pub(super) id: String,
    /// Its name and licence, for people.
    pub(super) about: About,
    /// What it reads aloud.
    pub(super) language: Language,
    /// The script.
    pub(super) python: PythonVoice,
}

impl Voice for ScriptVoice {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn speaks(&self, language: Tongue) -> bool {
        language == Tongue::Own(self.language)
    }

    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        self.python.speak(request)
    }

    fn speak_all(&self, requests: &[Request], spoken: &mut OnSpoken<'_>) -> Result<(), VoiceError> {
        self.python.speak_all(requests, spoken)
    }
}

/// A line that the script reads.
#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    wav: &'a Path,
}

/// A line that the script writes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Done {
        done: usize,
        words: Vec<(usize, usize, f64, f64)>,
    },
    Failed {
        failed: usize,
        why: String,
    },
}

impl PythonVoice {
    /// Finds the Python environment and what the script needs in it; gives what its sound depends on
    /// besides, as the script tells it. `fix` is how to get what is missing.
    ///
    /// # Errors
    /// Either is missing.
    pub(super) fn find(
        engine: &'static str,
        script: &'static str,
        settings: &serde_json::Value,
        fix: Localized<String>,
    ) -> Result<(Self, String), VoiceError> {
        let not_installed = |looked| VoiceError::NotInstalled {
            engine,
            looked,
            fix: fix.clone(),
        };
        let python = python_env::interpreter().ok_or_else(|| {
            not_installed(says!(
                en: "there is no home folder to hold it",
                ja: "入れておくホームフォルダがありません"
            ))
        })?;
        if !python.exists() {
            let python = python.display();
            return Err(not_installed(
                says!(en: "there is no {python}", ja: "{python} がありません"),
            ));
        }
        let voice = Self {
            engine,
            script,
            settings: settings.to_string(),
            python,
        };
        let output = voice
            .command("version")
            .stdin(Stdio::null())
            .output()
            .map_err(|source| voice.run_error(source))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let looked = format!("{}: {}", voice.python.display(), last_line(&said));
            return Err(not_installed(Localized::same(looked)));
        }
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok((voice, version))
    }

    fn command(&self, mode: &str) -> Command {
        let mut command = Command::new(&self.python);
        // `-I`: neither the caller's folder nor their settings of Python change what is imported.
        command.args(["-I", "-c", self.script, mode, &self.settings]);
        command
    }

    fn run_error(&self, source: std::io::Error) -> VoiceError {
        VoiceError::Io {
            task: VoiceTask::Run,
            path: self.python.clone(),
            source,
        }
    }

    /// How the engine says phrases, by a script that tells it.
    pub(super) fn sounds(&self, phrases: &[String]) -> Result<Vec<String>, VoiceError> {
        let mut lines = String::new();
        for phrase in phrases {
            lines += &serde_json::json!({ "text": phrase }).to_string();
            lines.push('\n');
        }
        let output = program::run(&mut self.command("sounds"), &lines)?;
        let said = String::from_utf8_lossy(&output.stdout);
        let answers = said.lines().map(serde_json::from_str);
        let sounds: Vec<String> = answers.filter_map(Result::ok).collect();
        if sounds.len() == phrases.len() {
            return Ok(sounds);
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        let detail = Localized::same(last_line(&errors));
        let text = phrases.get(sounds.len()).map_or("", String::as_str);
        Err(VoiceError::failed(self.engine, text, detail))
    }

    /// Speaks one text.
    pub(super) fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError> {
        let mut words = Vec::new();
        self.speak_all(std::slice::from_ref(request), &mut |_, spoken| {
            words = spoken;
            ControlFlow::Continue(())
        })?;
        Ok(words)
    }

    /// Speaks many texts by one start of Python.
    pub(super) fn speak_all(
        &self,
        requests: &[Request],
        spoken: &mut OnSpoken<'_>,
    ) -> Result<(), VoiceError> {
        if requests.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for request in requests {
            let line = Line {
                text: &request.text,
                wav: &request.wav,
            };
            serde_json::to_writer(&mut lines, &line).map_err(|error| {
                let detail = says!(en: "its request: {error}", ja: "渡す文: {error}");
                VoiceError::failed(self.engine, &request.text, detail)
            })?;
            lines.push(b'\n');
        }
        // A file rather than a pipe: nobody has to empty it while the script works.
        let mut errors = tempfile::tempfile().map_err(|source| self.run_error(source))?;
        let stderr = errors
            .try_clone()
            .map_err(|source| self.run_error(source))?;
        let mut child = self
            .command("speak")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(|source| self.run_error(source))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take();
        let mut done = 0;
        let mut failure = None;
        let mut interrupted = false;
        thread::scope(|scope| {
            // A script that dies early shows in its status; the broken pipe adds nothing.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&lines)));
            for line in stdout
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines())
            {
                match line.ok().and_then(|line| serde_json::from_str(&line).ok()) {
                    Some(Answer::Done { done: index, words })
                        if index == done && done < requests.len() =>
                    {
                        done += 1;
                        let words = in_bytes(&words, &requests[index].text);
                        if spoken(index, words).is_break() {
                            interrupted = true;
                            // One that has ended by itself needs no end.
                            let _ = child.kill();
                            break;
                        }
                    }
                    Some(Answer::Failed { failed, why }) => failure = Some((failed, why)),
                    _ => {}
                }
            }
        });
        let status = child.wait().map_err(|source| self.run_error(source))?;
        if interrupted {
            return Err(VoiceError::Interrupted);
        }
        if let Some((index, why)) = failure {
            let text = requests.get(index).map_or("", |request| &request.text);
            return Err(VoiceError::failed(self.engine, text, Localized::same(why)));
        }
        if !status.success() || done < requests.len() {
            let mut said = String::new();
            let _ = errors
                .rewind()
                .and_then(|()| errors.read_to_string(&mut said));
            let text = requests.get(done).map_or("", |request| &request.text);
            let last = last_line(&said);
            let detail = says!(
                en: "Python stopped ({status}) {last}",
                ja: "Python が止まりました ({status}) {last}"
            );
            return Err(VoiceError::failed(self.engine, text, detail));
        }
        Ok(())
    }
}

/// The last line with something in it: in Python, what went wrong.
fn last_line(said: &str) -> &str {
    said.lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default()
}

/// Python counts characters; places in the text are in bytes.
fn in_bytes(words: &[(usize, usize, f64, f64)], text: &str) -> Vec<WordTime> {
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
    let byte = |character: usize| starts.get(character).copied().unwrap_or(text.len());
    words
        .iter()
        .filter(|(from, to, start, end)| from < to && start.is_finite() && end >= start)
        .map(|&(from, to, start, end)| WordTime {
            text: byte(from)..byte(to),
            time: start..end,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_characters_become_places_in_bytes() {
        let words = in_bytes(
            &[(0, 1, 0.0, 0.5), (2, 9, 0.5, 1.0), (3, 3, 1.0, 1.0)],
            "格 子を",
        );
        assert_eq!(words.len(), 2);
        assert_eq!(
            (words[0].text.clone(), words[1].text.clone()),
            (0..3, 4..10)
        );
    }
}
