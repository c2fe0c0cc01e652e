//! What can be wrong with a graph, and with running it.

use crate::language::{Localized, Message, message_error, says};
use crate::op::{LayerError, OperandError};
use crate::tensor::{FillError, Shape, TensorError};

/// Why a node cannot be added.
#[derive(Debug, Clone, PartialEq)]
pub enum GraphError {
    /// A layer that does not take its inputs.
    Layer {
        /// The node's name.
        node: String,
        /// What it is called where it comes from.
        operator: String,
        /// The line of the source.
        line: Option<usize>,
        /// The reason.
        why: Box<LayerError>,
    },
    /// An operand of another shape.
    Operand {
        /// The node's name.
        node: String,
        /// The operand's name.
        operand: &'static str,
        /// The shape that fits.
        wanted: Shape,
        /// The shape that it has.
        given: Option<Shape>,
    },
    /// An input whose shape is not known, because a node before it is not.
    NoShape {
        /// The node's name.
        node: String,
        /// The input's name.
        value: String,
    },
    /// More nodes than the limit.
    TooLong {
        /// The limit.
        limit: usize,
    },
}

impl Message for GraphError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Layer {
                node,
                operator,
                line,
                why,
            } => {
                let why = why.message();
                let place = match line {
                    Some(line) => says!(en: ", line {line}", ja: "、{line} 行目"),
                    None => Localized::default(),
                };
                says!(
                    with [why, place];
                    en: "node `{node}` ({operator}{place}): {why}",
                    ja: "ノード `{node}` ({operator}{place}): {why}"
                )
            }
            Self::Operand {
                node,
                operand,
                wanted,
                given: Some(given),
            } => says!(
                en: "node `{node}`: its {operand} is {given}, but {wanted} is needed",
                ja: "ノード `{node}`: {operand} の形状が {given} です。{wanted} でなければなりません。"
            ),
            Self::Operand {
                node,
                operand,
                wanted,
                given: None,
            } => says!(
                en: "node `{node}`: the shape of its {operand} is not known; {wanted} is needed",
                ja: "ノード `{node}`: {operand} の形状が分かりません。{wanted} でなければなりません。"
            ),
            Self::NoShape { node, value } => says!(
                en: "node `{node}`: the shape of its input `{value}` is not known, because a node before it is not",
                ja: "ノード `{node}`: 前に分からないノードがあるため、入力 `{value}` の形状が分かりません。"
            ),
            Self::TooLong { limit } => says!(
                en: "the network has over {limit} nodes, which is the limit",
                ja: "ネットワークのノードが上限の {limit} 個を超えています。"
            ),
        }
    }
}

message_error!(GraphError);

/// Why a graph cannot be run.
#[derive(Debug, Clone, PartialEq)]
pub enum RunError {
    /// An input that is not given.
    Missing {
        /// Its name.
        input: String,
        /// Its shape.
        shape: Option<Shape>,
    },
    /// An input of another shape.
    Shape {
        /// Its name.
        input: String,
        /// The shape that the graph was planned for.
        expected: Option<Shape>,
        /// The shape given.
        given: Shape,
    },
    /// Operands that do not fit.
    Operands {
        /// The node's name.
        node: String,
        /// The reason.
        why: Box<OperandError>,
    },
    /// A parameter whose fill does not suit.
    Fill {
        /// Its name.
        value: String,
        /// The reason.
        why: FillError,
    },
    /// An output that depends on a node that is not known.
    Unknown {
        /// The output's name.
        output: String,
        /// The node's name.
        node: String,
        /// Why it is not known.
        why: Localized<String>,
    },
    /// A tensor that is too large.
    Tensor {
        /// The node's name.
        node: String,
        /// The reason.
        why: TensorError,
    },
}

impl Message for RunError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Missing { input, shape } => {
                let shape = shape.map_or_else(String::new, |shape| shape.to_string());
                says!(
                    en: "the input `{input}` ({shape}) is not given",
                    ja: "入力 `{input}` ({shape}) がありません。"
                )
            }
            Self::Shape {
                input,
                expected,
                given,
            } => {
                let expected = expected.map_or_else(String::new, |shape| shape.to_string());
                says!(
                    en: "the input `{input}` is {given}, but the network was planned for {expected}",
                    ja: "入力 `{input}` の形状が {given} ですが、ネットワークは {expected} で組み立てられています。"
                )
            }
            Self::Operands { node, why } => {
                let why = why.message();
                says!(with [why]; en: "node `{node}`: {why}", ja: "ノード `{node}`: {why}")
            }
            Self::Fill { value, why } => {
                let why = why.message();
                says!(with [why]; en: "`{value}`: {why}", ja: "`{value}`: {why}")
            }
            Self::Unknown { output, node, why } => says!(
                with [why];
                en: "the output `{output}` cannot be computed: node `{node}` is not shown here ({why})",
                ja: "出力 `{output}` は計算できません。ノード `{node}` は対応していません ({why})"
            ),
            Self::Tensor { node, why } => {
                let why = why.message();
                says!(with [why]; en: "node `{node}`: {why}", ja: "ノード `{node}`: {why}")
            }
        }
    }
}

message_error!(RunError);
