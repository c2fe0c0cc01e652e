//! The bar at the foot: running, stepping, views, and what can be kept.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{
    Actions, BenchAction, Framing, HandAction, KeepAction, TransportAction, WindowAction,
};
use super::words::{self, Word};
use crate::explore::step_stops::StepUnit;
use crate::explore::workbench::SPEEDS;
use crate::language::grouped;
use crate::stage::palette;
use crate::ui::right_group::right_group_ui;

/// Points of width below which the run has two rows.
const ONE_ROW: f32 = 620.0;

/// The bar.
pub(super) fn runner_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    scrub_ui(ui, view, actions);
    if super::narrow::is_narrow(ui.ctx()) {
        // How it is seen and what is kept are in the panel.
        ui.horizontal_wrapped(|ui| run_ui(ui, view, actions));
        return;
    }
    ui.horizontal(|ui| run_ui(ui, view, actions));
    ui.horizontal(|ui| {
        view_ui(ui, view, actions);
        right_group_ui(ui, "keep", |ui| keep_ui(ui, view, actions));
    });
}

fn button(
    ui: &mut egui::Ui,
    face: &str,
    does: &str,
    on: bool,
    action: impl Into<BenchAction>,
    actions: &mut Actions,
) {
    let button = egui::Button::new(egui::RichText::new(face).size(15.0)).selected(on);
    if ui.add(button).on_hover_text(does).clicked() {
        actions.push(action);
    }
}

/// The run from start to end, to be scrubbed.
fn scrub_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    let size = egui::vec2(ui.available_width(), 18.0);
    // It has keys of its own, and is no stop on the way from control to control.
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::CLICK | egui::Sense::DRAG);
    let end = valid.stops.end().max(1.0);
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged())
    {
        let part = f64::from((pointer.x - rect.left()) / rect.width()).clamp(0.0, 1.0);
        actions.push(TransportAction::Position(part * end));
    }
    let painter = ui.painter();
    let accent = super::super::theme::color(palette::name_color(palette::filter_hue(0, 4)));
    let half = if response.hovered() || response.dragged() {
        4.5
    } else {
        3.0
    };
    let middle = rect.center().y;
    let x = rect.left() + rect.width() * (view.position / end).clamp(0.0, 1.0) as f32;
    let bar = |from: f32, to: f32| {
        egui::Rect::from_min_max(
            egui::pos2(from, middle - half),
            egui::pos2(to, middle + half),
        )
    };
    let rest = ui.visuals().widgets.inactive.bg_fill;
    painter.rect_filled(bar(rect.left(), rect.right()), half, rest);
    painter.rect_filled(bar(rect.left(), x), half, accent);
    painter.circle_filled(egui::pos2(x, middle), half + 3.0, accent);
}

fn run_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    let (face, word) = if view.playing {
        ("⏸", Word::Pause)
    } else {
        ("▶", Word::Play)
    };
    button(
        ui,
        "⏮",
        Word::Start.text(language),
        false,
        TransportAction::Position(0.0),
        actions,
    );
    button(
        ui,
        "◀",
        Word::StepBack.text(language),
        false,
        TransportAction::Step(false),
        actions,
    );
    button(
        ui,
        face,
        word.text(language),
        false,
        TransportAction::TogglePlay,
        actions,
    );
    button(
        ui,
        "▶|",
        Word::StepOn.text(language),
        false,
        TransportAction::Step(true),
        actions,
    );
    let looped = view.interaction.looped.is_some();
    button(
        ui,
        "⟲",
        Word::Loop.text(language),
        looped,
        TransportAction::ToggleLoop,
        actions,
    );
    egui::ComboBox::from_id_salt("grain")
        .selected_text(words::step_unit(view.interaction.step_unit, language))
        .width(120.0)
        .show_ui(ui, |ui| {
            for step_unit in StepUnit::ALL {
                let chosen = step_unit == view.interaction.step_unit;
                if ui
                    .selectable_label(chosen, words::step_unit(step_unit, language))
                    .clicked()
                {
                    actions.push(TransportAction::StepUnit(step_unit));
                }
            }
        })
        .response
        .on_hover_text(Word::StepBy.text(language));
    if ui.ctx().content_rect().width() < ONE_ROW {
        ui.end_row();
    }
    let mut speed = view.interaction.speed;
    ui.spacing_mut().slider_width = 110.0;
    let slider = egui::Slider::new(&mut speed, SPEEDS)
        .logarithmic(true)
        .max_decimals(1)
        .suffix("×");
    let response = ui.add(slider).on_hover_text(Word::Speed.text(language));
    if response.changed() {
        actions.push(TransportAction::Speed(speed));
    }
    if let Some(valid) = view.workbench.valid() {
        let (done, count) = valid.stops.visits(view.position);
        let text = format!("{} / {}", grouped(done), grouped(count));
        ui.label(egui::RichText::new(text).monospace().size(14.0));
    }
    let (note, recording) = (&view.interaction.note, view.interaction.recording);
    if note.is_none() && recording.is_none() {
        return;
    }
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if let Some(percent) = recording {
            button(
                ui,
                "✖",
                Word::Cancel.text(language),
                false,
                KeepAction::Cancel,
                actions,
            );
            ui.label(egui::RichText::new(format!("🎬 {percent} %")).size(14.0));
        }
        if let Some(note) = note {
            ui.add(egui::Label::new(egui::RichText::new(note).size(14.0)).truncate());
        }
    });
}

pub(super) fn view_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    for (framing, face) in Framing::ALL.into_iter().zip(["F", "T", "S", "◩", "⛶"]) {
        let face = match framing {
            Framing::Isometric => "◆",
            Framing::Fit => "□",
            _ => face,
        };
        button(
            ui,
            face,
            words::framing(framing, language),
            false,
            framing,
            actions,
        );
    }
    button(
        ui,
        "◇",
        Word::ProjectionMode.text(language),
        false,
        WindowAction::ToggleLens,
        actions,
    );
    button(
        ui,
        "☰",
        Word::Panels.text(language),
        !view.interaction.panels,
        HandAction::TogglePanels,
        actions,
    );
    button(
        ui,
        "=",
        Word::Arithmetic.text(language),
        view.interaction.arithmetic,
        HandAction::ToggleArithmetic,
        actions,
    );
    ui.label(egui::RichText::new("⇔").weak());
    let mut spread = view.interaction.spread;
    ui.spacing_mut().slider_width = 70.0;
    let slider = egui::Slider::new(&mut spread, 0.0..=4.0).show_value(false);
    if ui
        .add(slider)
        .on_hover_text(Word::Spread.text(language))
        .changed()
    {
        actions.push(HandAction::Spread(spread));
    }
    slice_ui(ui, view, actions);
}

/// Which channels are shown.
fn slice_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    let shapes =
        (0..=valid.chain.plans().len()).filter_map(|place| valid.chain.tensor_shape(place));
    let channels = shapes.map(|shape| shape.channels()).max().unwrap_or(1);
    if channels < 2 {
        return;
    }
    let (mut first, mut last) = view.interaction.slice.unwrap_or((0, channels - 1));
    let before = (first, last);
    ui.label(
        egui::RichText::new(Word::Slice.text(view.language))
            .weak()
            .small(),
    );
    ui.push_id("slice", |ui| {
        ui.add(egui::DragValue::new(&mut first).range(0..=last).speed(0.05));
        ui.label("–");
        ui.add(
            egui::DragValue::new(&mut last)
                .range(first..=channels - 1)
                .speed(0.05),
        );
    });
    if (first, last) != before {
        let all = first == 0 && last + 1 >= channels;
        actions.push(HandAction::Slice((!all).then_some((first, last))));
    }
}

/// From left to right, which is how Tab goes through them.
pub(super) fn keep_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let language = view.language;
    let files: [(&str, Word, BenchAction); 3] = [
        ("💾", Word::Save, KeepAction::SaveLesson.into()),
        ("📋", Word::CopyCommand, KeepAction::CopyCommand.into()),
        ("🔗", Word::CopyLink, WindowAction::CopyLink.into()),
    ];
    for (face, word, action) in files {
        button(ui, face, word.text(language), false, action, actions);
    }
    // A page saves what is seen as large as it is.
    if !cfg!(target_family = "wasm") {
        picture_size_ui(ui, view, actions);
    }
    button(
        ui,
        "📷",
        Word::Picture.text(language),
        false,
        KeepAction::Picture,
        actions,
    );
    button(
        ui,
        "🎬",
        Word::Record.text(language),
        false,
        KeepAction::Record,
        actions,
    );
}

fn picture_size_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, actions: &mut Actions) {
    let (width, height) = view.interaction.picture;
    let mut size = [width, height];
    ui.push_id("picture", |ui| {
        for (place, length) in size.iter_mut().enumerate() {
            if place == 1 {
                ui.label("×");
            }
            ui.add(egui::DragValue::new(length).range(16..=7_680).speed(4));
        }
    });
    if size != [width, height] {
        actions.push(HandAction::PictureSize(size[0], size[1]));
    }
}
