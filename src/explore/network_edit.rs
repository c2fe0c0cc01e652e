//! Layers of a whole network, edited where they stand: shapes and numbers follow up to the output, and
//! where a shape no longer fits, the place is told and the rest stays as it was.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::network_view::NetworkView;
use super::setup::{Setup, in_planes};
use crate::language::{Localized, says};
use crate::lesson::{BlockMark, StagedNetwork};
use crate::network::map::MapError;
use crate::network::{LayerEdit, LayerEdits, Misfit};
use crate::op::{Layer, LoopOrder, OperandRole, Parameter, Setting, Shown};
use crate::tensor::Fill;

/// What can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    /// The units that are open.
    pub(super) open: BTreeSet<String>,
    /// The layers that are edited.
    edits: LayerEdits,
}

impl NetworkView {
    /// The layers that are edited.
    #[must_use]
    pub const fn edits(&self) -> &LayerEdits {
        &self.edits
    }

    /// The layers that do not take what they are given, from the first one on.
    #[must_use]
    pub fn misfits(&self) -> &[Misfit] {
        &self.misfits
    }

    /// The node of the selected block whose parameters are shown: the one that was chosen, or of a block
    /// that is one layer the first that has any.
    #[must_use]
    pub fn layer(&self) -> Option<usize> {
        let unit = self.unit(self.selected()?)?;
        let chosen = self.layer.filter(|node| unit.nodes.contains(node));
        let mut first = unit.nodes.iter().copied().filter(|_| unit.parts.is_empty());
        chosen.or_else(|| first.find(|&node| !self.settings(node).is_empty()))
    }

    /// Shows the parameters of a node.
    pub fn choose_layer(&mut self, node: usize) {
        self.layer = Some(node);
    }

    /// What can be changed in the layer of a node, in the order in which it is shown.
    #[must_use]
    pub fn settings(&self, node: usize) -> Vec<Shown> {
        let Some(layer) = self.layer_of(node) else {
            return Vec::new();
        };
        // What a chain names or shows otherwise, and what only training knows, changes nothing here.
        let mut settings = layer.settings();
        settings.retain(|shown| match &shown.value {
            Setting::Fill(_) => shown.name == Parameter::Weights && self.has_weights(node),
            Setting::Number(_)
            | Setting::Optional(_)
            | Setting::Real(_)
            | Setting::Switch(_)
            | Setting::Choice(_)
            | Setting::Padding(_) => !matches!(
                shown.name,
                Parameter::Tensor
                    | Parameter::View
                    | Parameter::DropProbability
                    | Parameter::DropMode
            ),
        });
        settings
    }

    /// The layer of a node alone on what it reads, as the workbench has it.
    #[must_use]
    pub fn layer_setup(&self, node: usize) -> Option<Setup> {
        let plan = self.run.graph.nodes().get(node)?.plan()?;
        Some(Setup {
            input: in_planes(plan.input_shape()),
            fill: Fill::Ramp,
            layers: vec![self.layer_of(node)?.clone()],
            selected: 0,
            order: LoopOrder::default(),
        })
    }

    /// Whether the layer of a node has weights that can be filled otherwise.
    #[must_use]
    pub fn has_weights(&self, node: usize) -> bool {
        let node = self.base.nodes().get(node);
        let plan = node.and_then(|node| node.plan());
        let operands = plan.map(|plan| plan.operand_list()).unwrap_or_default();
        let mut operands = operands.iter();
        operands.any(|operand| operand.role == OperandRole::Filters)
    }

    /// The layer of a node as it was asked for, whether it fits or not.
    fn layer_of(&self, node: usize) -> Option<&Layer> {
        match self.edits.get(&node) {
            Some(edit) => Some(&edit.layer),
            None => self.base_layer(node),
        }
    }

    fn base_layer(&self, node: usize) -> Option<&Layer> {
        Some(self.base.nodes().get(node)?.plan()?.layer())
    }

    /// Changes a parameter of the layer of a node.
    ///
    /// # Errors
    /// When the network becomes too large to be shown; it stays as it was.
    pub fn edit_layer(&mut self, node: usize, edit: &Edit) -> Result<(), MapError> {
        match edit {
            Edit::Number(..) | Edit::Both(..) | Edit::Set(..) => {}
            // A network keeps its layers and what goes into them.
            Edit::Input(_)
            | Edit::Fill(_)
            | Edit::Kind(_)
            | Edit::Order(_)
            | Edit::Select(_)
            | Edit::AddLayer(_)
            | Edit::RemoveLayer
            | Edit::Replace(_) => return Ok(()),
        }
        let Some(mut setup) = self.layer_setup(node) else {
            return Ok(());
        };
        edit.apply(&mut setup);
        let Some(layer) = setup.layers.pop() else {
            return Ok(());
        };
        let before = self.edits.get(&node).and_then(|edit| edit.weights.clone());
        let weights = match edit {
            Edit::Set(Parameter::Weights, Setting::Fill(fill)) if self.has_weights(node) => {
                Some(fill.clone())
            }
            _ => before,
        };
        let changed = LayerEdit { layer, weights };
        self.change_layer(node, changed, Some(edit.clone()))
    }

    /// Gives the layer of a node the weights of the network again.
    ///
    /// # Errors
    /// As [`NetworkView::edit_layer`].
    pub fn own_weights(&mut self, node: usize) -> Result<(), MapError> {
        let (Some(base), Some(edit)) = (self.base_layer(node), self.edits.get(&node)) else {
            return Ok(());
        };
        let mut layer = edit.layer.clone();
        if let Some(fill) = base.fill("weight") {
            layer.fill_with("weight", fill.clone());
        }
        let changed = LayerEdit {
            layer,
            weights: None,
        };
        self.change_layer(node, changed, None)
    }

    /// Makes the layer of a node what the network has.
    ///
    /// # Errors
    /// As [`NetworkView::edit_layer`].
    pub fn reset_layer(&mut self, node: usize) -> Result<(), MapError> {
        let mut edits = self.edits.clone();
        edits.remove(&node);
        self.change_layers(edits, None)
    }

    /// Makes all layers what the network has.
    ///
    /// # Errors
    /// As [`NetworkView::edit_layer`].
    pub fn reset_layers(&mut self) -> Result<(), MapError> {
        self.change_layers(LayerEdits::new(), None)
    }

    /// A next edit is a change of its own.
    pub fn settle(&mut self) {
        self.held = None;
    }

    fn change_layer(
        &mut self,
        node: usize,
        changed: LayerEdit,
        edit: Option<Edit>,
    ) -> Result<(), MapError> {
        let mut edits = self.edits.clone();
        // What is again as the network has it is not edited.
        if changed.weights.is_none() && self.base_layer(node) == Some(&changed.layer) {
            edits.remove(&node);
        } else {
            edits.insert(node, changed);
        }
        self.change_layers(edits, edit.map(|edit| (node, edit)))
    }

    fn change_layers(
        &mut self,
        edits: LayerEdits,
        held: Option<(usize, Edit)>,
    ) -> Result<(), MapError> {
        if edits == self.edits {
            return Ok(());
        }
        let before = self.moment();
        self.set_edits(edits)?;
        let continues = match (&self.held, &held) {
            (Some((last_node, last)), Some((node, edit))) => {
                node == last_node && edit.continues(last)
            }
            (None, _) | (_, None) => false,
        };
        if !continues {
            self.remember(before);
        }
        self.held = held;
        self.restage();
        Ok(())
    }

    fn set_edits(&mut self, edits: LayerEdits) -> Result<(), MapError> {
        if edits == self.edits {
            return Ok(());
        }
        let both = (&edits, &self.edits);
        let (run, misfits) = self.run.edited(&self.base, both, &self.inputs)?;
        self.run = run;
        self.misfits = misfits;
        self.edits = edits;
        Ok(())
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            open: self.open.clone(),
            edits: self.edits.clone(),
        }
    }

    pub(super) fn go_to(&mut self, moment: &Moment) -> Result<(), MapError> {
        self.set_edits(moment.edits.clone())?;
        self.open.clone_from(&moment.open);
        self.held = None;
        self.restage();
        Ok(())
    }

    /// Says of each block what the edits have to do with it.
    pub(super) fn mark(&self, staged: &mut StagedNetwork) {
        if self.edits.is_empty() {
            return;
        }
        for number in self.run.map.inputs.len()..staged.map.blocks.len() {
            let block = &staged.map.blocks[number];
            let Some(unit) = self.run.map.find(&block.name) else {
                continue;
            };
            let has = |found: &dyn Fn(usize) -> bool| {
                let mut nodes = unit.nodes.iter().chain(&unit.fixed);
                nodes.any(|&node| found(node))
            };
            let mark = if has(&|node| self.misfits.iter().any(|misfit| misfit.node == node)) {
                BlockMark::Misfit
            } else if has(&|node| self.run.is_stale(node)) {
                BlockMark::Stale
            } else if has(&|node| self.edits.contains_key(&node)) {
                BlockMark::Edited
            } else {
                BlockMark::Plain
            };
            if let Some(word) = mark.word() {
                let (title, word) = (&block.title, Localized::<String>::from(word));
                let title =
                    says!(with [title, word]; en: "{title} ({word})", ja: "{title} ({word})");
                staged.retitle(number, &title);
            }
            if let Some(own) = staged.marks.get_mut(number) {
                *own = mark;
            }
        }
    }
}
