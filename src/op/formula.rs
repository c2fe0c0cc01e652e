//! The output shape as a formula with its numbers filled in.

use std::fmt;

use crate::tensor::{MAX_RANK, Shape};

use super::axis::Axis;
use super::geometry::{Geometry, TransposedAxis};

/// How one axis of the output comes about. Prints with the numbers filled in, for example
/// `⌊(6 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 4`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AxisFormula {
    /// A sliding window: `⌊(input + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`, with the
    /// ceiling instead under `ceil_mode`.
    Window {
        /// Length of the input.
        input: usize,
        /// Padding before and behind it.
        padding: (usize, usize),
        /// Length of the kernel.
        kernel: usize,
        /// Dilation.
        dilation: usize,
        /// Stride.
        stride: usize,
        /// How many elements at the end of the padded input no window reaches: the remainder that
        /// the floor drops.
        unused: usize,
        /// How far the last window reaches past the end of the padded input (`ceil_mode`).
        beyond: usize,
        /// Length of the output.
        result: usize,
    },
    /// A transposed window:
    /// `(input − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1`.
    Transposed {
        /// Length of the input.
        input: usize,
        /// Elements cut off the start and the end of the output.
        padding: (usize, usize),
        /// Length of the kernel.
        kernel: usize,
        /// Dilation.
        dilation: usize,
        /// Stride.
        stride: usize,
        /// Elements added to the end.
        output_padding: usize,
        /// Length of the output.
        result: usize,
    },
    /// `input · factor`.
    Times {
        /// Length of the input.
        input: usize,
        /// By what it grows.
        factor: usize,
        /// Length of the output.
        result: usize,
    },
    /// `input / factor`, without remainder.
    Divided {
        /// Length of the input.
        input: usize,
        /// By what it shrinks.
        factor: usize,
        /// Length of the output.
        result: usize,
    },
    /// Windows from `⌊i·input/result⌋` to `⌈(i + 1)·input/result⌉`.
    Adaptive {
        /// Length of the input.
        input: usize,
        /// Length of the output, as asked for.
        result: usize,
    },
    /// `⌊input / ratio⌋`: resizing.
    Resized {
        /// Length of the input.
        input: usize,
        /// Length of the output.
        result: usize,
    },
    /// As long as the input.
    Kept {
        /// Length of both.
        result: usize,
    },
    /// `a · b · c`: neighbouring axes as one.
    Joined {
        /// Their lengths.
        lengths: [usize; MAX_RANK],
        /// How many there are.
        count: usize,
        /// Length of the output.
        result: usize,
    },
    /// `⌈(stop − start) / step⌉`: every so many elements.
    Sliced {
        /// The first.
        start: usize,
        /// The end, which is not taken itself; −1 for backwards to the first element.
        stop: isize,
        /// From one to the next; negative for backwards.
        step: isize,
        /// Length of the output.
        result: usize,
    },
    /// `before + input + after`; negative where elements are cut off.
    Padded {
        /// Elements in front.
        before: isize,
        /// Length of the input.
        input: usize,
        /// Elements behind.
        after: isize,
        /// Length of the output.
        result: usize,
    },
    /// `a + b + c`: inputs one behind the other.
    Concatenated {
        /// Lengths of the first ones, and last that of the last where there are more.
        lengths: [usize; MAX_RANK],
        /// How many there are.
        count: usize,
        /// Length of the output.
        result: usize,
    },
}

/// The formulas of the output's axes, outermost first: depth, height and width, and channels where
/// they change by a formula. Prints one formula when all axes share it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeFormula {
    /// Axis names (`C`, `D`, `H`, `W`) with their formulas.
    pub axes: Vec<(&'static str, AxisFormula)>,
}

/// The first lengths, and in the last place the last one.
fn abridged(lengths: &[usize]) -> [usize; MAX_RANK] {
    let mut few = [0; MAX_RANK];
    for (few, &length) in few.iter_mut().zip(lengths) {
        *few = length;
    }
    if let (true, Some(&last)) = (lengths.len() > MAX_RANK, lengths.last()) {
        few[MAX_RANK - 1] = last;
    }
    few
}

impl AxisFormula {
    /// Neighbouring axes as one; a single one is kept.
    pub(crate) fn joined(lengths: &[usize]) -> Self {
        let result = lengths.iter().product();
        match lengths {
            [] | [_] => Self::Kept { result },
            lengths => Self::Joined {
                lengths: abridged(lengths),
                count: lengths.len(),
                result,
            },
        }
    }

    /// Inputs one behind the other.
    pub(crate) fn concatenated(lengths: &[usize]) -> Self {
        Self::Concatenated {
            lengths: abridged(lengths),
            count: lengths.len(),
            result: lengths.iter().sum(),
        }
    }

    pub(crate) fn window(axis: &Axis) -> Self {
        let covered = (axis.output - 1) * axis.stride + axis.reach();
        Self::Window {
            input: axis.input,
            padding: (axis.before, axis.after),
            kernel: axis.kernel,
            dilation: axis.dilation,
            stride: axis.stride,
            unused: axis.unused(),
            beyond: covered.saturating_sub(axis.padded()),
            result: axis.output,
        }
    }

    pub(crate) fn transposed(axis: &TransposedAxis) -> Self {
        Self::Transposed {
            input: axis.input,
            padding: (axis.padding, axis.padding_after()),
            kernel: axis.kernel,
            dilation: axis.dilation,
            stride: axis.stride,
            output_padding: axis.output_padding,
            result: axis.output,
        }
    }

    /// Length of the output along this axis.
    #[must_use]
    pub fn result(&self) -> usize {
        match *self {
            Self::Window { result, .. }
            | Self::Transposed { result, .. }
            | Self::Times { result, .. }
            | Self::Divided { result, .. }
            | Self::Adaptive { result, .. }
            | Self::Resized { result, .. }
            | Self::Joined { result, .. }
            | Self::Sliced { result, .. }
            | Self::Padded { result, .. }
            | Self::Concatenated { result, .. }
            | Self::Kept { result } => result,
        }
    }

    /// Elements at the end of the padded input that no window reaches.
    #[must_use]
    pub fn unused(&self) -> usize {
        match *self {
            Self::Window { unused, .. } => unused,
            _ => 0,
        }
    }

    /// Those of [`AxisFormula::unused`] that are input and not padding.
    #[must_use]
    pub fn unused_input(&self) -> usize {
        match *self {
            Self::Window {
                unused, padding, ..
            } => unused.saturating_sub(padding.1),
            _ => 0,
        }
    }
}

impl fmt::Display for AxisFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Window {
                input,
                padding,
                kernel,
                dilation,
                stride,
                beyond,
                result,
                ..
            } => {
                let (open, close) = if beyond > 0 {
                    ('⌈', '⌉')
                } else {
                    ('⌊', '⌋')
                };
                write!(f, "{open}({input} + ")?;
                match padding {
                    (before, after) if before == after => write!(f, "2·{before}")?,
                    (before, after) => write!(f, "{before} + {after}")?,
                }
                write!(
                    f,
                    " − {dilation}·({kernel} − 1) − 1) / {stride}{close} + 1 = {result}"
                )
            }
            Self::Transposed {
                input,
                padding,
                kernel,
                dilation,
                stride,
                output_padding,
                result,
            } => {
                write!(f, "({input} − 1)·{stride} − ")?;
                match padding {
                    (before, after) if before == after => write!(f, "2·{before}")?,
                    (before, after) => write!(f, "{before} − {after}")?,
                }
                write!(
                    f,
                    " + {dilation}·({kernel} − 1) + {output_padding} + 1 = {result}"
                )
            }
            Self::Times {
                input,
                factor,
                result,
            } => write!(f, "{input}·{factor} = {result}"),
            Self::Divided {
                input,
                factor,
                result,
            } => write!(f, "{input} / {factor} = {result}"),
            Self::Adaptive { input, result } => write!(f, "{input} → {result}"),
            Self::Resized { input, result } => write!(f, "{input} → {result}"),
            Self::Kept { result } => write!(f, "{result}"),
            Self::Joined {
                lengths,
                count,
                result,
            } => {
                let lengths = lengths.iter().take(count).map(usize::to_string);
                let product = lengths.collect::<Vec<_>>().join("·");
                write!(f, "{product} = {result}")
            }
            Self::Sliced {
                start,
                stop,
                step,
                result,
            } => {
                let minus = |value: isize| match value {
                    value if value < 0 => format!("(−{})", value.unsigned_abs()),
                    value => value.to_string(),
                };
                match step {
                    1 => write!(f, "{stop} − {start} = {result}"),
                    step => write!(
                        f,
                        "⌈({} − {start}) / {}⌉ = {result}",
                        minus(stop).trim_matches(['(', ')']),
                        minus(step)
                    ),
                }
            }
            Self::Padded {
                before,
                input,
                after,
                result,
            } => {
                let sign = |value: isize| if value < 0 { '−' } else { '+' };
                match before {
                    0 => write!(f, "{input}")?,
                    before if before < 0 => write!(f, "{input} − {}", before.unsigned_abs())?,
                    before => write!(f, "{before} + {input}")?,
                }
                if after != 0 {
                    write!(f, " {} {}", sign(after), after.unsigned_abs())?;
                }
                write!(f, " = {result}")
            }
            Self::Concatenated {
                lengths,
                count,
                result,
            } => {
                let mut parts: Vec<String> =
                    lengths.iter().take(count).map(usize::to_string).collect();
                if let (true, Some(last)) = (count > MAX_RANK, parts.last_mut()) {
                    *last = format!("… + {last}");
                }
                write!(f, "{} = {result}", parts.join(" + "))
            }
        }
    }
}

impl ShapeFormula {
    pub(crate) fn of(geometry: &Geometry, input: &Shape) -> Self {
        // A line has no rows.
        let rows = usize::from(input.rank() == 2);
        let spatial = |axes: [AxisFormula; 2]| vec![("H", axes[0]), ("W", axes[1])].split_off(rows);
        let axes = match geometry {
            Geometry::Convolution(convolution) => ["D", "H", "W"]
                .into_iter()
                .zip(&convolution.axes)
                .skip(4usize.saturating_sub(input.rank()))
                .map(|(name, axis)| (name, AxisFormula::window(axis)))
                .collect(),
            Geometry::Transposed(transposed) => {
                spatial([0, 1].map(|axis| AxisFormula::transposed(&transposed.axes[axis])))
            }
            Geometry::Pool(pool) => {
                spatial([0, 1].map(|axis| AxisFormula::window(&pool.axes[axis])))
            }
            Geometry::Adaptive(pool) => spatial([0, 1].map(|axis| AxisFormula::Adaptive {
                input: pool.input[axis],
                result: pool.output[axis],
            })),
            Geometry::Shuffle(shuffle) => {
                let [channels, height, width] = input.as_chw();
                let (factor, square) = (shuffle.factor, shuffle.factor * shuffle.factor);
                let formula = |grows: bool, input: usize, factor: usize| {
                    if grows {
                        AxisFormula::Times {
                            input,
                            factor,
                            result: input * factor,
                        }
                    } else {
                        AxisFormula::Divided {
                            input,
                            factor,
                            result: input / factor,
                        }
                    }
                };
                vec![
                    ("C", formula(shuffle.inverse, channels, square)),
                    ("H", formula(!shuffle.inverse, height, factor)),
                    ("W", formula(!shuffle.inverse, width, factor)),
                ]
            }
            Geometry::Resize(resize) => spatial([0, 1].map(|axis| {
                let axis = &resize.axes[axis];
                let (input, result) = (axis.input, axis.output);
                if result.is_multiple_of(input) {
                    AxisFormula::Times {
                        input,
                        factor: result / input,
                        result,
                    }
                } else {
                    AxisFormula::Resized { input, result }
                }
            })),
            Geometry::Elementwise(elementwise) => {
                let [_, height, width] = elementwise.shape;
                spatial([height, width].map(|result| AxisFormula::Kept { result }))
            }
            Geometry::Mapped(mapped) => mapped.formula(),
        };
        Self { axes }
    }

    /// The formula of an axis by its name.
    #[must_use]
    pub fn axis(&self, name: &str) -> Option<&AxisFormula> {
        self.axes
            .iter()
            .find(|(axis, _)| *axis == name)
            .map(|(_, formula)| formula)
    }
}

impl fmt::Display for ShapeFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, first)) = self.axes.first()
            && self.axes.iter().all(|(_, formula)| formula == first)
        {
            return first.fmt(f);
        }
        for (number, (name, formula)) in self.axes.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{name}: {formula}")?;
        }
        Ok(())
    }
}
