//! Fonts as they are needed: Latin letters at first, Japanese once something is Japanese.

use bevy::prelude::*;

use super::calls::Call;
use super::host;
use crate::language::Language;
use crate::stage::text::{TextFonts, font_files};
use crate::ui::Settings;

/// The level that has what lessons and panels need of Japanese.
const JAPANESE: u32 = 1;
/// The level that has every letter: for what somebody else has written.
const WHOLE: u32 = 2;

/// The level that was asked for last.
#[derive(Resource, Debug, Default)]
struct Wanted(u32);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Wanted>()
        .add_systems(PreUpdate, (want, renew).chain());
}

fn want(mut calls: MessageReader<Call>, settings: Res<Settings>, mut wanted: ResMut<Wanted>) {
    let mut level = match settings.language {
        Language::En => 0,
        Language::Ja => JAPANESE,
    };
    for call in calls.read() {
        let foreign = match call {
            Call::File(name) => name.ends_with(".ron"),
            Call::Typed(_, text) => !text.is_ascii(),
            _ => false,
        };
        if foreign {
            level = WHOLE;
        }
    }
    if level > wanted.0.max(font_files::level()) {
        wanted.0 = level;
        host::wants_fonts(level);
    }
}

/// Writes with the fonts that have come. What stands is written anew.
fn renew(
    mut calls: MessageReader<Call>,
    mut fonts: ResMut<Assets<Font>>,
    mut text_fonts: ResMut<TextFonts>,
    mut texts: Query<&mut TextFont>,
) {
    if !calls.read().any(|call| *call == Call::Fonts) {
        return;
    }
    let before = text_fonts.clone();
    *text_fonts = TextFonts::load(&mut fonts);
    for mut text in &mut texts {
        let new = [
            (&before.medium, &text_fonts.medium),
            (&before.bold, &text_fonts.bold),
        ];
        let new = new
            .into_iter()
            .find(|(old, _)| text.font == (*old).clone().into());
        if let Some((_, new)) = new {
            text.font = new.clone().into();
        }
    }
}
