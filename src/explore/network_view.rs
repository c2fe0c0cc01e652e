//! A whole network that is explored: which of its units are open, and which one is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::edit::Edit;
use super::network_edit::Moment;
use super::network_part::{self, PartError, PartField};
use super::revisit::Way;
use super::setup::Setup;
use crate::lesson::{Beat, Lesson, Part, Scene, Shot, StagedNetwork, Staging};
use crate::network::map::{RunNetwork, Unit, in_cells};
use crate::network::{ClassNames, Graph, GraphChain, LayerEdits, Misfit, ShippedNetwork, ValueId};
use crate::op::Cost;
use crate::tensor::files::Picture;
use crate::tensor::{Preprocess, Tensor};

/// The camera's direction, in degrees.
pub const YAW: f32 = 22.0;
/// The camera's height above the horizon, in degrees.
pub const PITCH: f32 = 15.0;
/// Steps back that are kept.
const UNDO: usize = 200;

/// By what the units of a network are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Measure {
    /// Multiply-accumulates.
    #[default]
    Macs,
    /// Learned numbers.
    Parameters,
    /// Bytes of the output.
    Memory,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Macs, Self::Parameters, Self::Memory];

    /// How much of it something costs.
    #[must_use]
    pub const fn of(self, cost: &Cost) -> u64 {
        match self {
            Self::Macs => cost.macs,
            Self::Parameters => cost.parameters,
            Self::Memory => cost.output_bytes,
        }
    }
}

/// What a network is called: its file without ending, or its own name.
#[must_use]
pub fn network_title(name: &str) -> String {
    let path = Path::new(name);
    match path.file_stem().filter(|_| path.extension().is_some()) {
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => name.to_owned(),
    }
}

/// A network that is explored.
#[derive(Debug, Clone)]
pub struct NetworkView {
    /// Its file, or the name of a network that comes with the program.
    pub name: String,
    /// What is done with a picture before it reads it.
    pub preprocess: Preprocess,
    /// The names of the classes that it tells apart, where they are known.
    classes: Option<ClassNames>,
    /// The picture that was given last.
    pub(super) picture: Option<Picture>,
    /// The file that its first input holds.
    pub(super) fed: Option<String>,
    pub(super) run: RunNetwork,
    pub(super) inputs: Vec<(ValueId, Tensor)>,
    pub(super) open: BTreeSet<String>,
    past: Vec<Moment>,
    future: Vec<Moment>,
    selected: Option<String>,
    staged: Arc<StagedNetwork>,
    edition: u64,
    /// The network without edits.
    pub(super) base: Arc<Graph>,
    pub(super) edits: LayerEdits,
    pub(super) misfits: Vec<Misfit>,
    /// The edit that a next one may continue, and the node that it is of.
    pub(super) held: Option<(usize, Edit)>,
    /// The node whose parameters are shown, where one was chosen.
    pub(super) layer: Option<usize>,
    /// The channels that stand in front, by the names of their blocks.
    fronts: BTreeMap<String, usize>,
    /// How large names are in the picture, in parts of their usual size there.
    letters: f32,
}

impl NetworkView {
    /// A network with all its units closed.
    #[must_use]
    pub fn new(name: String, run: RunNetwork, inputs: Vec<(ValueId, Tensor)>) -> Self {
        let open = BTreeSet::new();
        let staged = Arc::new(StagedNetwork::new(run.clone(), &open));
        let preprocess = ShippedNetwork::preprocess(&name).unwrap_or_default();
        let base = run.graph.clone();
        Self {
            name,
            preprocess,
            classes: None,
            picture: None,
            fed: None,
            run,
            inputs,
            open,
            past: Vec::new(),
            future: Vec::new(),
            selected: None,
            staged,
            edition: 0,
            base,
            edits: LayerEdits::new(),
            misfits: Vec::new(),
            held: None,
            layer: None,
            fronts: BTreeMap::new(),
            letters: 1.0,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> String {
        network_title(&self.name)
    }

    /// With the names of the classes that it tells apart; those of another number are left out.
    #[must_use]
    pub fn with_classes(mut self, classes: Option<ClassNames>) -> Self {
        let outputs = self.run.class_count();
        self.classes = classes.filter(|classes| classes.check(outputs).is_ok());
        self
    }

    /// The names of the classes that it tells apart, where they are known.
    #[must_use]
    pub const fn classes(&self) -> Option<&ClassNames> {
        self.classes.as_ref()
    }

    /// The names of the units that are open.
    pub fn open_units(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(String::as_str)
    }

    /// Opens units by their names; those that it has not are left out.
    #[must_use]
    pub fn with_open<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.open = self.units_of(names);
        self.restage();
        self
    }

    /// Opens units by their names, and closes the others: by undo or redo where these were open, otherwise as a
    /// change.
    pub fn reopen<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, way: Way) {
        let open = self.units_of(names);
        if open == self.open {
            return;
        }
        let is = |moment: &Moment| moment.open == open;
        let was = self.past.last().is_some_and(is);
        let comes = self.future.last().is_some_and(is);
        match way {
            Way::Back if was => _ = self.undo(),
            Way::Forward if comes => _ = self.redo(),
            Way::Back if comes => _ = self.redo(),
            Way::Forward if was => _ = self.undo(),
            Way::Back | Way::Forward => self.change(open),
        }
    }

    /// Those of some names that are units with something in them.
    fn units_of<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        let known = names.into_iter().filter(|name| {
            let unit = self.run.map.find(name);
            unit.is_some_and(|unit| !unit.parts.is_empty())
        });
        known.map(str::to_owned).collect()
    }

    /// The network with its numbers.
    #[must_use]
    pub const fn run(&self) -> &RunNetwork {
        &self.run
    }

    /// What stands on the stage.
    #[must_use]
    pub fn staged(&self) -> &StagedNetwork {
        &self.staged
    }

    /// Counts up with each change of what stands on the stage.
    #[must_use]
    pub const fn edition(&self) -> u64 {
        self.edition
    }

    /// The numbers of its inputs.
    #[must_use]
    pub fn inputs(&self) -> &[(ValueId, Tensor)] {
        &self.inputs
    }

    /// The numbers of its first input.
    #[must_use]
    pub fn input(&self) -> Option<&Tensor> {
        self.inputs.first().map(|(_, tensor)| tensor)
    }

    /// The block that is looked at, by its place on the map.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.staged.map.find(self.selected.as_deref()?)
    }

    /// The unit that gives a block; `None` of an input.
    #[must_use]
    pub fn unit(&self, block: usize) -> Option<&Unit> {
        let name = &self.staged.map.blocks.get(block)?.name;
        self.run
            .map
            .find(name)
            .filter(|_| block >= self.run.map.inputs.len())
    }

    /// Looks at a block; whether it is another one than before.
    pub fn select(&mut self, block: Option<usize>) -> bool {
        let name = block.and_then(|block| self.staged.map.blocks.get(block));
        let name = name.map(|block| block.name.clone());
        let changed = name != self.selected;
        self.selected = name;
        changed
    }

    /// Shows another channel of the block that is looked at in front.
    pub fn show_channel(&mut self, channel: usize) {
        let Some(name) = self.selected.clone() else {
            return;
        };
        if self.fronts.insert(name, channel) != Some(channel) {
            self.restage();
        }
    }

    /// Leaves names the room that they need where they are so many times as large in the picture as usual; whether
    /// that is news.
    pub fn set_letters(&mut self, letters: f32) -> bool {
        let changed = (self.letters - letters).abs() > 1e-3;
        if changed {
            self.letters = letters;
            self.restage();
        }
        changed
    }

    /// The channel of a block that stands in front.
    #[must_use]
    pub fn channel(&self, block: usize) -> usize {
        self.staged.fronts.get(block).copied().unwrap_or(0)
    }

    /// Looks at the next block, or at the one before.
    pub fn step(&mut self, forwards: bool) {
        let last = self.staged.map.blocks.len().saturating_sub(1);
        let next = match (self.selected(), forwards) {
            (None, true) => 0,
            (None, false) => last,
            (Some(here), true) => (here + 1).min(last),
            (Some(here), false) => here.saturating_sub(1),
        };
        self.select(Some(next));
    }

    /// Opens the unit that gives a block; whether there is anything to open.
    pub fn open(&mut self, block: usize) -> bool {
        let Some(unit) = self.unit(block).filter(|unit| !unit.parts.is_empty()) else {
            return false;
        };
        let (name, first) = (
            unit.name.clone(),
            unit.parts.first().map(|part| part.name.clone()),
        );
        let mut open = self.open.clone();
        open.insert(name);
        self.change(open);
        self.selected = first;
        true
    }

    /// Closes the innermost open unit around the block that is looked at; whether there is one.
    pub fn close(&mut self) -> bool {
        let around = match &self.selected {
            Some(name) => self.run.map.around(name),
            None => Vec::new(),
        };
        let name = match around.last() {
            Some(unit) => unit.name.clone(),
            None => match self.open.iter().next() {
                Some(any) if self.selected.is_none() => any.clone(),
                _ => return false,
            },
        };
        let mut open = self.open.clone();
        open.remove(&name);
        self.change(open);
        self.selected = Some(name);
        true
    }

    /// The open units around the block that is looked at, from the outermost.
    #[must_use]
    pub fn path(&self) -> Vec<&Unit> {
        self.selected
            .as_deref()
            .map_or_else(Vec::new, |name| self.run.map.around(name))
    }

    fn change(&mut self, open: BTreeSet<String>) {
        if open == self.open {
            return;
        }
        self.remember(self.moment());
        self.open = open;
        self.held = None;
        self.restage();
    }

    /// Keeps what was, before something else is.
    pub(super) fn remember(&mut self, before: Moment) {
        self.past.push(before);
        if self.past.len() > UNDO {
            self.past.remove(0);
        }
        self.future.clear();
    }

    pub(super) fn restage(&mut self) {
        let run = self.run.clone();
        let mut staged = StagedNetwork::with_letters(run, &self.open, self.letters);
        self.mark(&mut staged);
        let blocks = staged.map.blocks.iter().zip(&staged.tensors);
        let fronts = blocks.map(|(block, tensor)| {
            let front = self.fronts.get(&block.name).copied().unwrap_or(0);
            // An edit may have left fewer channels.
            let channels = tensor
                .as_ref()
                .map_or(1, |tensor| in_cells(tensor.shape())[0]);
            front.min(channels.saturating_sub(1))
        });
        staged.fronts = fronts.collect();
        self.staged = Arc::new(staged);
        self.edition += 1;
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else {
            return false;
        };
        let now = self.moment();
        if self.go_to(&before).is_err() {
            self.past.push(before);
            return false;
        }
        self.future.push(now);
        true
    }

    /// Makes the change again that was taken back last; whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else {
            return false;
        };
        let now = self.moment();
        if self.go_to(&after).is_err() {
            self.future.push(after);
            return false;
        }
        self.past.push(now);
        true
    }

    /// Whether there is something to take back, and to make again.
    #[must_use]
    pub fn can_undo(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    /// The blocks with a text in their titles, in any language, or in the names of their layers and of the weights
    /// of these.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<usize> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return (0..self.staged.map.blocks.len()).collect();
        }
        let graph = &self.run.graph;
        let blocks = self.staged.map.blocks.iter().enumerate();
        let holds = blocks.filter(|(number, block)| {
            let title = [&block.name, &block.title.en, &block.title.ja];
            let mut names = title.into_iter().map(|text| text.to_lowercase());
            let nodes = self.unit(*number).map_or(&[][..], |unit| &unit.nodes);
            names.any(|name| name.contains(&text))
                || nodes
                    .iter()
                    .filter_map(|&node| graph.nodes().get(node))
                    .any(|node| {
                        let weights = node.operands.iter();
                        let weights = weights.map(|(_, id)| &graph.value(*id).name);
                        let mut names = weights.chain([&node.name]);
                        names.any(|name| name.to_lowercase().contains(&text))
                    })
        });
        holds.map(|(number, _)| number).collect()
    }

    /// The layers of the block that is looked at, for the workbench: those that can be shown one after
    /// another from its first one on. What they read and their weights are written into a file in a folder.
    ///
    /// # Errors
    /// When nothing is looked at, or no layer of it can be shown.
    pub fn part(&self, folder: &Path) -> Result<Setup, PartError> {
        let graph = &self.run.graph;
        let chain = self.part_chain()?;
        let first = chain
            .nodes
            .first()
            .and_then(|&node| graph.nodes().get(node));
        let letters = first
            .map_or("", |node| node.name.as_str())
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    '-'
                }
            });
        let file = folder
            .join(letters.take(80).collect::<String>())
            .with_extension("npz");
        // As they stand: what does not fit keeps its numbers, and can't be run from the inputs.
        let reached = self.run.recalled(chain.input)?;
        let reached = reached.ok_or_else(|| network_part::unreached(graph, &chain))?;
        network_part::setup(graph, &chain, reached, &file)
    }

    /// What those layers read of the network's input, as [`NetworkView::part`] has just put them into a setup.
    #[must_use]
    pub fn part_field(&self, setup: &Setup) -> Option<PartField> {
        let chain = self.part_chain().ok()?;
        Some(PartField {
            before: self.run.field_before(chain.input)?,
            from: setup.selected,
        })
    }

    fn part_chain(&self) -> Result<GraphChain, PartError> {
        let graph = &self.run.graph;
        let selected = self.selected().and_then(|block| self.unit(block));
        let unit = selected.ok_or(PartError::NoChain)?;
        let chains = graph.shown_chains();
        let node = unit
            .nodes
            .iter()
            .find(|node| chains.iter().any(|chain| chain.nodes.contains(node)));
        let &node = node.ok_or(PartError::NoChain)?;
        let name = &graph.nodes()[node].name;
        let mut chain = network_part::find(graph, Some(name))?;
        // Up to where the unit ends.
        let own = chain
            .nodes
            .iter()
            .take_while(|node| unit.nodes.contains(node))
            .count();
        chain.nodes.truncate(own.max(1));
        if let Some(&output) = chain
            .nodes
            .last()
            .and_then(|&last| graph.nodes()[last].outputs.first())
        {
            chain.output = output;
        }
        Ok(chain)
    }

    /// A lesson of one scene that shows it.
    #[must_use]
    pub fn lesson(&self) -> Lesson {
        let blocks = self.staged.map.blocks.len();
        let scene = Scene {
            title: crate::language::Localized::default(),
            staging: Arc::new(Staging {
                network: Some(self.staged.clone()),
                ..Staging::default()
            }),
            show: (0..blocks).map(Part::Tensor).collect(),
            camera: Shot {
                yaw: YAW,
                pitch: PITCH,
                frame: Vec::new(),
                room: 1.0,
            },
            from: Vec::new(),
            beats: vec![Beat::Hold(1.0)],
        };
        Lesson {
            title: crate::language::Localized::default(),
            goal: None,
            number: None,
            next: None,
            sources: Vec::new(),
            facts: Vec::new(),
            scenes: vec![scene],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Subject;
    use crate::tensor::{Fill, Shape};

    /// A network that has units with something in them.
    fn residual() -> NetworkView {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/networks/cifar_resnet.py"
        );
        let shape = Shape::new(&[3, 32, 32]).unwrap();
        let graph = Subject::parse(path).unwrap().graph(&shape).unwrap();
        let inputs: Vec<(ValueId, Tensor)> = graph
            .inputs()
            .iter()
            .map(|&id| {
                let shape = graph.value(id).shape.unwrap();
                (id, Fill::Ramp.make(&shape).unwrap())
            })
            .collect();
        let run = RunNetwork::new(graph, &inputs).unwrap();
        NetworkView::new("residual".to_owned(), run, inputs)
    }

    #[test]
    fn layers_are_found_by_the_names_of_their_weights() {
        let view = residual();
        let found = view.search("conv1.weight");
        assert!(found.contains(&1), "{found:?}");
        assert!(!found.contains(&0));
        assert!(view.search("no such.weight").is_empty());
    }

    #[test]
    fn back_and_forward_find_what_was_open() {
        let mut view = residual();
        let units = view.run().map.units.iter();
        let names: Vec<String> = units
            .filter(|unit| !unit.parts.is_empty())
            .map(|unit| unit.name.clone())
            .take(2)
            .collect();
        let [first, second] = &*names else {
            panic!("{names:?}");
        };
        let open = |view: &NetworkView| view.open_units().map(str::to_owned).collect::<Vec<_>>();
        view.reopen([first.as_str()], Way::Forward);
        view.reopen(
            [first.as_str(), second.as_str(), "no such unit"],
            Way::Forward,
        );
        assert_eq!(open(&view).len(), 2);
        view.reopen([first.as_str()], Way::Back);
        assert_eq!(open(&view), std::slice::from_ref(first));
        assert_eq!(view.can_undo(), (true, true));
        view.reopen([], Way::Back);
        assert!(open(&view).is_empty());
        assert_eq!(view.can_undo(), (false, true));
        view.reopen([first.as_str()], Way::Forward);
        view.reopen([first.as_str(), second.as_str()], Way::Forward);
        assert_eq!(view.can_undo(), (true, false));
    }
}
