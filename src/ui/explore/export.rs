//! What is kept: a lesson, a picture, a video, and lines for the clipboard.

use std::path::PathBuf;

use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::action::KeepAction;
#[cfg(feature = "record")]
use super::jobs::{OutputOptions, begin_picture, begin_recording, making};
use super::session::{Explorer, SessionSystems};
use super::transport::position;
use super::words::Word;
use crate::camera::{CameraPose, ProjectionMode};
#[cfg(not(target_family = "wasm"))]
use crate::disk;
use crate::explore::command::{self, ViewWords};
use crate::explore::gathered::GatherError;
use crate::explore::{Setup, Workbench};
use crate::language::{Localized, Message, SystemError, message_error, says};
use crate::playback::{CurrentSample, ShowSystems};
#[cfg(feature = "record")]
use crate::stage::draw::Lighting;
use crate::ui::Settings;

/// Why nothing was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeepError {
    /// There is no good setup.
    NothingToSave,
    /// The setup cannot be written as a command.
    #[cfg(feature = "record")]
    NothingToDraw,
    /// A file that cannot be written.
    Write { path: PathBuf, why: SystemError },
    /// The program itself cannot be started in the background.
    #[cfg(feature = "record")]
    Start(SystemError),
}

impl Message for KeepError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NothingToSave => {
                says!(en: "there is nothing to save", ja: "保存するものがありません。")
            }
            #[cfg(feature = "record")]
            Self::NothingToDraw => {
                says!(en: "there is nothing to draw", ja: "描くものがありません。")
            }
            Self::Write { path, why } => {
                let (path, why) = (path.display(), why.message());
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            #[cfg(feature = "record")]
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

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        handle_keep.after(SessionSystems).in_set(ShowSystems::Input),
    );
    #[cfg(feature = "record")]
    app.add_plugins(super::jobs::plugin);
}

/// The view as a command line carries it.
pub(in crate::ui) fn view_words(
    explorer: &Explorer,
    pose: &CameraPose,
    projection_mode: ProjectionMode,
    now: &CurrentSample,
) -> ViewWords {
    ViewWords {
        camera: Some(pose.to_degrees()),
        spread: explorer.interaction.spread,
        slice: explorer.interaction.slice,
        position: position(now),
        perspective: projection_mode == ProjectionMode::Perspective,
    }
}

/// A name for files of a setup: `conv2d-3x6x6`.
pub(super) fn file_stem(setup: &Setup) -> String {
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
#[cfg(feature = "record")]
pub(super) fn free_path(stem: &str, end: &str) -> PathBuf {
    let folder = std::env::current_dir().unwrap_or_default();
    disk::free_path(&folder, stem, end)
}

pub(super) fn handle_keep(
    mut actions: MessageReader<KeepAction>,
    explorer: Option<ResMut<Explorer>>,
    mut contexts: EguiContexts,
    #[cfg(feature = "record")] mut jobs: ResMut<super::jobs::Jobs>,
    pose: Res<CameraPose>,
    projection_mode: Res<ProjectionMode>,
    now: Res<CurrentSample>,
    settings: Res<Settings>,
    #[cfg(feature = "record")] lighting: Res<Lighting>,
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
        #[cfg(feature = "record")]
        let look = OutputOptions {
            language,
            studio: lighting.studio,
            size: explorer.interaction.picture,
        };
        let note = match action {
            KeepAction::CopySource | KeepAction::CopyCommand => {
                let text = if *action == KeepAction::CopySource {
                    Some(valid.chain.pytorch())
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
            #[cfg(feature = "record")]
            KeepAction::Picture => {
                let words = view_words(&explorer, &pose, *projection_mode, &now);
                begin_picture(&valid.setup, &words, look).map(|job| {
                    let note = making(&job, language);
                    jobs.0.push(job);
                    note
                })
            }
            #[cfg(feature = "record")]
            KeepAction::Record if jobs.percent().is_some() => {
                Ok(Word::IsRecording.text(language).to_owned())
            }
            #[cfg(feature = "record")]
            KeepAction::Record => save_lesson(&explorer, &pose)
                .and_then(|lesson| begin_recording(&lesson, look, settings.motion))
                .map(|job| {
                    let note = making(&job, language);
                    jobs.0.push(job);
                    note
                }),
            #[cfg(target_family = "wasm")]
            KeepAction::Picture => {
                let name = format!("{}.png", file_stem(&valid.setup));
                crate::web::picture(&name);
                Ok(format!("{} {name}", Word::Saved.text(language)))
            }
            #[cfg(target_family = "wasm")]
            KeepAction::Record => {
                let name = format!("{}.webm", file_stem(&valid.setup));
                match crate::web::clip(&name) {
                    Some(true) => Ok(Word::ClipRuns.text(language).to_owned()),
                    Some(false) => Ok(format!("{} {name}", Word::Saved.text(language))),
                    None => continue,
                }
            }
            #[cfg(not(any(feature = "record", target_family = "wasm")))]
            KeepAction::Picture | KeepAction::Record => continue,
            KeepAction::Cancel => {
                #[cfg(feature = "record")]
                jobs.cancel();
                continue;
            }
        };
        explorer.interaction.note = Some(match note {
            Ok(note) => note,
            Err(why) => format!("{} {}", Word::Failed.text(language), why.say(language)),
        });
    }
}

/// The lesson of what stands on the workbench, seen as it is now.
fn lesson_text(setup: Setup, pose: &CameraPose) -> Result<String, KeepError> {
    let (yaw, pitch) = (pose.yaw.to_degrees(), pose.pitch.to_degrees());
    // A lesson's shots go once round at most.
    let yaw = (yaw + 180.0).rem_euclid(360.0) - 180.0;
    let tenth = |angle: f32| (angle * 10.0).round() / 10.0;
    Workbench::new(setup)
        .lesson_text(Some((tenth(yaw), tenth(pitch))))
        .ok_or(KeepError::NothingToSave)
}

/// Writes the lesson where the program was started, and the files that it names beside it.
#[cfg(not(target_family = "wasm"))]
fn save_lesson(explorer: &Explorer, pose: &CameraPose) -> Result<PathBuf, KeepError> {
    let valid = explorer.workbench.valid().ok_or(KeepError::NothingToSave)?;
    let folder = std::env::current_dir().unwrap_or_default();
    let setup = crate::explore::gathered::gathered(&valid.setup, &folder)?;
    let text = lesson_text(setup, pose)?;
    let path = disk::free_path(&folder, &file_stem(&valid.setup), "ron");
    disk::write(&path, text).map_err(|why| KeepError::Write {
        path: path.clone(),
        why: why.into(),
    })?;
    Ok(path)
}

/// Hands the lesson to the browser. The files that it names are where they came from.
#[cfg(target_family = "wasm")]
fn save_lesson(explorer: &Explorer, pose: &CameraPose) -> Result<PathBuf, KeepError> {
    let valid = explorer.workbench.valid().ok_or(KeepError::NothingToSave)?;
    let text = lesson_text(valid.setup.clone(), pose)?;
    let name = format!("{}.ron", file_stem(&valid.setup));
    crate::web::save(&name, "text/plain", text.as_bytes());
    Ok(PathBuf::from(name))
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
