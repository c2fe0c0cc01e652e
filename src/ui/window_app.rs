//! The program with its panels: in a window on a desktop, and on a web page.

use std::path::PathBuf;

use bevy::app::PanicHandlerPlugin;
use bevy::asset::AssetPlugin;
#[cfg(not(target_family = "wasm"))]
use bevy::camera::CameraPlugin;
#[cfg(not(target_family = "wasm"))]
use bevy::log::Level;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderApp;
#[cfg(not(target_family = "wasm"))]
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::window::{PresentMode, WindowPlugin};
use bevy::winit::WinitPlugin;

use super::explore::OpenWorkbench;
use super::network::OpenNetwork;
use super::{LearningProgress, Library, OpenLesson, Settings};
use crate::disk::Reach;
use crate::stage::draw::{EnginePlugins, Lighting, Redraw};
use crate::stage::palette::Studio;

/// What the window shows at first.
pub enum Opening {
    /// The list of lessons.
    List,
    /// A lesson.
    Lesson(OpenLesson),
    /// The workbench.
    Workbench(Box<OpenWorkbench>),
    /// A whole network.
    Network(OpenNetwork),
}

/// The lessons that are listed.
pub struct Lessons {
    /// The folder that they lie in.
    pub folder: PathBuf,
    /// Their names and files.
    pub files: Vec<(String, PathBuf)>,
    /// Which files a lesson may name.
    pub reach: Reach,
}

/// The program, ready to run.
pub fn window_app(
    window: Window,
    settings: Settings,
    studio: Studio,
    lessons: Lessons,
    opening: Opening,
) -> App {
    let log = LogPlugin {
        // What a person can do nothing about is told when it is asked for, by `RUST_LOG`.
        #[cfg(not(target_family = "wasm"))]
        level: Level::ERROR,
        // That there is no file chooser is told in the window.
        #[cfg(not(target_family = "wasm"))]
        filter: format!("{},rfd=off", bevy::log::DEFAULT_FILTER),
        ..default()
    };
    let plugins = EnginePlugins
        .build()
        .set(WindowPlugin {
            primary_window: Some(Window {
                title: "Tensorama".to_owned(),
                name: Some("tensorama".to_owned()),
                present_mode: PresentMode::AutoVsync,
                ..window
            }),
            ..default()
        })
        .add_after::<PanicHandlerPlugin>(log)
        // After what loads the pictures of pointers.
        .add_after::<AssetPlugin>(WinitPlugin::default());
    #[cfg(not(target_family = "wasm"))]
    let plugins = plugins.add_after::<CameraPlugin>(PipelinedRenderingPlugin);
    #[cfg(feature = "audio")]
    let plugins = plugins.add(bevy::audio::AudioPlugin::default());
    #[cfg(all(feature = "audio", target_os = "linux"))]
    let complaints = crate::playback::alsa_complaints::catch();
    let mut app = App::new();
    app.add_plugins(plugins)
        .insert_resource(settings)
        .add_plugins((
            crate::playback::plugin,
            crate::playback::clock_plugin,
            crate::stage::plugin,
            crate::camera::plugin,
            crate::camera::free::plugin,
            super::plugin,
            super::remembered::plugin,
            super::rest::plugin,
        ))
        .insert_resource(Library::unread(
            lessons.folder,
            lessons.files,
            lessons.reach,
        ))
        .insert_resource(LearningProgress::load(crate::disk::progress_path()))
        .insert_resource(Lighting {
            studio,
            ..Lighting::default()
        })
        .add_systems(
            Startup,
            move |mut commands: Commands,
                  mut opened: MessageWriter<OpenLesson>,
                  mut workbenches: MessageWriter<OpenWorkbench>,
                  mut networks: MessageWriter<OpenNetwork>| {
                commands.spawn((
                    crate::camera::stage_camera(),
                    // The picture of the last frame is drawn on; the backdrop covers all of a new one.
                    Camera {
                        clear_color: ClearColorConfig::None,
                        ..default()
                    },
                    crate::camera::free::free_camera(),
                    super::panel_camera(),
                ));
                match &opening {
                    Opening::List => {}
                    Opening::Lesson(open) => {
                        opened.write(*open);
                    }
                    Opening::Workbench(open) => {
                        workbenches.write((**open).clone());
                    }
                    Opening::Network(open) => {
                        networks.write(open.clone());
                    }
                }
            },
        );
    #[cfg(all(feature = "audio", target_os = "linux"))]
    if let Some(complaints) = complaints {
        debug!("{}", complaints.borrow());
    }
    // What a frame leaves as it was is not drawn again.
    if let Some(render_app) = app.get_sub_app_mut(RenderApp) {
        // Behind a page's poster nobody sees the first frame, in which no lettering stands.
        let mut redraw = Redraw::keeping();
        redraw.rehearsed = cfg!(target_family = "wasm");
        render_app.insert_resource(redraw);
    }
    #[cfg(unix)]
    app.add_plugins(super::end_signal::plugin);
    #[cfg(feature = "audio")]
    app.add_plugins(crate::playback::sound::plugin);
    app
}
