//! Running a graph: the numbers of its values, each kept no longer than something needs it.

use crate::op::Operands;
use crate::tensor::{ReadFile, Tensor, read_file};

use super::error::RunError;
use super::{Graph, Node, Value, ValueId, ValueSource, Work};

/// Which values are kept after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The outputs only: the least memory.
    Outputs,
    /// Every value that a node computes.
    All,
}

/// The numbers of a graph's values after a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    pub(super) tensors: Vec<Option<Tensor>>,
}

impl Values {
    /// A value's numbers; `None` where they were not kept, or depend on a node that is not known.
    #[must_use]
    pub fn get(&self, id: ValueId) -> Option<&Tensor> {
        self.tensors.get(id.0)?.as_ref()
    }

    /// Holds the numbers of a value.
    pub(in crate::network) fn hold(&mut self, id: ValueId, tensor: Tensor) {
        if let Some(own) = self.tensors.get_mut(id.0) {
            *own = Some(tensor);
        }
    }

    /// Lets go of the numbers of all other values.
    pub fn retain(&mut self, keep: impl Fn(ValueId) -> bool) {
        for (number, tensor) in self.tensors.iter_mut().enumerate() {
            if !keep(ValueId(number)) {
                *tensor = None;
            }
        }
    }
}

/// The nodes of a run that could not be computed, by their numbers, and why.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failures(Vec<(usize, RunError)>);

impl Graph {
    /// Computes every node from the inputs. What depends on a node that is not known has no numbers.
    ///
    /// # Errors
    /// When an input is missing or has another shape, or a tensor cannot be made.
    pub fn run(&self, inputs: &[(ValueId, Tensor)], keep: Keep) -> Result<Values, RunError> {
        self.run_with(inputs, keep, &read_file)
    }

    /// As [`Graph::run`], with a way to read the files that fills name.
    ///
    /// # Errors
    /// As [`Graph::run`], and when a file cannot be read.
    pub fn run_with(
        &self,
        inputs: &[(ValueId, Tensor)],
        keep: Keep,
        read: &ReadFile,
    ) -> Result<Values, RunError> {
        self.run_each(inputs, keep, read, |_, why| Err(why))
    }

    /// As [`Graph::run`], where a node that fails keeps only what depends on it from having numbers.
    ///
    /// # Errors
    /// When an input is missing or has another shape, or an output that no node makes cannot be made.
    pub fn run_as_far(
        &self,
        inputs: &[(ValueId, Tensor)],
        keep: Keep,
    ) -> Result<(Values, Failures), RunError> {
        let mut failures = Vec::new();
        let values = self.run_each(inputs, keep, &read_file, |number, why| {
            failures.push((number, why));
            Ok(())
        })?;
        Ok((values, Failures(failures)))
    }

    /// Runs the graph; a node that fails is handed on, and where that is no error, the run goes on without it.
    fn run_each(
        &self,
        inputs: &[(ValueId, Tensor)],
        keep: Keep,
        read: &ReadFile,
        mut failed: impl FnMut(usize, RunError) -> Result<(), RunError>,
    ) -> Result<Values, RunError> {
        let mut values = Values {
            tensors: vec![None; self.values.len()],
        };
        for &id in &self.inputs {
            values.tensors[id.0] = Some(self.given(id, inputs)?);
        }
        let mut uses = self.uses();
        for (number, node) in self.nodes.iter().enumerate() {
            match self.compute(node, &mut values, read) {
                Ok(Some(tensor)) => values.tensors[node.outputs[0].0] = Some(tensor),
                Ok(None) => {}
                Err(why) => failed(number, why)?,
            }
            if keep == Keep::Outputs {
                let used = node.inputs.iter();
                for &id in used.chain(node.operands.iter().map(|(_, id)| id)) {
                    uses[id.0] -= 1;
                    if uses[id.0] == 0 {
                        values.tensors[id.0] = None;
                    }
                }
            }
        }
        for &id in &self.outputs {
            if values.tensors[id.0].is_none() {
                values.tensors[id.0] = self.fixed(id, read)?;
            }
        }
        Ok(values)
    }

    /// The first node that keeps an output from having numbers, and what is to be said of it.
    #[must_use]
    pub fn obstacle(&self, output: ValueId) -> Option<RunError> {
        self.obstacle_among(output, &Failures::default())
    }

    /// As [`Graph::obstacle`], of a run in which nodes have failed.
    #[must_use]
    pub fn obstacle_among(&self, output: ValueId, failures: &Failures) -> Option<RunError> {
        let failed = |number: usize| failures.0.iter().find(|(node, _)| *node == number);
        let mut waiting = vec![output];
        let mut seen = vec![false; self.values.len()];
        let mut first: Option<usize> = None;
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut seen[id.0], true) {
                continue;
            }
            let ValueSource::Node(number) = self.value(id).source else {
                continue;
            };
            let node = &self.nodes[number];
            // What lies behind a node that is not known is not known either.
            if matches!(node.work, Work::Unknown(_)) || failed(number).is_some() {
                first = Some(first.map_or(number, |before| before.min(number)));
            }
            waiting.extend(&node.inputs);
            waiting.extend(node.operands.iter().map(|(_, id)| *id));
        }
        let first = first?;
        if let Some((_, why)) = failed(first) {
            return Some(why.clone());
        }
        let node = &self.nodes[first];
        match &node.work {
            Work::Unknown(why) => Some(RunError::Unknown {
                output: self.value(output).name.clone(),
                node: node.name.clone(),
                why: why.clone(),
            }),
            Work::Plan { .. } => None,
        }
    }

    /// How often each value is used; outputs once more.
    fn uses(&self) -> Vec<usize> {
        let mut uses = vec![0; self.values.len()];
        for node in &self.nodes {
            let used = node.inputs.iter();
            for id in used.chain(node.operands.iter().map(|(_, id)| id)) {
                uses[id.0] += 1;
            }
        }
        for id in &self.outputs {
            uses[id.0] += 1;
        }
        uses
    }

    pub(super) fn given(
        &self,
        id: ValueId,
        inputs: &[(ValueId, Tensor)],
    ) -> Result<Tensor, RunError> {
        let value = self.value(id);
        let Some((_, tensor)) = inputs.iter().find(|(given, _)| *given == id) else {
            return Err(RunError::Missing {
                input: value.name.clone(),
                shape: value.shape,
            });
        };
        if value.shape.as_ref() != Some(tensor.shape()) {
            return Err(RunError::Shape {
                input: value.name.clone(),
                expected: value.shape,
                given: *tensor.shape(),
            });
        }
        Ok(tensor.clone())
    }

    /// The numbers of a constant or of a parameter; `None` of other values.
    pub(super) fn fixed(&self, id: ValueId, read: &ReadFile) -> Result<Option<Tensor>, RunError> {
        let Value {
            name,
            shape,
            source,
            ..
        } = self.value(id);
        match (source, shape) {
            (ValueSource::Constant(tensor), _) => Ok(Some(tensor.clone())),
            (ValueSource::Parameter { fill, order }, Some(shape)) => {
                let made = match order {
                    Some(order) => fill.weights_with(shape, *order, read),
                    None => fill.make_with(shape, read),
                };
                let made = made.map_err(|why| RunError::Fill {
                    value: name.clone(),
                    why,
                });
                made.map(Some)
            }
            (ValueSource::Parameter { .. } | ValueSource::Input | ValueSource::Node(_), _) => {
                Ok(None)
            }
        }
    }

    /// The output of a node; `None` where the node, or something before it, is not known.
    pub(super) fn compute(
        &self,
        node: &Node,
        values: &mut Values,
        read: &ReadFile,
    ) -> Result<Option<Tensor>, RunError> {
        let Work::Plan { plan, samples } = &node.work else {
            return Ok(None);
        };
        let of_operands = |why| RunError::Operands {
            node: node.name.clone(),
            why: Box::new(why),
        };
        let of_tensor = |why| RunError::Tensor {
            node: node.name.clone(),
            why,
        };
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for &id in &node.inputs {
            let known = values.get(id).cloned();
            let Some(tensor) = known.map_or_else(|| self.fixed(id, read), |one| Ok(Some(one)))?
            else {
                return Ok(None);
            };
            inputs.push(tensor);
        }
        let mut operands = Vec::new();
        for operand in plan.operand_list() {
            let given = node.operands.iter().find(|(name, _)| *name == operand.name);
            let tensor = match given {
                Some(&(_, id)) => match values.get(id).cloned() {
                    Some(tensor) => Some(tensor),
                    None => {
                        let Some(tensor) = self.fixed(id, read)? else {
                            return Ok(None);
                        };
                        // What a fill makes is made once for all nodes that share it.
                        values.tensors[id.0] = Some(tensor.clone());
                        Some(tensor)
                    }
                },
                None => match plan.layer().fill(operand.name) {
                    Some(fill) => Some(plan.made(operand, fill, read).map_err(of_operands)?),
                    None => None,
                },
            };
            operands.extend(tensor.map(|tensor| (operand.name, tensor)));
        }
        let bind = |mut inputs: Vec<Tensor>| {
            let further = inputs.split_off(1.min(inputs.len()));
            let named = operands.iter().cloned();
            let named = further.into_iter().map(|one| ("other", one)).chain(named);
            let Some(first) = inputs.pop() else {
                return Ok(None);
            };
            let bound: Operands = plan.with_operands(first, named).map_err(of_operands)?;
            plan.evaluate(&bound).map(Some).map_err(of_tensor)
        };
        let output = match node.outputs.first() {
            Some(&output) => self.value(output).shape,
            None => None,
        };
        let (Some(samples), Some(shape)) = (*samples, output) else {
            return bind(inputs);
        };
        let mut all: Option<Vec<f32>> = None;
        for sample in 0..samples {
            let parts = inputs.iter().zip(plan.input_shapes());
            let parts: Result<Vec<Tensor>, _> = parts
                .map(|(tensor, part)| {
                    let count = part.count();
                    if tensor.data().len() == count {
                        return tensor.clone().reshaped(part);
                    }
                    let own = sample * count..(sample + 1) * count;
                    Tensor::new(part, tensor.data().get(own).unwrap_or_default().to_vec())
                })
                .collect();
            let Some(output) = bind(parts.map_err(of_tensor)?)? else {
                return Ok(None);
            };
            if samples == 1 {
                return output.reshaped(shape).map(Some).map_err(of_tensor);
            }
            let all = all.get_or_insert_with(|| Vec::with_capacity(shape.count()));
            all.extend_from_slice(output.data());
        }
        let all = all.unwrap_or_default();
        Tensor::new(shape, all).map(Some).map_err(of_tensor)
    }
}
