//! Japanese by Open JTalk: the package `pyopenjtalk-plus`, whose wheel holds its dictionary and the
//! voice Mei, in the project's own Python environment.
//!
//! One start of Python speaks a whole lesson: see `open_jtalk.py` for what goes over the pipes.

use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};

use super::python_env;
use super::voice::{Request, Voice, VoiceError};
use crate::lesson::Language;

const ENGINE: &str = "open-jtalk";
const MEND: &str = "`scripts/run` installs it";
const SCRIPT: &str = include_str!("open_jtalk.py");

/// Open JTalk behind a Python interpreter.
#[derive(Debug, Clone)]
pub struct OpenJtalk {
    id: String,
    python: PathBuf,
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
    Done { done: usize },
    Failed { failed: usize, why: String },
}

impl OpenJtalk {
    /// Finds the Python environment and the package in it.
    ///
    /// # Errors
    /// Either is missing.
    pub fn find() -> Result<Self, VoiceError> {
        let not_installed = |looked| VoiceError::NotInstalled {
            engine: ENGINE,
            looked,
            mend: MEND,
        };
        let python = python_env::interpreter()
            .ok_or_else(|| not_installed("there is no home folder to hold it".to_owned()))?;
        if !python.exists() {
            return Err(not_installed(format!("there is no {}", python.display())));
        }
        let output = Command::new(&python)
            .args(["-I", "-c", SCRIPT, "--version"])
            .stdin(Stdio::null())
            .output()
            .map_err(|source| VoiceError::Io {
                what: "run",
                path: python.clone(),
                source,
            })?;
        if !output.status.success() {
            let looked = format!("{} has no package pyopenjtalk-plus", python.display());
            return Err(not_installed(looked));
        }
        let version = String::from_utf8_lossy(&output.stdout);
        Ok(Self {
            id: format!("{ENGINE} {} mei speed=1.0", version.trim()),
            python,
        })
    }

    /// Runs the script over the requests.
    fn run(&self, requests: &[Request], spoken: &mut dyn FnMut(usize)) -> Result<(), VoiceError> {
        let run_error = |source| VoiceError::Io {
            what: "run",
            path: self.python.clone(),
            source,
        };
        let mut lines = Vec::new();
        for request in requests {
            let line = Line {
                text: &request.text,
                wav: &request.wav,
            };
            serde_json::to_writer(&mut lines, &line).map_err(|error| {
                VoiceError::failed(ENGINE, &request.text, format!("its request: {error}"))
            })?;
            lines.push(b'\n');
        }
        // A file rather than a pipe: nobody has to empty it while the script works.
        let mut errors = tempfile::tempfile().map_err(run_error)?;
        let mut child = Command::new(&self.python)
            .args(["-I", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors.try_clone().map_err(run_error)?)
            .spawn()
            .map_err(run_error)?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take();
        let mut done = 0;
        let mut failure = None;
        thread::scope(|scope| {
            // A script that dies early shows in its status; the broken pipe adds nothing.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&lines)));
            for line in stdout
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines())
            {
                match line.ok().and_then(|line| serde_json::from_str(&line).ok()) {
                    Some(Answer::Done { done: index })
                        if index == done && done < requests.len() =>
                    {
                        spoken(index);
                        done += 1;
                    }
                    Some(Answer::Failed { failed, why }) => failure = Some((failed, why)),
                    _ => {}
                }
            }
        });
        let status = child.wait().map_err(run_error)?;
        if let Some((index, why)) = failure {
            let text = requests.get(index).map_or("", |request| &request.text);
            return Err(VoiceError::failed(ENGINE, text, why));
        }
        if !status.success() || done < requests.len() {
            let mut said = String::new();
            let _ = errors
                .rewind()
                .and_then(|()| errors.read_to_string(&mut said));
            let last = said
                .lines()
                .rfind(|line| !line.trim().is_empty())
                .unwrap_or_default();
            let text = requests.get(done).map_or("", |request| &request.text);
            let detail = format!("Python stopped ({status}) {last}");
            return Err(VoiceError::failed(ENGINE, text, detail.trim_end()));
        }
        Ok(())
    }
}

impl Voice for OpenJtalk {
    fn id(&self) -> &str {
        &self.id
    }

    fn speaks(&self, language: Language) -> bool {
        language == Language::Ja
    }

    fn speak(&self, text: &str, language: Language, wav: &Path) -> Result<(), VoiceError> {
        let request = Request {
            text: text.to_owned(),
            language,
            wav: wav.to_owned(),
        };
        self.run(&[request], &mut |_| {})
    }

    fn speak_all(
        &self,
        requests: &[Request],
        spoken: &mut dyn FnMut(usize),
    ) -> Result<(), VoiceError> {
        if requests.is_empty() {
            Ok(())
        } else {
            self.run(requests, spoken)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::clip::Clip;
    use crate::narration::estimate::estimated_seconds;

    fn request(folder: &Path, name: &str, text: &str) -> Request {
        Request {
            text: text.to_owned(),
            language: Language::Ja,
            wav: folder.join(name),
        }
    }

    #[test]
    fn one_start_speaks_many_sentences_in_order() {
        let Ok(voice) = OpenJtalk::find() else {
            eprintln!("skipped: the Python environment is not there");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let requests = [
            request(
                folder.path(),
                "a.wav",
                "フィルタが角に降りて、ひとつの値になります。",
            ),
            request(
                folder.path(),
                "b.wav",
                "畳み込みは、小さなフィルタを入力の上で滑らせます。",
            ),
        ];
        let mut order = Vec::new();
        voice
            .speak_all(&requests, &mut |index| order.push(index))
            .unwrap();
        assert_eq!(order, [0, 1]);
        for request in &requests {
            let clip = Clip::open(&request.wav).unwrap();
            let ratio = clip.duration() / estimated_seconds(&request.text, Language::Ja);
            assert!((0.7..1.3).contains(&ratio), "{}: {ratio}", request.text);
            assert!(
                (0.2..1.0).contains(&clip.peak),
                "{}: {}",
                request.text,
                clip.peak
            );
        }
    }

    #[test]
    fn a_failure_names_the_sentence_and_keeps_those_before_it() {
        let Ok(voice) = OpenJtalk::find() else {
            eprintln!("skipped: the Python environment is not there");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let requests = [
            request(folder.path(), "a.wav", "いち"),
            request(folder.path(), "absent/b.wav", "に"),
            request(folder.path(), "c.wav", "さん"),
        ];
        let mut done = 0;
        let error = voice.speak_all(&requests, &mut |_| done += 1).unwrap_err();
        assert!(error.to_string().contains('に'), "{error}");
        assert_eq!(done, 1);
        assert!(requests[0].wav.is_file() && !requests[2].wav.exists());
    }
}
