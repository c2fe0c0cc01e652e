//! The program on a web page.
//!
//! The page (`assets/web/`) fetches what the program needs, hands it over and starts it; from then on each
//! asks the other for what only the other can do. What the program asks for is [`host`]; what the page calls
//! is [`calls`].

#![allow(
    unsafe_code,
    reason = "what wasm_bindgen writes for the functions that cross over"
)]

mod address;
pub mod anchors;
pub mod calls;
mod choices;
mod commands;
mod curtain;
mod fonts;
mod host;
mod narration;
mod sentences;
pub mod typing;

use std::path::{Path, PathBuf};

use bevy::prelude::*;
use bevy::render::{Render, RenderApp, RenderSystems};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::disk::{Reach, page, settings_path};
use crate::explore::Way;
use crate::language::{Language, Tongue};
use crate::lesson;
use crate::link::Link;
use crate::stage::palette::Studio;
use crate::timeline::Motion;
use crate::ui::Settings;
use crate::ui::links::{LinkNote, OpenLink};
use crate::ui::remembered::Remembered;
use crate::ui::rest::Activity;
use crate::ui::window_app::{Lessons, Opening, window_app};

/// Where the page puts the lessons.
const LESSONS: &str = "lessons";

/// What the page says of itself and its browser.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Start {
    /// What stands behind `#` in the address.
    link: String,
    /// The code of the language that was chosen, or that the page has found for its reader: `ja`, for one.
    lang: String,
    /// The lessons that have sentences in further languages.
    sentences: sentences::Offered,
    /// Whether the dark room was chosen, or the browser's user likes dark pages.
    dark: bool,
    /// Whether less motion was chosen, or the browser's user wants it.
    reduced: bool,
    /// Whether the page is a part of another one.
    embed: bool,
    /// Whether the poster stands before the stage.
    held: bool,
}

/// What the browser keeps.
struct Browser;

impl page::Keeper for Browser {
    fn kept(&self, name: &str) -> Option<String> {
        host::kept(name)
    }

    fn keep(&self, name: &str, text: &str) -> bool {
        host::keep(name, text)
    }
}

/// Starts the program on the canvas `#stage`, with what the page has put on it. `start` is JSON.
#[wasm_bindgen]
pub fn start(start: &str) {
    let start: Start = serde_json::from_str(start).unwrap_or_default();
    page::keep_with(Browser);
    // Language, light and motion are the page's to say: it knows the browser's, and what was chosen instead.
    let remembered = Remembered::read(settings_path().as_deref());
    let tongue = start.lang.parse().unwrap_or(Tongue::Own(Language::En));
    sentences::offer(&start.sentences);
    let settings = Settings {
        language: tongue.words(),
        sentences: tongue.other(),
        scale: remembered.scale,
        motion: if start.reduced {
            Motion::Reduced
        } else {
            Motion::Full
        },
        embedded: start.embed,
        ..Settings::default()
    };
    let studio = if start.dark {
        Studio::Dark
    } else {
        Studio::Light
    };
    let window = Window {
        canvas: Some("#stage".to_owned()),
        fit_canvas_to_parent: true,
        // Keys that the program takes are not the browser's; those with Control that it does not, are.
        prevent_default_event_handling: false,
        ..default()
    };
    let lessons = Lessons {
        folder: PathBuf::from(LESSONS),
        files: lessons(),
        reach: Reach::Folder,
    };
    let mut note = LinkNote::default();
    note.hold(start.held);
    let link = address::open(&start.link, &settings, &mut note);
    let mut app = window_app(window, settings, studio, lessons, Opening::List);
    app.insert_resource(note)
        .insert_resource(curtain::Curtain::new(start.held))
        .add_plugins((
            address::plugin,
            anchors::plugin,
            calls::plugin,
            choices::plugin,
            commands::plugin,
            curtain::plugin,
            fonts::plugin,
            narration::plugin,
            sentences::plugin,
            typing::plugin,
        ))
        .add_systems(Startup, move |mut links: MessageWriter<OpenLink>| {
            if link != Link::default() {
                links.write(OpenLink {
                    link: link.clone(),
                    way: Way::Forward,
                });
            }
        })
        .add_systems(
            First,
            take_files
                .after(calls::deliver)
                .before(address::read_address),
        );
    if let Some(render_app) = app.get_sub_app_mut(RenderApp) {
        render_app.add_systems(Render, tell_first_frame.in_set(RenderSystems::Cleanup));
    }
    app.run();
}

/// The lessons that the page has brought, in the order of the curriculum.
fn lessons() -> Vec<(String, PathBuf)> {
    let files = page::list(Path::new(LESSONS)).into_iter();
    let mut lessons: Vec<(String, PathBuf)> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
        .collect();
    lessons.sort_by_cached_key(|(name, path)| {
        let text = crate::disk::read_text(path).unwrap_or_default();
        (lesson::number_of(&text).unwrap_or(u32::MAX), name.clone())
    });
    lessons
}

/// Tells the page that there is something to see: the second frame, whose lettering stands. As soon as that is drawn:
/// the third takes as long again.
fn tell_first_frame(mut frames: Local<u32>) {
    *frames = frames.saturating_add(1);
    if *frames == 2 {
        host::ready();
    }
}

/// A file that was dropped or chosen arrives as on a desktop.
fn take_files(
    mut calls: MessageReader<calls::Call>,
    windows: Query<Entity, With<bevy::window::PrimaryWindow>>,
    settings: Res<Settings>,
    mut note: ResMut<LinkNote>,
    mut activity: ResMut<Activity>,
    mut dropped: MessageWriter<bevy::window::FileDragAndDrop>,
) {
    for call in calls.read() {
        match call {
            calls::Call::File(name) if !address::waits_for(name) => {
                if let Ok(window) = windows.single() {
                    dropped.write(bevy::window::FileDragAndDrop::DroppedFile {
                        window,
                        path_buf: PathBuf::from(name),
                    });
                }
            }
            calls::Call::Failed(name, why) => {
                let text = crate::says!(
                    en: "{name} cannot be fetched: {why}",
                    ja: "{name} を取得できません: {why}"
                );
                let text = text.get(settings.language).clone();
                if address::waits_for(name) {
                    note.fail(text, settings.embedded);
                } else {
                    note.tell(text);
                }
            }
            calls::Call::Thumbnails => activity.moves(),
            _ => {}
        }
    }
}

/// Saves a file on the user's machine.
pub fn save(name: &str, mime: &str, bytes: &[u8]) {
    host::save(name, mime, bytes);
}

/// Has the user choose files.
pub fn choose() {
    host::choose();
}

/// Saves a picture of what is seen.
pub fn picture(name: &str) {
    host::picture(name);
}

/// Begins a clip of what is seen, or ends and saves the one that was begun; whether one runs now. `None` where the
/// browser cannot, which the page tells.
#[must_use]
pub fn clip(name: &str) -> Option<bool> {
    host::clip(name)
}

/// The page fills the screen, or does so no longer.
pub fn full_screen() {
    host::full_screen();
}

/// The address of the page.
#[must_use]
pub fn page_address() -> String {
    host::page()
}
