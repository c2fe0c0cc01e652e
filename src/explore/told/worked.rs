//! One number of an early layer, worked through on a small part of the input, and where the network has it.

use super::network::NetworkTour;
use super::number::{by, ordinal, sentences};
use super::value::{raw, say, visit};
use super::{alone, what};
use crate::explore::worked_layer::WorkedPlace;
use crate::language::Localized;
use crate::lesson::StagedLayer;
use crate::lesson::schema::{RawInput, RawScene};
use crate::network::map::Unit;
use crate::op::OperationKind;
use crate::says;

/// Room around the layer that is worked through.
const ROOM: f32 = 1.12;

impl NetworkTour<'_> {
    /// One number of an early layer.
    pub(super) fn worked_number(&self) -> Option<RawScene> {
        let valid = self.worked?;
        let staging = &valid.lesson.scenes.first()?.staging;
        let [staged] = &staging.staged_layers[..] else {
            return None;
        };
        let mut scene = alone::one_number(staged);
        let [channels, rows, columns] = valid.setup.input;
        scene.title = raw(Localized::new("One number", "数をひとつ").into());
        scene.input = Some(RawInput {
            shape: (channels, rows, columns),
            fill: valid.setup.fill.clone(),
        });
        scene.layers = Some(valid.setup.layers.clone());
        scene.order = valid.setup.order;
        // In narrow pictures the products reach the edge, and a high card the names.
        if let Some(camera) = &mut scene.camera {
            camera.room = ROOM;
        }
        let size = by(&[channels, rows, columns]);
        let name = what::name(&staged.plan);
        let whole = self.run.graph.inputs().first();
        let whole = whole.and_then(|&id| self.run.graph.sample_shape(id));
        let taken = if whole.is_some_and(|whole| whole.as_chw() == valid.setup.input) {
            says!(with [size]; en: "Take what goes in, {size}.", ja: "入力の{size}をすべて使います。")
        } else {
            says!(
                with [size];
                en: "Take a small part of what goes in, {size}.",
                ja: "入力から{size}だけを取り出します。"
            )
        };
        scene.beats.insert(
            0,
            say(says!(
                with [taken, name];
                en: "How does such a number come about? {taken} On it works {name}, with the network's own weights.",
                ja: "こうした数は、どうできるのでしょう。{taken}このネットワークの重みで、{name}を計算します。"
            )),
        );
        let place = self.worked_at.map(|place| self.standing(staged, place));
        scene.beats.extend(place.map(say));
        Some(scene)
    }

    /// Where the network has the number, and what the layer behind makes of it.
    fn standing(&self, staged: &StagedLayer, first: WorkedPlace) -> Localized<String> {
        let number = visit(staged);
        let step = staged.schedule.visit(number).step;
        let [filter, down, across] = staged.plan.step(step).output;
        let (row, column) = (first.row + down + 1, first.column + across + 1);
        let which = ordinal(filter);
        let stands = says!(
            with [which];
            en: "In the network it stands in the {which} map, in row {row} and column {column}.",
            ja: "ネットワークでは、{which}のマップの{row}行{column}列にある数です。"
        );
        let value = staged.plan.explain(step, &staged.operands).value;
        let relu = if self.behind(first.node) != Some(OperationKind::ReLU) {
            Localized::default()
        } else if value > 0.0 {
            Localized::new(
                "It is above 0, so ReLU leaves it as it is.",
                "{0|ゼロ}より大きいので、{ReLU|レルー}はそのまま通します。",
            )
        } else {
            Localized::new(
                "It is not above 0, so ReLU makes it 0.",
                "{0|ゼロ}より大きくないので、{ReLU|レルー}が{0|ゼロ}にします。",
            )
        };
        sentences([stands, relu.into()])
    }

    /// What follows a node directly, where it is named together with it.
    fn behind(&self, node: usize) -> Option<OperationKind> {
        fn leaf(units: &[Unit], node: usize) -> Option<&Unit> {
            units.iter().find_map(|unit| {
                if unit.parts.is_empty() {
                    (unit.nodes.first() == Some(&node)).then_some(unit)
                } else {
                    leaf(&unit.parts, node)
                }
            })
        }
        let next = *leaf(&self.run.map.units, node)?.nodes.get(1)?;
        let plan = self.run.graph.nodes().get(next)?.plan()?;
        Some(plan.layer().kind())
    }
}
