//! `PixelShuffle` and `PixelUnshuffle`: channels become space, and back.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html>; W. Shi et al.,
//! "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
//! neural network" (2016).

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style};
use crate::op::code::LoopNest;
use crate::op::error::{AxisName, InputAxes, LayerError, TensorRole};
use crate::op::geometry::{self, Geometry};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;

/// A shuffle by a factor: to space, or back to channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shuffle<const INVERSE: bool> {
    /// Rows and columns of a block: PyTorch's `upscale_factor` or `downscale_factor`.
    #[serde(alias = "upscale_factor", alias = "downscale_factor")]
    pub factor: usize,
}

/// Channels become rows and columns.
pub type PixelShuffle = Shuffle<false>;

/// Rows and columns become channels.
pub type PixelUnshuffle = Shuffle<true>;

impl<const INVERSE: bool> Shuffle<INVERSE> {
    const NAME: &'static str = if INVERSE {
        "PixelUnshuffle"
    } else {
        "PixelShuffle"
    };

    const PARAMETER: &'static str = if INVERSE {
        "downscale_factor"
    } else {
        "upscale_factor"
    };

    fn make(given: &Arguments) -> ParseResult<Self> {
        let factor = given.size(Self::PARAMETER, None, 1)?;
        Ok(Self { factor })
    }
}

impl Described for PixelShuffle {
    const DESCRIPTION: Description = Description {
        about: Localized::new("channels to space", "チャネルを空間へ"),
        forms: &[Form {
            name: "PixelShuffle",
            parameters: &["upscale_factor"],
            required: 1,
            make: |given| PixelShuffle::make(given).map(Layer::from),
        }],
        example: || PixelShuffle { factor: 2 }.into(),
        onnx: &[],
        family: Family::Shuffling,
        offered: true,
    };
}

impl Described for PixelUnshuffle {
    const DESCRIPTION: Description = Description {
        about: Localized::new("space to channels", "空間をチャネルへ"),
        forms: &[Form {
            name: "PixelUnshuffle",
            parameters: &["downscale_factor"],
            required: 1,
            make: |given| PixelUnshuffle::make(given).map(Layer::from),
        }],
        example: || PixelUnshuffle { factor: 2 }.into(),
        onnx: &[],
        family: Family::Shuffling,
        offered: true,
    };
}

impl<const INVERSE: bool> Operation for Shuffle<INVERSE> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let factor = self.factor;
        if factor == 0 {
            return Err(LayerError::Zero {
                layer: name,
                argument: "factor",
            });
        }
        let square = factor
            .checked_mul(factor)
            .filter(|&square| square <= 1 << 20)
            .ok_or(LayerError::TooLarge {
                layer: name,
                argument: "factor",
                value: factor as u128,
                limit: 1 << 10,
            })?;
        let divides = |axis, count: usize, divisor: usize| {
            if count.is_multiple_of(divisor) {
                return Ok(());
            }
            Err(LayerError::Shuffle {
                layer: name,
                axis,
                count,
                divisor,
            })
        };
        let output = if INVERSE {
            divides(AxisName::Rows, height, factor)?;
            divides(AxisName::Columns, width, factor)?;
            [channels * square, height / factor, width / factor]
        } else {
            divides(AxisName::Channels, channels, square)?;
            [channels / square, height * factor, width * factor]
        };
        let shape = checked_shape(name, TensorRole::Output, &output)?;
        let geometry = Geometry::Shuffle(geometry::Shuffle {
            output,
            factor,
            inverse: INVERSE,
        });
        Plan::new(layer.clone(), *input, shape, Vec::new(), geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        Line::new(Self::NAME, style)
            .named(Self::PARAMETER, self.factor)
            .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Carry)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let (r, square) = (self.factor, self.factor * self.factor);
        let value = if INVERSE {
            format!("a[f//{square}, y*{r} + f//{r}%{r}, x*{r} + f%{r}]")
        } else {
            format!("a[f*{square} + y%{r}*{r} + x%{r}, y//{r}, x//{r}]")
        };
        LoopNest::elementwise(plan, &value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Factor, &mut self.factor);
    }

    fn index_arithmetic(&self, [channel, row, column]: [usize; 3]) -> Option<String> {
        let factor = self.factor;
        let square = factor * factor;
        (factor > 1).then(|| {
            if INVERSE {
                let (down, along) = (channel / factor % factor, channel % factor);
                format!(
                    "[{channel} ÷ {square}, {row} × {factor} + {down}, {column} × {factor} + {along}]"
                )
            } else {
                format!(
                    "[{channel} × {square} + {} × {factor} + {}, {row} ÷ {factor}, {column} ÷ {factor}]",
                    row % factor,
                    column % factor
                )
            }
        })
    }

    fn wanted_channels(&self) -> Option<usize> {
        (!INVERSE).then_some(self.factor * self.factor)
    }
}
