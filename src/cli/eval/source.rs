//! `eval` of PyTorch's source and of printed models: a graph whose parameters have the names of a
//! `state_dict`, with the weights of a whole file.

use std::io::Write;

use super::input::input;
use super::{EvalArgs, EvalError, network};
use crate::language::{Localized, Message};
use crate::network::Subject;
use crate::tensor::{Fill, read_file};

/// The file of all weights that is given, where one is.
pub(super) fn whole_file(args: &EvalArgs) -> Option<&str> {
    match &args.weight {
        Some(Fill::File(path)) if path.ends_with(".safetensors") => Some(path),
        _ => None,
    }
}

/// Computes the network, prints, and writes the files that are asked for. Gives what is to be said
/// besides.
pub(super) fn print(
    args: &EvalArgs,
    subject: &Subject,
    out: &mut impl Write,
) -> Result<Vec<Localized<String>>, EvalError> {
    let weights = whole_file(args);
    let option = [
        ("--weight", args.weight.is_some() && weights.is_none()),
        ("--bias", args.bias.is_some()),
        ("--other", args.other.is_some()),
        ("--operand", !args.operand.is_empty()),
        ("--trace", args.trace.is_some()),
    ];
    if let Some((option, _)) = option.iter().find(|(_, given)| *given) {
        return Err(EvalError::OptionOfLayer(option));
    }
    let mut given = input(args, subject)?;
    let mut notes = std::mem::take(&mut given.notes);
    let preprocess = given.preprocess.take();
    let shape = subject.sample(&given.shape);
    let tensor = given.tensor(&shape)?;
    let mut graph = subject.graph(&shape)?;
    network::check_size(&graph)?;
    notes.append(&mut graph.notes);
    if let Some(path) = weights {
        let bytes = read_file(path).map_err(|why| EvalError::Read {
            path: path.to_owned(),
            why,
        })?;
        let report = graph.load_state(&bytes).map_err(|why| EvalError::Weights {
            path: path.to_owned(),
            why: Box::new(why),
        })?;
        let told = report.message();
        if !told.en.is_empty() {
            notes.push(told);
        }
    }
    let mut inputs = Vec::new();
    for &id in graph.inputs() {
        let shape = graph.value(id).shape.unwrap_or(*tensor.shape());
        inputs.push((id, tensor.clone().reshaped(shape)?));
    }
    network::finish(args, (&graph, None), &inputs, preprocess, out)?;
    Ok(notes)
}
