//! The workbench where there is little room: on a phone one panel at a time, below the stage or beside it.

use bevy_egui::egui;

use super::action::{Actions, HandAction, Tab};
use super::words::{self, Word};
use super::{WorkbenchView, code_panel, compact, facts_panel, inspector, parameter_panel, runner};
use crate::lesson::Language;
use crate::ui::side_card::{MARGIN, side_card_ui};

/// Points of width below which both panels would leave nothing of the stage.
const NARROW: f32 = 900.0;
/// How much of an upright screen the panel has.
const PART: f32 = 0.4;

/// How wide the panel is beside the stage, in points.
const BESIDE: f32 = 356.0;

/// How wide the corner is in which the way back to the panel stands, in points.
pub(super) const CORNER: f32 = 50.0;

/// What the one panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sheet {
    /// The setup.
    #[default]
    Parameters,
    /// What the panel on the right would.
    Side,
    /// How the stage is seen, and what is kept.
    View,
}

/// Whether there is room for one panel only.
pub(super) fn is_narrow(context: &egui::Context) -> bool {
    context.content_rect().width() < NARROW
}

/// Whether the panel stands below the stage.
fn is_upright(screen: egui::Rect) -> bool {
    screen.height() > screen.width()
}

/// How wide the panel is where it stands beside the stage, in points.
pub(super) fn width(context: &egui::Context) -> f32 {
    if is_upright(context.content_rect()) {
        0.0
    } else {
        BESIDE + 2.0 * MARGIN
    }
}

/// How much of the stage's foot the bar and an open panel cover, in points.
pub(super) fn foot_height(context: &egui::Context, open: bool) -> f32 {
    let screen = context.content_rect();
    let bar = super::bar_height(context);
    let sheet = if open && is_upright(screen) {
        sheet_height(screen, bar) + 2.0 * MARGIN
    } else {
        0.0
    };
    bar + sheet
}

/// How high the panel is below the stage, in points.
fn sheet_height(screen: egui::Rect, bar: f32) -> f32 {
    (screen.height() * PART).min(screen.height() - bar - 2.0 * MARGIN)
}

/// The panel above a bar of a height; how much of the stage's foot it covers, in points.
pub(super) fn sheet_ui(
    context: &egui::Context,
    view: &WorkbenchView<'_>,
    bar: f32,
    actions: &mut Actions,
) -> f32 {
    let screen = context.content_rect();
    if !view.interaction.panels {
        open_ui(context, view.language, actions);
        return 0.0;
    }
    let room = screen.height() - bar - 2.0 * MARGIN;
    let (rect, covers) = if is_upright(screen) {
        let height = sheet_height(screen, bar);
        let top = screen.bottom() - bar - height - MARGIN;
        let size = egui::vec2(screen.width() - 2.0 * MARGIN, height);
        let rect = egui::Rect::from_min_size(egui::pos2(screen.left() + MARGIN, top), size);
        (rect, height + 2.0 * MARGIN)
    } else {
        let at = screen.min + egui::vec2(MARGIN, MARGIN);
        (egui::Rect::from_min_size(at, egui::vec2(BESIDE, room)), 0.0)
    };
    let id = egui::Id::new("workbench sheet");
    let mut sheet: Sheet = context.data(|data| data.get_temp(id).unwrap_or_default());
    side_card_ui(context, "workbench sheet", rect, |ui| {
        compact(ui);
        ui.horizontal_wrapped(|ui| tabs_ui(ui, view, &mut sheet, actions));
        ui.separator();
        match sheet {
            Sheet::Parameters => parameter_panel::parameters_ui(ui, view, actions),
            Sheet::Side => match view.interaction.tab {
                Tab::Facts => facts_panel::facts_ui(ui, view, actions),
                Tab::Element => inspector::inspector_ui(ui, view, rect.height() - 60.0, actions),
                Tab::Code => code_panel::code_ui(ui, view),
            },
            Sheet::View => {
                ui.horizontal_wrapped(|ui| runner::view_ui(ui, view, actions));
                ui.horizontal_wrapped(|ui| runner::keep_ui(ui, view, actions));
            }
        }
    });
    context.data_mut(|data| data.insert_temp(id, sheet));
    covers
}

fn tabs_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, sheet: &mut Sheet, actions: &mut Actions) {
    let language = view.language;
    let now = *sheet;
    let layer = Word::Layer.text(language);
    if ui
        .selectable_label(now == Sheet::Parameters, layer)
        .clicked()
    {
        *sheet = Sheet::Parameters;
    }
    for tab in Tab::ALL {
        let on = now == Sheet::Side && tab == view.interaction.tab;
        if ui.selectable_label(on, words::tab(tab, language)).clicked() {
            *sheet = Sheet::Side;
            actions.push(HandAction::Tab(tab));
        }
    }
    if ui
        .selectable_label(now == Sheet::View, "◆")
        .on_hover_text(Word::ViewAndKeep.text(language))
        .clicked()
    {
        *sheet = Sheet::View;
    }
    if ui
        .button("▼")
        .on_hover_text(Word::Panels.text(language))
        .clicked()
    {
        actions.push(HandAction::TogglePanels);
    }
}

/// The way back to the panel.
fn open_ui(context: &egui::Context, language: Language, actions: &mut Actions) {
    egui::Area::new(egui::Id::new("workbench open"))
        .anchor(egui::Align2::LEFT_TOP, [MARGIN, MARGIN])
        .show(context, |ui| {
            let face = egui::RichText::new("☰").size(20.0);
            let panels = Word::Panels.text(language);
            if ui.button(face).on_hover_text(panels).clicked() {
                actions.push(HandAction::TogglePanels);
            }
        });
}
