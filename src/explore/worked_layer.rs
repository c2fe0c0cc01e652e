//! One layer of a network, of a size at which each number can be followed: a small window of what reaches it,
//! and its first filters, with the weights that the network has.

use super::setup::{Setup, in_planes};
use crate::network::map::{RunNetwork, Unit};
use crate::network::{Node, ValueSource};
use crate::op::{Layer, OperandRole, Parameter, Plan};
use crate::tensor::{Fill, Shape, Tensor};

/// Channels and filters, at most.
const CHANNELS: usize = 4;
/// Rows and columns beyond those of the kernel.
const AROUND: usize = 4;

/// The first layer of a network that has filters and can be shown so; `None` where there is none.
#[must_use]
pub fn worked_layer(run: &RunNetwork) -> Option<Setup> {
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
        let node = run.graph.nodes().get(*unit.nodes.first()?)?;
        small(run, node, node.plan()?)
    })
}

/// A layer on a window in the middle of its input.
fn small(run: &RunNetwork, node: &Node, plan: &Plan) -> Option<Setup> {
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
    let size = [
        channels.min(CHANNELS),
        rows.min(kernel[0] + AROUND),
        columns.min(kernel[1] + AROUND),
    ];
    let first = liveliest([rows, columns], [size[1], size[2]], &reached);
    let window = cut(&reached, [channels, rows, columns], first, size)?;
    let mut layer = plan.layer().clone();
    let filters = plan.filter_count().min(CHANNELS);
    fill(run, node, plan, (&mut layer, filters, size[0]))?;
    layer.set(Parameter::Filters, filters);
    let shape = Shape::new(&size).ok()?;
    let setup = Setup::new(&[layer], &shape, Fill::Values(window)).ok()?;
    setup.layers.first()?.plan(&shape).ok()?;
    Some(setup)
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

/// The first row and column of the window in which values differ most.
fn liveliest([rows, columns]: [usize; 2], [high, wide]: [usize; 2], of: &Tensor) -> [usize; 2] {
    let step = |length: usize, size: usize| ((length - size) / 12).max(1);
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
    let mut best = (f32::MIN, [0, 0]);
    for row in (0..=rows - high).step_by(step(rows, high)) {
        for column in (0..=columns - wide).step_by(step(columns, wide)) {
            let here = spread(row, column);
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
