//! A stage of a tour: what it is, what it is for, and what comes out of it.

use super::explained::{GATED, PROJECTED, READS, Told};
use super::{NetworkTour, seen};
use crate::explore::told::block::block_in_full;
use crate::explore::told::number::{and, count, numbers, sentences, shape};
use crate::explore::told::transformer::block_of;
use crate::explore::told::value::{say, say_with};
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawScene, RawShot};
use crate::network::map::{Unit, UnitKind};
use crate::op::{Family, OperationKind};
use crate::says;
use crate::tensor::Shape;

/// The least share of the parameters that is told of a stage, in parts of the whole.
const MUCH: u64 = 50;

/// Room around an open block that a way leads around: the way runs above it, and the titles stand there.
const ROUND: f32 = 1.25;

impl NetworkTour<'_> {
    /// A stage: what it is, what it is for, and what comes out of it.
    pub(super) fn stage(&self, unit: &Unit, number: usize, told: &mut Told) -> RawScene {
        let graph = &self.run.graph;
        let title = unit.title(graph);
        let place = number + 1;
        let title = says!(with [title]; en: "{place}. {title}", ja: "{place}. {title}");
        let before = self.placed(&[]);
        let here = before.find(&unit.name).unwrap_or(0);
        let near = |here: usize| {
            let from = unit.inputs.iter().filter_map(|input| {
                before.blocks[..here]
                    .iter()
                    .rposition(|block| block.value == *input)
            });
            let mut parts: Vec<Part> = from.map(Part::Tensor).collect();
            parts.push(Part::Tensor(here));
            parts
        };
        let is_new = told.is_new(self.run, unit);
        let inner = inner_block(unit);
        let opened = inner.filter(|_| is_new);
        // A shape of which there is no more to say is told with the layer.
        let (came, more) = self.made(unit, is_new);
        let is_joined = opened.is_none() && more.en.is_empty();
        let joined = is_joined.then(|| came.clone());
        let mut scene = match opened {
            // A block is opened once, and its repeats are told.
            Some(block) => {
                let mut open = vec![unit.name.as_str()];
                if block.name != unit.name {
                    open.push(&block.name);
                }
                let (frame, placed) = self.opened(block, &open);
                let framed = |number: usize| frame.contains(&Part::Tensor(number));
                let mut links = placed.links.iter();
                let is_round = links.any(|link| link.skips && framed(link.from) && framed(link.to));
                let camera = RawShot {
                    room: if is_round { ROUND } else { 1.0 },
                    ..seen(frame.clone())
                };
                let mut scene = self.scene(title, &open, camera);
                scene.beats.push(say_with(
                    self.introduced(unit, block, told),
                    None,
                    vec![Action::Focus(frame)],
                    [],
                ));
                scene
            }
            None => {
                let mut scene = self.scene(title, &[], seen(near(here)));
                let block = inner.unwrap_or(inner_layer(unit));
                let text = self.token_stage(unit).unwrap_or_else(|| {
                    let begins = self.begins(unit, number);
                    let joint = self.joint(unit, number);
                    let text = joint.unwrap_or_else(|| self.introduced(unit, block, told));
                    sentences(begins.into_iter().chain([text]))
                });
                let text = sentences([text].into_iter().chain(joined));
                scene
                    .beats
                    .push(say_with(text, None, vec![Action::Focus(near(here))], []));
                scene
            }
        };
        let made = sentences([came, more]);
        if !is_joined && !made.en.is_empty() {
            scene.beats.push(say(made));
        }
        if unit
            .parts
            .first()
            .is_some_and(|first| self.projected(first))
        {
            told.explain(PROJECTED);
        }
        if self.is_gated_anew(unit, told) {
            told.explain(GATED);
        }
        if inner.is_none() {
            let layer = inner_layer(unit);
            if !is_new && self.reads_maps(layer).is_some() {
                told.explain(READS);
            }
            if let Some((name, _)) = self.activation(layer) {
                told.explain(name);
            }
        }
        scene
    }

    /// What a stage is; in full where it is the first of its kind.
    fn introduced(&self, unit: &Unit, block: &Unit, told: &Told) -> Localized<String> {
        let is_new = told.is_new(self.run, unit);
        let (times, period) = match unit.kind {
            UnitKind::Repeat { times, period, .. } => (times, period),
            _ => (1, 1),
        };
        let is_layer = matches!(block.kind, UnitKind::Layer(_));
        let body = match (is_layer, is_new, times) {
            (true, ..) => self.layer(block, is_new, told),
            (_, true, _) => block_in_full(block.kind, self.projected(block)),
            (_, _, 1) => Localized::new(
                "Here is another one of that kind.",
                "また、同じ作りのブロックです。",
            )
            .into(),
            _ => says!(
                en: "Here are {times} more of that kind.",
                ja: "同じ作りのブロックが、さらに{times}個続きます。"
            ),
        };
        let shuffles = unit
            .nodes
            .iter()
            .any(|&node| self.family(node) == Some(Family::Shuffling));
        let shuffled = if is_new && shuffles && !is_layer {
            Some(
                Localized::new(
                    "Then the channels are shuffled. So the next block mixes what these ways kept apart.",
                    "そのあとチャネルを並べ替え、別々だったものが次のブロックで混ざるようにします。",
                )
                .into(),
            )
        } else {
            None
        };
        // Of blocks of a transformer their number says it.
        let repeats = if period > 1 && block_of(unit).is_some() {
            None
        } else if period > 1 {
            let parts = unit.parts.len().saturating_sub(period);
            let titles = unit.parts[parts..]
                .iter()
                .map(|part| part.title(&self.run.graph));
            let titles = and(&titles.collect::<Vec<_>>());
            Some(says!(
                with [titles];
                en: "Here {titles} follow each other, {times} times.",
                ja: "{titles}の組が、{times}回続きます。"
            ))
        } else if times > 1 && (is_new || is_layer) {
            Some(says!(
                en: "There are {times} of them, one after another.",
                ja: "これが{times}個、続きます。"
            ))
        } else {
            None
        };
        let first = self.is_projected_anew(unit, told).then(|| {
            Localized::new(
                "The first of them changes the shape, and so its way round has a layer of its own.",
                "最初のブロックでは形が変わるので、回り道にも層があります。",
            )
            .into()
        });
        let gated = self.is_gated_anew(unit, told).then(|| {
            Localized::new(
                "In between, squeeze-and-excite weighs the channels: their means tell how much each is to count.",
                "途中のSEブロックが、チャネルの平均から、それぞれの重要さを決めて掛けます。",
            )
            .into()
        });
        let block_kind = block.kind;
        let without_sum = unit.parts.first().filter(|first| {
            let sums = matches!(block_kind, UnitKind::Residual { .. });
            is_new && sums && matches!(first.kind, UnitKind::Inverted | UnitKind::Separable)
        });
        let without_sum = without_sum.map(|_| {
            Localized::new(
                "The first of them changes the shape, so nothing is added there.",
                "最初のブロックは形が変わるので、入力を足しません。",
            )
            .into()
        });
        let all = [body].into_iter().chain(gated).chain(shuffled);
        sentences(all.chain(repeats).chain(first).chain(without_sum))
    }

    /// Whether only the first of a stage's blocks has a way round with a layer of its own, and none such has been told.
    pub(super) fn is_projected_anew(&self, unit: &Unit, told: &Told) -> bool {
        let block = inner_block(unit).unwrap_or(inner_layer(unit));
        let first = unit.parts.first();
        let is_first = first.is_some_and(|first| self.projected(first) && !self.projected(block));
        is_first && !told.knows(PROJECTED)
    }

    /// Whether a stage has blocks with squeeze-and-excite within, of which nothing has been told yet.
    pub(super) fn is_gated_anew(&self, unit: &Unit, told: &Told) -> bool {
        fn within(unit: &Unit) -> bool {
            let mut parts = unit.parts.iter();
            parts.any(|part| part.kind == UnitKind::Gate || within(part))
        }
        !told.knows(GATED) && within(unit)
    }

    fn projected(&self, block: &Unit) -> bool {
        matches!(
            block.kind,
            UnitKind::Residual {
                projected: true,
                ..
            }
        )
    }

    /// What comes out of a stage; and how that differs from what went in, and of one that is like no other, how much it
    /// has learned.
    fn made(&self, unit: &Unit, is_new: bool) -> (Localized<String>, Localized<String>) {
        let Some(to) = self.sample_shape(unit) else {
            return (Localized::default(), Localized::default());
        };
        let from = match unit.inputs[..] {
            [input] => self.run.graph.sample_shape(input),
            _ => None,
        };
        let said = match *to.axes() {
            [1, length] => numbers(length),
            _ => shape(&to),
        };
        let is_linear = self
            .plan(unit)
            .is_some_and(|plan| plan.layer().kind() == OperationKind::Linear);
        let came = if is_linear && to.count() == to.width() {
            // The title says how many numbers it makes of how many.
            Localized::default()
        } else if from == Some(to) {
            says!(with [said]; en: "The shape stays {said}.", ja: "形は{said}のままです。")
        } else {
            says!(with [said]; en: "What comes out is {said}.", ja: "出てくるのは{said}です。")
        };
        let change = from.and_then(|from| changed(&from, &to));
        let parameters = unit.cost.parameters;
        let learned = if is_new && parameters.saturating_mul(MUCH) > self.run.cost().parameters {
            let all = count(parameters);
            says!(
                with [all];
                en: "It has {all} parameters.",
                ja: "パラメータは{all}個です。"
            )
        } else {
            Localized::default()
        };
        let field = self.field_of(unit);
        let more = change.into_iter().chain([learned]).chain(field);
        (came, sentences(more))
    }
}

/// The block that a stage is made of: itself, or of several equal ones the last, which is like the others. None
/// where it is made of layers.
pub(super) fn inner_block(unit: &Unit) -> Option<&Unit> {
    match unit.kind {
        UnitKind::Layer(_) => None,
        UnitKind::Repeat { .. } => unit.parts.last().filter(|last| !last.parts.is_empty()),
        _ => Some(unit),
    }
}

/// The layer that a stage is, or of several the last.
pub(super) fn inner_layer(unit: &Unit) -> &Unit {
    match unit.kind {
        UnitKind::Repeat { .. } => unit.parts.last().unwrap_or(unit),
        _ => unit,
    }
}

/// How a shape differs from the one before.
fn changed(from: &Shape, to: &Shape) -> Option<Localized<String>> {
    let ([channels, rows, _], [more, fewer, _]) = (from.as_chw(), to.as_chw());
    if from.rank() != 3 || to.rank() != 3 || (channels, rows) == (more, fewer) {
        return None;
    }
    let times = |large: usize, small: usize| {
        (small > 0 && large.is_multiple_of(small)).then(|| large / small)
    };
    let size = if fewer == 1 && rows > 1 {
        Some(Localized::new(
            "Each channel has become one number.",
            "チャネルごとに、ひとつの数になりました。",
        ))
    } else if times(rows, fewer) == Some(2) {
        Some(Localized::new(
            "Rows and columns are halved.",
            "行と列は半分です。",
        ))
    } else if times(fewer, rows) == Some(2) {
        Some(Localized::new(
            "Rows and columns are doubled.",
            "行と列は2倍です。",
        ))
    } else {
        None
    };
    let depth = match times(more, channels) {
        Some(2) => Some(Localized::new(
            "There are twice as many channels.",
            "チャネルは2倍です。",
        )),
        Some(4) => Some(Localized::new(
            "There are four times as many channels.",
            "チャネルは4倍です。",
        )),
        _ => None,
    };
    let both = [size, depth].into_iter().flatten().map(Into::into);
    let both = sentences(both);
    (!both.en.is_empty()).then_some(both)
}
