//! What a recording tells while it is made: in words for people, or as JSON for programs.
//!
//! Words of progress go to standard error, results to standard output. With `--json` all goes to
//! standard output, one object a line, each with its kind under `event`.

use super::language::spoken;
use super::printing::{note, remark, say, say_on, tell};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::Failure;
use crate::language::{Language, Localized, Message, says};
use crate::record::format::Format;
use crate::record::plan::Plan;
use crate::record::report::{RecordingProgress, Report};
use crate::record::sidecar::{Chapter, chapter_list, stamp, youtube_shows};

/// Time between two lines of progress, where no terminal shows a bar.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Characters of a beat's words in a plan.
const SHOWN: usize = 60;

/// Tells how far things are and what came of them.
pub struct Reporter {
    json: bool,
    fps: u32,
    bar: Option<ProgressBar>,
    frames: u64,
    kept: u64,
    start: Instant,
    last_line: Instant,
}

impl Reporter {
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
            remark(format_args!("{name}:\n"));
        }
    }

    /// How far a recording is.
    pub fn on_progress(&mut self, progress: RecordingProgress<'_>) {
        if self.json {
            self.print_event(progress);
        } else {
            self.print_progress(progress);
        }
    }

    fn print_event(&mut self, progress: RecordingProgress<'_>) {
        event(&match progress {
            RecordingProgress::Voice(language, voice) => json!({
                "event": "voice",
                "language": language.code(),
                "name": voice.name.en,
                "licence": voice.licence.en,
                "timing": voice.timing.say(Language::En),
            }),
            RecordingProgress::Spoken(done, all) => {
                json!({"event": "spoken", "done": done, "of": all})
            }
            RecordingProgress::Frames(frames) => {
                self.frames = frames;
                json!({"event": "frames", "of": frames, "fps": self.fps})
            }
            RecordingProgress::Kept(frames) => json!({"event": "kept", "frames": frames}),
            RecordingProgress::Frame(done) => {
                json!({"event": "frame", "done": done, "of": self.frames})
            }
        });
    }

    fn print_progress(&mut self, progress: RecordingProgress<'_>) {
        match progress {
            RecordingProgress::Voice(language, voice) => {
                let (of, voice) = (language.own_name(), voice.message());
                note!(
                    with [voice];
                    en: "voice for {of}: {voice}",
                    ja: "{of}の声: {voice}"
                );
            }
            RecordingProgress::Kept(frames) => {
                self.kept = frames;
                let of = self.frames;
                note!(
                    en: "{frames} of {of} frames are kept from the interrupted run",
                    ja: "途中で止まった録画から、{of} フレームのうち {frames} フレームを使います"
                );
                if let Some(bar) = &self.bar {
                    bar.set_position(frames);
                    bar.reset_eta();
                }
            }
            RecordingProgress::Spoken(done, all) => {
                if std::io::stderr().is_terminal() {
                    let end = if done == all { "\n" } else { "" };
                    let speaking = says!(
                        en: "\rspeaking {done}/{all}{end}",
                        ja: "\r音声 {done}/{all}{end}"
                    );
                    remark(format_args!("{}", speaking.choose(spoken())));
                }
            }
            RecordingProgress::Frames(frames) => {
                self.frames = frames;
                self.start = Instant::now();
                if std::io::stderr().is_terminal() {
                    let style = Localized::new(
                        "{wide_bar} {percent}%  frame {pos}/{len}  {per_sec}  {eta} left",
                        "{wide_bar} {percent}%  フレーム {pos}/{len}  {per_sec}  残り {eta}",
                    )
                    .choose(spoken());
                    let bar = ProgressBar::new(frames);
                    // The template is ours and sound; without it the bar has its default look.
                    if let Ok(style) = ProgressStyle::with_template(style) {
                        bar.set_style(style);
                    }
                    self.bar = Some(bar);
                }
            }
            RecordingProgress::Frame(done) => {
                if let Some(bar) = &self.bar {
                    bar.set_position(done);
                } else if self.last_line.elapsed() >= LINE_EVERY {
                    self.last_line = Instant::now();
                    let here = done.saturating_sub(self.kept);
                    let each = self.start.elapsed().as_secs_f64() / here.max(1) as f64;
                    let (of, percent) = (self.frames, 100 * done / self.frames.max(1));
                    let speed = 1.0 / (each * f64::from(self.fps));
                    let left = each * (self.frames - done) as f64;
                    note!(
                        en: "frame {done} of {of} ({percent}%), {speed:.2} times real time, {left:.0} s left",
                        ja: "フレーム {done}/{of} ({percent}%)、実時間の {speed:.2} 倍、残り {left:.0} 秒"
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
        say!("{}", summary(report, output).choose(spoken()));
        let is_video = Format::of(output).is_ok_and(Format::is_video);
        if is_video && !report.is_share && report.chapters.len() > 1 {
            tell!(
                en: "chapters, to paste into the video's description:",
                ja: "ビデオの説明欄に貼るチャプター:"
            );
            say_on!("{}", chapter_list(&report.chapters));
            if !youtube_shows(&report.chapters) {
                note!(
                    en: "YouTube shows chapters only if there are three or more, none shorter than ten seconds",
                    ja: "YouTube がチャプターを表示するのは、3 つ以上あり、どれも 10 秒以上のときだけです"
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
            let (output, seconds, frames) = (output.display(), report.seconds, report.frames);
            let took = report.assembly.as_secs_f64();
            tell!(
                en: "{output}: {seconds:.1} s of video, {frames} frames, joined in {took:.1} s",
                ja: "{output}: ビデオ {seconds:.1} 秒、{frames} フレーム、{took:.1} 秒でつなぎました"
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
            say!("{}", plan_in_words(plan, output).choose(spoken()));
        }
    }

    /// A lesson of several could not be recorded. Where there is only one, or for the whole, it has no
    /// name, and people hear of it from the program's end.
    pub fn failed(&self, lesson: Option<&str>, failure: &Failure) {
        if self.json {
            let message = failure.say(spoken());
            event(&json!({"event": "error", "lesson": lesson, "message": message}));
        } else if let Some(lesson) = lesson {
            let failure = failure.say(spoken());
            note!(en: "error: {lesson}: {failure}", ja: "エラー: {lesson}: {failure}");
        }
    }
}

/// Writes an event. Where nobody reads them any more, the recording goes on.
fn event(event: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}

fn summary(report: &Report, output: &Path) -> Localized<String> {
    let per_drawn = |time: Duration| 1000.0 * time.as_secs_f64() / report.drawn.max(1) as f64;
    let here = (report.frames - report.kept) as f64;
    let seconds = report.seconds * here / report.frames.max(1) as f64;
    let minute = 60.0 * seconds / report.wall.as_secs_f64().max(1e-9);
    let kept = match report.kept {
        0 => Localized::default(),
        kept => says!(en: "{kept} kept, ", ja: "{kept} フレームは前の録画から、"),
    };
    let (output, video, frames) = (output.display(), report.seconds, report.frames);
    let (drawn, reused) = (report.drawn, here - report.drawn as f64);
    let wall = report.wall.as_secs_f64();
    let preparation = report.preparation.as_secs_f64();
    let text = says!(
        with [kept];
        en: "{output}: {video:.1} s of video, {frames} frames ({kept}{drawn} drawn, {reused:.0} reused) in {wall:.1} s after {preparation:.1} s of preparation, {minute:.0} s of video per minute",
        ja: "{output}: ビデオ {video:.1} 秒、{frames} フレーム ({kept}描画 {drawn}、再利用 {reused:.0})、準備 {preparation:.1} 秒の後 {wall:.1} 秒、毎分 {minute:.0} 秒分"
    );
    if report.spent.draw == Duration::ZERO {
        return text;
    }
    let simulate = per_drawn(report.spent.simulate);
    let draw = per_drawn(report.spent.draw);
    let read_back = per_drawn(report.spent.read_back);
    let waited = per_drawn(report.waited);
    let assembly = report.assembly.as_secs_f64();
    says!(
        with [text];
        en: "{text}\nmilliseconds per drawn frame: simulate {simulate:.1}, draw {draw:.1}, read back {read_back:.1}; wait for ffmpeg {waited:.1}; assembled in {assembly:.1} s",
        ja: "{text}\n描画 1 フレームのミリ秒: 計算 {simulate:.1}、描画 {draw:.1}、読み戻し {read_back:.1}、ffmpeg 待ち {waited:.1}。組み立て {assembly:.1} 秒"
    )
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
                "name": voice.name.en,
                "licence": voice.licence.en,
                "timing": voice.timing.say(Language::En),
            })
        })
        .collect();
    json!({
        "event": "plan",
        "output": output,
        "title": plan.title,
        "seconds": plan.frame_range.seconds(),
        "frames": plan.frame_range.count(),
        "first_frame": plan.frame_range.frames.start,
        "fps": plan.frame_range.fps,
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

fn plan_in_words(plan: &Plan, output: &Path) -> Localized<String> {
    let frame_range = &plan.frame_range;
    let (unspoken, sentences) = (plan.unspoken, plan.sentences);
    let known = if unspoken == 0 {
        says!(
            en: "its narration is already spoken, so the times below are exact",
            ja: "音声はもうできているので、下の時刻は正確です"
        )
    } else {
        says!(
            en: "{unspoken} of its {sentences} texts are still to be spoken, so the times below are estimates",
            ja: "{sentences} 個の文のうち {unspoken} 個の音声がまだないので、下の時刻は見積もりです"
        )
    };
    let voices = Localized::join(
        plan.voices.iter().map(|voice| {
            let voice = voice.message();
            says!(with [voice]; en: "voice: {voice}\n", ja: "声: {voice}\n")
        }),
        Localized::new("", ""),
    );
    let (title, seconds, count, fps) = (
        &plan.title,
        frame_range.seconds(),
        frame_range.count(),
        frame_range.fps,
    );
    let (width, height, drawn) = (plan.size.x, plan.size.y, plan.drawn);
    let (output, bytes) = (output.display(), bytes_in_words(plan.bytes));
    let contents = plan.format.contents();
    let head = says!(
        with [known, voices, contents];
        en: "{title}: {seconds:.1} s, {count} frames at {fps} per second, {width} x {height} pixels; {drawn} to draw, the others repeat\n{voices}  {known}\n{output}: about {bytes} ({contents})",
        ja: "{title}: {seconds:.1} 秒、毎秒 {fps} で {count} フレーム、{width} x {height} 画素。描画するのは {drawn} で、残りは繰り返しです\n{voices}  {known}\n{output}: およそ {bytes} ({contents})"
    );
    let mut lines = vec![head];
    let mut scene = 0;
    let mut chapters = plan.chapters.iter();
    for beat in &plan.beats {
        if beat.scene != scene {
            scene = beat.scene;
            if let Some(chapter) = chapters.next() {
                let (start, title) = (stamp(chapter.start), &chapter.title);
                let length = chapter.end - chapter.start;
                lines.push(says!(
                    en: "scene {scene}, {start}, {length:.1} s: {title}",
                    ja: "シーン {scene}、{start}、{length:.1} 秒: {title}"
                ));
            }
        }
        let (number, start, length) = (beat.beat, stamp(beat.start), beat.end - beat.start);
        let what = first_words(&beat.what);
        lines.push(says!(
            en: "  beat {number:2}  {start:>6}  {length:5.1} s  {what}",
            ja: "  ビート {number:2}  {start:>6}  {length:5.1} 秒  {what}"
        ));
    }
    Localized::join(lines, Localized::new("\n", "\n"))
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
