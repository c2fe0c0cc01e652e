//! What somebody chooses here that the browser has a setting for, too: the page goes by it at the next visit. What only
//! a link says is nobody's choice.

use bevy::prelude::*;

use super::host;
use crate::language::Tongue;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::Motion;
use crate::ui::explore::WindowAction;
use crate::ui::{Settings, SettingsAction, ViewAction};

/// What was asked for, until it is done: that may take a frame.
#[derive(Debug, Default)]
struct Asked {
    motion: bool,
    studio: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Last, tell_choices);
}

fn tell_choices(
    mut settings_actions: MessageReader<SettingsAction>,
    mut view_actions: MessageReader<ViewAction>,
    mut bench_actions: MessageReader<WindowAction>,
    settings: Res<Settings>,
    lighting: Res<Lighting>,
    mut asked: Local<Asked>,
    mut before: Local<Option<(Motion, Studio)>>,
) {
    for action in settings_actions.read() {
        match action {
            SettingsAction::Language(tongue) => host::chose("language", tongue.code()),
            SettingsAction::ToggleMotion => asked.motion = true,
            SettingsAction::ToggleCaptions
            | SettingsAction::ToggleSound
            | SettingsAction::ToggleKeys => {}
        }
    }
    for action in view_actions.read() {
        match action {
            ViewAction::ToggleStudio => asked.studio = true,
            ViewAction::ToggleFullScreen
            | ViewAction::ToggleLens
            | ViewAction::GuideCamera
            | ViewAction::CopyLink
            | ViewAction::ChooseFiles => {}
        }
    }
    for action in bench_actions.read() {
        match action {
            // Lessons go on in the language that they have sentences in.
            WindowAction::Language(language) => {
                host::chose("language", Tongue::of(*language, settings.sentences).code());
            }
            // Those that matter here are asked for once more, by the actions above.
            WindowAction::Scale(_)
            | WindowAction::Larger(_)
            | WindowAction::ToggleStudio
            | WindowAction::ToggleLens
            | WindowAction::ToggleMotion
            | WindowAction::ToggleKeys
            | WindowAction::ToggleFullScreen
            | WindowAction::CopyLink
            | WindowAction::ChooseFiles => {}
        }
    }
    let now = (settings.motion, lighting.studio);
    let (motion, studio) = before.replace(now).unwrap_or(now);
    if now.0 != motion && std::mem::take(&mut asked.motion) {
        let motion = match now.0 {
            Motion::Full => "full",
            Motion::Reduced => "reduced",
        };
        host::chose("motion", motion);
    }
    if now.1 != studio && std::mem::take(&mut asked.studio) {
        let theme = match now.1 {
            Studio::Light => "light",
            Studio::Dark => "dark",
        };
        host::chose("theme", theme);
    }
}
