//! Language, light and size of the window at the workbench.

use bevy::prelude::*;

use super::action::WindowAction;
use super::session::Explorer;
use super::words::Word;
use crate::timeline::Motion;
use crate::ui::{Settings, SettingsAction, ViewAction};

/// Changes how the window is. Light, lens, motion and full screen are the same as where lessons play.
pub(super) fn handle_window(
    mut actions: MessageReader<WindowAction>,
    explorer: Option<ResMut<Explorer>>,
    mut settings: ResMut<Settings>,
    mut view: MessageWriter<ViewAction>,
    mut shared: MessageWriter<SettingsAction>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        match *action {
            WindowAction::Language(language) => {
                settings.language = language;
                // It was told in the other one.
                explorer.interaction.note = None;
            }
            WindowAction::Scale(scale) => settings.scale = scale.clamp(0.6, 2.5),
            WindowAction::Larger(larger) => {
                let change = if larger { 0.1 } else { -0.1 };
                settings.scale = (settings.scale + change).clamp(0.6, 2.5);
            }
            WindowAction::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            WindowAction::ToggleStudio => _ = view.write(ViewAction::ToggleStudio),
            WindowAction::ToggleLens => _ = view.write(ViewAction::ToggleLens),
            WindowAction::CopyLink => _ = view.write(ViewAction::CopyLink),
            WindowAction::ChooseFiles => _ = view.write(ViewAction::ChooseFiles),
            WindowAction::ToggleFullScreen => _ = view.write(ViewAction::ToggleFullScreen),
            WindowAction::ToggleMotion => {
                // What there was before the change that this asks for.
                let reduced = settings.motion == Motion::Full;
                explorer.interaction.note = Some(format!(
                    "{}: {}",
                    Word::Motion.text(settings.language),
                    if reduced { "✓" } else { "—" }
                ));
                shared.write(SettingsAction::ToggleMotion);
            }
        }
    }
}
