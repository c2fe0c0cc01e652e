//! A network from a file, without more being said: whole, or its first part or a named one on the workbench.

use std::path::PathBuf;

use super::network_part::{self, PartError};
use super::network_view::NetworkView;
use super::opened::OpenError;
use super::setup::Setup;
use crate::language::Message;
use crate::network::map::RunNetwork;
use crate::network::{Graph, Network, ShippedNetwork, Subject, ValueId};
use crate::tensor::{Fill, FillError, Shape, Tensor};

/// Inputs on which a network is opened whose file leaves their size open.
const USUAL_INPUTS: [[usize; 3]; 3] = [[3, 224, 224], [1, 224, 224], [1, 28, 28]];

/// Multiply-accumulates and other operations on the way to a part, at most: what a window waits for.
const MAX_OPERATIONS: u64 = 4_000_000_000;

/// A part of the network in a file or a text, on inputs that hold a fill; `None` where the text names layers one after
/// another, or no network at all. Without a fill and a shape, its inputs are its [own](own_input).
///
/// The numbers that reach the part are written to a file in a folder.
///
/// # Errors
/// The network is mistaken, has no such part or cannot be run.
pub fn setup(
    name: &str,
    (part, shape, fill): (Option<&str>, Option<Shape>, Option<&Fill>),
    folder: impl FnOnce() -> Option<PathBuf>,
) -> Result<Option<Setup>, OpenError> {
    let wrong = |why: &dyn Message| OpenError::Network {
        path: name.chars().take(80).collect(),
        why: why.message(),
    };
    let Ok(subject) = Subject::parse(name) else {
        return Ok(None);
    };
    let graph = match &subject {
        Subject::Onnx(network) => network.graph(&[]).map_err(|why| wrong(&why))?,
        Subject::Program(_) | Subject::Printed(_) if subject.layers().is_err() => {
            let Some(shape) = shape else {
                return Ok(None);
            };
            match subject.network(&shape).map_err(|why| wrong(&why))? {
                Network::Graph(graph) => graph,
                Network::Chain(_) => return Ok(None),
            }
        }
        Subject::Model(_) | Subject::Preset(_) | Subject::Program(_) | Subject::Printed(_) => {
            return Ok(None);
        }
    };
    let chain = network_part::find(&graph, part).map_err(|why| wrong(&why))?;
    let cost = graph.up_to(chain.input).cost();
    if cost.macs.saturating_add(cost.operations) > MAX_OPERATIONS {
        return Err(wrong(&PartError::TooMuch));
    }
    let fill = fill.or(shape.map(|_| &Fill::Ramp));
    let inputs = inputs(name, &graph, fill)?;
    let folder = folder().unwrap_or_else(std::env::temp_dir);
    let stem = std::path::Path::new(name).file_stem().unwrap_or_default();
    let file = folder.join(stem).with_extension("npz");
    let reached = network_part::reached(&graph, &chain, &inputs).map_err(|why| wrong(&why))?;
    let setup = network_part::setup(&graph, &chain, reached, &file);
    setup.map(Some).map_err(|why| wrong(&why))
}

/// The whole network in a file, on its [own](own_input) inputs; `None` where the name is that of no such file.
///
/// # Errors
/// The network is mistaken, or cannot be run.
pub fn view(name: &str) -> Result<Option<NetworkView>, OpenError> {
    let Ok(subject) = Subject::parse(name) else {
        return Ok(None);
    };
    let Subject::Onnx(network) = &subject else {
        return Ok(None);
    };
    let wrong = |why: &dyn Message| OpenError::Network {
        path: name.chars().take(80).collect(),
        why: why.message(),
    };
    // Where the file leaves the size open, a usual one.
    let own = ShippedNetwork::named(name).and_then(|network| network.input.parse().ok());
    let usual = USUAL_INPUTS.iter().filter_map(|axes| Shape::new(axes).ok());
    let mut sizes = own.into_iter().chain(usual);
    let graph = network.graph(&[]).or_else(|why| {
        let opened = sizes.find_map(|shape| subject.graph(&shape).ok());
        opened.ok_or_else(|| wrong(&why))
    })?;
    let inputs = inputs(name, &graph, None)?;
    let run = RunNetwork::new(graph, &inputs).map_err(|why| wrong(&why))?;
    let view = NetworkView::new(name.to_owned(), run, inputs);
    Ok(Some(view.with_classes(network.model.class_names())))
}

/// Whether a name is that of a network that can be shown whole.
#[must_use]
pub fn is_network(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ShippedNetwork::named(name).is_some()
        || !name.contains('\n') && ending.is_some_and(|ending| ending.eq_ignore_ascii_case("onnx"))
}

/// What an input of a network holds before anybody says anything of it: the picture that comes with a network of this
/// name, where one does; else it counts up.
///
/// # Errors
/// Where an input of this shape has too many numbers.
pub fn own_input(name: &str, shape: &Shape) -> Result<Tensor, FillError> {
    let drawn = ShippedNetwork::named(name).and_then(|network| network.drawn(shape));
    drawn.map_or_else(|| Fill::Ramp.make(shape), Ok)
}

/// What the inputs of a graph of a name hold: a fill, or their own.
fn inputs(
    name: &str,
    graph: &Graph,
    fill: Option<&Fill>,
) -> Result<Vec<(ValueId, Tensor)>, OpenError> {
    let shaped = graph
        .inputs()
        .iter()
        .filter_map(|&id| Some((id, graph.value(id).shape?)));
    shaped
        .map(|(id, shape)| {
            let tensor = match fill {
                Some(fill) => fill.make(&shape),
                None => own_input(name, &shape),
            };
            let tensor = tensor.map_err(|why| OpenError::Network {
                path: graph.value(id).name.clone(),
                why: why.message(),
            })?;
            Ok((id, tensor))
        })
        .collect()
}
