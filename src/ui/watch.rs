//! Wakes the window when the open lesson's file is saved: while it rests it looks at nothing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bevy::prelude::*;
use bevy::winit::{EventLoopProxyWrapper, WinitUserEvent};

use super::library::Library;
use crate::disk;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(250);

/// The file that is watched, shared with the thread that watches it.
#[derive(Resource, Clone, Default)]
struct Watched(Arc<Mutex<Option<PathBuf>>>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Watched>()
        .add_systems(Startup, begin)
        .add_systems(Update, watch.run_if(resource_changed::<Library>));
}

fn watch(library: Res<Library>, watched: Res<Watched>) {
    let mut path = watched.0.lock().unwrap_or_else(PoisonError::into_inner);
    if path.as_deref() != library.open_path() {
        *path = library.open_path().map(PathBuf::from);
    }
}

/// Begins to watch, until the window is closed.
fn begin(watched: Res<Watched>, proxy: Option<Res<EventLoopProxyWrapper>>) {
    let Some(proxy) = proxy else {
        return;
    };
    let proxy = (**proxy).clone();
    let watched = Arc::downgrade(&watched.0);
    let looking = move || {
        let mut before = None;
        while let Some(watched) = watched.upgrade() {
            let path = watched
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let now = path.map(|path| (disk::stamp(&path), path));
            let saved = now != before && before.is_some();
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
