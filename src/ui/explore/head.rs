//! The head of the panel on the left: the way back, undo and redo, and how the window is.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{Actions, BenchAction, SessionAction, SetupAction, WindowAction};
use super::words::Word;
use crate::lesson::Language;
use crate::ui::right_group::right_group_ui;

/// The row of buttons.
pub(super) fn head_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    let button = |ui: &mut egui::Ui, face: &str, word: Word, enabled: bool| {
        let button = egui::Button::new(egui::RichText::new(face).size(17.0));
        let response = ui.add_enabled(enabled, button);
        response.on_hover_text(word.text(language)).clicked()
    };
    ui.horizontal(|ui| {
        let back = if view.interaction.from_lesson {
            Word::Back
        } else {
            Word::Close
        };
        for (face, word, enabled, action) in [
            ("←", back, true, BenchAction::from(SessionAction::Leave)),
            (
                "↩",
                Word::Undo,
                view.workbench.can_undo(),
                SetupAction::Undo.into(),
            ),
            (
                "↪",
                Word::Redo,
                view.workbench.can_redo(),
                SetupAction::Redo.into(),
            ),
        ] {
            if button(ui, face, word, enabled) {
                actions.push(action);
            }
        }
        right_group_ui(ui, "workbench head", |ui| {
            let (face, other) = match language {
                Language::En => ("日本語", Language::Ja),
                Language::Ja => ("English", Language::En),
            };
            if ui.button(face).clicked() {
                actions.push(WindowAction::Language(other));
            }
            for (face, word, action) in [
                ("−", Word::Scale, WindowAction::Scale(view.scale - 0.1)),
                ("+", Word::Scale, WindowAction::Scale(view.scale + 0.1)),
                ("☀", Word::Theme, WindowAction::ToggleStudio),
                ("?", Word::Keys, WindowAction::ToggleKeys),
            ] {
                if button(ui, face, word, true) {
                    actions.push(action);
                }
            }
        });
    });
}
