//! The chains of a graph: runs of layers that follow on from one another without a branch, which is
//! what the workbench takes.

use crate::op::{Layer, Plan};
use crate::tensor::{Fill, Shape};

use super::{Graph, Node, ValueId, ValueSource};

/// Nodes that follow on from one another, each the only reader of the one before; among those that
/// are shown, one on two values may also read what the first of them reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphChain {
    /// The nodes by their numbers, in order.
    pub nodes: Vec<usize>,
    /// What the first of them reads.
    pub input: ValueId,
    /// What the last of them gives.
    pub output: ValueId,
}

impl Graph {
    /// Its chains, in the order of their first nodes. A node on several inputs, and one that is not
    /// known, belongs to none.
    #[must_use]
    pub fn chains(&self) -> Vec<GraphChain> {
        self.chains_of(|_| true, false)
    }

    /// Its chains of nodes that the stage can show.
    #[must_use]
    pub fn shown_chains(&self) -> Vec<GraphChain> {
        self.chains_of(|plan| plan.visual_style().is_some(), true)
    }

    fn chains_of(&self, wanted: impl Fn(&Plan) -> bool, skips: bool) -> Vec<GraphChain> {
        let mut readers = vec![0; self.values.len()];
        for node in &self.nodes {
            let read = node.inputs.iter();
            for id in read.chain(node.operands.iter().map(|(_, id)| id)) {
                readers[id.0] += 1;
            }
        }
        for id in &self.outputs {
            readers[id.0] += 1;
        }
        let mut chains: Vec<GraphChain> = Vec::new();
        for (number, node) in self.nodes.iter().enumerate() {
            let (Some(plan), &[output]) = (node.plan(), &node.outputs[..]) else {
                continue;
            };
            if !self.stands_alone(node) || !wanted(plan) {
                continue;
            }
            let input = match node.inputs[..] {
                [input] => input,
                [first, second] if skips => {
                    // Around the chain so far: a skip connection.
                    let commutes = plan.layer().operation().commutes();
                    let around = chains.iter_mut().find(|chain| {
                        let ends = (chain.output, chain.input);
                        readers[chain.output.0] == 1
                            && (ends == (first, second) || commutes && ends == (second, first))
                    });
                    if let Some(chain) = around
                        && plan.layer().operation().second_input() == Some(0)
                    {
                        chain.nodes.push(number);
                        chain.output = output;
                    }
                    continue;
                }
                _ => continue,
            };
            let before = chains
                .iter_mut()
                .find(|chain| chain.output == input && readers[input.0] == 1);
            match before {
                Some(chain) => {
                    chain.nodes.push(number);
                    chain.output = output;
                }
                None => chains.push(GraphChain {
                    nodes: vec![number],
                    input,
                    output,
                }),
            }
        }
        chains
    }

    /// Whether a node works on one sample, without other computed values.
    fn stands_alone(&self, node: &Node) -> bool {
        let fixed = |(_, id): &(&str, ValueId)| match self.value(*id).source {
            ValueSource::Constant(_) | ValueSource::Parameter { .. } => true,
            ValueSource::Input | ValueSource::Node(_) => false,
        };
        node.samples() == 1 && node.operands.iter().all(fixed)
    }

    /// The graph of what a value needs, with that value as its only output. Values keep their numbers.
    #[must_use]
    pub fn up_to(&self, value: ValueId) -> Self {
        let last = match self.value(value).source {
            ValueSource::Node(number) => number + 1,
            ValueSource::Input | ValueSource::Constant(_) | ValueSource::Parameter { .. } => 0,
        };
        Self {
            nodes: self.nodes[..last].to_vec(),
            outputs: vec![value],
            ..self.clone()
        }
    }

    /// The shape of a chain's input, without a batch axis.
    #[must_use]
    pub fn chain_input(&self, chain: &GraphChain) -> Option<Shape> {
        let first = self.nodes.get(*chain.nodes.first()?)?;
        Some(*first.plan()?.input_shape())
    }

    /// The layers of a chain, with what their operands are filled from, by the operands' names in the
    /// network.
    #[must_use]
    pub fn chain_layers(&self, chain: &GraphChain, fill: impl Fn(&str) -> Fill) -> Vec<Layer> {
        let nodes = chain
            .nodes
            .iter()
            .filter_map(|&number| self.nodes.get(number));
        let layers = nodes.filter_map(|node| {
            let mut layer = node.plan()?.layer().clone();
            for &(operand, id) in &node.operands {
                let value = self.value(id);
                if matches!(value.source, ValueSource::Constant(_)) {
                    layer.fill_with(operand, fill(&value.name));
                }
            }
            Some(layer)
        });
        layers.collect()
    }
}
