//! Networks from ONNX files. Pure: bytes go in, and files beside are read by who opens it.

mod build;
mod constant;
mod element;
mod error;
mod fold;
mod idiom;
mod inline;
mod input;
mod lower;
mod model;
mod nothing;
mod order;
mod refusal;
mod wire;

pub use constant::{Constant, Numbers};
pub use element::ElementType;
pub use error::{NodeName, OnnxError, TensorFault};
pub use input::GivenInput;
pub use model::{Body, Declared, DeclaredAxis, DeclaredKind, Function, Model, Node};
pub use wire::WireError;

#[cfg(test)]
mod tests;
