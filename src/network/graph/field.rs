//! Receptive fields through a graph: which rows and columns of an input an element of a value depends
//! on, traced back through every branch.

use serde::Serialize;

use crate::op::Plan;

use super::{Graph, Node, ValueId, ValueSource, Work};

/// Positions of an axis that a receptive field is traced from, around the middle.
const TRACED: usize = 32;

/// How a receptive field is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldStatus {
    /// Each place inside is read by a path of windows, up to gaps of dilation and stride.
    Exact,
    /// The box around the fields of branches that differ, or of elements that move: some places inside
    /// may not matter.
    UpperBound,
    /// Everything: a linear layer, a global pool, a mean over the whole.
    WholeInput,
    /// Which places matter is decided by the numbers.
    DependsOnData,
    /// A node on the way is not known.
    Unknown,
}

/// Rows and columns of an input that one element of a value depends on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReceptiveField {
    /// Rows and columns, at most; padding counts, but where the whole input is read.
    pub size: (u64, u64),
    /// Rows and columns of the input from one element to the next; below 1 after upsampling, and 0
    /// where elements have no place of their own in the input.
    pub stride: (f64, f64),
    /// How it is to be read.
    pub status: FieldStatus,
}

/// What a place of a value reads of another value, along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    low: i64,
    high: i64,
    status: FieldStatus,
}

impl Span {
    /// Of both.
    fn joined(self, other: Self) -> Self {
        let differ = (self.low, self.high) != (other.low, other.high);
        let inside = |inner: Self, outer: Self| outer.low <= inner.low && inner.high <= outer.high;
        // A branch whose field lies in the other's adds nothing to it.
        let status = if !differ || inside(self, other) {
            other.status
        } else if inside(other, self) {
            self.status
        } else {
            self.status.max(other.status).max(FieldStatus::UpperBound)
        };
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            status,
        }
    }
}

impl Graph {
    /// Rows and columns of an input that an element in the middle of a value depends on; `None` where
    /// it depends on none of it.
    #[must_use]
    pub fn receptive_field(&self, value: ValueId, input: ValueId) -> Option<ReceptiveField> {
        let mut size = [0; 2];
        let mut stride = [0.0; 2];
        let mut status = FieldStatus::Exact;
        for axis in 0..2 {
            let span = self.widest(value, input, axis)?;
            size[axis] = match span.status {
                FieldStatus::WholeInput => self.length(input, axis)? as u64,
                FieldStatus::Exact
                | FieldStatus::UpperBound
                | FieldStatus::DependsOnData
                | FieldStatus::Unknown => (span.high - span.low + 1).max(0) as u64,
            };
            stride[axis] = self.stride(value, input, axis).unwrap_or(0.0);
            status = status.max(span.status);
        }
        Some(ReceptiveField {
            size: (size[0], size[1]),
            stride: (stride[0], stride[1]),
            status,
        })
    }

    fn widest(&self, value: ValueId, input: ValueId, axis: usize) -> Option<Span> {
        let length = self.length(value, axis)?;
        let first = (length - length.min(TRACED)) / 2;
        let spans = (first..first + length.min(TRACED))
            .filter_map(|at| self.traced(value, input, axis, at as i64));
        spans.max_by_key(|span| (span.high - span.low, span.status))
    }

    /// Places of a value along rows (0) or columns (1).
    fn length(&self, value: ValueId, axis: usize) -> Option<usize> {
        let shape = self.value(value).shape?;
        Some(shape.as_chw()[axis + 1])
    }

    /// What a place of a value reads of an input.
    fn traced(&self, value: ValueId, input: ValueId, axis: usize, at: i64) -> Option<Span> {
        let mut spans: Vec<Option<Span>> = vec![None; self.values.len()];
        spans[value.0] = Some(Span {
            low: at,
            high: at,
            status: FieldStatus::Exact,
        });
        let ValueSource::Node(last) = self.value(value).source else {
            return spans[input.0];
        };
        for node in self.nodes[..=last].iter().rev() {
            let read: Vec<Span> = node.outputs.iter().filter_map(|id| spans[id.0]).collect();
            let Some(span) = read.into_iter().reduce(Span::joined) else {
                continue;
            };
            let operands = node.operands.iter().map(|(_, id)| id);
            for (number, &id) in node.inputs.iter().chain(operands).enumerate() {
                let Some(length) = self.length(id, axis) else {
                    continue;
                };
                let whole = |status| Span {
                    low: 0,
                    high: length as i64 - 1,
                    status: span.status.max(status),
                };
                let here = match &node.work {
                    Work::Unknown(_) => whole(FieldStatus::Unknown),
                    Work::Plan { plan, .. } => step_back(node, plan, number, axis, span, length)
                        .unwrap_or_else(|| whole(FieldStatus::WholeInput)),
                };
                let joined = spans[id.0].map_or(here, |other| other.joined(here));
                spans[id.0] = Some(joined);
            }
        }
        spans[input.0]
    }

    /// Input places from one place of a value to the next, along the first path that leads there.
    fn stride(&self, value: ValueId, input: ValueId, axis: usize) -> Option<f64> {
        let mut strides: Vec<Option<f64>> = vec![None; self.values.len()];
        strides[input.0] = Some(1.0);
        for node in &self.nodes {
            let Some(plan) = node.plan() else { continue };
            let from = node.inputs.iter().find_map(|id| strides[id.0]);
            let stride = from.filter(|_| keeps_places(plan));
            for output in &node.outputs {
                strides[output.0] = stride.map(|stride| stride * plan.effective_stride(axis));
            }
        }
        strides[value.0]
    }
}

/// Whether rows and columns of the output are places of the input: as many axes, and no mixing of
/// others.
fn keeps_places(plan: &Plan) -> bool {
    plan.input_shape().rank() == plan.output_shape().rank()
}

/// What a span of a node's output reads of one of its inputs; `None` for all of it.
fn step_back(
    node: &Node,
    plan: &Plan,
    number: usize,
    axis: usize,
    span: Span,
    length: usize,
) -> Option<Span> {
    if !keeps_places(plan) || number >= node.inputs.len() {
        return None;
    }
    if length == 1 && plan.output_shape().as_chw()[axis + 1] > 1 {
        // Broadcast along this axis: each place reads the one there is.
        return Some(Span {
            low: 0,
            high: 0,
            ..span
        });
    }
    let (low, high) = plan.places_read(axis, (span.low, span.high));
    if length > 1 && low <= 0 && high >= length as i64 - 1 && plan.reads_all(axis) {
        return None;
    }
    Some(Span { low, high, ..span })
}
