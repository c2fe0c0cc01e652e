//! Triangles and choices by a condition give PyTorch's numbers, to the bit: every case of
//! tests/reference/masks.jsonl, and each of their steps explains its number.

mod cases;

use cases::Case;
use tensorama::network::notation::Model;
use tensorama::op::{
    BatchAxis, Layer, OnnxAttribute, OnnxConstant, OnnxInput, OnnxNode, OperationKind, Plan, Style,
};
use tensorama::tensor::{Fill, Shape, Tensor};

/// The inputs, as masks.py draws them.
fn tensors(case: &Case) -> Vec<Tensor> {
    case.tensors_by(|number, seed| match (case.layer.as_str(), number) {
        ("Where()", 0) => Fill::Random { seed },
        _ => Fill::Uniform { seed },
    })
}

fn evaluated(plan: &Plan, tensors: Vec<Tensor>) -> Vec<f32> {
    let mut tensors = tensors.into_iter();
    let first = tensors.next().unwrap();
    let others = tensors.map(|tensor| ("other", tensor));
    let operands = plan.with_operands(first, others).unwrap();
    let ours = plan.evaluate(&operands).unwrap();
    for (index, value) in (0..).zip(ours.data()) {
        let explained = plan.explain(index, &operands);
        assert_eq!(explained.value.to_bits(), value.to_bits(), "step {index}");
        let text = plan
            .layer()
            .operation()
            .arithmetic(&explained, &|number| number.to_string());
        assert!(!text.en.is_empty() && !text.ja.is_empty());
    }
    ours.data().to_vec()
}

fn references() -> Vec<(Case, Vec<f32>)> {
    cases::references("masks")
}

#[test]
fn outputs_and_steps_are_those_of_pytorch() {
    let mut cases = 0;
    for (case, output) in references() {
        let about = case.about();
        if let Some(error) = &case.error {
            assert!(case.planned().is_err(), "PyTorch refuses {about}: {error}");
            continue;
        }
        let plan = case
            .planned()
            .unwrap_or_else(|error| panic!("{about}: {error}"));
        let axes = plan.output_shape().axes();
        assert_eq!(Some(axes), case.output.as_deref(), "{about}");
        assert_eq!(evaluated(&plan, tensors(&case)), output, "{about}");
        for style in [Style::Source, Style::Printed] {
            let text = case.layer().unwrap().call(plan.input_shape(), style);
            let again = Model::parse(&text).map(|model| model.layer().clone());
            assert_eq!(again, Ok(case.layer().unwrap()), "{text}");
        }
        cases += 1;
    }
    assert!(cases >= 120, "only {cases} cases");
}

#[test]
fn what_does_not_mix_a_batch_does_the_same_to_each_sample() {
    let mut samples = 0;
    for (case, output) in references() {
        let Some(axes) = &case.output else { continue };
        let (layer, shapes) = (case.layer().unwrap(), case.shapes());
        let ranks: Vec<usize> = shapes.iter().map(Shape::rank).collect();
        let whole = shapes.iter().all(|shape| shape.axes()[0] == axes[0]);
        let same = ranks.iter().all(|rank| *rank == axes.len() && *rank > 1);
        if layer.operation().mixes_batch(&ranks) || !whole || !same {
            continue;
        }
        let parts: Vec<Shape> = shapes
            .iter()
            .map(|shape| Shape::new(&shape.axes()[1..]).unwrap())
            .collect();
        let plan = layer.plan_inputs(&parts, BatchAxis::Absent).unwrap();
        let each = plan.output_shape().count();
        for (number, expected) in output.chunks_exact(each).enumerate() {
            let tensors = tensors(&case)
                .into_iter()
                .zip(&parts)
                .map(|(tensor, shape)| {
                    let data = &tensor.data()[number * shape.count()..][..shape.count()];
                    Tensor::new(*shape, data.to_vec()).unwrap()
                });
            let ours = evaluated(&plan, tensors.collect());
            assert_eq!(ours, expected, "{}, sample {number}", case.about());
            samples += 1;
        }
    }
    assert!(samples >= 60, "only {samples} samples");
}

#[test]
fn what_a_step_reads_is_what_an_element_feeds() {
    for (case, _) in references() {
        let Ok(plan) = case.planned() else { continue };
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
        }
        for (place, fed) in fed.iter().enumerate() {
            let at = plan.input_shape().chw_index(place).unwrap();
            let field = plan.feeds(at).unwrap().output;
            let mut found: Vec<_> = field.iter().map(|at| at.map(|at| at as usize)).collect();
            found.sort_unstable();
            assert_eq!(&found, fed, "{about}: input {at:?}");
        }
    }
}

/// What stays is copied and what goes is 0, whatever stands there.
#[test]
fn infinities_and_what_is_no_number_are_cut_off() {
    let shape = Shape::new(&[2, 2]).unwrap();
    let input = Tensor::new(shape, vec![f32::INFINITY, f32::NAN, -0.0, f32::NAN]).unwrap();
    let layer: Layer = "Tril(diagonal=-1)".parse().unwrap();
    let plan = layer.plan_inputs(&[shape], BatchAxis::Present).unwrap();
    let bits: Vec<u32> = evaluated(&plan, vec![input.clone()])
        .into_iter()
        .map(f32::to_bits)
        .collect();
    assert_eq!(bits, [0, 0, 1 << 31, 0]);
    let layer: Layer = "Where()".parse().unwrap();
    let plan = layer.plan_inputs(&[shape; 3], BatchAxis::Present).unwrap();
    let condition = Tensor::new(shape, vec![1.0, f32::NAN, -0.0, 0.0]).unwrap();
    let zeros = Tensor::new(shape, vec![0.0; 4]).unwrap();
    let ours = evaluated(&plan, vec![condition, input, zeros]);
    assert!(ours[0].is_infinite() && ours[1].is_nan());
    assert_eq!(ours[2..], [0.0, 0.0]);
}

#[test]
fn operators_of_onnx_make_layers() {
    let input = |axes: &[usize], constant: Option<OnnxConstant>| {
        let axes = axes.to_vec();
        Some(OnnxInput { axes, constant })
    };
    let made = |op_type: &str, upper: Option<i64>, inputs: Vec<Option<OnnxInput>>| {
        let attributes = upper.map(|upper| ("upper".to_owned(), OnnxAttribute::Integer(upper)));
        let node = OnnxNode {
            name: String::new(),
            op_type: op_type.to_owned(),
            opset: 14,
            attributes: attributes.into_iter().collect(),
            inputs,
            outputs: 1,
        };
        let forms = OperationKind::ALL.iter();
        let forms = forms.flat_map(|kind| kind.description().onnx);
        let mut made = forms
            .filter(|form| form.op_type == node.op_type)
            .filter_map(|form| (form.make)(&node).transpose());
        let first = made.next().unwrap();
        assert!(made.next().is_none());
        first.map(|made| (made.layer.call(&Shape::SCALAR, Style::Source), made.inputs))
    };
    let matrix = || input(&[3, 4], None);
    let diagonal = |k| input(&[], Some(OnnxConstant::Integers(vec![k])));
    let is = |text: &str, inputs: &[usize]| Ok((text.to_owned(), inputs.to_vec()));
    assert_eq!(made("Trilu", None, vec![matrix()]), is("Triu()", &[0]));
    assert_eq!(
        made("Trilu", Some(1), vec![matrix(), diagonal(2)]),
        is("Triu(diagonal=2)", &[0])
    );
    assert_eq!(
        made("Trilu", Some(0), vec![matrix(), diagonal(-1)]),
        is("Tril(diagonal=-1)", &[0])
    );
    assert!(made("Trilu", Some(0), vec![matrix(), input(&[], None)]).is_err());
    assert_eq!(
        made("Where", None, vec![matrix(), input(&[], None), matrix()]),
        is("Where()", &[0, 1, 2])
    );
}
