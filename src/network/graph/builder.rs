//! Building a graph node by node. Every node is planned as it is added, so that a shape that does not
//! follow is told at its place.

use std::collections::HashMap;

use crate::language::Localized;
use crate::op::{Layer, OperandRole, Plan};
use crate::tensor::{Fill, Shape, Tensor};

use super::error::GraphError;
use super::planning::Unplanned;
use super::{Graph, Node, Origin, Value, ValueId, ValueSource, Work};

/// The most nodes that a graph may have.
const MAX_NODES: usize = 1 << 14;

/// A graph in the making.
#[derive(Debug, Clone, Default)]
pub struct GraphBuilder {
    graph: Graph,
    /// Values by their names; of those with the same, in their order.
    named: HashMap<String, Vec<ValueId>>,
}

impl GraphBuilder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An input of a shape, the batch included where `batched`.
    pub fn input(&mut self, name: impl Into<String>, shape: Shape, batched: bool) -> ValueId {
        let id = self.add(name.into(), Some(shape), batched, ValueSource::Input);
        self.graph.inputs.push(id);
        id
    }

    /// A fixed tensor.
    pub fn constant(&mut self, name: impl Into<String>, tensor: Tensor) -> ValueId {
        let shape = *tensor.shape();
        self.add(
            name.into(),
            Some(shape),
            false,
            ValueSource::Constant(tensor),
        )
    }

    /// A tensor by its name in the `state_dict` that is no layer's, and what it is filled with until its
    /// numbers are read; `learned` where training changes it.
    pub fn parameter(
        &mut self,
        name: impl Into<String>,
        shape: Shape,
        fill: Fill,
        learned: bool,
    ) -> ValueId {
        let name = name.into();
        if let Some(known) = self.find(&name)
            && self.shape(known) == Some(&shape)
        {
            return known;
        }
        let source = ValueSource::Parameter { fill, order: None };
        let id = self.add(name, Some(shape), false, source);
        if learned {
            self.graph.own.push(id);
        } else {
            self.graph.unlearned.push(id);
        }
        id
    }

    /// Counts a constant among what the network has learned, where no layer has it as its weights: a matrix that
    /// an input is multiplied with, a position that is added.
    pub fn learned(&mut self, id: ValueId) {
        if !self.graph.own.contains(&id) {
            self.graph.own.push(id);
        }
    }

    /// A fixed tensor that nothing learns, though a layer may use it as its weights.
    pub fn buffer(&mut self, name: impl Into<String>, tensor: Tensor) -> ValueId {
        let id = self.constant(name, tensor);
        self.graph.unlearned.push(id);
        id
    }

    /// A buffer of the `state_dict` that is no value, because it is worked into constants.
    pub fn made_by_source(&mut self, name: impl Into<String>, tensor: Tensor) {
        self.graph.made_by_source.push((name.into(), tensor));
    }

    /// Adds to what is known of where runtimes differ over the node that was added last.
    pub fn differing(&mut self, of: impl FnOnce(&Plan) -> Vec<Localized<String>>) {
        if let Some(node) = self.graph.nodes.last_mut() {
            let found = node.plan().map(of).unwrap_or_default();
            node.origin.differences.extend(found);
        }
    }

    /// Something to be said of the whole.
    pub fn note(&mut self, note: Localized<String>) {
        if !self.graph.notes.contains(&note) {
            self.graph.notes.push(note);
        }
    }

    /// A value by its number.
    #[must_use]
    pub fn value(&self, id: ValueId) -> &Value {
        self.graph.value(id)
    }

    /// The shape of a value; `None` behind a node that is not known.
    #[must_use]
    pub fn shape(&self, id: ValueId) -> Option<&Shape> {
        self.value(id).shape.as_ref()
    }

    /// Renames a value: an output that the file calls otherwise, say.
    pub fn rename(&mut self, id: ValueId, name: impl Into<String>) {
        let name = name.into();
        let before = std::mem::replace(&mut self.graph.values[id.0].name, name.clone());
        if let Some(named) = self.named.get_mut(&before) {
            named.retain(|own| *own != id);
        }
        let named = self.named.entry(name).or_default();
        let place = named.partition_point(|own| *own < id);
        named.insert(place, id);
    }

    /// A node whose operands are values of the graph, or where they are not given, filled as the layer
    /// says. Gives its output, which has the node's name until [`GraphBuilder::rename`].
    ///
    /// # Errors
    /// When the layer does not take its inputs or its operands.
    pub fn node(
        &mut self,
        name: impl Into<String>,
        layer: impl Into<Layer>,
        inputs: &[ValueId],
        operands: &[(&'static str, ValueId)],
        origin: Origin,
    ) -> Result<ValueId, GraphError> {
        let (name, layer) = (name.into(), layer.into());
        let at = |why| GraphError::Layer {
            node: name.clone(),
            operator: origin.operator.clone(),
            line: origin.line,
            why: Box::new(why),
        };
        if self.graph.nodes.len() >= MAX_NODES {
            return Err(GraphError::TooLong { limit: MAX_NODES });
        }
        let planned = self
            .graph
            .planned(&layer, inputs)
            .map_err(|why| match why {
                Unplanned::Layer(why) => at(why),
                Unplanned::Shape(value) => GraphError::NoShape {
                    node: name.clone(),
                    value,
                },
            })?;
        let mut fitted = Vec::with_capacity(operands.len());
        for &(operand, id) in operands {
            let wanted = planned.plan.operand_list();
            let wanted = wanted.iter().find(|wanted| wanted.name == operand);
            // An operand that the layer does not use is left out: a file may give more.
            if let Some(wanted) = wanted {
                fitted.push((operand, self.fit(&name, operand, wanted.shape, id)?));
            }
        }
        let batched = planned.samples.is_some();
        let number = self.graph.nodes.len();
        let output = self.add(
            name.clone(),
            Some(planned.output),
            batched,
            ValueSource::Node(number),
        );
        self.graph.nodes.push(Node {
            name,
            origin,
            work: Work::Plan {
                plan: Box::new(planned.plan),
                samples: planned.samples,
            },
            inputs: inputs.to_vec(),
            operands: fitted,
            outputs: vec![output],
        });
        Ok(output)
    }

    /// A node that is a module of PyTorch: its operands are parameters named after it
    /// (`features.0.weight`), and a module of the same path that runs twice shares them.
    ///
    /// # Errors
    /// As [`GraphBuilder::node`].
    pub fn module(
        &mut self,
        path: &str,
        layer: impl Into<Layer>,
        inputs: &[ValueId],
        origin: Origin,
    ) -> Result<ValueId, GraphError> {
        self.module_with(path, layer, inputs, &[], origin)
    }

    /// As [`GraphBuilder::module`], with operands that are another module's.
    ///
    /// # Errors
    /// As [`GraphBuilder::node`].
    pub fn module_with(
        &mut self,
        path: &str,
        layer: impl Into<Layer>,
        inputs: &[ValueId],
        given: &[(&'static str, ValueId)],
        origin: Origin,
    ) -> Result<ValueId, GraphError> {
        let layer = layer.into();
        let output = self.node(path, layer.clone(), inputs, given, origin)?;
        let Some(node) = self.graph.nodes.last() else {
            return Ok(output);
        };
        let Some(plan) = node.plan() else {
            return Ok(output);
        };
        let plan = plan.clone();
        let mut operands = Vec::new();
        for operand in plan.operand_list() {
            let Some(fill) = layer.fill(operand.name) else {
                continue;
            };
            let name = if path.is_empty() {
                operand.name.to_owned()
            } else {
                format!("{path}.{}", operand.name)
            };
            let given = given.iter().find(|(own, _)| *own == operand.name);
            let known = given.map(|(_, id)| *id).or_else(|| self.find(&name));
            let id = match known {
                Some(id) if self.shape(id) == Some(&operand.shape) => id,
                _ => {
                    let order = (operand.role == OperandRole::Filters).then(|| plan.weight_order());
                    let source = ValueSource::Parameter {
                        fill: Fill::clone(fill),
                        order,
                    };
                    self.add(name, Some(operand.shape), false, source)
                }
            };
            operands.push((operand.name, id));
        }
        if let Some(node) = self.graph.nodes.last_mut() {
            node.operands = operands;
        }
        Ok(output)
    }

    /// A node that is not shown here, with its outputs by name and, where something says so, shape.
    pub fn unknown(
        &mut self,
        name: impl Into<String>,
        inputs: &[ValueId],
        outputs: &[(String, Option<Shape>)],
        origin: Origin,
        why: Localized<String>,
    ) -> Vec<ValueId> {
        let number = self.graph.nodes.len();
        let batched = inputs.iter().any(|&id| self.value(id).batched);
        let outputs: Vec<ValueId> = outputs
            .iter()
            .map(|(name, shape)| self.add(name.clone(), *shape, batched, ValueSource::Node(number)))
            .collect();
        self.graph.nodes.push(Node {
            name: name.into(),
            origin,
            work: Work::Unknown(why),
            inputs: inputs.to_vec(),
            operands: Vec::new(),
            outputs: outputs.clone(),
        });
        outputs
    }

    /// The graph, with its outputs.
    #[must_use]
    pub fn finish(mut self, outputs: &[ValueId]) -> Graph {
        self.graph.outputs = outputs.to_vec();
        self.graph
    }

    fn add(
        &mut self,
        name: String,
        shape: Option<Shape>,
        batched: bool,
        source: ValueSource,
    ) -> ValueId {
        let id = ValueId(self.graph.values.len());
        self.named.entry(name.clone()).or_default().push(id);
        self.graph.values.push(Value {
            name,
            shape,
            batched,
            source,
        });
        id
    }

    /// The first value of a name.
    fn find(&self, name: &str) -> Option<ValueId> {
        self.named.get(name)?.first().copied()
    }

    /// An operand in the shape that a plan asks for. A constant of as many numbers is laid out anew: a
    /// file may write a bias as `1 × C × 1 × 1`.
    fn fit(
        &mut self,
        node: &str,
        operand: &'static str,
        wanted: Shape,
        id: ValueId,
    ) -> Result<ValueId, GraphError> {
        let value = self.value(id);
        if value.shape == Some(wanted) {
            return Ok(id);
        }
        if let ValueSource::Constant(tensor) = &value.source
            && let Ok(tensor) = tensor.clone().reshaped(wanted)
        {
            let name = value.name.clone();
            return Ok(self.constant(name, tensor));
        }
        Err(GraphError::Operand {
            node: node.to_owned(),
            operand,
            wanted,
            given: value.shape,
        })
    }
}
