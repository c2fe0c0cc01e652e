//! What the page does for the program: functions of `globalThis.tensoramaHost`, written in
//! `assets/web/page.js`. Each of them returns at once.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The first frame stands.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn ready();

    /// What is on show, as the text of a link; `push` makes a step that one can go back from.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn link(text: &str, push: bool);

    /// The page's title.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn title(text: &str);

    /// Saves a file on the user's machine.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn save(name: &str, mime: &str, bytes: &[u8]);

    /// Has the user choose files.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn choose();

    /// Saves the canvas as it stands.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn picture(name: &str);

    /// Begins a clip of the canvas, or ends and saves the one that was begun; whether one runs now. `None` where the
    /// browser cannot, which the page tells.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn clip(name: &str) -> Option<bool>;

    /// Puts a text field of the browser over the canvas, in points, or moves the one of this id.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn edit(
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        size: f32,
        text: &str,
        multiline: bool,
        id: &str,
    );

    /// Takes the text field away.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn edited();

    /// Lays links over the canvas in place of those that lie there, as JSON.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn anchors(json: &str);

    /// Fetches the fonts of a level.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn wants_fonts(level: u32);

    /// Fetches the sentences that lessons have in a language.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn wants_sentences(language: &str);

    /// Whether the browser has a voice of a language.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn can_speak(language: &str) -> bool;

    /// Has the browser's voice speak.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn speak(text: &str, language: &str, rate: f64);

    /// Stops the browser's voice.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn hush();

    /// Looks whether there is a narration of a lesson.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn narration(lesson: &str, language: &str);

    /// Plays a sound from a time on, in seconds.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn sound(url: &str, at: f64, rate: f64);

    /// Stops the sound.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn silence();

    /// A text that the browser keeps.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn kept(name: &str) -> Option<String>;

    /// Has the browser keep a text; whether it does.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn keep(name: &str, text: &str) -> bool;

    /// Has the browser keep what was chosen: the language, the theme or the motion.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn chose(what: &str, value: &str);

    /// The page fills the screen, or does so no longer.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn full_screen();

    /// Tells the page around this one how far the lesson is.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn state(json: &str);

    /// Fetches a file of another host, if that lets us; it arrives as if it had been dropped.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn fetch_file(url: &str, name: &str);

    /// The address of the page, without what comes after `#`.
    #[wasm_bindgen(js_namespace = tensoramaHost)]
    pub fn page() -> String;
}
