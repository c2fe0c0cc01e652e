//! Language, light and size of the window at the workbench.

use bevy::prelude::*;

use super::action::WindowAction;
use super::session::Explorer;
use super::words::Word;
use crate::timeline::Motion;
use crate::ui::{Asked, Settings, UiAction};

/// Changes how the window is. Light, lens, motion and full screen are the same as where lessons play.
pub(super) fn handle_window(
    mut actions: MessageReader<WindowAction>,
    explorer: Option<ResMut<Explorer>>,
    mut settings: ResMut<Settings>,
    mut asked: MessageWriter<Asked>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        match *action {
            WindowAction::Language(language) => settings.language = language,
            WindowAction::Scale(scale) => settings.scale = scale.clamp(0.6, 2.5),
            WindowAction::Larger(larger) => {
                let change = if larger { 0.1 } else { -0.1 };
                settings.scale = (settings.scale + change).clamp(0.6, 2.5);
            }
            WindowAction::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            WindowAction::ToggleStudio => _ = asked.write(Asked(UiAction::ToggleStudio)),
            WindowAction::ToggleLens => _ = asked.write(Asked(UiAction::ToggleLens)),
            WindowAction::ToggleFullScreen => _ = asked.write(Asked(UiAction::ToggleFullScreen)),
            WindowAction::ToggleMotion => {
                // What there was before the change that this asks for.
                let reduced = settings.motion == Motion::Full;
                explorer.hand.note = Some(format!(
                    "{}: {}",
                    Word::Motion.text(settings.language),
                    if reduced { "✓" } else { "—" }
                ));
                asked.write(Asked(UiAction::ToggleMotion));
            }
        }
    }
}
