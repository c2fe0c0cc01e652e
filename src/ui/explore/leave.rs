//! How a workbench is left: for where one came from, or for the one before it.

use bevy::prelude::*;

use super::action::SessionAction;
use super::saved_workbenches::SavedWorkbenches;
use super::session::Explorer;
use super::words::Word;
use crate::camera::{CameraMode, CameraPose, ProjectionMode};
use crate::playback::{Playhead, Show};
use crate::stage::highlight::Highlight;
use crate::timeline::Start;
use crate::ui::library::OpenLesson;
use crate::ui::network::NetworkExplorer;
use crate::ui::{Screen, Settings, go_to};

/// Keeps a workbench that is left, and exchanges one for another.
pub(super) fn handle_session(
    mut commands: Commands,
    mut actions: MessageReader<SessionAction>,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    (show, playhead): (Option<Res<Show>>, Res<Playhead>),
    (pose, mut projection_mode): (Res<CameraPose>, ResMut<ProjectionMode>),
    mut kept: ResMut<SavedWorkbenches>,
    (network, mut screen): (Option<Res<NetworkExplorer>>, ResMut<NextState<Screen>>),
    mut open: MessageWriter<OpenLesson>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        let place = explorer.here(show.as_deref(), &playhead);
        let present = explorer.to_saved(*pose, *projection_mode, place);
        match action {
            SessionAction::Leave => {
                kept.keep(present);
                match explorer.lesson {
                    Some((index, at)) => {
                        open.write(OpenLesson {
                            index,
                            at: Start::Place(at),
                            playing: false,
                        });
                    }
                    None => {
                        commands.remove_resource::<Show>();
                        let back = if network.is_some() {
                            Screen::Network
                        } else {
                            Screen::Lessons
                        };
                        go_to(&mut screen, back);
                    }
                }
            }
            SessionAction::Previous => {
                let word = match kept.exchange(present) {
                    Ok(other) => {
                        *projection_mode = other.projection_mode;
                        *explorer = Explorer::again(other, explorer.lesson);
                        Word::FoundAgain
                    }
                    Err(_) => Word::NoOther,
                };
                explorer.interaction.note = Some(word.text(settings.language).to_owned());
            }
        }
    }
}

/// Takes away what the workbench has brought.
pub(super) fn leave(
    mut commands: Commands,
    mut highlight: ResMut<Highlight>,
    mut camera: ResMut<CameraMode>,
    mut playhead: ResMut<Playhead>,
    mut projection_mode: ResMut<ProjectionMode>,
) {
    commands.remove_resource::<Explorer>();
    *highlight = Highlight::default();
    *camera = CameraMode::Guided;
    *projection_mode = ProjectionMode::Parallel;
    playhead.speed = 1.0;
}
