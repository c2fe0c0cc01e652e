//! Networks: graphs of layers, layers one after another, and the texts that they come from. Pure.
//!
//! A [`Chain`] is checked against the shape of its input, costs what its layers cost, and runs. Its
//! layers come from PyTorch's [`notation`], from the [`presets`], or from a lesson
//! ([`read_layers`]). A [`Subject`] is whatever a command line names.

mod attention;
mod chain;
mod classes;
mod graph;
pub mod map;
pub mod notation;
pub mod onnx;
mod onnx_network;
pub mod pen;
pub mod presets;
mod python;
mod reach;
mod shares;
mod shipped;
mod state_dict;
mod subject;
mod written_layers;

pub use attention::Attention;
pub use chain::{Chain, ChainError, ChainRow, SkipError};
pub use classes::{ClassNames, ClassesError};
pub use graph::{
    Again, EditedBefore, EditedGraph, Failures, FieldBefore, FieldStatus, Fields, Graph,
    GraphBuilder, GraphChain, GraphError, GraphRow, Keep, LayerEdit, LayerEdits, Misfit, Node,
    Origin, ReceptiveField, RunError, Value, ValueId, ValueSource, Values, Work,
};
pub use onnx_network::OnnxNetwork;
pub use python::{PrintedModel, Program, SourceError};
pub use shares::shares;
pub use shipped::{SHIPPED, ShippedNetwork};
pub use state_dict::{StateError, StateReport};
pub use subject::{Network, Subject, SubjectError};
pub use written_layers::{WRITTEN_NAMES, read_layers};
