//! Several processes on one machine that draw the segments of one recording.
//!
//! A worker is the program itself, started as `draw-segments LESSON FOLDER A..B`. It tells each frame that
//! is done as a line on its standard output, and stops when its standard input ends: with whoever
//! started it, however that went.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::encoder::EncodeError;
use super::recording::RecordError;
use crate::disk::Reach;
use crate::language::{Language, OtherLanguage};

/// How workers are started.
#[derive(Debug, Clone)]
pub struct Workers {
    /// How many.
    pub count: usize,
    /// The program.
    pub program: PathBuf,
    /// The lesson, as the program finds it.
    pub lesson: OsString,
    /// The language in which they tell of a failure.
    pub language: Language,
    /// The language of the lesson's sentences, where it is told by some.
    pub sentences: Option<OtherLanguage>,
    /// Which files the lesson may name.
    pub reach: Reach,
}

/// A started worker; dropped, it is stopped.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to stop.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Workers {
    /// Has segments drawn into a folder, each worker a row of them; `done` hears how many frames more
    /// are done. How many frames were drawn.
    pub(super) fn draw(
        &self,
        folder: &Path,
        segments: &[Range<u64>],
        cancelled: &AtomicBool,
        done: &mut dyn FnMut(u64),
    ) -> Result<u64, RecordError> {
        let (sender, lines) = channel();
        let mut workers = Vec::new();
        let mut readers = Vec::new();
        for row in segments.chunks(segments.len().div_ceil(self.count.max(1)).max(1)) {
            let (Some(first), Some(last)) = (row.first(), row.last()) else {
                continue;
            };
            let mut child = Command::new(&self.program)
                .args(["draw-segments", "--lang", self.language.code()])
                .args((self.reach == Reach::Anywhere).then_some("--allow-outside"))
                .args(
                    self.sentences
                        .map(|language| format!("--sentences={}", language.code())),
                )
                .arg("--")
                .arg(&self.lesson)
                .arg(folder)
                .arg(format!("{}..{}", first.start, last.end - 1))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .map_err(EncodeError::Start)?;
            let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
            workers.push(Worker(child));
            let sender = sender.clone();
            readers.push(std::thread::spawn(move || {
                for line in stdout
                    .into_iter()
                    .flat_map(|out| BufReader::new(out).lines())
                {
                    // Nobody listens when another worker has failed.
                    let _ = sender.send(line.unwrap_or_default());
                }
                let said = stderr.map(std::io::read_to_string);
                said.and_then(Result::ok).unwrap_or_default()
            }));
        }
        drop(sender);
        let mut drawn = 0;
        loop {
            match lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => match line.strip_prefix("drawn ") {
                    Some(count) => drawn += count.parse().unwrap_or(0),
                    None => done(1),
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if cancelled.load(Ordering::Relaxed) {
                return Err(RecordError::Cancelled);
            }
        }
        for (worker, reader) in workers.iter_mut().zip(readers) {
            let status = worker.0.wait().map_err(EncodeError::Start)?;
            let said = reader.join().unwrap_or_default();
            if !status.success() {
                return Err(RecordError::Worker(said.trim().to_owned()));
            }
        }
        Ok(drawn)
    }
}
