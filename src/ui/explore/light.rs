//! The light on what the elements in the hand have to do with.

use bevy::prelude::*;

use super::session::Explorer;
use crate::stage::highlight::Highlight;

/// How far what has nothing to do with an element recedes while it is pinned, and while the pointer
/// only rests on it.
const RECEDE: [f32; 2] = [0.62, 0.34];

/// Lights what the elements in the hand have to do with.
pub(super) fn light(explorer: Option<Res<Explorer>>, mut highlight: ResMut<Highlight>) {
    let Some(explorer) = explorer else {
        return;
    };
    let interaction = &explorer.interaction;
    let mut wanted = Highlight {
        slice: interaction.slice,
        recede: RECEDE[usize::from(interaction.pins.is_empty())],
        ..Highlight::default()
    };
    if let Some(valid) = explorer.workbench.valid() {
        let held = interaction.pins.iter().chain(&interaction.hovered);
        for element_ref in held.filter(|element_ref| valid.exists(**element_ref)) {
            // While something is pinned the pointer adds no light but its own.
            if interaction.pins.is_empty() || interaction.pins.contains(element_ref) {
                wanted.lit.join(valid.lit(*element_ref));
            }
            wanted.held.push(*element_ref);
        }
    }
    highlight.set_if_neq(wanted);
}
