//! Planning and showing of operations that only move the elements of one tensor.

use crate::op::call::{Arguments, Line, ParseResult};
use crate::op::error::{LayerError, TensorRole};
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Geometry, Mapped, Rearrangement, View};
use crate::op::operation::BatchAxis;
use crate::op::plan::Plan;
use crate::op::setting::Settings;
use crate::says;
use crate::tensor::Shape;

use super::{Layer, dim};

/// A tensor that a layer is planned on, its batch axis included: of a sample, as a batch of one.
pub(super) struct Whole {
    pub layer: &'static str,
    pub lengths: Vec<usize>,
    batch: BatchAxis,
}

/// A view of it, and how each axis comes about.
pub(super) struct Arranged {
    pub view: View,
    pub formula: Vec<AxisFormula>,
}

/// What a layer that only moves elements says of itself.
pub(super) trait Arrange {
    /// The view that it makes.
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError>;

    /// Whether samples meet, given the number of axes with the batch.
    fn mixes(&self, rank: usize) -> bool;

    /// Its arguments as a call has them.
    fn written(&self, line: Line) -> Line;

    /// What can be changed in it.
    fn show(&mut self, _settings: &mut dyn Settings) {}
}

impl Whole {
    pub fn new(layer: &'static str, input: &Shape, batch: BatchAxis) -> Self {
        let mut lengths = input.axes().to_vec();
        if batch == BatchAxis::Absent {
            lengths.insert(0, 1);
        }
        Self {
            layer,
            lengths,
            batch,
        }
    }

    pub fn rank(&self) -> usize {
        self.lengths.len()
    }

    /// Whether the batch axis is one that the sample itself does not have.
    pub fn is_sample(&self) -> bool {
        self.batch == BatchAxis::Absent
    }

    /// The place of an axis by PyTorch's number. The batch axis of a sample is refused.
    pub fn place(&self, dim: i64) -> Result<usize, LayerError> {
        self.place_among(dim, self.rank())
    }

    /// The same among so many axes.
    pub fn place_among(&self, dim: i64, rank: usize) -> Result<usize, LayerError> {
        let absent = usize::from(self.is_sample());
        dim::place(self.layer, dim, rank - absent, self.batch).map(|place| place + absent)
    }

    /// Which axes are named, by PyTorch's numbers.
    pub fn chosen(&self, dims: &[i64]) -> Result<Vec<bool>, LayerError> {
        let absent = usize::from(self.is_sample());
        let mut chosen = dim::chosen(self.layer, Some(dims), self.rank() - absent, self.batch)?;
        if self.is_sample() {
            chosen.insert(0, false);
        }
        Ok(chosen)
    }

    pub fn unfit<T>(&self, why: crate::language::Localized<String>) -> Result<T, LayerError> {
        Err(LayerError::Unfit {
            layer: self.layer,
            why,
        })
    }

    pub fn view(&self) -> View {
        View::of(&self.lengths)
    }

    /// A view with axes as long as they are.
    pub fn kept(&self, view: View) -> Arranged {
        let lengths = view.lengths();
        let formula = lengths
            .into_iter()
            .map(|result| AxisFormula::Kept { result })
            .collect();
        Arranged { view, formula }
    }
}

/// Whether an axis by PyTorch's number is the batch, among so many with it.
pub(super) fn is_batch(dim: i64, rank: usize) -> bool {
    dim == 0 || dim == -(rank as i64)
}

/// An argument that is one whole number or several, which may be negative.
pub(super) fn listed(given: &Arguments, parameter: &'static str) -> ParseResult<Vec<i64>> {
    match given.integers(parameter)? {
        Some(numbers) => Ok(numbers),
        None => given.wrong(
            parameter,
            says!(
                en: "{parameter} needs whole numbers, as (2, 3)",
                ja: "{parameter} には (2, 3) のように整数が要ります。"
            ),
        ),
    }
}

/// The only one of several inputs.
pub(super) fn only(layer: &Layer, inputs: &[Shape]) -> Result<Shape, LayerError> {
    match *inputs {
        [input] => Ok(input),
        _ => Err(LayerError::InputCount {
            layer: layer.name(),
            takes: 1,
            given: inputs.len(),
        }),
    }
}

/// The shape of an output; an empty one is refused as PyTorch's would hold nothing.
pub(super) fn output_shape(layer: &Layer, lengths: &[usize]) -> Result<Shape, LayerError> {
    Shape::of_axes(lengths).map_err(|why| LayerError::Shape {
        layer: layer.name(),
        tensor: TensorRole::Output,
        why,
    })
}

/// Plans a layer that makes a view of its input.
pub(super) fn plan(
    layer: &Layer,
    arrange: &dyn Arrange,
    inputs: &[Shape],
    batch: BatchAxis,
) -> Result<Plan, LayerError> {
    let input = only(layer, inputs)?;
    let whole = Whole::new(layer.name(), &input, batch);
    let mut arranged = arrange.arrange(&whole)?;
    let mut lengths = arranged.view.lengths();
    if whole.is_sample() {
        if lengths.first() != Some(&1) {
            return whole.unfit(says!(
                en: "it would change the first axis, which is the batch; give the input with its batch",
                ja: "先頭の軸はバッチですが、その長さが変わります。バッチを含む入力を与えてください。"
            ));
        }
        lengths.remove(0);
        arranged.view.axes.remove(0);
        arranged.formula.remove(0);
    }
    let output = output_shape(layer, &lengths)?;
    let geometry = Rearrangement::new(input, &arranged.view, output, arranged.formula);
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    Plan::new(layer.clone(), input, output, Vec::new(), geometry)
}

/// Numbers as Python writes a tuple: `(1, 2)`, `(1,)`.
pub(super) fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(i64::to_string).collect();
    match inner.as_slice() {
        [only] => format!("({only},)"),
        inner => format!("({})", inner.join(", ")),
    }
}

/// Makes an operation of a type that is [`Arrange`].
macro_rules! arranged {
    (
        $name:ident, $style:ident;
        $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal
    ) => {
        impl $crate::op::operation::Operation for $name {
            fn plan(
                &self,
                layer: &$crate::op::layer::Layer,
                input: &$crate::tensor::Shape,
            ) -> Result<$crate::op::plan::Plan, $crate::op::error::LayerError> {
                let batch = $crate::op::operation::BatchAxis::Absent;
                $crate::op::layer::arrangement::plan(layer, self, &[*input], batch)
            }

            fn plan_inputs(
                &self,
                layer: &$crate::op::layer::Layer,
                inputs: &[$crate::tensor::Shape],
                batch: $crate::op::operation::BatchAxis,
            ) -> Result<$crate::op::plan::Plan, $crate::op::error::LayerError> {
                $crate::op::layer::arrangement::plan(layer, self, inputs, batch)
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                use $crate::op::layer::arrangement::Arrange as _;
                ranks.iter().any(|rank| self.mixes(*rank))
            }

            fn call(
                &self,
                _input: &$crate::tensor::Shape,
                style: $crate::op::call::Style,
            ) -> String {
                use $crate::op::layer::arrangement::Arrange as _;
                self.written($crate::op::call::Line::new(stringify!($name), style))
                    .end()
            }

            fn spoken(&self) -> Option<$crate::op::operation::Spoken> {
                Some($crate::op::operation::Spoken::of(
                    $crate::language::Localized::new($name_en, $name_ja),
                    $crate::language::Localized::new($does_en, $does_ja),
                ))
            }

            fn visual_style(&self) -> Option<$crate::op::operation::VisualStyle> {
                Some($crate::op::operation::VisualStyle::$style)
            }

            fn code(
                &self,
                plan: &$crate::op::plan::Plan,
                _schedule: &$crate::op::order::Schedule,
            ) -> $crate::op::code::LoopNest {
                $crate::op::code::LoopNest::elementwise(plan, &plan.index_code())
            }

            fn settings(&mut self, settings: &mut dyn $crate::op::setting::Settings) {
                use $crate::op::layer::arrangement::Arrange as _;
                self.show(settings);
            }
        }
    };
}
pub(super) use arranged;
