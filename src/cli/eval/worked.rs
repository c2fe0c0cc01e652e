//! The first step of a small layer, worked out in a line.

use super::report::number;
use crate::language::{Localized, says};
use crate::op::{Operands, Plan, TermSource};
use crate::tensor::Shape;

/// Terms of a step that are written in a line, at most: three channels of a kernel of 3 × 3.
const MAX_TERMS: usize = 27;

/// The first element of the output by its arithmetic: `output[0, 0, 0] = 1·2 + 3·4 = 14`. `None` where it
/// would be a long line.
pub(super) fn first_step(plan: &Plan, operands: &Operands) -> Option<Localized<String>> {
    let step = plan.step(0);
    if step.term_count() > MAX_TERMS {
        return None;
    }
    let explained = plan.explain(0, operands);
    let name = element(plan.output_shape(), step.output)?;
    let value = number(explained.value);
    // A number that is printed with fewer digits than it has is about that.
    let told = value.parse::<f32>().unwrap_or(f32::NAN);
    let is_exact = told == explained.value || explained.value.is_nan();
    let equals = if is_exact { "=" } else { "≈" };
    if !plan.adds_up() {
        let arithmetic = plan.layer().operation().arithmetic(&explained, &bracketed);
        return Some(says!(
            with [arithmetic];
            en: "{name} = {arithmetic} {equals} {value}",
            ja: "{name} = {arithmetic} {equals} {value}"
        ));
    }
    let is_weighted = explained.terms.iter().any(|value| {
        let term = &value.term;
        term.weight.is_some() || term.coefficient.is_some() || term.factor.is_some()
    });
    let rest = [explained.bias.is_some(), explained.divisor.is_some()];
    if let ([only], [false, false]) = (explained.terms.as_slice(), rest)
        && !is_weighted
        && explained.winner.is_none()
        && let TermSource::Element(from) = only.term.source
        && let Some(from) = index(plan.input_shape(), from)
    {
        // It only comes to another place.
        return Some(Localized::same(format!("{name} = input{from} = {value}")));
    }
    let term = |place: usize, input: f32, weight: f32| {
        let input = if place == 0 {
            number(input)
        } else {
            bracketed(input)
        };
        if is_weighted {
            format!("{input}·{}", bracketed(weight))
        } else {
            input
        }
    };
    let terms = explained.terms.iter().enumerate();
    let terms: Vec<String> = terms
        .map(|(place, value)| term(place, value.input, value.weight))
        .collect();
    let line = if explained.winner.is_some() {
        format!("max({})", terms.join(", "))
    } else if let Some(divisor) = explained.divisor {
        format!("({}) ÷ {divisor}", terms.join(" + "))
    } else {
        terms.join(" + ")
    };
    Some(match explained.bias {
        Some(bias) => {
            let bias = bracketed(bias);
            says!(
                en: "{name} = {line} + {bias} (bias) {equals} {value}",
                ja: "{name} = {line} + {bias} (バイアス) {equals} {value}"
            )
        }
        None => Localized::same(format!("{name} = {line} {equals} {value}")),
    })
}

/// A negative number in parentheses.
fn bracketed(value: f32) -> String {
    let text = number(value);
    if text.starts_with('-') {
        format!("({text})")
    } else {
        text
    }
}

/// An element of the output as PyTorch names it.
fn element(shape: &Shape, at: [usize; 3]) -> Option<String> {
    index(shape, at).map(|index| format!("output{index}"))
}

/// Where an element is, by all axes of its tensor: `[0, 1, 2]`.
fn index(shape: &Shape, at: [usize; 3]) -> Option<String> {
    let mut rest = shape.chw_offset(at)?;
    let mut index: Vec<String> = Vec::new();
    for &length in shape.axes().iter().rev() {
        index.push((rest % length.max(1)).to_string());
        rest /= length.max(1);
    }
    index.reverse();
    Some(format!("[{}]", index.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;
    use crate::tensor::{Fill, Tensor};

    fn worked(layer: &str, shape: &str, numbers: &[f32]) -> Option<String> {
        let shape: Shape = shape.parse().unwrap();
        let plan = layer.parse::<Layer>().unwrap().plan(&shape).unwrap();
        let operands = plan.filled(Tensor::new(shape, numbers.to_vec()).unwrap());
        first_step(&plan, &operands.unwrap()).map(|line| line.en)
    }

    #[test]
    fn the_first_element_is_worked_out_as_the_layer_does_it() {
        for (layer, shape, numbers, line) in [
            (
                "MaxPool2d(2)",
                "1x2x2",
                &[1.0, -2.0, 4.0, 3.0][..],
                "output[0, 0, 0] = max(1, (-2), 4, 3) = 4",
            ),
            (
                "AvgPool2d(2)",
                "1x2x2",
                &[1.0, -2.0, 4.0, 3.0][..],
                "output[0, 0, 0] = (1 + (-2) + 4 + 3) ÷ 4 = 1.5",
            ),
            (
                "PixelShuffle(2)",
                "4x1x1",
                &[7.0, 8.0, 9.0, 10.0][..],
                "output[0, 0, 0] = input[0, 0, 0] = 7",
            ),
            (
                "AvgPool2d((1, 3))",
                "1x1x3",
                &[1.0, 1.0, 0.0][..],
                "output[0, 0, 0] = (1 + 1 + 0) ÷ 3 ≈ 0.6667",
            ),
        ] {
            assert_eq!(worked(layer, shape, numbers).as_deref(), Some(line));
        }
        let relu = worked("ReLU()", "1x1x2", &[-2.0, 1.0]).unwrap();
        assert!(relu.starts_with("output[0, 0, 0] = max("), "{relu}");
        assert!(relu.ends_with("= 0"), "{relu}");
    }

    #[test]
    fn weights_and_bias_stand_in_the_line_and_a_long_one_is_not_written() {
        let shape: Shape = "1x1x2".parse().unwrap();
        let layer: Layer = "Conv2d(1, 1, (1, 2))".parse().unwrap();
        let plan = layer.plan(&shape).unwrap();
        let input = Fill::Values(vec![2.0, 3.0]).make(&shape).unwrap();
        let operands = plan.filled(input).unwrap();
        let explained = plan.explain(0, &operands);
        let [first, second] = [0, 1].map(|place| bracketed(explained.terms[place].weight));
        let (bias, value) = (bracketed(explained.bias.unwrap()), number(explained.value));
        let line = first_step(&plan, &operands).unwrap().en;
        assert!(
            line.starts_with(&format!(
                "output[0, 0, 0] = 2·{first} + 3·{second} + {bias} (bias) "
            )),
            "{line}"
        );
        assert!(line.ends_with(&value), "{line}");
        assert_eq!(worked("Conv2d(4, 1, 3)", "4x3x3", &[0.0; 36]), None);
    }
}
