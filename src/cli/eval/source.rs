//! `eval` of PyTorch's source and of printed models: a graph whose parameters have the names of a
//! `state_dict`, with the weights of a whole file.

use std::io::Write;

use super::input::{InputSource, input};
use super::{EvalArgs, EvalError, network};
use crate::language::{Localized, Message};
use crate::network::Subject;
use crate::op::TensorRole;
use crate::tensor::{Fill, Shape, Tensor, files, read_file};

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
    let picture = picture(args)?;
    let preprocess = picture
        .is_some()
        .then(|| args.preprocess.clone().unwrap_or_default().to_string());
    let tensor = match picture {
        Some(tensor) => tensor,
        None => {
            let (shape, source) = input(args, subject)?;
            let shape = subject.sample(&shape);
            match source {
                InputSource::Fill(fill) => fill.make(&shape).map_err(|why| EvalError::Fill {
                    what: TensorRole::Input,
                    why,
                })?,
                InputSource::Tensor(tensor) => tensor.reshaped(shape)?,
            }
        }
    };
    let mut graph = subject.graph(tensor.shape())?;
    network::check_size(&graph)?;
    let mut notes = std::mem::take(&mut graph.notes);
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
    network::finish(args, &graph, &inputs, preprocess, out)?;
    Ok(notes)
}

/// A picture as networks take it, where the input is one.
fn picture(args: &EvalArgs) -> Result<Option<Tensor>, EvalError> {
    let Some(word) = args.input.first() else {
        return Ok(None);
    };
    let path = match (word.parse::<Shape>(), word.parse::<Fill>()) {
        (Err(_), Ok(Fill::Image(path) | Fill::File(path))) if files::is_picture(&path) => path,
        _ => return Ok(None),
    };
    if args.fill.is_some() {
        return Err(EvalError::FillOfFile(path));
    }
    let bytes = read_file(&path).map_err(|why| EvalError::Read {
        path: path.clone(),
        why,
    })?;
    let chosen = args.preprocess.clone().unwrap_or_default();
    let tensor = chosen.read(&bytes, 3, None, None);
    tensor
        .map(Some)
        .map_err(|why| EvalError::File { path, why })
}
