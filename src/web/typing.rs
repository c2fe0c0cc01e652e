//! Text fields: the browser's own, over the canvas, since only they take Japanese.

use std::cell::RefCell;

use bevy::prelude::*;
use bevy_egui::egui;

use super::calls::Call;
use super::host;

/// The size of letters in a field, in points; a phone enlarges the page for a smaller one.
const SIZE: f32 = 16.0;

#[derive(Default)]
struct Fields {
    /// The field that is written in, and where it stands.
    open: Option<(&'static str, egui::Rect)>,
    /// What was written since it was looked at last.
    typed: Option<String>,
    entered: bool,
    left: bool,
    /// Whether it was drawn in this frame.
    drawn: bool,
}

impl Fields {
    /// Takes the field away, with what was written since.
    fn close(&mut self) {
        *self = Self::default();
        host::edited();
    }
}

thread_local! {
    static FIELDS: RefCell<Fields> = RefCell::default();
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(First, take_calls.after(super::calls::deliver))
        .add_systems(Last, close_unseen);
}

fn take_calls(mut calls: MessageReader<Call>) {
    FIELDS.with_borrow_mut(|fields| {
        for call in calls.read() {
            let open = fields.open.map(|(name, _)| name);
            match call {
                Call::Typed(id, text) if open == Some(id) => fields.typed = Some(text.clone()),
                Call::Entered(id) if open == Some(id) => fields.entered = true,
                Call::Left(id) if open == Some(id) => fields.left = true,
                _ => {}
            }
        }
    });
}

/// Takes a field away whose panel is gone.
fn close_unseen() {
    FIELDS.with_borrow_mut(|fields| {
        let drawn = std::mem::take(&mut fields.drawn);
        if !drawn && fields.open.is_some() {
            fields.close();
        }
    });
}

/// A text field of one line; whether Enter was pressed in it.
pub fn field_ui(
    ui: &mut egui::Ui,
    (id, name): (egui::Id, &'static str),
    text: &mut String,
    hint: &str,
    size: egui::Vec2,
) -> bool {
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, id, egui::Sense::click());
    let asked = response.clicked() || ui.memory(|memory| memory.has_focus(id));
    let visuals = ui.visuals();
    let painter = ui.painter();
    painter.rect(
        rect,
        4.0,
        visuals.extreme_bg_color,
        visuals.widgets.inactive.bg_stroke,
        egui::StrokeKind::Inside,
    );
    let (shown, color) = if text.is_empty() {
        (hint, visuals.weak_text_color())
    } else {
        (text.as_str(), visuals.text_color())
    };
    let galley = painter.layout_no_wrap(shown.to_owned(), egui::FontId::proportional(SIZE), color);
    let at = egui::pos2(rect.left() + 8.0, rect.center().y - galley.size().y * 0.5);
    painter
        .with_clip_rect(rect.shrink(2.0))
        .galley(at, galley, color);
    ui.memory_mut(|memory| memory.surrender_focus(id));
    let zoom = ui.ctx().zoom_factor();
    FIELDS.with_borrow_mut(|fields| {
        let open = fields.open.is_some_and(|(open, _)| open == name);
        if open && let Some(typed) = fields.typed.take() {
            *text = typed;
        }
        fields.drawn |= open;
        let entered = open && std::mem::take(&mut fields.entered);
        if entered || (open && fields.left) {
            fields.close();
        } else if (asked && !open) || (open && fields.open != Some((name, rect))) {
            fields.open = Some((name, rect));
            fields.drawn = true;
            let place = [rect.left(), rect.top(), rect.width(), rect.height()];
            let [x, y, width, height] = place.map(|points| points * zoom);
            host::edit(x, y, width, height, SIZE * zoom, text, false, name);
        }
        entered
    })
}
