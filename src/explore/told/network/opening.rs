//! The first scene of a tour: the whole network, what goes in and what comes out.

use super::names::{called, in_narration};
use super::{NetworkTour, seen};
use crate::explore::told::number::{and, by, count, few_of, lines, maps, numbers, of, sentences};
use crate::explore::told::value::{say, say_with};
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawBeat, RawScene};
use crate::network::ValueId;
use crate::op::OperationKind;
use crate::says;
use crate::tensor::Shape;

impl NetworkTour<'_> {
    pub(super) fn whole(&self) -> RawScene {
        let graph = &self.run.graph;
        let layers = graph
            .nodes()
            .iter()
            .filter(|node| node.plan().is_some())
            .count();
        let stages = self.run.map.units.len();
        let mut scene = self.scene(
            Localized::new("The whole network", "ネットワーク全体"),
            &[],
            seen(Vec::new()),
        );
        let title = in_narration(&called(self.title));
        let gathered = gathered_into(layers, stages);
        scene.beats.push(say(says!(
            with [gathered];
            en: "This is {title}: {gathered}. Each block is a tensor, with the values that it really holds.",
            ja: "これが{title}です。{gathered}どのブロックも、実際の値を持つテンソルです。"
        )));
        let inputs = graph.inputs().iter();
        let inputs: Vec<Localized<String>> = inputs.filter_map(|&id| self.input_told(id)).collect();
        let outputs = graph.outputs().iter();
        let outputs: Vec<Localized<String>> = outputs
            .filter_map(|&id| Some(self.told(&graph.sample_shape(id)?)))
            .collect();
        if !inputs.is_empty() && !outputs.is_empty() {
            let first = match self.run.map.inputs.len() {
                0 | 1 => vec![Part::Input],
                several => (0..several).map(Part::Tensor).collect(),
            };
            let (input, output) = (few_of(&inputs), few_of(&outputs));
            let flow = says!(
                with [input, output];
                en: "What [in]goes in: {input}. What [out]comes out: {output}.",
                ja: "[in]入力は、{input}。[out]出力は、{output}です。"
            );
            scene.beats.push(say_with(
                sentences([flow].into_iter().chain(self.settings_told())),
                None,
                Vec::new(),
                [
                    ("in", Action::Focus(first)),
                    ("out", Action::Focus(vec![Part::Output])),
                ],
            ));
        }
        if let Some(course) = self.course() {
            scene
                .beats
                .push(say_with(course, None, vec![Action::Focus(Vec::new())], []));
        } else {
            scene.beats.push(RawBeat::Hold(0.6));
        }
        scene
    }

    /// Whole numbers that it is opened with, in words.
    fn settings_told(&self) -> Option<Localized<String>> {
        let names = self.settings.keys().map(|name| {
            let name = in_narration(&name.replace('_', " "));
            Localized::same(name)
        });
        let names = and(&names.collect::<Vec<_>>());
        (!self.settings.is_empty()).then(|| {
            says!(
                with [names];
                en: "Given with it, and fixed from here on: {names}.",
                ja: "ほかに{names}も決めてあり、ここからは変わりません。"
            )
        })
    }

    /// What goes in, in words.
    fn input_told(&self, input: ValueId) -> Option<Localized<String>> {
        let from = self.run.graph.sample_shape(input)?;
        if self.names_rows(input) {
            let tokens = from.count();
            return Some(says!(
                en: "{tokens} tokens, each a whole number",
                ja: "整数で表したトークンが{tokens}個"
            ));
        }
        // Channels that come last are told as what they are.
        let turned = self.run.map.units.first().filter(|unit| {
            let first = unit.nodes.first();
            let first = first.and_then(|&node| self.run.graph.nodes().get(node)?.plan());
            let plan = first.filter(|_| unit.inputs.contains(&input));
            plan.is_some_and(|plan| plan.layer().kind() == OperationKind::Permute)
        });
        let turned = turned.and_then(|unit| self.sample_shape(unit));
        let turned = turned.filter(|shape| shape.rank() == 3 && shape.count() == from.count());
        Some(self.told(&turned.unwrap_or(from)))
    }

    /// The shape of what goes in or comes out, in words.
    fn told(&self, shape: &Shape) -> Localized<String> {
        match *shape.axes() {
            [channels, length] if self.begins_with_lines() => lines(channels, length),
            [1, length] => numbers(length),
            [channels, slices, rows, columns] if self.begins_with_volumes() => {
                let size = by(&[slices, rows, columns]);
                let in_english = of(channels, "channel", "channels");
                says!(with [size]; en: "{in_english} of {size}", ja: "{size}が{channels}チャネル")
            }
            _ => maps(shape),
        }
    }

    /// Whether an input names rows of a table.
    fn names_rows(&self, input: ValueId) -> bool {
        let mut readers = self.run.graph.nodes().iter();
        readers.any(|node| {
            let plan = node.plan().filter(|_| node.inputs.contains(&input));
            plan.is_some_and(|plan| plan.layer().kind() == OperationKind::Embedding)
        })
    }

    /// Whether its first filters have slices besides rows and columns.
    fn begins_with_volumes(&self) -> bool {
        let first = self.run.map.units.first();
        let weights = first.and_then(|unit| self.plan(unit)?.weight_shape());
        weights.is_some_and(|weights| weights.rank() == 5)
    }

    /// Whether what its first stage makes are channels of numbers in a line.
    fn begins_with_lines(&self) -> bool {
        let first = self.run.map.units.first();
        first.is_some_and(|unit| {
            self.makes_planes(unit)
                && self
                    .plan(unit)
                    .is_some_and(|plan| plan.input_shape().rank() == 2)
        })
    }
}

/// How many layers make how many stages, in words; in Japanese as a sentence.
fn gathered_into(layers: usize, stages: usize) -> Localized<String> {
    let (all, ja) = (of(layers, "layer", "layers"), count(layers as u64).ja);
    let (some, places) = (of(stages, "stage", "stages"), count(stages as u64).ja);
    match (layers, layers == stages) {
        (1, true) => Localized::new("a single layer", "層はひとつだけです。").into(),
        (_, true) => says!(
            en: "{all}, each a stage of its own",
            ja: "{ja}層あり、1層ずつがひとつの段階です。"
        ),
        (_, false) => says!(
            en: "{all}, gathered into {some}",
            ja: "{ja}層を、{places}段階にまとめました。"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_stages_are_counted_as_they_are() {
        assert_eq!(gathered_into(1, 1).en, "a single layer");
        assert_eq!(gathered_into(3, 3).en, "3 layers, each a stage of its own");
        assert_eq!(gathered_into(49, 8).en, "49 layers, gathered into 8 stages");
    }
}
