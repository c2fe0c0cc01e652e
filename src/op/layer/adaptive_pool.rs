//! Pools that state their output size: `AdaptiveAvgPool2d` and `AdaptiveMaxPool2d`.
//!
//! Source: <https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html>.

use std::fmt;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, Value};
use crate::op::code::LoopNest;
use crate::op::error::{InputAxes, LayerError, TensorRole};
use crate::op::geometry::{Adaptive, Geometry};
use crate::op::operation::{Described, Description, Family, Operation, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::convolution::checked_shape;
use super::defaults::is_default;

/// A pool that divides its input into as many windows as asked for: their maxima, or their means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptivePool2d<const MAX: bool> {
    /// Rows and columns of the output; `None` keeps those of the input.
    #[serde(deserialize_with = "read_sizes", serialize_with = "write_sizes")]
    pub output: (Option<usize>, Option<usize>),
    /// Whether PyTorch would also return where each maximum is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub return_indices: bool,
}

/// Means of windows that divide the input into a stated number.
pub type AdaptiveAvgPool2d = AdaptivePool2d<false>;

/// Maxima of such windows.
pub type AdaptiveMaxPool2d = AdaptivePool2d<true>;

/// A size of an output: a number, or `None`; with or without RON's `implicit_some`.
pub(super) struct Size(pub Option<usize>);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SizeVisitor;

        impl<'de> Visitor<'de> for SizeVisitor {
            type Value = Size;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of rows or columns, or None to keep those of the input")
            }

            fn visit_u64<E: de::Error>(self, size: u64) -> Result<Size, E> {
                usize::try_from(size)
                    .map(|size| Size(Some(size)))
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(size), &self))
            }

            fn visit_none<E: de::Error>(self) -> Result<Size, E> {
                Ok(Size(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Size, D::Error> {
                usize::deserialize(deserializer).map(|size| Size(Some(size)))
            }
        }

        deserializer.deserialize_any(SizeVisitor)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(size) => size.serialize(serializer),
            None => serializer.serialize_none(),
        }
    }
}

type Sizes = (Option<usize>, Option<usize>);

fn read_sizes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sizes, D::Error> {
    <(Size, Size)>::deserialize(deserializer).map(|(rows, columns)| (rows.0, columns.0))
}

fn write_sizes<S: Serializer>(sizes: &Sizes, serializer: S) -> Result<S::Ok, S::Error> {
    (Size(sizes.0), Size(sizes.1)).serialize(serializer)
}

impl<const MAX: bool> AdaptivePool2d<MAX> {
    /// A pool of so many rows and columns.
    #[must_use]
    pub const fn new(rows: usize, columns: usize) -> Self {
        Self {
            output: (Some(rows), Some(columns)),
            return_indices: false,
        }
    }

    /// A pool of one window a channel.
    #[must_use]
    pub const fn global() -> Self {
        Self::new(1, 1)
    }

    const NAME: &'static str = if MAX {
        "AdaptiveMaxPool2d"
    } else {
        "AdaptiveAvgPool2d"
    };

    fn make(given: &Arguments) -> ParseResult<Self> {
        let return_indices = given.truth("return_indices", false)?;
        let output = match given.get("output_size") {
            Some(Value::None) => (None, None),
            Some(Value::List(sizes)) if sizes.len() == 2 => {
                let size = |value: &Value| match value {
                    Value::None => Ok(None),
                    Value::Integer(size @ 1..) => Ok(usize::try_from(*size).ok()),
                    other => {
                        let this = other.described();
                        let message = says!(
                            with [this];
                            en: "output_size needs sizes of at least 1 or None, this is {this}",
                            ja: "output_size には 1 以上の大きさか None が要りますが、これは {this} です。"
                        );
                        given.wrong("output_size", message)
                    }
                };
                (size(&sizes[0])?, size(&sizes[1])?)
            }
            _ => {
                let (rows, columns) = given.pair("output_size", None, 1)?;
                (Some(rows), Some(columns))
            }
        };
        Ok(Self {
            output,
            return_indices,
        })
    }
}

impl Described for AdaptiveAvgPool2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("means, as many as asked for", "出力サイズ指定の平均"),
        forms: &[Form {
            name: "AdaptiveAvgPool2d",
            parameters: &["output_size"],
            required: 1,
            make: |given| AdaptiveAvgPool2d::make(given).map(Layer::from),
        }],
        example: || AdaptiveAvgPool2d::new(2, 2).into(),
        onnx: &[],
        family: Family::Pooling,
        offered: true,
    };
}

impl Described for AdaptiveMaxPool2d {
    const DESCRIPTION: Description = Description {
        about: Localized::new("maxima, as many as asked for", "決まった数の最大値"),
        forms: &[Form {
            name: "AdaptiveMaxPool2d",
            parameters: &["output_size", "return_indices"],
            required: 1,
            make: |given| AdaptiveMaxPool2d::make(given).map(Layer::from),
        }],
        example: || AdaptiveMaxPool2d::new(2, 2).into(),
        onnx: &[],
        family: Family::Pooling,
        offered: true,
    };
}

impl<const MAX: bool> Operation for AdaptivePool2d<MAX> {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        let name = layer.name();
        let &[channels, height, width] = input.axes() else {
            return Err(LayerError::Rank {
                layer: name,
                expected: InputAxes::Planes,
                shape: *input,
            });
        };
        let sizes = [
            self.output.0.unwrap_or(height),
            self.output.1.unwrap_or(width),
        ];
        if sizes.contains(&0) {
            return Err(LayerError::Zero {
                layer: name,
                argument: "output_size",
            });
        }
        let output = checked_shape(name, TensorRole::Output, &[channels, sizes[0], sizes[1]])?;
        let geometry = Geometry::Adaptive(Adaptive {
            channels,
            input: [height, width],
            output: sizes,
            max: MAX,
        });
        Plan::new(layer.clone(), *input, output, Vec::new(), geometry)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let size = |size: Option<usize>| size.map_or("None".into(), |size| size.to_string());
        let sizes = format!("({}, {})", size(self.output.0), size(self.output.1));
        Line::new(Self::NAME, style)
            .named("output_size", sizes)
            .switch("return_indices", self.return_indices, false)
            .end()
    }

    fn sample_rank(&self) -> Option<usize> {
        Some(3)
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Window)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        let [_, height, width] = plan.input_shape().as_chw();
        let [_, rows, columns] = plan.output_shape().as_chw();
        let windows = [
            format!("for i in range(y*{height}//{rows}, ceil((y + 1)*{height}/{rows})):"),
            format!("for j in range(x*{width}//{columns}, ceil((x + 1)*{width}/{columns})):"),
        ];
        let (begin, term, value) = if MAX {
            ("-inf", "s = max(s, a[f, i, j])", "s")
        } else {
            ("0", "s += a[f, i, j]", "s / n")
        };
        LoopNest::windows(plan, windows, begin, term, value)
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        settings.optional(Parameter::TargetRows, &mut self.output.0);
        settings.optional(Parameter::TargetColumns, &mut self.output.1);
    }
}
