//! `tensorama eval`: computes a layer or a chain on an input, and explains every step on request.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::language::spoken;
use super::printing::padded;
use crate::disk::{self, Draft};
use crate::language::{Localized, Message, SystemError, Told, message_error, says};
use crate::network::{Chain, ChainError, Subject, SubjectError};
use crate::op::{
    Cost, OperandError, OperandRole, Operands, Plan, Source, TensorRole, TransposeView,
};
use crate::tensor::{Fill, FillError, ReadError, Shape, Tensor, TensorError, files, read_file};

/// Multiply-accumulates and other operations of one evaluation, at most: minutes of work.
const MAX_OPERATIONS: u64 = 2_000_000_000_000;

/// Terms that a trace may write, at most: about 15 GB of text.
const MAX_TRACED: u64 = 100_000_000;

/// Terms of one step of a trace, at most: they are held together, in about 1 GiB.
const MAX_TRACED_STEP: u64 = 1 << 22;

/// Elements of all tensors of an evaluation together, at most: 2 GiB.
const MAX_TOTAL: u64 = 1 << 29;

/// Elements that are printed, at most.
const MAX_PRINTED: usize = 1024;

/// Compute a layer or a chain on an input, and explain every step.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tensorama eval \"Conv2d(3, 8, 3, padding=1)\" --input 3x6x6
  tensorama eval \"Conv2d(1, 1, 3, bias=False)\" --input 1x5x5 --weight sobel_x
  tensorama eval \"nn.MaxPool2d(2)\" --input x.npy -o y.npy --json
  tensorama eval \"Conv2d(3, 16, 3)\" --input cat.png --weight model.safetensors:conv1.weight
  tensorama eval numerical_padding_strides --trace steps.jsonl")]
pub struct EvalArgs {
    /// A layer in PyTorch's notation, nn.Sequential(...) of several, or a preset's name.
    pub layer: String,
    /// The input: its shape (3x6x6), a .npy, .npz or .safetensors file (FILE:TENSOR for a tensor
    /// by name), or a PNG or JPEG image. A preset has its own.
    #[arg(short, long)]
    pub input: Option<String>,
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
    /// The second input of Add: a file or a fill as above.
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
    /// Print JSON instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Why an evaluation does not work.
#[derive(Debug)]
pub enum EvalError {
    /// The layers are mistaken, or do not take the input.
    Subject(SubjectError),
    /// No input.
    NoInput,
    /// An input that is neither a shape nor a file.
    Input(String),
    /// `--fill` beside a file.
    FillOfFile(String),
    /// A file that cannot be read.
    Read {
        /// The file.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// A file whose bytes are not a tensor.
    File {
        /// The file.
        path: String,
        /// The reason.
        why: files::FileError,
    },
    /// A fill that does not suit.
    Fill {
        /// What is filled.
        what: TensorRole,
        /// The reason.
        why: FillError,
    },
    /// Weights or biases for several layers.
    OptionOfChain {
        /// The option.
        option: String,
        /// How many layers there are.
        layers: usize,
    },
    /// An option that the layer has no use for.
    Unused {
        /// The option.
        option: String,
        /// The layer's name.
        layer: &'static str,
        /// What it lacks.
        lacks: Localized<String>,
    },
    /// Work over the limit.
    TooMuch {
        /// What is counted.
        what: Localized<&'static str>,
        /// How many there are.
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// A tensor that is too large.
    Tensor(TensorError),
    /// Tensors that do not fit.
    Operands(OperandError),
    /// A chain whose tensors do not fit.
    Chain(ChainError),
    /// A file that cannot be written.
    Write {
        /// The file.
        path: String,
        /// The reason.
        why: SystemError,
    },
    /// Standard output that cannot be written.
    Print(io::Error),
}

impl Message for EvalError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Subject(why) => why.message(),
            Self::NoInput => says!(
                en: "there is no input; give its shape (--input 3x6x6), a .npy file or an image",
                ja: "入力がありません。形状 (--input 3x6x6)、.npy ファイル、画像のどれかを指定してください"
            ),
            Self::Input(text) => says!(
                en: "--input {text:?} is neither a shape such as 3x6x6 nor a .npy, .npz, .safetensors, .png or .jpg file",
                ja: "--input {text:?} は、3x6x6 のような形状でも、.npy、.npz、.safetensors、.png、.jpg のファイルでもありません"
            ),
            Self::FillOfFile(path) => says!(
                en: "--fill works with an input that is a shape, but {path} is a file; leave --fill out",
                ja: "--fill は入力が形状のときに使いますが、{path} はファイルです。--fill を取り除いてください"
            ),
            Self::Read { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::File { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Fill { what, why } => {
                let (what, why) = (what.name(), why.message());
                says!(with [what, why]; en: "{what}: {why}", ja: "{what}: {why}")
            }
            Self::OptionOfChain { option, layers } => says!(
                en: "{option} works with a single layer, but this is a chain of {layers}; evaluate its layers one by one",
                ja: "{option} は 1 つの層に使いますが、これは {layers} 層の連なりです。1 層ずつ計算してください"
            ),
            Self::Unused {
                option,
                layer,
                lacks,
            } => says!(
                with [lacks];
                en: "{option} is not used here: {layer} has {lacks}; leave it out",
                ja: "{option} は使えません。{layer} は{lacks}。取り除いてください"
            ),
            Self::TooMuch { what, count, limit } => says!(
                with [what];
                en: "this takes {count} {what}, but the limit is {limit}; use a smaller input or fewer filters",
                ja: "{what}が {count} 個必要です。上限は {limit} 個です。入力を小さくするか、フィルタを減らしてください"
            ),
            Self::Tensor(why) => why.message(),
            Self::Operands(why) => why.message(),
            Self::Chain(why) => why.message(),
            Self::Write { path, why } => {
                let why = why.message();
                says!(with [why]; en: "cannot write {path}: {why}", ja: "{path} に書き込めません: {why}")
            }
            Self::Print(why) => {
                let why = why.message();
                says!(
                    with [why];
                    en: "cannot write the result: {why}",
                    ja: "結果を書き出せません: {why}"
                )
            }
        }
    }
}

message_error!(EvalError { Subject(SubjectError), Tensor(TensorError), Operands(OperandError), Chain(ChainError), Print(io::Error) });

impl EvalError {
    /// Whether the command line was wrong, rather than the work.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Subject(_)
                | Self::NoInput
                | Self::Input(_)
                | Self::FillOfFile(_)
                | Self::OptionOfChain { .. }
                | Self::Unused { .. }
        )
    }
}

/// Computes, prints to standard output, and writes the files that are asked for.
///
/// # Errors
/// See [`EvalError`].
pub fn run(args: &EvalArgs) -> Result<(), EvalError> {
    let stdout = io::stdout().lock();
    print(args, &mut BufWriter::new(stdout))
}

/// As [`run`], with the text going to `out`.
///
/// # Errors
/// See [`EvalError`].
pub fn print(args: &EvalArgs, out: &mut impl Write) -> Result<(), EvalError> {
    let subject = Subject::parse(&args.layer)?;
    let (shape, source) = input(args, &subject)?;
    let chain = subject.plan(&shape)?;
    check_size(&chain, args.trace.is_some())?;
    check_options(args, &chain)?;
    let input = match source {
        InputSource::Fill(fill) => fill.make(&shape).map_err(|why| EvalError::Fill {
            what: TensorRole::Input,
            why,
        })?,
        InputSource::Tensor(tensor) => tensor,
    };
    let mut trace = match &args.trace {
        Some(path) => {
            let draft = Draft::begin(path).map_err(|why| unwritable(path, &why))?;
            Some((path, BufWriter::new(draft)))
        }
        None => None,
    };
    let mut tensors = vec![input];
    for (position, plan) in chain.plans().iter().enumerate() {
        let operands = operands(args, plan, &tensors)?;
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
        let bytes = files::write_npy(&output).map_err(|why| EvalError::File {
            path: path.display().to_string(),
            why,
        })?;
        disk::write(path, bytes).map_err(|why| unwritable(path, &why))?;
    }
    if args.json {
        serde_json::to_writer(&mut *out, &Report::new(&chain, &output)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_text(&chain, &output, args.output.as_deref(), out)?;
    }
    Ok(out.flush()?)
}

fn unwritable(path: &Path, why: &io::Error) -> EvalError {
    EvalError::Write {
        path: path.display().to_string(),
        why: why.into(),
    }
}

enum InputSource {
    Fill(Fill),
    Tensor(Tensor),
}

/// The input's shape, and where its numbers come from.
fn input(args: &EvalArgs, subject: &Subject) -> Result<(Shape, InputSource), EvalError> {
    let fill = args.fill.clone();
    let Some(text) = &args.input else {
        let (shape, own) = subject.input().ok_or(EvalError::NoInput)?;
        return Ok((shape, InputSource::Fill(fill.unwrap_or(own))));
    };
    if let Ok(shape) = text.parse::<Shape>() {
        Tensor::check(&shape)?;
        return Ok((shape, InputSource::Fill(fill.unwrap_or(Fill::Ramp))));
    }
    let (path, name) = match text.parse::<Fill>() {
        Ok(Fill::Image(path) | Fill::File(path)) => (path, None),
        Ok(Fill::Named { file, tensor }) => (file, Some(tensor)),
        _ => return Err(EvalError::Input(text.chars().take(80).collect())),
    };
    if fill.is_some() {
        return Err(EvalError::FillOfFile(path));
    }
    let bytes = read_file(&path).map_err(|why| EvalError::Read {
        path: path.clone(),
        why,
    })?;
    let tensor = if files::is_picture(&path) {
        files::read_picture(&bytes)
    } else {
        files::read_tensor(&path, &bytes, name.as_deref())
    };
    let tensor = tensor.map_err(|why| EvalError::File { path, why })?;
    let tensor = without_batch(tensor, subject)?;
    Ok((*tensor.shape(), InputSource::Tensor(tensor)))
}

/// A tensor without the batch axis of 1 that PyTorch's have.
fn without_batch(tensor: Tensor, subject: &Subject) -> Result<Tensor, EvalError> {
    let layers = subject.layers()?;
    let rank = layers
        .first()
        .map_or(3, |layer| layer.operation().input_rank());
    match *tensor.shape().axes() {
        [1, ref rest @ ..] if rest.len() == rank => {
            let shape = Shape::new(rest).map_err(|why| EvalError::File {
                path: String::from("--input"),
                why: why.into(),
            })?;
            Ok(tensor.reshaped(shape)?)
        }
        _ => Ok(tensor),
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

/// A line of a trace.
#[derive(Serialize)]
struct TraceStep {
    layer: usize,
    step: u64,
    output: [usize; 3],
    group: usize,
    window_origin: [isize; 3],
    window_size: [usize; 3],
    terms: Vec<TraceTerm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bias: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    divisor: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    winner: Option<usize>,
    /// What operands of one number a channel hold for the step's channel, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    operands: BTreeMap<&'static str, f32>,
    value: f32,
}

#[derive(Serialize)]
struct TraceTerm {
    padded: [usize; 3],
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<[usize; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_index: Option<[usize; 4]>,
    input: f32,
    weight: f32,
    product: f32,
    running: f32,
    /// In the scatter view, the output element that is added to; absent outside the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<[usize; 3]>,
}

impl TraceStep {
    fn new(layer: usize, plan: &Plan, index: u64, operands: &Operands) -> Self {
        let (step, explained) = (plan.step(index), plan.explain(index, operands));
        let vectors = plan
            .operand_list()
            .iter()
            .filter(|operand| match operand.role {
                OperandRole::PerChannel { .. } => true,
                OperandRole::Filters | OperandRole::Bias | OperandRole::SecondInput => false,
            });
        let operands = vectors.map(|operand| operand.name).zip(explained.vectors);
        let terms = explained.terms.iter().map(|value| {
            let (source, element) = match value.term.source {
                Source::Element(at) => ("element", Some(at)),
                Source::Other(at) => ("other", Some(at)),
                Source::Padding { from } => ("padding", from),
                Source::Inserted => ("inserted", None),
                Source::Beyond => ("beyond", None),
            };
            TraceTerm {
                padded: value.term.padded,
                source,
                element,
                weight_index: value.term.weight,
                input: value.input,
                weight: value.weight,
                product: value.product,
                running: value.running,
                target: value.term.target.flatten(),
            }
        });
        Self {
            layer,
            step: step.index,
            output: step.output,
            group: step.group,
            window_origin: step.window_origin(),
            window_size: step.window_size(),
            terms: terms.collect(),
            bias: explained.bias,
            divisor: explained.divisor,
            winner: explained.winner,
            operands: operands.collect(),
            value: explained.value,
        }
    }
}

/// Writes the steps of a layer, one at a time: memory does not grow with their number.
fn write_trace(
    layer: usize,
    plan: &Plan,
    operands: &Operands,
    file: &mut impl Write,
) -> io::Result<()> {
    for index in 0..plan.step_count() {
        let line = TraceStep::new(layer, plan, index, operands);
        serde_json::to_writer(&mut *file, &line)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}

/// The result as JSON.
#[derive(Serialize)]
struct Report<'a> {
    layers: Vec<ReportLayer>,
    input: &'a [usize],
    output: &'a [usize],
    cost: Cost,
    values: &'a [f32],
}

#[derive(Serialize)]
struct ReportLayer {
    source: String,
    input: Vec<usize>,
    output: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Vec<usize>>,
    formula: String,
    steps: u64,
    cost: Cost,
}

impl<'a> Report<'a> {
    fn new(chain: &'a Chain, output: &'a Tensor) -> Self {
        let layers = chain.plans().iter().map(|plan| ReportLayer {
            source: plan.source(),
            input: plan.input_shape().axes().to_vec(),
            output: plan.output_shape().axes().to_vec(),
            weight: plan.weight_shape().map(|shape| shape.axes().to_vec()),
            formula: plan.shape_formula().to_string(),
            steps: plan.step_count(),
            cost: plan.cost(),
        });
        Self {
            layers: layers.collect(),
            input: chain.input_shape().axes(),
            output: chain.output_shape().axes(),
            cost: chain.cost(),
            values: output.data(),
        }
    }
}

fn print_text(
    chain: &Chain,
    output: &Tensor,
    saved: Option<&Path>,
    out: &mut impl Write,
) -> io::Result<()> {
    let language = spoken();
    for plan in chain.plans() {
        writeln!(out, "{}", plan.printed())?;
        let mut line = |name: Localized<&str>, value: &dyn std::fmt::Display| {
            writeln!(out, "  {}  {value}", padded(name.choose(language), 10))
        };
        line(Localized::new("input", "入力"), plan.input_shape())?;
        if let Some(weight) = plan.weight_shape() {
            line(Localized::new("weights", "重み"), &weight)?;
        }
        line(Localized::new("output", "出力"), plan.output_shape())?;
        let formula = plan.shape_formula();
        line(Localized::new("formula", "式"), &formula)?;
        for (axis, formula) in &formula.axes {
            let (unused, real) = (formula.unused(), formula.unused_input());
            if unused > 0 {
                let unused = says!(
                    en: "{axis}: no window reaches the last {unused} of the padded input, {real} of them input",
                    ja: "{axis}: パディングした入力の最後の {unused} (うち入力は {real}) にはどの窓も届きません"
                );
                line(Localized::new("unused", "未使用"), &unused.choose(language))?;
            }
        }
        let cost = plan.cost();
        line(Localized::new("parameters", "パラメータ"), &cost.parameters)?;
        line(Localized::new("MACs", "MAC"), &cost.macs)?;
        if cost.operations > 0 {
            line(Localized::new("operations", "演算"), &cost.operations)?;
        }
        line(Localized::new("steps", "ステップ"), &plan.step_count())?;
    }
    if let Some(path) = saved {
        let path = path.display();
        let written = says!(en: "written to {path}", ja: "{path} に書き込みました");
        return writeln!(out, "{}", written.choose(language));
    }
    if output.data().len() > MAX_PRINTED {
        let (least, greatest) = output.range();
        let range = says!(
            en: "values from {least} to {greatest}; -o y.npy writes them, --json prints them",
            ja: "値は {least} から {greatest} までです。-o y.npy で書き込み、--json で表示します"
        );
        return writeln!(out, "{}", range.choose(language));
    }
    let [_, height, width] = output.shape().planes();
    let words: Vec<String> = output.data().iter().map(|value| number(*value)).collect();
    let wide = words.iter().map(String::len).max().unwrap_or(0);
    for (plane, rows) in words.chunks(height * width).enumerate() {
        let channel = says!(en: "channel {plane}", ja: "チャンネル {plane}");
        writeln!(out, "{}", channel.choose(language))?;
        for row in rows.chunks(width) {
            let row: Vec<String> = row.iter().map(|word| format!("{word:>wide$}")).collect();
            writeln!(out, "  {}", row.join("  "))?;
        }
    }
    Ok(())
}

/// A number with at most four decimals, without zeros at its end.
fn number(value: f32) -> String {
    if value != 0.0 && value.abs() < 1e-4 || value.abs() >= 1e7 {
        return format!("{value:.4e}");
    }
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_string()
    } else {
        text.to_string()
    }
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
        std::fs::write(path("x.npy"), files::write_npy(&input).unwrap()).unwrap();
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
