//! `eval` of a network of named nodes: its inputs by name, its outputs, and every tensor on request.

use std::io::{self, Write};

use serde::Serialize;

use super::super::language::spoken;
use super::super::pictures::{ChosenPreprocess, PreprocessArgument, Reason};
use super::input::{GivenFile, transparency_note};
use super::json_number::Numbers;
use super::report::print_values;
use super::{EvalArgs, EvalError, MAX_OPERATIONS, MAX_TOTAL, unwritable};
use crate::disk;
use crate::language::Localized;
use crate::network::onnx::{Declared, DeclaredAxis, GivenInput};
use crate::network::{
    ClassNames, Graph, Keep, OnnxNetwork, RunError, Subject, ValueId, ValueSource, shares,
};
use crate::tensor::files::Picture;
use crate::tensor::{Fill, Preprocess, Shape, ShapeError, Tensor, files};

/// A network's result as JSON.
#[derive(Serialize)]
struct Report<'a> {
    nodes: usize,
    inputs: Vec<ReportValue<'a>>,
    outputs: Vec<ReportValue<'a>>,
    /// The first output.
    output: &'a [usize],
    values: Numbers<'a>,
    /// The largest, where they are classes with names.
    #[serde(skip_serializing_if = "Option::is_none")]
    classes: Option<Vec<ReportClass<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preprocess: Option<String>,
    /// Why it is this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    preprocess_from: Option<Reason>,
}

#[derive(Serialize)]
struct ReportValue<'a> {
    name: &'a str,
    shape: &'a [usize],
}

/// A class that a network tells apart.
#[derive(Serialize)]
struct ReportClass<'a> {
    class: usize,
    name: Option<&'a str>,
    /// What softmax gives it.
    share: f32,
}

/// Classes that are listed.
const LARGEST: usize = 5;

/// An option that is given and that only networks have.
pub(super) fn own_option(args: &EvalArgs) -> Option<&'static str> {
    let given = [
        ("--values", args.values.is_some()),
        ("--classes", args.classes.is_some()),
    ];
    given
        .iter()
        .find(|(_, given)| *given)
        .map(|(name, _)| *name)
}

/// An option that is given and that networks do not have.
fn option_of_layers(args: &EvalArgs) -> Option<&'static str> {
    let given = [
        ("--weight", args.weight.is_some()),
        ("--bias", args.bias.is_some()),
        ("--other", args.other.is_some()),
        ("--operand", !args.operand.is_empty()),
        ("--trace", args.trace.is_some()),
    ];
    given
        .iter()
        .find(|(_, given)| *given)
        .map(|(name, _)| *name)
}

/// Computes the network, prints, and writes the files that are asked for. Gives what is to be said
/// besides.
pub(super) fn print(
    args: &EvalArgs,
    network: &OnnxNetwork,
    out: &mut impl Write,
) -> Result<Vec<Localized<String>>, EvalError> {
    if let Some(option) = option_of_layers(args) {
        return Err(EvalError::OptionOfLayer(option));
    }
    if args.input.is_empty() && !network.model.inputs.is_empty() {
        return Err(EvalError::NoInput);
    }
    let mut options = InputOptions::new(args.fill.as_ref(), args.preprocess.as_ref());
    let ReadInputs { given, notes } = options.read(network, &args.input)?;
    let graph = network.graph(&given)?;
    check_size(&graph)?;
    let inputs = bound(&graph, &given)?;
    let classes = network.model.class_names();
    finish(args, (&graph, classes), &inputs, options.chosen(), out)?;
    Ok(notes)
}

/// Computes a network of which the inputs are known, prints, and writes the files that are asked for.
/// It may name the classes that it tells apart.
pub(super) fn finish(
    args: &EvalArgs,
    (graph, own_classes): (&Graph, Option<ClassNames>),
    inputs: &[(ValueId, Tensor)],
    mut preprocess: Option<ChosenPreprocess>,
    out: &mut impl Write,
) -> Result<(), EvalError> {
    let asked_classes = args.classes.as_deref().map(ClassNames::read).transpose()?;
    let keep = if args.values.is_some() {
        Keep::All
    } else {
        Keep::Outputs
    };
    let run = graph.run_as_far(inputs, keep);
    let (values, failures) = run.map_err(|why| EvalError::Run {
        network: called(&args.layer),
        why,
    })?;
    if let Some(chosen) = &mut preprocess {
        chosen.remember();
    }
    if let Some(path) = &args.values {
        let named = graph.values().filter_map(|(id, value)| match value.source {
            ValueSource::Input | ValueSource::Node(_) => {
                Some((value.name.as_str(), values.get(id)?))
            }
            ValueSource::Constant(_) | ValueSource::Parameter { .. } => {
                let is_output = graph.outputs().contains(&id);
                Some((value.name.as_str(), values.get(id).filter(|_| is_output)?))
            }
        });
        let bytes = files::write_npz(named).map_err(|why| EvalError::File {
            path: path.display().to_string(),
            why,
        })?;
        disk::write(path, bytes).map_err(|why| unwritable(path, &why))?;
    }
    let (mut outputs, mut missing) = (Vec::new(), Vec::new());
    for &id in graph.outputs() {
        let name = &graph.value(id).name;
        match values.get(id) {
            Some(tensor) => outputs.push((name.as_str(), tensor)),
            None => {
                let obstacle = graph.obstacle_among(id, &failures);
                missing.push(obstacle.unwrap_or_else(|| RunError::Missing {
                    input: name.clone(),
                    shape: None,
                }));
            }
        }
    }
    let first = graph.outputs().first().and_then(|&id| {
        let name = graph.value(id).name.as_str();
        Some((name, values.get(id)?))
    });
    let partly = (!missing.is_empty()).then(|| EvalError::Partly {
        network: called(&args.layer),
        why: missing,
        rest: args.values.is_some() || !outputs.is_empty(),
    });
    let partly = match partly {
        Some(why) if outputs.is_empty() => return Err(why),
        partly => partly,
    };
    let shares = first
        .and_then(|(_, output)| shares(output))
        .unwrap_or_default();
    let outputs_listed = (!shares.is_empty()).then_some(shares.len());
    let classes = match asked_classes {
        Some(asked) => {
            asked.check(outputs_listed)?;
            Some(asked)
        }
        None => own_classes.filter(|own| own.check(outputs_listed).is_ok()),
    };
    let largest = classes.as_ref().map(|classes| {
        let largest = shares.iter().take(LARGEST);
        let named = largest.map(|&(class, share)| ReportClass {
            class,
            name: classes.name(class),
            share,
        });
        named.collect::<Vec<_>>()
    });
    if let (Some(path), Some((_, output))) = (&args.output, first) {
        disk::write(path, files::write_npy(output)).map_err(|why| unwritable(path, &why))?;
    }
    if args.json {
        let report = Report {
            nodes: graph.nodes().len(),
            inputs: inputs
                .iter()
                .map(|(id, tensor)| ReportValue {
                    name: &graph.value(*id).name,
                    shape: tensor.shape().axes(),
                })
                .collect(),
            outputs: outputs
                .iter()
                .map(|(name, tensor)| ReportValue {
                    name,
                    shape: tensor.shape().axes(),
                })
                .collect(),
            output: first.map_or(&[], |(_, output)| output.shape().axes()),
            values: Numbers(first.map_or(&[], |(_, output)| output.data())),
            classes: largest,
            preprocess_from: preprocess.as_ref().map(|chosen| chosen.reason),
            preprocess: preprocess.map(|chosen| chosen.preprocess.to_string()),
        };
        serde_json::to_writer(&mut *out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
        return partly.map_or(Ok(()), Err);
    }
    let language = spoken();
    if let Some(chosen) = preprocess {
        writeln!(out, "{}", chosen.told().choose(language))?;
    }
    for note in &graph.notes {
        writeln!(out, "{}", note.get(language))?;
    }
    for (number, (name, output)) in outputs.iter().enumerate() {
        let shape = output.shape();
        writeln!(out, "{name}  {shape}")?;
        let is_first = number == 0 && first.is_some();
        let saved = args.output.as_deref().filter(|_| is_first);
        print_values(output, saved, out)?;
    }
    for ReportClass { class, name, share } in largest.into_iter().flatten() {
        let percent = share * 100.0;
        match name {
            Some(name) => writeln!(out, "{percent:5.1} %  {name} ({class})")?,
            None => writeln!(out, "{percent:5.1} %  {class}")?,
        }
    }
    out.flush()?;
    partly.map_or(Ok(()), Err)
}

/// What a network is called in messages: the name or path that it was given by; `None` where the command
/// line holds all of it.
fn called(layer: &str) -> Option<String> {
    let name = layer.trim();
    (!Subject::is_written_out(name)).then(|| name.to_owned())
}

/// How the inputs of a network are made from the words of a command line.
pub(in crate::cli) struct InputOptions<'a> {
    /// What an input of a shape holds.
    fill: Option<&'a Fill>,
    /// What is asked to be done with a picture.
    asked: Option<&'a PreprocessArgument>,
    /// What is done with it, once there is one.
    chosen: Option<ChosenPreprocess>,
}

/// The inputs that the words of a command line give.
#[derive(Default)]
pub(in crate::cli) struct ReadInputs {
    /// Their shapes and tensors.
    pub given: Vec<GivenInput>,
    /// What is to be said of them.
    pub notes: Vec<Localized<String>>,
}

impl<'a> InputOptions<'a> {
    /// What a command line says.
    pub fn new(fill: Option<&'a Fill>, asked: Option<&'a PreprocessArgument>) -> Self {
        Self {
            fill,
            asked,
            chosen: None,
        }
    }

    /// The inputs that words give.
    pub fn read(
        &mut self,
        network: &OnnxNetwork,
        words: &[String],
    ) -> Result<ReadInputs, EvalError> {
        // To forget needs no picture.
        if self.asked == Some(&PreprocessArgument::Auto) {
            let _ = ChosenPreprocess::new(&network.name, self.asked);
        }
        let mut read = ReadInputs::default();
        for word in words {
            let given = self.given(network, word, &mut read.notes)?;
            read.given.push(given);
        }
        Ok(read)
    }

    /// What was done with the pictures among the inputs, where there were any.
    pub fn chosen(self) -> Option<ChosenPreprocess> {
        self.chosen
    }
}

/// The tensors of a graph's inputs, of those that are given.
pub(in crate::cli) fn bound(
    graph: &Graph,
    given: &[GivenInput],
) -> Result<Vec<(ValueId, Tensor)>, EvalError> {
    let mut inputs = Vec::new();
    for &id in graph.inputs() {
        let value = graph.value(id);
        let found = given.iter().find(|one| match &one.name {
            Some(name) => *name == value.name,
            None => true,
        });
        if let Some(tensor) = found.and_then(|one| one.tensor.clone()) {
            // A single number may lie in a file as one of one axis.
            let tensor = match value.shape {
                Some(shape) => tensor.reshaped(shape)?,
                None => tensor,
            };
            inputs.push((id, tensor));
        }
    }
    Ok(inputs)
}

impl InputOptions<'_> {
    /// What a word of the command line gives: `NAME=x.npy`, a shape, a file, or a picture.
    fn given(
        &mut self,
        network: &OnnxNetwork,
        word: &str,
        notes: &mut Vec<Localized<String>>,
    ) -> Result<GivenInput, EvalError> {
        let model = &network.model;
        let (name, text) = match word.split_once('=') {
            Some((name, text)) if model.inputs.iter().any(|input| input.name == name) => {
                (Some(name.to_owned()), text)
            }
            // A name that no input has is told as such: one that is no path, or where something to read follows.
            Some((name, text))
                if !name.contains(['/', '\\', '.', ':'])
                    || text.parse::<Shape>().is_ok()
                    || GivenFile::read(text, self.fill).is_ok() =>
            {
                (Some(name.to_owned()), text)
            }
            _ => (None, word),
        };
        let input = match &name {
            Some(name) => model.inputs.iter().find(|input| input.name == *name),
            None => Some(model.only_input().map_err(|why| network.told(why))?),
        };
        if let Ok(shape) = text.parse::<Shape>() {
            Tensor::check(&shape)?;
            let fill = self.fill.cloned().unwrap_or(Fill::Ramp);
            let tensor = fill.make(&shape).map_err(|why| EvalError::Fill {
                what: crate::op::TensorRole::Input,
                why,
            })?;
            return Ok(GivenInput {
                name,
                shape,
                tensor: Some(tensor),
                empty: None,
            });
        }
        let file = GivenFile::read(text, self.fill)?;
        let tensor = if file.holds_picture() {
            let choose = || ChosenPreprocess::new(&network.name, self.asked);
            let chosen = &self.chosen.get_or_insert_with(choose).preprocess;
            file.picture().and_then(|picture| {
                notes.extend(transparency_note(&picture, chosen, &file.path));
                of_picture(chosen, input, &picture).map_err(|why| file.wrong(why))
            })
        } else {
            file.tensor()
        };
        // No axes to squeeze, say: a list that is empty.
        if let Err(EvalError::File {
            why: files::FileError::Shape(ShapeError::Empty { .. }),
            ..
        }) = &tensor
            && let Some(axes) = files::npy_axes(&file.bytes)
        {
            return Ok(GivenInput {
                name,
                shape: Shape::SCALAR,
                tensor: None,
                empty: Some(axes),
            });
        }
        let tensor = tensor?;
        Ok(GivenInput {
            name,
            shape: *tensor.shape(),
            tensor: Some(tensor),
            empty: None,
        })
    }
}

/// A picture as an input that takes one: a batch of one where it has a batch.
fn of_picture(
    chosen: &Preprocess,
    input: Option<&Declared>,
    picture: &Picture,
) -> Result<Tensor, files::FileError> {
    let axes = input.and_then(Declared::axes).unwrap_or_default();
    let length = |axis: Option<&DeclaredAxis>| match axis {
        Some(DeclaredAxis::Length(length)) => Some(*length),
        Some(DeclaredAxis::Named(_) | DeclaredAxis::Open) | None => None,
    };
    let (batch, channels, rows, columns) = match axes {
        [_, channels, rows, columns] => (true, Some(channels), Some(rows), Some(columns)),
        [channels, rows, columns] => (false, Some(channels), Some(rows), Some(columns)),
        _ => (true, None, None, None),
    };
    let channels = length(channels).filter(|channels| [1, 3, 4].contains(channels));
    let channels = channels.unwrap_or(3);
    let tensor = chosen.apply(picture, channels, length(rows), length(columns))?;
    if !batch {
        return Ok(tensor);
    }
    let shape = Shape::new(&[&[1], tensor.shape().axes()].concat())?;
    Ok(tensor.reshaped(shape)?)
}

/// Refuses what would take too long or too much memory, before any is taken.
pub(in crate::cli) fn check_size(graph: &Graph) -> Result<(), EvalError> {
    let mut elements = 0u64;
    for (_, value) in graph.values() {
        if let Some(shape) = &value.shape {
            Tensor::check(shape)?;
            elements = elements.saturating_add(shape.count() as u64);
        }
    }
    let cost = graph.cost();
    let work = cost.macs.saturating_add(cost.operations);
    let limits = [
        (
            Localized::new("numbers in all tensors together", "すべてのテンソルの数"),
            elements,
            MAX_TOTAL,
        ),
        (
            Localized::new(
                "multiply-accumulates and other operations",
                "積和などの演算",
            ),
            work,
            MAX_OPERATIONS,
        ),
    ];
    for (what, count, limit) in limits {
        if count > limit {
            return Err(EvalError::TooMuch { what, count, limit });
        }
    }
    Ok(())
}
