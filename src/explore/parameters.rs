//! The numbers of a layer and of its input, by name: read, written, and which values make sense.

use std::ops::RangeInclusive;

use super::Setup;
use crate::op::{Layer, Padding, Upsample};

/// A number that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parameter {
    /// Channels of the input.
    Channels,
    /// Rows of the input.
    Rows,
    /// Columns of the input.
    Columns,
    /// Output channels.
    Filters,
    /// Rows of the kernel.
    KernelRows,
    /// Columns of the kernel.
    KernelColumns,
    /// Rows from one window to the next.
    StrideRows,
    /// Columns from one window to the next.
    StrideColumns,
    /// Rows of padding above.
    PaddingTop,
    /// Rows of padding below.
    PaddingBottom,
    /// Columns of padding on the left.
    PaddingLeft,
    /// Columns of padding on the right.
    PaddingRight,
    /// Rows from one weight to the next.
    DilationRows,
    /// Columns from one weight to the next.
    DilationColumns,
    /// Groups of channels and filters.
    Groups,
    /// Rows added to the end of a transposed convolution's output.
    OutputPaddingRows,
    /// Columns added there.
    OutputPaddingColumns,
    /// The factor of a shuffle.
    Factor,
    /// By how much rows grow.
    ScaleRows,
    /// By how much columns grow.
    ScaleColumns,
    /// Rows that an adaptive pool is asked for.
    TargetRows,
    /// Columns that it is asked for.
    TargetColumns,
    /// The earlier tensor that is added.
    Tensor,
}

impl Parameter {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 23] = [
        Self::Channels,
        Self::Rows,
        Self::Columns,
        Self::Filters,
        Self::KernelRows,
        Self::KernelColumns,
        Self::StrideRows,
        Self::StrideColumns,
        Self::PaddingTop,
        Self::PaddingBottom,
        Self::PaddingLeft,
        Self::PaddingRight,
        Self::DilationRows,
        Self::DilationColumns,
        Self::Groups,
        Self::OutputPaddingRows,
        Self::OutputPaddingColumns,
        Self::Factor,
        Self::ScaleRows,
        Self::ScaleColumns,
        Self::TargetRows,
        Self::TargetColumns,
        Self::Tensor,
    ];

    /// The number for the other axis, where there are two.
    #[must_use]
    pub const fn across(self) -> Option<Self> {
        Some(match self {
            Self::Rows => Self::Columns,
            Self::KernelRows => Self::KernelColumns,
            Self::StrideRows => Self::StrideColumns,
            Self::DilationRows => Self::DilationColumns,
            Self::OutputPaddingRows => Self::OutputPaddingColumns,
            Self::ScaleRows => Self::ScaleColumns,
            Self::TargetRows => Self::TargetColumns,
            Self::PaddingTop => Self::PaddingLeft,
            _ => return None,
        })
    }

    /// The values that a slider runs through. A field takes more.
    #[must_use]
    pub const fn usual(self) -> RangeInclusive<usize> {
        match self {
            Self::Channels | Self::Filters => 1..=32,
            Self::Rows | Self::Columns => 1..=32,
            Self::KernelRows | Self::KernelColumns => 1..=7,
            Self::StrideRows
            | Self::StrideColumns
            | Self::DilationRows
            | Self::DilationColumns
            | Self::Factor
            | Self::ScaleRows
            | Self::ScaleColumns => 1..=4,
            Self::PaddingTop
            | Self::PaddingBottom
            | Self::PaddingLeft
            | Self::PaddingRight
            | Self::OutputPaddingRows
            | Self::OutputPaddingColumns => 0..=4,
            Self::TargetRows | Self::TargetColumns | Self::Groups => 1..=16,
            Self::Tensor => 0..=8,
        }
    }

    /// The greatest value that a field takes.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Channels | Self::Filters | Self::Groups | Self::Rows | Self::Columns => 65_536,
            _ => 4_096,
        }
    }
}

/// A number of a pair.
const fn part((rows, columns): (usize, usize), of_rows: bool) -> usize {
    if of_rows { rows } else { columns }
}

fn put(pair: &mut (usize, usize), of_rows: bool, value: usize) {
    if of_rows {
        pair.0 = value;
    } else {
        pair.1 = value;
    }
}

/// The number of a setup; `None` where its selected layer has none of that name.
#[must_use]
pub fn number(setup: &Setup, parameter: Parameter) -> Option<usize> {
    use Parameter::{
        Channels, Columns, DilationColumns, DilationRows, Factor, Filters, Groups, KernelColumns,
        KernelRows, OutputPaddingColumns, OutputPaddingRows, PaddingBottom, PaddingLeft,
        PaddingRight, PaddingTop, Rows, ScaleColumns, ScaleRows, StrideColumns, StrideRows,
        TargetColumns, TargetRows, Tensor,
    };
    match parameter {
        Channels => return Some(setup.input[0]),
        Rows => return Some(setup.input[1]),
        Columns => return Some(setup.input[2]),
        _ => {}
    }
    Some(match (setup.layer()?, parameter) {
        (Layer::Conv2d(layer), Filters) => layer.filters,
        (Layer::Conv2d(layer), KernelRows | KernelColumns) => {
            part(layer.kernel, parameter == KernelRows)
        }
        (Layer::Conv2d(layer), StrideRows | StrideColumns) => {
            part(layer.stride, parameter == StrideRows)
        }
        (Layer::Conv2d(layer), DilationRows | DilationColumns) => {
            part(layer.dilation, parameter == DilationRows)
        }
        (Layer::Conv2d(layer), Groups) => layer.groups,
        (Layer::Conv2d(layer), PaddingTop | PaddingBottom | PaddingLeft | PaddingRight) => {
            let [top, bottom, left, right] = sides(layer.padding)?;
            match parameter {
                PaddingTop => top,
                PaddingBottom => bottom,
                PaddingLeft => left,
                _ => right,
            }
        }
        (Layer::ConvTranspose2d(layer), Filters) => layer.filters,
        (Layer::ConvTranspose2d(layer), KernelRows | KernelColumns) => {
            part(layer.kernel, parameter == KernelRows)
        }
        (Layer::ConvTranspose2d(layer), StrideRows | StrideColumns) => {
            part(layer.stride, parameter == StrideRows)
        }
        (Layer::ConvTranspose2d(layer), DilationRows | DilationColumns) => {
            part(layer.dilation, parameter == DilationRows)
        }
        (Layer::ConvTranspose2d(layer), PaddingTop | PaddingLeft) => {
            part(layer.padding, parameter == PaddingTop)
        }
        (Layer::ConvTranspose2d(layer), OutputPaddingRows | OutputPaddingColumns) => {
            part(layer.output_padding, parameter == OutputPaddingRows)
        }
        (Layer::ConvTranspose2d(layer), Groups) => layer.groups,
        (Layer::MaxPool2d(layer), KernelRows | KernelColumns) => {
            part(layer.kernel, parameter == KernelRows)
        }
        (Layer::MaxPool2d(layer), StrideRows | StrideColumns) => part(
            layer.stride.unwrap_or(layer.kernel),
            parameter == StrideRows,
        ),
        (Layer::MaxPool2d(layer), PaddingTop | PaddingLeft) => {
            part(layer.padding, parameter == PaddingTop)
        }
        (Layer::MaxPool2d(layer), DilationRows | DilationColumns) => {
            part(layer.dilation, parameter == DilationRows)
        }
        (Layer::AvgPool2d(layer), KernelRows | KernelColumns) => {
            part(layer.kernel, parameter == KernelRows)
        }
        (Layer::AvgPool2d(layer), StrideRows | StrideColumns) => part(
            layer.stride.unwrap_or(layer.kernel),
            parameter == StrideRows,
        ),
        (Layer::AvgPool2d(layer), PaddingTop | PaddingLeft) => {
            part(layer.padding, parameter == PaddingTop)
        }
        (
            Layer::AdaptiveAvgPool2d(layer) | Layer::AdaptiveMaxPool2d(layer),
            TargetRows | TargetColumns,
        ) => {
            let [_, height, width] = setup.selected_input().map_or(setup.input, |it| it.planes());
            if parameter == TargetRows {
                layer.output.0.unwrap_or(height)
            } else {
                layer.output.1.unwrap_or(width)
            }
        }
        (Layer::PixelShuffle(layer) | Layer::PixelUnshuffle(layer), Factor) => layer.factor,
        (Layer::Upsample(layer), ScaleRows | ScaleColumns) => {
            let (rows, columns) = layer.scale?;
            (if parameter == ScaleRows {
                rows
            } else {
                columns
            })
            .round() as usize
        }
        (Layer::Add(layer), Tensor) => layer.tensor,
        _ => return None,
    })
}

/// Writes a number of a setup; whether the selected layer has one of that name.
pub fn set_number(setup: &mut Setup, parameter: Parameter, value: usize) -> bool {
    use Parameter::{
        Channels, Columns, DilationColumns, DilationRows, Factor, Filters, Groups, KernelColumns,
        KernelRows, OutputPaddingColumns, OutputPaddingRows, PaddingBottom, PaddingLeft,
        PaddingRight, PaddingTop, Rows, ScaleColumns, ScaleRows, StrideColumns, StrideRows,
        TargetColumns, TargetRows, Tensor,
    };
    match parameter {
        Channels => setup.input[0] = value,
        Rows => setup.input[1] = value,
        Columns => setup.input[2] = value,
        _ => {
            let target = setup.selected_input().map(|shape| shape.planes());
            let Some(layer) = setup.layers.get_mut(setup.selected) else {
                return false;
            };
            match (layer, parameter) {
                (Layer::Conv2d(layer), Filters) => layer.filters = value,
                (Layer::Conv2d(layer), KernelRows | KernelColumns) => {
                    put(&mut layer.kernel, parameter == KernelRows, value);
                }
                (Layer::Conv2d(layer), StrideRows | StrideColumns) => {
                    put(&mut layer.stride, parameter == StrideRows, value);
                }
                (Layer::Conv2d(layer), DilationRows | DilationColumns) => {
                    put(&mut layer.dilation, parameter == DilationRows, value);
                }
                (Layer::Conv2d(layer), Groups) => layer.groups = value,
                (Layer::Conv2d(layer), PaddingTop | PaddingBottom | PaddingLeft | PaddingRight) => {
                    let [top, bottom, left, right] = sides(layer.padding).unwrap_or_default();
                    layer.padding = match (parameter, layer.padding) {
                        // Numbers of both axes stay numbers of both sides.
                        (PaddingTop, Padding::Size(_, columns)) => Padding::Size(value, columns),
                        (PaddingLeft, Padding::Size(rows, _)) => Padding::Size(rows, value),
                        _ => {
                            let mut sides = [top, bottom, left, right];
                            let place = match parameter {
                                PaddingTop => 0,
                                PaddingBottom => 1,
                                PaddingLeft => 2,
                                _ => 3,
                            };
                            sides[place] = value;
                            let [top, bottom, left, right] = sides;
                            Padding::Sides {
                                top,
                                bottom,
                                left,
                                right,
                            }
                        }
                    };
                }
                (Layer::ConvTranspose2d(layer), Filters) => layer.filters = value,
                (Layer::ConvTranspose2d(layer), KernelRows | KernelColumns) => {
                    put(&mut layer.kernel, parameter == KernelRows, value);
                }
                (Layer::ConvTranspose2d(layer), StrideRows | StrideColumns) => {
                    put(&mut layer.stride, parameter == StrideRows, value);
                }
                (Layer::ConvTranspose2d(layer), DilationRows | DilationColumns) => {
                    put(&mut layer.dilation, parameter == DilationRows, value);
                }
                (Layer::ConvTranspose2d(layer), PaddingTop | PaddingLeft) => {
                    put(&mut layer.padding, parameter == PaddingTop, value);
                }
                (Layer::ConvTranspose2d(layer), OutputPaddingRows | OutputPaddingColumns) => {
                    put(
                        &mut layer.output_padding,
                        parameter == OutputPaddingRows,
                        value,
                    );
                }
                (Layer::ConvTranspose2d(layer), Groups) => layer.groups = value,
                (Layer::MaxPool2d(layer), KernelRows | KernelColumns) => {
                    put(&mut layer.kernel, parameter == KernelRows, value);
                }
                (Layer::MaxPool2d(layer), StrideRows | StrideColumns) => {
                    let stride = layer.stride.get_or_insert(layer.kernel);
                    put(stride, parameter == StrideRows, value);
                }
                (Layer::MaxPool2d(layer), PaddingTop | PaddingLeft) => {
                    put(&mut layer.padding, parameter == PaddingTop, value);
                }
                (Layer::MaxPool2d(layer), DilationRows | DilationColumns) => {
                    put(&mut layer.dilation, parameter == DilationRows, value);
                }
                (Layer::AvgPool2d(layer), KernelRows | KernelColumns) => {
                    put(&mut layer.kernel, parameter == KernelRows, value);
                }
                (Layer::AvgPool2d(layer), StrideRows | StrideColumns) => {
                    let stride = layer.stride.get_or_insert(layer.kernel);
                    put(stride, parameter == StrideRows, value);
                }
                (Layer::AvgPool2d(layer), PaddingTop | PaddingLeft) => {
                    put(&mut layer.padding, parameter == PaddingTop, value);
                }
                (
                    Layer::AdaptiveAvgPool2d(layer) | Layer::AdaptiveMaxPool2d(layer),
                    TargetRows | TargetColumns,
                ) => {
                    let [_, height, width] = target.unwrap_or([1, 1, 1]);
                    let mut sizes = (
                        layer.output.0.unwrap_or(height),
                        layer.output.1.unwrap_or(width),
                    );
                    put(&mut sizes, parameter == TargetRows, value);
                    layer.output = (Some(sizes.0), Some(sizes.1));
                }
                (Layer::PixelShuffle(layer) | Layer::PixelUnshuffle(layer), Factor) => {
                    layer.factor = value;
                }
                (Layer::Upsample(layer), ScaleRows | ScaleColumns) => {
                    let (mut rows, mut columns) = layer.scale.unwrap_or((1.0, 1.0));
                    if parameter == ScaleRows {
                        rows = value as f64;
                    } else {
                        columns = value as f64;
                    }
                    *layer = Upsample {
                        size: None,
                        scale: Some((rows, columns)),
                        ..layer.clone()
                    };
                }
                (Layer::Add(layer), Tensor) => layer.tensor = value,
                _ => return false,
            }
        }
    }
    true
}

/// Top, bottom, left and right of a padding that is given in numbers.
#[must_use]
pub const fn sides(padding: Padding) -> Option<[usize; 4]> {
    match padding {
        Padding::Valid => Some([0; 4]),
        Padding::Size(rows, columns) => Some([rows, rows, columns, columns]),
        Padding::Sides {
            top,
            bottom,
            left,
            right,
        } => Some([top, bottom, left, right]),
        Padding::Same | Padding::Full => None,
    }
}

/// The groups that divide both channels and filters, from 1 (standard) up. The last one is a
/// depthwise convolution where it is the number of channels.
#[must_use]
pub fn allowed_groups(channels: usize, filters: usize) -> Vec<usize> {
    let (mut a, mut b) = (channels, filters);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    (1..=a).filter(|groups| a.is_multiple_of(*groups)).collect()
}

/// The groups that the selected layer may have, where it has groups.
#[must_use]
pub fn groups_of(setup: &Setup) -> Option<Vec<usize>> {
    number(setup, Parameter::Groups)?;
    let filters = number(setup, Parameter::Filters)?;
    Some(allowed_groups(setup.selected_input()?.channels(), filters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::Kind;

    #[test]
    fn groups_stop_only_where_they_divide() {
        assert_eq!(allowed_groups(8, 12), [1, 2, 4]);
        assert_eq!(allowed_groups(8, 8), [1, 2, 4, 8]);
        assert_eq!(allowed_groups(3, 4), [1]);
        assert_eq!(allowed_groups(6, 12), [1, 2, 3, 6]);
        for groups in allowed_groups(24, 36) {
            assert!(24 % groups == 0 && 36 % groups == 0);
        }
    }

    #[test]
    fn every_number_of_every_kind_reads_back_as_it_was_written() {
        for kind in Kind::ALL {
            let mut setup = Setup::default();
            setup.layers[0] = kind.layer();
            for parameter in Parameter::ALL {
                let Some(before) = number(&setup, parameter) else {
                    assert!(
                        !set_number(&mut setup, parameter, 2),
                        "{kind:?} {parameter:?}"
                    );
                    continue;
                };
                let value = before + 1;
                assert!(set_number(&mut setup, parameter, value));
                assert_eq!(
                    number(&setup, parameter),
                    Some(value),
                    "{kind:?} {parameter:?}"
                );
            }
        }
    }

    #[test]
    fn one_side_of_a_padding_makes_sides_of_it() {
        let mut setup = Setup::default();
        set_number(&mut setup, Parameter::PaddingBottom, 2);
        let Layer::Conv2d(layer) = &setup.layers[0] else {
            panic!("a convolution");
        };
        assert_eq!(sides(layer.padding), Some([0, 2, 0, 0]));
    }
}
