//! Pictures and videos made by the program itself in the background, from the same data.
//!
//! They end with the window: what is half done then is cleared away, as after Ctrl-C.

use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bevy::prelude::*;
use serde_json::Value;

use super::export::{KeepError, file_stem, free_path};
use super::session::{Explorer, SessionSystems};
use super::words::Word;
use crate::explore::Setup;
use crate::explore::command::{self, ViewWords};
use crate::language::Language;
use crate::playback::ShowSystems;
use crate::stage::palette::Studio;
use crate::timeline::Motion;
use crate::ui::Settings;
use crate::ui::rest::Activity;

/// The program at work in the background, for one file.
pub(super) struct Job {
    child: Child,
    /// What it says about itself, read when it has failed.
    says: std::fs::File,
    path: PathBuf,
    done: Word,
    /// How much of a video is done, in percent.
    percent: Option<Arc<AtomicU8>>,
    cancelled: bool,
}

impl Job {
    /// Has the program stop and clear away what is half done.
    fn cancel(&mut self) {
        self.cancelled = true;
        interrupt(&mut self.child);
    }
}

/// What is being made.
#[derive(Resource, Default)]
pub(super) struct Jobs(pub(super) Vec<Job>);

impl Jobs {
    /// How much of the video that is being made is done, in percent; `None` where there is none.
    pub(super) fn percent(&self) -> Option<u8> {
        let percent = self.0.iter().find_map(|job| job.percent.as_ref())?;
        Some(percent.load(Ordering::Relaxed))
    }

    /// Stops the video that is being made.
    pub(super) fn cancel(&mut self) {
        let videos = self.0.iter_mut().filter(|job| job.percent.is_some());
        videos.for_each(Job::cancel);
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Jobs>()
        .add_systems(
            Update,
            finish_jobs
                .after(SessionSystems)
                .after(super::export::handle_keep)
                .in_set(ShowSystems::Input),
        )
        .add_systems(Last, end_with_window);
}

/// Asks the program to stop, as Ctrl-C in a terminal does.
#[cfg(unix)]
fn interrupt(child: &mut Child) {
    // It may have ended by itself; nobody else has its number until it has been waited for.
    let _ = rustix::process::kill_process(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::INT,
    );
}

/// Stops the program.
#[cfg(not(unix))]
fn interrupt(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
}

/// Nothing goes on unseen once the window is closed.
fn end_with_window(mut exits: MessageReader<AppExit>, mut jobs: ResMut<Jobs>) {
    if exits.read().next().is_some() {
        jobs.0.drain(..).for_each(|mut job| job.cancel());
    }
}

/// How much of a video is done, in percent, by a line that `record --json` says.
fn percent_of(line: &str) -> Option<u8> {
    let said: Value = serde_json::from_str(line).ok()?;
    if said.get("event")?.as_str()? != "frame" {
        return None;
    }
    let done = said.get("done")?.as_u64()?;
    let of = said.get("of")?.as_u64().filter(|of| *of > 0)?;
    u8::try_from(done.saturating_mul(100) / of).ok()
}

/// Hears how far a recording is, as long as it says so.
fn listen(out: ChildStdout, percent: Arc<AtomicU8>) -> std::io::Result<()> {
    let hear = move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some(now) = percent_of(&line) {
                percent.store(now, Ordering::Relaxed);
            }
        }
    };
    let thread = std::thread::Builder::new().name("recording".to_owned());
    thread.spawn(hear).map(drop)
}

/// How what is made looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutputOptions {
    pub(super) language: Language,
    pub(super) studio: Studio,
    pub(super) size: (u32, u32),
}

impl OutputOptions {
    fn words(self) -> [String; 6] {
        let (width, height) = self.size;
        let studio = match self.studio {
            Studio::Light => "light",
            Studio::Dark => "dark",
        };
        [
            "--lang".to_owned(),
            self.language.code().to_owned(),
            "--theme".to_owned(),
            studio.to_owned(),
            "--size".to_owned(),
            // Encoders take even sizes only.
            format!("{}x{}", width / 2 * 2, height / 2 * 2),
        ]
    }
}

pub(super) fn making(job: &Job, language: Language) -> String {
    format!("{} {}…", Word::Recording.text(language), job.path.display())
}

fn begin(
    arguments: impl IntoIterator<Item = String>,
    path: PathBuf,
    done: Word,
    says_how_far: bool,
) -> Result<Job, KeepError> {
    let failed = |why: std::io::Error| KeepError::Start(why.into());
    let program = std::env::current_exe().map_err(failed)?;
    let says = tempfile::tempfile().map_err(failed)?;
    let errors = says.try_clone().map_err(failed)?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(if says_how_far {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stderr(errors)
        .spawn()
        .map_err(failed)?;
    let mut percent = None;
    if let Some(out) = child.stdout.take() {
        let heard = Arc::new(AtomicU8::new(0));
        if let Err(why) = listen(out, heard.clone()) {
            interrupt(&mut child);
            return Err(failed(why));
        }
        percent = Some(heard);
    }
    Ok(Job {
        child,
        says,
        path,
        done,
        percent,
        cancelled: false,
    })
}

pub(super) fn begin_picture(
    setup: &Setup,
    words: &ViewWords,
    look: OutputOptions,
) -> Result<Job, KeepError> {
    let path = free_path(&file_stem(setup), "png");
    let words = command::words(setup, words).ok_or(KeepError::NothingToDraw)?;
    let mut arguments = words;
    arguments.extend(look.words());
    arguments.extend(["--picture".to_owned(), path.to_string_lossy().into_owned()]);
    begin(arguments, path, Word::Saved, false)
}

pub(super) fn begin_recording(
    lesson: &Path,
    look: OutputOptions,
    motion: Motion,
) -> Result<Job, KeepError> {
    let path = lesson.with_extension("mp4");
    let mut arguments = vec![
        "record".to_owned(),
        lesson.to_string_lossy().into_owned(),
        "-o".to_owned(),
        path.to_string_lossy().into_owned(),
        "--voice".to_owned(),
        "none".to_owned(),
        "--json".to_owned(),
    ];
    arguments.extend(look.words());
    if motion == Motion::Reduced {
        arguments.push("--reduced-motion".to_owned());
    }
    begin(arguments, path, Word::Recorded, true)
}

/// Tells what has become of what was begun.
fn finish_jobs(
    mut jobs: ResMut<Jobs>,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    mut activity: ResMut<Activity>,
) {
    if jobs.0.is_empty() {
        // Of one that ended while another workbench, or none, was there.
        if let Some(mut explorer) = explorer
            && explorer.interaction.recording.is_some()
        {
            explorer.interaction.recording = None;
        }
        return;
    }
    activity.waits();
    let language = settings.language;
    let mut note = None;
    jobs.0.retain_mut(|job| {
        let Ok(Some(status)) = job.child.try_wait() else {
            return true;
        };
        note = Some(if status.success() {
            format!("{} {}", job.done.text(language), job.path.display())
        } else {
            let mut text = String::new();
            // What cannot be read is simply not told.
            let _ = job.says.rewind();
            let _ = job.says.read_to_string(&mut text);
            let last = text.lines().last().unwrap_or_default();
            match (job.cancelled, last) {
                (true, "") => format!("{} {}", Word::Cancelled.text(language), job.path.display()),
                (true, last) => {
                    // That it is an error is no news to whoever has asked for it.
                    let said = last.split_once(": ").map_or(last, |(_, said)| said);
                    format!("{} {said}", Word::Cancelled.text(language))
                }
                (false, last) => format!("{} {last}", Word::Failed.text(language)),
            }
        });
        false
    });
    let Some(mut explorer) = explorer else {
        return;
    };
    explorer.interaction.recording = jobs.percent();
    if let Some(note) = note {
        explorer.interaction.note = Some(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_recording_is_follows_from_what_it_says() {
        assert_eq!(
            percent_of(r#"{"event":"frame","done":30,"of":120}"#),
            Some(25)
        );
        assert_eq!(
            percent_of(r#"{"event":"frame","done":120,"of":120}"#),
            Some(100)
        );
        for other in [
            r#"{"event":"frames","of":120,"fps":30}"#,
            r#"{"event":"frame","done":1,"of":0}"#,
            "not json",
            "",
        ] {
            assert_eq!(percent_of(other), None, "{other}");
        }
    }

    /// A job that would go on for a minute. It hears Ctrl-C wherever the tests were started.
    #[cfg(target_os = "linux")]
    fn long_job(percent: Option<u8>) -> Job {
        let child = Command::new("env")
            .args(["--default-signal=INT", "sleep", "60"])
            .spawn()
            .unwrap();
        // Until `env` has become `sleep` it may be deaf.
        let name = format!("/proc/{}/comm", child.id());
        while std::fs::read_to_string(&name).is_ok_and(|name| name.trim() != "sleep") {
            std::thread::yield_now();
        }
        Job {
            child,
            says: tempfile::tempfile().unwrap(),
            path: "clip.mp4".into(),
            done: Word::Recorded,
            percent: percent.map(|percent| Arc::new(AtomicU8::new(percent))),
            cancelled: false,
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_recording_is_stopped_and_a_picture_goes_on() {
        let mut jobs = Jobs(vec![long_job(None), long_job(Some(40))]);
        assert_eq!(jobs.percent(), Some(40));
        jobs.cancel();
        let status = jobs.0[1].child.wait().unwrap();
        assert!(!status.success() && jobs.0[1].cancelled);
        assert!(jobs.0[0].child.try_wait().unwrap().is_none());
        jobs.0[0].cancel();
        jobs.0[0].child.wait().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_made_ends_with_the_window() {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .insert_resource(Jobs(vec![long_job(Some(1))]))
            .add_systems(Last, end_with_window);
        app.update();
        let id = app.world().resource::<Jobs>().0[0].child.id();
        let state = || std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        assert!(!state().is_empty());
        app.world_mut().write_message(AppExit::Success);
        app.update();
        assert!(app.world().resource::<Jobs>().0.is_empty());
        // It has ended, though nobody has asked how.
        let ended = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            let state = state();
            state.is_empty() || state.contains(") Z ")
        });
        assert!(ended, "{}", state());
    }
}
