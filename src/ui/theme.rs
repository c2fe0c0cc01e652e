//! How panels look: the program's own fonts, and colours that go with the studio.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use crate::stage::draw::Lighting;
use crate::stage::palette::{Rgb, Studio};
use crate::stage::text;

/// Seconds for which a press may be held and still be a click: without a graphics card one frame may take longer than
/// egui's 0.8, and a tap begins in one and ends in the next.
const LONGEST_CLICK: f64 = 2.0;

/// Points of its shorter side below which a window is one of a phone, and the height of its letters at least.
const PHONE: f32 = 500.0;
const LEAST_LETTERS: f32 = 14.0;

/// How high letters are that would be of a size in a large window.
pub(super) fn letters(context: &egui::Context, size: f32) -> f32 {
    if is_phone(context) {
        size.max(LEAST_LETTERS)
    } else {
        size
    }
}

fn is_phone(context: &egui::Context) -> bool {
    context.content_rect().size().min_elem() < PHONE
}

/// Gives the panels fonts once, or as there is more in them, and colours and letters whenever the studio or the kind
/// of window changes.
pub(super) fn set_up(
    mut contexts: EguiContexts,
    lighting: Res<Lighting>,
    mut fonts_set: Local<Option<u32>>,
    mut look_set: Local<Option<(Studio, bool)>>,
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
    let look = (lighting.studio, is_phone(context));
    if *look_set != Some(look) {
        *look_set = Some(look);
        context.set_visuals(visuals(lighting.studio));
        let small = letters(context, 13.0);
        context.all_styles_mut(|style| {
            for (kind, size) in [
                (egui::TextStyle::Body, 16.0),
                (egui::TextStyle::Button, 16.0),
                (egui::TextStyle::Small, small),
                (egui::TextStyle::Heading, 30.0),
            ] {
                style
                    .text_styles
                    .insert(kind, egui::FontId::proportional(size));
            }
            style
                .text_styles
                .insert(egui::TextStyle::Monospace, egui::FontId::monospace(small));
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
    // To shape glyphs to the grid of pixels is much code, which a page would compile before its first frame.
    visuals.text_options.font_hinting = cfg!(not(target_family = "wasm"));
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
    fn letters_of_a_phone_are_never_lower_than_fourteen_points() {
        let letters = |width: f32, height: f32, size: f32| {
            let context = egui::Context::default();
            let screen = egui::vec2(width, height);
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, screen)),
                ..egui::RawInput::default()
            };
            context.begin_pass(input);
            letters(&context, size)
        };
        for (width, height) in [(390.0, 844.0), (844.0, 390.0)] {
            assert_eq!(letters(width, height, 11.5), 14.0);
            assert_eq!(letters(width, height, 16.0), 16.0);
        }
        assert_eq!(letters(1280.0, 720.0, 11.5), 11.5);
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
