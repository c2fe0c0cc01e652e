//! What somebody chooses here that the browser has a setting for, too: the page goes by it at the next visit. What only
//! a link says is nobody's choice.

use bevy::prelude::*;

use super::host;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::Motion;
use crate::ui::{Settings, SettingsAction, ViewAction};

pub(super) fn plugin(app: &mut App) {
    // By then it is done.
    app.add_systems(Last, tell_choices);
}

fn tell_choices(
    mut settings_actions: MessageReader<SettingsAction>,
    mut view_actions: MessageReader<ViewAction>,
    settings: Res<Settings>,
    lighting: Res<Lighting>,
) {
    for action in settings_actions.read() {
        match action {
            SettingsAction::Language(tongue) => host::chose("language", tongue.code()),
            SettingsAction::ToggleMotion => {
                let motion = match settings.motion {
                    Motion::Full => "full",
                    Motion::Reduced => "reduced",
                };
                host::chose("motion", motion);
            }
            SettingsAction::ToggleCaptions
            | SettingsAction::ToggleSound
            | SettingsAction::ToggleKeys => {}
        }
    }
    for action in view_actions.read() {
        match action {
            ViewAction::ToggleStudio => {
                let theme = match lighting.studio {
                    Studio::Light => "light",
                    Studio::Dark => "dark",
                };
                host::chose("theme", theme);
            }
            ViewAction::ToggleFullScreen
            | ViewAction::ToggleLens
            | ViewAction::GuideCamera
            | ViewAction::CopyLink => {}
        }
    }
}
