//! The last scene of a tour: what comes out of the network.

use super::names::in_narration;
use super::{NetworkTour, seen};
use crate::explore::told::number::{and, by, count, element, maps, sentences};
use crate::explore::told::value::say_with;
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawBeat, RawScene};
use crate::network::ValueId;
use crate::says;
use crate::tensor::Tensor;

/// Largest outputs that are named.
const NAMED: usize = 3;

/// The largest share below which no class stands out.
const LEAST_SHARE: f32 = 0.05;

impl NetworkTour<'_> {
    /// What comes out.
    pub(super) fn output(&self) -> RawScene {
        let graph = &self.run.graph;
        let placed = self.placed(&[]);
        let last = placed.blocks.len().saturating_sub(1);
        let frame = vec![Part::Tensor(last.saturating_sub(1)), Part::Tensor(last)];
        let mut scene = self.scene(
            Localized::new("What comes out", "出てくるもの"),
            &[],
            seen(frame.clone()),
        );
        let output = graph.outputs().first().copied();
        let shares = output.and_then(|id| self.run.shares(id));
        let text = match shares.as_deref() {
            Some([(first, share), rest @ ..]) if !rest.is_empty() && self.waist().is_none() => {
                self.largest_shares((*first, *share), rest)
            }
            _ => self.output_map(output),
        };
        // Ways to other stages would run through the title.
        scene
            .beats
            .push(say_with(text, None, vec![Action::Focus(frame)], []));
        scene.beats.push(say_with(
            Localized::new(
                "That is the whole way, from the input to the output.",
                "入力から出力まで、これがすべての道のりです。",
            )
            .into(),
            Some(seen(Vec::new())),
            vec![Action::Focus(Vec::new())],
            [],
        ));
        scene.beats.push(RawBeat::Hold(1.0));
        scene
    }

    /// Which number is the largest, by its place and its share, and which come next.
    fn largest_shares(
        &self,
        (first, share): (usize, f32),
        rest: &[(usize, f32)],
    ) -> Localized<String> {
        // What is nearly all is not all.
        let percent = |share: f32| {
            let percent = (share * 100.0).round() as u32;
            if share < 1.0 {
                percent.min(99)
            } else {
                percent
            }
        };
        let all = count(1 + rest.len() as u64);
        let stands_out = share >= LEAST_SHARE;
        let share = percent(share);
        let others = rest
            .iter()
            .take(NAMED - 1)
            .filter(|(_, share)| stands_out && percent(*share) > 0);
        let named = |class: usize| {
            let name = self.classes.and_then(|classes| classes.name(class));
            name.map(in_narration)
        };
        let others = others.map(|(place, share)| {
            let share = percent(*share);
            if let Some(name) = named(*place) {
                return says!(en: "{name} with {share} percent", ja: "「{name}」の{share}パーセント");
            }
            says!(en: "{place} with {share} percent", ja: "{place}番の{share}パーセント")
        });
        let others = others.collect::<Vec<_>>();
        let (others, several) = (and(&others), others.len());
        let next = match several {
            0 => Localized::default(),
            1 => {
                says!(with [others]; en: "Then comes {others}.", ja: "次は、{others}です。")
            }
            _ => {
                says!(with [others]; en: "Then come {others}.", ja: "次は、{others}です。")
            }
        };
        let largest = if let Some(name) = named(first).filter(|_| stands_out) {
            says!(
                with [all];
                en: "Of {all} classes, softmax gives the largest share to {name}: {share} percent.",
                ja: "{all}個のクラスの割合を、ソフトマックスで求めます。いちばん大きいのは「{name}」で、{share}パーセントです。"
            )
        } else if stands_out {
            says!(
                with [all];
                en: "Of {all} numbers, the one with index {first} is the largest. Softmax gives it a share of {share} percent.",
                ja: "{all}個の数のうち、いちばん大きいのは{first}番です。ソフトマックスによる割合は、{share}パーセントです。"
            )
        } else {
            let which = match named(first) {
                Some(name) => {
                    says!(en: "The largest is {name}", ja: "いちばん大きいのは「{name}」")
                }
                None => {
                    says!(en: "The largest has index {first}", ja: "いちばん大きいのは{first}番")
                }
            };
            let only = if share > 0 {
                says!(en: "only {share} percent", ja: "{share}パーセントだけ")
            } else {
                Localized::new("below 1 percent", "1パーセント未満").into()
            };
            says!(
                with [all, which, only];
                en: "Of {all} numbers none stands out. {which}, and even its share is {only}.",
                ja: "{all}個の数に、目立つものはありません。{which}ですが、その割合も{only}です。"
            )
        };
        sentences([largest, next])
    }

    /// What comes out where that is a map, a single number, or numbers of tokens.
    fn output_map(&self, output: Option<ValueId>) -> Localized<String> {
        if let Some([tokens, numbers]) = self.next_tokens() {
            return says!(
                en: "So {numbers} numbers come out for each of the {tokens} tokens: one for every token that may come next. The larger it is, the likelier.",
                ja: "こうして、{tokens}個のトークンそれぞれに、{numbers}個の数が出てきます。次に来うるトークンひとつに、ひとつずつ。大きいほど、次に来そうだということです。"
            );
        }
        let numbers = output.and_then(|id| self.run.sample(id));
        if let Some(&[only]) = numbers.as_ref().map(Tensor::data) {
            let only = element(only);
            return says!(
                with [only];
                en: "So a single number comes out: {only}.",
                ja: "こうして、ひとつの数、{only}が出てきます。"
            );
        }
        let graph = &self.run.graph;
        let shape_of = |id: ValueId| graph.sample_shape(id).filter(|shape| shape.rank() == 3);
        let input = graph.inputs().first().copied().and_then(shape_of);
        if let (Some(from), Some(to)) = (input, output.and_then(shape_of)) {
            let ([_, rows, columns], [channels, more, wider]) = (from.as_chw(), to.as_chw());
            let size = by(&[rows, columns]);
            let times = more / rows.max(1);
            if (rows, columns) == (more, wider) && channels > 1 {
                return says!(
                    with [size];
                    en: "So {channels} numbers come out for each of the {size} places of the input. It is an answer for every place, not one for the whole.",
                    ja: "こうして、入力の{size}か所のそれぞれに、{channels}個の数が出てきます。全体でひとつではなく、場所ごとの答えです。"
                );
            }
            if times > 1 && (rows * times, columns * times) == (more, wider) {
                let large = by(&[more, wider]);
                return says!(
                    with [size, large];
                    en: "So what came in as {size} goes out as {large}: {times} times as many rows and columns.",
                    ja: "こうして、{size}で入ったものが、{large}になって出てきます。行も列も{times}倍です。"
                );
            }
        }
        if let Some((_, numbers, _)) = self.waist() {
            let numbers = count(numbers as u64);
            return says!(
                with [numbers];
                en: "So what comes out has the shape of what went in, made of only {numbers} numbers.",
                ja: "こうして、入力と同じ形のものが、わずか{numbers}個の数から出てきます。"
            );
        }
        let said = output
            .and_then(|id| graph.sample_shape(id))
            .map_or_else(Localized::default, |to| maps(&to));
        says!(
            with [said];
            en: "So what comes out is {said}: all that the stages before have worked out of the input.",
            ja: "こうして出てくるのは、{said}です。ここまでの段階が、入力から計算した結果です。"
        )
    }
}
