//! A text of notation, read: its layers in order, each with its place in the text.

use std::ops::Range;
use std::str::FromStr;

use crate::language::Message;
use crate::network::{Chain, ChainError};
use crate::op::{Layer, LayerError, Sequential};
use crate::says;
use crate::tensor::Shape;

use super::build::{SpannedLayer, build};
use super::error::NotationError;
use super::parser::parse;

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
        let mut placed = Vec::new();
        for call in parse(source)? {
            build(source, &call, &mut placed)?;
        }
        if placed.is_empty() {
            let message = says!(
                en: "there is no layer in this; write for example nn.Conv2d(3, 8, 3)",
                ja: "層がありません。たとえば nn.Conv2d(3, 8, 3) のように書いてください。"
            );
            return Err(NotationError::new(source, 0..source.len(), message));
        }
        Ok(Self {
            source: source.to_string(),
            placed,
        })
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
                ChainError::Layer { position, why, .. } => (*position, argument(why)),
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

    /// Where an argument of a layer is, or the layer's name.
    fn span(&self, position: usize, argument: &str) -> Range<usize> {
        let Some(placed) = self.placed.get(position) else {
            return 0..0;
        };
        let argument = placed.arguments.iter().find(|(name, _)| *name == argument);
        argument.map_or(&placed.span, |(_, span)| span).clone()
    }
}

/// PyTorch's name of the argument that an error is about.
fn argument(error: &LayerError) -> &'static str {
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
