//! Tensors: shapes with index arithmetic, `f32` data in row-major order, and the ways to fill them.
//!
//! A feature map is `C × H × W`, a weight `F × C/groups × kH × kW`. Nothing here knows about operations,
//! drawing or files' places: what is read from a file is parsed from bytes.

pub mod files;
mod fill;
mod fill_text;
mod kernel;
mod number_format;
mod preprocess;
mod random;
mod shape;
#[allow(clippy::module_inception)]
mod tensor;

pub use crate::disk::{ReadError, ReadFile, read_file};
pub use fill::{Fill, FillError};
pub use fill_text::FillWordError;
pub use kernel::{NamedKernel, WeightOrder};
pub use number_format::NumberFormat;
pub use preprocess::{Preprocess, PreprocessError};
pub use random::Random;
pub use shape::{MAX_RANK, Shape, ShapeError};
pub use tensor::{MAX_ELEMENTS, Tensor, TensorError};
