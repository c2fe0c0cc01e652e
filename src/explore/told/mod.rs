//! A setup told as a lesson: what its layers are, one value worked through, why the output has its size, and
//! what that costs, in both languages. What is said follows from what the layers are: a pool has no
//! weights to speak of, padding is told where there is some.
//!
//! - `what` says what a layer is, `size` how large its output is, `cost` what it takes;
//! - `value` works one value through;
//! - `alone` and `chain` make the scenes of one layer and of several, `network` those of a whole network: `block`
//!   says what its blocks are, `ways` where ways part and meet, `transformer` what becomes of tokens, `purpose` what a
//!   layer is for among the others, `worked` how one number comes about.

mod alone;
mod block;
mod chain;
mod cost;
mod network;
mod number;
mod purpose;
mod size;
mod transformer;
mod value;
mod ways;
mod what;
mod worked;

pub use network::NetworkTour;

use std::collections::BTreeMap;

use super::saved;
use super::workbench::ValidSetup;
use crate::disk::Reach;
use crate::language::Localized;
use crate::lesson::schema::{RawInput, RawLesson, RawScene, RawShot};
use crate::lesson::{self, Diagnostics, Lesson, Part, Scene};
use crate::op::{LoopOrder, Plan};
use crate::says;

/// What stands above a lesson that is written.
const HEAD: &str =
    "// Made by `tensorama record`. docs/lessons.md says what else a lesson can hold.\n";

/// Layers that a title names.
const NAMED: usize = 3;

/// A setup told as a lesson, as an author would have written it. `of` is the name of what it is a part
/// of: of a network, or of a file.
///
/// # Errors
/// None is known: what can be shown can be told.
pub fn lesson(valid: &ValidSetup, of: Option<&str>) -> Result<Lesson, Diagnostics> {
    lesson::check("", &raw(valid, of), Reach::Anywhere).map(|(lesson, _)| lesson)
}

/// The text of the same lesson, to be edited.
///
/// # Errors
/// When it cannot be written; no setup is known for which that is so.
pub fn text(valid: &ValidSetup, of: Option<&str>) -> Result<String, ron::Error> {
    let lesson = lesson::write(&raw(valid, of))?;
    Ok(format!("{HEAD}{lesson}\n"))
}

/// The lesson before it is checked.
fn raw(valid: &ValidSetup, of: Option<&str>) -> RawLesson {
    let [channels, rows, columns] = valid.setup.input;
    let scenes = valid
        .lesson
        .scenes
        .first()
        .map(|scene| scenes(valid, scene));
    RawLesson {
        title: value::raw(title(valid, of)),
        goal: None,
        input: Some(RawInput {
            shape: (channels, rows, columns),
            fill: valid.setup.fill.clone(),
        }),
        layers: Some(valid.setup.layers.clone()),
        number: None,
        next: None,
        sources: Vec::new(),
        facts: Vec::new(),
        scenes: scenes.unwrap_or_default(),
    }
}

fn scenes(valid: &ValidSetup, scene: &Scene) -> Vec<RawScene> {
    let staging = &scene.staging;
    let mut scenes = match &staging.staged_layers[..] {
        [only] => alone::scenes(only),
        _ => chain::scenes(&valid.chain, staging),
    };
    for scene in &mut scenes {
        scene.order = valid.setup.order;
    }
    scenes
}

fn title(valid: &ValidSetup, of: Option<&str>) -> Localized<String> {
    let setup = &valid.setup;
    let title = if setup.layers.len() > NAMED {
        let count = setup.layers.len();
        let [channels, rows, columns] = setup.input;
        says!(
            en: "{count} layers on {channels} × {rows} × {columns}",
            ja: "{channels} × {rows} × {columns} への{count}層"
        )
    } else {
        saved::title(setup)
    };
    match of {
        Some(of) => says!(with [title]; en: "{of}: {title}", ja: "{of}: {title}"),
        None => title,
    }
}

/// Whether something lies around the input of a layer or between its elements.
fn has_padding(plan: &Plan) -> bool {
    plan.padded_shape() != *plan.input_shape()
}

/// A scene without beats yet.
fn empty_scene(title: impl Into<Localized<String>>, show: Vec<Part>, camera: RawShot) -> RawScene {
    RawScene {
        title: value::raw(title.into()),
        input: None,
        layers: None,
        compare: None,
        network: None,
        names: BTreeMap::new(),
        order: LoopOrder::default(),
        show: Some(show),
        camera: Some(camera),
        from: None,
        beats: Vec::new(),
    }
}

/// A shot from the right and from above at what it frames.
fn shot(yaw: f32, pitch: f32, frame: Vec<Part>) -> RawShot {
    RawShot {
        yaw,
        pitch,
        frame,
        ..RawShot::default()
    }
}

/// Seconds of a run of so many visits, each taking its part of a second where there are few.
fn seconds(visits: u64, each: f64, least: f64, most: f64) -> f64 {
    let seconds = (visits as f64 * each).clamp(least, most);
    (seconds * 10.0).round() / 10.0
}
