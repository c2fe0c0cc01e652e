//! One layer of a network, of a size at which each number can be followed: a small window of what reaches it,
//! and its first filters, with the weights that the network has.

use super::setup::{Setup, in_planes};
use crate::network::map::{RunNetwork, Unit};
use crate::network::{Node, ValueSource};
use crate::op::{Geometry, Layer, OperandRole, Padding, Parameter, Plan};
use crate::tensor::{Fill, Shape, Tensor};

/// Channels and filters, at most.
const CHANNELS: usize = 4;
/// Rows and columns beyond those of the kernel.
const AROUND: usize = 4;

/// A layer on a window of what reaches it.
#[derive(Debug, Clone)]
pub struct WorkedLayer {
    /// The layer and the window.
    pub setup: Setup,
    /// Where the network has the first number that the layer makes of the window; `None` where it is another number
    /// there, because not all channels are read.
    pub place: Option<WorkedPlace>,
}

/// Where a network has a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkedPlace {
    /// The node that makes it.
    pub node: usize,
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
}

/// The first layer of a network that has filters and can be shown so; `None` where there is none.
#[must_use]
pub fn worked_layer(run: &RunNetwork) -> Option<WorkedLayer> {
    fn leaves<'a>(unit: &'a Unit, all: &mut Vec<&'a Unit>) {
        if unit.parts.is_empty() {
            all.push(unit);
        } else {
            unit.parts.iter().for_each(|part| leaves(part, all));
        }
    }
    let mut all = Vec::new();
    run.map.units.iter().for_each(|unit| leaves(unit, &mut all));
    all.into_iter().find_map(|unit| {
        let number = *unit.nodes.first()?;
        let node = run.graph.nodes().get(number)?;
        small(run, (number, node), node.plan()?)
    })
}

/// How a window of a convolution stands on an axis of its input.
#[derive(Debug, Clone, Copy)]
struct Stands {
    /// Places from its first to its last.
    span: usize,
    /// Places from one window to the next.
    stride: usize,
    /// The number of the first window that lies on no padding.
    number: usize,
    /// Where that begins.
    begins: usize,
}

impl Stands {
    /// How the windows of a layer stand, where they may do without the padding: one lies on none of it.
    fn of(plan: &Plan) -> Option<[Self; 2]> {
        let Geometry::Convolution(convolution) = plan.geometry() else {
            return None;
        };
        let [_, rows, columns] = convolution.axes;
        let stands = [rows, columns].map(|axis| {
            let span = axis.dilation * (axis.kernel - 1) + 1;
            let number = axis.before.div_ceil(axis.stride);
            let begins = number * axis.stride - axis.before;
            (begins + span <= axis.input).then_some(Self {
                span,
                stride: axis.stride,
                number,
                begins,
            })
        });
        Some([stands[0]?, stands[1]?])
    }
}

/// A layer on a window of its input in which there is something to see.
fn small(
    run: &RunNetwork,
    (node_number, node): (usize, &Node),
    plan: &Plan,
) -> Option<WorkedLayer> {
    plan.visual_style()?;
    let weights = plan.weight_shape()?;
    let kernel = match *weights.axes() {
        [_, _, rows, columns] => [rows, columns],
        _ => return None,
    };
    if plan.groups() > 1 {
        return None;
    }
    let &[input] = &node.inputs[..] else {
        return None;
    };
    let reached = run.sample(input)?;
    let [channels, rows, columns] = in_planes(reached.shape());
    let mut layer = plan.layer().clone();
    // Inside the input, all that a window reads is real.
    let inside = Stands::of(plan).filter(|_| layer.set(Parameter::Padding, Padding::Valid));
    let spans = inside.map_or(kernel, |axes| axes.map(|axis| axis.span));
    let (begins, strides) = match inside {
        Some(axes) => (axes.map(|axis| axis.begins), axes.map(|axis| axis.stride)),
        None => ([0, 0], [1, 1]),
    };
    let high = (rows - begins[0]).min(spans[0] + AROUND);
    let wide = (columns - begins[1]).min(spans[1] + AROUND);
    // The first number is worked through: it is what stands under the kernel that counts.
    let kernel = [high.min(spans[0]), wide.min(spans[1])];
    let counts = [rows - high, columns - wide];
    let filter = inside.and_then(|_| FirstFilter::of(run, node, plan));
    // A result of almost 0 would look as if nothing had happened.
    let strength = |row: usize, column: usize| {
        filter.map_or(1.0, |filter| filter.sum(&reached, row, column).abs())
    };
    let first = liveliest(counts, (begins, strides), kernel, &reached, strength);
    let size = [channels.min(CHANNELS), high, wide];
    let window = cut(&reached, [channels, rows, columns], first, size)?;
    let filters = plan.filter_count().min(CHANNELS);
    fill(run, node, plan, (&mut layer, filters, size[0]))?;
    layer.set(Parameter::Filters, filters);
    let shape = Shape::new(&size).ok()?;
    let setup = Setup::new(&[layer], &shape, Fill::Values(window)).ok()?;
    setup.layers.first()?.plan(&shape).ok()?;
    let place = inside.filter(|_| size[0] == channels).map(|axes| {
        let number = |axis: Stands, first: usize| axis.number + (first - axis.begins) / axis.stride;
        WorkedPlace {
            node: node_number,
            row: number(axes[0], first[0]),
            column: number(axes[1], first[1]),
        }
    });
    Some(WorkedLayer { setup, place })
}

/// The weights that the first number is made with, on the channels that are read.
#[derive(Clone, Copy)]
struct FirstFilter<'a> {
    weights: &'a [f32],
    /// Rows and columns.
    size: [usize; 2],
    /// From a row to the next, and from a column.
    dilation: [usize; 2],
}

impl<'a> FirstFilter<'a> {
    /// Those of a convolution, where they are known.
    fn of(run: &'a RunNetwork, node: &Node, plan: &Plan) -> Option<Self> {
        let Geometry::Convolution(convolution) = plan.geometry() else {
            return None;
        };
        let mut operands = plan.operand_list().iter();
        let filters = operands.find(|operand| operand.role == OperandRole::Filters)?;
        let mut given = node.operands.iter();
        let (_, id) = given.find(|(name, _)| *name == filters.name)?;
        let ValueSource::Constant(tensor) = &run.graph.value(*id).source else {
            return None;
        };
        let &[_, channels, rows, columns] = tensor.shape().axes() else {
            return None;
        };
        let [_, down, across] = &convolution.axes;
        let count = channels.min(CHANNELS) * rows * columns;
        Some(Self {
            weights: tensor.data().get(..count)?,
            size: [rows, columns],
            dilation: [down.dilation, across.dilation],
        })
    }

    /// What it makes of the window that begins at a row and a column.
    fn sum(&self, of: &Tensor, row: usize, column: usize) -> f32 {
        let [_, rows, columns] = of.shape().as_chw();
        let [high, wide] = self.size;
        let weights = self.weights.iter().enumerate();
        let products = weights.map(|(place, weight)| {
            let channel = place / (high * wide);
            let row = row + place / wide % high * self.dilation[0];
            let column = column + place % wide * self.dilation[1];
            let at = (channel * rows + row) * columns + column;
            weight * of.data().get(at).copied().unwrap_or_default()
        });
        products.sum()
    }
}

/// Gives a layer the weights of its first filters and channels.
fn fill(
    run: &RunNetwork,
    node: &Node,
    plan: &Plan,
    (layer, filters, channels): (&mut Layer, usize, usize),
) -> Option<()> {
    for operand in plan.operand_list() {
        let given = node.operands.iter().find(|(name, _)| *name == operand.name);
        let Some((_, id)) = given else {
            continue;
        };
        let ValueSource::Constant(tensor) = &run.graph.value(*id).source else {
            return None;
        };
        let values = match (operand.role, tensor.shape().axes()) {
            (OperandRole::Filters, &[_, planes, rows, columns]) => {
                let each = planes * rows * columns;
                let kept = channels.min(planes) * rows * columns;
                let of = |filter: usize| tensor.data().get(filter * each..filter * each + kept);
                (0..filters).map(of).collect::<Option<Vec<_>>>()?.concat()
            }
            (_, [_]) => tensor.data().get(..filters)?.to_vec(),
            _ => return None,
        };
        layer.fill_with(operand.name, Fill::Values(values));
    }
    Some(())
}

/// The first row and column, up to some, at which values under the kernel differ most and come to most. Windows begin
/// somewhere, and follow each other by strides.
fn liveliest(
    last: [usize; 2],
    (begins, strides): ([usize; 2], [usize; 2]),
    [high, wide]: [usize; 2],
    of: &Tensor,
    strength: impl Fn(usize, usize) -> f32,
) -> [usize; 2] {
    let columns = of.shape().as_chw()[2];
    let plane = of.data();
    let spread = |row: usize, column: usize| {
        let values = (row..row + high).flat_map(|row| {
            let start = row * columns + column;
            plane.get(start..start + wide).unwrap_or_default().iter()
        });
        let (mut low, mut top, mut sum, mut before) = (f32::MAX, f32::MIN, 0.0, None);
        for value in values {
            low = low.min(*value);
            top = top.max(*value);
            sum += before.map_or(0.0, |before: f32| (value - before).abs());
            before = Some(*value);
        }
        sum + (top - low)
    };
    // About a dozen places along each axis, each where a window of the network stands.
    let step = |way: usize| strides[way] * (last[way] / (12 * strides[way])).max(1);
    let mut best = (f32::MIN, [0, 1].map(|way| begins[way].min(last[way])));
    for row in (begins[0]..=last[0]).step_by(step(0)) {
        for column in (begins[1]..=last[1]).step_by(step(1)) {
            let here = spread(row, column) * strength(row, column);
            if here > best.0 {
                best = (here, [row, column]);
            }
        }
    }
    best.1
}

/// A window of a tensor of planes.
fn cut(
    tensor: &Tensor,
    [_, rows, columns]: [usize; 3],
    first: [usize; 2],
    size: [usize; 3],
) -> Option<Vec<f32>> {
    let mut values = Vec::with_capacity(size.iter().product());
    for channel in 0..size[0] {
        for row in first[0]..first[0] + size[1] {
            let start = (channel * rows + row) * columns + first[1];
            values.extend_from_slice(tensor.data().get(start..start + size[2])?);
        }
    }
    Some(values)
}
