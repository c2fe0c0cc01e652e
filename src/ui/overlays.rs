//! Where panels lie over the stage: in each frame it is drawn anew there, before they are drawn over it.

use bevy::prelude::*;
use bevy_egui::egui::{ClippedPrimitive, epaint::Primitive};
use bevy_egui::{EguiOutput, EguiPostUpdateSet, EguiRenderOutput};

use crate::stage::draw::Overlays;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        PostUpdate,
        follow_panels.after(EguiPostUpdateSet::ProcessOutput),
    );
}

fn follow_panels(panels: Query<(&EguiRenderOutput, &EguiOutput)>, mut overlays: ResMut<Overlays>) {
    overlays.0.clear();
    for (drawn, output) in &panels {
        let rects = drawn.paint_jobs.iter().map(around);
        let pixels = rects.map(|rect| Rect {
            min: rect.min * output.pixels_per_point,
            max: rect.max * output.pixels_per_point,
        });
        overlays.0.extend(pixels.filter(|rect| !rect.is_empty()));
    }
}

/// The rectangle that a shape takes at most, in points.
fn around(job: &ClippedPrimitive) -> Rect {
    let drawn = match &job.primitive {
        Primitive::Mesh(mesh) => mesh.calc_bounds().intersect(job.clip_rect),
        Primitive::Callback(callback) => callback.rect.intersect(job.clip_rect),
    };
    // One that is empty has its corners the wrong way round, which the engine's rectangles must not have.
    if !drawn.is_positive() {
        return Rect::default();
    }
    Rect {
        min: Vec2::new(drawn.min.x, drawn.min.y),
        max: Vec2::new(drawn.max.x, drawn.max.y),
    }
}

#[cfg(test)]
mod tests {
    use bevy_egui::egui::{self, Mesh, pos2};

    use super::*;

    #[test]
    fn a_shape_takes_what_is_seen_of_it() {
        let mut mesh = Mesh::default();
        let area = egui::Rect::from_min_max(pos2(10.0, 20.0), pos2(50.0, 40.0));
        mesh.add_colored_rect(area, egui::Color32::WHITE);
        let mut job = ClippedPrimitive {
            clip_rect: egui::Rect::from_min_max(pos2(0.0, 0.0), pos2(30.0, 90.0)),
            primitive: Primitive::Mesh(mesh),
        };
        assert_eq!(around(&job), Rect::new(10.0, 20.0, 30.0, 40.0));
        job.clip_rect = egui::Rect::from_min_max(pos2(60.0, 0.0), pos2(90.0, 90.0));
        assert!(around(&job).is_empty());
    }
}
