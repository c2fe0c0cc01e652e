//! Receptive fields through a graph: which rows and columns of an input an element of a value depends
//! on, through every branch. One pass over the nodes finds those of all values.

use serde::Serialize;

use crate::network::Chain;
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
#[derive(Debug, Clone, PartialEq)]
enum Read {
    /// Each some places.
    Places(Reach),
    /// All of them everything, and why.
    Everything(FieldStatus),
}

impl Read {
    /// What the places of a layer's output read along an axis, by way of an input of so many places, or of an operand.
    fn behind(
        &self,
        plan: &Plan,
        axis: usize,
        length: Option<usize>,
        is_input: bool,
    ) -> Option<Self> {
        Some(match self {
            Self::Everything(status) => Self::Everything(*status),
            Self::Places(_) if plan.chosen_by_data() => {
                Self::Everything(FieldStatus::DependsOnData)
            }
            Self::Places(reach) => {
                let length = length?;
                match places(plan, axis, length).filter(|_| is_input) {
                    Some(map) => Self::Places(reach.through(&map)),
                    None => Self::Everything(FieldStatus::WholeInput),
                }
            }
        })
    }

    /// Of two ways that meet in a value of so many places.
    fn joined(self, other: Self, length: Option<usize>) -> Option<Self> {
        Some(match (self, other) {
            (Self::Places(one), Self::Places(other)) => Self::Places(one.joined(&other, length?)),
            (Self::Everything(one), Self::Everything(other)) => Self::Everything(one.max(other)),
            (Self::Everything(status), Self::Places(_))
            | (Self::Places(_), Self::Everything(status)) => Self::Everything(status),
        })
    }
}

/// The field of an element in the middle of a value of such lengths, in an input of such lengths.
fn field(
    read: &[Option<Read>; 2],
    strides: [Option<f64>; 2],
    lengths: [Option<usize>; 2],
    input: [Option<usize>; 2],
) -> Option<ReceptiveField> {
    let mut field = ReceptiveField {
        size: (0, 0),
        stride: (0.0, 0.0),
        status: FieldStatus::Exact,
    };
    let sizes = [&mut field.size.0, &mut field.size.1];
    let own_strides = [&mut field.stride.0, &mut field.stride.1];
    for (axis, (size, stride)) in sizes.into_iter().zip(own_strides).enumerate() {
        let length = lengths[axis]?;
        let status = match read[axis].as_ref()? {
            Read::Everything(status) => {
                *size = input[axis]? as u64;
                *status
            }
            Read::Places(reach) => {
                let widest = reach.widest(length);
                *size = widest.places();
                widest.status
            }
        };
        *stride = strides[axis].unwrap_or(0.0);
        field.status = field.status.max(status);
    }
    Some(field)
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
        let (read, strides) = (&self.read[value.0], self.stride[value.0]);
        field(read, strides, self.lengths(value), self.lengths(self.input))
    }

    /// What layers go on from that follow on from a value.
    #[must_use]
    pub fn before(&self, value: ValueId) -> FieldBefore {
        FieldBefore {
            read: self.read[value.0].clone(),
            stride: self.stride[value.0],
            input: self.lengths(self.input),
        }
    }

    fn lengths(&self, value: ValueId) -> [Option<usize>; 2] {
        [0, 1].map(|axis| self.graph.length(value, axis))
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
            let here = match &node.work {
                Work::Unknown(_) => Read::Everything(FieldStatus::Unknown),
                Work::Plan { plan, .. } => {
                    let is_input = number < node.inputs.len();
                    before.behind(plan, axis, self.graph.length(*id, axis), is_input)?
                }
            };
            let output = node.outputs.first();
            let length = output.and_then(|output| self.graph.length(*output, axis));
            found = Some(match found {
                None => here,
                Some(found) => found.joined(here, length)?,
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

/// What the places of a value read of an input. Where layers stand by themselves that follow on from the value, their
/// receptive fields go on from there.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldBefore {
    /// Along rows and columns; `None` where it depends on none of the input.
    read: [Option<Read>; 2],
    /// Input places from one place of the value to the next.
    stride: [Option<f64>; 2],
    /// Rows and columns of the input.
    input: [Option<usize>; 2],
}

impl FieldBefore {
    /// The receptive fields of what each layer of a chain gives of which the value is that tensor; `None` of what
    /// stands in front of it, or depends on none of the input.
    #[must_use]
    pub fn through(&self, chain: &Chain, from: usize) -> Vec<Option<ReceptiveField>> {
        let length =
            |tensor: usize, axis: usize| Some(chain.tensor_shape(tensor)?.as_chw()[axis + 1]);
        // Of each tensor of the chain.
        let mut read: Vec<[Option<Read>; 2]> = vec![[const { None }; 2]; from];
        let mut strides: Vec<[Option<f64>; 2]> = vec![[None; 2]; from];
        read.push(self.read.clone());
        strides.push(self.stride);
        for (place, plan) in chain.plans().iter().enumerate().skip(from) {
            let operation = plan.layer().operation();
            let second = operation.second_input();
            if let Some(tensor) = second.filter(|_| operation.reads_second_alone()) {
                let (again, stride) = (read.get(tensor).cloned(), strides.get(tensor).copied());
                read.push(again.unwrap_or([const { None }; 2]));
                strides.push(stride.unwrap_or([None; 2]));
                continue;
            }
            let here = [0, 1].map(|axis| {
                let mut found: Option<Read> = None;
                for tensor in [Some(place), second].into_iter().flatten() {
                    let Some(before) = read.get(tensor).and_then(|axes| axes[axis].as_ref()) else {
                        continue;
                    };
                    let behind = before.behind(plan, axis, length(tensor, axis), true)?;
                    found = Some(match found {
                        None => behind,
                        Some(found) => found.joined(behind, length(place + 1, axis))?,
                    });
                }
                found
            });
            let before = strides[place];
            let stride = |axis: usize| Some(before[axis]? * plan.effective_stride(axis));
            read.push(here);
            strides.push([0, 1].map(|axis| stride(axis).filter(|_| keeps_places(plan))));
        }
        let outputs = 1..=chain.plans().len();
        let fields = outputs.map(|tensor| {
            let lengths = [0, 1].map(|axis| length(tensor, axis));
            field(
                read.get(tensor)?,
                *strides.get(tensor)?,
                lengths,
                self.input,
            )
        });
        fields.collect()
    }
}

/// Whether rows and columns of the output are places of the input: as many axes, and no mixing of
/// others.
fn keeps_places(plan: &Plan) -> bool {
    plan.input_shape().rank() == plan.output_shape().rank()
}

/// What the places of a layer's output read of an input of so many places; `None` for all of it.
fn places(plan: &Plan, axis: usize, length: usize) -> Option<AxisMap<'_>> {
    if !keeps_places(plan) {
        return None;
    }
    let map = AxisMap::new(plan, axis);
    if length > 1 {
        return (!plan.reads_all(axis)).then_some(map);
    }
    let broadcast = plan.output_shape().as_chw()[axis + 1] > 1;
    Some(if broadcast { map.repeated() } else { map })
}
