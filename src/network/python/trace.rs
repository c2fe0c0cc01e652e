//! The graph that a network's `forward` makes, while it runs.

use std::collections::HashMap;

use super::value::{Fixed, Held, Role, Traced};
use crate::language::Localized;
use crate::network::{Attention, GraphBuilder, GraphError, Origin, ValueId};
use crate::op::Layer;
use crate::says;
use crate::tensor::{Fill, Shape, Tensor};

/// The graph in the making.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub builder: GraphBuilder,
    /// How often a name was given.
    names: HashMap<String, usize>,
    /// Single numbers, by how they are written.
    numbers: HashMap<String, ValueId>,
    /// What stands in the place of a tensor that was changed where it is: `x += y`.
    replaced: HashMap<ValueId, ValueId>,
}

impl Trace {
    pub fn input(&mut self, name: &str, shape: Shape, batched: bool) -> Traced {
        let id = self.builder.input(name, shape, batched);
        self.traced(id)
    }

    fn traced(&self, id: ValueId) -> Traced {
        let shape = self.builder.shape(id);
        Traced::node(id, shape.map_or(&[], Shape::axes))
    }

    /// A tensor's number in the graph.
    pub fn id(&mut self, tensor: &Traced) -> ValueId {
        let mut id = match &tensor.held {
            Held::Node(id) => *id,
            Held::Fixed(fixed) => match fixed.id.get() {
                Some(id) => id,
                None => {
                    let id = self.fix(fixed, &tensor.axes);
                    fixed.id.set(Some(id));
                    id
                }
            },
        };
        while let Some(next) = self.replaced.get(&id) {
            id = *next;
        }
        id
    }

    /// From now on `tensor` is `made`, by whatever name it is called.
    pub fn replace(&mut self, tensor: &Traced, made: &Traced) {
        let (old, new) = (self.id(tensor), self.id(made));
        if old != new {
            self.replaced.insert(old, new);
        }
    }

    /// Adds a tensor that the source makes.
    fn fix(&mut self, fixed: &Fixed, axes: &[usize]) -> ValueId {
        let shape = Shape::of_axes(axes).unwrap_or(Shape::SCALAR);
        let name = fixed.name.borrow().clone();
        let numbers = fixed.numbers.borrow().clone();
        match (fixed.role, name, numbers) {
            (Role::Parameter | Role::Buffer, Some(name), numbers) => {
                let learned = fixed.role == Role::Parameter;
                self.builder.parameter(name, shape, fill(numbers), learned)
            }
            (_, name, Some(tensor)) => match (name, tensor.data()) {
                (None, &[number]) if axes.is_empty() => self.number(number, tensor),
                (name, _) => {
                    let name = self.unused(name.as_deref().unwrap_or("constant"));
                    self.builder.buffer(name, tensor)
                }
            },
            (_, name, None) => {
                let name = self.unused(name.as_deref().unwrap_or("random"));
                let why = says!(
                    en: "these numbers are drawn at random, anew each time",
                    ja: "ここの数は毎回ランダムに決まります。"
                );
                let outputs = [(name.clone(), Some(shape))];
                let origin = Origin::of("torch.rand");
                self.builder.unknown(name, &[], &outputs, origin, why)[0]
            }
        }
    }

    fn number(&mut self, number: f32, tensor: Tensor) -> ValueId {
        let name = f64::from(number).to_string();
        if let Some(known) = self.numbers.get(&name) {
            return *known;
        }
        let id = self.builder.constant(name.clone(), tensor);
        self.numbers.insert(name, id);
        id
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

    /// A module of a path; what is called again shares its parameters, and those of another are given.
    pub fn module(
        &mut self,
        path: &str,
        layer: Layer,
        (inputs, operands): (&[Traced], &[(&'static str, Traced)]),
        operator: &str,
        line: Option<usize>,
    ) -> Result<Traced, GraphError> {
        let origin = Origin {
            operator: format!("nn.{operator}"),
            line,
            ..Origin::default()
        };
        let inputs: Vec<ValueId> = inputs.iter().map(|input| self.id(input)).collect();
        let operands: Vec<(&'static str, ValueId)> = operands
            .iter()
            .map(|(operand, tensor)| (*operand, self.id(tensor)))
            .collect();
        let id = self
            .builder
            .module_with(path, layer, &inputs, &operands, origin)?;
        let name = self.unused(if path.is_empty() { "output" } else { path });
        self.builder.rename(id, name);
        Ok(self.traced(id))
    }

    /// A function that runs in a module; what it has learned is given with it.
    pub fn function(
        &mut self,
        name: &str,
        layer: Layer,
        (inputs, operands): (&[Traced], &[(&'static str, Traced)]),
        operator: &str,
        line: Option<usize>,
    ) -> Result<Traced, GraphError> {
        let origin = Origin {
            operator: operator.to_owned(),
            line,
            ..Origin::default()
        };
        let name = self.unused(name);
        let inputs: Vec<ValueId> = inputs.iter().map(|input| self.id(input)).collect();
        let operands: Vec<(&'static str, ValueId)> = operands
            .iter()
            .map(|(operand, tensor)| (*operand, self.id(tensor)))
            .collect();
        let id = self.builder.node(name, layer, &inputs, &operands, origin)?;
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
            ..Origin::default()
        };
        let name = self.unused(name);
        let inputs = inputs.map(|input| self.id(input));
        let id = attention.build(&mut self.builder, &name, inputs, &origin)?;
        Ok(self.traced(id))
    }

    /// A node that has a shape and no numbers, and why.
    pub fn unknown(
        &mut self,
        name: &str,
        inputs: &[Traced],
        shape: Shape,
        (operator, line): (&str, Option<usize>),
        why: Localized<String>,
    ) -> Traced {
        let origin = Origin {
            operator: operator.to_owned(),
            line,
            note: None,
            differences: Vec::new(),
        };
        let name = self.unused(name);
        let inputs: Vec<ValueId> = inputs.iter().map(|input| self.id(input)).collect();
        let outputs = [(name.clone(), Some(shape))];
        let id = self.builder.unknown(name, &inputs, &outputs, origin, why)[0];
        self.traced(id)
    }
}

/// What a parameter is filled with until its numbers are read.
fn fill(numbers: Option<Tensor>) -> Fill {
    let Some(numbers) = numbers else {
        return Fill::Random { seed: 1 };
    };
    match *numbers.data() {
        [first, ref rest @ ..] if rest.iter().all(|other| *other == first) => Fill::Constant(first),
        _ => Fill::Values(numbers.data().to_vec()),
    }
}
