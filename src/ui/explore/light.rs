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
    let hand = &explorer.hand;
    let mut wanted = Highlight {
        slice: hand.slice,
        recede: RECEDE[usize::from(hand.pins.is_empty())],
        ..Highlight::default()
    };
    if let Some(good) = explorer.bench.good() {
        let held = hand.pins.iter().chain(&hand.hovered);
        for spot in held.filter(|spot| good.exists(**spot)) {
            // While something is pinned the pointer adds no light but its own.
            if hand.pins.is_empty() || hand.pins.contains(spot) {
                wanted.lit.join(good.lit(*spot));
            }
            wanted.held.push(*spot);
        }
    }
    highlight.set_if_neq(wanted);
}
