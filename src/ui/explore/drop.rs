//! Files that are dropped onto the window, or whose names are pasted into it.

use std::path::Path;

use bevy::prelude::*;
use bevy::window::{FileDragAndDrop, PrimaryWindow};
use bevy_egui::EguiContexts;

use super::open::{FirstView, OpenWorkbench};
use super::session::Explorer;
use crate::disk::{self, Reach};
use crate::explore::Setup;
use crate::explore::network_file;
use crate::explore::opened::{self, OpenError};
use crate::explore::pasted_files::pasted_files;
use crate::language::{Language, Message};
use crate::playback::{Playhead, Show};
use crate::tensor::read_file;
use crate::timeline::{Place, Start};
use crate::ui::links::LinkNote;
use crate::ui::network::{NetworkExplorer, OpenNetwork};
use crate::ui::{Library, OpenLesson, Screen, Settings};

/// A file that is dropped onto the workbench becomes the input, or what a text in it says. Elsewhere a
/// lesson is played, and anything else is put on a workbench.
pub(super) fn take_dropped_files(
    mut dropped: MessageReader<FileDragAndDrop>,
    explorer: Option<ResMut<Explorer>>,
    (network, screen): (Option<ResMut<NetworkExplorer>>, Res<State<Screen>>),
    library: Option<ResMut<Library>>,
    settings: Option<Res<Settings>>,
    mut note: Option<ResMut<LinkNote>>,
    (mut workbenches, mut networks): (MessageWriter<OpenWorkbench>, MessageWriter<OpenNetwork>),
    lessons: Option<MessageWriter<OpenLesson>>,
) {
    let files: Vec<_> = dropped
        .read()
        .filter_map(|event| match event {
            FileDragAndDrop::DroppedFile { path_buf, .. } => Some(path_buf.clone()),
            _ => None,
        })
        .collect();
    let reach = library
        .as_ref()
        .map_or_else(Reach::default, |library| library.reach());
    if let Some(mut network) = network.filter(|_| *screen.get() == Screen::Network) {
        for path in &files {
            let language = settings
                .as_ref()
                .map_or_else(Language::default, |settings| settings.language);
            if ending(path) == "onnx" {
                match network_file::view(&path.to_string_lossy()) {
                    Ok(Some(view)) => _ = networks.write(OpenNetwork(Box::new(view))),
                    Ok(None) => {}
                    Err(why) => network.note = Some(why.say(language)),
                }
                continue;
            }
            let fed = network.view.feed_file(&path.to_string_lossy());
            network.note = fed.err().map(|why| why.say(language));
        }
        return;
    }
    let Some(mut explorer) = explorer else {
        let (Some(mut library), Some(mut lessons)) = (library, lessons) else {
            return;
        };
        for path in files {
            if ending(&path) == "ron" {
                let index = library.add(&path);
                lessons.write(OpenLesson {
                    index,
                    at: Start::Place(Place::default()),
                    playing: true,
                });
                continue;
            }
            if ending(&path) == "onnx" {
                match network_file::view(&path.to_string_lossy()) {
                    Ok(Some(view)) => _ = networks.write(OpenNetwork(Box::new(view))),
                    Ok(None) => {}
                    Err(why) => {
                        if let (Some(note), Some(settings)) = (&mut note, &settings) {
                            note.tell(why.say(settings.language));
                        }
                    }
                }
                continue;
            }
            match opened_file(&path, &Setup::default(), reach) {
                Ok(setup) => {
                    workbenches.write(OpenWorkbench {
                        setup,
                        view: FirstView::default(),
                        pins: Vec::new(),
                        lesson: None,
                        part_field: None,
                        history: None,
                    });
                }
                Err(why) => {
                    if let (Some(note), Some(settings)) = (&mut note, &settings) {
                        note.tell(why.say(settings.language));
                    }
                }
            }
        }
        return;
    };
    for path in files {
        let setup = explorer.workbench.setup().clone();
        explorer.take(opened_file(&path, &setup, reach));
    }
}

/// What is pasted where there is no workbench: files are as if they were dropped, and layers go onto a workbench,
/// but from a network, whose numbers they would leave.
pub(in crate::ui) fn take_pasted(
    mut contexts: EguiContexts,
    (screen, settings): (Res<State<Screen>>, Res<Settings>),
    windows: Query<Entity, With<PrimaryWindow>>,
    (library, show, playhead): (Res<Library>, Option<Res<Show>>, Res<Playhead>),
    mut note: ResMut<LinkNote>,
    mut dropped: MessageWriter<FileDragAndDrop>,
    mut workbenches: MessageWriter<OpenWorkbench>,
) -> Result {
    let takes_layers = match screen.get() {
        Screen::Lessons | Screen::Show => true,
        Screen::Network => false,
        // The workbench takes what is pasted itself, and a review nothing.
        Screen::Explore | Screen::Review => return Ok(()),
    };
    let context = contexts.ctx_mut()?;
    if settings.embedded || context.egui_wants_keyboard_input() {
        return Ok(());
    }
    let text = context.input(|input| super::pasted(&input.events));
    let (Some(text), Ok(window)) = (text, windows.single()) else {
        return Ok(());
    };
    let files = pasted_files(&text);
    let any = !files.is_empty();
    for path_buf in files {
        dropped.write(FileDragAndDrop::DroppedFile { window, path_buf });
    }
    if any || !takes_layers {
        return Ok(());
    }
    // Escape leads back to the lesson.
    let lesson = library
        .open_place()
        .filter(|_| *screen.get() == Screen::Show);
    let lesson = lesson.zip(show);
    match opened::paste(&text, &Setup::default()) {
        Ok(setup) => {
            workbenches.write(OpenWorkbench {
                setup,
                view: FirstView::default(),
                pins: Vec::new(),
                lesson: lesson.map(|(open, show)| (open, show.timeline.place_at(playhead.time))),
                part_field: None,
                history: None,
            });
        }
        Err(why) => note.tell(why.say(settings.language)),
    }
    Ok(())
}

/// The ending of a file's name, in small letters.
fn ending(path: &Path) -> String {
    let end = path.extension().unwrap_or_default();
    end.to_string_lossy().to_lowercase()
}

/// What a pasted text makes of a setup: layers, or the files that it names, as if they were dropped.
pub(super) fn pasted(text: &str, onto: &Setup, reach: Reach) -> Result<Setup, OpenError> {
    let files = pasted_files(text);
    let Some((first, others)) = files.split_first() else {
        return opened::paste(text, onto);
    };
    let mut setup = opened_file(first, onto, reach)?;
    for file in others {
        setup = opened_file(file, &setup, reach)?;
    }
    Ok(setup)
}

/// What a file makes of a setup.
fn opened_file(path: &Path, onto: &Setup, reach: Reach) -> Result<Setup, OpenError> {
    let name = path.to_string_lossy().into_owned();
    match &*ending(path) {
        "ron" => super::saved_workbenches::read_setup(path, reach)
            .map_err(|why| OpenError::Lesson { why: why.message() }),
        "py" | "txt" => match disk::read_text(path) {
            Ok(text) => opened::paste(&text, onto).map_err(|why| OpenError::Text {
                path: name,
                why: Box::new(why),
            }),
            Err(why) => Err(OpenError::Read { path: name, why }),
        },
        "onnx" => {
            let folder = || disk::cache_folder().map(|folder| folder.join("networks"));
            let setup = network_file::setup(&name, (None, None, None), folder)?;
            setup.ok_or(OpenError::Kind(name))
        }
        _ => opened::drop(&name, onto, &read_file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Fill;

    #[test]
    fn a_pasted_path_or_address_of_an_array_becomes_the_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my array.npy");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }\n";
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.bytes());
        bytes.extend([0; 2 * 3 * 4 * 4]);
        std::fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        let onto = Setup::default();
        for text in [
            path.to_owned(),
            format!("file://{}", path.replace(' ', "%20")),
        ] {
            let setup = pasted(&text, &onto, Reach::default()).unwrap();
            assert_eq!(setup.input, [2, 3, 4], "{text}");
            assert_eq!(setup.fill, Fill::File(path.to_owned()), "{text}");
        }
        // A file that is not there is told as that, and no layer is looked for.
        let missing = pasted("file:///nowhere/cat.png", &onto, Reach::default());
        let told = missing.unwrap_err().to_string();
        assert!(told.contains("/nowhere/cat.png"), "{told}");
        // Layers are still layers.
        assert!(pasted("nn.ReLU()", &onto, Reach::default()).is_ok());
    }
}
