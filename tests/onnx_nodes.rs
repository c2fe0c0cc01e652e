//! Node cases of PyPI's `onnx`, of which `scripts/onnx-nodes PROGRAM --keep tests/onnx` keeps some: the
//! same outputs from the same inputs.

use std::path::Path;

use serde::Deserialize;
use tensorama::network::Keep;
use tensorama::network::onnx::{GivenInput, Model};
use tensorama::tensor::{Shape, Tensor};

#[derive(Deserialize)]
struct Case {
    name: String,
    /// Where the model begins, and its length.
    model: (usize, usize),
    inputs: Vec<Held>,
    outputs: Vec<Held>,
}

#[derive(Deserialize)]
struct Held {
    name: String,
    shape: Vec<usize>,
    /// The first of its numbers.
    at: usize,
}

fn read(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/onnx");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn node_cases_of_onnx_have_its_outputs() {
    let (models, numbers) = (read("models.bin"), read("numbers.f32"));
    let numbers: Vec<f32> = numbers
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    let cases = String::from_utf8(read("cases.jsonl")).unwrap();
    let mut count = 0;
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let of = |held: &Held| {
            let count: usize = held.shape.iter().product();
            numbers[held.at..held.at + count].to_vec()
        };
        let (from, length) = case.model;
        let beside = |name: &str| panic!("{}: asks for {name}", case.name);
        let model = Model::read(&models[from..from + length], &beside).unwrap();
        let given: Vec<GivenInput> = case
            .inputs
            .iter()
            .map(|held| {
                let shape = Shape::of_axes(&held.shape);
                let tensor = shape.clone().ok();
                let tensor = tensor.map(|shape| Tensor::new(shape, of(held)).unwrap());
                GivenInput {
                    name: Some(held.name.clone()),
                    shape: shape.clone().unwrap_or(Shape::SCALAR),
                    tensor,
                    empty: shape.is_err().then(|| held.shape.clone()),
                }
            })
            .collect();
        let graph = model
            .graph(&given)
            .unwrap_or_else(|why| panic!("{}: {why}", case.name));
        let inputs: Vec<_> = graph
            .inputs()
            .iter()
            .filter_map(|&id| {
                let name = &graph.value(id).name;
                let found = given.iter().find(|one| one.name.as_ref() == Some(name))?;
                Some((id, found.tensor.clone()?))
            })
            .collect();
        let values = graph
            .run(&inputs, Keep::Outputs)
            .unwrap_or_else(|why| panic!("{}: {why}", case.name));
        for (held, &id) in case.outputs.iter().zip(graph.outputs()) {
            let tensor = values.get(id);
            let tensor =
                tensor.unwrap_or_else(|| panic!("{}: {} is not known", case.name, held.name));
            assert_eq!(tensor.shape().axes(), held.shape, "{}", case.name);
            for (got, right) in tensor.data().iter().zip(of(held)) {
                let close = (got - right).abs() <= 1e-5 + 1e-3 * right.abs();
                let same = *got == right || got.is_nan() && right.is_nan();
                assert!(close || same, "{}: {got}, not {right}", case.name);
            }
        }
        count += 1;
    }
    assert!(count > 100, "{count} cases");
}
