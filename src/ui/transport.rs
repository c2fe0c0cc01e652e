//! The transport bar: scrubbing with chapters and beats, and what stands beside it.

use bevy_egui::egui;

use super::actions::SPEEDS;
use super::actions::{
    ExploreLayer, LessonAction, PlaybackAction, SettingsAction, UiAction, UiActions, ViewAction,
};
use super::right_group::right_group_ui;
use super::strings::Word;
use crate::camera::CameraMode;
use crate::language::{OtherLanguage, Tongue};
use crate::lesson::Language;
use crate::playback::Playhead;
use crate::stage::palette::{self, Studio};
use crate::timeline::Timeline;

/// What the bar shows.
pub(super) struct Model<'a> {
    pub timeline: &'a Timeline,
    pub playhead: &'a Playhead,
    pub scene: usize,
    pub captions: bool,
    pub sound: bool,
    pub no_sound_device: bool,
    pub camera: CameraMode,
    pub studio: Studio,
    pub language: Language,
    /// The language that the lesson is told in.
    pub tongue: Tongue,
    /// Others that it can be told in, beside the program's own.
    pub others: &'a [OtherLanguage],
    /// Whether there is no list to go back to.
    pub embedded: bool,
}

/// A time as minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).floor() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// The bar; how high it is, in points.
pub(super) fn transport_ui(
    context: &egui::Context,
    model: &Model<'_>,
    actions: &mut UiActions,
) -> f32 {
    let width = context.content_rect().width();
    let bar = egui::Area::new(egui::Id::new("transport"))
        .anchor(egui::Align2::LEFT_BOTTOM, [0.0, 0.0])
        .show(context, |ui| {
            let frame = egui::Frame::new()
                .fill(ui.visuals().panel_fill)
                .inner_margin(egui::Margin::symmetric(14, 6));
            frame.show(ui, |ui| {
                ui.set_width(width - 28.0);
                ui.spacing_mut().interact_size.y = 32.0;
                scrub_ui(ui, model, actions);
                buttons_ui(ui, model, actions);
            });
        });
    bar.response.rect.height()
}

fn scrub_ui(ui: &mut egui::Ui, model: &Model<'_>, actions: &mut UiActions) {
    let timeline = model.timeline;
    let size = egui::vec2(ui.available_width(), 22.0);
    // It has keys of its own, and is no stop on the way from control to control.
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::CLICK | egui::Sense::DRAG);
    let duration = timeline.duration.max(1e-9);
    let x_at = |time: f64| rect.left() + rect.width() * (time / duration) as f32;
    let time_at = |x: f32| f64::from((x - rect.left()) / rect.width()).clamp(0.0, 1.0) * duration;
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged())
    {
        actions.push(PlaybackAction::Seek(time_at(pointer.x)));
    }
    let painter = ui.painter();
    let visuals = ui.visuals();
    let accent = super::theme::color(palette::name_color(palette::filter_hue(0, 4)));
    let grown = response.hovered() || response.dragged();
    let half = if grown { 4.5 } else { 3.0 };
    let middle = rect.center().y;
    for scene in &timeline.scenes {
        // Chapters are pieces with a gap between them.
        let (from, to) = (x_at(scene.start) + 1.5, x_at(scene.end) - 1.5);
        let piece = |from: f32, to: f32| {
            egui::Rect::from_min_max(
                egui::pos2(from, middle - half),
                egui::pos2(to, middle + half),
            )
        };
        painter.rect_filled(piece(from, to), half, visuals.widgets.inactive.bg_fill);
        let done = x_at(model.playhead.time).clamp(from, to);
        if done > from {
            painter.rect_filled(piece(from, done), half, accent);
        }
        for beat in scene.beats.iter().skip(1) {
            let at = egui::pos2(x_at(beat.start), middle);
            painter.circle_filled(at, 1.5, visuals.window_fill);
        }
    }
    painter.circle_filled(
        egui::pos2(x_at(model.playhead.time), middle),
        if grown { 8.0 } else { 6.0 },
        accent,
    );
    if let Some(pointer) = response.hover_pos() {
        let time = time_at(pointer.x);
        let chapter = &timeline.scenes[timeline.scene_at(time)].title;
        response.on_hover_text_at_pointer(format!("{}  {chapter}", clock(time)));
    }
}

/// Points below which the buttons have a row of their own.
const NARROW: f32 = 720.0;
/// Points that the buttons take in one row.
const SETTINGS: f32 = 600.0;

fn buttons_ui(ui: &mut egui::Ui, model: &Model<'_>, actions: &mut UiActions) {
    if ui.available_width() >= NARROW {
        ui.horizontal(|ui| {
            time_ui(ui, model, SETTINGS, actions);
            right_group_ui(ui, "settings", |ui| settings_ui(ui, model, actions));
        });
        return;
    }
    ui.horizontal(|ui| time_ui(ui, model, 0.0, actions));
    ui.horizontal_wrapped(|ui| settings_ui(ui, model, actions));
}

/// Playing, the time, and the chapter as far as it leaves room to the right.
fn time_ui(ui: &mut egui::Ui, model: &Model<'_>, room: f32, actions: &mut UiActions) {
    let language = model.language;
    let (face, word) = if model.playhead.playing {
        ("⏸", Word::Pause)
    } else {
        ("▶", Word::Play)
    };
    button_ui(
        ui,
        (face, word.text(language)),
        false,
        PlaybackAction::TogglePlay,
        actions,
    );
    let (time, end) = (clock(model.playhead.time), clock(model.timeline.duration));
    ui.label(egui::RichText::new(format!("{time} / {end}")).monospace());
    if let Some(scene) = model.timeline.scenes.get(model.scene) {
        let title = egui::RichText::new(format!("·  {}", scene.title)).weak();
        let room = ui.available_width() - room;
        if room > 60.0 {
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(egui::Label::new(title).truncate());
            });
        }
    }
}

/// From left to right, which is how Tab goes through them.
fn settings_ui(ui: &mut egui::Ui, model: &Model<'_>, actions: &mut UiActions) {
    let language = model.language;
    if model.camera == CameraMode::Free {
        let word = Word::GuidedCamera.text(language);
        button_ui(ui, ("⟲", word), true, ViewAction::GuideCamera, actions);
    }
    egui::ComboBox::from_id_salt("speed")
        .selected_text(format!("{}×", model.playhead.speed))
        .width(64.0)
        .show_ui(ui, |ui| {
            for speed in SPEEDS {
                let chosen = (speed - model.playhead.speed).abs() < 1e-9;
                if ui.selectable_label(chosen, format!("{speed}×")).clicked() {
                    actions.push(PlaybackAction::Speed(speed));
                }
            }
        })
        .response
        .on_hover_text(Word::Speed.text(language));
    super::lesson_list::language_ui(ui, model.tongue, model.others, actions);
    let studio = model.studio == Studio::Dark;
    let buttons: [(&str, Word, bool, UiAction); 9] = [
        ("⇄", Word::Explore, false, ExploreLayer.into()),
        ("☰", Word::Lessons, false, LessonAction::Close.into()),
        ("🔗", Word::CopyLink, false, ViewAction::CopyLink.into()),
        (
            "♪",
            if model.no_sound_device {
                Word::NoSoundDevice
            } else {
                Word::Sound
            },
            model.sound && !model.no_sound_device,
            SettingsAction::ToggleSound.into(),
        ),
        (
            "CC",
            Word::Captions,
            model.captions,
            SettingsAction::ToggleCaptions.into(),
        ),
        (
            "◇",
            Word::ProjectionMode,
            false,
            ViewAction::ToggleLens.into(),
        ),
        ("☀", Word::Theme, studio, ViewAction::ToggleStudio.into()),
        ("?", Word::Keys, false, SettingsAction::ToggleKeys.into()),
        (
            "⛶",
            Word::FullScreen,
            false,
            ViewAction::ToggleFullScreen.into(),
        ),
    ];
    for (face, word, on, action) in buttons {
        let is_list = action == UiAction::Lesson(LessonAction::Close);
        if !(is_list && model.embedded) {
            button_ui(ui, (face, word.text(language)), on, action, actions);
        }
    }
}

/// A button with a face and what it does, shown when the pointer rests on it.
fn button_ui(
    ui: &mut egui::Ui,
    (face, does): (&str, &str),
    on: bool,
    action: impl Into<UiAction>,
    actions: &mut UiActions,
) {
    let face = egui::RichText::new(face).size(17.0);
    let button = egui::Button::new(face).selected(on).frame_when_inactive(on);
    if ui.add(button).on_hover_text(does).clicked() {
        actions.push(action);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_seconds() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(83.9), "1:23");
        assert_eq!(clock(3_600.0), "60:00");
    }
}
