//! What a recording tells while it is made: in words for people, or as JSON for programs.
//!
//! Words of progress go to standard error, results to standard output. With `--json` all goes to
//! standard output, one object a line, each with its kind under `event`.

use super::printing::{say, say_on};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::Failure;
use crate::record::format::Format;
use crate::record::plan::Plan;
use crate::record::report::{Progress, Report};
use crate::record::sidecar::{Chapter, chapter_list, stamp, youtube_shows};

/// Time between two lines of progress, where no terminal shows a bar.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Characters of a beat's words in a plan.
const SHOWN: usize = 60;

/// Tells how far things are and what came of them.
pub struct Teller {
    json: bool,
    fps: u32,
    bar: Option<ProgressBar>,
    frames: u64,
    kept: u64,
    start: Instant,
    last_line: Instant,
}

impl Teller {
    /// Tells of a recording of so many frames a second, as JSON or in words.
    #[must_use]
    pub fn new(json: bool, fps: u32) -> Self {
        Self {
            json,
            fps,
            bar: None,
            frames: 0,
            kept: 0,
            start: Instant::now(),
            last_line: Instant::now(),
        }
    }

    /// A lesson of several begins.
    pub fn lesson(&self, name: &str, output: &Path) {
        if self.json {
            event(&json!({"event": "lesson", "lesson": name, "output": output}));
        } else {
            eprintln!("{name}:");
        }
    }

    /// How far a recording is.
    pub fn tell(&mut self, progress: Progress<'_>) {
        if self.json {
            self.tell_program(progress);
        } else {
            self.tell_person(progress);
        }
    }

    fn tell_program(&mut self, progress: Progress<'_>) {
        event(&match progress {
            Progress::Voice(language, voice) => json!({
                "event": "voice",
                "language": language.code(),
                "name": voice.name,
                "licence": voice.licence,
                "timing": voice.timing.to_string(),
            }),
            Progress::Spoken(done, all) => json!({"event": "spoken", "done": done, "of": all}),
            Progress::Frames(frames) => {
                self.frames = frames;
                json!({"event": "frames", "of": frames, "fps": self.fps})
            }
            Progress::Kept(frames) => json!({"event": "kept", "frames": frames}),
            Progress::Frame(done) => json!({"event": "frame", "done": done, "of": self.frames}),
        });
    }

    fn tell_person(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Voice(language, voice) => {
                eprintln!("voice for {}: {voice}", language.own_name());
            }
            Progress::Kept(frames) => {
                self.kept = frames;
                eprintln!(
                    "{frames} of {} frames are there from the run that was cut off",
                    self.frames
                );
                if let Some(bar) = &self.bar {
                    bar.set_position(frames);
                    bar.reset_eta();
                }
            }
            Progress::Spoken(done, all) => {
                if std::io::stderr().is_terminal() {
                    eprint!(
                        "\rspeaking {done}/{all}{}",
                        if done == all { "\n" } else { "" }
                    );
                }
            }
            Progress::Frames(frames) => {
                self.frames = frames;
                self.start = Instant::now();
                if std::io::stderr().is_terminal() {
                    let style = "{wide_bar} {percent}%  frame {pos}/{len}  {per_sec}  {eta} left";
                    let bar = ProgressBar::new(frames);
                    // The template is ours and sound; without it the bar has its default look.
                    if let Ok(style) = ProgressStyle::with_template(style) {
                        bar.set_style(style);
                    }
                    self.bar = Some(bar);
                }
            }
            Progress::Frame(done) => {
                if let Some(bar) = &self.bar {
                    bar.set_position(done);
                } else if self.last_line.elapsed() >= LINE_EVERY {
                    self.last_line = Instant::now();
                    let here = done.saturating_sub(self.kept);
                    let each = self.start.elapsed().as_secs_f64() / here.max(1) as f64;
                    eprintln!(
                        "frame {done} of {} ({}%), {:.2} times real time, {:.0} s left",
                        self.frames,
                        100 * done / self.frames.max(1),
                        1.0 / (each * f64::from(self.fps)),
                        each * (self.frames - done) as f64
                    );
                }
            }
        }
    }

    /// A recording has ended, well or not.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// A video is there, or a share of one.
    pub fn done(&self, report: &Report, output: &Path) {
        if self.json {
            event(&json!({
                "event": "done",
                "output": output,
                "seconds": report.seconds,
                "frames": report.frames,
                "kept": report.kept,
                "drawn": report.drawn,
                "bytes": std::fs::metadata(output).map_or(0, |file| file.len()),
                "wall_seconds": report.wall.as_secs_f64(),
                "preparation_seconds": report.preparation.as_secs_f64(),
                "assembly_seconds": report.assembly.as_secs_f64(),
                "simulate_seconds": report.spent.simulate.as_secs_f64(),
                "draw_seconds": report.spent.draw.as_secs_f64(),
                "read_back_seconds": report.spent.read_back.as_secs_f64(),
                "wait_seconds": report.waited.as_secs_f64(),
                "chapters": chapter_objects(&report.chapters),
            }));
            return;
        }
        say!("{}", summary(report, output));
        let is_video = Format::of(output).is_ok_and(Format::is_video);
        if is_video && !report.is_share && report.chapters.len() > 1 {
            say!("chapters, to paste under the video:");
            say_on!("{}", chapter_list(&report.chapters));
            if !youtube_shows(&report.chapters) {
                eprintln!(
                    "YouTube makes chapters of them only where there are three or more, none shorter \
                     than ten seconds"
                );
            }
        }
    }

    /// A video is there that was put together from shares.
    pub fn joined(&self, report: &Report, output: &Path) {
        if self.json {
            event(&json!({
                "event": "done",
                "output": output,
                "seconds": report.seconds,
                "frames": report.frames,
                "bytes": std::fs::metadata(output).map_or(0, |file| file.len()),
                "chapters": chapter_objects(&report.chapters),
            }));
        } else {
            say!(
                "{}: {:.1} s of video, {} frames, joined in {:.1} s",
                output.display(),
                report.seconds,
                report.frames,
                report.assembly.as_secs_f64()
            );
        }
    }

    /// Pictures are there.
    pub fn done_pictures(&self, pattern: &Path) {
        if self.json {
            event(&json!({"event": "done", "output": pattern, "frames": self.frames}));
        }
    }

    /// What a recording would be.
    pub fn plan(&self, plan: &Plan, output: &Path) {
        if self.json {
            event(&plan_object(plan, output));
        } else {
            say!("{}", plan_in_words(plan, output));
        }
    }

    /// A lesson of several could not be recorded. Where there is only one, or for the whole, it has no
    /// name, and people hear of it from the program's end.
    pub fn failed(&self, lesson: Option<&str>, failure: &Failure) {
        if self.json {
            let message = failure.to_string();
            event(&json!({"event": "error", "lesson": lesson, "message": message}));
        } else if let Some(lesson) = lesson {
            eprintln!("error: {lesson}: {failure}");
        }
    }
}

/// Writes an event. Where nobody reads them any more, the recording goes on.
fn event(event: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}

fn summary(report: &Report, output: &Path) -> String {
    let per_drawn = |time: Duration| 1000.0 * time.as_secs_f64() / report.drawn.max(1) as f64;
    let here = (report.frames - report.kept) as f64;
    let seconds = report.seconds * here / report.frames.max(1) as f64;
    let minute = 60.0 * seconds / report.wall.as_secs_f64().max(1e-9);
    let kept = match report.kept {
        0 => String::new(),
        kept => format!("{kept} kept, "),
    };
    let mut text = format!(
        "{}: {:.1} s of video, {} frames ({kept}{} drawn, {:.0} reused) in {:.1} s after {:.1} s of \
         preparation, {minute:.0} s of video a minute",
        output.display(),
        report.seconds,
        report.frames,
        report.drawn,
        here - report.drawn as f64,
        report.wall.as_secs_f64(),
        report.preparation.as_secs_f64(),
    );
    if report.spent.draw > Duration::ZERO {
        text += &format!(
            "\nmilliseconds a drawn frame: simulate {:.1}, draw {:.1}, read back {:.1}; \
             wait for ffmpeg {:.1}; put together in {:.1} s",
            per_drawn(report.spent.simulate),
            per_drawn(report.spent.draw),
            per_drawn(report.spent.read_back),
            per_drawn(report.waited),
            report.assembly.as_secs_f64(),
        );
    }
    text
}

fn chapter_objects(chapters: &[Chapter]) -> Vec<Value> {
    let objects = chapters
        .iter()
        .map(|chapter| json!({"start": chapter.start, "end": chapter.end, "title": chapter.title}));
    objects.collect()
}

fn plan_object(plan: &Plan, output: &Path) -> Value {
    let beats: Vec<Value> = plan
        .beats
        .iter()
        .map(|beat| {
            json!({
                "scene": beat.scene,
                "beat": beat.beat,
                "start": beat.start,
                "end": beat.end,
                "what": beat.what,
            })
        })
        .collect();
    let voices: Vec<Value> = plan
        .voices
        .iter()
        .map(|voice| {
            json!({
                "name": voice.name,
                "licence": voice.licence,
                "timing": voice.timing.to_string(),
            })
        })
        .collect();
    json!({
        "event": "plan",
        "output": output,
        "title": plan.title,
        "seconds": plan.stretch.seconds(),
        "frames": plan.stretch.count(),
        "first_frame": plan.stretch.frames.start,
        "fps": plan.stretch.fps,
        "width": plan.size.x,
        "height": plan.size.y,
        "drawn": plan.drawn,
        "voices": voices,
        "sentences": plan.sentences,
        "unspoken": plan.unspoken,
        "bytes_about": plan.bytes,
        "chapters": chapter_objects(&plan.chapters),
        "beats": beats,
    })
}

fn plan_in_words(plan: &Plan, output: &Path) -> String {
    let stretch = &plan.stretch;
    let known = if plan.unspoken == 0 {
        "its words are spoken already, so the times below are exact".to_owned()
    } else {
        format!(
            "{} of its {} texts are still to be spoken, so the times below are estimates",
            plan.unspoken, plan.sentences
        )
    };
    let mut text = format!(
        "{}: {:.1} s, {} frames at {} a second, {} x {} pixels; {} to draw, the others repeat\n\
         {}  {known}\n\
         {}: about {} ({})\n",
        plan.title,
        stretch.seconds(),
        stretch.count(),
        stretch.fps,
        plan.size.x,
        plan.size.y,
        plan.drawn,
        plan.voices
            .iter()
            .map(|voice| format!("voice: {voice}\n"))
            .collect::<String>(),
        output.display(),
        bytes_in_words(plan.bytes),
        plan.format.contents(),
    );
    let mut scene = 0;
    let mut chapters = plan.chapters.iter();
    for beat in &plan.beats {
        if beat.scene != scene {
            scene = beat.scene;
            if let Some(chapter) = chapters.next() {
                text += &format!(
                    "scene {scene}, {}, {:.1} s: {}\n",
                    stamp(chapter.start),
                    chapter.end - chapter.start,
                    chapter.title
                );
            }
        }
        let length = beat.end - beat.start;
        text += &format!(
            "  beat {:2}  {:>6}  {length:5.1} s  {}\n",
            beat.beat,
            stamp(beat.start),
            first_words(&beat.what)
        );
    }
    text.truncate(text.trim_end().len());
    text
}

fn bytes_in_words(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 {
        format!("{megabytes:.1} MB")
    } else {
        format!("{megabytes:.0} MB")
    }
}

/// The start of a text, on one line.
fn first_words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(SHOWN).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
