//! The graph that a network's `forward` makes, while it runs.

use std::collections::HashMap;

use super::value::Traced;
use crate::network::{Attention, GraphBuilder, GraphError, Origin, ValueId};
use crate::op::Layer;
use crate::tensor::{Shape, Tensor};

/// The graph in the making.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub builder: GraphBuilder,
    /// How often a name was given.
    names: HashMap<String, usize>,
    /// Parameters that the network has besides those of its layers.
    parameters: HashMap<String, Traced>,
}

impl Trace {
    pub fn input(&mut self, name: &str, shape: Shape, batched: bool) -> Traced {
        let id = self.builder.input(name, shape, batched);
        self.traced(id)
    }

    fn traced(&self, id: ValueId) -> Traced {
        let shape = self.builder.shape(id);
        Traced {
            id,
            axes: shape.map(|shape| shape.axes().to_vec()).unwrap_or_default(),
        }
    }

    /// A name that no node has yet: `pool`, `pool_1`.
    fn unused(&mut self, name: &str) -> String {
        let count = self.names.entry(name.to_owned()).or_insert(0);
        *count += 1;
        match *count {
            1 => name.to_owned(),
            more => format!("{name}_{}", more - 1),
        }
    }

    /// A module of a path; what is called again shares its parameters.
    pub fn module(
        &mut self,
        path: &str,
        layer: Layer,
        inputs: &[Traced],
        operator: &str,
        line: Option<usize>,
    ) -> Result<Traced, GraphError> {
        let origin = Origin {
            operator: format!("nn.{operator}"),
            line,
            note: None,
        };
        let inputs: Vec<ValueId> = inputs.iter().map(|input| input.id).collect();
        let id = self.builder.module(path, layer, &inputs, origin)?;
        let name = self.unused(if path.is_empty() { "output" } else { path });
        self.builder.rename(id, name);
        Ok(self.traced(id))
    }

    /// A function that runs in a module.
    pub fn function(
        &mut self,
        name: &str,
        layer: Layer,
        inputs: &[Traced],
        operator: &str,
        line: Option<usize>,
    ) -> Result<Traced, GraphError> {
        let origin = Origin {
            operator: operator.to_owned(),
            line,
            note: None,
        };
        let name = self.unused(name);
        let inputs: Vec<ValueId> = inputs.iter().map(|input| input.id).collect();
        let id = self.builder.node(name, layer, &inputs, &[], origin)?;
        Ok(self.traced(id))
    }

    /// An attention, which is several nodes.
    pub fn attention(
        &mut self,
        name: &str,
        attention: Attention,
        inputs: [&Traced; 3],
        operator: &str,
        line: Option<usize>,
    ) -> Result<Traced, GraphError> {
        let origin = Origin {
            operator: operator.to_owned(),
            line,
            note: None,
        };
        let name = self.unused(name);
        let inputs = inputs.map(|input| input.id);
        let id = attention.build(&mut self.builder, &name, inputs, &origin)?;
        Ok(self.traced(id))
    }

    /// A fixed tensor by its name; the same name is the same tensor.
    pub fn constant(&mut self, name: &str, tensor: Tensor) -> Traced {
        if let Some(known) = self.parameters.get(name) {
            return known.clone();
        }
        let id = self.builder.constant(name, tensor);
        let traced = self.traced(id);
        self.parameters.insert(name.to_owned(), traced.clone());
        traced
    }
}
