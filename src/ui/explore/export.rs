//! What is kept: a lesson, a picture, a video, and lines for the clipboard. Pictures and videos are
//! made by the program itself in the background, from the same data.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::action::KeepAction;
use super::session::{Explorer, SessionSystems};
use super::transport::position;
use super::words::Word;
use crate::camera::{CameraPose, ProjectionMode};
use crate::disk;
use crate::explore::command::{self, ViewWords};
use crate::explore::gathered::{GatherError, gathered};
use crate::explore::{Setup, Workbench};
use crate::language::{Language, Localized, Message, SystemError, message_error, says};
use crate::playback::{CurrentSample, ShowSystems};
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::Motion;
use crate::ui::Settings;

/// The program at work in the background, for one file.
struct Job {
    child: Child,
    /// What it says about itself, read when it has failed.
    says: std::fs::File,
    path: PathBuf,
    done: Word,
}

/// Why nothing was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeepError {
    /// There is no good setup.
    NothingToSave,
    /// The setup cannot be written as a command.
    NothingToDraw,
    /// A file that cannot be written.
    Write { path: PathBuf, why: SystemError },
    /// The program itself cannot be started in the background.
    Start(SystemError),
}

impl Message for KeepError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NothingToSave => {
                says!(en: "there is nothing to save", ja: "保存するものがありません。")
            }
            Self::NothingToDraw => {
                says!(en: "there is nothing to draw", ja: "描くものがありません。")
            }
            Self::Write { path, why } => {
                let (path, why) = (path.display(), why.message());
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Start(why) => {
                let why = why.message();
                says!(
                    with [why];
                    en: "the program cannot be started in the background: {why}",
                    ja: "プログラムをバックグラウンドで起動できません: {why}"
                )
            }
        }
    }
}

message_error!(KeepError);

impl From<GatherError> for KeepError {
    fn from(error: GatherError) -> Self {
        Self::Write {
            path: error.path,
            why: error.why,
        }
    }
}

/// What is being made.
#[derive(Resource, Default)]
struct Jobs(Vec<Job>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Jobs>().add_systems(
        Update,
        (handle_keep, finish_jobs)
            .chain()
            .after(SessionSystems)
            .in_set(ShowSystems::Input),
    );
}

/// The view as a command line carries it.
fn view_words(
    explorer: &Explorer,
    pose: &CameraPose,
    projection_mode: ProjectionMode,
    now: &CurrentSample,
) -> ViewWords {
    ViewWords {
        camera: Some([
            pose.yaw.to_degrees(),
            pose.pitch.to_degrees(),
            pose.height,
            pose.centre.x,
            pose.centre.y,
            pose.centre.z,
        ]),
        spread: explorer.interaction.spread,
        slice: explorer.interaction.slice,
        position: position(now),
        perspective: projection_mode == ProjectionMode::Perspective,
    }
}

/// A name for files of a setup: `conv2d-3x6x6`.
fn file_stem(setup: &Setup) -> String {
    let names: Vec<String> = setup
        .layers
        .iter()
        .take(3)
        .map(|layer| layer.name().to_lowercase())
        .collect();
    let [channels, rows, columns] = setup.input;
    format!("{}-{channels}x{rows}x{columns}", names.join("-"))
}

/// A path that no file has yet, where the program was started.
fn free_path(stem: &str, end: &str) -> PathBuf {
    let folder = std::env::current_dir().unwrap_or_default();
    disk::free_path(&folder, stem, end)
}

fn handle_keep(
    mut actions: MessageReader<KeepAction>,
    explorer: Option<ResMut<Explorer>>,
    mut contexts: EguiContexts,
    mut jobs: ResMut<Jobs>,
    pose: Res<CameraPose>,
    projection_mode: Res<ProjectionMode>,
    now: Res<CurrentSample>,
    settings: Res<Settings>,
    lighting: Res<Lighting>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    let language = settings.language;
    for action in actions.read() {
        let Some(valid) = explorer.workbench.valid().cloned() else {
            continue;
        };
        let look = OutputOptions {
            language,
            studio: lighting.studio,
            size: explorer.interaction.picture,
        };
        let note = match action {
            KeepAction::CopySource | KeepAction::CopyCommand => {
                let text = if *action == KeepAction::CopySource {
                    Some(valid.chain.source())
                } else {
                    let words = view_words(&explorer, &pose, *projection_mode, &now);
                    command::line(&valid.setup, &words)
                };
                match (text, contexts.ctx_mut()) {
                    (Some(text), Ok(context)) => {
                        context.copy_text(text);
                        Ok(Word::Copied.text(language).to_owned())
                    }
                    _ => continue,
                }
            }
            KeepAction::SaveLesson => save_lesson(&explorer, &pose)
                .map(|path| format!("{} {}", Word::Saved.text(language), path.display())),
            KeepAction::Picture => {
                let words = view_words(&explorer, &pose, *projection_mode, &now);
                begin_picture(&valid.setup, &words, look).map(|job| {
                    let note = making(&job, language);
                    jobs.0.push(job);
                    note
                })
            }
            KeepAction::Record => save_lesson(&explorer, &pose)
                .and_then(|lesson| begin_recording(&lesson, look, settings.motion))
                .map(|job| {
                    let note = making(&job, language);
                    jobs.0.push(job);
                    note
                }),
        };
        explorer.interaction.note = Some(match note {
            Ok(note) => note,
            Err(why) => format!("{} {}", Word::Failed.text(language), why.say(language)),
        });
    }
}

fn making(job: &Job, language: Language) -> String {
    format!("{} {}…", Word::Recording.text(language), job.path.display())
}

/// How what is made looks.
#[derive(Debug, Clone, Copy)]
struct OutputOptions {
    language: Language,
    studio: Studio,
    size: (u32, u32),
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

/// Writes the lesson where the program was started.
fn save_lesson(explorer: &Explorer, pose: &CameraPose) -> Result<PathBuf, KeepError> {
    let valid = explorer.workbench.valid().ok_or(KeepError::NothingToSave)?;
    let shot = (pose.yaw.to_degrees(), pose.pitch.to_degrees());
    // A lesson's shots go once round at most.
    let yaw = (shot.0 + 180.0).rem_euclid(360.0) - 180.0;
    let folder = std::env::current_dir().unwrap_or_default();
    let text = Workbench::new(gathered(&valid.setup, &folder)?)
        .lesson_text(Some((
            (yaw * 10.0).round() / 10.0,
            (shot.1 * 10.0).round() / 10.0,
        )))
        .ok_or(KeepError::NothingToSave)?;
    let path = disk::free_path(&folder, &file_stem(&valid.setup), "ron");
    disk::write(&path, text).map_err(|why| KeepError::Write {
        path: path.clone(),
        why: why.into(),
    })?;
    Ok(path)
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

fn begin_picture(setup: &Setup, words: &ViewWords, look: OutputOptions) -> Result<Job, KeepError> {
    let path = free_path(&file_stem(setup), "png");
    let words = command::words(setup, words).ok_or(KeepError::NothingToDraw)?;
    let mut arguments = words;
    arguments.extend(look.words());
    arguments.extend(["--picture".to_owned(), path.to_string_lossy().into_owned()]);
    begin(arguments, path, Word::Saved)
}

fn begin_recording(lesson: &Path, look: OutputOptions, motion: Motion) -> Result<Job, KeepError> {
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
) {
    if jobs.0.is_empty() {
        return;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_layers_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let stem = file_stem(&Setup::default());
        assert_eq!(stem, "conv2d-3x6x6");
        let first = disk::free_path(folder.path(), &stem, "ron");
        std::fs::write(&first, "").unwrap();
        let second = disk::free_path(folder.path(), &stem, "ron");
        assert!(second.ends_with("conv2d-3x6x6-2.ron"));
    }
}
