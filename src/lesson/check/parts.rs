//! The parts of a scene: which there are, and whether one is there.

use super::numbered::{Mistake, Thing};
use crate::language::{Localized, says};
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::LayerPart;
use crate::lesson::{Part, StagedLayer, Staging};

/// Whether a scene has a part.
pub(super) fn part_exists(part: Part, staging: &Staging) -> Result<(), Mistake> {
    let below = |what: Thing, index: usize, count: usize| {
        if index < count {
            Ok(())
        } else {
            Err((what.none(index, count), numbering(what, staging)))
        }
    };
    if let Some(network) = &staging.network {
        return match part {
            Part::Input | Part::Output => Ok(()),
            Part::Tensor(index) => below(Thing::Tensor, index, network.map.blocks.len()),
            _ => Err((
                Localized::new(
                    "a network on the stage has no such part",
                    "ネットワークのシーンに、この部分はありません",
                )
                .into(),
                Localized::new(
                    "it has `Input`, `Output` and `Tensor(0)` and on, as many as it shows blocks",
                    "指定できるのは `Input`、`Output`、表示しているブロックの `Tensor(0)` からです",
                )
                .into(),
            )),
        };
    }
    let staged_layers = &staging.staged_layers;
    let Some(side) = staging.sides.first() else {
        return Ok(());
    };
    // A part without a layer's number is of one layer; another one may have been meant.
    let of = |layer: usize, part: LayerPart| {
        part_of_exists(&staged_layers[layer], part).map_err(|(message, help)| {
            let has_it = |staged_layer: &StagedLayer| part_of_exists(staged_layer, part).is_ok();
            match staged_layers.iter().position(has_it) {
                Some(other) => (
                    message,
                    says!(
                        en: "layer {other} has it: `Of({other}, {part:?})`",
                        ja: "層 {other} にはあります: `Of({other}, {part:?})`"
                    ),
                ),
                None => (message, help),
            }
        })
    };
    let (first, last) = (side.staged_layers.start, side.staged_layers.end - 1);
    match part {
        Part::Input | Part::Output | Part::Filters | Part::Kernel => Ok(()),
        Part::InputChannel(index) => of(first, LayerPart::InputChannel(index)),
        Part::OutputChannel(index) => of(last, LayerPart::OutputChannel(index)),
        Part::Filter(index) => {
            let weighted = |staged_layer: &StagedLayer| staged_layer.plan.filter_count() > 0;
            let staged_layer = staged_layers.iter().position(weighted).unwrap_or(first);
            of(staged_layer, LayerPart::Filter(index))
        }
        Part::Padding if staged_layers.iter().any(has_padding) => Ok(()),
        Part::Padding => of(first, LayerPart::Padding),
        Part::Tensor(index) => below(Thing::Tensor, index, staging.tensors.len()),
        Part::Layer(index) => below(Thing::Layer, index, staged_layers.len()),
        Part::Side(index) => below(Thing::Side, index, staging.sides.len()),
        Part::Of(index, part) => {
            below(Thing::Layer, index, staged_layers.len())?;
            part_of_exists(&staged_layers[index], part)
        }
    }
}

/// Which layers or tensors each side of a comparison has.
pub(super) fn numbering(what: Thing, staging: &Staging) -> Localized<String> {
    if staging.sides.len() < 2 || what == Thing::Side {
        return NO_HELP.into();
    }
    let name = what.name();
    let sides = staging.sides.iter().enumerate().map(|(index, side)| {
        let numbers = match what {
            Thing::Tensor => &side.tensors,
            _ => &side.staged_layers,
        };
        let (first, last) = (numbers.start, numbers.end - 1);
        if first == last {
            says!(
                with [name];
                en: "side {index} has {name} {first}",
                ja: "サイド {index} にあるのは{name} {first}"
            )
        } else {
            says!(
                with [name];
                en: "side {index} has {name}s {first} to {last}",
                ja: "サイド {index} にあるのは{name} {first} から {last}"
            )
        }
    });
    Localized::join(sides, Localized::new(", ", "、"))
}

fn part_of_exists(staged_layer: &StagedLayer, part: LayerPart) -> Result<(), Mistake> {
    let plan = &staged_layer.plan;
    let (what, index, count) = match part {
        LayerPart::Filter(index) => (Thing::Filter, index, plan.filter_count()),
        LayerPart::InputChannel(index) => {
            (Thing::InputChannel, index, plan.input_shape().channels())
        }
        LayerPart::OutputChannel(index) => {
            (Thing::OutputChannel, index, plan.output_shape().channels())
        }
        LayerPart::Padding if !has_padding(staged_layer) => {
            return Err((
                Localized::new(
                    "this layer has no padding",
                    "この層にパディングはありません",
                )
                .into(),
                Localized::new(
                    "give the layer padding, or leave this part out",
                    "層にパディングを付けるか、これを取り除いてください",
                )
                .into(),
            ));
        }
        _ => return Ok(()),
    };
    if index < count {
        Ok(())
    } else {
        Err((what.none(index, count), NO_HELP.into()))
    }
}

fn has_padding(staged_layer: &StagedLayer) -> bool {
    staged_layer.plan.padded_shape() != *staged_layer.plan.input_shape()
}

/// Everything that a scene can show, but the travelling kernels, which show themselves.
pub(in crate::lesson) fn all_parts(staging: &Staging) -> Vec<Part> {
    if let Some(network) = &staging.network {
        return (0..network.map.blocks.len()).map(Part::Tensor).collect();
    }
    let mut parts = vec![Part::Filters];
    parts.extend((0..staging.tensors.len()).map(Part::Tensor));
    if staging.staged_layers.iter().any(has_padding) {
        parts.push(Part::Padding);
    }
    parts
}
