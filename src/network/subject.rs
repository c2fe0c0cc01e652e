//! What a command works on: layers in PyTorch's notation, or a preset by its name.

use crate::language::{Localized, Message, message_error};
use crate::op::Layer;
use crate::tensor::{Fill, Shape};

use super::chain::{Chain, ChainError};
use super::notation::{Model, NotationError};
use super::presets::{Preset, PresetError};

/// Layers that a command line names.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Written out.
    Model(Model),
    /// By a preset's name.
    Preset(&'static Preset),
}

/// Why a text names no layers, or layers that do not fit an input.
#[derive(Debug, Clone, PartialEq)]
pub enum SubjectError {
    /// A mistake in the notation, or an input that the layers do not take.
    Notation(NotationError),
    /// A name that no preset has.
    Preset(PresetError),
    /// An input that a preset does not take.
    Chain(ChainError),
}

impl Message for SubjectError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Notation(why) => why.message(),
            Self::Preset(why) => why.message(),
            Self::Chain(why) => why.message(),
        }
    }
}

message_error!(SubjectError {
    Notation(NotationError),
    Preset(PresetError),
    Chain(ChainError),
});

impl Subject {
    /// Reads a preset's name or PyTorch's notation. A text without parentheses is a name.
    ///
    /// # Errors
    /// With the place of a mistake, or the nearest name.
    pub fn parse(text: &str) -> Result<Self, SubjectError> {
        let name = text.trim();
        let looks_like_name = !name.is_empty() && !name.contains(['(', '\n']);
        if looks_like_name {
            match Preset::find(name) {
                Ok(preset) => return Ok(Self::Preset(preset)),
                // A layer's name without its parentheses is better answered by the notation.
                Err(error) if !name.starts_with(|first: char| first.is_ascii_uppercase()) => {
                    if !name.contains('.') {
                        return Err(error.into());
                    }
                }
                Err(_) => {}
            }
        }
        Ok(Self::Model(Model::parse(text)?))
    }

    /// Its layers in order.
    ///
    /// # Errors
    /// Never: the presets' own notation is tested.
    pub fn layers(&self) -> Result<Vec<Layer>, SubjectError> {
        match self {
            Self::Model(model) => Ok(model.layers()),
            Self::Preset(preset) => Ok(preset.layers()?),
        }
    }

    /// Checks that its layers take an input and follow on from one another.
    ///
    /// # Errors
    /// With the place of the layer that does not fit.
    pub fn plan(&self, input: &Shape) -> Result<Chain, SubjectError> {
        match self {
            Self::Model(model) => Ok(model.plan(input)?),
            Self::Preset(preset) => Ok(Chain::plan(&preset.layers()?, input)?),
        }
    }

    /// The input that a preset brings along.
    #[must_use]
    pub fn input(&self) -> Option<(Shape, Fill)> {
        match self {
            Self::Model(_) => None,
            Self::Preset(preset) => Some((preset.input_shape().ok()?, preset.fill())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_works_where_a_layer_does() {
        let subject = Subject::parse("padding_strides_odd").unwrap();
        let (shape, _) = subject.input().unwrap();
        assert_eq!(
            subject.plan(&shape).unwrap().output_shape().to_string(),
            "1 × 3 × 3"
        );
        assert!(
            Subject::parse("nn.Conv2d(1, 1, 3)")
                .unwrap()
                .input()
                .is_none()
        );
    }

    #[test]
    fn a_mistaken_name_is_answered_with_the_nearest() {
        let error = |text| Subject::parse(text).unwrap_err().to_string();
        assert!(error("padding_stride_odd").contains("did you mean \"padding_strides_odd\""));
        assert!(error("Conv2d").contains("needs parentheses"));
        assert!(error("nn.Conv2d").contains("needs parentheses"));
    }
}
