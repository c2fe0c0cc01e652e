//! The layers of the block that is looked at, and the parameters of one of them, to be changed where it
//! stands.

use bevy_egui::egui;

use super::line::line_ui;
use super::session::NetworkAction;
use super::words::Word;
use crate::explore::network_view::NetworkView;
use crate::explore::{Edit, Parameter};
use crate::lesson::Language;
use crate::network::map::Unit;
use crate::op::Setting;
use crate::ui::explore::parameter_rows::{Rows, fill_or_ui, row, setting_ui};
use crate::ui::explore::{Actions, BenchAction, SetupAction, compact};

/// Nodes that are listed.
const LISTED: usize = 12;
/// The breadth of a field for a number: a slider and two of them find room in the panel.
const FIELD: f32 = 34.0;

/// The layers of a unit.
pub(super) fn layers_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    unit: &Unit,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    ui.add_space(4.0);
    ui.label(egui::RichText::new(Word::Nodes.text(language)).weak());
    let shown = view.layer();
    for &number in unit.nodes.iter().take(LISTED) {
        let Some(node) = view.run().graph.nodes().get(number) else {
            continue;
        };
        let what = node
            .plan()
            .map_or(&*node.origin.operator, |plan| plan.layer().name());
        let mark = if view.edits().contains_key(&number) {
            "* "
        } else {
            ""
        };
        let text = egui::RichText::new(format!("{mark}{}  {what}", node.name)).monospace();
        if view.settings(number).is_empty() {
            ui.add(egui::Label::new(text).truncate());
            continue;
        }
        let button = egui::Button::selectable(shown == Some(number), text).truncate();
        if ui.add(button).clicked() {
            actions.push(NetworkAction::Layer(number));
        }
    }
    if unit.nodes.len() > LISTED {
        ui.label(format!("… +{}", unit.nodes.len() - LISTED));
    }
    if let Some(node) = shown {
        // A number that is typed stays in its field, though another count of strongest places stands above.
        let numbers = egui::UiBuilder::new().id(egui::Id::new(("network layer", node)));
        ui.scope_builder(numbers, |ui| layer_ui(ui, view, node, language, actions));
    }
}

/// The parameters of a layer.
fn layer_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    node: usize,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let Some(setup) = view.layer_setup(node) else {
        return;
    };
    compact(ui);
    ui.spacing_mut().interact_size.x = FIELD;
    let plan = view.run().graph.nodes().get(node);
    if let Some(plan) = plan.and_then(|node| node.plan()) {
        for (name, formula) in &plan.shape_formula().axes {
            ui.label(egui::RichText::new(format!("{name} = {formula}")).small());
        }
    }
    let rows = Rows {
        setup: &setup,
        language,
    };
    let mut made = Actions::default();
    for shown in view.settings(node) {
        match &shown.value {
            Setting::Fill(_) => weights_ui(ui, view, node, language, actions),
            Setting::Number(_)
            | Setting::Optional(_)
            | Setting::Real(_)
            | Setting::Switch(_)
            | Setting::Choice(_)
            | Setting::Padding(_) => setting_ui(ui, rows, &shown, &mut made),
        }
    }
    for action in made.0 {
        match action {
            BenchAction::Setup(SetupAction::Edit(edit)) => {
                actions.push(NetworkAction::EditLayer(node, edit));
            }
            BenchAction::Setup(SetupAction::Settle) => actions.push(NetworkAction::Settle),
            // Rows of parameters ask for nothing else.
            BenchAction::Setup(SetupAction::Undo | SetupAction::Redo | SetupAction::Paste(_))
            | BenchAction::Transport(_)
            | BenchAction::InteractionState(_)
            | BenchAction::Frame(_)
            | BenchAction::Keep(_)
            | BenchAction::Window(_)
            | BenchAction::Session(_) => {}
        }
    }
    if view.has_weights(node) {
        let note = egui::RichText::new(Word::Refitted.text(language));
        ui.label(note.weak().small());
    }
    let edited = view.edits().contains_key(&node);
    ui.horizontal_wrapped(|ui| {
        let button = egui::Button::new(Word::ResetLayer.text(language));
        if ui.add_enabled(edited, button).clicked() {
            actions.push(NetworkAction::ResetLayer(node));
        }
    });
}

/// What the weights of a layer are: those of the network, or a preset.
fn weights_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    node: usize,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    let label = Parameter::Weights.label();
    let now = view
        .edits()
        .get(&node)
        .and_then(|edit| edit.weights.as_ref());
    row(ui, label.get(language), |ui| {
        let own = Word::OwnWeights.text(language);
        if let Some(fill) = fill_or_ui(ui, "weights", (now, own), true, [1, 1, 1]) {
            let edit = Edit::set(Parameter::Weights, fill);
            actions.push(NetworkAction::EditLayer(node, edit));
        }
        if now.is_some() {
            let does = Word::BackToOwnWeights.text(language);
            if ui.button("↺").on_hover_text(does).clicked() {
                actions.push(NetworkAction::OwnWeights(node));
            }
        }
    });
}

/// How many layers are edited, and which of them does not fit.
pub(super) fn edits_ui(
    ui: &mut egui::Ui,
    view: &NetworkView,
    language: Language,
    actions: &mut Vec<NetworkAction>,
) {
    if view.edits().is_empty() {
        return;
    }
    line_ui(ui, |ui| {
        let count = view.edits().len();
        ui.label(format!("{}: {count}", Word::Edited.text(language)));
        if ui.button(Word::ResetLayers.text(language)).clicked() {
            actions.push(NetworkAction::ResetLayers);
        }
    });
    let note = egui::RichText::new(Word::NotKept.text(language));
    ui.label(note.weak().small());
    if let Some(misfit) = view.misfits().first() {
        for told in [
            misfit.why.get(language).as_str(),
            Word::Stays.text(language),
        ] {
            ui.colored_label(ui.visuals().warn_fg_color, told);
        }
    }
}
