//! The numbers on screen are PyTorch's: every case of tests/reference, made by PyTorch, is
//! computed here from the same line of notation, the same input and the same weights.

use std::path::Path;

use serde::Deserialize;
use tensorama::network::Chain;
use tensorama::network::notation::Model;
use tensorama::op::{Operands, Plan};
use tensorama::tensor::{Fill, Shape, Tensor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    layer: String,
    input: String,
    fill: String,
    seed: u64,
    output: Option<String>,
    #[serde(default)]
    indices: bool,
    error: Option<String>,
}

/// A case with what PyTorch made of it: the output, and the places of the maxima.
struct Reference {
    case: Case,
    output: Vec<f32>,
    indices: Vec<f32>,
}

fn references() -> Vec<Reference> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join("outputs.f32")).unwrap();
    let mut values = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    let lines = std::fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let references: Vec<Reference> = lines
        .lines()
        .map(|line| {
            let case: Case = serde_json::from_str(line).unwrap();
            let count = case
                .output
                .as_ref()
                .map_or(0, |shape| shape.parse::<Shape>().unwrap().count());
            let output = values.by_ref().take(count).collect();
            let count = if case.indices { count } else { 0 };
            let indices = values.by_ref().take(count).collect();
            Reference {
                case,
                output,
                indices,
            }
        })
        .collect();
    assert_eq!(
        values.count(),
        0,
        "outputs.f32 does not belong to cases.jsonl"
    );
    references
}

fn fill(case: &Case, seed: u64) -> Fill {
    match case.fill.as_str() {
        "uniform" => Fill::Uniform { seed },
        _ => Fill::Random { seed },
    }
}

fn planned(case: &Case) -> Result<Chain, String> {
    let model = Model::parse(&case.layer).map_err(|error| error.to_string())?;
    model
        .plan(&case.input.parse().unwrap())
        .map_err(|error| error.to_string())
}

/// Runs a chain; hands each layer's plan, tensors and output on.
fn run(case: &Case, chain: &Chain, mut each: impl FnMut(&Plan, &Operands, &Tensor)) -> Tensor {
    let mut tensors = vec![fill(case, case.seed).make(chain.input_shape()).unwrap()];
    for (place, plan) in chain.plans().iter().enumerate() {
        let seed = case.seed + 10 * place as u64;
        let input = tensors[place].clone();
        let second = plan.layer().operation().second_input();
        let drawn = plan.operand_list().iter().map(|operand| {
            let drawn = |offset| fill(case, seed + offset).make(&operand.shape).unwrap();
            let tensor = match operand.name {
                "weight" => drawn(1),
                "bias" => drawn(2),
                "running_mean" => drawn(3),
                "running_var" => {
                    let positive = drawn(4)
                        .data()
                        .iter()
                        .map(|value| value.abs() + 0.5)
                        .collect();
                    Tensor::new(operand.shape, positive).unwrap()
                }
                "other" => tensors[second.unwrap()].clone(),
                name => panic!("generate.py draws no {name}"),
            };
            (operand.name, tensor)
        });
        let operands = plan
            .with_operands(input, drawn.collect::<Vec<_>>())
            .unwrap();
        let output = plan.evaluate(&operands).unwrap();
        each(plan, &operands, &output);
        tensors.push(output);
    }
    tensors.pop().unwrap()
}

/// Within 1e-6 and 1e-5 of a size, as `torch.allclose(ours, theirs, rtol=1e-5, atol=1e-6)`.
fn close(ours: f32, theirs: f32, size: f32) -> bool {
    ours == theirs || (ours - theirs).abs() <= 1e-6 + 1e-5 * size
}

/// What a deviation of an element is measured by: for a single layer the element itself, for a
/// chain, where rounding in one layer goes through the next, the largest element.
fn size(chain: &Chain, element: f32, all: &[f32]) -> f32 {
    match chain.plans() {
        [_] => element.abs(),
        _ => all.iter().fold(0.0, |size, value| size.max(value.abs())),
    }
}

#[test]
fn outputs_shapes_and_indices_are_those_of_pytorch() {
    let (mut cases, mut values) = (0, 0);
    let mut worst = [0.0_f32; 2];
    for Reference {
        case,
        output,
        indices,
    } in references()
    {
        let Some(shape) = &case.output else { continue };
        let chain = planned(&case).unwrap_or_else(|error| {
            panic!("PyTorch takes {} on {}: {error}", case.layer, case.input)
        });
        assert_eq!(
            chain.output_shape(),
            &shape.parse::<Shape>().unwrap(),
            "{} on {}",
            case.layer,
            case.input
        );
        let mut places = Vec::new();
        let ours = run(&case, &chain, |plan, operands, _| {
            places = plan.indices(operands).unwrap().unwrap_or_default();
        });
        for (place, (ours, theirs)) in ours.data().iter().zip(&output).enumerate() {
            assert!(
                close(*ours, *theirs, size(&chain, *theirs, &output)),
                "{} on {}: element {place} is {ours}, PyTorch has {theirs}",
                case.layer,
                case.input
            );
            let deviation = (ours - theirs).abs() / theirs.abs().max(0.1);
            let kind = usize::from(chain.plans().len() > 1);
            worst[kind] = deviation.max(worst[kind]);
        }
        if case.indices {
            let places: Vec<f32> = places.iter().map(|place| *place as f32).collect();
            assert_eq!(
                places, indices,
                "indices of {} on {}",
                case.layer, case.input
            );
        }
        cases += 1;
        values += output.len();
    }
    println!(
        "{cases} cases, {values} values; largest deviation relative to max(|value|, 0.1): \
         {:.2e} for a layer, {:.2e} for a chain",
        worst[0], worst[1]
    );
    assert!(cases >= 500, "only {cases} reference cases");
}

#[test]
fn every_step_explains_the_number_that_pytorch_gives() {
    for Reference { case, .. } in references()
        .iter()
        .filter(|reference| reference.case.error.is_none())
    {
        let chain = planned(case).unwrap();
        run(case, &chain, |plan, operands, output| {
            assert_eq!(plan.step_count(), output.data().len() as u64);
            for (index, value) in output.data().iter().enumerate() {
                let explained = plan.explain(index as u64, operands);
                // Rounding is proportional to what is added up, not to what is left of it.
                let products = explained.terms.iter().map(|term| term.product.abs());
                let rounding = products.filter(|product| product.is_finite()).sum();
                assert!(
                    close(explained.value, *value, rounding),
                    "{} on {}, step {index}: {} explained, {value} evaluated",
                    case.layer,
                    case.input,
                    explained.value
                );
            }
        });
    }
}

#[test]
fn what_pytorch_refuses_is_refused() {
    let mut refused = 0;
    for Reference { case, .. } in references() {
        let Some(error) = &case.error else { continue };
        match planned(&case) {
            Ok(_) => panic!("PyTorch refuses {} on {}: {error}", case.layer, case.input),
            Err(ours) => assert!(ours.contains("line "), "{ours}"),
        }
        refused += 1;
    }
    assert!(refused >= 100, "only {refused} refused cases");
}
