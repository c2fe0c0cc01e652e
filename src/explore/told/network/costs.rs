//! Where the parameters and the work of a network are.

use super::stages::inner_block;
use super::{NetworkTour, seen};
use crate::explore::told::number::{count, few_of, sentences};
use crate::explore::told::value::{say, say_with};
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawBeat, RawScene};
use crate::network::map::Unit;
use crate::says;

/// Stages of blocks from which on it is worth telling that they take about as much work each.
const LIKE: usize = 3;

/// A map of so many times fewer places than the largest still counts as large.
const LARGE_PART: usize = 4;

impl NetworkTour<'_> {
    /// Where the parameters and the work are.
    pub(super) fn costs(&self) -> Option<RawScene> {
        let cost = self.run.cost();
        if cost.parameters == 0 || cost.macs == 0 {
            return None;
        }
        let units = &self.run.map.units;
        let most = |of: fn(&Unit) -> u64| units.iter().enumerate().max_by_key(|(_, unit)| of(unit));
        let (heavy, busy) = (
            most(|unit| unit.cost.parameters)?,
            most(|unit| unit.cost.macs)?,
        );
        let share = |part: u64, whole: u64| {
            let percent = (part as f64 / whole as f64 * 100.0).round() as u64;
            if part < whole {
                percent.min(99)
            } else {
                percent
            }
        };
        let inputs = self.run.map.inputs.len();
        let mut scene = self.scene(
            Localized::new("Where the work is", "パラメータと計算量"),
            &[],
            seen(Vec::new()),
        );
        let (parameters, macs) = (count(cost.parameters), count(cost.macs));
        scene.beats.push(say(says!(
            with [parameters, macs];
            en: "All in all, it has {parameters} parameters. Training sets these numbers. For this input it takes {macs} multiply-accumulates.",
            ja: "学習で決まるパラメータは、全部で{parameters}個。この入力に、積和演算を{macs}回行います。"
        )));
        if let [_] = units[..] {
            return Some(scene);
        }
        let (title, part) = (
            heavy.1.title(&self.run.graph),
            share(heavy.1.cost.parameters, cost.parameters),
        );
        let place = heavy.0 + 1;
        let focus = |number: usize| Action::Focus(vec![Part::Tensor(inputs + number)]);
        scene.beats.push(say_with(
            says!(
                with [title];
                en: "The most parameters, {part} percent, lie [here]here, in stage {place}: {title}.",
                ja: "パラメータがいちばん多いのは、[here]段階{place}の{title}です。全体の{part}パーセントを占めます。"
            ),
            None,
            Vec::new(),
            [("here", focus(heavy.0))],
        ));
        let (title, part) = (
            busy.1.title(&self.run.graph),
            share(busy.1.cost.macs, cost.macs),
        );
        let place = busy.0 + 1;
        let text = if busy.0 == heavy.0 {
            says!(
                en: "The most work is done [there]here too: {part} percent.",
                ja: "計算がいちばん多いのも[there]ここで、{part}パーセントです。"
            )
        } else {
            says!(
                with [title];
                en: "The most work, {part} percent, is done [there]here, in stage {place}: {title}.",
                ja: "計算がいちばん多いのは、[there]段階{place}の{title}で、{part}パーセントです。"
            )
        };
        let places = |unit: &Unit| {
            let shape = self.sample_shape(unit).filter(|shape| shape.rank() == 3);
            shape.map_or(1, |shape| shape.height() * shape.width())
        };
        let most = units.iter().map(places).max().unwrap_or(1);
        let is_large = places(busy.1).saturating_mul(LARGE_PART) >= most;
        let why = if busy.0 != heavy.0 && is_large && places(busy.1) > places(heavy.1) {
            Localized::new(
                "Weights that slide over large maps are used again and again.",
                "大きなマップの上を動く重みは、何度も使われるからです。",
            )
        } else {
            Localized::default()
        };
        let text = sentences([text, why.into()]);
        // Where all do about as much, it is of no meaning which of them does most.
        let beat = self
            .even_work()
            .or_else(|| self.shared_work())
            .unwrap_or_else(|| say_with(text, None, Vec::new(), [("there", focus(busy.0))]));
        scene.beats.push(beat);
        Some(scene)
    }

    /// Where several stages of blocks take about as much work each.
    fn even_work(&self) -> Option<RawBeat> {
        let units = self.run.map.units.iter().enumerate();
        let blocks = units.filter(|(_, unit)| inner_block(unit).is_some());
        let blocks: Vec<(usize, &Unit)> = blocks.collect();
        let macs = || blocks.iter().map(|(_, unit)| unit.cost.macs);
        let (least, most) = (macs().min()?, macs().max()?);
        let first = self.sample_shape(blocks.first()?.1)?;
        let last = self.sample_shape(blocks.last()?.1)?;
        let halves = last.rank() == 3
            && last.height() < first.height()
            && last.channels() > first.channels();
        if blocks.len() < LIKE || !halves || least.saturating_mul(4) < most.saturating_mul(3) {
            return None;
        }
        let stages = blocks.len();
        let inputs = self.run.map.inputs.len();
        let all = blocks
            .iter()
            .map(|(number, _)| Part::Tensor(inputs + number));
        Some(say_with(
            says!(
                en: "The {stages} stages of blocks take nearly the same work. Rows and columns are halved, channels doubled: the one makes up for the other.",
                ja: "計算量は、ブロックが並ぶ{stages}つの段階で、ほぼ同じです。行と列を半分にして、チャネルを2倍にすると、つり合うからです。"
            ),
            None,
            vec![Action::Focus(all.collect())],
            [],
        ))
    }

    /// Where several stages take the most work together: none of them is the one that does.
    fn shared_work(&self) -> Option<RawBeat> {
        let units = &self.run.map.units;
        let most = units.iter().map(|unit| unit.cost.macs).max()?;
        let busy = units.iter().enumerate();
        let busy =
            busy.filter(|(_, unit)| unit.cost.macs.saturating_mul(20) >= most.saturating_mul(19));
        let busy: Vec<(usize, &Unit)> = busy.collect();
        if busy.len() < 2 {
            return None;
        }
        let places: Vec<Localized<String>> = busy
            .iter()
            .map(|(number, _)| Localized::same((number + 1).to_string()))
            .collect();
        let places = few_of(&places);
        let part = (most as f64 / self.run.cost().macs as f64 * 100.0).round() as u64;
        let text = says!(
            with [places];
            en: "The most work is done in stages {places}: about {part} percent each.",
            ja: "計算がいちばん多いのは、段階{places}で、それぞれ約{part}パーセントです。"
        );
        let shapes = busy.iter().filter_map(|(_, unit)| self.sample_shape(unit));
        let shapes: Vec<[usize; 3]> = shapes
            .filter(|shape| shape.rank() == 3)
            .map(|shape| shape.as_chw())
            .collect();
        let balances = |pair: &[[usize; 3]]| {
            let [[channels, rows, _], [others, other, _]] = [pair[0], pair[1]];
            rows.max(other) == 2 * rows.min(other) && channels * rows == others * other
        };
        let why = if shapes.len() == busy.len() && shapes.windows(2).all(balances) {
            Localized::new(
                "Where there are twice as many rows and columns, there are half as many channels: the one makes up for the other.",
                "行と列が2倍のところでは、チャネルが半分なので、つり合います。",
            )
        } else {
            Localized::default()
        };
        let inputs = self.run.map.inputs.len();
        let all = busy.iter().map(|(number, _)| Part::Tensor(inputs + number));
        Some(say_with(
            sentences([text, why.into()]),
            None,
            vec![Action::Focus(all.collect())],
            [],
        ))
    }
}
