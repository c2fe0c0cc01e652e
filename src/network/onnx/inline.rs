//! Operators that a file defines itself, replaced by what they are made of.

use std::collections::{BTreeMap, HashMap};

use super::error::OnnxError;
use super::model::{Model, Node};
use crate::language::says;
use crate::op::OnnxAttribute;

/// Definitions within definitions, at most: one that contains itself never ends.
const MAX_DEPTH: usize = 16;

/// Nodes of a file with all definitions taken apart, at most.
const MAX_NODES: usize = 1 << 16;

type Attributes = BTreeMap<String, OnnxAttribute>;

/// The nodes of a file, none of which is of an operator that the file defines.
///
/// # Errors
/// When definitions contain one another, or there are too many nodes.
pub(super) fn inlined(model: &Model) -> Result<Vec<Node>, OnnxError> {
    if model.functions.is_empty() {
        return Ok(model.nodes.clone());
    }
    Inlining { model, made: 0 }.all(model.nodes.clone(), 0)
}

struct Inlining<'m> {
    model: &'m Model,
    /// Nodes that are made so far.
    made: usize,
}

impl Inlining<'_> {
    fn all(&mut self, nodes: Vec<Node>, depth: usize) -> Result<Vec<Node>, OnnxError> {
        let mut all = Vec::new();
        for node in nodes {
            self.one(node, depth, &mut all)?;
        }
        Ok(all)
    }

    fn one(&mut self, mut node: Node, depth: usize, into: &mut Vec<Node>) -> Result<(), OnnxError> {
        let model = self.model;
        let key = (node.domain.clone(), node.op_type.clone());
        let Some(function) = model.functions.get(&key) else {
            for body in node.bodies.values_mut() {
                body.nodes = self.all(std::mem::take(&mut body.nodes), depth)?;
            }
            self.made += 1;
            into.push(node);
            return Ok(());
        };
        if depth >= MAX_DEPTH || self.made >= MAX_NODES {
            return Err(OnnxError::Node {
                node: node.place(),
                why: says!(
                    en: "the functions that the file defines contain one another without end",
                    ja: "ファイルの中で定義された関数が、互いを際限なく含んでいます。"
                ),
            });
        }
        let place = node.place().name;
        let mut names: HashMap<String, String> = HashMap::new();
        let pairs = |own: &[String], outer: &[String]| {
            let outer = outer
                .iter()
                .cloned()
                .chain(std::iter::repeat_with(String::new));
            own.iter().cloned().zip(outer).collect::<Vec<_>>()
        };
        for (own, outer) in pairs(&function.inputs, &node.inputs) {
            names.insert(own, outer);
        }
        for (own, outer) in pairs(&function.outputs, &node.outputs) {
            if !outer.is_empty() {
                names.insert(own, outer);
            }
        }
        let outer = |name: &str| match names.get(name) {
            Some(outer) => outer.clone(),
            None => format!("{place}/{name}"),
        };
        for inner in &function.nodes {
            let mut inner = inner.clone();
            fill_in(&mut inner, &node.attributes, &function.defaults);
            inner.rename(&outer);
            if !inner.name.is_empty() {
                inner.name = format!("{place}/{}", inner.name);
            }
            self.one(inner, depth + 1, into)?;
        }
        Ok(())
    }
}

/// Gives a node of a function, and those in its branches, the attributes that are the function's.
fn fill_in(node: &mut Node, given: &Attributes, defaults: &Attributes) {
    for (name, from) in std::mem::take(&mut node.references) {
        if let Some(value) = given.get(&from).or_else(|| defaults.get(&from)) {
            node.attributes.insert(name, value.clone());
        }
    }
    let bodies = node.bodies.values_mut();
    for inner in bodies.flat_map(|body| &mut body.nodes) {
        fill_in(inner, given, defaults);
    }
}
