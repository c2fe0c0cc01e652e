//! The workbench in the window: panels around the stage, hovering, pinning, views, and what can be
//! kept.
//!
//! Panels are plain functions of an [`egui::Ui`] and a [`WorkbenchView`]; they give [`BenchAction`]s, and
//! systems handle them.

mod action;
mod code_panel;
mod drop;
mod edit;
pub(super) mod export;
mod facts_panel;
mod focus;
mod head;
mod inspector;
mod interaction;
#[cfg(feature = "record")]
mod jobs;
mod keys;
mod leave;
mod light;
mod narrow;
mod open;
mod parameter_panel;
pub(super) mod parameter_rows;
mod paste;
mod runner;
mod saved_view;
pub mod saved_workbenches;
pub mod session;
mod show;
#[cfg(not(target_family = "wasm"))]
mod state_file;
mod transport;
mod view;
mod window;
pub(super) mod words;

use bevy::prelude::*;
use bevy_egui::egui;

pub use action::{
    Actions, BenchAction, Framing, HandAction, KeepAction, SessionAction, SetupAction, Tab,
    TransportAction, WindowAction,
};
pub(super) use drop::take_pasted;
pub(super) use focus::noted;
pub use interaction::InteractionState;
pub use open::{FirstView, OpenWorkbench, setup_of};
pub use saved_view::SavedView;
pub use saved_workbenches::SavedWorkbenches;
pub use session::{Explorer, SessionSystems};
pub use transport::position;
pub use view::framed;
pub(super) use view::stands_at;

use super::notices::keys_ui;
use super::side_card::{MARGIN, side_card_ui};
use crate::explore::Workbench;
use crate::lesson::Language;
use crate::network::ReceptiveField;

/// The workbench in the window.
pub(super) fn plugin(app: &mut App) {
    app.add_plugins((
        session::plugin,
        keys::plugin,
        view::plugin,
        saved_workbenches::plugin,
        export::plugin,
    ));
    #[cfg(not(target_family = "wasm"))]
    app.add_plugins(state_file::plugin);
}

/// Draws the panels of the session; how high the bar at the foot is, in points.
pub(super) fn draw(
    context: &egui::Context,
    explorer: &mut Explorer,
    now: &crate::playback::CurrentSample,
    playing: bool,
    settings: &super::Settings,
    actions: &mut Actions,
) -> f32 {
    // A layer in the clipboard is put on the workbench wherever the pointer is.
    if !context.egui_wants_keyboard_input() {
        let pasted = context.input(|input| pasted(&input.events));
        pasted
            .into_iter()
            .for_each(|text| actions.push(SetupAction::Paste(text)));
    }
    let view = WorkbenchView {
        workbench: &explorer.workbench,
        interaction: &explorer.interaction,
        network_fields: explorer.network_fields(),
        position: position(now),
        playing,
        language: settings.language,
        scale: settings.scale,
        keys_shown: settings.keys_shown,
    };
    let height = workbench_ui(context, &view, actions);
    // Only now, so that the key that asked for it is not written into the field.
    if std::mem::take(&mut explorer.focus_paste) {
        context.memory_mut(|memory| memory.request_focus(paste::paste_id()));
    }
    height
}

/// What was pasted: in a window on a desktop the text arrives as if it were typed, right after the
/// key.
fn pasted(events: &[egui::Event]) -> Option<String> {
    let mut by_key = false;
    for event in events {
        match event {
            egui::Event::Paste(text) => return Some(text.clone()),
            egui::Event::Text(text) if by_key => return Some(text.clone()),
            egui::Event::Key {
                key: egui::Key::V,
                pressed: true,
                modifiers,
                ..
            } => by_key = modifiers.command,
            _ => {}
        }
    }
    None
}

/// What the panels show.
pub struct WorkbenchView<'a> {
    /// The workbench.
    pub workbench: &'a Workbench,
    /// Pins, pace, view.
    pub interaction: &'a InteractionState,
    /// Where the layers are those of a network: their receptive fields through all of it.
    pub network_fields: Vec<Option<ReceptiveField>>,
    /// Visits that are done, with the part of the next one.
    pub position: f64,
    /// Whether the run goes on.
    pub playing: bool,
    /// The language of everything.
    pub language: Language,
    /// How large controls are: 1 is usual.
    pub scale: f32,
    /// Whether the list of keys is up.
    pub keys_shown: bool,
}

/// The width of the panels, in points.
const LEFT: f32 = 330.0;
const RIGHT: f32 = 322.0;
/// The height of a row of controls, in points.
const ROW: f32 = 28.0;

/// How wide the panels at the sides are, in points; with what stands on the stage clear of them.
pub(super) fn side_panels(context: &egui::Context, explorer: &Explorer) -> (f32, f32) {
    if explorer.interaction.panels && narrow::is_narrow(context) {
        (narrow::width(context), 0.0)
    } else if explorer.interaction.panels {
        (LEFT + 2.0 * MARGIN, RIGHT + 2.0 * MARGIN)
    } else {
        (0.0, 0.0)
    }
}

/// How wide the corner is in which the way back to the panels stands, in points: the card is clear of it.
pub(super) fn corner(context: &egui::Context, explorer: &Explorer) -> f32 {
    if !explorer.interaction.panels && narrow::is_narrow(context) {
        narrow::CORNER
    } else {
        0.0
    }
}

/// All panels; how high the bar at the foot is, in points.
pub fn workbench_ui(
    context: &egui::Context,
    view: &WorkbenchView<'_>,
    actions: &mut Actions,
) -> f32 {
    let screen = context.content_rect();
    // The bar comes last, so that the panels come first where one goes from control to control.
    let bar = bar_height(context);
    let mut covered = 0.0;
    if narrow::is_narrow(context) {
        covered = narrow::sheet_ui(context, view, bar, actions);
    } else if view.interaction.panels {
        let height = screen.height() - bar - 2.0 * MARGIN;
        let left = egui::Rect::from_min_size(
            screen.min + egui::vec2(MARGIN, MARGIN),
            egui::vec2(LEFT, height),
        );
        side_card_ui(context, "workbench left", left, |ui| {
            compact(ui);
            parameter_panel::parameters_ui(ui, view, actions);
        });
        let right = egui::Rect::from_min_size(
            egui::pos2(screen.right() - RIGHT - MARGIN, screen.top() + MARGIN),
            egui::vec2(RIGHT, height),
        );
        side_card_ui(context, "workbench right", right, |ui| {
            compact(ui);
            side_ui(ui, view, height - 2.0 * MARGIN - 40.0, actions);
        });
    }
    let bar = foot_ui(context, view, screen, actions);
    if view.keys_shown && keys_ui(context, view.language, words::keys(view.language)) {
        actions.push(WindowAction::ToggleKeys);
    }
    bar + covered
}

/// How high the bar at the foot was in the last frame, in points.
fn bar_height(context: &egui::Context) -> f32 {
    let rect = context.memory(|memory| memory.area_rect(foot_id()));
    rect.map_or(110.0, |rect| rect.height())
}

fn foot_id() -> egui::Id {
    egui::Id::new("workbench foot")
}

/// Controls that stand close together, all of one height.
pub(in crate::ui) fn compact(ui: &mut egui::Ui) {
    let spacing = ui.spacing_mut();
    spacing.interact_size.y = ROW;
    spacing.button_padding = egui::vec2(7.0, 3.0);
    spacing.item_spacing = egui::vec2(6.0, 4.0);
    spacing.combo_width = 60.0;
}

/// The bar at the foot.
fn foot_ui(
    context: &egui::Context,
    view: &WorkbenchView<'_>,
    screen: egui::Rect,
    actions: &mut Actions,
) -> f32 {
    let bar = egui::Area::new(foot_id())
        .anchor(egui::Align2::LEFT_BOTTOM, [0.0, 0.0])
        .show(context, |ui| {
            egui::Frame::new()
                .fill(ui.visuals().panel_fill)
                .inner_margin(egui::Margin::symmetric(14, 6))
                .show(ui, |ui| {
                    ui.set_width(screen.width() - 28.0);
                    compact(ui);
                    runner::runner_ui(ui, view, actions);
                });
        });
    bar.response.rect.height()
}

/// The panel on the right: one of its tabs.
fn side_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, height: f32, actions: &mut Actions) {
    ui.horizontal(|ui| {
        for tab in Tab::ALL {
            let chosen = tab == view.interaction.tab;
            if ui
                .selectable_label(chosen, words::tab(tab, view.language))
                .clicked()
            {
                actions.push(HandAction::Tab(tab));
            }
        }
    });
    ui.separator();
    match view.interaction.tab {
        Tab::Facts => facts_panel::facts_ui(ui, view, actions),
        Tab::Element => inspector::inspector_ui(ui, view, height, actions),
        Tab::Code => code_panel::code_ui(ui, view),
    }
}

#[cfg(test)]
mod tests;
