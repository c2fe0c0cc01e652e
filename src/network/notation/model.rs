//! A text of notation, read: its layers in order, each with its place in the text.

use std::ops::Range;
use std::str::FromStr;

use crate::language::{Localized, Message};
use crate::network::{Chain, ChainError};
use crate::op::{Layer, LayerError, Sequential};
use crate::says;
use crate::tensor::Shape;

use super::error::NotationError;
use crate::network::python::{Reading, SpannedLayer, left_open, read};

/// The layers of a text, flattened, with what is needed to point at a mistake.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    source: String,
    placed: Vec<SpannedLayer>,
}

impl Model {
    /// Reads a layer or a sequence in PyTorch's notation.
    ///
    /// # Errors
    /// With the place of the mistake, what is wrong, and what would be right.
    pub fn parse(source: &str) -> Result<Self, NotationError> {
        match read(source)? {
            Reading::Layers(placed) | Reading::Printed(_, Some((placed, _))) => {
                Ok(Self::of(source, placed))
            }
            Reading::Program(_) | Reading::Printed(_, None) => {
                let message = says!(
                    en: "this is a network with a forward of its own, not layers one after another",
                    ja: "これは独自の forward を持つネットワークで、層の連なりではありません。"
                );
                Err(NotationError::new(source, 0..0, message))
            }
        }
    }

    /// Layers that have been read from a text.
    pub(in crate::network) fn of(source: &str, placed: Vec<SpannedLayer>) -> Self {
        Self {
            source: source.to_string(),
            placed,
        }
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its layers in order, sequences taken apart.
    #[must_use]
    pub fn layers(&self) -> Vec<Layer> {
        self.placed
            .iter()
            .map(|placed| placed.layer.clone())
            .collect()
    }

    /// Its only layer, or a `Sequential` of several.
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self.placed.as_slice() {
            [only] => only.layer.clone(),
            _ => Sequential(self.layers()).into(),
        }
    }

    /// Checks that its layers take an input and follow on from one another.
    ///
    /// # Errors
    /// With the place of the layer, or of the argument, that does not fit.
    pub fn plan(&self, input: &Shape) -> Result<Chain, NotationError> {
        Chain::plan(&self.layers(), input).map_err(|error| {
            let (position, argument) = match &error {
                ChainError::Layer { position, why, .. } => (*position, argument_of(why)),
                ChainError::Skip { position, .. } => (*position, "tensor"),
                ChainError::Operands { position, .. } => (*position, ""),
                ChainError::Empty | ChainError::TooLong { .. } | ChainError::Tensor(_) => (0, ""),
            };
            let message = match error {
                // A single layer needs no word about its place in the chain.
                ChainError::Layer { why, .. } if self.placed.len() == 1 => why.message(),
                other => other.message(),
            };
            NotationError::new(&self.source, self.span(position, argument), message)
        })
    }

    /// What is left open in layers that are written as PyTorch prints them: with every argument by its
    /// name, and without `nn.`.
    #[must_use]
    pub fn notes(&self) -> Vec<Localized<String>> {
        let mut notes = Vec::new();
        for placed in &self.placed {
            let name = self.source.get(placed.span.clone()).unwrap_or_default();
            let by_name = |(name, span): &(&str, Range<usize>)| {
                let argument = self.source.get(span.clone()).unwrap_or_default();
                argument
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.trim_start().starts_with('='))
            };
            let printed = !name.contains('.')
                && placed.arguments.len() > 1
                && placed.arguments.iter().all(by_name)
                && placed
                    .arguments
                    .iter()
                    .all(|(name, _)| !DECIDING.contains(name));
            if printed
                && let Some(note) = left_open(&placed.layer)
                && !notes.contains(&note)
            {
                notes.push(note);
            }
        }
        notes
    }

    /// Where an argument of a layer is, or the layer's name.
    fn span(&self, position: usize, argument: &str) -> Range<usize> {
        let Some(placed) = self.placed.get(position) else {
            return 0..0;
        };
        let argument = placed.arguments.iter().find(|(name, _)| *name == argument);
        argument.map_or(&placed.span, |(_, span)| span).clone()
    }
}

/// Arguments that decide what a print leaves open.
const DECIDING: [&str; 3] = ["ceil_mode", "count_include_pad", "align_corners"];

/// PyTorch's name of the argument that an error is about.
pub(in crate::network) fn argument_of(error: &LayerError) -> &'static str {
    match error {
        LayerError::Channels { .. } => "in_channels",
        LayerError::Groups { .. } => "groups",
        LayerError::KernelTooLarge { .. } => "kernel_size",
        LayerError::SameWithStride { .. }
        | LayerError::PaddingTooLarge { .. }
        | LayerError::PoolPadding { .. } => "padding",
        LayerError::OutputPadding { .. } => "output_padding",
        LayerError::Zero { argument, .. } | LayerError::TooLarge { argument, .. } => {
            match *argument {
                "kernel" => "kernel_size",
                "filters" => "out_channels",
                other => other,
            }
        }
        _ => "",
    }
}

impl FromStr for Layer {
    type Err = NotationError;

    /// Reads PyTorch's notation; several layers are a `Sequential`.
    fn from_str(source: &str) -> Result<Self, NotationError> {
        Model::parse(source).map(|model| model.layer())
    }
}
