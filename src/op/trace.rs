//! From output places back to the input places that they depend on, along one axis: what the
//! receptive field of a chain is traced by.

use super::axis::Axis;
use super::geometry::Geometry;
use super::plan::Plan;

impl Plan {
    /// Input elements from one output element to the next, along rows (0) or columns (1); below 1
    /// for operations that make the input larger.
    #[must_use]
    pub fn effective_stride(&self, axis: usize) -> f64 {
        self.geometry().effective_stride(axis)
    }

    /// The first and the last input place that output places from the first to the last depend on,
    /// along rows (0) or columns (1). Places outside the input count, as if it went on.
    #[must_use]
    pub fn places_read(&self, axis: usize, places: (i64, i64)) -> (i64, i64) {
        self.geometry().places_read(axis, places)
    }
}

impl Plan {
    /// Whether every place along rows (0) or columns (1) of the input is read by each place of the
    /// output: a global pool, a mean over the axis.
    #[must_use]
    pub fn reads_all(&self, axis: usize) -> bool {
        let length = self.input_shape().as_chw()[axis + 1] as i64;
        let last = self.output_shape().as_chw()[axis + 1] as i64 - 1;
        let inside = |places: (i64, i64)| places.0 <= 0 && places.1 >= length - 1;
        let windows = matches!(
            self.geometry(),
            Geometry::Convolution(_) | Geometry::Transposed(_) | Geometry::Pool(_)
        );
        // A window that happens to cover its input goes on over padding: it is a window still.
        !windows
            && inside(self.places_read(axis, (0, 0)))
            && inside(self.places_read(axis, (last, last)))
    }
}

impl Plan {
    /// Whether the numbers decide which elements an output element is made of.
    #[must_use]
    pub fn chosen_by_data(&self) -> bool {
        match self.geometry() {
            Geometry::Mapped(mapped) => mapped.chosen_by_data(),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => false,
        }
    }
}

impl Geometry {
    /// Input elements from one output element to the next, along rows (0) or columns (1).
    fn effective_stride(&self, axis: usize) -> f64 {
        match self {
            Self::Convolution(convolution) => convolution.axes[axis + 1].stride as f64,
            Self::Transposed(transposed) => 1.0 / transposed.axes[axis].stride as f64,
            Self::Pool(pool) => pool.axes[axis].stride as f64,
            Self::Adaptive(pool) => pool.input[axis] as f64 / pool.output[axis] as f64,
            Self::Shuffle(shuffle) if shuffle.inverse => shuffle.factor as f64,
            Self::Shuffle(shuffle) => 1.0 / shuffle.factor as f64,
            Self::Resize(resize) => {
                resize.axes[axis].input as f64 / resize.axes[axis].output as f64
            }
            Self::Elementwise(_) => 1.0,
            Self::Mapped(mapped) => mapped.effective_stride(axis),
        }
    }

    /// The first and the last input place that output places from the first to the last depend
    /// on, along rows (0) or columns (1). Places outside the input count, as if it went on.
    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let window = |axis: &Axis| {
            let start = |at: i64| at * axis.stride as i64 - axis.before as i64;
            (start(first), start(last) + axis.reach() as i64 - 1)
        };
        match self {
            Self::Convolution(convolution) => window(&convolution.axes[axis + 1]),
            Self::Pool(pool) => window(&pool.axes[axis]),
            Self::Transposed(transposed) => {
                let axis = &transposed.axes[axis];
                let (stride, padding) = (axis.stride as i64, axis.padding as i64);
                let from = |at: i64| (at + padding - axis.span() as i64, at + padding);
                let (low, _) = from(first);
                let (_, high) = from(last);
                // Up to the next whole input place, and down to the one before.
                (
                    (low + stride - 1).div_euclid(stride),
                    high.div_euclid(stride),
                )
            }
            Self::Adaptive(pool) => {
                let (input, output) = (pool.input[axis] as i64, pool.output[axis] as i64);
                let end = ((last + 1) * input + output - 1).div_euclid(output);
                ((first * input).div_euclid(output), end - 1)
            }
            Self::Shuffle(shuffle) => {
                let factor = shuffle.factor as i64;
                if shuffle.inverse {
                    (first * factor, last * factor + factor - 1)
                } else {
                    (first.div_euclid(factor), last.div_euclid(factor))
                }
            }
            Self::Resize(resize) => {
                let end = resize.axes[axis].output as i64 - 1;
                let place = |at: i64| {
                    // Beyond the ends, whole elements more.
                    let inside = at.clamp(0, end);
                    let (low, high, _) = resize.neighbours(axis, inside as usize);
                    let beyond =
                        ((at - inside) as f64 * self.effective_stride(axis)).round() as i64;
                    (low as i64 + beyond, high as i64 + beyond)
                };
                (place(first).0, place(last).1)
            }
            Self::Elementwise(_) => (first, last),
            Self::Mapped(mapped) => mapped.places_read(axis, (first, last)),
        }
    }
}
