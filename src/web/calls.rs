//! What the page calls: queued here, and read by systems, since the program cannot be entered twice.

use std::cell::RefCell;

use bevy::prelude::*;
use bevy::winit::{EventLoopProxy, EventLoopProxyWrapper, WinitUserEvent};
use wasm_bindgen::prelude::*;

use crate::disk::page;

/// Something that the page says.
#[derive(Message, Debug, Clone, PartialEq)]
pub(super) enum Call {
    /// A file was dropped or chosen; it lies on the page under this name.
    File(String),
    /// Another link stands in the address; whether one has gone back to it.
    Link(String, bool),
    /// The page around this one asks for something.
    Command(String),
    /// What a text field holds.
    Typed(String, String),
    /// Enter was pressed in a text field.
    Entered(String),
    /// A text field was left.
    Left(String),
    /// The browser's voice has come to the end of what it was to speak.
    Spoken,
    /// The narration of a lesson in a language, as text; empty where there is none.
    Narration(String, String, String),
    /// Fonts have come.
    Fonts,
    /// Sentences of a further language have come.
    Sentences,
    /// The lessons' small pictures have come.
    Thumbnails,
    /// The poster is gone.
    Raise,
    /// A file could not be fetched.
    Failed(String, String),
}

#[derive(Default)]
struct Calls {
    queue: Vec<Call>,
    proxy: Option<EventLoopProxy<WinitUserEvent>>,
}

thread_local! {
    static CALLS: RefCell<Calls> = RefCell::default();
}

/// Queues a call, and wakes the program.
fn queue(call: Call) {
    CALLS.with_borrow_mut(|calls| {
        calls.queue.push(call);
        if let Some(proxy) = &calls.proxy {
            // Without an event loop nobody is left to hear it.
            let _ = proxy.send_event(WinitUserEvent::WakeUp);
        }
    });
}

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Call>()
        .add_systems(Startup, hear)
        .add_systems(First, deliver);
}

fn hear(proxy: Res<EventLoopProxyWrapper>) {
    let proxy = (**proxy).clone();
    CALLS.with_borrow_mut(|calls| calls.proxy = Some(proxy));
}

pub(super) fn deliver(mut calls: MessageWriter<Call>) {
    calls.write_batch(CALLS.with_borrow_mut(|calls| std::mem::take(&mut calls.queue)));
}

/// Puts a file on the page.
#[wasm_bindgen]
pub fn put_file(path: &str, bytes: &[u8]) {
    page::put(path, bytes);
}

/// Takes the font files of a level: 0 for Latin letters, 1 with what lessons need of Japanese, 2 for all.
#[wasm_bindgen]
pub fn put_fonts(level: u32, medium: &[u8], bold: &[u8]) {
    crate::stage::text::font_files::put(level, [medium, bold]);
    queue(Call::Fonts);
}

/// The sentences of a language have been put on the page, all of them.
#[wasm_bindgen]
pub fn sentences_came() {
    queue(Call::Sentences);
}

/// The lessons' small pictures have been put on the page, all of them.
#[wasm_bindgen]
pub fn thumbnails_came() {
    queue(Call::Thumbnails);
}

/// Takes a file that was dropped or chosen.
#[wasm_bindgen]
pub fn take_file(name: &str, bytes: &[u8]) {
    page::put(name, bytes);
    queue(Call::File(name.to_owned()));
}

/// Shows what a link says. `back`: it was shown before what is on show.
#[wasm_bindgen]
pub fn open_link(text: &str, back: bool) {
    queue(Call::Link(text.to_owned(), back));
}

/// Does what the page around this one asks for, in JSON: `{"play": true}`, `{"pause": true}`,
/// `{"seek": 12.5}`, `{"link": "play+padding"}`.
#[wasm_bindgen]
pub fn command(json: &str) {
    queue(Call::Command(json.to_owned()));
}

/// Takes what a text field holds.
#[wasm_bindgen]
pub fn typed(id: &str, text: &str) {
    queue(Call::Typed(id.to_owned(), text.to_owned()));
}

/// Enter was pressed in a text field.
#[wasm_bindgen]
pub fn entered(id: &str) {
    queue(Call::Entered(id.to_owned()));
}

/// A text field was left.
#[wasm_bindgen]
pub fn left(id: &str) {
    queue(Call::Left(id.to_owned()));
}

/// The browser's voice has come to its end.
#[wasm_bindgen]
pub fn spoken() {
    queue(Call::Spoken);
}

/// The poster is gone: what is on show plays, if it was to.
#[wasm_bindgen]
pub fn raise() {
    queue(Call::Raise);
}

/// Takes a narration.
#[wasm_bindgen]
pub fn put_narration(lesson: &str, language: &str, json: &str) {
    queue(Call::Narration(
        lesson.to_owned(),
        language.to_owned(),
        json.to_owned(),
    ));
}

/// A file could not be fetched.
#[wasm_bindgen]
pub fn failed(name: &str, message: &str) {
    queue(Call::Failed(name.to_owned(), message.to_owned()));
}
