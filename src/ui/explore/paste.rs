//! The text field for a layer, and what is wrong with it or with the setup.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{Actions, SetupAction};
use super::words::{self, Word};
use crate::explore::Edit;
use crate::language::Message;

/// The text field for a layer, so that a key can lead to it.
#[must_use]
pub(super) fn paste_id() -> egui::Id {
    egui::Id::new("workbench paste")
}

/// Where the mistake lies that was told last.
fn problem_id() -> egui::Id {
    egui::Id::new("workbench paste problem")
}

/// The text field for a layer or a model.
pub(super) fn paste_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let id = paste_id();
    let mut text = ui
        .data_mut(|data| data.get_temp::<String>(id))
        .unwrap_or_default();
    ui.horizontal(|ui| {
        let size = egui::vec2(ui.available_width() - 48.0, super::ROW);
        let hint = Word::PasteHint.text(view.language);
        let entered = field_ui(ui, id, &mut text, hint, size);
        let clicked = ui
            .button("⏎")
            .on_hover_text(Word::Paste.text(view.language))
            .clicked();
        if (entered || clicked) && !text.trim().is_empty() {
            actions.push(SetupAction::Paste(text.clone()));
        }
    });
    ui.data_mut(|data| data.insert_temp(id, text));
    if let Some(problem) = &view.interaction.paste_problem {
        let problem = problem.say(view.language);
        let text = egui::RichText::new(&problem).monospace();
        let told = ui.label(text.color(ui.visuals().error_fg_color));
        // What is new is brought to where it is seen.
        let new = ui.data_mut(|data| {
            let before = data.get_temp::<String>(problem_id());
            data.insert_temp(problem_id(), problem.clone());
            before.is_none_or(|before| before != problem)
        });
        if new {
            told.scroll_to_me(Some(egui::Align::Center));
        }
    } else {
        ui.data_mut(|data| data.remove::<String>(problem_id()));
    }
}

/// The field itself; whether Enter was pressed in it.
#[cfg(not(target_family = "wasm"))]
fn field_ui(
    ui: &mut egui::Ui,
    id: egui::Id,
    text: &mut String,
    hint: &str,
    size: egui::Vec2,
) -> bool {
    let field = egui::TextEdit::singleline(text)
        .id(id)
        .hint_text(hint)
        .desired_width(size.x)
        .vertical_align(egui::Align::Center)
        .min_size(egui::vec2(0.0, size.y));
    let response = ui.add(field);
    super::focus::noted(ui, &response, "paste");
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// The field itself: the browser's own, which takes Japanese; whether Enter was pressed in it.
#[cfg(target_family = "wasm")]
fn field_ui(
    ui: &mut egui::Ui,
    id: egui::Id,
    text: &mut String,
    hint: &str,
    size: egui::Vec2,
) -> bool {
    crate::web::typing::field_ui(ui, (id, "layer"), text, hint, size)
}

/// What cannot be, why, and what would.
pub(super) fn problem_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let Some(problem) = view.workbench.problem() else {
        return;
    };
    let warning = ui.visuals().error_fg_color;
    egui::Frame::new()
        .stroke(egui::Stroke::new(1.5, warning))
        .corner_radius(6.0)
        .inner_margin(8.0)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let title = egui::RichText::new(Word::CannotBe.text(view.language)).strong();
            ui.label(title.color(warning));
            ui.label(problem.say(view.language));
            ui.horizontal_wrapped(|ui| {
                for offer in view.workbench.offers() {
                    if ui.button(words::offer(offer.kind, view.language)).clicked() {
                        actions.push(Edit::Replace(Box::new(offer.setup)));
                        actions.push(SetupAction::Settle);
                    }
                }
            });
            let still = Word::StandsStill.text(view.language);
            ui.label(egui::RichText::new(still).small().weak());
        });
}
