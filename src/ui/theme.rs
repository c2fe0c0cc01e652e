//! How panels look: the program's own fonts, and colours that go with the studio.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use crate::stage::draw::Lighting;
use crate::stage::palette::{Rgb, Studio};
use crate::stage::text;

/// Seconds for which a press may be held and still be a click: without a graphics card one frame may take longer than
/// egui's 0.8, and a tap begins in one and ends in the next.
const LONGEST_CLICK: f64 = 2.0;

/// Gives the panels fonts once, or as there is more in them, and colours whenever the studio changes.
pub(super) fn set_up(
    mut contexts: EguiContexts,
    lighting: Res<Lighting>,
    mut fonts_set: Local<Option<u32>>,
    mut studio_set: Local<Option<Studio>>,
) -> Result {
    let context = contexts.ctx_mut()?;
    let level = text::font_files::level();
    if *fonts_set != Some(level) {
        *fonts_set = Some(level);
        context.options_mut(|options| options.input_options.max_click_duration = LONGEST_CLICK);
        let [medium, bold] = text::font_files::get();
        for (name, bytes, priority) in [
            (
                format!("tensorama medium {level}"),
                medium,
                egui::epaint::text::FontPriority::Highest,
            ),
            (
                format!("tensorama bold {level}"),
                bold,
                egui::epaint::text::FontPriority::Lowest,
            ),
        ] {
            context.add_font(egui::epaint::text::FontInsert::new(
                &name,
                egui::FontData::from_static(bytes),
                vec![
                    egui::epaint::text::InsertFontFamily {
                        family: egui::FontFamily::Proportional,
                        priority,
                    },
                    // For what the font with equal widths lacks: Japanese.
                    egui::epaint::text::InsertFontFamily {
                        family: egui::FontFamily::Monospace,
                        priority: egui::epaint::text::FontPriority::Lowest,
                    },
                ],
            ));
        }
        #[cfg(target_family = "wasm")]
        add_engine_fonts(context);
    }
    if *studio_set != Some(lighting.studio) {
        *studio_set = Some(lighting.studio);
        context.set_visuals(visuals(lighting.studio));
        context.all_styles_mut(|style| {
            for (kind, size) in [
                (egui::TextStyle::Body, 16.0),
                (egui::TextStyle::Button, 16.0),
                (egui::TextStyle::Small, 13.0),
                (egui::TextStyle::Heading, 30.0),
            ] {
                style
                    .text_styles
                    .insert(kind, egui::FontId::proportional(size));
            }
            style.spacing.button_padding = egui::vec2(10.0, 6.0);
            style.spacing.item_spacing = egui::vec2(8.0, 6.0);
        });
    }
    Ok(())
}

/// Gives the panels those of the engine's own fonts that are needed: one of equal widths, and signs for buttons.
/// A program on a desktop has them all.
#[cfg(target_family = "wasm")]
fn add_engine_fonts(context: &egui::Context) {
    use egui::epaint::text::{FontInsert, FontPriority, FontTweak, InsertFontFamily};
    use egui::{FontData, FontFamily};

    let equal_widths = FontData::from_static(epaint_default_fonts::HACK_REGULAR);
    // As large as the engine would have them.
    let signs = FontData::from_static(epaint_default_fonts::EMOJI_ICON).tweak(FontTweak {
        scale: 0.9,
        ..FontTweak::default()
    });
    for (name, data, first_of_equal_widths) in [
        ("equal widths", equal_widths, true),
        ("signs", signs, false),
    ] {
        let families = [FontFamily::Proportional, FontFamily::Monospace].map(|family| {
            let first = first_of_equal_widths && family == FontFamily::Monospace;
            InsertFontFamily {
                family,
                priority: if first {
                    FontPriority::Highest
                } else {
                    FontPriority::Lowest
                },
            }
        });
        context.add_font(FontInsert::new(name, data, families.to_vec()));
    }
}

pub(super) fn color([red, green, blue]: Rgb) -> egui::Color32 {
    egui::Color32::from_rgb(red, green, blue)
}

fn visuals(studio: Studio) -> egui::Visuals {
    let room = studio.room();
    let mut visuals = match studio {
        Studio::Light => egui::Visuals::light(),
        Studio::Dark => egui::Visuals::dark(),
    };
    visuals.override_text_color = Some(color(room.ink));
    // What is quieter is still to be read.
    visuals.weak_text_color = Some(color(room.quiet));
    visuals.error_fg_color = color(room.error);
    visuals.warn_fg_color = color(room.warning);
    visuals.panel_fill = color(room.panel).gamma_multiply(0.94);
    visuals.window_fill = color(room.panel);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::palette::contrast;

    /// The contrast of WCAG 2.2 for text of usual size.
    const READABLE: f32 = 4.5;

    #[test]
    fn every_text_of_a_panel_can_be_read_in_both_lights() {
        for studio in [Studio::Light, Studio::Dark] {
            let (room, visuals) = (studio.room(), visuals(studio));
            let opaque = |color: egui::Color32| [color.r(), color.g(), color.b()];
            let grounds = [
                room.backdrop,
                room.floor,
                opaque(visuals.window_fill),
                opaque(visuals.extreme_bg_color),
            ];
            for text in [
                visuals.text_color(),
                visuals.weak_text_color(),
                visuals.error_fg_color,
                visuals.warn_fg_color,
            ] {
                assert!(text.is_opaque(), "{studio:?}: {text:?}");
                for ground in grounds {
                    let seen = contrast(opaque(text), ground);
                    assert!(
                        seen >= READABLE,
                        "{studio:?}: {text:?} on {ground:?}: {seen}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_written_on_buttons_can_be_read_in_both_lights() {
        for studio in [Studio::Light, Studio::Dark] {
            let visuals = visuals(studio);
            let opaque = |color: egui::Color32| [color.r(), color.g(), color.b()];
            let widgets = &visuals.widgets;
            for ground in [
                widgets.inactive.weak_bg_fill,
                widgets.hovered.weak_bg_fill,
                widgets.active.weak_bg_fill,
                visuals.selection.bg_fill,
            ] {
                let seen = contrast(opaque(visuals.text_color()), opaque(ground));
                assert!(seen >= READABLE, "{studio:?}: on {ground:?}: {seen}");
            }
        }
    }
}
