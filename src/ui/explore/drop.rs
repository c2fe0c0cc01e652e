//! Files that are dropped onto the window.

use bevy::prelude::*;
use bevy::window::FileDragAndDrop;

use super::session::Explorer;
use crate::disk::{self, Reach};
use crate::explore::opened;
use crate::language::Message;
use crate::tensor::read_file;
use crate::ui::Library;

/// A file that is dropped onto the window becomes the input, or what a text in it says.
pub(super) fn take_dropped_files(
    mut dropped: MessageReader<FileDragAndDrop>,
    explorer: Option<ResMut<Explorer>>,
    library: Option<Res<Library>>,
) {
    let Some(mut explorer) = explorer else {
        dropped.clear();
        return;
    };
    let reach = library.map_or_else(Reach::default, |library| library.reach());
    for event in dropped.read() {
        let FileDragAndDrop::DroppedFile { path_buf, .. } = event else {
            continue;
        };
        let path = path_buf.to_string_lossy().into_owned();
        let end = path_buf.extension().unwrap_or_default();
        let end = end.to_string_lossy().to_lowercase();
        let ends = |ends: &[&str]| ends.contains(&end.as_str());
        let setup = explorer.workbench.setup().clone();
        let made = if ends(&["ron"]) {
            super::saved_workbenches::read_setup(path_buf, reach)
                .map_err(|why| opened::OpenError::Lesson { why: why.message() })
        } else if ends(&["py", "txt"]) {
            match disk::read_text(path_buf) {
                Ok(text) => opened::paste(&text, &setup).map_err(|why| opened::OpenError::Text {
                    path,
                    why: Box::new(why),
                }),
                Err(why) => Err(opened::OpenError::Read { path, why }),
            }
        } else {
            opened::drop(&path, &setup, &read_file)
        };
        explorer.take(made);
    }
}
