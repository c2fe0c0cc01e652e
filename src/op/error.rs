//! Why a layer cannot work on an input.

use crate::language::{Localized, Message, message_error, says};
use crate::tensor::{Shape, ShapeError};

/// What is wrong with a layer or with the input that it is given, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerError {
    /// A number that must be at least 1 is 0.
    Zero {
        /// The layer's name.
        layer: &'static str,
        /// The argument.
        argument: &'static str,
    },
    /// More inputs than the layer takes, or fewer.
    InputCount {
        /// The layer's name.
        layer: &'static str,
        /// How many it takes.
        takes: usize,
        /// How many there are.
        given: usize,
    },
    /// Anything else that does not fit, in words.
    Unfit {
        /// The layer's name.
        layer: &'static str,
        /// What, and how to fix it.
        why: Localized<String>,
    },
    /// An input with another number of axes than the layer takes.
    Rank {
        /// The layer's name.
        layer: &'static str,
        /// The axes it takes.
        expected: InputAxes,
        /// The input's shape.
        shape: Shape,
    },
    /// Channels, or filters, that groups do not divide.
    Groups {
        /// The layer's name.
        layer: &'static str,
        /// Which of them.
        what: GroupedAxis,
        /// How many there are.
        count: usize,
        /// The groups.
        groups: usize,
    },
    /// An input of other channels than the layer was written for.
    Channels {
        /// The layer's name.
        layer: &'static str,
        /// The channels that the layer states.
        expected: usize,
        /// The input's shape.
        shape: Shape,
    },
    /// A window that does not fit.
    KernelTooLarge {
        /// The layer's name.
        layer: &'static str,
        /// The axis on which it does not.
        axis: AxisName,
        /// Length of the kernel.
        kernel: usize,
        /// Dilation.
        dilation: usize,
        /// From its first to its last element.
        reach: usize,
        /// Length of the padded input.
        padded: usize,
        /// How much padding would let it fit.
        missing: usize,
    },
    /// Padding `same` with a stride.
    SameWithStride {
        /// The layer's name.
        layer: &'static str,
        /// The stride.
        stride: usize,
        /// A padding that comes close.
        instead: usize,
    },
    /// More padding than the mode can take from the input.
    PaddingTooLarge {
        /// The layer's name.
        layer: &'static str,
        /// `reflect` or `circular`.
        mode: &'static str,
        /// The axis.
        axis: AxisName,
        /// The padding of the larger side.
        padding: usize,
        /// The shortest input that would do.
        needed: usize,
        /// Length of the input.
        length: usize,
    },
    /// More padding than half of a pool's kernel.
    PoolPadding {
        /// The layer's name.
        layer: &'static str,
        /// The axis.
        axis: AxisName,
        /// The padding.
        padding: usize,
        /// Length of the kernel.
        kernel: usize,
    },
    /// Output padding that is no remainder of a stride.
    OutputPadding {
        /// The layer's name.
        layer: &'static str,
        /// The axis.
        axis: AxisName,
        /// The output padding.
        output_padding: usize,
        /// The stride.
        stride: usize,
        /// The dilation.
        dilation: usize,
    },
    /// An output with nothing in it.
    NoOutput {
        /// The layer's name.
        layer: &'static str,
        /// The axis.
        axis: AxisName,
        /// What the formula gives.
        length: i64,
        /// What to change.
        fix: Localized<&'static str>,
    },
    /// Channels, rows or columns that a shuffle's factor does not divide.
    Shuffle {
        /// The layer's name.
        layer: &'static str,
        /// The axis.
        axis: AxisName,
        /// How many there are.
        count: usize,
        /// The factor, squared for channels.
        divisor: usize,
    },
    /// Arguments that do not go together.
    Arguments {
        /// The layer's name.
        layer: &'static str,
        /// What is wrong and how to fix it.
        why: Localized<&'static str>,
    },
    /// A layer made of several, which has no single plan.
    Composite {
        /// The layer's name.
        layer: &'static str,
    },
    /// An argument over a limit.
    TooLarge {
        /// The layer's name.
        layer: &'static str,
        /// The argument that is too large.
        argument: &'static str,
        /// How large it is.
        value: u128,
        /// The limit.
        limit: u64,
    },
    /// Work that cannot be counted.
    TooMuch {
        /// The layer's name.
        layer: &'static str,
        /// What there is too much of.
        quantity: Quantity,
        /// How much.
        value: u128,
    },
    /// A result that is not a shape, or too large for one.
    Shape {
        /// The layer's name.
        layer: &'static str,
        /// Which tensor.
        tensor: TensorRole,
        /// The reason.
        why: ShapeError,
    },
}

/// The axes that a layer takes of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputAxes {
    /// Of a signal: channels and length.
    Length,
    /// Of a feature map: channels, rows and columns.
    Planes,
    /// Of a volume: channels, slices, rows and columns.
    Volume,
}

/// An axis of a feature map or of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisName {
    /// Channels.
    Channels,
    /// Slices of a volume.
    Slices,
    /// Rows.
    Rows,
    /// Columns.
    Columns,
}

/// What groups divide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupedAxis {
    /// Channels of the input.
    InChannels,
    /// Filters.
    Filters,
}

/// What of a layer is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Weights and biases.
    Parameters,
    /// Bytes of the output.
    OutputBytes,
    /// Multiplications with an addition.
    Macs,
    /// Other operations.
    Operations,
}

/// A tensor by what it is to a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TensorRole {
    /// The input.
    Input,
    /// The second input of `Add`.
    SecondInput,
    /// The input with its padding.
    PaddedInput,
    /// The weight.
    Weight,
    /// The bias.
    Bias,
    /// The output.
    Output,
    /// Another operand by PyTorch's name.
    Operand(&'static str),
}

impl Message for InputAxes {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Length => says!(en: "channels × length", ja: "チャネル × 長さ"),
            Self::Planes => says!(en: "channels × height × width", ja: "チャネル × 高さ × 幅"),
            Self::Volume => says!(
                en: "channels × depth × height × width",
                ja: "チャネル × 奥行き × 高さ × 幅"
            ),
        }
    }
}

impl AxisName {
    /// The name in each language.
    #[must_use]
    pub const fn name(self) -> Localized<&'static str> {
        match self {
            Self::Channels => Localized::new("channels", "チャネル"),
            Self::Slices => Localized::new("slices", "スライス"),
            Self::Rows => Localized::new("rows", "行"),
            Self::Columns => Localized::new("columns", "列"),
        }
    }
}

impl GroupedAxis {
    /// The name of the argument.
    #[must_use]
    pub const fn argument(self) -> &'static str {
        match self {
            Self::InChannels => "in_channels",
            Self::Filters => "filters",
        }
    }

    const fn name(self) -> Localized<&'static str> {
        match self {
            Self::InChannels => Localized::new("channels", "チャネル数"),
            Self::Filters => Localized::new("filters", "フィルタの数"),
        }
    }
}

impl Quantity {
    const fn name(self) -> Localized<&'static str> {
        match self {
            Self::Parameters => Localized::new("parameters", "パラメータ"),
            Self::OutputBytes => Localized::new("bytes of output", "出力のバイト"),
            Self::Macs => Localized::new("MACs", "MAC"),
            Self::Operations => Localized::new("operations", "演算"),
        }
    }
}

impl TensorRole {
    /// The name in each language.
    #[must_use]
    pub const fn name(self) -> Localized<&'static str> {
        match self {
            Self::Input => Localized::new("input", "入力"),
            Self::SecondInput => Localized::new("second input", "2 つ目の入力"),
            Self::PaddedInput => Localized::new("padded input", "パディングした入力"),
            Self::Weight => Localized::new("weight", "重み"),
            Self::Bias => Localized::new("bias", "バイアス"),
            Self::Output => Localized::new("output", "出力"),
            Self::Operand(name) => Localized::new(name, name),
        }
    }
}

impl Message for LayerError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::InputCount {
                layer,
                takes,
                given,
            } => says!(
                en: "{layer} takes {takes} inputs, but {given} are given",
                ja: "{layer} の入力は {takes} 個ですが、{given} 個あります。"
            ),
            Self::Unfit { layer, why } => {
                says!(with [why]; en: "{layer}: {why}", ja: "{layer}: {why}")
            }
            Self::Zero { layer, argument } => says!(
                en: "{layer}: {argument} is 0; it must be at least 1",
                ja: "{layer}: {argument} が 0 です。1 以上が必要です。"
            ),
            Self::Rank {
                layer,
                expected,
                shape,
            } => {
                let expected = expected.message();
                says!(
                    with [expected];
                    en: "{layer} needs an input of {expected}, but this one is {shape}",
                    ja: "{layer} の入力は {expected} でなければなりませんが、{shape} です。"
                )
            }
            Self::Groups {
                layer,
                what,
                count,
                groups,
            } => {
                let argument = what.argument();
                let name = what.name();
                let more = count.div_ceil(*groups).saturating_mul(*groups);
                says!(
                    with [name];
                    en: "{layer}: {argument} = {count} is not divisible by groups = {groups}; use {more} {name}, or a number of groups that divides {count}",
                    ja: "{layer}: {name} {count} は、グループ数 {groups} で割り切れません。{name}を {more} にするか、グループ数を {count} の約数にしてください。"
                )
            }
            Self::Channels {
                layer,
                expected,
                shape,
            } => {
                let given = shape.channels();
                says!(
                    en: "{layer} expects {expected} channels, but the input {shape} has {given}; change in_channels or the layer before",
                    ja: "{layer} は {expected} チャネル用に書かれていますが、入力 {shape} は {given} チャネルです。in_channels か前の層を変えてください。"
                )
            }
            Self::KernelTooLarge {
                layer,
                axis,
                kernel,
                dilation,
                reach,
                padded,
                missing,
            } => {
                let axis = axis.name();
                says!(
                    with [axis];
                    en: "{layer}: the kernel spans {reach} {axis} (size {kernel}, dilation {dilation}), but the padded input has only {padded}; use a smaller kernel or dilation, or a total padding of at least {missing}",
                    ja: "{layer}: カーネルは{axis}方向に {reach} に渡りますが (大きさ {kernel}、ダイレーション {dilation})、パディングした入力は {padded} しかありません。カーネルかダイレーションを小さくするか、パディングを合計 {missing} 以上にしてください。"
                )
            }
            Self::SameWithStride {
                layer,
                stride,
                instead,
            } => says!(
                en: "{layer}: padding 'same' requires stride 1, but the stride is {stride}; give the padding as a number, for example padding={instead}",
                ja: "{layer}: パディング same はストライド 1 のときだけ使えます (今は {stride})。padding={instead} のように数で指定してください。"
            ),
            Self::PaddingTooLarge {
                layer,
                mode,
                axis,
                padding,
                needed,
                length,
            } => {
                let axis = axis.name();
                says!(
                    with [axis];
                    en: "{layer}: {mode} padding of {padding} {axis} needs an input of at least {needed}, but this one has {length}; use less padding, or padding mode zeros or replicate",
                    ja: "{layer}: {mode} で{axis}を {padding} パディングするには、入力が {needed} 以上必要ですが、{length} しかありません。パディングを減らすか、パディングモードを zeros か replicate にしてください。"
                )
            }
            Self::PoolPadding {
                layer,
                axis,
                padding,
                kernel,
            } => {
                let axis = axis.name();
                let most = kernel / 2;
                says!(
                    with [axis];
                    en: "{layer}: padding of {padding} {axis} is more than half of the kernel ({kernel}), so a window could contain nothing but padding; use padding of at most {most}",
                    ja: "{layer}: {axis}のパディング {padding} が、窓の大きさ {kernel} の半分を超えているので、パディングだけの窓ができます。{most} 以下にしてください。"
                )
            }
            Self::OutputPadding {
                layer,
                axis,
                output_padding,
                stride,
                dilation,
            } => {
                let axis = axis.name();
                says!(
                    with [axis];
                    en: "{layer}: output padding of {output_padding} {axis} must be smaller than the stride ({stride}) or the dilation ({dilation})",
                    ja: "{layer}: {axis}の出力パディング {output_padding} は、ストライド {stride} かダイレーション {dilation} より小さくなければなりません。"
                )
            }
            Self::NoOutput {
                layer,
                axis,
                length,
                fix,
            } => {
                let axis = axis.name();
                says!(
                    with [axis, fix];
                    en: "{layer}: the output would have {length} {axis}; {fix}",
                    ja: "{layer}: 出力の{axis}の数が {length} になり、何も残りません。{fix}"
                )
            }
            Self::Shuffle {
                layer,
                axis,
                count,
                divisor,
            } => {
                let axis = axis.name();
                let more = count.div_ceil(*divisor).saturating_mul(*divisor);
                says!(
                    with [axis];
                    en: "{layer}: {count} {axis} are not divisible by {divisor}; use {more} {axis}",
                    ja: "{layer}: {axis}の数 {count} は {divisor} で割り切れません。{more} にしてください。"
                )
            }
            Self::Arguments { layer, why } => {
                says!(with [why]; en: "{layer}: {why}", ja: "{layer}: {why}")
            }
            Self::Composite { layer } => says!(
                en: "{layer} is a chain of layers; plan it with Chain, step by step",
                ja: "{layer} は層の連なりです。Chain で 1 層ずつ計画してください。"
            ),
            Self::TooLarge {
                layer,
                argument,
                value,
                limit,
            } => says!(
                en: "{layer}: {argument} = {value} is over the limit of {limit}",
                ja: "{layer}: {argument} = {value} は上限 {limit} を超えています。"
            ),
            Self::TooMuch {
                layer,
                quantity,
                value,
            } => {
                let quantity = quantity.name();
                let limit = u64::MAX;
                says!(
                    with [quantity];
                    en: "{layer}: {value} {quantity} are over the limit of {limit}; use a smaller input or fewer filters",
                    ja: "{layer}: {quantity}の数 {value} は上限 {limit} を超えています。入力を小さくするか、フィルタを減らしてください。"
                )
            }
            Self::Shape { layer, tensor, why } => {
                let (tensor, why) = (tensor.name(), why.message());
                says!(
                    with [tensor, why];
                    en: "{layer}: the {tensor} has no possible shape: {why}",
                    ja: "{layer}: {tensor}の形状がありえません: {why}"
                )
            }
        }
    }
}

message_error!(LayerError);
