//! The right choice of a question, worked out.

use super::Checker;
use super::numbered::Thing;
use crate::language::{Localized, says};
use crate::lesson::Staging;
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::Answer;
use crate::op::Cost;

impl Checker {
    /// The place of the right choice.
    pub(super) fn answer(
        &mut self,
        path: &str,
        choices: Option<&[Localized<String>]>,
        answer: Answer,
        staging: Option<&Staging>,
    ) -> Option<usize> {
        let (choices, staging) = (choices?, staging?);
        if choices.len() < 2 {
            self.error(
                &format!("{path}.choices"),
                Localized::new(
                    "a prediction needs at least two choices",
                    "予想には選択肢が 2 つ以上必要です",
                ),
                NO_HELP,
            );
        }
        let here = format!("{path}.answer");
        let whole = |number: u64| number as f64;
        let (output, cost) = match &staging.network {
            Some(network) => {
                let graph = &network.run.graph;
                let output = graph.outputs().first();
                (
                    output.and_then(|id| graph.sample_shape(*id))?,
                    network.run.cost(),
                )
            }
            None => {
                let side = staging.sides.first()?;
                let layers = &staging.staged_layers[side.staged_layers.clone()];
                let costs = layers.iter().map(|staged_layer| staged_layer.plan.cost());
                let cost = costs.fold(Cost::default(), |sum, cost| sum + cost);
                (*staging.shape(side.tensors.end - 1), cost)
            }
        };
        let right = match answer {
            Answer::Choice(index) if index < choices.len() => return Some(index),
            Answer::Choice(index) => {
                self.error(&here, Thing::Choice.none(index, choices.len()), NO_HELP);
                return None;
            }
            Answer::OutputWidth => whole(output.width() as u64),
            Answer::OutputHeight => whole(output.height() as u64),
            Answer::OutputChannels => whole(output.channels() as u64),
            Answer::Parameters => whole(cost.parameters),
            Answer::Macs => whole(cost.macs),
            Answer::Value(step) => {
                let Some(staged_layer) = staging.staged_layers.first() else {
                    self.error(
                        &here,
                        Localized::new(
                            "a network has no steps to ask for",
                            "ネットワークのシーンにステップはありません",
                        ),
                        NO_HELP,
                    );
                    return None;
                };
                if step >= staged_layer.plan.step_count() {
                    let count = staged_layer.plan.step_count() as usize;
                    self.error(&here, Thing::Step.none(step as usize, count), NO_HELP);
                    return None;
                }
                let value = staged_layer
                    .plan
                    .explain(step, &staged_layer.operands)
                    .value;
                f64::from((value * 1e4).round()) / 1e4
            }
        };
        // A choice may group its digits, as in 1,024, and name its unit.
        let number = |text: &str| {
            let text = text.replace(',', "").replace('−', "-");
            let mut words = text.split(|character: char| {
                !character.is_ascii_digit() && character != '.' && character != '-'
            });
            words
                .find(|word| !word.is_empty())
                .and_then(|word| word.parse::<f64>().ok())
        };
        let says = |text: &str| number(text).is_some_and(|number| (number - right).abs() < 1e-6);
        let found = choices
            .iter()
            .position(|choice| says(&choice.en) && says(&choice.ja));
        if found.is_none() {
            self.error(
                &here,
                says!(
                    en: "the answer is {right}, but no choice says so",
                    ja: "正解は {right} ですが、そう書いた選択肢がありません"
                ),
                says!(
                    en: "add {right} to `choices`",
                    ja: "`choices` に {right} を加えてください"
                ),
            );
        }
        found
    }
}
