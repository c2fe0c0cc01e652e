//! From the nodes of a file to a graph: constants are worked out, operators become layers, and what
//! is not known is named.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::constant::{Constant, Numbers};
use super::element::{ElementType, Kind};
use super::error::OnnxError;
use super::fold::Folding;
use super::input::GivenInput;
use super::lower::lowered;
use super::model::{Declared, DeclaredAxis, DeclaredKind, Model, Node};
use super::nothing::{self, Instead};
use super::order::ordered;
use super::{idiom, inline, refusal};
use crate::language::{Localized, Message, says};
use crate::network::graph::{Graph, GraphBuilder, GraphError, Origin, ValueId};
use crate::op::OperationKind;
use crate::op::{
    Layer, OnnxAttribute, OnnxConstant, OnnxForm, OnnxInput, OnnxLayer, OnnxNode, OnnxRefusal,
};
use crate::tensor::Shape;

/// The oldest operators that are read.
const OLDEST: i64 = 7;

/// Numbers of a constant that an operation may read, at most; larger ones are weights.
const MAX_READ: usize = 1 << 16;

/// Numbers of all constants that are worked out, at most: 1 GiB.
const MAX_MADE: usize = 1 << 28;

/// Lowerings within lowerings, at most.
const MAX_DEPTH: usize = 8;

/// What is known of a value.
#[derive(Debug, Clone)]
enum Known {
    Constant(Constant),
    Value(ValueId, Kind),
}

/// A graph in the making.
pub(super) struct Build<'m> {
    model: &'m Model,
    graph: GraphBuilder,
    known: HashMap<String, Known>,
    /// Constants that are values of the graph already.
    placed: HashMap<String, ValueId>,
    /// Inputs whose few numbers are given: constants for an operation that wants them.
    given: HashMap<String, Constant>,
    /// How often each value is used.
    uses: HashMap<String, usize>,
    /// Which nodes use each value, by their places.
    pub(super) users: HashMap<String, Vec<usize>>,
    /// Numbers of all constants that were worked out.
    made: usize,
    /// Nodes that are part of another one.
    taken: HashSet<usize>,
}

impl Model {
    /// The network as a graph. Inputs that are not given have the shapes that the file declares, with
    /// a batch of one.
    ///
    /// # Errors
    /// With the node or the input that does not fit, and what would be right.
    pub fn graph(&self, given: &[GivenInput]) -> Result<Graph, OnnxError> {
        let opset = self.opset();
        if opset < OLDEST && self.nodes.iter().any(|node| node.domain.is_empty()) {
            return Err(OnnxError::Opset(opset));
        }
        let nodes = ordered(self, inline::inlined(self)?)?;
        let mut build = Build {
            model: self,
            graph: GraphBuilder::new(),
            known: HashMap::new(),
            placed: HashMap::new(),
            given: HashMap::new(),
            uses: HashMap::new(),
            users: HashMap::new(),
            made: 0,
            taken: HashSet::new(),
        };
        for (name, constant) in &self.initializers {
            build
                .known
                .insert(name.clone(), Known::Constant(constant.clone()));
        }
        for (place, node) in nodes.iter().enumerate() {
            for input in &node.inputs {
                *build.uses.entry(input.clone()).or_default() += 1;
                let users = build.users.entry(input.clone()).or_default();
                users.push(place);
            }
        }
        for input in self.resolve(given)? {
            let constant = input.constant();
            // Whole numbers that are given are arguments: the shape of a reshape, say. But not tokens, or a picture.
            let empty = constant.as_ref().is_some_and(|one| one.count() == 0);
            let is_argument = matches!(input.kind, Kind::Integer | Kind::Bool)
                && !build.is_worked_on(&nodes, &input.name);
            if let Some(constant) = constant.as_ref()
                && (empty || is_argument)
            {
                let constant = Known::Constant(constant.clone());
                build.known.insert(input.name, constant);
                continue;
            }
            let id = build
                .graph
                .input(input.name.clone(), input.shape, input.batched);
            if let Some(constant) = constant.filter(|one| one.count() <= MAX_READ) {
                build.given.insert(input.name.clone(), constant);
            }
            build.known.insert(input.name, Known::Value(id, input.kind));
        }
        for output in &self.outputs {
            *build.uses.entry(output.name.clone()).or_default() += 1;
        }
        for place in 0..nodes.len() {
            if build.taken.contains(&place) {
                continue;
            }
            if let Some(found) = idiom::find(&build, &nodes, place) {
                build.taken.extend(found.parts);
                build.one(&found.node, found.layer, found.note, 0)?;
            } else {
                build.one(&nodes[place], None, None, 0)?;
            }
        }
        build.finish()
    }
}

/// Operators of ONNX with the operations that they make.
fn forms(op_type: &str) -> impl Iterator<Item = &'static OnnxForm> {
    let kinds = OperationKind::ALL.iter();
    kinds
        .flat_map(|kind| kind.description().onnx)
        .filter(move |form| form.op_type == op_type)
}

impl Build<'_> {
    /// The axes of a value, where they are known.
    pub(super) fn axes(&self, name: &str) -> Option<Vec<usize>> {
        match self.known.get(name)? {
            Known::Constant(constant) => Some(constant.axes.clone()),
            Known::Value(id, _) => Some(self.graph.shape(*id)?.axes().to_vec()),
        }
    }

    /// A value's constant numbers.
    pub(super) fn constant(&self, name: &str) -> Option<&Constant> {
        match self.known.get(name)? {
            Known::Constant(constant) => Some(constant),
            Known::Value(..) => None,
        }
    }

    /// The numbers of a value that is constant, or that is given where the network runs.
    pub(super) fn constant_or_given(&self, name: &str) -> Option<&Constant> {
        self.constant(name).or_else(|| self.given.get(name))
    }

    /// The type of a constant; floats are of one type where they are computed.
    pub(super) fn element(&self, name: &str) -> Option<ElementType> {
        match self.known.get(name)? {
            Known::Constant(constant) => Some(constant.element),
            Known::Value(_, Kind::Float) => Some(ElementType::FLOAT),
            Known::Value(..) => None,
        }
    }

    /// Whether something uses a value.
    pub(super) fn is_used(&self, name: &str) -> bool {
        !name.is_empty() && self.uses.contains_key(name)
    }

    /// The node that alone uses a value, by its place.
    pub(super) fn only_user(&self, name: &str) -> Option<usize> {
        match (self.users.get(name)?.as_slice(), self.uses.get(name)) {
            ([only], Some(1)) => Some(*only),
            _ => None,
        }
    }

    /// Whether whole numbers of an input are what the network works on: all that reads them takes rows of a table by
    /// them, or computes with them as floats up to a layer with weights.
    fn is_worked_on(&self, nodes: &[Node], name: &str) -> bool {
        let table = |name: &String| {
            let table = self.model.initializers.get(name);
            table.is_some_and(|table| table.element.kind() == Kind::Float && table.axes.len() > 1)
        };
        let mut on_way = vec![(name, Kind::Integer)];
        let mut is_read = false;
        while let Some((name, kind)) = on_way.pop() {
            for &user in self.users.get(name).into_iter().flatten() {
                let node = &nodes[user];
                let is_first = node.inputs.first().is_some_and(|input| input == name);
                let made = match (node.op_type.as_str(), kind) {
                    ("Shape" | "Size", _) => continue,
                    ("Gather", Kind::Integer)
                        if !is_first && node.inputs.first().is_some_and(table) =>
                    {
                        is_read = true;
                        continue;
                    }
                    ("MatMul" | "Gemm" | "Conv", Kind::Float) => {
                        is_read = true;
                        continue;
                    }
                    ("Cast", Kind::Integer) => match node.attributes.get("to") {
                        Some(OnnxAttribute::Integer(to)) => ElementType(*to as i32).kind(),
                        _ => return false,
                    },
                    (
                        "Flatten" | "Identity" | "Reshape" | "Squeeze" | "Transpose" | "Unsqueeze",
                        kind,
                    ) if is_first => kind,
                    (
                        "Add" | "Concat" | "Cos" | "Div" | "Exp" | "Log" | "Mul" | "Neg" | "Pow"
                        | "Sin" | "Sqrt" | "Sub",
                        Kind::Float,
                    ) => Kind::Float,
                    // Anything else may need them as an argument.
                    _ => return false,
                };
                on_way.extend(node.outputs.first().map(|output| (output.as_str(), made)));
            }
        }
        is_read
    }

    /// The version of the operators.
    pub(super) fn opset(&self) -> i64 {
        self.model.opset()
    }

    /// What the numbers of a value are.
    pub(super) fn kind(&self, name: &str) -> Kind {
        match self.known.get(name) {
            Some(Known::Constant(constant)) => constant.element.kind(),
            Some(Known::Value(_, kind)) => *kind,
            None => Kind::Float,
        }
    }

    /// Adds a node, or what it is made of.
    fn one(
        &mut self,
        node: &Node,
        layer: Option<Layer>,
        note: Option<Localized<String>>,
        depth: usize,
    ) -> Result<(), OnnxError> {
        if let Some(layer) = layer {
            let made = OnnxLayer::new(layer);
            return self.add(node, &made, note);
        }
        if !node.domain.is_empty() {
            return self.unknown(node, refusal::of_domain(&node.domain));
        }
        if let Some(parts) = self.branch(node) {
            return self.parts(parts, None, depth);
        }
        // What depends on something unknown is not known, whatever it is.
        let unshaped = node.inputs.iter().any(|name| {
            !name.is_empty() && self.known.contains_key(name) && self.axes(name).is_none()
        });
        if unshaped {
            return self.unknown(
                node,
                says!(
                    en: "the shape of its input is not known",
                    ja: "入力の形状が分かりません。"
                ),
            );
        }
        if let Some(folded) = self.fold(node) {
            let constant = folded.map_err(|why| OnnxError::Node {
                node: node.place(),
                why,
            })?;
            // Shared numbers are counted too: a file that makes so many is none of a network.
            self.made = self.made.saturating_add(constant.count());
            if self.made > MAX_MADE {
                return Err(OnnxError::Node {
                    node: node.place(),
                    why: says!(
                        en: "with it the file makes more constants than are held here",
                        ja: "このノードで、ファイルの作る定数が多すぎます。"
                    ),
                });
            }
            if let Some(output) = node.outputs.first() {
                self.known.insert(output.clone(), Known::Constant(constant));
            }
            return Ok(());
        }
        match nothing::instead(self, node) {
            Some(Instead::Constant(constant)) => {
                if let Some(output) = node.outputs.first() {
                    self.known.insert(output.clone(), Known::Constant(constant));
                }
                return Ok(());
            }
            Some(Instead::Node(other)) => return self.one(&other, None, note, depth),
            None => {}
        }
        if let Some(why) = self.unshown(node) {
            // What it is says more than what it works on.
            let is_layer = forms(&node.op_type).next().is_some();
            let family = refusal::of_family(&node.op_type).filter(|_| !is_layer);
            return self.unknown(node, family.unwrap_or(why));
        }
        let several = node.outputs.iter().skip(1).any(|name| self.is_used(name));
        // No tensor is empty, but what a layer is made of may be worked out.
        let first = node.inputs.first().and_then(|name| self.constant(name));
        let empty = first.is_some_and(|constant| constant.count() == 0);
        let mut refused = None;
        if !several && !empty {
            for with_given in [false, true] {
                let described = self.described(node, with_given);
                for form in forms(&node.op_type) {
                    match (form.make)(&described) {
                        Ok(Some(made)) => {
                            let note = note.clone().or_else(|| idiom::folded_norm(node));
                            self.add(node, &made, note)?;
                            self.graph.differing(|plan| described.differences(plan));
                            return Ok(());
                        }
                        Ok(None) => {}
                        Err(why) => refused = Some(why),
                    }
                }
                // What must be constant may be given where the network runs.
                if !matches!(refused, Some(OnnxRefusal::Input { .. })) {
                    break;
                }
            }
        }
        if depth < MAX_DEPTH
            && let Some(parts) = lowered(self, node)
        {
            let parts = parts.map_err(|why| OnnxError::Node {
                node: node.place(),
                why,
            })?;
            self.parts(parts, note.as_ref(), depth + 1)?;
            self.cast(node);
            return Ok(());
        }
        if empty {
            return self.unknown(
                node,
                says!(
                    en: "its input has no elements",
                    ja: "入力に要素がありません。"
                ),
            );
        }
        if several && forms(&node.op_type).next().is_some() {
            let mut outputs = node.outputs.iter().skip(1);
            let second = outputs.find(|name| self.is_used(name)).cloned();
            let second = second.unwrap_or_default();
            let why = says!(
                en: "its further output {second} is not shown",
                ja: "2 番目以降の出力 {second} には対応していません。"
            );
            return self.unknown(node, why);
        }
        match refused {
            Some(why @ OnnxRefusal::Attribute { .. }) => Err(OnnxError::Node {
                node: node.place(),
                why: why.message(),
            }),
            Some(why) => self.unknown(node, why.message()),
            None => {
                let why = if forms(&node.op_type).next().is_some() {
                    let axes = node.inputs.first().and_then(|name| self.axes(name));
                    let rank = axes.map_or(0, |axes| axes.len());
                    says!(
                        en: "an input of {rank} axes is not shown for it",
                        ja: "軸が {rank} 個の入力には対応していません。"
                    )
                } else {
                    refusal::of_operator(&node.op_type)
                };
                self.unknown(node, why)
            }
        }
    }

    /// Adds the nodes that a node stands for.
    fn parts(
        &mut self,
        parts: Vec<Node>,
        note: Option<&Localized<String>>,
        depth: usize,
    ) -> Result<(), OnnxError> {
        for input in parts.iter().flat_map(|part| &part.inputs) {
            *self.uses.entry(input.clone()).or_default() += 1;
        }
        for part in parts {
            self.one(&part, None, note.cloned(), depth)?;
        }
        Ok(())
    }

    /// The nodes of the branch that an `If` takes, where its condition is known before anything runs. What the
    /// branch makes has names below the node's, except for its outputs, which have those of the node.
    fn branch(&mut self, node: &Node) -> Option<Vec<Node>> {
        if node.op_type != "If" {
            return None;
        }
        let &[condition] = self.constant(node.inputs.first()?)?.as_integers()? else {
            return None;
        };
        let taken = if condition == 0 {
            "else_branch"
        } else {
            "then_branch"
        };
        let body = node.bodies.get(taken)?;
        if body.outputs.len() < node.outputs.len() {
            return None;
        }
        let place = node.place().name;
        let pairs = body.outputs.iter().zip(&node.outputs);
        let pairs: Vec<(&String, &String)> = pairs.filter(|(_, outer)| !outer.is_empty()).collect();
        let made = body.made();
        let mut names: HashMap<&str, &str> = HashMap::new();
        for &(inner, outer) in &pairs {
            if made.contains(inner.as_str()) && !body.initializers.contains_key(inner) {
                names.entry(inner).or_insert(outer);
            }
        }
        let outside = |name: &str| match names.get(name) {
            Some(outer) => (*outer).to_owned(),
            None if made.contains(name) => format!("{place}/{name}"),
            None => name.to_owned(),
        };
        for (name, constant) in &body.initializers {
            let constant = Known::Constant(constant.clone());
            self.known.insert(outside(name), constant);
        }
        let mut parts = body.nodes.clone();
        for part in &mut parts {
            part.rename(&outside);
            if !part.name.is_empty() {
                part.name = format!("{place}/{}", part.name.trim_start_matches('/'));
            }
        }
        // What is an output twice, or comes from around the branch.
        for (inner, outer) in pairs {
            if names.get(inner.as_str()) != Some(&outer.as_str()) {
                parts.push(Node {
                    name: outer.clone(),
                    op_type: String::from("Identity"),
                    inputs: vec![outside(inner)],
                    outputs: vec![outer.clone()],
                    ..Node::default()
                });
            }
        }
        Some(parts)
    }

    /// What a cast makes of its numbers, whatever it was made of, and what running sums of whole numbers are, which are
    /// made of floats.
    fn cast(&mut self, node: &Node) {
        let kind = match (node.op_type.as_str(), node.attributes.get("to")) {
            ("CumSum", _) => {
                let first = node.inputs.first();
                first.map_or(Kind::Float, |name| self.kind(name))
            }
            ("Cast", Some(OnnxAttribute::Integer(to))) => ElementType(*to as i32).kind(),
            ("CastLike", _) => node
                .inputs
                .get(1)
                .map_or(Kind::Float, |name| self.kind(name)),
            _ => return,
        };
        let output = node
            .outputs
            .first()
            .and_then(|name| self.known.get_mut(name));
        if let Some(Known::Value(_, known)) = output {
            *known = kind;
        }
    }

    fn fold(&self, node: &Node) -> Option<Result<Constant, Localized<String>>> {
        Folding {
            op_type: &node.op_type,
            attributes: &node.attributes,
            inputs: node.inputs.iter().map(|name| self.constant(name)).collect(),
            axes: node.inputs.iter().map(|name| self.axes(name)).collect(),
            given: node.inputs.iter().map(|name| !name.is_empty()).collect(),
        }
        .fold()
    }

    /// Why numbers of such a type are not computed, where they are not.
    fn unshown(&self, node: &Node) -> Option<Localized<String>> {
        // Whole numbers are computed as floats, which is exact where they only move, are added or are
        // compared.
        const EXACT: &[&str] = &[
            "Abs",
            "Add",
            "And",
            "Cast",
            "CastLike",
            "Concat",
            "CumSum",
            "DepthToSpace",
            "Equal",
            "Expand",
            "Flatten",
            "Fmod",
            "Gather",
            "GatherElements",
            "GatherND",
            "Greater",
            "GreaterOrEqual",
            "Identity",
            "Less",
            "LessOrEqual",
            "Max",
            "MaxPool",
            "Min",
            "Mod",
            "Mul",
            "Neg",
            "Not",
            "Or",
            "Pad",
            "ReduceMax",
            "ReduceMin",
            "ReduceSum",
            "Relu",
            "Reshape",
            "ScatterElements",
            "ScatterND",
            "Sign",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Squeeze",
            "Sub",
            "Tile",
            "Transpose",
            "Trilu",
            "Unsqueeze",
            "Where",
            "Xor",
        ];
        let kinds = node
            .inputs
            .iter()
            .filter(|name| matches!(self.known.get(*name), Some(Known::Value(..))))
            .map(|name| self.kind(name));
        for kind in kinds {
            let exact = EXACT.contains(&node.op_type.as_str());
            if matches!(kind, Kind::Integer | Kind::Bool) && !exact {
                return Some(says!(
                    en: "it works on whole numbers or truths, which are shown only where they only move",
                    ja: "整数や真偽値の計算には対応していません。"
                ));
            }
        }
        None
    }

    /// The node for an operation to read.
    fn described(&self, node: &Node, with_given: bool) -> OnnxNode {
        let input = |name: &String| {
            if name.is_empty() {
                return None;
            }
            let constant = if with_given {
                self.constant_or_given(name)
            } else {
                self.constant(name)
            };
            Some(OnnxInput {
                axes: self.axes(name)?,
                constant: constant
                    .filter(|one| one.count() <= MAX_READ)
                    .and_then(Constant::read),
            })
        };
        let used = node.outputs.iter().rposition(|name| self.is_used(name));
        OnnxNode {
            name: node.place().name,
            op_type: node.op_type.clone(),
            opset: self.opset(),
            attributes: node.attributes.clone(),
            inputs: node.inputs.iter().map(input).collect(),
            outputs: used.map_or(1, |last| last + 1),
        }
    }

    /// A value of the graph for a value of the file.
    fn value(&mut self, node: &Node, name: &str) -> Result<ValueId, OnnxError> {
        match self.known.get(name) {
            Some(Known::Value(id, _)) => Ok(*id),
            Some(Known::Constant(constant)) => {
                if let Some(id) = self.placed.get(name) {
                    return Ok(*id);
                }
                let Some(tensor) = constant.tensor() else {
                    return Err(OnnxError::Node {
                        node: node.place(),
                        why: says!(
                            en: "its input {name} has no elements, or is no tensor of numbers",
                            ja: "入力 {name} に要素がないか、数のテンソルではありません。"
                        ),
                    });
                };
                let id = self.graph.constant(name, tensor);
                self.placed.insert(name.to_owned(), id);
                Ok(id)
            }
            None => Err(OnnxError::Node {
                node: node.place(),
                why: says!(
                    en: "its input {name} is made by no node",
                    ja: "入力 {name} を作るノードがありません。"
                ),
            }),
        }
    }

    fn add(
        &mut self,
        node: &Node,
        made: &OnnxLayer,
        note: Option<Localized<String>>,
    ) -> Result<(), OnnxError> {
        let named = |number: usize| node.inputs.get(number).cloned().unwrap_or_default();
        let mut inputs = Vec::with_capacity(made.inputs.len());
        for &number in &made.inputs {
            let name = named(number);
            let id = self.value(node, &name)?;
            // What an exporter has left of a linear layer, or of a position that is added.
            let initializer = self.model.initializers.get(&name);
            if initializer.is_some_and(|one| one.element.kind() == Kind::Float && one.count() > 1) {
                self.graph.learned(id);
            }
            inputs.push(id);
        }
        let mut operands = Vec::with_capacity(made.operands.len());
        for &(name, number) in &made.operands {
            operands.push((name, self.value(node, &named(number))?));
        }
        let place = node.place();
        let origin = Origin {
            note,
            ..Origin::of(node.op_type.clone())
        };
        let id = self
            .graph
            .node(
                place.name.clone(),
                made.layer.clone(),
                &inputs,
                &operands,
                origin,
            )
            .map_err(|why| match why {
                GraphError::Layer { why, .. } => OnnxError::Node {
                    node: place,
                    why: why.message(),
                },
                why => OnnxError::Graph(why.message()),
            })?;
        if let Some(output) = node.outputs.first() {
            self.graph.rename(id, output.clone());
            let first = node.inputs.first();
            let kind = match node.op_type.as_str() {
                "Cast" => match node.attributes.get("to") {
                    Some(OnnxAttribute::Integer(to)) => ElementType(*to as i32).kind(),
                    _ => Kind::Float,
                },
                "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "Not" | "And"
                | "Or" | "Xor" | "IsNaN" | "IsInf" => Kind::Bool,
                "ArgMax" | "ArgMin" => Kind::Integer,
                "Where" => node
                    .inputs
                    .get(1)
                    .map_or(Kind::Float, |name| self.kind(name)),
                _ => first.map_or(Kind::Float, |name| self.kind(name)),
            };
            self.known.insert(output.clone(), Known::Value(id, kind));
        }
        Ok(())
    }

    /// A node that is not shown. Its outputs have the shapes that the file says, where it does.
    fn unknown(&mut self, node: &Node, why: Localized<String>) -> Result<(), OnnxError> {
        let mut inputs = Vec::new();
        for name in node.inputs.iter().filter(|name| !name.is_empty()) {
            if let Some(Known::Value(id, _)) = self.known.get(name) {
                inputs.push(*id);
            }
        }
        let outputs: Vec<(String, Option<Shape>)> = node
            .outputs
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| (name.clone(), self.declared(name)))
            .collect();
        let place = node.place();
        let origin = Origin::of(node.op_type.clone());
        let ids = self
            .graph
            .unknown(place.name, &inputs, &outputs, origin, why);
        for ((name, _), id) in outputs.into_iter().zip(ids) {
            let kind = self.declared_kind(&name);
            self.known.insert(name, Known::Value(id, kind));
        }
        Ok(())
    }

    /// What the file says of a value.
    fn said_of(&self, name: &str) -> Option<&Declared> {
        let mut outputs = self.model.outputs.iter();
        let value = self.model.values.get(name);
        value.or_else(|| outputs.find(|output| output.name == name))
    }

    /// The shape that the file says a value has, where it leaves nothing open.
    fn declared(&self, name: &str) -> Option<Shape> {
        let axes = self.said_of(name)?.axes()?;
        let lengths = axes.iter().enumerate().map(|(place, axis)| match axis {
            DeclaredAxis::Length(length) => Some(*length),
            // The batch, which is one unless it is given.
            DeclaredAxis::Named(_) | DeclaredAxis::Open if place == 0 => self.batch(),
            DeclaredAxis::Named(_) | DeclaredAxis::Open => None,
        });
        Shape::of_axes(&lengths.collect::<Option<Vec<usize>>>()?).ok()
    }

    fn declared_kind(&self, name: &str) -> Kind {
        match self.said_of(name).map(|value| &value.kind) {
            Some(DeclaredKind::Tensor(element, _)) if element.0 != 0 => element.kind(),
            _ => Kind::Float,
        }
    }

    /// The length of the batch of the first input.
    fn batch(&self) -> Option<usize> {
        let first = self.model.inputs.first()?;
        self.axes(&first.name)?.first().copied()
    }

    fn finish(mut self) -> Result<Graph, OnnxError> {
        let mut outputs = Vec::new();
        for output in &self.model.outputs {
            let node = Node {
                op_type: String::from("output"),
                outputs: vec![output.name.clone()],
                ..Node::default()
            };
            outputs.push(self.value(&node, &output.name)?);
        }
        Ok(self.graph.finish(&outputs))
    }
}

/// The numbers of a constant as a lowering reads them.
pub(super) fn float_of(constant: &Constant) -> Option<f32> {
    match (&constant.numbers, constant.count()) {
        (Numbers::Floats(numbers), 1) => numbers.first().copied(),
        (Numbers::Integers(numbers), 1) => numbers.first().map(|&number| number as f32),
        _ => None,
    }
}

/// A constant as an attribute of a node.
pub(super) fn value_attribute(
    axes: Vec<usize>,
    numbers: OnnxConstant,
) -> BTreeMap<String, OnnxAttribute> {
    BTreeMap::from([(String::from("value"), OnnxAttribute::Tensor(axes, numbers))])
}
