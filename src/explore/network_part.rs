//! A part of a network on the workbench: a chain of its layers, on the numbers that reach it, with the
//! weights that the network has.

use std::path::Path;

use super::limit;
use super::setup::{Setup, in_planes};
use super::workbench::ValidSetup;
use crate::disk;
use crate::language::{Localized, Message, SystemError, message_error, says};
use crate::lesson::ELEMENT_LIMIT;
use crate::network::{
    Chain, ChainError, FieldBefore, Graph, GraphChain, Keep, ReceptiveField, RunError, ValueId,
    ValueSource,
};
use crate::op::Layer;
use crate::tensor::{Fill, Shape, Tensor, files};

/// The name of a part's input in the file of its numbers.
const INPUT: &str = "input";

/// Names of nodes that a message lists, at most.
const LISTED: usize = 12;

/// Why a part of a network cannot be put on the workbench.
#[derive(Debug)]
pub enum PartError {
    /// The network has no chain of layers that the stage can show.
    NoChain,
    /// No node of this name belongs to such a chain.
    NoNode {
        /// The name asked for.
        name: String,
        /// The first nodes of the chains that there are.
        first: Vec<String>,
    },
    /// The network cannot be run.
    Run(RunError),
    /// The numbers that reach the part are not known: they lie behind a node that is not.
    Unreached {
        /// The value.
        value: String,
    },
    /// It would take too long to run the network up to there.
    TooMuch,
    /// The layers do not follow on from one another.
    Chain(ChainError),
    /// The numbers cannot be written.
    File {
        /// The file.
        path: String,
        /// The reason.
        why: files::FileError,
    },
    /// The file of the numbers cannot be written.
    Write {
        /// The file.
        path: String,
        /// The reason.
        why: SystemError,
    },
}

impl Message for PartError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NoChain => says!(
                en: "the workbench can show no layer of this network by itself; `tensorama shape` and `tensorama eval` take the whole",
                ja: "このネットワークには、単独でワークベンチに表示できる層がありません。全体は `tensorama shape` と `tensorama eval` で扱えます。"
            ),
            Self::NoNode { name, first } => {
                let listed = first.iter().take(LISTED).map(|name| format!("`{name}`"));
                let listed = listed.collect::<Vec<_>>().join(", ");
                says!(
                    en: "no chain of this network has a node `{name}`; chains begin at {listed}",
                    ja: "このネットワークのどの層の連なりにも、ノード `{name}` はありません。連なりの先頭は {listed} です。"
                )
            }
            Self::Run(why) => why.message(),
            Self::Unreached { value } => says!(
                en: "the numbers of `{value}` are not known, because a node before it is not shown here; name a part before it with --part",
                ja: "前に対応していないノードがあるため、`{value}` の値が分かりません。--part でそれより前の部分を指定してください。"
            ),
            Self::TooMuch => says!(
                en: "it would take too long to compute what reaches this part; name a part before it, or give a smaller input",
                ja: "この部分に届く値の計算に時間がかかりすぎます。それより前の部分を指定するか、入力を小さくしてください。"
            ),
            Self::Chain(why) => why.message(),
            Self::File { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Write { path, why } => {
                let why = why.message();
                says!(
                    with [why];
                    en: "cannot write {path}: {why}",
                    ja: "{path} に書き込めません: {why}"
                )
            }
        }
    }
}

message_error!(PartError {
    Run(RunError),
    Chain(ChainError)
});

/// What layers of a network that stand on the workbench read of the network's input.
#[derive(Debug, Clone, PartialEq)]
pub struct PartField {
    /// What reaches it.
    pub(super) before: FieldBefore,
    /// The tensor of the setup that is what reaches it: it may be laid out otherwise in front of that.
    pub(super) from: usize,
}

impl PartField {
    /// The receptive fields of layers through the whole network, on a workbench that began with this part: none where
    /// other layers have come.
    #[must_use]
    pub fn fields(&self, origin: &Setup, valid: &ValidSetup) -> Vec<Option<ReceptiveField>> {
        let kinds = |setup: &Setup| setup.layers.iter().map(Layer::kind).collect::<Vec<_>>();
        if kinds(origin) != kinds(&valid.setup) {
            return Vec::new();
        }
        self.before.through(&valid.chain, self.from)
    }
}

/// The chain that has a node of a name, or without one the first chain.
///
/// # Errors
/// When there is none.
pub fn find(graph: &Graph, node: Option<&str>) -> Result<GraphChain, PartError> {
    let mut chains = graph.shown_chains();
    if chains.is_empty() {
        return Err(PartError::NoChain);
    }
    let Some(name) = node else {
        // The first that can be laid out by itself: one that moves samples about cannot.
        let first = chains.iter().position(|chain| can_be_planned(graph, chain));
        return Ok(chains.swap_remove(first.unwrap_or(0)));
    };
    let named = |number: &usize| {
        graph
            .nodes()
            .get(*number)
            .is_some_and(|node| node.name == name)
    };
    match chains
        .iter()
        .position(|chain| chain.nodes.iter().any(named))
    {
        Some(place) => Ok(from(graph, chains.swap_remove(place), name)),
        None => Err(PartError::NoNode {
            name: name.to_owned(),
            first: chains
                .iter()
                .filter_map(|chain| Some(graph.nodes().get(*chain.nodes.first()?)?.name.clone()))
                .collect(),
        }),
    }
}

/// Whether the layers of a chain follow on from one another as one sample sees them.
fn can_be_planned(graph: &Graph, chain: &GraphChain) -> bool {
    let layers = graph.chain_layers(chain, |_| Fill::Ramp);
    let shape = graph.chain_input(chain);
    shape.is_some_and(|shape| Chain::plan(&layers, &shape).is_ok())
}

/// The rest of a chain from a node on; the whole where that node also reads what the chain begins
/// with.
fn from(graph: &Graph, mut chain: GraphChain, name: &str) -> GraphChain {
    let nodes = graph.nodes();
    let named = |number: &usize| nodes[*number].name == name;
    let place = chain.nodes.iter().position(named).unwrap_or(0);
    let Some(&[input]) = chain
        .nodes
        .get(place)
        .map(|&number| &nodes[number].inputs[..])
    else {
        return chain;
    };
    chain.nodes.drain(..place);
    chain.input = input;
    // A node around the part that is left out does not belong to the rest.
    let mut last = input;
    let mut follows = |number: &usize| {
        let node = &nodes[*number];
        let known = |read: &ValueId| *read == input || *read == last;
        let follows = node.inputs.iter().all(known);
        last = node.outputs.first().copied().unwrap_or(last);
        follows
    };
    let count = chain
        .nodes
        .iter()
        .take_while(|number| follows(number))
        .count();
    chain.nodes.truncate(count);
    if let Some(&output) = chain
        .nodes
        .last()
        .and_then(|&number| nodes[number].outputs.first())
    {
        chain.output = output;
    }
    chain
}

/// The numbers that reach a chain of a network from the network's inputs.
///
/// # Errors
/// When the network cannot be run up to there.
pub fn reached(
    graph: &Graph,
    chain: &GraphChain,
    inputs: &[(ValueId, Tensor)],
) -> Result<Tensor, PartError> {
    let up_to = graph.up_to(chain.input);
    let values = up_to.run(inputs, Keep::Outputs)?;
    let reached = values.get(chain.input).cloned();
    reached.ok_or_else(|| unreached(graph, chain))
}

/// Nothing known reaches a chain.
pub(super) fn unreached(graph: &Graph, chain: &GraphChain) -> PartError {
    PartError::Unreached {
        value: graph.value(chain.input).name.clone(),
    }
}

/// The setup of a chain of a network. The numbers that reach it, and its weights, are written into a file,
/// from which the setup reads them.
///
/// # Errors
/// When the numbers are not those of the chain, or the file cannot be written.
pub fn setup(
    graph: &Graph,
    chain: &GraphChain,
    reached: Tensor,
    file: &Path,
) -> Result<Setup, PartError> {
    let shape = graph.chain_input(chain).ok_or(PartError::NoChain)?;
    let planes = Shape::new(&in_planes(&shape)).unwrap_or(shape);
    let reached = reached
        .reshaped(planes)
        .map_err(|why| PartError::Chain(why.into()))?;
    let path = file.display().to_string();
    let mut numbers = vec![(INPUT.to_owned(), reached)];
    for node in chain
        .nodes
        .iter()
        .filter_map(|&number| graph.nodes().get(number))
    {
        for &(_, id) in &node.operands {
            let value = graph.value(id);
            if let ValueSource::Constant(tensor) = &value.source {
                numbers.push((value.name.clone(), tensor.clone()));
            }
        }
    }
    let bytes = files::write_npz(numbers.iter().map(|(name, tensor)| (name.as_str(), tensor)));
    let bytes = bytes.map_err(|why| PartError::File {
        path: path.clone(),
        why,
    })?;
    disk::write_with_folder(file, bytes).map_err(|why| PartError::Write {
        path: path.clone(),
        why: why.into(),
    })?;
    let named = |tensor: &str| Fill::Named {
        file: path.clone(),
        tensor: tensor.to_owned(),
    };
    let mut layers: Vec<Layer> = graph.chain_layers(chain, named);
    // As many layers as the stage holds; of one alone a crop is offered.
    while layers.len() > 1 && limit::cubes(&Chain::plan(&layers, &shape)?) > ELEMENT_LIMIT as u128 {
        layers.pop();
    }
    Ok(Setup::new(&layers, &shape, named(INPUT))?)
}
