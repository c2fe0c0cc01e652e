//! How a layer of a graph is planned on the shapes of its inputs: for each sample of a batch, or on the whole.

use crate::op::{BatchAxis, Layer, LayerError, Operation, Plan};
use crate::tensor::Shape;

use super::{Graph, ValueId};

/// How a layer is planned: its plan, for how many samples it runs (`None`: once, of the whole), and the
/// shape of its output.
pub(super) struct Planned {
    pub plan: Plan,
    pub samples: Option<usize>,
    pub output: Shape,
}

impl Graph {
    /// A layer on values: for each sample of a batch, where it works on samples, else on the whole.
    pub(super) fn planned(&self, layer: &Layer, inputs: &[ValueId]) -> Result<Planned, Unplanned> {
        let shapes = self.shapes(inputs)?;
        let operation = layer.operation();
        if let Some((samples, parts)) = self.samples(operation, inputs, &shapes) {
            let planned = layer.plan_inputs(&parts, BatchAxis::Absent);
            let whole = |plan: &Plan| with_batch(samples, plan.output_shape());
            match planned {
                Ok(plan) => {
                    if let Some(output) = whole(&plan) {
                        return Ok(Planned {
                            plan,
                            samples: Some(samples),
                            output,
                        });
                    }
                }
                // A layer of samples takes nothing else; another may still take the whole.
                Err(why) if operation.sample_rank().is_some() => return Err(why.into()),
                Err(_) => {}
            }
        }
        self.planned_whole(layer, inputs)
    }

    /// A layer on values as they are, their batch included.
    pub(super) fn planned_whole(
        &self,
        layer: &Layer,
        inputs: &[ValueId],
    ) -> Result<Planned, Unplanned> {
        let shapes = self.shapes(inputs)?;
        let batch = if layer.operation().sample_rank().is_some() {
            BatchAxis::Absent
        } else {
            BatchAxis::Present
        };
        let plan = layer.plan_inputs(&shapes, batch)?;
        let output = *plan.output_shape();
        Ok(Planned {
            plan,
            samples: None,
            output,
        })
    }

    fn shapes(&self, values: &[ValueId]) -> Result<Vec<Shape>, Unplanned> {
        let shapes = values.iter().map(|&id| {
            let value = self.value(id);
            value
                .shape
                .ok_or_else(|| Unplanned::Shape(value.name.clone()))
        });
        shapes.collect()
    }

    /// The samples that a layer runs on one by one, and the shapes of one of them; `None` where it works
    /// on the whole.
    fn samples(
        &self,
        operation: &dyn Operation,
        inputs: &[ValueId],
        shapes: &[Shape],
    ) -> Option<(usize, Vec<Shape>)> {
        let ranks: Vec<usize> = shapes.iter().map(Shape::rank).collect();
        let leading = match operation.sample_rank() {
            Some(rank) => (*ranks.first()? == rank + 1).then(|| shapes[0].axes()[0])?,
            None => {
                if operation.mixes_batch(&ranks) {
                    return None;
                }
                let batched = inputs.iter().zip(shapes);
                let mut batched = batched.filter(|(id, _)| self.value(**id).batched);
                let (_, first) = batched.next()?;
                let samples = *first.axes().first()?;
                let same = batched.all(|(_, shape)| shape.axes().first() == Some(&samples));
                same.then_some(samples)?
            }
        };
        let full = *ranks.iter().max()?;
        let mut parts = Vec::with_capacity(shapes.len());
        for (shape, &id) in shapes.iter().zip(inputs) {
            let batched = self.value(id).batched || operation.sample_rank().is_some();
            // Where shapes are lined up at their last axes, the batch of a value with fewer axes stands
            // at another axis than that of the others.
            let aligned = shape.rank() == full || operation.sample_rank().is_some();
            let part = match *shape.axes() {
                [first, ref rest @ ..] if batched && aligned && first == leading => {
                    Shape::of_axes(rest).ok()?
                }
                // A constant that is broadcast along the batch.
                [1, ref rest @ ..] if shape.rank() == full => Shape::of_axes(rest).ok()?,
                _ if !batched && shape.rank() < full => *shape,
                _ => return None,
            };
            parts.push(part);
        }
        Some((leading, parts))
    }
}

/// Why a layer has no plan.
pub(super) enum Unplanned {
    Layer(LayerError),
    /// A value whose shape is not known, by its name.
    Shape(String),
}

impl From<LayerError> for Unplanned {
    fn from(why: LayerError) -> Self {
        Self::Layer(why)
    }
}

fn with_batch(samples: usize, shape: &Shape) -> Option<Shape> {
    let mut axes = vec![samples];
    axes.extend_from_slice(shape.axes());
    Shape::new(&axes).ok()
}
