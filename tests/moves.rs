//! Operations that only move elements give PyTorch's numbers, to the bit: every case of
//! tests/reference/moves.jsonl. Each of their steps explains its number, what they read is what they
//! feed, and what does not mix a batch does the same to each sample.

mod cases;

use std::collections::BTreeMap;

use cases::Case;
use tensorama::network::notation::Model;
use tensorama::network::{GraphBuilder, Origin};
use tensorama::op::{
    BatchAxis, Layer, LoopNest, LoopOrder, OnnxAttribute, OnnxConstant, OnnxInput, OnnxLayer,
    OnnxNode, Operands, OperationKind, Plan, Schedule, Style,
};
use tensorama::tensor::{Fill, Shape, Tensor};

/// The inputs, as moves.py draws them.
fn tensors(case: &Case) -> Vec<Tensor> {
    case.tensors_by(|_, seed| Fill::Uniform { seed })
}

fn operands(plan: &Plan, tensors: Vec<Tensor>) -> Operands {
    let mut tensors = tensors.into_iter();
    let first = tensors.next().unwrap();
    let others = tensors.map(|tensor| ("other", tensor));
    plan.with_operands(first, others).unwrap()
}

fn references() -> Vec<(Case, Vec<f32>)> {
    cases::references("moves")
}

/// The reference cases that PyTorch takes, with their plans.
fn planned() -> impl Iterator<Item = (Case, Vec<f32>, Plan)> {
    let taken = references().into_iter();
    let taken = taken.filter(|(case, _)| case.error.is_none());
    taken.map(|(case, output)| {
        let plan = case.planned();
        let plan = plan.unwrap_or_else(|error| panic!("PyTorch takes {}: {error}", case.about()));
        (case, output, plan)
    })
}

#[test]
fn outputs_and_steps_are_those_of_pytorch() {
    let (mut cases, mut values) = (0, 0);
    let mut wrong = Vec::new();
    for (case, _) in references().iter().filter(|(case, _)| case.error.is_none()) {
        if let Err(error) = case.planned() {
            wrong.push(format!("{}: {error}", case.about()));
        }
    }
    assert!(wrong.is_empty(), "PyTorch takes {}", wrong.join("\n"));
    for (case, output, plan) in planned() {
        let about = case.about();
        let axes = plan.output_shape().axes();
        assert_eq!(Some(axes), case.output.as_deref(), "{about}");
        let operands = operands(&plan, tensors(&case));
        let ours = plan.evaluate(&operands).unwrap();
        for (place, (ours, theirs)) in ours.data().iter().zip(&output).enumerate() {
            assert_eq!(ours, theirs, "{about}: element {place}");
            let explained = plan.explain(place as u64, &operands);
            assert_eq!(explained.value, *theirs, "{about}, step {place}");
            assert_eq!(explained.first_input(), *theirs, "{about}, step {place}");
        }
        // The formulas are those of the axes of the output.
        let formula = plan.shape_formula();
        let results: Vec<usize> = formula.axes.iter().map(|(_, axis)| axis.result()).collect();
        assert_eq!(results, axes, "{about}: {formula}");
        assert_eq!(plan.work(), None, "{about}");
        cases += 1;
        values += output.len();
    }
    println!("{cases} cases, {values} values");
    assert!(cases >= 450, "only {cases} cases");
}

#[test]
fn what_pytorch_refuses_is_refused() {
    let mut taken = Vec::new();
    let mut refused = 0;
    for (case, _) in references() {
        let Some(error) = &case.error else { continue };
        refused += 1;
        if case.planned().is_ok() {
            taken.push(format!("{}: {error}", case.about()));
        }
    }
    assert!(taken.is_empty(), "PyTorch refuses {}", taken.join("\n"));
    assert!(refused >= 40, "only {refused} refused cases");
}

#[test]
fn what_does_not_mix_a_batch_does_the_same_to_each_sample() {
    let mut samples = 0;
    for (case, output, plan) in planned() {
        let about = case.about();
        let layer = case.layer().unwrap();
        let ranks: Vec<usize> = case.shapes().iter().map(Shape::rank).collect();
        let batch = plan.input_shape().axes()[0];
        let parts: Option<Vec<Shape>> = case
            .shapes()
            .iter()
            .map(|shape| Shape::of_axes(&shape.axes()[1..]).ok())
            .collect();
        let Some(parts) = parts else { continue };
        let whole = case.shapes().iter().all(|shape| shape.axes()[0] == batch);
        let fits = layer
            .operation()
            .sample_rank()
            .is_none_or(|rank| parts[0].rank() == rank);
        if layer.operation().mixes_batch(&ranks) || !whole || !fits {
            continue;
        }
        let sample = match layer.plan_inputs(&parts, BatchAxis::Absent) {
            Ok(sample) => sample,
            // A shape that only fits the whole.
            Err(_) => continue,
        };
        assert_eq!(
            plan.output_shape().axes()[1..],
            *sample.output_shape().axes(),
            "{about}"
        );
        assert_eq!(plan.output_shape().axes()[0], batch, "{about}");
        let each = sample.output_shape().count();
        for (number, expected) in output.chunks_exact(each).enumerate() {
            let tensors = tensors(&case)
                .into_iter()
                .zip(&parts)
                .map(|(tensor, shape)| {
                    let count = shape.count();
                    let data = tensor.data()[number * count..][..count].to_vec();
                    Tensor::new(*shape, data).unwrap()
                });
            let operands = operands(&sample, tensors.collect());
            let ours = sample.evaluate(&operands).unwrap();
            assert_eq!(ours.data(), expected, "{about}, sample {number}");
            samples += 1;
        }
    }
    assert!(samples >= 300, "only {samples} samples");
}

#[test]
fn relations_are_those_of_the_terms() {
    for (case, _, plan) in planned() {
        let about = case.about();
        let mut fed = vec![Vec::new(); plan.input_shape().count()];
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            let read: Vec<[usize; 3]> = step
                .terms()
                .filter_map(|term| term.source.element())
                .collect();
            for at in &read {
                fed[plan.input_shape().chw_offset(*at).unwrap()].push(step.output);
            }
            let field = plan.receptive_field(step.output).unwrap().input;
            let found: Vec<_> = field.iter().map(|at| at.map(|at| at as usize)).collect();
            assert_eq!(found, read, "{about}: output {:?}", step.output);
            for axis in [0, 1] {
                let at = step.output[axis + 1] as i64;
                let mapped = plan.places_read(axis, (at, at));
                for from in &read {
                    let from = from[axis + 1] as i64;
                    assert!(
                        (mapped.0..=mapped.1).contains(&from),
                        "{about}, axis {axis}"
                    );
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

#[test]
fn a_layer_is_written_as_a_call_that_reads_back() {
    for (case, _, plan) in planned() {
        let layer = case.layer().unwrap();
        for style in [Style::Source, Style::Printed] {
            let text = layer.call(plan.input_shape(), style);
            let again =
                Model::parse(&text).map(|model| model.layer().call(plan.input_shape(), style));
            assert_eq!(again.as_ref(), Ok(&text), "{}", case.about());
        }
        let text = ron::to_string(&layer).unwrap();
        assert_eq!(ron::from_str::<Layer>(&text).unwrap(), layer, "{text}");
    }
}

/// What a card says of a step and what the code names is the element that the step reads: worked out
/// here as Python would.
#[test]
fn the_index_on_the_card_is_that_of_the_element() {
    let mut worked = 0;
    for (case, _, plan) in planned() {
        for index in 0..plan.step_count() {
            let step = plan.step(index);
            let Some(element) = step.terms().next().and_then(|term| term.source.element()) else {
                continue;
            };
            let Some(rule) = plan.index_arithmetic(step.output) else {
                continue;
            };
            let inner = rule.trim_matches(['[', ']']);
            let found: Vec<i64> = inner.split(", ").map(worked_out).collect();
            let element = element.map(|at| at as i64);
            assert_eq!(found, element, "{}: {rule}", case.about());
            worked += 1;
        }
    }
    assert!(worked > 10_000, "{worked}");
}

/// A sum of products, quotients and remainders, from left to right as here written.
fn worked_out(text: &str) -> i64 {
    let text = text.replace(" − ", " + −");
    let terms = text.split(" + ").map(|term| {
        let (sign, term) = match term.strip_prefix('−') {
            Some(rest) => (-1, rest),
            None => (1, term),
        };
        let mut value: Option<i64> = None;
        let mut sign_of = "";
        for word in term.split(' ') {
            let word = word.trim_matches(['(', ')']);
            match (word.parse::<i64>(), value) {
                (Ok(number), None) => value = Some(number),
                (Ok(number), Some(before)) => {
                    value = Some(match sign_of {
                        "÷" => before / number,
                        "mod" => before % number,
                        "×" => before * number,
                        other => panic!("{other} in {text}"),
                    });
                }
                (Err(_), _) => sign_of = word,
            }
        }
        sign * value.unwrap()
    });
    terms.sum()
}

/// The line of code that moves an element, followed as Python would, reads the element that the step
/// reads.
#[test]
fn the_code_reads_the_element_of_the_step() {
    let mut followed = BTreeMap::new();
    for (case, _, plan) in planned() {
        let schedule = Schedule::new(&plan, LoopOrder::FilterMajor);
        let nest = LoopNest::new(&plan, &schedule);
        let line = &nest.lines.last().unwrap().text;
        let read = line.strip_prefix("out[f, y, x] = a").unwrap_or_default();
        let (flat, read) = match read.strip_prefix(".flat") {
            Some(read) => (true, read),
            None => (false, read),
        };
        let Some(index) = read
            .strip_prefix('[')
            .and_then(|read| read.strip_suffix(']'))
        else {
            continue;
        };
        // reflect(), clamp() and index[] are told beside the code.
        let mut words = index.split(|sign: char| !sign.is_alphabetic());
        if words.any(|word| word.len() > 1) {
            continue;
        }
        for number in 0..plan.step_count() {
            let step = plan.step(number);
            let element = step.terms().next().unwrap().source.element().unwrap();
            let expected = match flat {
                true => vec![plan.input_shape().chw_offset(element).unwrap() as i64],
                false => element.map(|at| at as i64).to_vec(),
            };
            let at = step.output.map(|at| at as i64);
            let found: Vec<i64> = index.split(", ").map(|text| computed(text, at)).collect();
            assert_eq!(found, expected, "{}: {line} at {at:?}", case.about());
        }
        let name = plan.layer().name();
        *followed.entry(name).or_insert(0) += 1;
    }
    for name in [
        "Flatten",
        "Unflatten",
        "Reshape",
        "Permute",
        "Transpose",
        "Flip",
        "Squeeze",
        "Unsqueeze",
        "Slice",
        "Select",
        "Split",
        "Chunk",
        "Expand",
        "Tile",
        "ChannelShuffle",
        "SpaceToDepth",
        "DepthToSpace",
    ] {
        let count = followed.get(name).copied().unwrap_or(0);
        assert!(count >= 8, "{name}: {count} of {followed:?}");
    }
}

/// What Python makes of a whole number's expression in `f`, `y` and `x`.
fn computed(text: &str, at: [i64; 3]) -> i64 {
    fn sum(rest: &mut &str, at: [i64; 3]) -> i64 {
        let mut value = product(rest, at);
        loop {
            value = match next(rest, &["+", "-"]) {
                Some("+") => value + product(rest, at),
                Some(_) => value - product(rest, at),
                None => return value,
            };
        }
    }
    fn product(rest: &mut &str, at: [i64; 3]) -> i64 {
        let mut value = factor(rest, at);
        loop {
            // The divisors are positive, where Python rounds down.
            value = match next(rest, &["//", "%", "*"]) {
                Some("//") => value.div_euclid(factor(rest, at)),
                Some("%") => value.rem_euclid(factor(rest, at)),
                Some(_) => value * factor(rest, at),
                None => return value,
            };
        }
    }
    fn factor(rest: &mut &str, at: [i64; 3]) -> i64 {
        match next(rest, &["-", "(", "f", "y", "x"]) {
            Some("-") => -factor(rest, at),
            Some("(") => {
                let value = sum(rest, at);
                assert_eq!(next(rest, &[")"]), Some(")"), "before {rest}");
                value
            }
            Some("f") => at[0],
            Some("y") => at[1],
            Some(_) => at[2],
            None => {
                let end = rest.find(|sign: char| !sign.is_ascii_digit());
                let (number, behind) = rest.split_at(end.unwrap_or(rest.len()));
                *rest = behind;
                number.parse().unwrap()
            }
        }
    }
    fn next<'a>(rest: &mut &str, signs: &[&'a str]) -> Option<&'a str> {
        *rest = rest.trim_start();
        let sign = signs.iter().find(|sign| rest.starts_with(**sign))?;
        *rest = &rest[sign.len()..];
        Some(sign)
    }
    let mut rest = text;
    let value = sum(&mut rest, at);
    assert_eq!(rest, "", "{text}");
    value
}

/// A node with integer attributes, an input of a shape, and constants behind it.
fn made(
    op_type: &str,
    opset: i64,
    attributes: &[(&str, OnnxAttribute)],
    input: &str,
    constants: &[Option<&[i64]>],
) -> Result<OnnxLayer, String> {
    let mut inputs = vec![Some(OnnxInput {
        axes: input.parse::<Shape>().unwrap().axes().to_vec(),
        constant: None,
    })];
    inputs.extend(constants.iter().map(|constant| {
        constant.map(|numbers| OnnxInput {
            axes: vec![numbers.len()],
            constant: Some(OnnxConstant::Integers(numbers.to_vec())),
        })
    }));
    let attributes = attributes.iter();
    let node = OnnxNode {
        name: String::new(),
        op_type: op_type.to_owned(),
        opset,
        attributes: attributes
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        inputs,
        outputs: 1,
    };
    let forms = OperationKind::ALL.iter();
    let mut forms = forms.flat_map(|kind| kind.description().onnx);
    let made =
        forms.find_map(|form| (form.op_type == op_type).then(|| (form.make)(&node).transpose())?);
    made.unwrap_or_else(|| panic!("nothing makes {op_type}"))
        .map_err(|refusal| refusal.to_string())
}

#[test]
fn operators_of_onnx_make_layers() {
    let one = OnnxAttribute::Integer;
    let list = |values: &[i64]| OnnxAttribute::Integers(values.to_vec());
    let word = |text: &str| OnnxAttribute::Text(text.to_owned());
    type Given<'a> = (
        &'a str,
        i64,
        Vec<(&'a str, OnnxAttribute)>,
        &'a str,
        Vec<Option<&'a [i64]>>,
        &'a str,
    );
    let cases: Vec<Given> = vec![
        ("Flatten", 13, vec![], "2x3x4x5", vec![], "Flatten()"),
        (
            "Flatten",
            13,
            vec![("axis", one(2))],
            "2x3x4x5",
            vec![],
            "Reshape((6, 20))",
        ),
        (
            "Flatten",
            13,
            vec![("axis", one(-1))],
            "2x3x4x5",
            vec![],
            "Reshape((24, 5))",
        ),
        (
            "Flatten",
            13,
            vec![("axis", one(0))],
            "2x3",
            vec![],
            "Reshape((1, 6))",
        ),
        // A batch that stays stays open.
        (
            "Reshape",
            13,
            vec![],
            "2x3x4",
            vec![Some(&[2, 12])],
            "Reshape((-1, 12))",
        ),
        (
            "Reshape",
            13,
            vec![],
            "2x3x4",
            vec![Some(&[0, -1])],
            "Reshape((-1, 12))",
        ),
        (
            "Reshape",
            13,
            vec![],
            "2x3x4",
            vec![Some(&[0, 0, 2, 2])],
            "Reshape((-1, 3, 2, 2))",
        ),
        (
            "Reshape",
            13,
            vec![],
            "2x3x4",
            vec![Some(&[6, -1])],
            "Reshape((6, -1))",
        ),
        (
            "Reshape",
            1,
            vec![("shape", list(&[2, 12]))],
            "2x3x4",
            vec![],
            "Reshape((-1, 12))",
        ),
        (
            "Transpose",
            13,
            vec![],
            "2x3x4",
            vec![],
            "Permute((2, 1, 0))",
        ),
        (
            "Transpose",
            13,
            vec![("perm", list(&[0, 2, 1]))],
            "2x3x4",
            vec![],
            "Permute((0, 2, 1))",
        ),
        (
            "Squeeze",
            11,
            vec![("axes", list(&[1, 3]))],
            "2x1x3x1",
            vec![],
            "Squeeze((1, 3))",
        ),
        (
            "Squeeze",
            13,
            vec![],
            "2x1x3x1",
            vec![Some(&[-1])],
            "Squeeze(-1)",
        ),
        ("Squeeze", 13, vec![], "2x1x3x1", vec![], "Squeeze()"),
        (
            "Squeeze",
            13,
            vec![],
            "2x1x3x1",
            vec![Some(&[])],
            "Squeeze()",
        ),
        (
            "Unsqueeze",
            11,
            vec![("axes", list(&[0, 2]))],
            "2x3",
            vec![],
            "Unsqueeze((0, 2))",
        ),
        (
            "Unsqueeze",
            13,
            vec![],
            "2x3",
            vec![Some(&[1])],
            "Unsqueeze(1)",
        ),
        (
            "Slice",
            9,
            vec![("starts", list(&[0, 1])), ("ends", list(&[9, 3]))],
            "2x3x4",
            vec![],
            "Slice(1, start=1, end=3)",
        ),
        (
            "Slice",
            13,
            vec![],
            "2x3x4",
            vec![
                Some(&[-1, 0]),
                Some(&[-9, i64::MAX]),
                Some(&[-1, 0]),
                Some(&[-2, 1]),
            ],
            "Slice(-1, start=-1, end=-9, step=-2)",
        ),
        (
            "Expand",
            13,
            vec![],
            "2x1x4",
            vec![Some(&[3, 1])],
            "Expand((-1, 3, -1))",
        ),
        (
            "Expand",
            13,
            vec![],
            "3x1",
            vec![Some(&[2, 1, 6])],
            "Expand((2, -1, 6))",
        ),
        (
            "Tile",
            13,
            vec![],
            "2x3",
            vec![Some(&[1, 2])],
            "Tile((1, 2))",
        ),
        (
            "Gather",
            13,
            vec![("axis", one(1))],
            "2x3",
            vec![Some(&[2, -1])],
            "IndexSelect(1, (2, -1))",
        ),
        (
            "SpaceToDepth",
            13,
            vec![("blocksize", one(2))],
            "1x3x4x6",
            vec![],
            "SpaceToDepth(2)",
        ),
        (
            "DepthToSpace",
            13,
            vec![("blocksize", one(2))],
            "1x12x4x6",
            vec![],
            "DepthToSpace(2)",
        ),
        (
            "DepthToSpace",
            13,
            vec![("blocksize", one(2)), ("mode", word("CRD"))],
            "1x12x4x6",
            vec![],
            "PixelShuffle(upscale_factor=2)",
        ),
        (
            "Pad",
            2,
            vec![
                ("pads", list(&[0, 0, 1, 2, 0, 0, 3, 4])),
                ("value", OnnxAttribute::Float(0.5)),
            ],
            "1x2x3x4",
            vec![],
            "Pad((2, 4, 1, 3), value=0.5)",
        ),
        (
            "Pad",
            18,
            vec![("mode", word("edge"))],
            "1x2x3x4",
            vec![Some(&[1, 2]), None, Some(&[-2])],
            "Pad((0, 0, 1, 2), mode='replicate')",
        ),
        (
            "Pad",
            19,
            vec![("mode", word("wrap"))],
            "1x2x3x4",
            vec![Some(&[0, 0, 0, 1, 0, 0, 0, -1])],
            "Pad((1, -1), mode='circular')",
        ),
    ];
    for (op_type, opset, attributes, input, constants, layer) in cases {
        let made = made(op_type, opset, &attributes, input, &constants);
        let shape = input.parse().unwrap();
        let text = made.map(|made| made.layer.call(&shape, Style::Source));
        assert_eq!(
            text.as_deref(),
            Ok(layer),
            "{op_type} {attributes:?} {constants:?}"
        );
    }
    let concat = made("Concat", 13, &[("axis", one(-3))], "1x2x3x4", &[None; 2]).unwrap();
    assert_eq!(concat.inputs, [0, 1, 2]);
    for (op_type, attributes, constants) in [
        ("Reshape", vec![], vec![]),
        ("Concat", vec![], vec![]),
        (
            "Pad",
            vec![("mode", word("mirror"))],
            vec![Some(&[0, 0][..])],
        ),
        ("Pad", vec![], vec![Some(&[0, 0, 1][..])]),
        ("DepthToSpace", vec![("blocksize", word("2"))], vec![]),
        ("Gather", vec![], vec![]),
        ("Squeeze", vec![], vec![Some(&[-2][..])]),
        ("Tile", vec![], vec![Some(&[2][..])]),
    ] {
        assert!(
            made(op_type, 13, &attributes, "2x3", &constants).is_err(),
            "{op_type}"
        );
    }
}

#[test]
fn a_batch_is_not_concatenated_with_a_single_sample() {
    let batch = Shape::new(&[2, 3, 4]).unwrap();
    let sample = Shape::new(&[3, 4]).unwrap();
    let layer: Layer = "Concat(dim=1)".parse().unwrap();
    let joined = |other: &Shape| {
        let mut builder = GraphBuilder::new();
        let first = builder.input("x", batch, true);
        let second = builder.constant("c", Fill::Ramp.make(other).unwrap());
        let origin = Origin::of("Concat");
        let inputs = [first, second];
        builder.node("both", layer.clone(), &inputs, &[], origin)
    };
    assert!(joined(&sample).is_err());
    assert!(joined(&batch).is_ok());
}
