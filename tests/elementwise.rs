//! Activations, functions of each element, and arithmetic of tensors give PyTorch's numbers: every case
//! of tests/reference/elementwise.jsonl, made by PyTorch, is computed and explained here.

use std::path::Path;

use serde::Deserialize;
use tensorama::network::notation::Model;
use tensorama::op::{BatchAxis, Layer, Operands, OperationKind, Plan, Style};
use tensorama::tensor::{Fill, Shape, Tensor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    layer: String,
    inputs: Vec<Vec<usize>>,
    scale: f32,
    seed: u64,
    #[serde(default)]
    special: bool,
    printed: Option<String>,
    output: Option<Vec<usize>>,
    error: Option<String>,
}

/// As in elementwise.py.
const SPECIAL: [f32; 15] = [
    0.0,
    -0.0,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
    1e30,
    -1e30,
    1e-8,
    -1e-8,
    100.0,
    -100.0,
    0.5,
    2.5,
    -3.0,
    20.5,
];

/// Each case with the output that PyTorch gives.
fn references() -> Vec<(Case, Vec<f32>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join("elementwise.f32")).unwrap();
    let mut values = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    let lines = std::fs::read_to_string(folder.join("elementwise.jsonl")).unwrap();
    let references: Vec<_> = lines
        .lines()
        .map(|line| {
            let case: Case = serde_json::from_str(line).unwrap();
            let axes = case.output.as_ref();
            let count = axes.map_or(0, |axes| axes.iter().product());
            let output = values.by_ref().take(count).collect();
            (case, output)
        })
        .collect();
    assert_eq!(values.count(), 0, "elementwise.f32 belongs to other cases");
    references
}

fn drawn(case: &Case, number: usize, shape: &Shape) -> Tensor {
    let seed = case.seed + number as u64;
    let mut tensor = Fill::Uniform { seed }.make(shape).unwrap();
    let data = tensor.data_mut();
    data.iter_mut().for_each(|value| *value *= case.scale);
    if case.special {
        let places = data.iter_mut().skip(number).step_by(3);
        for (turn, value) in places.enumerate() {
            *value = SPECIAL[(turn + 4 * number) % SPECIAL.len()];
        }
    }
    tensor
}

fn layer(case: &Case) -> Result<Layer, String> {
    let model = Model::parse(&case.layer).map_err(|error| error.to_string())?;
    Ok(model.layer())
}

fn planned(case: &Case) -> Result<(Plan, Vec<Shape>), String> {
    let shapes: Vec<Shape> = case
        .inputs
        .iter()
        .map(|axes| Shape::of_axes(axes).unwrap())
        .collect();
    let plan = layer(case)?.plan_inputs(&shapes, BatchAxis::Present);
    Ok((plan.map_err(|error| error.to_string())?, shapes))
}

fn operands(case: &Case, plan: &Plan, shapes: &[Shape]) -> Operands {
    let others = plan.operand_list().iter().enumerate();
    let others =
        others.map(|(number, operand)| (operand.name, drawn(case, number + 1, &operand.shape)));
    let input = drawn(case, 0, &shapes[0]);
    plan.with_operands(input, others.collect::<Vec<_>>())
        .unwrap()
}

/// NaN and infinities are the same, numbers within 1e-6 and 1e-5 of their size, as
/// `torch.allclose(ours, theirs, rtol=1e-5, atol=1e-6, equal_nan=True)`.
fn close(ours: f32, theirs: f32) -> bool {
    ours == theirs
        || (ours.is_nan() && theirs.is_nan())
        || (ours - theirs).abs() <= 1e-6 + 1e-5 * theirs.abs()
}

#[test]
fn every_element_is_that_of_pytorch_and_is_explained() {
    let mut counts = vec![0; OperationKind::ALL.len()];
    let (mut values, mut worst) = (0, 0.0_f32);
    for (case, output) in references() {
        let Some(axes) = &case.output else { continue };
        let named = format!("{} on {:?}", case.layer, case.inputs);
        let (plan, shapes) = planned(&case).unwrap_or_else(|error| panic!("{named}: {error}"));
        assert_eq!(plan.output_shape().axes(), axes, "{named}");
        let operands = operands(&case, &plan, &shapes);
        let ours = plan.evaluate(&operands).unwrap();
        assert_eq!(plan.step_count(), output.len() as u64, "{named}");
        for (place, (ours, theirs)) in ours.data().iter().zip(&output).enumerate() {
            let explained = plan.explain(place as u64, &operands);
            let inputs: Vec<f32> = explained.terms.iter().map(|term| term.input).collect();
            assert!(
                close(*ours, *theirs),
                "{named}: element {place} of {inputs:?} is {ours}, PyTorch has {theirs}"
            );
            assert_eq!(
                explained.value.to_bits() & if ours.is_nan() { 0x7f80_0000 } else { !0 },
                ours.to_bits() & if ours.is_nan() { 0x7f80_0000 } else { !0 },
                "{named}: step {place} explains {}, the output is {ours}",
                explained.value
            );
            if ours.is_finite() && theirs.is_finite() {
                let deviation = (ours - theirs).abs() / theirs.abs().max(0.1);
                worst = worst.max(deviation);
            }
        }
        counts[plan.layer().kind() as usize] += 1;
        values += output.len();
    }
    println!("{values} values; largest deviation relative to max(|value|, 0.1): {worst:.2e}");
    let few = ["Identity", "StochasticDepth", "AlphaDropout"];
    for (kind, count) in OperationKind::ALL.iter().zip(counts) {
        assert!(
            count == 0 || count >= 20 || few.contains(&kind.name()),
            "only {count} cases of {}",
            kind.name()
        );
    }
    assert!(values > 20_000, "{values}");
}

#[test]
fn a_zero_has_the_sign_that_pytorch_gives_it() {
    for (case, output) in references() {
        let Ok((plan, shapes)) = planned(&case) else {
            continue;
        };
        // Its vectorised loop gives 0 for −0, the others give −0.
        if case.layer.contains("GELU") {
            continue;
        }
        let ours = plan.evaluate(&operands(&case, &plan, &shapes)).unwrap();
        for (place, (ours, theirs)) in ours.data().iter().zip(&output).enumerate() {
            if *ours == 0.0 && *theirs == 0.0 {
                assert_eq!(
                    ours.is_sign_negative(),
                    theirs.is_sign_negative(),
                    "{} on {:?}, element {place} of {:?}: {ours}, not {theirs}",
                    case.layer,
                    case.inputs,
                    plan.explain(place as u64, &operands(&case, &plan, &shapes))
                        .terms[0]
                        .input
                );
            }
        }
    }
}

#[test]
fn what_pytorch_refuses_is_refused() {
    let mut refused = 0;
    for (case, _) in references() {
        let Some(error) = &case.error else { continue };
        if let Ok((plan, _)) = planned(&case) {
            panic!(
                "PyTorch refuses {} on {:?}: {error}; ours gives {plan:?}",
                case.layer, case.inputs
            );
        }
        refused += 1;
    }
    assert!(refused >= 25, "only {refused} refused cases");
}

#[test]
fn a_layer_prints_as_in_pytorch_and_reads_back() {
    let mut printed = 0;
    for (case, _) in references() {
        let (Some(theirs), None) = (&case.printed, &case.error) else {
            continue;
        };
        let layer = layer(&case).unwrap();
        let shape = Shape::new(&[3, 4, 5]).unwrap();
        assert_eq!(&layer.call(&shape, Style::Printed), theirs);
        let again = Model::parse(theirs).unwrap().layer();
        assert_eq!(again.call(&shape, Style::Printed), *theirs);
        let source = layer.call(&shape, Style::Source);
        let again = Model::parse(&source).unwrap().layer();
        assert_eq!(again, layer, "{source}");
        printed += 1;
    }
    assert!(printed > 200, "{printed}");
}

#[test]
fn what_an_element_feeds_is_what_reads_it() {
    for (case, _) in references() {
        let Ok((plan, shapes)) = planned(&case) else {
            continue;
        };
        let mut fed = vec![Vec::new(); shapes[0].count()];
        for step in 0..plan.step_count() {
            let step = plan.step(step);
            let from = step.term(0).unwrap().source.element().unwrap();
            fed[shapes[0].chw_offset(from).unwrap()].push(step.output);
            let read = plan.receptive_field(step.output).unwrap().input;
            assert_eq!(read.count(), 1);
            assert!(read.contains(from.map(|at| at as isize)));
        }
        for (offset, expected) in fed.iter().enumerate() {
            let at = shapes[0].chw_index(offset).unwrap();
            let field = plan.feeds(at).unwrap().output;
            let found: Vec<[usize; 3]> = field.iter().map(|at| at.map(|at| at as usize)).collect();
            assert_eq!(&found, expected, "{} on {:?}", case.layer, case.inputs);
        }
    }
}
