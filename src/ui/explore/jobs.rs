//! Pictures and videos made by the program itself in the background, from the same data.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bevy::prelude::*;

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
}

/// What is being made.
#[derive(Resource, Default)]
pub(super) struct Jobs(pub(super) Vec<Job>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Jobs>().add_systems(
        Update,
        finish_jobs
            .after(SessionSystems)
            .after(super::export::handle_keep)
            .in_set(ShowSystems::Input),
    );
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
) -> Result<Job, KeepError> {
    let failed = |why: std::io::Error| KeepError::Start(why.into());
    let program = std::env::current_exe().map_err(failed)?;
    let says = tempfile::tempfile().map_err(failed)?;
    let errors = says.try_clone().map_err(failed)?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .map_err(failed)?;
    Ok(Job {
        child,
        says,
        path,
        done,
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
    begin(arguments, path, Word::Saved)
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
    ];
    arguments.extend(look.words());
    if motion == Motion::Reduced {
        arguments.push("--reduced-motion".to_owned());
    }
    begin(arguments, path, Word::Recorded)
}

/// Tells what has become of what was begun.
fn finish_jobs(
    mut jobs: ResMut<Jobs>,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    mut activity: ResMut<Activity>,
) {
    if jobs.0.is_empty() {
        return;
    }
    activity.waits();
    let mut note = None;
    jobs.0.retain_mut(|job| {
        let Ok(Some(status)) = job.child.try_wait() else {
            return true;
        };
        let language = settings.language;
        note = Some(if status.success() {
            format!("{} {}", job.done.text(language), job.path.display())
        } else {
            let mut text = String::new();
            // What cannot be read is simply not told.
            let _ = job.says.rewind();
            let _ = job.says.read_to_string(&mut text);
            let last = text.lines().last().unwrap_or_default();
            format!("{} {}", Word::Failed.text(language), last)
        });
        false
    });
    if let (Some(note), Some(mut explorer)) = (note, explorer) {
        explorer.interaction.note = Some(note);
    }
}
