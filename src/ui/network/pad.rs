//! A small picture that is drawn by hand, for networks that read one channel.

use bevy_egui::egui;

use super::line::line_ui;
use super::session::NetworkAction;
use super::words::Word;
use crate::lesson::Language;
use crate::network::pen::ink;
use crate::tensor::Tensor;

/// Rows and columns that can be drawn by hand, at most.
const LARGEST: usize = 64;
/// The edge of the pad, in points.
const EDGE: f32 = 196.0;

/// Whether a picture of this shape can be drawn by hand.
pub(super) fn can_draw(numbers: &Tensor) -> bool {
    let [channels, rows, columns] = numbers.shape().as_chw();
    channels == 1 && (8..=LARGEST).contains(&rows) && (8..=LARGEST).contains(&columns)
}

/// Whether an input lies between black and white. One that does not, as one that counts up, is no picture to draw on.
fn is_picture(numbers: &Tensor, (low, high): (f32, f32)) -> bool {
    let (least, most) = numbers.range();
    let near = 1e-3 * (high - low);
    least >= low - near && most <= high + near
}

/// The pad. `low` and `high` are what black and white become before the network reads them.
pub(super) fn pad_ui(
    ui: &mut egui::Ui,
    numbers: &Tensor,
    (low, high): (f32, f32),
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let [_, rows, columns] = numbers.shape().as_chw();
    let is_picture = is_picture(numbers, (low, high));
    line_ui(ui, |ui| {
        ui.label(egui::RichText::new(Word::Draw.text(language)).strong());
        if ui.button(Word::Clear.text(language)).clicked() {
            feed(numbers, vec![low; rows * columns], actions);
        }
    });
    let size = egui::vec2(EDGE, EDGE * rows as f32 / columns as f32);
    let (response, painter) = ui.allocate_painter(size, egui::Sense::click_and_drag());
    let rect = response.rect;
    let cell = rect.size() / egui::vec2(columns as f32, rows as f32);
    let (black, white) = if is_picture {
        (low, high)
    } else {
        numbers.range()
    };
    for (place, value) in numbers.data().iter().enumerate() {
        let at = egui::vec2((place % columns) as f32, (place / columns) as f32);
        let part = ((value - black) / (white - black).max(f32::EPSILON)).clamp(0.0, 1.0);
        let shade = (255.0 * part) as u8;
        let corner = rect.min + at * cell;
        let cell_rect = egui::Rect::from_min_size(corner, cell + egui::vec2(0.5, 0.5));
        painter.rect_filled(cell_rect, 0.0, egui::Color32::from_gray(shade));
    }
    painter.rect_stroke(
        rect,
        2.0,
        ui.visuals().widgets.noninteractive.bg_stroke,
        egui::StrokeKind::Outside,
    );
    let drawn = response.dragged() || response.clicked();
    let Some(to) = response.interact_pointer_pos().filter(|_| drawn) else {
        return;
    };
    let part_of = |at: egui::Pos2| {
        let at = (at - rect.min) / size;
        [at.x, at.y]
    };
    let (from, to) = (part_of(to - response.drag_delta()), part_of(to));
    let mut values = if is_picture {
        numbers.data().to_vec()
    } else {
        vec![low; rows * columns]
    };
    let mut changed = !is_picture;
    for (place, value) in values.iter_mut().enumerate() {
        let column = (place % columns) as f32 + 0.5;
        let row = (place / columns) as f32 + 0.5;
        let part = ink([column / columns as f32, row / rows as f32], from, to);
        let wanted = low + (high - low) * part;
        if wanted > *value {
            *value = wanted;
            changed = true;
        }
    }
    if changed {
        feed(numbers, values, actions);
    }
}

fn feed(numbers: &Tensor, values: Vec<f32>, actions: &mut Vec<NetworkAction>) {
    if let Ok(tensor) = Tensor::new(*numbers.shape(), values) {
        actions.push(NetworkAction::Feed(tensor));
    }
}
