//! What the viewer has in the hand: elements that are lit, pinned ones, and the channels that are
//! shown. Empty in a lesson and in a recording.

use bevy::prelude::*;

use super::palette::{self, Room};
use super::pose::{Pose, Role, place};
use super::scene::SceneModel;
use crate::explore::{ElementRef, Highlights};

/// What is lit, pinned and shown.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Highlight {
    /// What the elements in the hand have to do with.
    pub lit: Highlights,
    /// The elements in the hand.
    pub held: Vec<ElementRef>,
    /// How far the rest recedes, from 0 to 1.
    pub recede: f32,
    /// The channels of tensors that are shown, from the first to the last; all of them without.
    pub slice: Option<(usize, usize)>,
}

impl Highlight {
    /// Whether everything looks as it would without.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slice.is_none() && self.lit.is_empty() && self.held.is_empty()
    }

    /// Whether the channels that are shown are others.
    pub(super) fn hides(&self, channel: usize) -> bool {
        self.slice
            .is_some_and(|(first, last)| !(first..=last).contains(&channel))
    }

    /// Changes how an element looks.
    pub fn apply(
        &self,
        model: &SceneModel,
        room: &Room,
        role: Role,
        index: usize,
        pose: &mut Pose,
    ) {
        if self.is_empty() {
            return;
        }
        let (lit, held) = match role {
            Role::Tensor(number) => {
                let tensor = usize::from(number);
                let at = place(model.layout.tensors[tensor].dims, index);
                if self.hides(at[0]) {
                    pose.scale = 0.0;
                    return;
                }
                let held = self.held.contains(&ElementRef::Tensor { tensor, at });
                (self.lit.has(tensor, at), held)
            }
            Role::Filter(number) => {
                let layer = usize::from(number);
                let plan = &model.staged_layers[layer].plan;
                let volume = plan.filter_dims().iter().product::<usize>().max(1);
                let offset = plan.weight_offset(index / volume, index % volume);
                let Some(at) = plan
                    .weight_shape()
                    .and_then(|shape| shape.index::<4>(offset))
                else {
                    return;
                };
                let held = self.held.contains(&ElementRef::Weight { layer, at });
                (self.lit.has_weight(layer, at), held)
            }
            Role::Padding(number) => {
                let layer = &model.staged_layers[usize::from(number)].layout;
                let [channel, row, column] = place(layer.padded_block().dims, index);
                if self.hides(channel) {
                    pose.scale = 0.0;
                    return;
                }
                let [top, left] = layer.padding_before;
                let at = [channel as isize, row as isize - top, column as isize - left];
                let element_ref = ElementRef::Padding {
                    layer: usize::from(number),
                    at,
                };
                (false, self.held.contains(&element_ref))
            }
            Role::Kernel(_) | Role::Product(_) | Role::Mark(_) => return,
        };
        if held {
            pose.look.glow = 235;
            pose.look.number = pose.look.number.max(200);
            pose.scale = pose.scale.max(0.5) * 1.1;
        } else if lit {
            pose.look.glow = pose.look.glow.max(105);
            // What is still to come is seen too.
            pose.scale = pose.scale.max(0.4);
        } else if !self.lit.is_empty() {
            pose.look.color = palette::mix(pose.look.color, room.floor, self.recede);
            let number = f32::from(pose.look.number) * (1.0 - self.recede);
            pose.look.number = number as u8;
        }
    }
}
