//! Layers, as a lesson or a line of PyTorch describes them: one file an operation. [`layers`] lists
//! them; a new operation is a file here and a line there.

mod adaptive_pool;
mod adaptive_pool_axes;
mod add;
mod arithmetic;
mod arrangement;
mod avg_pool;
mod avg_pool2d;
mod axes;
mod batch_norm;
mod blocks;
mod branch;
mod broadcast;
mod choose;
mod concat;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose;
mod conv_transpose2d;
mod convolution;
mod correlate;
mod defaults;
mod depthwise;
mod depthwise_separable;
mod differences;
mod dim;
mod dropout;
mod elementwise;
mod elu;
mod embedding;
mod expand;
mod extents;
mod flatten;
mod function;
mod gelu;
mod global_pool;
mod group_norm;
mod hard;
mod identity;
mod index_select;
mod layer_norm;
mod leaky_relu;
mod linear;
mod local_response_norm;
mod lp_pool;
mod matmul;
mod max_pool;
mod max_pool2d;
mod max_pool_indices;
mod max_unpool;
mod normalize;
mod onnx_window;
mod pad;
mod permute;
mod pixel_shuffle;
mod pointwise;
mod pool;
mod pow;
mod prelu;
mod reduction;
mod relu;
mod reshape;
mod resize;
mod rrelu;
mod sequential;
mod shrink;
mod sigmoid;
mod slice;
mod softmax;
mod softplus;
mod squeeze;
mod threshold;
mod transposed;
mod triangle;
mod unary;
mod uneven_padding;
mod upsample;
mod variant;
mod variant_fields;

pub use adaptive_pool::{AdaptiveAvgPool2d, AdaptiveMaxPool2d, AdaptivePool2d};
pub use adaptive_pool_axes::{
    AdaptiveAvgPool1d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool3d, AdaptivePool,
};
pub use add::Add;
pub use arithmetic::{
    Average, Div, Equal, Fmod, Greater, GreaterEqual, Less, LessEqual, LogicalAnd, LogicalOr,
    LogicalXor, Maximum, Minimum, Mul, NotEqual, Sub,
};
pub use avg_pool::{AvgPool, AvgPool1d, AvgPool3d};
pub use avg_pool2d::AvgPool2d;
pub use batch_norm::{BatchNorm1d, BatchNorm2d, BatchNorm3d};
pub use blocks::{ChannelShuffle, DepthOrder, DepthToSpace, SpaceToDepth};
pub use branch::Branch;
pub use choose::Where;
pub use concat::{Concat, Stack};
pub use conv_transpose::{ConvTranspose, ConvTranspose1d, ConvTranspose3d};
pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv3d::Conv3d;
pub use correlate::Correlate;
pub use depthwise::Depthwise;
pub use depthwise_separable::DepthwiseSeparable;
pub use dropout::{AlphaDropout, Dropout, StochasticDepth, StochasticMode};
pub use elu::{CELU, ELU, SELU};
pub use embedding::Embedding;
pub use expand::{Expand, Tile};
pub use extents::Extents;
pub use flatten::Flatten;
pub use gelu::{Approximate, GELU};
pub use global_pool::{GlobalAvgPool2d, GlobalMaxPool2d};
pub use group_norm::{GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d};
pub use hard::{Clamp, Hardsigmoid, Hardswish, Hardtanh};
pub use identity::Identity;
pub use index_select::{IndexSelect, Roll};
pub use layer_norm::{LayerNorm, RMSNorm};
pub use leaky_relu::LeakyReLU;
pub use linear::Linear;
pub use local_response_norm::LocalResponseNorm;
pub use lp_pool::{LPPool, LPPool1d, LPPool2d, LPPool3d};
pub use matmul::{AddMM, MatMul};
pub use max_pool::{MaxPool, MaxPool1d, MaxPool3d};
pub use max_pool_indices::{MaxPoolIndices, MaxPoolIndices1d, MaxPoolIndices2d, MaxPoolIndices3d};
pub use max_pool2d::MaxPool2d;
pub use max_unpool::{MaxUnpool, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d};
pub use normalize::{MeanVarianceNormalization, Normalize};
pub use pad::{
    CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, Pad,
    ReflectionPad1d, ReflectionPad2d, ReflectionPad3d, ReplicationPad1d, ReplicationPad2d,
    ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
};
pub use permute::{Flip, Permute, Transpose};
pub use pixel_shuffle::{PixelShuffle, PixelUnshuffle};
pub use pointwise::Pointwise;
pub use pow::Pow;
pub use prelu::PReLU;
pub use reduction::{
    Amax, Amin, ArgMax, ArgMin, LogSumExp, Mean, Prod, ReduceLogSum, ReduceSumSquare, Sum,
    VectorNorm,
};
pub use relu::{ReLU, ReLU6};
pub use reshape::{Reshape, Unflatten};
pub use resize::{Resize, ResizeMode};
pub use rrelu::RReLU;
pub use sequential::Sequential;
pub use shrink::{Hardshrink, Softshrink, Tanhshrink};
pub use sigmoid::{LogSigmoid, Mish, SiLU, Sigmoid, Softsign, Tanh};
pub use slice::{Chunk, Select, Slice, Split};
pub use softmax::{Hardmax, LogSoftmax, Softmax, Softmin};
pub use softplus::Softplus;
pub use squeeze::{Squeeze, Unsqueeze};
pub use threshold::Threshold;
pub use triangle::{Tril, Triu};
pub use unary::{
    Abs, Ceil, Cos, Erf, Exp, Floor, IsNaN, Log, LogicalNot, Neg, Reciprocal, Round, Rsqrt, Sign,
    Sin, Sqrt, Tan,
};
pub use upsample::{Upsample, UpsampleMode};

use super::call::{Form, Style};
use super::error::LayerError;
use super::operation::{BatchAxis, Described, Description, Operation};
use super::padding::Padding;
use super::plan::Plan;
use super::setting::{List, Parameter, Read, Refill, Setting, Shown, Write};
use crate::tensor::{Fill, Shape};

/// Makes of a list of operations the enum of their layers, the enum of themselves, and what leads
/// from one to the other.
macro_rules! layers {
    ($($(#[doc = $about:literal])+ $name:ident,)+) => {
        /// An operation with its arguments. In a lesson: `Conv2d(out_channels: 4, kernel: (3, 3))`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Layer {
            $($(#[doc = $about])+ $name($name),)+
        }

        /// An operation, whatever its arguments are.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum OperationKind {
            $($(#[doc = $about])+ $name,)+
        }

        $(impl From<$name> for Layer {
            fn from(layer: $name) -> Self {
                Self::$name(layer)
            }
        })+

        impl OperationKind {
            /// Every operation there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// PyTorch's name of the operation, or ours for the named forms.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// What is the same for all its layers.
            #[must_use]
            pub const fn description(self) -> &'static Description {
                match self {
                    $(Self::$name => &<$name as Described>::DESCRIPTION,)+
                }
            }
        }

        impl Layer {
            /// Which operation it is a layer of.
            #[must_use]
            pub const fn kind(&self) -> OperationKind {
                match self {
                    $(Self::$name(_) => OperationKind::$name,)+
                }
            }

            /// Its operation.
            #[must_use]
            pub fn operation(&self) -> &dyn Operation {
                match self {
                    $(Self::$name(layer) => layer,)+
                }
            }

            fn operation_mut(&mut self) -> &mut dyn Operation {
                match self {
                    $(Self::$name(layer) => layer,)+
                }
            }
        }

        impl serde::Serialize for Layer {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let fields = variant_fields::WriteFields::new(serializer, self.kind());
                match self {
                    $(Self::$name(layer) => layer.serialize(fields),)+
                }
            }
        }

        /// The names that a lesson may write.
        pub(crate) const LAYER_NAMES: &[&str] = &[$(stringify!($name),)+];

        /// Reads a layer by the name of its operation.
        pub(crate) fn read_variant<'de, A: serde::de::VariantAccess<'de>>(
            name: OperationKind,
            variant: A,
        ) -> Result<Layer, A::Error> {
            let fields = variant_fields::ReadFields(variant);
            match name {
                $(OperationKind::$name => {
                    <$name as serde::Deserialize>::deserialize(fields).map(Layer::$name)
                })+
            }
        }
    };
}

layers! {
    /// One-dimensional convolution.
    Conv1d,
    /// Two-dimensional convolution.
    Conv2d,
    /// Three-dimensional convolution.
    Conv3d,
    /// A convolution with filters of its own for every channel.
    Depthwise,
    /// A convolution with a kernel of 1 × 1.
    Pointwise,
    /// A depthwise convolution, then a pointwise one: a chain of two.
    DepthwiseSeparable,
    /// A convolution whose filters are an earlier tensor of the chain.
    Correlate,
    /// Transposed convolution.
    ConvTranspose2d,
    /// Transposed convolution of a line.
    ConvTranspose1d,
    /// Transposed convolution of a volume.
    ConvTranspose3d,
    /// The maximum of each window.
    MaxPool2d,
    /// The mean of each window.
    AvgPool2d,
    /// The maximum of each window of a line.
    MaxPool1d,
    /// The maximum of each window of a volume.
    MaxPool3d,
    /// Where the maxima of the windows of a line are.
    MaxPoolIndices1d,
    /// Where the maxima of windows are.
    MaxPoolIndices2d,
    /// Where the maxima of the windows of a volume are.
    MaxPoolIndices3d,
    /// Maxima of a line back at their places.
    MaxUnpool1d,
    /// Maxima back at their places.
    MaxUnpool2d,
    /// Maxima of a volume back at their places.
    MaxUnpool3d,
    /// The mean of each window of a line.
    AvgPool1d,
    /// The mean of each window of a volume.
    AvgPool3d,
    /// The root of the sum of powers of each window of a line.
    LPPool1d,
    /// The root of the sum of powers of each window.
    LPPool2d,
    /// The root of the sum of powers of each window of a volume.
    LPPool3d,
    /// The mean of windows that divide the input into a stated number.
    AdaptiveAvgPool2d,
    /// The maximum of such windows.
    AdaptiveMaxPool2d,
    /// The mean of windows that divide a line into a stated number.
    AdaptiveAvgPool1d,
    /// The maximum of such windows.
    AdaptiveMaxPool1d,
    /// The mean of windows that divide a volume into a stated number.
    AdaptiveAvgPool3d,
    /// The maximum of such windows.
    AdaptiveMaxPool3d,
    /// The mean of each channel.
    GlobalAvgPool2d,
    /// The maximum of each channel.
    GlobalMaxPool2d,
    /// Channels become rows and columns.
    PixelShuffle,
    /// Rows and columns become channels.
    PixelUnshuffle,
    /// Resizing.
    Upsample,
    /// ONNX's resizing along any axes.
    Resize,
    /// Each channel shifted and scaled by its statistics.
    BatchNorm2d,
    /// Each channel of a line shifted and scaled by its statistics.
    BatchNorm1d,
    /// Each channel of a volume shifted and scaled by its statistics.
    BatchNorm3d,
    /// Mean 0 and variance 1 over the last axes.
    LayerNorm,
    /// Mean square 1 over the last axes.
    RMSNorm,
    /// Mean 0 and variance 1 in groups of channels.
    GroupNorm,
    /// Mean 0 and variance 1 in each channel of a line.
    InstanceNorm1d,
    /// Mean 0 and variance 1 in each channel of a picture.
    InstanceNorm2d,
    /// Mean 0 and variance 1 in each channel of a volume.
    InstanceNorm3d,
    /// Each element against its neighbours in other channels.
    LocalResponseNorm,
    /// Each element over the norm of its row.
    Normalize,
    /// Mean 0 and variance 1 over any axes, as ONNX has it.
    MeanVarianceNormalization,
    /// Each row of the last axis times a matrix of weights.
    Linear,
    /// The product of two tensors whose last two axes are matrices.
    MatMul,
    /// A product of matrices, scaled, and a third input that is added.
    AddMM,
    /// The sum over axes.
    Sum,
    /// The mean over axes.
    Mean,
    /// The product over axes.
    Prod,
    /// The maximum over axes.
    Amax,
    /// The minimum over axes.
    Amin,
    /// The logarithm of the sum of exponentials over axes.
    LogSumExp,
    /// The sum of squares over axes, as ONNX has it.
    ReduceSumSquare,
    /// The logarithm of the sum over axes, as ONNX has it.
    ReduceLogSum,
    /// A norm over axes.
    VectorNorm,
    /// Where the largest element along an axis is.
    ArgMax,
    /// Where the smallest element along an axis is.
    ArgMin,
    /// Shares of a whole along an axis.
    Softmax,
    /// Shares of a whole, the smallest element the largest.
    Softmin,
    /// The logarithms of a softmax.
    LogSoftmax,
    /// 1 for the first of the largest of each row, 0 for the others.
    Hardmax,
    /// Negative elements become 0.
    ReLU,
    /// Negative elements become 0, those over 6 become 6.
    ReLU6,
    /// Negative elements are made small.
    LeakyReLU,
    /// Negative elements are multiplied by a learned slope.
    PReLU,
    /// Negative elements bend towards a limit.
    ELU,
    /// The same, scaled so that mean and variance stay.
    SELU,
    /// The same with a slope of 1 at 0.
    CELU,
    /// Each element times its share of a normal distribution.
    GELU,
    /// Each element times its sigmoid.
    SiLU,
    /// Each element times tanh of its softplus.
    Mish,
    /// Each element times a share that grows in a straight line.
    Hardswish,
    /// A straight line between 0 and 1.
    Hardsigmoid,
    /// Elements kept between two numbers, −1 and 1 unless others are given.
    Hardtanh,
    /// Elements kept between two numbers, or on one side of one.
    Clamp,
    /// Elements that are not over a number become another.
    Threshold,
    /// Negative elements are multiplied by a slope that training draws.
    RReLU,
    /// Elements near 0 become 0.
    Hardshrink,
    /// Elements near 0 become 0, and others come nearer.
    Softshrink,
    /// What tanh takes away.
    Tanhshrink,
    /// Between 0 and 1.
    Sigmoid,
    /// The logarithm of the sigmoid.
    LogSigmoid,
    /// Between −1 and 1.
    Tanh,
    /// A smooth ReLU.
    Softplus,
    /// Between −1 and 1, slowly.
    Softsign,
    /// Nothing: training drops elements, inference does not.
    Dropout,
    /// Nothing: training drops elements and keeps mean and variance, inference does not.
    AlphaDropout,
    /// Nothing: training drops branches, inference does not.
    StochasticDepth,
    /// Nothing.
    Identity,
    /// An earlier tensor of the chain.
    Branch,
    /// The sum with an earlier tensor of the chain.
    Add,
    /// The difference from an earlier tensor of the chain.
    Sub,
    /// The product with an earlier tensor of the chain, element by element.
    Mul,
    /// The quotient by an earlier tensor of the chain, element by element.
    Div,
    /// What divisions leave.
    Fmod,
    /// Elements raised to a power.
    Pow,
    /// The larger of the elements at the same place.
    Maximum,
    /// The smaller of the elements at the same place.
    Minimum,
    /// The mean of the elements at the same place.
    Average,
    /// Whether elements are equal: 1 where they are, 0 where not.
    Equal,
    /// Whether elements differ.
    NotEqual,
    /// Whether elements are less.
    Less,
    /// Whether elements are less or equal.
    LessEqual,
    /// Whether elements are greater.
    Greater,
    /// Whether elements are greater or equal.
    GreaterEqual,
    /// Whether both elements are true.
    LogicalAnd,
    /// Whether one of the elements is true, or both.
    LogicalOr,
    /// Whether one of the elements is true, and not both.
    LogicalXor,
    /// Whether the element is 0.
    LogicalNot,
    /// Whether the element is no number.
    IsNaN,
    /// The absolute value.
    Abs,
    /// The opposite number.
    Neg,
    /// The square root.
    Sqrt,
    /// One over the square root.
    Rsqrt,
    /// One over the element.
    Reciprocal,
    /// e to the power of the element.
    Exp,
    /// The natural logarithm.
    Log,
    /// The error function.
    Erf,
    /// 1, 0 or −1.
    Sign,
    /// The next whole number below.
    Floor,
    /// The next whole number above.
    Ceil,
    /// The nearest whole number.
    Round,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The tangent.
    Tan,
    /// Neighbouring axes become one.
    Flatten,
    /// One axis becomes several.
    Unflatten,
    /// Other axes for the same elements in the same order.
    Reshape,
    /// Axes in another order.
    Permute,
    /// Two axes in each other's place.
    Transpose,
    /// Axes backwards.
    Flip,
    /// Axes of length 1 away.
    Squeeze,
    /// Axes of length 1 in.
    Unsqueeze,
    /// Every so many elements of some axes, between two places.
    Slice,
    /// One element of an axis.
    Select,
    /// One of the parts that an axis is split into.
    Split,
    /// One of so many parts of an axis.
    Chunk,
    /// Axes of length 1 repeated.
    Expand,
    /// Axes repeated as a whole.
    Tile,
    /// Channels of each group in turn.
    ChannelShuffle,
    /// Blocks of rows and columns become channels.
    SpaceToDepth,
    /// Channels become blocks of rows and columns.
    DepthToSpace,
    /// Tensors one behind the other along an axis.
    Concat,
    /// Tensors along a new axis.
    Stack,
    /// Elements of an axis by their numbers.
    IndexSelect,
    /// Rows of a table by their numbers.
    Embedding,
    /// Axes turned round.
    Roll,
    /// Padding of any axes.
    Pad,
    /// Zeros around a line.
    ZeroPad1d,
    /// Zeros around.
    ZeroPad2d,
    /// Zeros around a volume.
    ZeroPad3d,
    /// A number around a line.
    ConstantPad1d,
    /// A number around.
    ConstantPad2d,
    /// A number around a volume.
    ConstantPad3d,
    /// A line mirrored at its ends.
    ReflectionPad1d,
    /// Mirrored at the borders.
    ReflectionPad2d,
    /// A volume mirrored at its faces.
    ReflectionPad3d,
    /// The ends of a line repeated.
    ReplicationPad1d,
    /// The borders repeated.
    ReplicationPad2d,
    /// The faces of a volume repeated.
    ReplicationPad3d,
    /// A line that goes on at its other end.
    CircularPad1d,
    /// Rows and columns that go on at the other side.
    CircularPad2d,
    /// A volume that goes on at the other side.
    CircularPad3d,
    /// The lower triangle of each matrix; zeros above.
    Tril,
    /// The upper triangle of each matrix; zeros below.
    Triu,
    /// One of two elements, by a condition.
    Where,
    /// Layers one after another.
    Sequential,
}

impl OperationKind {
    /// The operation of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Those that the workbench offers, in the order of its menus.
    pub fn offered() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|kind| kind.description().offered)
    }

    /// Every call of PyTorch's notation that makes a layer.
    pub fn forms() -> impl Iterator<Item = &'static Form> {
        Self::ALL.iter().flat_map(|kind| kind.description().forms)
    }

    /// A small layer of it.
    #[must_use]
    pub fn layer(self) -> Layer {
        (self.description().example)()
    }

    /// A layer of it that keeps what it has in common with another one: the window, and what
    /// convolutions have besides.
    #[must_use]
    pub fn instead_of(self, before: &Layer) -> Layer {
        if before.kind() == self {
            return before.clone();
        }
        let mut layer = self.layer();
        let mut keep = |names: &[Parameter]| {
            for name in names {
                if let Some(value) = before.setting(*name) {
                    layer.set(*name, value);
                }
            }
        };
        keep(&[
            Parameter::KernelRows,
            Parameter::KernelColumns,
            Parameter::StrideRows,
            Parameter::StrideColumns,
        ]);
        // A pool takes no more padding than half of its kernel.
        if layer.number(Parameter::Filters).is_none() {
            return layer;
        }
        let mut keep = |name: Parameter| {
            if let Some(value) = before.setting(name) {
                layer.set(name, value);
            }
        };
        keep(Parameter::Filters);
        keep(Parameter::DilationRows);
        keep(Parameter::DilationColumns);
        keep(Parameter::Groups);
        keep(Parameter::Bias);
        let rows = before.number(Parameter::PaddingTop).unwrap_or(0);
        let columns = before.number(Parameter::PaddingLeft).unwrap_or(0);
        if (rows, columns) != (0, 0) && !layer.set(Parameter::Padding, Padding::Size(rows, columns))
        {
            layer.set(Parameter::PaddingTop, rows);
            layer.set(Parameter::PaddingLeft, columns);
        }
        layer
    }
}

impl Layer {
    /// PyTorch's name of the operation, or ours for the named forms.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// Checks the layer against the shape of its input (without a batch axis) and works out
    /// everything that its steps need. Takes no memory that grows with the sizes.
    ///
    /// # Errors
    /// What PyTorch refuses is refused, and what is over the limits. `Sequential` and
    /// `DepthwiseSeparable` have no single plan: use [`crate::network::Chain::plan`].
    pub fn plan(&self, input: &Shape) -> Result<Plan, LayerError> {
        self.operation().plan(self, input)
    }

    /// As [`Layer::plan`], for operations on several inputs and for those that know the batch axis.
    ///
    /// # Errors
    /// As [`Layer::plan`], and when there are too few inputs or too many.
    pub fn plan_inputs(&self, inputs: &[Shape], batch: BatchAxis) -> Result<Plan, LayerError> {
        self.operation().plan_inputs(self, inputs, batch)
    }

    /// The layer as a call in PyTorch's notation, for an input of a shape.
    #[must_use]
    pub fn call(&self, input: &Shape, style: Style) -> String {
        self.operation().call(input, style)
    }

    /// The layers that this one is made of, in order: several for `Sequential` and
    /// `DepthwiseSeparable`, itself for every other.
    #[must_use]
    pub fn flattened(&self) -> Vec<Self> {
        match self.operation().parts() {
            Some(parts) => parts.iter().flat_map(Self::flattened).collect(),
            None => vec![self.clone()],
        }
    }

    /// What an operand is filled with when nothing else is given.
    #[must_use]
    pub fn fill(&self, operand: &str) -> Option<&Fill> {
        self.operation().fill(operand)
    }

    /// Fills an operand; whether the layer has one of that name.
    pub fn fill_with(&mut self, operand: &str, fill: Fill) -> bool {
        match self.operation_mut().fill_mut(operand) {
            Some(own) => {
                *own = fill;
                true
            }
            None => false,
        }
    }

    /// Changes every fill of the layer.
    pub fn change_fills(&mut self, change: &mut dyn FnMut(&mut Fill)) {
        self.operation_mut().settings(&mut Refill(change));
    }

    /// A setting; `None` where the layer has none of that name.
    #[must_use]
    pub fn setting(&self, name: Parameter) -> Option<Setting> {
        let mut read = Read { name, found: None };
        self.clone().operation_mut().settings(&mut read);
        read.found
    }

    /// A whole number; `None` where the layer has none of that name.
    #[must_use]
    pub fn number(&self, name: Parameter) -> Option<usize> {
        match self.setting(name) {
            Some(Setting::Number(value)) => Some(value),
            _ => None,
        }
    }

    /// Changes a setting; whether the layer has one of that name and kind.
    pub fn set(&mut self, name: Parameter, value: impl Into<Setting>) -> bool {
        let mut write = Write {
            name,
            value: value.into(),
            found: false,
        };
        self.operation_mut().settings(&mut write);
        write.found
    }

    /// Everything that can be changed, in the order in which it is shown.
    #[must_use]
    pub fn settings(&self) -> Vec<Shown> {
        let mut list = List::default();
        self.clone().operation_mut().settings(&mut list);
        list.0
    }
}
