//! Two or more tensors combined element by element. Shapes are lined up at their last axes, and an axis
//! of length 1 is repeated as often as the others need, as NumPy does it.
//!
//! Source: <https://numpy.org/doc/stable/user/basics.broadcasting.html>.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{Field, StridedRange};
use crate::op::step::{Term, TermSource};
use crate::tensor::{MAX_RANK, Shape};

use super::mapping::Mapping;
use super::rearrange::moved;

/// What becomes of two elements; of several, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Combine {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// What a division leaves, with the sign of what is divided.
    Remainder,
    Power,
    Maximum,
    Minimum,
    /// The sum, divided by how many there are.
    Mean,
    /// The first where it is over 0, elsewhere the first times the second: `PReLU`.
    Slope,
    /// 1 where it is true of the two, 0 where it is not.
    Truth(Relation),
}

/// What may be true of two elements. Of a truth by itself, every number but 0 is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Xor,
}

impl Relation {
    /// Whether it is true; of NaN, only that it is unequal.
    #[inline(always)]
    pub fn holds(self, left: f32, right: f32) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::And => left != 0.0 && right != 0.0,
            Self::Or => left != 0.0 || right != 0.0,
            Self::Xor => (left != 0.0) != (right != 0.0),
        }
    }
}

impl Combine {
    /// Whether the two may change places.
    pub fn commutes(self) -> bool {
        match self {
            Self::Add | Self::Multiply | Self::Maximum | Self::Minimum | Self::Mean => true,
            Self::Subtract | Self::Divide | Self::Remainder | Self::Power | Self::Slope => false,
            Self::Truth(relation) => match relation {
                Relation::Equal
                | Relation::Unequal
                | Relation::And
                | Relation::Or
                | Relation::Xor => true,
                Relation::Less
                | Relation::LessOrEqual
                | Relation::Greater
                | Relation::GreaterOrEqual => false,
            },
        }
    }

    /// What two elements come to; of a mean, their sum.
    pub fn apply(self, left: f32, right: f32) -> f32 {
        match self {
            Self::Add | Self::Mean => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Power => left.powf(right),
            Self::Maximum => maximum(left, right),
            Self::Minimum => minimum(left, right),
            Self::Slope => slope(left, right),
            Self::Truth(relation) => f32::from(relation.holds(left, right)),
        }
    }
}

/// The larger; NaN where one is NaN, as in PyTorch.
fn maximum(left: f32, right: f32) -> f32 {
    if left > right || left.is_nan() {
        left
    } else {
        right
    }
}

/// The smaller; NaN where one is NaN, as in PyTorch.
fn minimum(left: f32, right: f32) -> f32 {
    if left < right || left.is_nan() {
        left
    } else {
        right
    }
}

pub(super) fn slope(value: f32, slope: f32) -> f32 {
    if value > 0.0 { value } else { slope * value }
}

/// Tensors whose shapes go together.
#[derive(Debug)]
pub(crate) struct Broadcast {
    combine: Combine,
    inputs: Vec<Shape>,
    output: Shape,
}

impl Broadcast {
    /// A combination of inputs; `None` where their shapes do not go together, or there are none.
    pub fn new(combine: Combine, inputs: &[Shape]) -> Option<Self> {
        let rank = inputs.iter().map(Shape::rank).max()?;
        let mut axes = vec![1; rank];
        for input in inputs {
            let own = axes.iter_mut().rev().zip(input.axes().iter().rev());
            for (axis, &length) in own {
                if *axis == 1 {
                    *axis = length;
                } else if length != 1 && length != *axis {
                    return None;
                }
            }
        }
        Some(Self {
            combine,
            inputs: inputs.to_vec(),
            output: Shape::of_axes(&axes).ok()?,
        })
    }

    /// What all shapes come to.
    pub fn shape(&self) -> Shape {
        self.output
    }

    /// The element of an input that an output element takes, as plane, row and column.
    fn source(&self, input: usize, at: [usize; 3]) -> [usize; 3] {
        let shape = &self.inputs[input];
        let mut rest = self.output.chw_offset(at).unwrap_or(0);
        let (mut offset, mut step) = (0, 1);
        let mut own = shape.axes().iter().rev();
        for length in self.output.axes().iter().rev() {
            let Some(&own) = own.next() else {
                break;
            };
            offset += rest % length % own * step;
            step *= own;
            rest /= length;
        }
        shape.chw_index(offset).unwrap_or_default()
    }

    /// Whether the first input is repeated along rows (0) or columns (1).
    fn repeats(&self, axis: usize) -> bool {
        let input = self.inputs.first().map_or([1; 3], Shape::as_chw);
        input[axis + 1] == 1 && self.output.as_chw()[axis + 1] > 1
    }

    /// The place of an element of the first input along each axis of the output; `None` along an axis
    /// on which it is repeated.
    fn fixed(&self, input: [usize; 3]) -> [Option<usize>; MAX_RANK] {
        let mut fixed = [None; MAX_RANK];
        let Some(shape) = self.inputs.first() else {
            return fixed;
        };
        let mut rest = shape.chw_offset(input).unwrap_or(0);
        let axes = self.output.axes().iter().enumerate().rev();
        for ((axis, &length), &own) in axes.zip(shape.axes().iter().rev()) {
            if own == length {
                fixed[axis] = Some(rest % own);
            }
            rest /= own;
        }
        fixed
    }
}

impl Mapping for Broadcast {
    fn output(&self) -> [usize; 3] {
        self.output.as_chw()
    }

    fn phases(&self) -> &'static [Phase] {
        match self.combine {
            Combine::Add | Combine::Subtract => &[Phase::Lift, Phase::Accumulate, Phase::Settle],
            Combine::Multiply | Combine::Power => &[Phase::Lift, Phase::Multiply, Phase::Settle],
            Combine::Divide | Combine::Remainder => &[Phase::Lift, Phase::Divide, Phase::Settle],
            Combine::Mean => &[Phase::Lift, Phase::Accumulate, Phase::Divide, Phase::Settle],
            Combine::Maximum | Combine::Minimum | Combine::Slope | Combine::Truth(_) => {
                &[Phase::Lift, Phase::Compare, Phase::Settle]
            }
        }
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        match self.combine {
            Combine::Multiply => 1,
            _ => self.inputs.len(),
        }
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        let element = self.source(0, at);
        if number > 0 {
            let source = TermSource::Other {
                input: number,
                at: self.source(number, at),
            };
            return Term {
                source,
                coefficient: (self.combine == Combine::Subtract).then_some(-1.0),
                ..moved(element)
            };
        }
        let factor = self.combine == Combine::Multiply && self.inputs.len() > 1;
        Term {
            factor: factor.then(|| (1, self.source(1, at))),
            ..moved(element)
        }
    }

    fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        [self.term_count(at), 1, 1]
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        (self.source(0, at).map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _: &[f32]) -> f32 {
        if self.combine == Combine::Multiply {
            return running;
        }
        let elements = terms.iter().map(|term| term.input);
        let all = elements.reduce(|left, right| self.combine.apply(left, right));
        let all = all.unwrap_or(running);
        if self.combine == Combine::Mean {
            all / terms.len() as f32
        } else {
            all
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let first = operands.input().data();
        let data = |number| {
            operands
                .further(number)
                .map_or(&[][..], |tensor| tensor.data())
        };
        match *self.inputs.as_slice() {
            [] | [_] => out.copy_from_slice(first),
            [ref left, ref right, ref more @ ..] => {
                let walk = Walk::new(&self.output, [left, right]);
                walk.combine(self.combine, first, data(1), out);
                for (number, input) in more.iter().enumerate() {
                    let before = out.to_vec();
                    let walk = Walk::new(&self.output, [&self.output, input]);
                    walk.combine(self.combine, &before, data(number + 2), out);
                }
            }
        }
        if self.combine == Combine::Mean {
            let count = self.inputs.len() as f32;
            out.iter_mut().for_each(|value| *value /= count);
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let each = match self.combine {
            Combine::Mean => self.inputs.len(),
            _ => self.inputs.len().saturating_sub(1),
        } as u128;
        let all = each * self.output.count() as u128;
        Some((WorkUnit::Operations, Some(each), all))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let [_, rows, columns] = self.output.as_chw();
        let axis = |axis, result| {
            if self.repeats(axis) {
                AxisFormula::Times {
                    input: 1,
                    factor: result,
                    result,
                }
            } else {
                AxisFormula::Kept { result }
            }
        };
        vec![("H", axis(0, rows)), ("W", axis(1, columns))]
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        Field::single(self.source(0, at))
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let fixed = self.fixed(input);
        let (axes, rank) = (self.output.axes(), self.output.rank());
        let along = |axis: usize| match fixed[axis] {
            Some(at) => StridedRange::single(at),
            None => StridedRange::contiguous(0, axes[axis]),
        };
        let (planes, rows, columns) = match rank {
            0 => (0, None, None),
            1 => (0, None, Some(0)),
            2 => (1, None, Some(1)),
            _ => (rank - 2, Some(rank - 2), Some(rank - 1)),
        };
        // A plane counts through several axes; on each the element is at one place or at all.
        let mut places = vec![0];
        for (axis, length) in axes.iter().enumerate().take(planes) {
            let range = along(axis);
            places = places
                .iter()
                .flat_map(|before| range.iter().map(move |at| before * length + at as usize))
                .collect();
        }
        let rest = |axis: Option<usize>| vec![axis.map_or_else(|| StridedRange::single(0), along)];
        Field {
            axes: [joined(&places), rest(rows), rest(columns)],
        }
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        if self.repeats(axis) { (0, 0) } else { span }
    }
}

/// Rising places as ranges of neighbours.
fn joined(places: &[usize]) -> Vec<StridedRange> {
    let mut ranges: Vec<StridedRange> = Vec::new();
    for &place in places {
        match ranges.last_mut() {
            Some(range) if range.last + 1 == place as isize => range.last += 1,
            _ => ranges.push(StridedRange::single(place)),
        }
    }
    ranges
}

/// How two inputs are gone through in the order of the output: lengths of axes, innermost first, and by
/// how many elements each input moves along them. Axes that can be walked as one are one.
struct Walk {
    lengths: Vec<usize>,
    steps: Vec<[usize; 2]>,
}

impl Walk {
    fn new(output: &Shape, inputs: [&Shape; 2]) -> Self {
        let mut walk = Self {
            lengths: Vec::new(),
            steps: Vec::new(),
        };
        for (behind, &length) in output.axes().iter().rev().enumerate() {
            if length == 1 {
                continue;
            }
            let step = inputs.map(|input| {
                let mut own = input.axes().iter().rev();
                let within: usize = own.by_ref().take(behind).product();
                match own.next() {
                    None | Some(1) => 0,
                    Some(_) => within,
                }
            });
            match (walk.lengths.last_mut(), walk.steps.last()) {
                (Some(inner), Some(&[left, right])) if step == [left * *inner, right * *inner] => {
                    *inner *= length;
                }
                _ => {
                    walk.lengths.push(length);
                    walk.steps.push(step);
                }
            }
        }
        if walk.lengths.is_empty() {
            walk.lengths.push(1);
            walk.steps.push([0, 0]);
        }
        walk
    }

    fn combine(&self, combine: Combine, left: &[f32], right: &[f32], out: &mut [f32]) {
        // One loop for each, so that the compiler can compute several elements at once.
        match combine {
            Combine::Add | Combine::Mean => self.each(left, right, out, |a, b| a + b),
            Combine::Subtract => self.each(left, right, out, |a, b| a - b),
            Combine::Multiply => self.each(left, right, out, |a, b| a * b),
            Combine::Divide => self.each(left, right, out, |a, b| a / b),
            Combine::Remainder => self.each(left, right, out, |a, b| a % b),
            Combine::Power => self.each(left, right, out, f32::powf),
            Combine::Maximum => self.each(left, right, out, maximum),
            Combine::Minimum => self.each(left, right, out, minimum),
            Combine::Slope => self.each(left, right, out, slope),
            Combine::Truth(relation) => {
                self.each(left, right, out, |a, b| f32::from(relation.holds(a, b)));
            }
        }
    }

    fn each(
        &self,
        left: &[f32],
        right: &[f32],
        out: &mut [f32],
        combine: impl Fn(f32, f32) -> f32,
    ) {
        let inner = self.lengths[0];
        let [left_step, right_step] = self.steps[0];
        let mut counts = vec![0; self.lengths.len()];
        let mut at = [0, 0];
        for out in out.chunks_exact_mut(inner) {
            match (left_step, right_step) {
                (0, 0) => out.fill(combine(left[at[0]], right[at[1]])),
                (0, _) => {
                    let left = left[at[0]];
                    for (out, right) in out.iter_mut().zip(&right[at[1]..]) {
                        *out = combine(left, *right);
                    }
                }
                (_, 0) => {
                    let right = right[at[1]];
                    for (out, left) in out.iter_mut().zip(&left[at[0]..]) {
                        *out = combine(*left, right);
                    }
                }
                _ => {
                    let both = left[at[0]..].iter().zip(&right[at[1]..]);
                    for (out, (left, right)) in out.iter_mut().zip(both) {
                        *out = combine(*left, *right);
                    }
                }
            }
            for (axis, count) in counts.iter_mut().enumerate().skip(1) {
                let (length, [left, right]) = (self.lengths[axis], self.steps[axis]);
                *count += 1;
                at = [at[0] + left, at[1] + right];
                if *count < length {
                    break;
                }
                *count = 0;
                at = [at[0] - left * length, at[1] - right * length];
            }
        }
    }
}
