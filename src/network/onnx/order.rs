//! The nodes of a file, each after those that it depends on.

use std::collections::{HashMap, HashSet};

use super::error::OnnxError;
use super::model::{Model, Node};
use crate::language::says;

/// Brings nodes into an order in which each comes after those that it depends on: their own where
/// that is one, as the format asks for.
///
/// # Errors
/// When a value is made twice, by no node, or from itself.
pub(super) fn ordered(model: &Model, nodes: Vec<Node>) -> Result<Vec<Node>, OnnxError> {
    let mut makers: HashMap<&str, usize> = HashMap::new();
    let mut there: HashSet<&str> = model.initializers.keys().map(String::as_str).collect();
    there.extend(model.inputs.iter().map(|input| input.name.as_str()));
    for (place, node) in nodes.iter().enumerate() {
        for output in node.outputs.iter().filter(|name| !name.is_empty()) {
            if there.contains(output.as_str()) || makers.insert(output, place).is_some() {
                return Err(OnnxError::Node {
                    node: node.place(),
                    why: says!(
                        en: "its output {output} is made by another node too; each value has one origin",
                        ja: "出力 {output} はほかのノードも作っています。値を作るノードは 1 つだけです。"
                    ),
                });
            }
        }
    }
    for node in &nodes {
        let orphan = node.inputs.iter().find(|name| {
            !name.is_empty()
                && !there.contains(name.as_str())
                && !makers.contains_key(name.as_str())
        });
        if let Some(input) = orphan {
            return Err(OnnxError::Node {
                node: node.place(),
                why: says!(
                    en: "its input {input} is made by no node, and is neither an input nor a constant of the file",
                    ja: "入力 {input} を作るノードがなく、ファイルの入力にも定数にもありません。"
                ),
            });
        }
    }
    // Each node waits for others; those that wait for none come in the order of the file.
    let mut done = vec![false; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    for first in 0..nodes.len() {
        let mut path: Vec<usize> = vec![first];
        let mut on_path: HashSet<usize> = HashSet::from([first]);
        while let Some(&place) = path.last() {
            if done[place] {
                path.pop();
                on_path.remove(&place);
                continue;
            }
            let mut waits = nodes[place].inputs.iter().filter_map(|name| {
                let maker = *makers.get(name.as_str())?;
                (!done[maker]).then_some((name, maker))
            });
            match waits.next() {
                Some((name, maker)) if !on_path.insert(maker) => {
                    return Err(OnnxError::Cycle {
                        node: nodes[place].place(),
                        value: name.clone(),
                    });
                }
                Some((_, maker)) => path.push(maker),
                None => {
                    done[place] = true;
                    order.push(place);
                }
            }
        }
    }
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|place| nodes[place].take());
    Ok(ordered.collect())
}
