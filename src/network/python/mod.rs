//! PyTorch's source, read: lines of layers as they are pasted, and whole files with classes.
//!
//! The part of Python that builds a network is run: literals, arithmetic, lists, loops over what is
//! constant, classes with `__init__` and what they inherit, helper functions. Then `forward` is run on a
//! tensor that has a shape and no numbers, and every call of a module or a function adds to a [`Graph`].
//! What cannot be followed is named with its line. The parser is this program's own: it tells mistakes
//! with their places in both languages, takes lines from the middle of a file, and is small beside the
//! 73 crates that the parser of ruff would add to the program.

mod attributes;
mod builtins;
mod composed;
mod constants;
mod foreign;
mod functions;
mod interpreter;
mod letters;
mod lexer;
mod methods;
mod modules;
mod names;
mod operators;
mod parser;
mod printed;
mod program;
mod syntax;
mod trace;
mod value;

pub use printed::PrintedModel;
pub(super) use printed::left_open;
pub use program::{Program, SourceError};
pub(super) use program::{Reading, SpannedLayer, read};
