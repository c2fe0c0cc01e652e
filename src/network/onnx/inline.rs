//! Operators that a file defines itself, replaced by what they are made of.

use std::collections::HashMap;

use super::error::OnnxError;
use super::model::{Model, Node};
use crate::language::says;

/// Definitions within definitions, at most: one that contains itself never ends.
const MAX_DEPTH: usize = 16;

/// Nodes of a file with all definitions taken apart, at most.
const MAX_NODES: usize = 1 << 16;

/// The nodes of a file, none of which is of an operator that the file defines.
///
/// # Errors
/// When definitions contain one another, or there are too many nodes.
pub(super) fn inlined(model: &Model) -> Result<Vec<Node>, OnnxError> {
    if model.functions.is_empty() {
        return Ok(model.nodes.clone());
    }
    let mut nodes = Vec::new();
    for node in &model.nodes {
        inline(model, node.clone(), 0, &mut nodes)?;
    }
    Ok(nodes)
}

fn inline(model: &Model, node: Node, depth: usize, into: &mut Vec<Node>) -> Result<(), OnnxError> {
    let key = (node.domain.clone(), node.op_type.clone());
    let Some(function) = model.functions.get(&key) else {
        into.push(node);
        return Ok(());
    };
    if depth >= MAX_DEPTH || into.len() >= MAX_NODES {
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
    for inner in &function.nodes {
        let mut inner = inner.clone();
        for (name, from) in std::mem::take(&mut inner.references) {
            let value = node
                .attributes
                .get(&from)
                .or_else(|| function.defaults.get(&from));
            if let Some(value) = value {
                inner.attributes.insert(name, value.clone());
            }
        }
        for name in inner.inputs.iter_mut().chain(&mut inner.outputs) {
            if name.is_empty() {
                continue;
            }
            *name = match names.get(name) {
                Some(outer) => outer.clone(),
                None => format!("{place}/{name}"),
            };
        }
        if !inner.name.is_empty() {
            inner.name = format!("{place}/{}", inner.name);
        }
        inline(model, inner, depth + 1, into)?;
    }
    Ok(())
}
