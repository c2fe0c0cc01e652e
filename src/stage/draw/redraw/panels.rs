//! What changed of names, captions and cards, and how they are drawn within boxes only.

use std::hash::{DefaultHasher, Hash, Hasher};

use bevy::core_pipeline::schedule::{Core3d, Core3dSystems};
use bevy::core_pipeline::upscaling::upscaling;
use bevy::math::Affine2;
use bevy::prelude::*;
use bevy::render::render_phase::ViewSortedRenderPhases;
use bevy::render::render_resource::RenderPassDescriptor;
use bevy::render::renderer::{RenderContext, ViewQuery};
use bevy::render::view::{ExtractedView, ViewTarget};
use bevy::ui_render::{
    ExtractedUiItem, ExtractedUiNode, ExtractedUiNodes, TransparentUi, UiCameraView, UiViewTarget,
    ui_pass,
};

use super::{Redraw, Regions};

/// What is drawn of a node lies no further outside it, in pixels.
const MARGIN: f32 = 2.0;

/// The nodes of the last frame: all that is seen of each, in a number, and where it is.
#[derive(Default)]
pub(super) struct Panels {
    nodes: Vec<(u64, Rect)>,
}

pub(super) fn plugin(render_app: &mut SubApp) {
    render_app.init_resource::<Aside>().add_systems(
        Core3d,
        (draw_in_boxes, set_aside)
            .chain()
            .after(Core3dSystems::PostProcess)
            .before(ui_pass),
    );
    render_app.add_systems(Core3d, put_back.after(ui_pass).before(upscaling));
}

impl Panels {
    /// Whether a node may be seen within a box.
    fn reach(&self, area: URect) -> bool {
        let area = area.as_rect();
        self.nodes
            .iter()
            .any(|(_, rect)| !rect.intersect(area).is_empty())
    }

    /// Takes the nodes of this frame; where they differ from those of the last one.
    pub(super) fn follow(&mut self, nodes: &ExtractedUiNodes) -> Vec<Rect> {
        let seen = nodes.uinodes.iter().map(|node| seen(node, nodes));
        let mut now: Vec<(u64, Rect)> = seen.collect();
        now.sort_by_key(|(number, _)| *number);
        let before = std::mem::replace(&mut self.nodes, now);
        let mut changed = Vec::new();
        let (mut a, mut b) = (before.iter().peekable(), self.nodes.iter().peekable());
        loop {
            let alone = match (a.peek(), b.peek()) {
                (None, None) => return changed,
                (Some((left, _)), Some((right, _))) if left == right => {
                    a.next();
                    b.next();
                    continue;
                }
                (Some((left, _)), Some((right, _))) if left > right => b.next(),
                (None, Some(_)) => b.next(),
                (Some(_), _) => a.next(),
            };
            changed.extend(alone.map(|(_, rect)| *rect));
        }
    }
}

/// All that is seen of a node, in a number, and the rectangle that it takes.
fn seen(node: &ExtractedUiNode, nodes: &ExtractedUiNodes) -> (u64, Rect) {
    let mut all = DefaultHasher::new();
    node.image.hash(&mut all);
    note(&mut all, &[node.z_order]);
    note(&mut all, &node.transform.to_cols_array());
    note_rect(&mut all, node.clip.unwrap_or_default());
    let rect = match &node.item {
        ExtractedUiItem::Node {
            color,
            rect,
            atlas_scaling,
            flip_x,
            flip_y,
            border_radius,
            border,
            node_type,
        } => {
            note_color(&mut all, *color);
            note_rect(&mut all, *rect);
            note(&mut all, &atlas_scaling.unwrap_or(Vec2::NAN).to_array());
            // Of these there are few, and what they write is all that they are.
            format!("{flip_x} {flip_y} {border_radius:?} {border:?} {node_type:?}").hash(&mut all);
            placed(&node.transform, Vec2::ZERO, rect.size())
        }
        ExtractedUiItem::Glyphs { range } => {
            let glyphs = nodes.glyphs.get(range.clone()).unwrap_or_default();
            let rects = glyphs.iter().map(|glyph| {
                note_color(&mut all, glyph.color);
                note(&mut all, &glyph.translation.to_array());
                note_rect(&mut all, glyph.rect);
                placed(&node.transform, glyph.translation, glyph.rect.size())
            });
            let around = rects.reduce(|around, rect| around.union(rect));
            around.unwrap_or_default()
        }
    };
    (all.finish(), rect.inflate(MARGIN))
}

fn note(all: &mut DefaultHasher, values: &[f32]) {
    values.iter().for_each(|value| value.to_bits().hash(all));
}

fn note_color(all: &mut DefaultHasher, color: LinearRgba) {
    note(all, &[color.red, color.green, color.blue, color.alpha]);
}

fn note_rect(all: &mut DefaultHasher, rect: Rect) {
    note(all, &[rect.min.x, rect.min.y, rect.max.x, rect.max.y]);
}

/// The rectangle around something of a size whose middle is somewhere in a node.
fn placed(transform: &Affine2, middle: Vec2, size: Vec2) -> Rect {
    let corners = [[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]];
    let corners =
        corners.map(|corner| transform.transform_point2(middle + Vec2::from_array(corner) * size));
    let low = corners.into_iter().reduce(Vec2::min).unwrap_or_default();
    let high = corners.into_iter().reduce(Vec2::max).unwrap_or_default();
    Rect {
        min: low,
        max: high,
    }
}

/// Draws the nodes as the engine's own pass does, within the boxes that are drawn anew.
fn draw_in_boxes(
    world: &World,
    view: ViewQuery<&UiCameraView>,
    views: Query<(&ExtractedView, &UiViewTarget)>,
    targets: Query<&ViewTarget>,
    phases: Res<ViewSortedRenderPhases<TransparentUi>>,
    redraw: Res<Redraw>,
    mut context: RenderContext,
) {
    let Regions::Boxes(boxes) = &redraw.regions else {
        return;
    };
    let entity = view.into_inner().0;
    let Ok((extracted, of)) = views.get(entity) else {
        return;
    };
    let (Ok(target), Some(phase)) = (
        targets.get(of.0),
        phases.get(&extracted.retained_view_entity),
    ) else {
        return;
    };
    if boxes.is_empty() || phase.items.is_empty() {
        return;
    }
    let color = [Some(target.get_unsampled_color_attachment())];
    let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("panels within boxes"),
        color_attachments: &color,
        depth_stencil_attachment: None,
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    for area in boxes.iter().filter(|area| redraw.panels.reach(**area)) {
        pass.set_scissor_rect(area.min.x, area.min.y, area.width(), area.height());
        if let Err(error) = phase.render(&mut pass, world, entity) {
            warn_once!("names and captions were not drawn: {error:?}");
        }
    }
}

/// The nodes, while the engine's own pass would draw them.
#[derive(Resource, Default)]
struct Aside(ViewSortedRenderPhases<TransparentUi>);

/// Leaves the engine's own pass nothing to draw, where the boxes have been drawn.
fn set_aside(
    redraw: Res<Redraw>,
    mut phases: ResMut<ViewSortedRenderPhases<TransparentUi>>,
    mut aside: ResMut<Aside>,
) {
    if let Regions::Boxes(_) = redraw.regions {
        std::mem::swap(&mut *phases, &mut aside.0);
    }
}

fn put_back(
    redraw: Res<Redraw>,
    mut phases: ResMut<ViewSortedRenderPhases<TransparentUi>>,
    mut aside: ResMut<Aside>,
) {
    if let Regions::Boxes(_) = redraw.regions {
        std::mem::swap(&mut *phases, &mut aside.0);
    }
}
