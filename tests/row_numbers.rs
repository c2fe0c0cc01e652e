//! Operations on whole rows, channels and matrices give PyTorch's numbers: every case of
//! tests/reference/rows.jsonl, and each of its steps explains its number.

use std::path::Path;

use serde::Deserialize;
use tensorama::network::{Attention, GraphBuilder, Keep, Origin};
use tensorama::op::{BatchAxis, Layer, Operands, Plan};
use tensorama::tensor::{Fill, Shape, Tensor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    layer: String,
    inputs: Vec<String>,
    fill: String,
    seed: u64,
    /// Whether the inputs are one sample, without the batch axis.
    #[serde(default)]
    sample: bool,
    output: Option<Vec<usize>>,
    error: Option<String>,
}

impl Case {
    fn shapes(&self) -> Vec<Shape> {
        self.inputs
            .iter()
            .map(|text| text.parse().unwrap())
            .collect()
    }

    fn drawn(&self, offset: u64, shape: &Shape) -> Tensor {
        let seed = self.seed + offset;
        let fill = match self.fill.as_str() {
            "uniform" => Fill::Uniform { seed },
            _ => Fill::Random { seed },
        };
        fill.make(shape).unwrap()
    }

    fn planned(&self) -> Result<Plan, String> {
        let layer: Layer = self.layer.parse().map_err(|error| format!("{error}"))?;
        let batch = if self.sample {
            BatchAxis::Absent
        } else {
            BatchAxis::Present
        };
        layer
            .plan_inputs(&self.shapes(), batch)
            .map_err(|error| error.to_string())
    }

    /// The tensors of a plan, as rows.py draws them.
    fn operands(&self, plan: &Plan) -> Operands {
        let mut inputs = (0u64..)
            .zip(self.shapes())
            .map(|(number, shape)| self.drawn(100 * number, &shape));
        let first = inputs.next().unwrap();
        let given: Vec<(&str, Tensor)> = plan
            .operand_list()
            .iter()
            .map(|operand| {
                let shape = &operand.shape;
                let tensor = match operand.name {
                    "weight" => self.drawn(1, shape),
                    "bias" => self.drawn(2, shape),
                    "running_mean" => self.drawn(3, shape),
                    "running_var" => {
                        let drawn = self.drawn(4, shape);
                        let positive = drawn.data().iter().map(|value| value.abs() + 0.5);
                        Tensor::new(*shape, positive.collect()).unwrap()
                    }
                    "other" => inputs.next().unwrap(),
                    name => panic!("rows.py draws no {name}"),
                };
                (operand.name, tensor)
            })
            .collect();
        plan.with_operands(first, given).unwrap()
    }
}

/// The cases of one layer, and those of an attention, which is several nodes.
fn references() -> [Vec<(Case, Vec<f32>)>; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join("rows.f32")).unwrap();
    let mut values = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    let lines = std::fs::read_to_string(folder.join("rows.jsonl")).unwrap();
    let references: Vec<(Case, Vec<f32>)> = lines
        .lines()
        .map(|line| {
            let case: Case = serde_json::from_str(line).unwrap();
            let count = case.output.as_ref().map_or(0, |axes| axes.iter().product());
            let output = values.by_ref().take(count).collect();
            (case, output)
        })
        .collect();
    assert_eq!(values.count(), 0, "rows.f32 does not belong to rows.jsonl");
    let (attention, single) = references
        .into_iter()
        .partition(|(case, _)| case.layer.starts_with("Attention("));
    [single, attention]
}

fn single_layers() -> Vec<(Case, Vec<f32>)> {
    let [single, _] = references();
    single
}

/// Within 1e-6 and 1e-5 of a size, as `torch.allclose(ours, theirs, rtol=1e-5, atol=1e-6)`.
fn close(ours: f32, theirs: f32, size: f32) -> bool {
    ours == theirs
        || (ours.is_nan() && theirs.is_nan())
        || (ours - theirs).abs() <= 1e-6 + 1e-5 * size
}

#[test]
fn outputs_and_steps_are_those_of_pytorch() {
    let (mut cases, mut values, mut worst) = (0, 0, 0.0_f32);
    for (case, output) in single_layers() {
        let Some(axes) = &case.output else { continue };
        let about = format!("{} on {:?}", case.layer, case.inputs);
        let plan = case
            .planned()
            .unwrap_or_else(|error| panic!("PyTorch takes {about}: {error}"));
        assert_eq!(plan.output_shape().axes(), axes, "{about}");
        let operands = case.operands(&plan);
        let ours = plan.evaluate(&operands).unwrap();
        for (place, (ours, theirs)) in ours.data().iter().zip(&output).enumerate() {
            // Rounding is proportional to what is added up, not to what is left of it.
            let explained = plan.explain(place as u64, &operands);
            let products = explained.terms.iter().map(|term| term.product.abs());
            let size = products.sum::<f32>().max(theirs.abs());
            assert!(
                close(*ours, *theirs, size),
                "{about}: element {place} is {ours}, PyTorch has {theirs}"
            );
            assert!(
                close(explained.value, *ours, size),
                "{about}, step {place}: {} explained, {ours} evaluated",
                explained.value
            );
            worst = worst.max((ours - theirs).abs() / theirs.abs().max(0.1));
        }
        cases += 1;
        values += output.len();
    }
    println!(
        "{cases} cases, {values} values; largest deviation relative to max(|value|, 0.1): {worst:.2e}"
    );
    assert!(cases >= 600, "only {cases} cases");
}

#[test]
fn attention_is_that_of_pytorch_and_its_softmax_rows_are_steps() {
    let [_, cases] = references();
    assert!(cases.len() >= 40);
    for (case, output) in cases {
        let about = format!("{} on {:?}", case.layer, case.inputs);
        let mut builder = GraphBuilder::new();
        let mut ids = Vec::new();
        let mut tensors = Vec::new();
        for (number, shape) in (0_u64..).zip(case.shapes()) {
            let id = builder.input(format!("input {number}"), shape, number < 3);
            ids.push(id);
            tensors.push((id, case.drawn(100 * number, &shape)));
        }
        let attention = Attention {
            mask: ids.get(3).copied(),
            is_causal: case.layer.contains("is_causal=True"),
            scale: case.layer.contains("scale=0.25").then_some(0.25),
        };
        let inputs = [ids[0], ids[1], ids[2]];
        let origin = Origin::of("scaled_dot_product_attention");
        let built = attention.build(&mut builder, "attention", inputs, &origin);
        if let Some(error) = &case.error {
            assert!(built.is_err(), "PyTorch refuses {about}: {error}");
            continue;
        }
        let result = built.unwrap_or_else(|error| panic!("PyTorch takes {about}: {error}"));
        let graph = builder.finish(&[result]);
        let values = graph.run(&tensors, Keep::All).unwrap();
        let ours = values.get(result).unwrap();
        assert_eq!(
            ours.shape().axes(),
            case.output.as_ref().unwrap(),
            "{about}"
        );
        let size = output
            .iter()
            .fold(0.0_f32, |size, value| size.max(value.abs()));
        for (ours, theirs) in ours.data().iter().zip(&output) {
            assert!(
                close(*ours, *theirs, size),
                "{about}: {ours}, PyTorch has {theirs}"
            );
        }
        // Each share is a step whose terms are the scores of its query.
        let shares = graph
            .nodes()
            .iter()
            .find(|node| node.name == "attention.shares");
        let plan = shares.unwrap().plan().unwrap();
        let keys = case.shapes()[1].height();
        assert!(plan.step_count() > 0);
        assert_eq!(plan.step(0).term_count(), keys, "{about}");
    }
}

#[test]
fn what_pytorch_refuses_is_refused() {
    let mut refused = 0;
    for (case, _) in single_layers() {
        let Some(error) = &case.error else { continue };
        assert!(
            case.planned().is_err(),
            "PyTorch refuses {} on {:?}: {error}",
            case.layer,
            case.inputs
        );
        refused += 1;
    }
    assert!(refused >= 20, "only {refused} refused cases");
}

/// What a step reads is what its terms say, and what an element feeds is the same from the other side.
#[test]
fn relations_are_those_of_the_terms() {
    for (case, _) in single_layers()
        .iter()
        .filter(|(case, _)| case.error.is_none())
    {
        let plan = case.planned().unwrap();
        let about = format!("{} on {:?}", case.layer, case.inputs);
        let inputs = plan.input_shape().count();
        if inputs * plan.output_shape().count() > 4000 {
            continue;
        }
        let mut fed = vec![Vec::new(); inputs];
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            let mut read: Vec<[usize; 3]> = step
                .terms()
                .filter_map(|term| term.source.element())
                .collect();
            read.sort_unstable();
            for at in &read {
                fed[plan.input_shape().chw_offset(*at).unwrap()].push(step.output);
            }
            let field = plan.receptive_field(step.output).unwrap().input;
            let mut found: Vec<_> = field.iter().map(|at| at.map(|at| at as usize)).collect();
            found.sort_unstable();
            assert_eq!(found, read, "{about}: output {:?}", step.output);
            // Rows and columns as a span, too.
            for axis in [0, 1] {
                let at = step.output[axis + 1] as i64;
                let mapped = plan.places_read(axis, (at, at));
                for from in &read {
                    let from = from[axis + 1] as i64;
                    assert!((mapped.0..=mapped.1).contains(&from), "{about}");
                }
            }
        }
        for (place, fed) in fed.iter_mut().enumerate() {
            let at = plan.input_shape().chw_index(place).unwrap();
            let field = plan.feeds(at).unwrap().output;
            let mut found: Vec<_> = field.iter().map(|at| at.map(|at| at as usize)).collect();
            found.sort_unstable();
            fed.sort_unstable();
            assert_eq!(&found, fed, "{about}: input {at:?}");
        }
    }
}
