//! Convolutions, pools and resizing in one, two and three axes are PyTorch's, and as nodes of ONNX
//! they are ONNX Runtime's: every case of tests/reference/sliding_windows.jsonl.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tensorama::network::notation::Model;
use tensorama::op::{
    BatchAxis, Layer, OnnxAttribute, OnnxConstant, OnnxInput, OnnxLayer, OnnxNode, Operands,
    OperationKind, Plan,
};
use tensorama::tensor::{Fill, Shape, Tensor};

#[derive(Deserialize, Debug)]
#[serde(untagged, deny_unknown_fields)]
enum Attribute {
    Integer(i64),
    Float(f32),
    Text(String),
    Integers(Vec<i64>),
    Floats(Vec<f32>),
}

#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Input {
    Drawn(Vec<usize>),
    Constant(Constant),
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Constant {
    floats: Option<Vec<f32>>,
    integers: Option<Vec<i64>>,
    axes: Option<Vec<usize>>,
}

impl Constant {
    fn numbers(&self) -> OnnxConstant {
        match (&self.floats, &self.integers) {
            (Some(floats), _) => OnnxConstant::Floats(floats.clone()),
            (None, integers) => OnnxConstant::Integers(integers.clone().unwrap_or_default()),
        }
    }

    fn axes(&self) -> Vec<usize> {
        let count = match self.numbers() {
            OnnxConstant::Floats(values) => values.len(),
            OnnxConstant::Integers(values) => values.len(),
        };
        self.axes.clone().unwrap_or_else(|| vec![count])
    }
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Case {
    layer: Option<String>,
    /// A max pool whose maxima and indices are the input.
    pool: Option<String>,
    #[serde(default)]
    input: Vec<usize>,
    op: Option<String>,
    #[serde(default)]
    opset: i64,
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    inputs: Vec<Option<Input>>,
    fill: String,
    seed: u64,
    output: Option<Vec<usize>>,
    #[serde(default)]
    indices: bool,
    error: Option<String>,
}

impl Case {
    fn name(&self) -> String {
        match (&self.layer, &self.op) {
            (Some(layer), _) => format!("{layer} on {:?}", self.input),
            (_, Some(op)) => format!(
                "{op}-{} {:?} on {:?}",
                self.opset, self.attributes, self.inputs
            ),
            _ => String::new(),
        }
    }

    fn drawn(&self, offset: u64, shape: &Shape) -> Tensor {
        let seed = self.seed + offset;
        let fill = match self.fill.as_str() {
            "uniform" => Fill::Uniform { seed },
            _ => Fill::Random { seed },
        };
        fill.make(shape).unwrap()
    }
}

fn references() -> Vec<(Case, Vec<f32>, Vec<f32>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join("sliding_windows.f32")).unwrap();
    let mut values = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    let lines = std::fs::read_to_string(folder.join("sliding_windows.jsonl")).unwrap();
    let references: Vec<_> = lines
        .lines()
        .map(|line| {
            let case: Case = serde_json::from_str(line).unwrap();
            let count = case
                .output
                .as_ref()
                .map_or(0, |axes| axes.iter().product::<usize>());
            let output = values.by_ref().take(count).collect();
            let count = if case.indices { count } else { 0 };
            let indices = values.by_ref().take(count).collect();
            (case, output, indices)
        })
        .collect();
    assert_eq!(values.count(), 0, "the files do not belong together");
    references
}

/// Within 1e-6 and 1e-5 of the size, as `torch.allclose(ours, theirs, rtol=1e-5, atol=1e-6)`.
fn close(ours: f32, theirs: f32, size: f32) -> bool {
    ours == theirs
        || (ours.is_nan() && theirs.is_nan())
        || (ours - theirs).abs() <= 1e-6 + 1e-5 * size
}

fn compare(name: &str, ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    // What is left of a sum that cancels is as exact as the sum's terms.
    let largest = theirs
        .iter()
        .filter(|value| value.is_finite())
        .fold(0.0_f32, |largest, value| largest.max(value.abs()));
    for (place, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert!(
            close(*ours, *theirs, theirs.abs().max(largest / 4.0)),
            "{name}: element {place} is {ours}, the reference has {theirs}"
        );
    }
}

/// Each step explains what the fast engine computes.
fn explain_all(name: &str, plan: &Plan, operands: &Operands, output: &Tensor) {
    assert_eq!(plan.step_count(), output.data().len() as u64, "{name}");
    for (index, value) in output.data().iter().enumerate() {
        let explained = plan.explain(index as u64, operands);
        let products = explained.terms.iter().map(|term| term.product.abs());
        let rounding = products.filter(|product| product.is_finite()).sum::<f32>();
        assert!(
            close(explained.value, *value, rounding.max(value.abs())),
            "{name}, step {index}: {} explained, {value} evaluated",
            explained.value
        );
        let step = plan.step(index as u64);
        assert_eq!(plan.output_shape().chw_offset(step.output), Some(index));
        // What a step reads is what the relations say, in both directions.
        let field = plan.receptive_field(step.output).unwrap().input;
        for term in step.terms() {
            if let Some(from) = term.source.element() {
                let from_signed = from.map(|at| at as isize);
                assert!(
                    field.contains(from_signed),
                    "{name}, step {index}: {from:?}"
                );
                let fed = plan.feeds(from).unwrap().output;
                let to = step.output.map(|at| at as isize);
                assert!(fed.contains(to), "{name}, step {index}: {from:?} feeds");
            }
        }
    }
    assert!(!plan.shape_formula().to_string().is_empty());
}

fn layer_of(line: &str) -> Result<Layer, String> {
    line.parse::<Layer>().map_err(|error| error.to_string())
}

/// A layer's plan and tensors: an unpooling takes what a max pool gives.
fn planned(case: &Case) -> Result<(Plan, Operands), String> {
    let shape = Shape::new(&case.input).unwrap();
    let layer = layer_of(case.layer.as_ref().unwrap())?;
    if let Some(pool) = &case.pool {
        let pool = layer_of(pool)?
            .plan(&shape)
            .map_err(|error| error.to_string())?;
        let drawn = pool.operands(case.drawn(0, &shape), None, None).unwrap();
        let maxima = pool.evaluate(&drawn).unwrap();
        let indices = pool.indices(&drawn).unwrap().unwrap();
        let indices = indices.iter().map(|index| *index as f32).collect();
        let indices = Tensor::new(*maxima.shape(), indices).unwrap();
        let plan = layer
            .plan(maxima.shape())
            .map_err(|error| error.to_string())?;
        let operands = plan.pair(maxima, indices).unwrap();
        return Ok((plan, operands));
    }
    let plan = layer.plan(&shape).map_err(|error| error.to_string())?;
    let others: Vec<_> = plan
        .operand_list()
        .iter()
        .map(|operand| {
            let offset = match operand.name {
                "weight" => 1,
                "bias" => 2,
                name => panic!("sliding_windows.py draws no {name}"),
            };
            (operand.name, case.drawn(offset, &operand.shape))
        })
        .collect();
    let operands = plan.with_operands(case.drawn(0, &shape), others).unwrap();
    Ok((plan, operands))
}

#[test]
fn layers_are_those_of_pytorch() {
    let (mut cases, mut refused) = (0, 0);
    for (case, output, indices) in references() {
        if case.layer.is_none() {
            continue;
        }
        let name = case.name();
        let planned = planned(&case);
        if let Some(error) = &case.error {
            let refuses = match &planned {
                // Indices are numbers, which only an evaluation sees.
                Ok((plan, operands)) => case.pool.is_some() && plan.evaluate(operands).is_err(),
                Err(_) => true,
            };
            assert!(refuses, "PyTorch refuses {name}: {error}");
            refused += 1;
            continue;
        }
        let (plan, operands) = planned.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            plan.output_shape().axes(),
            case.output.as_ref().unwrap(),
            "{name}"
        );
        let ours = plan.evaluate(&operands).unwrap();
        compare(&name, ours.data(), &output);
        if case.indices {
            let places = plan.indices(&operands).unwrap().unwrap();
            let places: Vec<f32> = places.iter().map(|place| *place as f32).collect();
            assert_eq!(places, indices, "indices of {name}");
        }
        explain_all(&name, &plan, &operands, &ours);
        // What the layer prints makes the same layer.
        let printed = plan.source();
        let again = Model::parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
        let again = again.plan(plan.input_shape()).unwrap();
        assert_eq!(again.output_shape(), plan.output_shape(), "{printed}");
        cases += 1;
    }
    println!("{cases} layers, {refused} refused");
    assert!(
        cases >= 150 && refused >= 20,
        "{cases} layers, {refused} refused"
    );
}

/// Makes the layer of a node as a reader of ONNX files does: the first operation that takes it.
fn layer_of_node(node: &OnnxNode) -> Result<OnnxLayer, String> {
    for kind in OperationKind::ALL {
        for form in kind.description().onnx {
            if form.op_type != node.op_type {
                continue;
            }
            match (form.make)(node) {
                Ok(Some(layer)) => return Ok(layer),
                Ok(None) => {}
                Err(refusal) => return Err(refusal.to_string()),
            }
        }
    }
    Err(format!("no operation takes {}", node.op_type))
}

fn node_of(case: &Case) -> OnnxNode {
    let attributes = case.attributes.iter().map(|(name, value)| {
        let value = match value {
            Attribute::Integer(value) => OnnxAttribute::Integer(*value),
            Attribute::Float(value) => OnnxAttribute::Float(*value),
            Attribute::Text(value) => OnnxAttribute::Text(value.clone()),
            Attribute::Integers(value) => OnnxAttribute::Integers(value.clone()),
            Attribute::Floats(value) => OnnxAttribute::Floats(value.clone()),
        };
        (name.clone(), value)
    });
    let inputs = case.inputs.iter().map(|input| {
        input.as_ref().map(|input| match input {
            Input::Drawn(axes) => OnnxInput {
                axes: axes.clone(),
                constant: None,
            },
            Input::Constant(constant) => OnnxInput {
                axes: constant.axes(),
                constant: Some(constant.numbers()),
            },
        })
    });
    OnnxNode {
        name: String::new(),
        op_type: case.op.clone().unwrap(),
        opset: case.opset,
        attributes: attributes.collect(),
        inputs: inputs.collect(),
        outputs: 1,
    }
}

/// Runs the layer of a node: a sample after another where samples do not meet.
fn run_node(case: &Case, made: &OnnxLayer) -> Result<(Vec<usize>, Vec<f32>), String> {
    let drawn = |input: usize| match case.inputs.get(input) {
        Some(Some(Input::Drawn(axes))) => case.drawn(input as u64, &Shape::new(axes).unwrap()),
        Some(Some(Input::Constant(constant))) => {
            let shape = Shape::new(&constant.axes()).unwrap();
            constant.numbers().tensor(shape).unwrap()
        }
        _ => panic!("there is no input {input}"),
    };
    let inputs: Vec<Tensor> = made.inputs.iter().map(|input| drawn(*input)).collect();
    let ranks: Vec<usize> = inputs.iter().map(|input| input.shape().rank()).collect();
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let run = |inputs: &[Tensor], batch| -> Result<(Plan, Tensor), String> {
        let shapes: Vec<Shape> = inputs.iter().map(|input| *input.shape()).collect();
        let plan = made
            .layer
            .plan_inputs(&shapes, batch)
            .map_err(|error| text(&error))?;
        let mut given: Vec<(&str, Tensor)> = Vec::new();
        for (name, input) in &made.operands {
            given.push((name, drawn(*input)));
        }
        given.extend(inputs[1..].iter().map(|input| ("other", input.clone())));
        let operands = plan
            .with_operands(inputs[0].clone(), given)
            .map_err(|error| text(&error))?;
        let output = plan.evaluate(&operands).map_err(|error| text(&error))?;
        explain_all(&case.name(), &plan, &operands, &output);
        Ok((plan, output))
    };
    if made.layer.operation().mixes_batch(&ranks) {
        let (plan, output) = run(&inputs, BatchAxis::Present)?;
        return Ok((plan.output_shape().axes().to_vec(), output.data().to_vec()));
    }
    let batch = inputs[0].shape().axes()[0];
    let (mut axes, mut values) = (vec![batch], Vec::new());
    for sample in 0..batch {
        let samples: Vec<Tensor> = inputs
            .iter()
            .map(|input| {
                let count = input.data().len() / batch;
                let shape = Shape::new(&input.shape().axes()[1..]).unwrap();
                Tensor::new(shape, input.data()[sample * count..][..count].to_vec()).unwrap()
            })
            .collect();
        let (plan, output) = run(&samples, BatchAxis::Absent)?;
        axes.truncate(1);
        axes.extend(plan.output_shape().axes());
        values.extend(output.data());
    }
    Ok((axes, values))
}

#[test]
fn nodes_of_onnx_are_those_of_onnx_runtime() {
    let (mut cases, mut refused) = (0, 0);
    let mut refused_alone = Vec::new();
    for (case, output, _) in references() {
        if case.op.is_none() {
            continue;
        }
        let name = case.name();
        let made = layer_of_node(&node_of(&case));
        let ours = made.and_then(|made| run_node(&case, &made));
        match (ours, &case.error) {
            (Ok((axes, values)), None) => {
                assert_eq!(Some(&axes), case.output.as_ref(), "{name}");
                compare(&name, &values, &output);
                cases += 1;
            }
            (Err(_), Some(_)) => refused += 1,
            (Err(error), None) => refused_alone.push(format!("{name}: {error}")),
            // What ONNX Runtime cannot run may have an answer all the same.
            (Ok(_), Some(_)) => {}
        }
    }
    println!("{cases} nodes, {refused} refused by both, refused by us alone: {refused_alone:#?}");
    assert!(cases >= 100, "only {cases} nodes");
    assert!(refused_alone.len() * 20 <= cases, "{refused_alone:#?}");
}

/// A node whose numbers come from a damaged file: a layer, or a refusal, and no panic.
#[test]
fn no_numbers_of_a_node_make_its_reader_panic() {
    const HOSTILE: [i64; 9] = [0, 1, 2, 3, -1, 1 << 20, 1 << 40, i64::MAX, i64::MIN];
    let lists = |length: usize| {
        let numbers = HOSTILE.iter().map(move |number| vec![*number; length]);
        numbers.chain((0..HOSTILE.len()).map(move |first| {
            let turned = HOSTILE.iter().cycle().skip(first).copied();
            turned.take(length).collect()
        }))
    };
    let inputs = |axes: &[usize], others: &[OnnxInput]| -> Vec<Option<OnnxInput>> {
        let first = OnnxInput {
            axes: axes.to_vec(),
            constant: None,
        };
        let others = others.iter().cloned().map(Some);
        std::iter::once(Some(first)).chain(others).collect()
    };
    let mut made = 0;
    for op in [
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "MaxPoolIndices",
        "AveragePool",
        "LpPool",
        "GlobalLpPool",
        "MaxUnpool",
        "Resize",
        "Upsample",
    ] {
        for axes in [
            &[1, 2, 5][..],
            &[2, 2, 4, 4],
            &[1, 1, 0, 3],
            &[1, 2, 3, 3, 3],
            &[4],
        ] {
            for name in [
                "kernel_shape",
                "strides",
                "dilations",
                "pads",
                "output_padding",
                "output_shape",
                "group",
                "axes",
                "p",
                "auto_pad",
            ] {
                for list in lists(if name == "pads" { 2 } else { 1 } * axes.len().saturating_sub(2))
                {
                    let mut attributes = BTreeMap::new();
                    let kernel = vec![2; axes.len().saturating_sub(2)];
                    attributes.insert("kernel_shape".into(), OnnxAttribute::Integers(kernel));
                    let value = match name {
                        "auto_pad" => OnnxAttribute::Text("SAME_UPPER".into()),
                        "group" | "p" => OnnxAttribute::Integer(list.first().copied().unwrap_or(0)),
                        _ => OnnxAttribute::Integers(list.clone()),
                    };
                    attributes.insert(name.into(), value);
                    let mut weight = axes.to_vec();
                    for (axis, number) in weight.iter_mut().zip(&list) {
                        *axis = usize::try_from(*number).unwrap_or(0);
                    }
                    let numbers = OnnxInput {
                        axes: weight,
                        constant: Some(OnnxConstant::Integers([vec![1, 1], list.clone()].concat())),
                    };
                    let others = [numbers.clone(), numbers.clone(), numbers];
                    for given in 0..=3 {
                        let node = OnnxNode {
                            name: String::new(),
                            op_type: op.to_owned(),
                            opset: if given % 2 == 0 { 10 } else { 19 },
                            attributes: attributes.clone(),
                            inputs: inputs(axes, &others[..given]),
                            outputs: 1,
                        };
                        let Ok(layer) = layer_of_node(&node) else {
                            continue;
                        };
                        let Ok(shape) = Shape::new(axes) else {
                            continue;
                        };
                        let shapes = vec![shape; layer.inputs.len()];
                        let Ok(plan) = layer.layer.plan_inputs(&shapes, BatchAxis::Present) else {
                            continue;
                        };
                        let last = plan.step(u64::MAX);
                        assert!(last.term(last.term_count() - 1).is_some());
                        assert!(!plan.shape_formula().to_string().is_empty() || axes.len() < 3);
                        made += 1;
                    }
                }
            }
        }
    }
    assert!(made > 100, "only {made} plans");
}
