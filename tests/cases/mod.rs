//! Cases of `tests/reference`: a line of a `.jsonl` file each, with the numbers that PyTorch gives one
//! behind the other in the `.f32` file of the same name.

use std::path::Path;

use serde::Deserialize;
use tensorama::language::Message;
use tensorama::op::{BatchAxis, Layer, Plan};
use tensorama::tensor::{Fill, Shape, Tensor};

/// A layer on inputs that are drawn from a seed: the shape of the output, or why PyTorch refuses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub layer: String,
    pub inputs: Vec<String>,
    pub seed: u64,
    pub output: Option<Vec<usize>>,
    pub error: Option<String>,
}

impl Case {
    pub fn about(&self) -> String {
        format!("{} on {:?}", self.layer, self.inputs)
    }

    pub fn layer(&self) -> Result<Layer, String> {
        self.layer.parse().map_err(|error| format!("{error}"))
    }

    pub fn shapes(&self) -> Vec<Shape> {
        let shapes = self.inputs.iter();
        shapes.map(|text| text.parse().unwrap()).collect()
    }

    /// The inputs, drawn as Python drew them; `fill` says how the input of a number is.
    pub fn tensors_by(&self, fill: impl Fn(u64, u64) -> Fill) -> Vec<Tensor> {
        (0u64..)
            .zip(self.shapes())
            .map(|(number, shape)| {
                let seed = self.seed + 100 * number;
                fill(number, seed).make(&shape).unwrap()
            })
            .collect()
    }

    pub fn planned(&self) -> Result<Plan, String> {
        let planned = self
            .layer()?
            .plan_inputs(&self.shapes(), BatchAxis::Present)
            .map_err(|error| error.message());
        planned.map_err(|message| {
            assert!(!message.ja.is_empty());
            message.en
        })
    }
}

/// The cases of a file with their outputs; none for those that PyTorch refuses.
pub fn references(name: &str) -> Vec<(Case, Vec<f32>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join(format!("{name}.f32"))).unwrap();
    let mut values = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    let lines = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
    let references = lines
        .lines()
        .map(|line| {
            let case: Case = serde_json::from_str(line).unwrap();
            let count = case.output.as_ref().map_or(0, |axes| axes.iter().product());
            let output = values.by_ref().take(count).collect();
            (case, output)
        })
        .collect();
    assert_eq!(
        values.count(),
        0,
        "{name}.f32 does not belong to {name}.jsonl"
    );
    references
}
