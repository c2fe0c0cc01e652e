//! `tensorama eval`: computes a layer or a chain on an input, works out the first step, and explains every step
//! on request.

mod error;
mod input;
mod json_number;
pub(super) mod network;
mod report;
mod source;
mod trace;
mod worked;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::language::spoken;
use super::pictures::PreprocessArgument;
use super::printing::remark;
use crate::disk::{self, Draft};
use crate::language::{Localized, Message, Told, says};
use crate::network::{Chain, ChainError, Network, Subject};
use crate::op::{Cost, Operands, Plan, TransposeView};
use crate::tensor::{Fill, Tensor, files, read_file};

pub use error::EvalError;
use input::input;
use report::{Report, print_text};
use trace::write_trace;
use worked::first_step;

/// Multiply-accumulates and other operations of one evaluation, at most: minutes of work.
const MAX_OPERATIONS: u64 = 2_000_000_000_000;

/// Terms that a trace may write, at most: about 15 GB of text.
const MAX_TRACED: u64 = 100_000_000;

/// Terms of one step of a trace, at most: they are held together, in about 1 GiB.
const MAX_TRACED_STEP: u64 = 1 << 22;

/// Elements of all tensors of an evaluation together, at most: 2 GiB.
const MAX_TOTAL: u64 = 1 << 29;

/// Compute a layer or a chain on an input, with the first step worked out; --trace writes every one.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tensorama eval \"Conv2d(3, 8, 3, padding=1)\" --input 3x6x6
  tensorama eval \"Conv2d(1, 1, 3, bias=False)\" --input 1x5x5 --weight sobel_x
  tensorama eval \"nn.MaxPool2d(2)\" --input x.npy -o y.npy --json
  tensorama eval \"Conv2d(3, 16, 3)\" --input cat.png --weight model.safetensors:conv1.weight
  tensorama eval numerical_padding_strides --trace steps.jsonl
  tensorama eval net.onnx --input cat.png --preprocess imagenet -o y.npy --values all.npz")]
pub struct EvalArgs {
    /// A layer in PyTorch's notation, nn.Sequential(...) of several, a preset's name, or an ONNX
    /// file.
    pub layer: String,
    /// The input: its shape (3x6x6), a .npy, .npz or .safetensors file (FILE:TENSOR for a tensor
    /// by name), or a PNG, JPEG, WebP or BMP image. A preset has its own. NAME=... gives one of several inputs
    /// of a network.
    #[arg(short, long)]
    pub input: Vec<String>,
    /// How a picture becomes the input: imagenet, tf, caffe, mnist or unit, or such as
    /// size=256,crop=224,mean=0.5,std=0.5,range=1,order=rgb,background=black. It is remembered for a
    /// network; auto forgets it.
    #[arg(long, value_name = "PRESET,SETTING=...")]
    pub preprocess: Option<PreprocessArgument>,
    /// The names of the classes that a network tells apart: a file with a name a line, or a JSON list or
    /// table, such as ImageNet's {"0": ["n01440764", "tench"]}. Without it, those in the network's file.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    /// Write every tensor of a network by its name, as a .npz file.
    #[arg(long, value_name = "FILE.npz")]
    pub values: Option<PathBuf>,
    /// What an input that is given as a shape holds: ramp, count, random:SEED, uniform:SEED,
    /// checkerboard, impulse, a number, or an image to be scaled to the shape.
    #[arg(long, allow_hyphen_values = true)]
    pub fill: Option<Fill>,
    /// The weights of a single layer: a file, a named kernel such as sobel_x, or a fill as above.
    #[arg(short, long, allow_hyphen_values = true)]
    pub weight: Option<Fill>,
    /// The biases of a single layer: a file or a fill as above.
    #[arg(short, long, allow_hyphen_values = true)]
    pub bias: Option<Fill>,
    /// The second input of Add, Sub, Mul and their like: a file or a fill as above.
    #[arg(long, allow_hyphen_values = true)]
    pub other: Option<Fill>,
    /// Another operand of a single layer by PyTorch's name, such as running_mean=mean.npy.
    #[arg(long, value_parser = operand, value_name = "NAME=FILL", allow_hyphen_values = true)]
    pub operand: Vec<(String, Fill)>,
    /// Write the result as a .npy file.
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Write every step with its terms and running sums, one line of JSON each.
    #[arg(long)]
    pub trace: Option<PathBuf>,
    /// Trace a transposed convolution as scatter-and-add, one step for each filter and input position,
    /// instead of zero-insertion.
    #[arg(long, requires = "trace")]
    pub scatter: bool,
    /// Print JSON instead of text. What is no number or infinite is "NaN", "Infinity" or "-Infinity"
    /// there, in the trace too.
    #[arg(long)]
    pub json: bool,
}

/// Computes, prints to standard output, and writes the files that are asked for.
///
/// # Errors
/// See [`EvalError`].
pub fn run(args: &EvalArgs) -> Result<(), EvalError> {
    let stdout = io::stdout().lock();
    let notes = print(args, &mut BufWriter::new(stdout))?;
    for note in notes {
        remark(format_args!("{}\n", note.choose(spoken())));
    }
    Ok(())
}

/// As [`run`], with the text going to `out`. Gives what is to be said besides.
///
/// # Errors
/// See [`EvalError`].
pub fn print(args: &EvalArgs, out: &mut impl Write) -> Result<Vec<Localized<String>>, EvalError> {
    check_names(args)?;
    let subject = Subject::parse(&args.layer)?;
    if let Subject::Onnx(network) = &subject {
        return network::print(args, network, out);
    }
    let several = || subject.layers().is_ok_and(|layers| layers.len() > 1);
    let whole = match &subject {
        Subject::Program(_) | Subject::Printed(_) => true,
        Subject::Model(_) | Subject::Preset(_) => source::whole_file(args).is_some() && several(),
        Subject::Onnx(_) => false,
    };
    if whole {
        return source::print(args, &subject, out);
    }
    if let Some(option) = network::own_option(args) {
        return Err(EvalError::OptionOfNetwork(option));
    }
    let mut given = input(args, &subject)?;
    let Network::Chain(chain) = subject.network(&given.shape)? else {
        return source::print(args, &subject, out);
    };
    let shape = *chain.input_shape();
    check_size(&chain, args.trace.is_some())?;
    check_options(args, &chain)?;
    let mut notes = std::mem::take(&mut given.notes);
    let input = given.tensor(&shape)?;
    let mut trace = match &args.trace {
        Some(path) => {
            let draft = Draft::begin(path).map_err(|why| unwritable(path, &why))?;
            Some((path, BufWriter::new(draft)))
        }
        None => None,
    };
    let mut tensors = vec![input];
    let mut worked = Vec::new();
    for (position, plan) in chain.plans().iter().enumerate() {
        let operands = operands(args, plan, &tensors)?;
        worked.push(first_step(plan, &operands));
        if let Some((path, file)) = &mut trace {
            let view = if args.scatter {
                TransposeView::Scatter
            } else {
                TransposeView::default()
            };
            let plan = plan.clone().in_view(view);
            write_trace(position, &plan, &operands, file).map_err(|why| unwritable(path, &why))?;
        }
        tensors.push(plan.evaluate(&operands)?);
    }
    if let Some((path, file)) = trace {
        let draft = file.into_inner().map_err(io::IntoInnerError::into_error);
        draft
            .and_then(Draft::finish)
            .map_err(|why| unwritable(path, &why))?;
    }
    let Some(output) = tensors.pop() else {
        return Err(ChainError::Empty.into());
    };
    if let Some(path) = &args.output {
        disk::write(path, files::write_npy(&output)).map_err(|why| unwritable(path, &why))?;
    }
    if args.json {
        serde_json::to_writer(&mut *out, &Report::new(&chain, &output)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_text(&chain, &worked, &output, args.output.as_deref(), out)?;
    }
    out.flush()?;
    notes.extend(subject.notes());
    Ok(notes)
}

/// Refuses names of files that promise something else than what is written.
fn check_names(args: &EvalArgs) -> Result<(), EvalError> {
    let written = [(&args.output, "npy"), (&args.values, "npz")];
    for (path, ending) in written {
        let Some(path) = path else { continue };
        let name = path.to_string_lossy();
        let own = path.extension().unwrap_or_default();
        let is_text = ["txt", "json"]
            .iter()
            .any(|text| own.eq_ignore_ascii_case(text));
        let promises = files::is_picture(&name) || files::is_tensor_file(&name) || is_text;
        if name == "-" || promises && !own.eq_ignore_ascii_case(ending) {
            return Err(EvalError::Ending {
                path: name.into_owned(),
                ending,
            });
        }
    }
    Ok(())
}

fn unwritable(path: &Path, why: &io::Error) -> EvalError {
    EvalError::Write {
        path: path.display().to_string(),
        why: why.into(),
    }
}

/// Refuses what would take too long or too much memory, before any is taken.
fn check_size(chain: &Chain, traced: bool) -> Result<(), EvalError> {
    let within = |what, count: u64, limit| {
        if count > limit {
            Err(EvalError::TooMuch { what, count, limit })
        } else {
            Ok(())
        }
    };
    let mut elements = chain.input_shape().count() as u64;
    for plan in chain.plans() {
        Tensor::check(plan.output_shape())?;
        elements = elements.saturating_add(plan.output_shape().count() as u64);
        if let Some(weight) = plan.weight_shape() {
            Tensor::check(&weight)?;
            elements = elements.saturating_add(weight.count() as u64);
        }
    }
    within(
        Localized::new("numbers in all tensors together", "すべてのテンソルの数"),
        elements,
        MAX_TOTAL,
    )?;
    let Cost {
        macs, operations, ..
    } = chain.cost();
    let work = macs.saturating_add(operations);
    within(
        Localized::new(
            "multiply-accumulates and other operations",
            "積和などの演算",
        ),
        work,
        MAX_OPERATIONS,
    )?;
    if traced {
        let steps: u64 = chain.plans().iter().map(Plan::step_count).sum();
        within(
            Localized::new("terms in the trace", "記録する項"),
            work.saturating_add(steps),
            MAX_TRACED,
        )?;
        let longest = chain
            .plans()
            .iter()
            .map(|plan| plan.step(0).term_count() as u64)
            .max();
        within(
            Localized::new("terms in one step of the trace", "1 ステップの記録の項"),
            longest.unwrap_or(0),
            MAX_TRACED_STEP,
        )?;
    }
    Ok(())
}

/// An operand as the command line gives it: its name, and what it is filled with.
fn operand(word: &str) -> Result<(String, Fill), Told> {
    let wrong = || {
        Told(says!(
            en: "write an operand as NAME=FILL, such as running_mean=mean.npy",
            ja: "running_mean=mean.npy のように NAME=FILL と書いてください"
        ))
    };
    let (name, fill) = word.split_once('=').ok_or_else(wrong)?;
    let fill = fill.parse::<Fill>().map_err(|why| Told(why.message()))?;
    Ok((name.to_owned(), fill))
}

impl EvalArgs {
    /// Every operand that is given: its option, its name, and what it is filled with.
    fn operands(&self) -> Vec<(String, &str, &Fill)> {
        let own = [
            ("weight", &self.weight),
            ("bias", &self.bias),
            ("other", &self.other),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, fill)| Some((format!("--{name}"), name, fill.as_ref()?)));
        let others = self.operand.iter();
        let others = others.map(|(name, fill)| (format!("--operand {name}"), name.as_str(), fill));
        own.chain(others).collect()
    }
}

/// Refuses options that have no use.
fn check_options(args: &EvalArgs, chain: &Chain) -> Result<(), EvalError> {
    let layers = chain.plans().len();
    let given = args.operands();
    if let (true, Some((option, ..))) = (layers > 1, given.first()) {
        let option = option.clone();
        return Err(EvalError::OptionOfChain { option, layers });
    }
    let Some(plan) = chain.plans().first() else {
        return Ok(());
    };
    for (option, name, _) in given {
        if plan
            .operand_list()
            .iter()
            .all(|operand| operand.name != name)
        {
            return Err(EvalError::Unused {
                option,
                layer: plan.layer().name(),
                lacks: match name {
                    "weight" => says!(en: "no weights", ja: "重みを持ちません"),
                    "bias" => says!(en: "no bias", ja: "バイアスを持ちません"),
                    "other" => says!(en: "one input", ja: "入力が 1 つです"),
                    name => says!(en: "no {name}", ja: "{name} を持ちません"),
                },
            });
        }
    }
    Ok(())
}

fn operands(args: &EvalArgs, plan: &Plan, tensors: &[Tensor]) -> Result<Operands, EvalError> {
    let Some(input) = tensors.last().cloned() else {
        return Err(EvalError::NoInput);
    };
    let given = args.operands();
    let second = plan.layer().operation().second_input();
    let earlier = second.and_then(|second| tensors.get(second));
    let mut made = Vec::new();
    for operand in plan.operand_list() {
        let given = given.iter().find(|(_, name, _)| *name == operand.name);
        let fill = given.map(|(.., fill)| *fill);
        let tensor = match fill.or_else(|| plan.layer().fill(operand.name)) {
            Some(fill) => plan.made(operand, fill, &read_file)?,
            None => earlier.unwrap_or(&input).clone(),
        };
        made.push((operand.name, tensor));
    }
    Ok(plan.with_operands(input, made)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: EvalArgs,
    }

    fn eval(words: &[&str]) -> Result<String, EvalError> {
        let words = std::iter::once("eval").chain(words.iter().copied());
        let args = Command::try_parse_from(words)
            .unwrap_or_else(|error| panic!("{error}"))
            .args;
        let mut out = Vec::new();
        print(&args, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn eval_prints_shapes_formula_cost_and_result() {
        let text = eval(&["numerical_padding_strides"]).unwrap();
        for part in [
            "Conv2d(1, 1, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)",
            "1 × 5 × 5",
            "⌊(5 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3",
            "parameters  9",
            "MACs        81",
            "first step  output[0, 0, 0] = ",
            " = 6\n",
            "   6  17   3\n   8  17  13\n   6   4   4\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn unused_border_rows_are_named() {
        let text = eval(&["Conv2d(1, 1, 3, stride=2)", "--input", "1x6x6"]).unwrap();
        assert!(
            text.contains("H: no window reaches the last 1 of the padded input, 1 of them input")
        );
    }

    #[test]
    fn files_go_in_and_out_and_the_trace_has_every_step() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
        let input = Fill::Count.make(&"1x1x4x4".parse().unwrap()).unwrap();
        std::fs::write(path("x.npy"), files::write_npy(&input)).unwrap();
        eval(&[
            "nn.Conv2d(1, 1, 3, bias=False)",
            "--input",
            &path("x.npy"),
            "--weight",
            "box_blur",
            "-o",
            &path("y.npy"),
            "--trace",
            &path("steps.jsonl"),
        ])
        .unwrap();
        let output = files::read_npy(&std::fs::read(path("y.npy")).unwrap()).unwrap();
        assert_eq!(output.shape().to_string(), "1 × 2 × 2");
        assert!((output.data()[0] - 5.0).abs() < 1e-5);
        let trace = std::fs::read_to_string(path("steps.jsonl")).unwrap();
        let steps: Vec<serde_json::Value> = trace
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(steps.len(), 4);
        assert_eq!(steps[3]["output"], serde_json::json!([0, 1, 1]));
        assert_eq!(steps[3]["terms"].as_array().unwrap().len(), 9);
        assert_eq!(steps[3]["terms"][8]["input"], 15.0);
        assert_eq!(steps[0]["terms"][8]["running"], steps[0]["value"]);
    }

    #[test]
    fn a_transposed_convolution_is_traced_in_both_readings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder
            .path()
            .join("steps.jsonl")
            .to_str()
            .unwrap()
            .to_string();
        let layer = "nn.ConvTranspose2d(1, 1, 3, stride=2, bias=False)";
        for (scatter, steps, part) in [(false, 25, "inserted"), (true, 4, "target")] {
            let mut words = vec![layer, "--input", "1x2x2", "--trace", &path];
            words.extend(scatter.then_some("--scatter"));
            eval(&words).unwrap();
            let trace = std::fs::read_to_string(&path).unwrap();
            assert_eq!(trace.lines().count(), steps);
            assert!(trace.contains(part));
        }
    }

    #[test]
    fn json_has_the_same_numbers() {
        let text = eval(&[
            "nn.MaxPool2d(2)",
            "--input",
            "1x4x4",
            "--fill",
            "count",
            "--json",
        ])
        .unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["values"], serde_json::json!([5.0, 7.0, 13.0, 15.0]));
        assert_eq!(report["output"], serde_json::json!([1, 2, 2]));
    }

    #[test]
    fn a_chain_with_a_skip_connection_is_computed() {
        let text = eval(&["nn.ReLU(), Add(0)", "--input", "1x1x2", "--fill", "3"]).unwrap();
        assert!(text.ends_with("channel 0\n  6  6\n"), "{text}");
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_reason() {
        let error = |words: &[&str]| eval(words).unwrap_err().to_string();
        let cases: [(&[&str], &str); 10] = [
            (&["nn.ReLU()"], "there is no input"),
            (&["nn.ReLU()", "--input", "cat"], "neither a shape"),
            (&["nn.ReLU()", "--input", "missing.npy"], "missing.npy"),
            (
                &["nn.ReLU()", "--input", "1x2x2", "--weight", "1"],
                "no weights",
            ),
            (
                &[
                    "nn.Conv2d(1, 1, 1, bias=False)",
                    "--input",
                    "1x2x2",
                    "--bias",
                    "1",
                ],
                "no bias",
            ),
            (
                &["nn.ReLU(), nn.ReLU()", "--input", "1x2x2", "--weight", "1"],
                "chain of 2",
            ),
            (
                &["nn.ReLU()", "--input", "9999x9999x9999"],
                "limit is 268435456",
            ),
            (
                &["nn.Conv2d(64, 9999, 3)", "--input", "64x1999x1999"],
                "limit is",
            ),
            (
                &[
                    "nn.Conv2d(512, 512, 31, padding=15)",
                    "--input",
                    "512x300x300",
                ],
                "limit is 2000000000000",
            ),
            (
                &[
                    "nn.Conv2d(1, 1, 2)",
                    "--input",
                    "1x4x4",
                    "--weight",
                    "sobel_x",
                ],
                "at least 3 × 3",
            ),
        ];
        for (words, part) in cases {
            let message = error(words);
            assert!(message.contains(part), "{words:?}: {message}");
        }
        let traced = [
            "nn.Conv2d(64, 64, 3)",
            "--input",
            "64x99x99",
            "--trace",
            "/nowhere/x.jsonl",
        ];
        assert!(error(&traced).contains("terms in the trace"));
    }
}
