//! Operations: layers as people write them, checked plans, numbered steps, results and costs.
//!
//! A [`Layer`] says what to compute. [`Layer::plan`] checks it against the shape of an input and
//! gives a [`Plan`]: a few numbers from which any [`Step`] is computed in constant time, never
//! stored. Stage, formula panel, `eval` and tests all read the same plan. Several layers in a row
//! are a [`Chain`].
//!
//! Sources: PyTorch's documentation of `torch.nn` for names, defaults and results; V. Dumoulin and
//! F. Visin, "A guide to convolution arithmetic for deep learning" (2016) for the shapes.

mod axis;
mod chain;
mod cost;
mod error;
mod evaluate;
mod explain;
mod formula;
mod geometry;
mod layer;
pub mod notation;
mod operands;
mod order;
mod padding;
mod phase;
mod plan;
pub mod presets;
mod ranges;
mod reading;
mod relations;
mod step;
mod subject;

pub use chain::{Chain, ChainError, ChainRow, SkipError};
pub use cost::Cost;
pub use error::{AxisName, GroupedAxis, InputAxes, LayerError, Quantity, TensorRole};
pub use explain::{Explanation, TermValue};
pub use formula::{AxisFormula, ShapeFormula};
pub use geometry::TransposeView;
pub use layer::{
    AdaptivePool2d, Add, AvgPool2d, Conv1d, Conv2d, Conv3d, ConvTranspose2d, Depthwise,
    DepthwiseSeparable, Layer, MaxPool2d, PixelShuffle, Pointwise, Upsample, UpsampleMode,
};
pub use operands::{OperandError, Operands};
pub use order::{LoopOrder, Schedule, Visit};
pub use padding::{LinePadding, Padding, PaddingMode, Sides, VolumePadding};
pub use phase::Phase;
pub use plan::Plan;
pub use ranges::{AxisRanges, Field, StridedRange, WeightField};
pub use reading::Held;
pub use relations::Relations;
pub use step::{Source, Step, Term, Terms};
pub use subject::{Subject, SubjectError};
