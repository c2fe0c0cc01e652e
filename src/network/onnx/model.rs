//! What an ONNX file describes: nodes with attributes, constants, and declared shapes.
//!
//! Source: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::constant::{Constant, Numbers, Store};
use super::element::ElementType;
use super::error::{NodeName, OnnxError};
use super::wire::{WireError, fields};
use crate::network::ClassNames;
use crate::op::{OnnxAttribute, OnnxConstant};
use crate::tensor::ReadFile;

/// Messages of a file, at most: far more than any network has, and some hundred MB in memory.
const MAX_PARTS: usize = 1 << 20;

/// Graphs within graphs, at most.
const MAX_BODIES: usize = 8;

/// An ONNX file, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The version of the format.
    pub ir_version: i64,
    /// The program that wrote it: `pytorch 2.15.0`.
    pub producer: String,
    /// The version of the operators, by their domain; ONNX' own is `""`.
    pub opsets: BTreeMap<String, i64>,
    /// Its nodes, in the order of the file.
    pub nodes: Vec<Node>,
    /// Constants by their names.
    pub initializers: BTreeMap<String, Constant>,
    /// What it is given, constants left out.
    pub inputs: Vec<Declared>,
    /// What it gives.
    pub outputs: Vec<Declared>,
    /// What the file says of values in between.
    pub values: BTreeMap<String, Declared>,
    /// Operators that the file itself defines, by domain and name.
    pub functions: BTreeMap<(String, String), Function>,
    /// What whoever wrote the file says of the whole, by name.
    pub metadata: BTreeMap<String, String>,
}

/// A node of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Its name; may be empty.
    pub name: String,
    /// Its operator.
    pub op_type: String,
    /// The domain of its operator; ONNX' own is `""`.
    pub domain: String,
    /// Names of values that go in; an empty one is left out. Behind an `If`'s own, those that its branches read.
    pub inputs: Vec<String>,
    /// Names of values that come out.
    pub outputs: Vec<String>,
    /// Attributes by their names.
    pub attributes: BTreeMap<String, OnnxAttribute>,
    /// Attributes that are those of the function around it, by their names.
    pub references: BTreeMap<String, String>,
    /// The branches of an `If`, by the names of its attributes.
    pub bodies: BTreeMap<String, Body>,
}

/// A graph within a node. What it does not make itself is a value of the graph around it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// Its constants by their names.
    pub initializers: BTreeMap<String, Constant>,
    /// Its nodes, in the order of the file.
    pub nodes: Vec<Node>,
    /// Names of what it gives.
    pub outputs: Vec<String>,
}

/// An operator that a file defines by others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Function {
    /// Names of its inputs.
    pub inputs: Vec<String>,
    /// Names of its outputs.
    pub outputs: Vec<String>,
    /// What attributes are where a node leaves them out.
    pub defaults: BTreeMap<String, OnnxAttribute>,
    /// What it is made of.
    pub nodes: Vec<Node>,
}

/// What a file says of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// The type of its numbers, or what else it is.
    pub kind: DeclaredKind,
}

/// What kind of value a file declares.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclaredKind {
    /// A tensor, with its axes where they are said.
    Tensor(ElementType, Option<Vec<DeclaredAxis>>),
    /// A sequence, a map, something optional or sparse.
    Other(&'static str),
}

/// An axis as a file declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredAxis {
    /// Of a length.
    Length(usize),
    /// Of any length, which has a name: `batch`.
    Named(String),
    /// Of any length.
    Open,
}

impl Node {
    /// How a person finds it.
    #[must_use]
    pub fn place(&self) -> NodeName {
        let output = || self.outputs.iter().find(|name| !name.is_empty()).cloned();
        let named = (!self.name.is_empty()).then(|| self.name.clone());
        NodeName {
            name: named.or_else(output).unwrap_or_default(),
            op_type: self.op_type.clone(),
        }
    }

    /// Gives other names to the values that it and the graphs in it read and make.
    pub(super) fn rename(&mut self, of: &dyn Fn(&str) -> String) {
        let change = |name: &mut String| {
            if !name.is_empty() {
                *name = of(name);
            }
        };
        self.inputs
            .iter_mut()
            .chain(&mut self.outputs)
            .for_each(change);
        for body in self.bodies.values_mut() {
            let initializers = std::mem::take(&mut body.initializers).into_iter();
            body.initializers = initializers
                .map(|(name, constant)| (of(&name), constant))
                .collect();
            for node in &mut body.nodes {
                node.rename(of);
            }
            body.outputs.iter_mut().for_each(change);
        }
    }

    /// What its branches read of the graph around it becomes an input too, so that it comes after what makes that.
    fn read_around(&mut self) {
        if self.inputs.is_empty() {
            return;
        }
        let read: BTreeSet<String> = self.bodies.values().flat_map(Body::read_around).collect();
        for name in read {
            if !self.inputs.contains(&name) {
                self.inputs.push(name);
            }
        }
    }
}

impl Body {
    /// The values that it makes itself.
    pub(super) fn made(&self) -> BTreeSet<&str> {
        let outputs = self.nodes.iter().flat_map(|node| &node.outputs);
        let all = outputs.chain(self.initializers.keys());
        all.map(String::as_str).collect()
    }

    /// The values that it reads and does not make.
    fn read_around(&self) -> BTreeSet<String> {
        let made = self.made();
        let inputs = self.nodes.iter().flat_map(|node| &node.inputs);
        let read = inputs.chain(&self.outputs);
        read.filter(|name| !name.is_empty() && !made.contains(name.as_str()))
            .cloned()
            .collect()
    }
}

impl Declared {
    /// Its axes, where it is a tensor and they are said.
    #[must_use]
    pub fn axes(&self) -> Option<&[DeclaredAxis]> {
        match &self.kind {
            DeclaredKind::Tensor(_, axes) => axes.as_deref(),
            DeclaredKind::Other(_) => None,
        }
    }

    /// Its axes in words: `batch × 3 × height × width`.
    #[must_use]
    pub fn written(&self) -> String {
        let axis = |axis: &DeclaredAxis| match axis {
            DeclaredAxis::Length(length) => length.to_string(),
            DeclaredAxis::Named(name) => name.clone(),
            DeclaredAxis::Open => String::from("?"),
        };
        match self.axes() {
            None => String::from("?"),
            Some([]) => String::from("()"),
            Some(axes) => axes.iter().map(axis).collect::<Vec<_>>().join(" × "),
        }
    }
}

impl Model {
    /// Reads a file. `beside` gives the files beside it that hold numbers, by their names.
    ///
    /// # Errors
    /// When the bytes are no ONNX, or numbers of it cannot be read.
    pub fn read(bytes: &[u8], beside: &ReadFile) -> Result<Self, OnnxError> {
        Reader {
            store: Store::new(beside),
            left: Cell::new(MAX_PARTS),
            depth: Cell::new(0),
        }
        .model(bytes)
    }

    /// The names of the classes that it tells apart, where the file says them.
    #[must_use]
    pub fn class_names(&self) -> Option<ClassNames> {
        ClassNames::of_metadata(&self.metadata)
    }

    /// The version of ONNX' own operators.
    #[must_use]
    pub fn opset(&self) -> i64 {
        self.opsets.get("").copied().unwrap_or(1)
    }
}

struct Reader<'f> {
    store: Store<'f>,
    /// Messages that may still come.
    left: Cell<usize>,
    /// Graphs around what is read.
    depth: Cell<usize>,
}

type Read<T> = Result<T, OnnxError>;

/// What an attribute holds.
enum Held<'a> {
    Value(OnnxAttribute),
    /// What the attribute of that name of the function around holds.
    Reference(String),
    /// A graph that is not read yet.
    Graph(&'a [u8]),
}

/// A graph as it is read.
#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    initializers: BTreeMap<String, Constant>,
    inputs: Vec<Declared>,
    outputs: Vec<Declared>,
    values: BTreeMap<String, Declared>,
}

/// ONNX' own operators, under either of the names that they have.
fn domain(name: String) -> String {
    if name == "ai.onnx" {
        String::new()
    } else {
        name
    }
}

impl Reader<'_> {
    /// Takes one message off what may come.
    fn part(&self) -> Result<(), WireError> {
        let left = self.left.get().checked_sub(1).ok_or(WireError::TooMany)?;
        self.left.set(left);
        Ok(())
    }

    fn model(&self, bytes: &[u8]) -> Read<Model> {
        let (mut ir_version, mut program, mut version) = (0, String::new(), String::new());
        let mut opsets = BTreeMap::new();
        let mut graph = None;
        let mut functions = Vec::new();
        let mut metadata = BTreeMap::new();
        fields(bytes, |number, value| {
            self.part()?;
            match number {
                1 => ir_version = value.integer()?,
                2 => program = value.text()?,
                3 => version = value.text()?,
                7 => graph = Some(value.bytes()?),
                8 => {
                    let (domain, version) = opset(value.bytes()?)?;
                    opsets.insert(domain, version);
                }
                // What cannot be read of it is no loss.
                14 => metadata.extend(value.bytes().and_then(|entry| self.entry(entry)).ok()),
                25 => functions.push(value.bytes()?),
                // What may stand there besides; all else is another format.
                4 | 5 | 6 | 20 | 26 => {}
                _ => return Err(WireError::Foreign),
            }
            Ok(())
        })?;
        let graph = self.graph(graph.ok_or(OnnxError::NoGraph)?)?;
        let functions = functions.into_iter().map(|message| self.function(message));
        let functions = functions.collect::<Read<_>>()?;
        // Old files name constants among the inputs.
        let mut inputs = graph.inputs;
        inputs.retain(|input| !graph.initializers.contains_key(&input.name));
        Ok(Model {
            ir_version,
            producer: format!("{program} {version}").trim().to_owned(),
            opsets,
            nodes: graph.nodes,
            initializers: graph.initializers,
            inputs,
            outputs: graph.outputs,
            values: graph.values,
            functions,
            metadata,
        })
    }

    /// A name with its text.
    fn entry(&self, message: &[u8]) -> Result<(String, String), WireError> {
        let (mut name, mut text) = (String::new(), String::new());
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => name = value.text()?,
                2 => text = value.text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok((name, text))
    }

    fn graph(&self, message: &[u8]) -> Read<Graph> {
        let mut graph = Graph::default();
        let mut fault = None;
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => match self.node(value.bytes()?) {
                    Ok(node) => graph.nodes.push(node),
                    Err(why) => return keep(&mut fault, why),
                },
                5 => match self.store.constant(value.bytes()?) {
                    Ok((name, constant)) => {
                        graph.initializers.insert(name, constant);
                    }
                    Err(why) => return keep(&mut fault, why),
                },
                11 => graph.inputs.push(self.declared(value.bytes()?)?),
                12 => graph.outputs.push(self.declared(value.bytes()?)?),
                13 => {
                    let declared = self.declared(value.bytes()?)?;
                    graph.values.insert(declared.name.clone(), declared);
                }
                15 => {
                    let name = self.sparse_name(value.bytes()?)?;
                    graph
                        .initializers
                        .insert(name, Constant::unread(ElementType::FLOAT));
                }
                _ => {}
            }
            Ok(())
        })
        .map_err(|why| fault.take().unwrap_or(why.into()))?;
        Ok(graph)
    }

    fn node(&self, message: &[u8]) -> Read<Node> {
        let mut node = Node::default();
        let mut graphs = Vec::new();
        let mut fault = None;
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => node.inputs.push(value.text()?),
                2 => node.outputs.push(value.text()?),
                3 => node.name = value.text()?,
                4 => node.op_type = value.text()?,
                7 => node.domain = domain(value.text()?),
                5 => match self.attribute(value.bytes()?) {
                    Ok((name, Held::Value(attribute))) => {
                        node.attributes.insert(name, attribute);
                    }
                    Ok((name, Held::Reference(reference))) => {
                        node.references.insert(name, reference);
                    }
                    Ok((name, Held::Graph(message))) => graphs.push((name, message)),
                    Err(why) => return keep(&mut fault, why),
                },
                _ => {}
            }
            Ok(())
        })
        .map_err(|why| fault.take().unwrap_or(why.into()))?;
        // Of loops nothing is taken.
        if node.op_type == "If" && node.domain.is_empty() {
            for (name, message) in graphs {
                node.bodies.insert(name, self.body(message)?);
            }
            node.read_around();
        }
        Ok(node)
    }

    fn body(&self, message: &[u8]) -> Read<Body> {
        let depth = self.depth.get();
        if depth == MAX_BODIES {
            return Err(WireError::TooMany.into());
        }
        self.depth.set(depth + 1);
        let graph = self.graph(message);
        self.depth.set(depth);
        let graph = graph?;
        Ok(Body {
            initializers: graph.initializers,
            nodes: graph.nodes,
            outputs: graph.outputs.into_iter().map(|one| one.name).collect(),
        })
    }

    /// An attribute's name, and what it holds.
    fn attribute<'a>(&self, message: &'a [u8]) -> Read<(String, Held<'a>)> {
        let (mut name, mut reference) = (String::new(), None);
        let mut kind = 0;
        let mut seen = 0;
        let (mut float, mut integer, mut text) = (0.0, 0, String::new());
        let (mut floats, mut integers, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut tensor, mut graph) = (None, None);
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => name = value.text()?,
                2 => (float, seen) = (value.float()?, 1),
                3 => (integer, seen) = (value.integer()?, 2),
                4 => (text, seen) = (value.text()?, 3),
                5 => (tensor, seen) = (Some(value.bytes()?), 4),
                6 => (graph, seen) = (Some(value.bytes()?), 5),
                7 => {
                    value.floats(&mut floats)?;
                    seen = 6;
                }
                8 => {
                    value.integers(&mut integers)?;
                    seen = 7;
                }
                9 => {
                    texts.push(value.text()?);
                    seen = 8;
                }
                20 => kind = value.integer()?,
                21 => reference = Some(value.text()?),
                _ => {}
            }
            Ok(())
        })?;
        if let Some(reference) = reference {
            return Ok((name, Held::Reference(reference)));
        }
        // The oldest files do not say which kind it is.
        let kind = if kind == 0 { seen } else { kind };
        let attribute = match kind {
            1 => OnnxAttribute::Float(float),
            2 => OnnxAttribute::Integer(integer),
            3 => OnnxAttribute::Text(text),
            4 => match tensor {
                None => OnnxAttribute::Unread,
                Some(message) => {
                    let (_, constant) = self.store.constant(message)?;
                    match constant.numbers {
                        Numbers::Floats(numbers) => OnnxAttribute::Tensor(
                            constant.axes,
                            OnnxConstant::Floats(std::sync::Arc::unwrap_or_clone(numbers)),
                        ),
                        Numbers::Integers(numbers) => OnnxAttribute::Tensor(
                            constant.axes,
                            OnnxConstant::Integers(std::sync::Arc::unwrap_or_clone(numbers)),
                        ),
                        Numbers::Unread => OnnxAttribute::Unread,
                    }
                }
            },
            5 => match graph {
                None => OnnxAttribute::Unread,
                Some(message) => return Ok((name, Held::Graph(message))),
            },
            6 => OnnxAttribute::Floats(floats),
            7 => OnnxAttribute::Integers(integers),
            8 => OnnxAttribute::Texts(texts),
            _ => OnnxAttribute::Unread,
        };
        Ok((name, Held::Value(attribute)))
    }

    fn declared(&self, message: &[u8]) -> Result<Declared, WireError> {
        let mut name = String::new();
        let mut kind = DeclaredKind::Tensor(ElementType(0), None);
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => name = value.text()?,
                2 => kind = self.value_type(value.bytes()?)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(Declared { name, kind })
    }

    fn value_type(&self, message: &[u8]) -> Result<DeclaredKind, WireError> {
        let mut kind = DeclaredKind::Tensor(ElementType(0), None);
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => {
                    let (mut element, mut axes) = (ElementType(0), None);
                    fields(value.bytes()?, |number, value| {
                        match number {
                            1 => element = ElementType(value.integer()? as i32),
                            2 => axes = Some(self.declared_axes(value.bytes()?)?),
                            _ => {}
                        }
                        Ok(())
                    })?;
                    kind = DeclaredKind::Tensor(element, axes);
                }
                4 => kind = DeclaredKind::Other("sequence"),
                5 => kind = DeclaredKind::Other("map"),
                7 => kind = DeclaredKind::Other("opaque"),
                8 => kind = DeclaredKind::Other("sparse tensor"),
                9 => kind = DeclaredKind::Other("optional"),
                _ => {}
            }
            Ok(())
        })?;
        Ok(kind)
    }

    fn declared_axes(&self, message: &[u8]) -> Result<Vec<DeclaredAxis>, WireError> {
        let mut axes = Vec::new();
        fields(message, |number, value| {
            self.part()?;
            if number != 1 {
                return Ok(());
            }
            let mut axis = DeclaredAxis::Open;
            fields(value.bytes()?, |number, value| {
                match number {
                    1 => {
                        let length = usize::try_from(value.integer()?);
                        axis = length.map_or(DeclaredAxis::Open, DeclaredAxis::Length);
                    }
                    2 => {
                        let name = value.text()?;
                        if !name.is_empty() {
                            axis = DeclaredAxis::Named(name);
                        }
                    }
                    _ => {}
                }
                Ok(())
            })?;
            axes.push(axis);
            Ok(())
        })?;
        Ok(axes)
    }

    fn function(&self, message: &[u8]) -> Read<((String, String), Function)> {
        let mut function = Function::default();
        let (mut name, mut of) = (String::new(), String::new());
        let mut fault = None;
        fields(message, |number, value| {
            self.part()?;
            match number {
                1 => name = value.text()?,
                4 => function.inputs.push(value.text()?),
                5 => function.outputs.push(value.text()?),
                7 => match self.node(value.bytes()?) {
                    Ok(node) => function.nodes.push(node),
                    Err(why) => return keep(&mut fault, why),
                },
                10 => of = domain(value.text()?),
                11 => match self.attribute(value.bytes()?) {
                    Ok((name, Held::Value(attribute))) => {
                        function.defaults.insert(name, attribute);
                    }
                    Ok((_, Held::Reference(_) | Held::Graph(_))) => {}
                    Err(why) => return keep(&mut fault, why),
                },
                _ => {}
            }
            Ok(())
        })
        .map_err(|why| fault.take().unwrap_or(why.into()))?;
        Ok(((of, name), function))
    }

    /// The name of a sparse constant, which is that of its values.
    fn sparse_name(&self, message: &[u8]) -> Result<String, WireError> {
        let mut name = String::new();
        fields(message, |number, value| {
            if number == 1 {
                fields(value.bytes()?, |number, value| {
                    if number == 8 {
                        name = value.text()?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(name)
    }
}

/// Ends the reading of a message by a fault that is no fault of the wire format.
fn keep(fault: &mut Option<OnnxError>, why: OnnxError) -> Result<(), WireError> {
    let end = match why {
        OnnxError::Wire(why) => why,
        _ => WireError::Foreign,
    };
    *fault = Some(why);
    Err(end)
}

fn opset(message: &[u8]) -> Result<(String, i64), WireError> {
    let (mut of, mut version) = (String::new(), 1);
    fields(message, |number, value| {
        match number {
            1 => of = domain(value.text()?),
            2 => version = value.integer()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((of, version))
}
