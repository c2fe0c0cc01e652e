//! Wakes the window when the open lesson's file is saved, or that of its sentences: while it rests it looks at nothing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bevy::prelude::*;
use bevy::winit::{EventLoopProxyWrapper, WinitUserEvent};

use super::library::Library;
use crate::disk;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_millis(250);

/// The files that are watched, shared with the thread that watches them.
#[derive(Resource, Clone, Default)]
struct Watched(Arc<Mutex<Vec<PathBuf>>>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Watched>()
        .add_systems(Startup, begin)
        .add_systems(Update, watch.run_if(resource_changed::<Library>));
}

fn watch(library: Res<Library>, watched: Res<Watched>) {
    *watched.0.lock().unwrap_or_else(PoisonError::into_inner) = library.open_files();
}

/// Begins to watch, until the window is closed.
fn begin(watched: Res<Watched>, proxy: Option<Res<EventLoopProxyWrapper>>) {
    let Some(proxy) = proxy else {
        return;
    };
    let proxy = (**proxy).clone();
    let watched = Arc::downgrade(&watched.0);
    let looking = move || {
        let mut before = Vec::new();
        while let Some(watched) = watched.upgrade() {
            let files = watched
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let now: Vec<_> = files
                .into_iter()
                .map(|path| (disk::stamp(&path), path))
                .collect();
            let saved = now != before && !before.is_empty();
            if saved && proxy.send_event(WinitUserEvent::WakeUp).is_err() {
                return;
            }
            before = now;
            drop(watched);
            std::thread::sleep(EVERY);
        }
    };
    let thread = std::thread::Builder::new().name("lesson file".to_owned());
    if let Err(why) = thread.spawn(looking) {
        warn!("lessons are not reloaded while nothing moves: {why}");
    }
}
