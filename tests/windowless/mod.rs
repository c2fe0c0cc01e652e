//! An app as a window has it, without renderer, window and panels.

use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use tensorama::ui::{Library, OpenLesson, Screen, Settings};

/// An app with a stage and the state of a window. The sessions of its screens are up to the test.
pub fn app() -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, TransformPlugin, StatesPlugin))
        .add_plugins((
            tensorama::playback::plugin,
            tensorama::playback::clock_plugin,
            tensorama::stage::plugin,
            tensorama::camera::plugin,
        ))
        .init_state::<Screen>()
        .init_resource::<Settings>()
        .init_resource::<Library>()
        .add_message::<OpenLesson>()
        .add_message::<bevy::window::FileDragAndDrop>();
    app.world_mut().spawn(tensorama::camera::stage_camera());
    app
}
