//! Receptive fields through a graph: which rows and columns of an input an element of a value depends
//! on, through every branch. One pass over the nodes finds those of all values.

use serde::Serialize;

use crate::network::reach::{AxisMap, Reach};
use crate::op::Plan;

use super::{Graph, Node, ValueId, Work};

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

/// What the places of a value read, along one axis.
#[derive(Debug, Clone)]
enum Read {
    /// Each some places.
    Places(Reach),
    /// All of them everything, and why.
    Everything(FieldStatus),
}

/// The receptive fields of all values of a graph in one of its inputs.
#[derive(Debug, Clone)]
pub struct Fields<'g> {
    graph: &'g Graph,
    input: ValueId,
    /// Of each value, along rows and columns; `None` where it depends on none of the input.
    read: Vec<[Option<Read>; 2]>,
    /// Input places from one place of each value to the next, along the first path that leads there.
    stride: Vec<[Option<f64>; 2]>,
}

impl Graph {
    /// The receptive fields of all values in an input.
    #[must_use]
    pub fn fields(&self, input: ValueId) -> Fields<'_> {
        let mut fields = Fields {
            graph: self,
            input,
            read: vec![[const { None }; 2]; self.values.len()],
            stride: vec![[None; 2]; self.values.len()],
        };
        fields.read[input.0] = [0, 1].map(|_| Some(Read::Places(Reach::itself())));
        fields.stride[input.0] = [Some(1.0); 2];
        for node in &self.nodes {
            for axis in 0..2 {
                let read = fields.behind(node, axis);
                let stride = fields.stride_behind(node, axis);
                for output in &node.outputs {
                    fields.read[output.0][axis].clone_from(&read);
                    fields.stride[output.0][axis] = stride;
                }
            }
        }
        fields
    }

    /// Rows and columns of an input that an element in the middle of a value depends on; `None` where
    /// it depends on none of it. [`Graph::fields`] finds those of many values at once.
    #[must_use]
    pub fn receptive_field(&self, value: ValueId, input: ValueId) -> Option<ReceptiveField> {
        self.fields(input).of(value)
    }

    /// Places of a value along rows (0) or columns (1).
    fn length(&self, value: ValueId, axis: usize) -> Option<usize> {
        let shape = self.value(value).shape?;
        Some(shape.as_chw()[axis + 1])
    }
}

impl Fields<'_> {
    /// That of a value: of an element in its middle. `None` where it depends on none of the input, or
    /// its shape is not known.
    #[must_use]
    pub fn of(&self, value: ValueId) -> Option<ReceptiveField> {
        let mut field = ReceptiveField {
            size: (0, 0),
            stride: (0.0, 0.0),
            status: FieldStatus::Exact,
        };
        let sizes = [&mut field.size.0, &mut field.size.1];
        let strides = [&mut field.stride.0, &mut field.stride.1];
        for (axis, (size, stride)) in sizes.into_iter().zip(strides).enumerate() {
            let length = self.graph.length(value, axis)?;
            let status = match self.read[value.0][axis].as_ref()? {
                Read::Everything(status) => {
                    *size = self.graph.length(self.input, axis)? as u64;
                    *status
                }
                Read::Places(reach) => {
                    let widest = reach.widest(length);
                    *size = widest.places();
                    widest.status
                }
            };
            *stride = self.stride[value.0][axis].unwrap_or(0.0);
            field.status = field.status.max(status);
        }
        Some(field)
    }

    /// Spans that were looked at for all values together.
    #[cfg(test)]
    pub(super) fn work(&self) -> usize {
        let held = self.read.iter().flatten().map(|read| match read {
            Some(Read::Places(reach)) => reach.held(),
            Some(Read::Everything(_)) | None => 1,
        });
        held.sum()
    }

    /// What the places of a node's outputs read.
    fn behind(&self, node: &Node, axis: usize) -> Option<Read> {
        let mut found: Option<Read> = None;
        let operands = node.operands.iter().map(|(_, id)| id);
        for (number, id) in node.inputs.iter().chain(operands).enumerate() {
            let Some(before) = &self.read[id.0][axis] else {
                continue;
            };
            let here = match (&node.work, before) {
                (Work::Unknown(_), _) => Read::Everything(FieldStatus::Unknown),
                (Work::Plan { .. }, Read::Everything(status)) => Read::Everything(*status),
                (Work::Plan { plan, .. }, Read::Places(_)) if plan.chosen_by_data() => {
                    Read::Everything(FieldStatus::DependsOnData)
                }
                (Work::Plan { plan, .. }, Read::Places(reach)) => {
                    let length = self.graph.length(*id, axis)?;
                    match places(node, plan, number, axis, length) {
                        Some(map) => Read::Places(reach.through(&map)),
                        None => Read::Everything(FieldStatus::WholeInput),
                    }
                }
            };
            found = Some(match (found, here) {
                (None, here) => here,
                (Some(Read::Places(one)), Read::Places(other)) => {
                    let output = node.outputs.first()?;
                    let length = self.graph.length(*output, axis)?;
                    Read::Places(one.joined(&other, length))
                }
                (Some(Read::Everything(one)), Read::Everything(other)) => {
                    Read::Everything(one.max(other))
                }
                (Some(Read::Everything(status)), Read::Places(_))
                | (Some(Read::Places(_)), Read::Everything(status)) => Read::Everything(status),
            });
        }
        found
    }

    fn stride_behind(&self, node: &Node, axis: usize) -> Option<f64> {
        let plan = node.plan().filter(|plan| keeps_places(plan))?;
        let mut inputs = node.inputs.iter();
        let before = inputs.find_map(|id| self.stride[id.0][axis])?;
        Some(before * plan.effective_stride(axis))
    }
}

/// Whether rows and columns of the output are places of the input: as many axes, and no mixing of
/// others.
fn keeps_places(plan: &Plan) -> bool {
    plan.input_shape().rank() == plan.output_shape().rank()
}

/// What the places of a node's output read of one of its inputs; `None` for all of it.
fn places<'p>(
    node: &Node,
    plan: &'p Plan,
    number: usize,
    axis: usize,
    length: usize,
) -> Option<AxisMap<'p>> {
    if !keeps_places(plan) || number >= node.inputs.len() {
        return None;
    }
    let map = AxisMap::new(plan, axis);
    if length > 1 {
        return (!plan.reads_all(axis)).then_some(map);
    }
    let broadcast = plan.output_shape().as_chw()[axis + 1] > 1;
    Some(if broadcast { map.repeated() } else { map })
}
