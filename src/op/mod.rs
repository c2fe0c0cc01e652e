//! Operations: layers, checked plans, numbered steps, results and costs.
//!
//! A [`Layer`] says what to compute. [`Layer::plan`] checks it against the shape of an input and
//! gives a [`Plan`]: a few numbers from which any [`Step`] is computed in constant time, never
//! stored. Stage, formula panel, `eval` and tests all read the same plan. What an operation is
//! stands in one file of `layer/`; see [`Operation`].
//!
//! Sources: PyTorch's documentation of `torch.nn` for names, defaults and results; V. Dumoulin and
//! F. Visin, "A guide to convolution arithmetic for deep learning" (2016) for the shapes.

mod axis;
mod call;
mod code;
mod cost;
mod elementary;
mod equivalence;
mod error;
mod evaluate;
mod explain;
mod formula;
mod geometry;
mod layer;
mod onnx;
mod operands;
mod operation;
mod order;
mod padding;
mod phase;
mod plan;
mod plan_lookup;
mod ranges;
mod relations;
mod setting;
mod step;
mod trace;

pub use call::{ArgumentError, Arguments, Form, Style, Value};
pub use code::{Active, CodeLine, LineKind, LoopNest, Variable};
pub use cost::Cost;
pub use equivalence::one_layer;
pub use error::{AxisName, GroupedAxis, InputAxes, LayerError, Quantity, TensorRole};
pub use explain::{Explanation, TermValue};
pub use formula::{AxisFormula, ShapeFormula};
pub(crate) use geometry::{Geometry, PoolKind};
pub use geometry::{NearestRule, Transformation, TransposeView};
pub use layer::*;
pub(crate) use layer::{LAYER_NAMES, read_variant};
pub use onnx::{
    OnnxAttribute, OnnxConstant, OnnxForm, OnnxInput, OnnxLayer, OnnxNode, OnnxRefusal,
};
pub use operands::{Operand, OperandError, OperandRole, Operands};
pub use operation::{BatchAxis, Description, Family, Operation, Spoken, VisualStyle};
pub use order::{LoopOrder, Schedule, Visit};
pub use padding::{LinePadding, Padding, PaddingMode, Sides, VolumePadding};
pub use phase::Phase;
pub use plan::{Plan, Work, WorkUnit};
pub use plan_lookup::PartialSum;
pub use ranges::{AxisRanges, Field, StridedRange, WeightField};
pub use relations::Relations;
pub use setting::{Choice, Parameter, Setting, Settings, Shown};
pub use step::{Step, Term, TermSource, Terms};
