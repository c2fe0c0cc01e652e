//! Why an ONNX file does not open, or a node of it makes no layer: one sentence, with the place.

use super::wire::WireError;
use crate::language::{Localized, Message, message_error, says};
use crate::tensor::ReadError;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq)]
pub enum OnnxError {
    /// Its bytes are no ONNX.
    Wire(WireError),
    /// It is of the format, but holds no graph.
    NoGraph,
    /// It asks for a version of the operators that is not read.
    Opset(i64),
    /// A tensor whose numbers do not come together.
    Tensor {
        /// Its name.
        name: String,
        /// The reason.
        why: TensorFault,
    },
    /// An input that is no tensor of numbers.
    InputKind {
        /// Its name.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// An input whose shape the file leaves open.
    InputOpen {
        /// Its name.
        name: String,
        /// Its axes as the file has them: `batch × 3 × height × width`.
        axes: String,
        /// How to write it on the command line.
        example: String,
    },
    /// A shape that an input does not take.
    InputShape {
        /// Its name.
        name: String,
        /// Its axes as the file has them.
        axes: String,
        /// The shape given.
        given: String,
        /// What would be right, and why.
        hint: Localized<String>,
    },
    /// A name that no input has.
    NoInput {
        /// The name given.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A shape without a name, where several inputs could be meant.
    WhichInput {
        /// The names that there are.
        known: Vec<String>,
    },
    /// Something at a node.
    Node {
        /// Which.
        node: NodeName,
        /// What is wrong, and what would be right.
        why: Localized<String>,
    },
    /// Nodes that wait for one another.
    Cycle {
        /// One of them.
        node: NodeName,
        /// The value that it waits for.
        value: String,
    },
    /// Nothing of the network could be built.
    Nothing {
        /// The first node that could not.
        node: NodeName,
        /// The reason.
        why: Localized<String>,
    },
    /// The graph does not come together.
    Graph(Localized<String>),
}

/// Why a tensor of a file cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub enum TensorFault {
    /// Axes that are negative.
    Axes,
    /// More numbers than are held.
    TooLarge,
    /// Other than as many numbers or bytes as its axes need.
    Count {
        /// So many are needed.
        needed: usize,
        /// So many are there.
        given: usize,
    },
    /// Where it lies is not said in a way that can be followed.
    Place,
    /// A file beside that cannot be read.
    File {
        /// Its name.
        location: String,
        /// The reason.
        why: ReadError,
    },
    /// A file beside that ends too early.
    Short {
        /// Its name.
        location: String,
        /// Its length in bytes.
        length: usize,
        /// Where the tensor begins.
        offset: usize,
        /// The bytes that it needs.
        needed: usize,
    },
}

/// A node as a person finds it in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeName {
    /// Its name; where it has none, that of its first output.
    pub name: String,
    /// Its operator.
    pub op_type: String,
}

impl Message for NodeName {
    fn message(&self) -> Localized<String> {
        let Self { name, op_type } = self;
        says!(en: "node {name} ({op_type})", ja: "ノード {name} ({op_type})")
    }
}

impl Message for WireError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Truncated => says!(
                en: "the ONNX file ends in the middle; copy or download it again",
                ja: "ONNX ファイルが途中で終わっています。コピーかダウンロードをやり直してください。"
            ),
            Self::Foreign => says!(
                en: "this is not an ONNX file; torch.onnx.export(model, x, \"net.onnx\") writes one",
                ja: "ONNX ファイルではありません。torch.onnx.export(model, x, \"net.onnx\") で書き出せます。"
            ),
            Self::TooMany => says!(
                en: "the ONNX file has more parts than any network; it is damaged, or no ONNX file",
                ja: "ONNX ファイルの部品が多すぎます。壊れているか、ONNX ファイルではありません。"
            ),
        }
    }
}

impl Message for TensorFault {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Axes => says!(
                en: "an axis of it is negative",
                ja: "負の長さの軸があります。"
            ),
            Self::TooLarge => says!(
                en: "it, or all tensors of the file together, have more numbers than are held here",
                ja: "このテンソル、またはファイルのすべてのテンソルの数が多すぎます。"
            ),
            Self::Count { needed, given } => says!(
                en: "its axes need {needed} numbers or bytes, but {given} are there; the file is damaged",
                ja: "軸から見て {needed} 個の数またはバイトが要りますが、{given} 個あります。ファイルが壊れています。"
            ),
            Self::Place => says!(
                en: "it is not said rightly where its numbers lie; the file is damaged",
                ja: "値のある場所の書き方が正しくありません。ファイルが壊れています。"
            ),
            Self::File { location, why } => {
                let why = match why {
                    ReadError::Outside { .. } => says!(
                        en: "it is outside the folder of the network, which may only name files in it",
                        ja: "ネットワークのフォルダの外にあります。読めるのはその中のファイルだけです。"
                    ),
                    why => why.message(),
                };
                says!(
                    with [why];
                    en: "its numbers are in the file {location} beside the network: {why}",
                    ja: "値は隣のファイル {location} にあります: {why}"
                )
            }
            Self::Short {
                location,
                length,
                offset,
                needed,
            } => says!(
                en: "its {needed} bytes begin at byte {offset} of {location}, which has only {length}; copy that file again",
                ja: "値は {location} の {offset} バイト目からの {needed} バイトですが、ファイルは {length} バイトしかありません。コピーし直してください。"
            ),
        }
    }
}

impl Message for OnnxError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Wire(why) => why.message(),
            Self::NoGraph => says!(
                en: "this is not an ONNX file: it holds no graph; torch.onnx.export(model, x, \"net.onnx\") writes one",
                ja: "ONNX ファイルではありません (グラフがありません)。torch.onnx.export(model, x, \"net.onnx\") で書き出せます。"
            ),
            Self::Opset(version) => says!(
                en: "the file asks for operators of opset {version}; 7 and later are read, export it again with opset_version=20",
                ja: "ファイルの演算子は opset {version} です。読めるのは 7 以降です。opset_version=20 で書き出し直してください。"
            ),
            Self::Tensor { name, why } => {
                let why = why.message();
                says!(with [why]; en: "tensor {name}: {why}", ja: "テンソル {name}: {why}")
            }
            Self::InputKind { name, kind } => says!(
                en: "input {name} is of type {kind}; only tensors of numbers are read",
                ja: "入力 {name} の型は {kind} です。読めるのは数のテンソルだけです。"
            ),
            Self::InputOpen {
                name,
                axes,
                example,
            } => says!(
                en: "the file leaves the shape of input {name} open ({axes}); give it, for example --input {example}",
                ja: "ファイルでは入力 {name} の形状が決まっていません ({axes})。--input {example} のように指定してください。"
            ),
            Self::InputShape {
                name,
                axes,
                given,
                hint,
            } => says!(
                with [hint];
                en: "input {name} is {axes}, but {given} is given; {hint}",
                ja: "入力 {name} は {axes} ですが、{given} が指定されました。{hint}"
            ),
            Self::NoInput { name, known } => {
                let known = known.join(", ");
                says!(
                    en: "the network has no input {name}; its inputs are {known}",
                    ja: "入力 {name} はありません。このネットワークの入力は {known} です。"
                )
            }
            Self::WhichInput { known } => {
                let first = known.first().map_or("x", String::as_str);
                let known = known.join(", ");
                says!(
                    en: "the network has several inputs ({known}); say which, as in --input {first}=...",
                    ja: "入力が複数あります ({known})。--input {first}=... のように名前を付けてください。"
                )
            }
            Self::Node { node, why } => {
                let node = node.message();
                says!(with [node, why]; en: "{node}: {why}", ja: "{node}: {why}")
            }
            Self::Cycle { node, value } => {
                let node = node.message();
                says!(
                    with [node];
                    en: "{node} waits for {value}, which is made from its own output: the graph has a cycle",
                    ja: "{node} の入力 {value} は、そのノード自身の出力から作られます。グラフが循環しています。"
                )
            }
            Self::Nothing { node, why } => {
                let node = node.message();
                says!(
                    with [node, why];
                    en: "nothing of the network opens: {node}: {why}",
                    ja: "ネットワークを開けません: {node}: {why}"
                )
            }
            Self::Graph(why) => why.clone(),
        }
    }
}

message_error!(OnnxError { Wire(WireError) }, TensorFault, NodeName, WireError);
