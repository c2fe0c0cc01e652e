//! What a tour tells of the ways through a network: where one begins that does not lead on from the stage before, and
//! where several meet.

use super::network::NetworkTour;
use super::number::{and, ordinal, sentences};
use crate::language::Localized;
use crate::lesson::Part;
use crate::network::ValueId;
use crate::network::map::{Unit, UnitKind};
use crate::op::Family;
use crate::says;

impl NetworkTour<'_> {
    /// Which stage gives a value, or that it is the network's input.
    fn origin(&self, value: ValueId) -> Option<(Option<usize>, Localized<String>)> {
        let units = &self.run.map.units;
        if let Some(number) = units.iter().position(|unit| unit.output == value) {
            let place = number + 1;
            return Some((Some(number), says!(en: "stage {place}", ja: "段階{place}")));
        }
        let inputs = &self.run.map.inputs;
        let number = inputs.iter().position(|input| *input == value)?;
        if let [_] = inputs[..] {
            return Some((None, Localized::new("the input", "入力").into()));
        }
        let which = ordinal(number);
        Some((
            None,
            says!(with [which]; en: "the {which} input", ja: "{which}の入力"),
        ))
    }

    /// Where a stage does not read the one before it.
    pub(super) fn begins(&self, unit: &Unit, number: usize) -> Option<Localized<String>> {
        let before = &self.run.map.units[number.checked_sub(1)?];
        if unit.inputs.contains(&before.output) {
            return None;
        }
        let (_, from) = self.origin(*unit.inputs.first()?)?;
        Some(says!(
            with [from];
            en: "Another way begins here: it leads on from {from}.",
            ja: "ここから別の道です。{from}から続きます。"
        ))
    }

    /// Where ways of different length meet.
    pub(super) fn joint(&self, unit: &Unit, number: usize) -> Option<Localized<String>> {
        let origins: Vec<(Option<usize>, Localized<String>)> = unit
            .inputs
            .iter()
            .filter_map(|input| self.origin(*input))
            .collect();
        let (far, near) = (
            origins.iter().min_by_key(|(stage, _)| *stage)?,
            origins.iter().max_by_key(|(stage, _)| *stage)?,
        );
        if far.0 == near.0 {
            return None;
        }
        let UnitKind::Layer(family) = unit.kind else {
            return None;
        };
        let (from, other) = (&far.1, &near.1);
        match family {
            Family::Joining => {
                let has_channels = self
                    .sample_shape(unit)
                    .is_some_and(|shape| shape.rank() == 3);
                let what = if has_channels {
                    Localized::new("the channels", "チャネル")
                } else {
                    Localized::new("the numbers", "数")
                };
                let joined = says!(
                    with [from, other, what];
                    en: "Here ways meet: {what} from {from} are put beside those from {other}.",
                    ja: "ここで道が合流します。{from}の{what}を、{other}の{what}と並べます。"
                );
                let detail = if self.are_smaller_between(far.0, near.0, unit) {
                    Localized::new(
                        "They bring back the detail that was lost when the maps were made small.",
                        "縮めたときに失われた細かい情報が、ここで戻ってきます。",
                    )
                } else {
                    Localized::default()
                };
                Some(sentences([joined, detail.into()]))
            }
            Family::Addition => {
                let sum = says!(
                    with [from, other];
                    en: "Here ways meet: what {from} and {other} give is added, element by element.",
                    ja: "ここで道が合流します。{from}と{other}の出力を、要素ごとに足します。"
                );
                let short = origins
                    .iter()
                    .any(|(stage, _)| self.is_input_resized(*stage));
                let residual = if short && number > 1 {
                    Localized::new(
                        "One of them is the input itself. So the layers only have to work out what it lacks.",
                        "一方は入力そのものなので、層が計算するのは、それに足りない分だけです。",
                    )
                } else {
                    Localized::default()
                };
                Some(sentences([sum, residual.into()]))
            }
            Family::Convolution
            | Family::Pooling
            | Family::Normalization
            | Family::Activation
            | Family::Product
            | Family::Lookup
            | Family::Arithmetic
            | Family::Reduction
            | Family::Arrangement
            | Family::Shuffling
            | Family::Resampling
            | Family::Nothing
            | Family::Sequence => None,
        }
    }

    /// Where ways meet in stages that share a scene: what they lead on from, on the map and in words.
    pub(super) fn joints_again(&self, numbers: &[usize]) -> Option<(Vec<Part>, Localized<String>)> {
        let ways = numbers.iter().filter_map(|&number| {
            let unit = self.run.map.units.get(number)?;
            let meets = matches!(
                unit.kind,
                UnitKind::Layer(Family::Joining | Family::Addition)
            );
            let origins = unit.inputs.iter().filter(|_| meets);
            let origins = origins.filter_map(|input| self.origin(*input));
            let origins: Vec<(Option<usize>, Localized<String>)> = origins.collect();
            let near = origins.iter().map(|(stage, _)| *stage).max()?;
            let (far, from) = origins.into_iter().min_by_key(|(stage, _)| *stage)?;
            (far != near).then_some((far, from))
        });
        let (far, ways): (Vec<Option<usize>>, Vec<Localized<String>>) = ways.unzip();
        let all = and(&ways);
        let inputs = self.run.map.inputs.len();
        let parts = far
            .iter()
            .map(|stage| Part::Tensor(stage.map_or(0, |stage| inputs + stage)));
        (!ways.is_empty()).then(|| {
            let told = says!(
                with [all];
                en: "Blue ways from {all} come in here.",
                ja: "{all}からの青い線も、ここで合流します。"
            );
            (parts.collect(), told)
        })
    }

    /// Whether maps are smaller between two stages than what a stage makes of both.
    fn are_smaller_between(&self, far: Option<usize>, near: Option<usize>, unit: &Unit) -> bool {
        let Some(rows) = self.sample_shape(unit).map(|shape| shape.height()) else {
            return false;
        };
        let between = far.map_or(0, |far| far + 1)..near.unwrap_or(0);
        let units = self.run.map.units.get(between).unwrap_or_default();
        let mut heights = units.iter().filter_map(|unit| self.sample_shape(unit));
        heights.any(|shape| shape.rank() == 3 && shape.height() < rows)
    }

    /// Whether a stage gives the input, or the input in another size; without a stage, it is the input.
    fn is_input_resized(&self, stage: Option<usize>) -> bool {
        let Some(unit) = stage.map(|stage| &self.run.map.units[stage]) else {
            return true;
        };
        unit.kind == UnitKind::Layer(Family::Resampling)
            && unit
                .inputs
                .iter()
                .all(|input| self.run.map.inputs.contains(input))
    }
}
