//! Links that lead out of the page, as the browser's own: it tells where they lead, opens them as it opens others,
//! and copies their addresses.

use std::cell::RefCell;

use bevy::prelude::*;
use bevy_egui::egui;
use serde::Serialize;

use super::host;

/// A link over the canvas.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Anchor {
    /// Left edge, upper edge, width and height, in the page's points.
    place: [f32; 4],
    url: String,
    title: String,
}

#[derive(Default)]
struct Anchors {
    /// Those of this frame.
    drawn: Vec<Anchor>,
    /// Those that lie over the canvas.
    laid: Vec<Anchor>,
}

thread_local! {
    static ANCHORS: RefCell<Anchors> = RefCell::default();
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Last, lay);
}

/// Has the browser lay a link over one that was drawn, for as long as it is drawn.
pub fn anchor(rect: egui::Rect, zoom: f32, title: &str, url: &str) {
    let place = [rect.left(), rect.top(), rect.width(), rect.height()];
    let anchor = Anchor {
        place: place.map(|points| points * zoom),
        url: url.to_owned(),
        title: title.to_owned(),
    };
    ANCHORS.with_borrow_mut(|anchors| {
        // Panels may be drawn twice before they are seen.
        anchors.drawn.retain(|drawn| drawn.url != anchor.url);
        anchors.drawn.push(anchor);
    });
}

fn lay() {
    ANCHORS.with_borrow_mut(|anchors| {
        let drawn = std::mem::take(&mut anchors.drawn);
        if drawn == anchors.laid {
            return;
        }
        if let Ok(json) = serde_json::to_string(&drawn) {
            host::anchors(&json);
        }
        anchors.laid = drawn;
    });
}
