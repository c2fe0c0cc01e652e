//! The panel on the left: every number that can be changed.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{Actions, SetupAction, WindowAction};
use super::focus::noted;
use super::head::head_ui;
use super::parameter_rows::{Rows, choice_ui, fill_ui, number_ui, row, setting_ui};
use super::paste::{paste_ui, problem_ui};
use super::words::{self, Word};
use crate::explore::{Edit, Kind, Parameter};
use crate::op::LoopOrder;
use crate::ui::strings;

/// The width of what adds and removes a layer.
const ADD_AND_REMOVE: f32 = 84.0;

/// The panel.
pub(super) fn parameters_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    head_ui(ui, view, actions);
    paste_ui(ui, view, actions);
    problem_ui(ui, view, actions);
    // A number that is typed stays in its field while something is told above, and when it is no more.
    let numbers = egui::UiBuilder::new().id(egui::Id::new("workbench numbers"));
    ui.scope_builder(numbers, |ui| numbers_ui(ui, view, actions));
}

/// What goes in, and the layers.
fn numbers_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        section(ui, Word::Input.text(view.language));
        let hint = strings::Word::OpenFile.text(view.language);
        let response = ui.button("🗁").on_hover_text(hint);
        noted(ui, &response, "open file");
        if response.clicked() {
            actions.push(WindowAction::ChooseFiles);
        }
    });
    let rows = rows_of(view);
    number_ui(ui, rows, Parameter::Channels, actions);
    number_ui(ui, rows, Parameter::Rows, actions);
    row(ui, Word::Values.text(view.language), |ui| {
        let setup = view.workbench.setup();
        if let Some(fill) = fill_ui(
            ui,
            "input values",
            &setup.fill,
            false,
            view.workbench.setup().input,
        ) {
            actions.push(Edit::Fill(fill));
        }
    });
    ui.add_space(4.0);
    layers_ui(ui, view, actions);
    layer_ui(ui, view, actions);
}

fn rows_of<'a>(view: &'a WorkbenchView<'_>) -> Rows<'a> {
    Rows {
        setup: view.workbench.setup(),
        language: view.language,
    }
}

fn section(ui: &mut egui::Ui, name: &str) {
    ui.label(egui::RichText::new(name).strong().size(17.0));
}

/// The layers of the chain, one of which is shown.
fn layers_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let setup = view.workbench.setup();
    let language = view.language;
    ui.horizontal_wrapped(|ui| {
        section(ui, Word::Layer.text(language));
        if setup.layers.len() > 1 {
            for (place, layer) in setup.layers.iter().enumerate() {
                let name = format!("{} {}", place + 1, layer.name());
                if ui.selectable_label(place == setup.selected, name).clicked() {
                    actions.push(Edit::Select(place));
                }
            }
        }
        // A menu does not go to the next line by itself.
        if ui.available_size_before_wrap().x < ADD_AND_REMOVE {
            ui.end_row();
        }
        egui::ComboBox::from_id_salt("add layer")
            .selected_text("+")
            .width(28.0)
            .show_ui(ui, |ui| {
                for kind in Kind::offered() {
                    if ui.selectable_label(false, kind.name()).clicked() {
                        actions.push(Edit::AddLayer(kind));
                        actions.push(SetupAction::Settle);
                    }
                }
            })
            .response
            .on_hover_text(Word::AddLayer.text(language));
        if setup.layers.len() > 1
            && ui
                .button("−")
                .on_hover_text(Word::RemoveLayer.text(language))
                .clicked()
        {
            actions.push(Edit::RemoveLayer);
            actions.push(SetupAction::Settle);
        }
    });
}

/// Everything that the selected layer has.
fn layer_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let setup = view.workbench.setup();
    let language = view.language;
    let Some(layer) = setup.layer() else {
        return;
    };
    let mut edit = |edit: Edit| actions.push(edit);
    row(ui, Word::Kind.text(language), |ui| {
        let kind = layer.kind();
        let chosen = egui::ComboBox::from_id_salt("kind")
            .selected_text(layer.name())
            .width(190.0)
            .show_ui(ui, |ui| {
                for other in Kind::offered() {
                    let text = format!(
                        "{}  ·  {}",
                        other.name(),
                        other.description().about.get(language)
                    );
                    let response = ui.selectable_label(kind == other, text);
                    noted(ui, &response, &format!("kind {}", other.name()));
                    if response.clicked() {
                        edit(Edit::Kind(other));
                    }
                }
            });
        noted(ui, &chosen.response, "kind");
    });
    for shown in layer.settings() {
        setting_ui(ui, rows_of(view), &shown, actions);
    }
    if layer.number(Parameter::Filters).is_some() {
        order_ui(ui, view, actions);
    }
}

/// In which order the products come.
fn order_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    row(ui, Word::Order.text(language), |ui| {
        let choices = LoopOrder::ALL.map(|order| (order, words::order(order, language)));
        choice_ui(
            ui,
            "order",
            view.workbench.setup().order,
            &choices,
            |order| {
                actions.push(Edit::Order(order));
            },
        );
    });
}
