//! Why an evaluation does not work.

use std::io;
use std::path::Path;

use crate::language::{Localized, Message, SystemError, message_error, says};
use crate::network::StateError;
use crate::network::{ChainError, ClassesError, RunError, SubjectError};
use crate::op::{OperandError, TensorRole};
use crate::tensor::{FillError, ReadError, ShapeError, TensorError, files};

/// Why an evaluation does not work.
#[derive(Debug)]
pub enum EvalError {
    /// The layers are mistaken, or do not take the input.
    Subject(SubjectError),
    /// The names of a network's classes.
    Classes(ClassesError),
    /// No input.
    NoInput,
    /// An input that is neither a shape nor a file.
    Input(String),
    /// `--preprocess` without a picture.
    NoPicture,
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
    /// An option that only networks have.
    OptionOfNetwork(&'static str),
    /// An option that networks do not have.
    OptionOfLayer(&'static str),
    /// A network that cannot be computed.
    Run {
        /// What the network was named; `None` where the command line holds all of it.
        network: Option<String>,
        /// The reason.
        why: RunError,
    },
    /// A network of which some outputs cannot be computed.
    Partly {
        /// What the network was named; `None` where the command line holds all of it.
        network: Option<String>,
        /// Why, of each of them.
        why: Vec<RunError>,
        /// Whether something else of it was asked for and computed.
        rest: bool,
    },
    /// Lengths of axes that are no shape.
    Shape(ShapeError),
    /// A tensor that is too large.
    Tensor(TensorError),
    /// Tensors that do not fit.
    Operands(OperandError),
    /// A file of weights that does not fit the network.
    Weights {
        /// The file.
        path: String,
        /// The reason.
        why: Box<StateError>,
    },
    /// A chain whose tensors do not fit.
    Chain(ChainError),
    /// A file to be written whose name promises something else.
    Ending {
        /// The name.
        path: String,
        /// The ending of what is written.
        ending: &'static str,
    },
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
            Self::Classes(why) => why.message(),
            Self::NoInput => says!(
                en: "there is no input; give its shape (--input 3x6x6), a .npy file or an image",
                ja: "入力がありません。形状 (--input 3x6x6)、.npy ファイル、画像のどれかを指定してください"
            ),
            Self::Input(text) => says!(
                en: "--input {text:?} is neither a shape such as 3x6x6 nor a .npy, .npz or .safetensors file, nor a .png, .jpg, .webp or .bmp image; there is no file of that name",
                ja: "--input {text:?} は、3x6x6 のような形状でも、.npy、.npz、.safetensors のファイルや .png、.jpg、.webp、.bmp の画像でもなく、その名前のファイルもありません"
            ),
            Self::NoPicture => says!(
                en: "--preprocess works with an input that is a picture; leave it out",
                ja: "--preprocess は入力が画像のときに使います。取り除いてください"
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
            Self::OptionOfNetwork(option) => says!(
                en: "{option} works with a network of an ONNX file; leave it out",
                ja: "{option} は ONNX ファイルのネットワークに使います。取り除いてください"
            ),
            Self::OptionOfLayer(option) => says!(
                en: "{option} works with layers in PyTorch's notation; a network of an ONNX file has its own numbers, leave it out",
                ja: "{option} は PyTorch の書き方の層に使います。ONNX ファイルのネットワークは値を持っているので、取り除いてください"
            ),
            Self::Run { network, why } => of_network(network.as_deref(), why.message()),
            Self::Partly { network, why, rest } => {
                let reasons = why.iter().map(Message::message);
                let mut told = Localized::join(reasons, Localized::new("; ", " "));
                if *rest {
                    told = says!(
                        with [told];
                        en: "{told}; the rest is computed",
                        ja: "{told} ほかは計算しました。"
                    );
                }
                of_network(network.as_deref(), told)
            }
            Self::Shape(why) => why.message(),
            Self::Tensor(why) => why.message(),
            Self::Operands(why) => why.message(),
            Self::Chain(why) => why.message(),
            Self::Weights { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Ending { path, ending } => says!(
                en: "{path} is no name for a .{ending} file, which is what is written; give one that ends in .{ending}",
                ja: "{path} は .{ending} ファイルの名前ではありません。書き出すのは .{ending} なので、.{ending} で終わる名前にしてください"
            ),
            Self::Write { path, why } if why.kind() == io::ErrorKind::NotFound => {
                let folder = Path::new(path).parent().unwrap_or(Path::new("."));
                let folder = folder.display();
                says!(
                    en: "cannot write {path}: there is no folder {folder}; make it with `mkdir -p {folder}`",
                    ja: "{path} に書き込めません。フォルダ {folder} がありません。`mkdir -p {folder}` で作ってください"
                )
            }
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

message_error!(EvalError { Subject(SubjectError), Classes(ClassesError), Shape(ShapeError), Tensor(TensorError), Operands(OperandError), Chain(ChainError), Print(io::Error) });

/// What is said of a network, with its name in front where it has one.
fn of_network(network: Option<&str>, why: Localized<String>) -> Localized<String> {
    match network {
        Some(network) => says!(with [why]; en: "{network}: {why}", ja: "{network}: {why}"),
        None => why,
    }
}

impl EvalError {
    /// Whether the command line was wrong, rather than the work.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Subject(_)
                | Self::Classes(_)
                | Self::NoInput
                | Self::Input(_)
                | Self::Shape(_)
                | Self::Ending { .. }
                | Self::NoPicture
                | Self::FillOfFile(_)
                | Self::OptionOfChain { .. }
                | Self::OptionOfNetwork(_)
                | Self::OptionOfLayer(_)
                | Self::Unused { .. }
        )
    }
}
