//! A stage that is a single layer, with those that refine what it makes.

use super::NetworkTour;
use super::explained::{READS, Told};
use crate::explore::told::number::{and, by, sentences};
use crate::explore::told::what;
use crate::language::Localized;
use crate::network::Node;
use crate::network::map::Unit;
use crate::op::{Family, Operation, OperationKind, Plan, SiLU};
use crate::says;
use crate::tensor::Shape;

impl NetworkTour<'_> {
    /// A single layer, with those that refine what it makes.
    pub(super) fn layer(&self, unit: &Unit, is_new: bool, told: &Told) -> Localized<String> {
        let Some(plan) = self.plan(unit) else {
            let title = unit.title(&self.run.graph);
            return says!(
                with [title];
                en: "Here stands {title}, which is not shown step by step.",
                ja: "ここには{title}があります。ステップは表示できません。"
            );
        };
        let (name, does): (Localized<String>, Localized<String>) = if self.is_global_mean(unit) {
            (
                Localized::new("global average pooling", "グローバル平均プーリング").into(),
                Localized::new(
                    "Of each channel only the mean is left. It no longer says where something is, but how much.",
                    "チャネルごとに、平均ひとつだけが残ります。「どこに」は消え、「どれだけ」が残ります。",
                )
                .into(),
            )
        } else {
            (what::name(plan), what::does_to_maps(plan))
        };
        let window = window(plan);
        let (first, does) = if is_new {
            let first = says!(
                with [name, window];
                en: "Here is {name}{window}.",
                ja: "{window}{name}です。"
            );
            (first, does)
        } else {
            let again = says!(
                with [name, window];
                en: "Again {name}{window}.",
                ja: "もう一度、{window}{name}です。"
            );
            (again, Localized::default())
        };
        let followers = self.followers(unit);
        let is_untold = |what: &str| !told.knows(what);
        let reads = self.reads_maps(unit);
        let reads = reads.filter(|_| !is_new && is_untold(READS));
        let activation = self.activation(unit);
        let activation = activation.filter(|(name, _)| is_untold(name));
        let activation = activation.map(|(_, does)| does);
        let pixels = self.becomes_pixels(unit);
        let parts = [
            Some(first),
            Some(does),
            reads,
            Some(followers),
            activation,
            pixels,
        ];
        sentences(parts.into_iter().flatten())
    }

    /// Those that refine what a layer makes, by their names.
    fn followers(&self, unit: &Unit) -> Localized<String> {
        // That numbers only stand in another way is not worth a word.
        let is_told = |node: usize| {
            !matches!(
                self.family(node),
                Some(Family::Arrangement | Family::Nothing)
            )
        };
        let mut followers: Vec<Localized<String>> = Vec::new();
        let mut rest = self.behind_main(unit);
        while let [node, later @ ..] = rest {
            if self.is_silu(rest) {
                followers.extend(
                    SiLU.spoken()
                        .map(|silu| Localized::<String>::from(silu.name)),
                );
                rest = &later[1..];
                continue;
            }
            rest = later;
            let plan = self.run.graph.nodes()[*node].plan();
            followers.extend(plan.filter(|_| is_told(*node)).map(what::name));
        }
        match &followers[..] {
            [] => Localized::default(),
            all @ [_, _, ..] => {
                let names = and(all);
                says!(
                    with [names];
                    en: "Then come {names}.",
                    ja: "そのあとに{names}が続きます。"
                )
            }
            all => {
                let names = and(all);
                says!(
                    with [names];
                    en: "Then comes {names}.",
                    ja: "そのあとに{names}が続きます。"
                )
            }
        }
    }

    /// What the activation behind a layer does, and what stands for it among what has been explained.
    pub(super) fn activation(&self, unit: &Unit) -> Option<(String, Localized<String>)> {
        let behind = self.behind_main(unit);
        let place = behind
            .iter()
            .position(|&node| self.family(node) == Some(Family::Activation))?;
        if self.is_silu(&behind[place..]) {
            return Some(("SiLU".to_owned(), SiLU.spoken()?.does));
        }
        let plan = self.run.graph.nodes().get(behind[place])?.plan()?;
        Some((plan.layer().name().to_owned(), what::does(plan)))
    }

    /// Whether the first two nodes are a SiLU as ONNX writes it: a sigmoid, and a product with what it is of.
    fn is_silu(&self, nodes: &[usize]) -> bool {
        let [first, second, ..] = nodes else {
            return false;
        };
        let all = self.run.graph.nodes();
        let (Some(sigmoid), Some(product)) = (all.get(*first), all.get(*second)) else {
            return false;
        };
        let is = |node: &Node, kind: OperationKind| {
            let plan = node.plan();
            plan.is_some_and(|plan| plan.layer().kind() == kind)
        };
        let mut both = sigmoid.inputs.iter().chain(&sigmoid.outputs);
        is(sigmoid, OperationKind::Sigmoid)
            && is(product, OperationKind::Mul)
            && product.inputs.len() == 2
            && both.all(|value| product.inputs.contains(value))
    }

    /// The nodes that refine what the main one of a unit makes.
    fn behind_main<'a>(&self, unit: &'a Unit) -> &'a [usize] {
        let from = unit.main(&self.run.graph) + 1;
        unit.nodes.get(from..).unwrap_or_default()
    }

    /// Whether a layer makes one number of each channel: its mean.
    fn is_global_mean(&self, unit: &Unit) -> bool {
        let from = unit.inputs.first();
        let from = from.and_then(|&input| self.run.graph.sample_shape(input));
        let (Some(from), Some(to)) = (from, self.sample_shape(unit)) else {
            return false;
        };
        let is_mean = self
            .plan(unit)
            .is_some_and(|plan| plan.layer().kind() == OperationKind::Mean);
        let has_places = from.rank() >= 3 && from.count() > from.channels();
        is_mean && has_places && to.count() == from.channels()
    }
}

/// How large a window is and how far it moves, behind the name of a layer.
fn window(plan: &Plan) -> Localized<String> {
    let family = plan.layer().kind().description().family;
    let weights = plan.weight_shape();
    if let Some([_, _, lengths @ ..]) = weights.as_ref().map(Shape::axes)
        && lengths.len() == 3
        && family == Family::Convolution
        && lengths.iter().any(|length| *length > 1)
    {
        let size = by(lengths);
        return says!(with [size]; en: ", with windows of {size}", ja: "{size}の窓を使う");
    }
    let dims = weights.map(|shape| shape.as_chw());
    match (family, dims) {
        (Family::Convolution, Some([_, 1, length]))
            if length > 1 && plan.input_shape().rank() == 2 =>
        {
            says!(en: ", with windows of {length}", ja: "長さ{length}の窓を使う")
        }
        (Family::Convolution, Some([_, rows, columns])) if rows > 1 || columns > 1 => {
            let size = by(&[rows, columns]);
            says!(with [size]; en: ", with windows of {size}", ja: "{size}の窓を使う")
        }
        _ => Localized::default(),
    }
}
