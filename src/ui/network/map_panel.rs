//! The map of a network in small: what is seen of it now, and the way to any block by a click.

use bevy::math::{Vec2, Vec3, ops};
use bevy_egui::egui;

use super::kinds_panel::block_color;
use super::session::{NetworkAction, NetworkExplorer};
use super::words::Word;
use crate::camera::CameraPose;
use crate::explore::small_map::{Corners, SmallMap};
use crate::lesson::Language;

/// How high the map is at most, in points.
const HIGHEST: f32 = 120.0;

/// What of the window shows the stage: the widths of the panels at its sides, and its size, in points.
pub(super) struct Stage {
    /// On the left and on the right.
    pub(super) panels: (f32, f32),
    /// The whole window.
    pub(super) window: egui::Vec2,
}

impl Stage {
    /// The middle of what a camera shows between the panels, and how broad and high that is.
    fn seen(&self, pose: &CameraPose) -> (Vec3, Vec2) {
        let (left, right) = self.panels;
        let height = self.window.y.max(1.0);
        let aside = (left - right) * 0.5 / height;
        let (sin, cos) = ops::sin_cos(pose.yaw);
        let middle = pose.centre + Vec3::new(cos, 0.0, -sin) * (aside * pose.height);
        let breadth = (self.window.x - left - right).max(0.0) / height;
        (middle, Vec2::new(breadth, 1.0) * pose.height)
    }
}

/// The map; a click goes to the block that it meets, or that is nearest.
pub(super) fn map_ui(
    ui: &mut egui::Ui,
    explorer: &NetworkExplorer,
    (stage, pose): (&Stage, &CameraPose),
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let map = explorer.map();
    let room = Vec2::new(ui.available_width(), HIGHEST);
    let Some(small) = SmallMap::new(map, room).filter(|small| small.blocks.len() > 1) else {
        return;
    };
    ui.label(egui::RichText::new(Word::Map.text(language)).weak().small());
    let size = egui::vec2(small.size.x, small.size.y);
    let (response, painter) = ui.allocate_painter(size, egui::Sense::click());
    let corner = response.rect.min;
    let at = |place: Vec2| corner + egui::vec2(place.x, place.y);
    let rect = |(low, high): Corners| egui::Rect::from_min_max(at(low), at(high));
    let visuals = ui.visuals();
    let weak = visuals.weak_text_color();
    for link in &map.links {
        let points = link.points.iter().map(|point| at(small.place(*point)));
        painter.line(
            points.collect(),
            egui::Stroke::new(1.0, weak.gamma_multiply(0.6)),
        );
    }
    for (number, corners) in small.blocks.iter().enumerate() {
        let meant = [explorer.view.selected(), explorer.hovered];
        let color = if meant.contains(&Some(number)) {
            visuals.text_color()
        } else {
            block_color(&explorer.view, number, weak)
        };
        painter.rect_filled(rect(*corners), 1.0, color);
    }
    let (middle, extent) = stage.seen(pose);
    if let Some(seen) = small.seen(middle, [pose.yaw, pose.pitch], extent) {
        let stroke = egui::Stroke::new(1.5, visuals.selection.stroke.color);
        painter.rect_stroke(rect(seen), 1.0, stroke, egui::StrokeKind::Inside);
    }
    let place = response
        .hover_pos()
        .or_else(|| response.interact_pointer_pos());
    let meant = place.and_then(|place| {
        let place = place - corner;
        small.block_at(Vec2::new(place.x, place.y))
    });
    let clicked = response.clicked();
    if let Some(block) = meant.and_then(|meant| map.blocks.get(meant)) {
        response.on_hover_text_at_pointer(block.title.get(language).as_str());
    }
    if let Some(meant) = meant.filter(|_| clicked) {
        actions.push(NetworkAction::Go(meant));
    }
}
