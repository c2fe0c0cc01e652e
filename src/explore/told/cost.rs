//! What a layer or a chain costs, to be said.

use super::number::{count, of, sentences};
use crate::language::Localized;
use crate::network::Chain;
use crate::op::{Cost, Geometry, Plan, WorkUnit};
use crate::says;

/// Whether there is something to multiply: only then has the card of costs something to show.
pub(super) fn multiplies(cost: Cost) -> bool {
    cost.macs > 0
}

/// The cost of a layer: what is learned, and what is computed.
pub(super) fn told(plan: &Plan) -> Localized<String> {
    sentences([learned(plan), work(plan)])
}

/// What is learned; short where that is nothing.
pub(super) fn learned(plan: &Plan) -> Localized<String> {
    let parameters = plan.cost().parameters;
    let biases = plan.bias_count() as u64;
    let weights = plan.weight_shape().map_or(0, |shape| shape.count() as u64);
    if parameters == 0 {
        return Localized::new(
            "There is nothing to learn: it has no parameters.",
            "学習するものはありません。パラメータは{0|ゼロ}です。",
        )
        .into();
    }
    let all = count(parameters);
    if weights + biases != parameters {
        return says!(
            with [all];
            en: "It has {all} parameters to learn.",
            ja: "学習するパラメータは、{all}個です。"
        );
    }
    let weights = count(weights);
    if biases == 0 {
        says!(
            with [weights];
            en: "It has {weights} weights to learn.",
            ja: "学習する重みは、{weights}個です。"
        )
    } else {
        let bias = of(biases as usize, "bias", "biases");
        let bias_ja = count(biases).ja;
        says!(
            with [weights, all];
            en: "{weights} weights and {bias} make {all} parameters to learn.",
            ja: "重み{weights}個とバイアス{bias_ja}個で、学習するパラメータは{all}個です。"
        )
    }
}

/// What is computed.
fn work(plan: &Plan) -> Localized<String> {
    let Some(work) = plan.work() else {
        return Localized::new(
            "And nothing is calculated: the numbers only move.",
            "計算もありません。数は動くだけです。",
        )
        .into();
    };
    let total = count(work.total);
    let elements = count(work.tensor.count() as u64);
    match (work.unit, work.each) {
        (WorkUnit::Macs, Some(1)) => says!(
            with [total];
            en: "One multiplication for each of {total} values.",
            ja: "{total}個の値に、掛け算が1回ずつです。"
        ),
        (WorkUnit::Macs, Some(each)) => {
            let each = count(each);
            if matches!(plan.geometry(), Geometry::Transposed(_)) {
                says!(
                    with [total, elements, each];
                    en: "Each of {elements} input numbers meets {each} weights: {total} multiply-accumulates.",
                    ja: "入力の{elements}個の数に、重みを{each}個ずつ掛けて、積和演算は{total}回です。"
                )
            } else {
                says!(
                    with [total, elements, each];
                    en: "{elements} output values of {each} products each are {total} multiply-accumulates.",
                    ja: "出力は{elements}個。積が{each}個ずつで、積和演算は{total}回です。"
                )
            }
        }
        (WorkUnit::Macs, None) => says!(
            with [total];
            en: "At most {total} multiply-accumulates are done.",
            ja: "積和演算は、多くて{total}回です。"
        ),
        (WorkUnit::Operations, Some(1)) => says!(
            with [total];
            en: "It takes one operation for each of {total} numbers.",
            ja: "{total}個の数に、演算が1回ずつです。"
        ),
        (WorkUnit::Operations, Some(each)) => {
            let each = count(each);
            let compares = plan.geometry().compares();
            let what = if compares {
                Localized::new("comparisons", "比較")
            } else {
                Localized::new("operations", "演算")
            };
            says!(
                with [total, elements, each, what];
                en: "{elements} output values take {each} {what} each: {total}.",
                ja: "出力は{elements}個。{what}が{each}回ずつで、{total}回です。"
            )
        }
        (WorkUnit::Operations, None) => says!(
            with [total];
            en: "It takes at most {total} operations.",
            ja: "演算は、多くて{total}回です。"
        ),
    }
}

/// The cost of a whole chain, and where most of it lies. `named` is what a layer is called.
pub(super) fn of_chain(
    chain: &Chain,
    named: impl Fn(usize) -> Localized<String>,
) -> Localized<String> {
    let cost = chain.cost();
    let parameters = count(cost.parameters);
    let macs = count(cost.macs);
    let sum = match (cost.parameters, cost.macs) {
        (0, 0) => Localized::new(
            "In all there is nothing to learn and nothing to multiply.",
            "全体で、学習するパラメータも掛け算もありません。",
        )
        .into(),
        (0, _) => says!(
            with [macs];
            en: "In all, {macs} multiply-accumulates, and nothing to learn.",
            ja: "全体で、積和演算は{macs}回。学習するパラメータはありません。"
        ),
        (_, 0) => says!(
            with [parameters];
            en: "In all there are {parameters} parameters, and no multiply-accumulates.",
            ja: "全体で、パラメータは{parameters}個。積和演算はありません。"
        ),
        _ => says!(
            with [parameters, macs];
            en: "In all there are {parameters} parameters and {macs} multiply-accumulates.",
            ja: "全体で、パラメータは{parameters}個、積和演算は{macs}回です。"
        ),
    };
    let plans = chain.plans().iter().map(|plan| plan.cost().macs);
    let dearest = plans.enumerate().max_by_key(|(place, macs)| {
        // Of equal ones the first.
        (*macs, std::cmp::Reverse(*place))
    });
    let most = match dearest {
        Some((place, macs)) if macs > 0 && chain.plans().len() > 1 => {
            let name = named(place);
            if macs == cost.macs {
                says!(
                    with [name];
                    en: "All of that work is done in {name}.",
                    ja: "その計算は、すべて{name}です。"
                )
            } else {
                let macs = count(macs);
                says!(
                    with [name, macs];
                    en: "The most work is done in {name}: {macs}.",
                    ja: "いちばん計算が多いのは{name}で、{macs}回です。"
                )
            }
        }
        _ => Localized::default(),
    };
    sentences([sum, most])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;

    fn told_of(text: &str, input: &str) -> String {
        let layer: Layer = text.parse().unwrap();
        told(&layer.plan(&input.parse().unwrap()).unwrap()).en
    }

    #[test]
    fn costs_are_those_of_the_plan() {
        assert_eq!(
            told_of("nn.Conv2d(3, 8, 3, padding=1)", "3x8x8"),
            "216 weights and 8 biases make 224 parameters to learn. 512 output values of 27 \
             products each are 13,824 multiply-accumulates."
        );
        assert_eq!(
            told_of("nn.MaxPool2d(2)", "3x8x8"),
            "There is nothing to learn: it has no parameters. 48 output values take 4 \
             comparisons each: 192."
        );
        assert_eq!(
            told_of("nn.PixelShuffle(2)", "4x3x3"),
            "There is nothing to learn: it has no parameters. And nothing is calculated: the \
             numbers only move."
        );
    }
}
