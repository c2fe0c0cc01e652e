//! Activations, functions of each element, and arithmetic of tensors give PyTorch's numbers: every case
//! of tests/reference/elementwise.jsonl, made by PyTorch, is computed and explained here.

use std::path::Path;

use serde::Deserialize;
use tensorama::network::notation::Model;
use tensorama::network::onnx;
use tensorama::op::{
    BatchAxis, Layer, LoopNest, LoopOrder, OnnxAttribute, OnnxConstant, OnnxInput, OnnxLayer,
    OnnxNode, Operands, OperationKind, Plan, Schedule, Style,
};
use tensorama::tensor::{Fill, Shape, Tensor, read_file};

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
        // Their vectorised loops give 0 for −0, which others keep.
        if case.layer.contains("GELU") || case.layer.contains("Softshrink") {
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
        // An argument that changes nothing here is passed over, also where a module has none.
        if case.layer.contains("inplace") {
            continue;
        }
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

/// A node of an operator with attributes, whose first input has some axes and whose others are constant.
fn node(
    op_type: &str,
    attributes: &[(&str, OnnxAttribute)],
    others: &[Option<Constant>],
) -> OnnxNode {
    let first = OnnxInput {
        axes: vec![2, 3, 4, 5],
        constant: None,
    };
    let others = others.iter().map(|other| {
        other.map(|(axes, values)| OnnxInput {
            axes: axes.to_vec(),
            constant: Some(OnnxConstant::Floats(values.to_vec())),
        })
    });
    OnnxNode {
        name: String::new(),
        op_type: op_type.to_owned(),
        opset: 24,
        attributes: attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        inputs: [Some(first)].into_iter().chain(others).collect(),
        outputs: 1,
    }
}

/// Axes and numbers.
type Constant = (&'static [usize], &'static [f32]);

/// What the node of an operator makes: the layer as notation, the inputs, the operands.
fn made(node: &OnnxNode) -> Result<OnnxLayer, String> {
    let forms = OperationKind::ALL.iter();
    let forms = forms.flat_map(|kind| kind.description().onnx);
    let mut forms = forms.filter(|form| form.op_type == node.op_type);
    let form = forms.next().unwrap_or_else(|| panic!("{}", node.op_type));
    assert!(forms.next().is_none(), "{} has two forms", node.op_type);
    let layer = (form.make)(node).map_err(|why| why.to_string())?;
    Ok(layer.unwrap())
}

#[test]
fn operators_of_onnx_make_layers() {
    let float = |value: f32| OnnxAttribute::Float(value);
    let text = |value: &str| OnnxAttribute::Text(value.to_owned());
    let none: &[Option<Constant>] = &[];
    let is = |node: OnnxNode, layer: &str| {
        let made = made(&node).unwrap();
        let shape = Shape::new(&[3, 4, 5]).unwrap();
        assert_eq!(made.layer.call(&shape, Style::Source), layer);
        assert_eq!(made.inputs, [0], "{layer}");
        assert_eq!(made.operands, [], "{layer}");
    };
    for (op_type, layer) in [
        ("Relu", "ReLU()"),
        ("LeakyRelu", "LeakyReLU()"),
        ("Elu", "ELU()"),
        ("Selu", "SELU()"),
        ("Celu", "CELU()"),
        ("Gelu", "GELU()"),
        ("Swish", "SiLU()"),
        ("Mish", "Mish()"),
        ("HardSwish", "Hardswish()"),
        ("HardSigmoid", "HardSigmoid(alpha=0.2, beta=0.5)"),
        ("Clip", "Identity()"),
        ("ThresholdedRelu", "Threshold(1.0, 0.0)"),
        ("Sigmoid", "Sigmoid()"),
        ("Tanh", "Tanh()"),
        ("Softplus", "Softplus()"),
        ("Softsign", "Softsign()"),
        ("Dropout", "Dropout()"),
        ("Identity", "Identity()"),
        ("Abs", "Abs()"),
        ("Neg", "Neg()"),
        ("Sqrt", "Sqrt()"),
        ("Reciprocal", "Reciprocal()"),
        ("Exp", "Exp()"),
        ("Log", "Log()"),
        ("Erf", "Erf()"),
        ("Sign", "Sign()"),
        ("Floor", "Floor()"),
        ("Ceil", "Ceil()"),
        ("Round", "Round()"),
        ("Sin", "Sin()"),
        ("Cos", "Cos()"),
        ("Tan", "Tan()"),
    ] {
        is(node(op_type, &[], none), layer);
    }
    is(
        node("LeakyRelu", &[("alpha", float(0.2))], none),
        "LeakyReLU(negative_slope=0.2)",
    );
    is(
        node("Elu", &[("alpha", float(0.7))], none),
        "ELU(alpha=0.7)",
    );
    is(
        node(
            "Selu",
            &[("alpha", float(2.0)), ("gamma", float(3.0))],
            none,
        ),
        "Selu(alpha=2.0, gamma=3.0)",
    );
    is(
        node(
            "Selu",
            &[("alpha", float(1.673_263_2)), ("gamma", float(1.050_701))],
            none,
        ),
        "SELU()",
    );
    is(
        node(
            "HardSigmoid",
            &[("alpha", float(1.0 / 6.0)), ("beta", float(0.5))],
            none,
        ),
        "Hardsigmoid()",
    );
    is(
        node("Gelu", &[("approximate", text("tanh"))], none),
        "GELU(approximate='tanh')",
    );
    // Bounds are attributes up to opset 10, and inputs from 11 on.
    is(
        node("Clip", &[("min", float(0.0)), ("max", float(6.0))], none),
        "ReLU6()",
    );
    let number = |values: &'static [f32]| Some((&[][..], values));
    is(
        node("Clip", &[], &[number(&[0.0]), number(&[6.0])]),
        "ReLU6()",
    );
    is(node("Clip", &[], &[number(&[0.0])]), "ReLU()");
    is(node("Clip", &[], &[None, number(&[0.1])]), "Clamp(max=0.1)");
    is(
        node("Clip", &[], &[number(&[-1.0]), number(&[0.1])]),
        "Clamp(min=-1.0, max=0.1)",
    );
    let lambd = ("lambd", float(1.5));
    is(
        node("Shrink", std::slice::from_ref(&lambd), none),
        "Hardshrink(lambd=1.5)",
    );
    is(
        node("Shrink", &[lambd, ("bias", float(1.5))], none),
        "Softshrink(lambd=1.5)",
    );
    is(node("Pow", &[], &[number(&[0.5])]), "Pow(0.5)");
    is(
        node("Dropout", &[("ratio", float(0.3))], none),
        "Dropout(p=0.3)",
    );
    is(node("Dropout", &[], &[number(&[0.3])]), "Dropout(p=0.3)");
}

#[test]
fn operators_of_onnx_on_several_inputs_keep_them() {
    let vector: Option<Constant> = Some((&[5], &[1.0, 2.0, 3.0, 4.0, 5.0]));
    for (op_type, name) in [
        ("Add", "Add"),
        ("Sum", "Add"),
        ("Sub", "Sub"),
        ("Mul", "Mul"),
        ("Div", "Div"),
        ("Pow", "Pow"),
        ("Max", "Maximum"),
        ("Min", "Minimum"),
        ("Mean", "Average"),
        ("PRelu", "PReLU"),
    ] {
        let made = made(&node(op_type, &[], &[vector])).unwrap();
        assert_eq!(made.layer.name(), name);
        assert_eq!(made.inputs, [0, 1], "{op_type}");
    }
    let several = made(&node("Sum", &[], &[vector, vector])).unwrap();
    assert_eq!(several.inputs, [0, 1, 2]);
    // Slopes that are one number, or one for each channel, are PyTorch's weights.
    let slopes = |other: Constant| {
        let made = made(&node("PRelu", &[], &[Some(other)])).unwrap();
        let shape = Shape::new(&[3, 4, 5]).unwrap();
        (
            made.layer.call(&shape, Style::Source),
            made.inputs,
            made.operands,
        )
    };
    let weight = vec![("weight", 1)];
    let each = (&[3, 1, 1][..], &[0.1, 0.2, 0.3][..]);
    assert_eq!(
        slopes((&[1], &[0.1])),
        ("PReLU()".to_owned(), vec![0], weight.clone())
    );
    assert_eq!(slopes(each), ("PReLU(3)".to_owned(), vec![0], weight));
    let columns = (&[1, 1, 5][..], &[0.1; 5][..]);
    assert_eq!(slopes(columns).1, [0, 1]);
}

#[test]
fn what_an_operator_of_onnx_asks_for_besides_is_refused() {
    let refused = |node: OnnxNode| made(&node).unwrap_err();
    let training: Option<Constant> = Some((&[], &[1.0]));
    let none: Option<Constant> = Some((&[], &[0.0]));
    let all_kept = made(&node("Dropout", &[], &[none, training])).unwrap();
    assert_eq!(all_kept.layer.name(), "Dropout");
    let dropping = node("Dropout", &[], &[None, training]);
    assert!(refused(dropping).contains("training_mode"));
    let mut masking = node("Dropout", &[], &[]);
    masking.outputs = 2;
    assert!(refused(masking).contains("mask"));
    let swish = node("Swish", &[("alpha", OnnxAttribute::Float(1.7))], &[]);
    assert!(refused(swish).contains("1.7"));
    let gelu = node(
        "Gelu",
        &[("approximate", OnnxAttribute::Text("erf".into()))],
        &[],
    );
    assert!(refused(gelu).contains("approximate"));
    let mut unknown = node("Clip", &[], &[None]);
    unknown.inputs[1] = unknown.inputs[0].clone();
    assert!(refused(unknown).contains("`min`"));
}

#[test]
fn a_card_shows_the_formula_with_its_numbers() {
    let number = |value: f32| {
        if value < 0.0 {
            format!("(−{})", -value)
        } else {
            value.to_string()
        }
    };
    for (layer, value, text) in [
        ("Sigmoid()", 5.0, "1 ÷ (1 + e^(−5))"),
        ("SiLU()", 5.0, "5 ÷ (1 + e^(−5))"),
        ("SiLU()", -2.0, "(−2) ÷ (1 + e^2)"),
        ("Tanh()", 1.0, "(e^1 − e^(−1)) ÷ (e^1 + e^(−1))"),
        ("Hardswish()", -1.0, "(−1) × min(6, max(0, −1 + 3)) ÷ 6"),
        ("Hardsigmoid()", 2.0, "min(6, max(0, 2 + 3)) ÷ 6"),
        ("ELU(0.5)", -2.0, "0.5 × (e^(−2) − 1)"),
        ("ELU(0.5)", 2.0, "2"),
        ("CELU(2)", -2.0, "2 × (e^((−2) ÷ 2) − 1)"),
        ("GELU()", 3.0, "3 ÷ 2 × (1 + erf(3 ÷ √2))"),
        ("Softplus()", 3.0, "ln(1 + e^3)"),
        ("Softplus()", 21.0, "21"),
        ("Softplus(2)", 3.0, "ln(1 + e^(3 × 2)) ÷ 2"),
        ("Hardtanh(-2, 2)", -3.0, "min(2, max(−2, −3))"),
        ("RReLU(0.25, 0.75)", -2.0, "(−2) × 0.5"),
        ("Softshrink(2)", -3.0, "(−3) + 2"),
        ("Hardshrink(2)", 1.0, "|1| is not over 2: 0"),
        ("Tanhshrink()", -1.0, "(−1) − tanh(−1)"),
        ("Threshold(1, 0)", -1.0, "−1 is not over 1: 0"),
        ("Dropout()", -1.0, "inference drops nothing: (−1)"),
        ("Clamp(max=4)", 5.0, "min(4, 5)"),
        ("LeakyReLU(-0.5)", -3.0, "(−3) × (−0.5)"),
        ("PReLU(init=0.5)", -3.0, "0.5 × (−3)"),
        ("Abs()", -3.0, "|−3|"),
        ("Sqrt()", 9.0, "√9"),
        ("Pow(2)", -3.0, "(−3)^2"),
        ("Add()", -3.0, "(−3) + (−3)"),
        ("Sub()", -3.0, "(−3) − (−3)"),
        ("Mul()", -3.0, "(−3) × (−3)"),
        ("Div()", 3.0, "3 ÷ 3"),
        ("Fmod()", -3.0, "(−3) mod (−3)"),
        ("Pow(tensor=0)", 3.0, "3^3"),
        ("Maximum()", -3.0, "max(−3, −3)"),
        ("Average()", 3.0, "(3 + 3) ÷ 2"),
    ] {
        let layer = Model::parse(layer).unwrap().layer();
        let shape = Shape::new(&[1, 1, 1]).unwrap();
        let plan = layer.plan(&shape).unwrap();
        let input = Tensor::new(shape, vec![value]).unwrap();
        let explained = plan.explain(0, &plan.filled(input).unwrap());
        let shown = layer.operation().arithmetic(&explained, &number);
        assert_eq!(shown.en, text);
    }
}

#[test]
fn code_names_the_element_that_is_repeated() {
    let shapes = [&[2, 3, 4][..], &[3, 1][..]].map(|axes| Shape::new(axes).unwrap());
    let layer = Model::parse("Sub()").unwrap().layer();
    let code = |shapes: &[Shape]| {
        let plan = layer.plan_inputs(shapes, BatchAxis::Absent).unwrap();
        let schedule = Schedule::new(&plan, LoopOrder::FilterMajor);
        let nest = LoopNest::new(&plan, &schedule);
        nest.lines.last().unwrap().text.clone()
    };
    assert_eq!(
        code(&shapes[..1].repeat(2)),
        "out[f, y, x] = a[f, y, x] - other[f, y, x]"
    );
    let channels = Shape::new(&[2, 1, 1]).unwrap();
    assert_eq!(
        code(&[shapes[0], channels]),
        "out[f, y, x] = a[f, y, x] - other[f, 0, 0]"
    );
    let code_of = |first: &[usize], second: &[usize]| {
        code(&[first, second].map(|axes| Shape::of_axes(axes).unwrap()))
    };
    let other = |text: &str| format!("out[f, y, x] = a[f, y, x] - other[{text}]");
    assert_eq!(code_of(&[2, 3, 4], &[3, 1]), other("0, y, 0"));
    assert_eq!(code_of(&[2, 3, 4, 5], &[3, 1, 1]), other("f % 3, 0, 0"));
    assert_eq!(code_of(&[2, 3, 4, 5], &[2, 1, 4, 5]), other("f // 3, y, x"));
    assert_eq!(
        code_of(&[2, 3, 4, 5, 6], &[2, 1, 4, 5, 6]),
        other("(f // 12) * 4 + f % 4, y, x")
    );
    assert_eq!(code_of(&[7, 5], &[5]), other("0, y, x"));
    let scalar = Shape::SCALAR;
    assert_eq!(
        code(&[scalar, shapes[0]]),
        "out[f, y, x] = a[0, 0, 0] - other[f, y, x]"
    );
}

#[test]
fn a_softplus_with_its_threshold_is_one_layer_of_an_onnx_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    for (name, layer) in [
        ("softplus", "Softplus()"),
        ("softplus_beta", "Softplus(beta=2.0, threshold=5.0)"),
    ] {
        let bytes = std::fs::read(folder.join(name).with_extension("onnx")).unwrap();
        let model = onnx::Model::read(&bytes, &read_file).unwrap();
        let graph = model.graph(&[]).unwrap();
        let plans: Vec<&Plan> = graph
            .nodes()
            .iter()
            .filter_map(|node| node.plan())
            .collect();
        let shape = Shape::new(&[2, 3]).unwrap();
        let [plan] = plans[..] else {
            panic!("{name}: {plans:?}");
        };
        assert_eq!(plan.layer().call(&shape, Style::Source), layer);
        assert_eq!(graph.nodes().len(), 1, "{name}");
    }
}
