//! What stands on the workbench, on show: its lesson and its timeline.

use std::sync::Arc;

use bevy::prelude::*;

use super::session::Explorer;
use crate::lesson::{Formula, Language};
use crate::playback::{Playhead, Show};
use crate::timeline::{Motion, PictureShape, Speeches, Timeline};
use crate::ui::Settings;
use crate::ui::picture::ShownPicture;

/// What stands on the stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shown {
    edition: u64,
    language: Language,
    spread: f32,
    speed: f64,
    motion: Motion,
    picture: PictureShape,
    arithmetic: bool,
}

/// Brings the show to what stands on the workbench. The camera stays where it is.
pub(super) fn show_workbench(
    mut commands: Commands,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    picture: Res<ShownPicture>,
    show: Option<ResMut<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let Some(valid) = explorer.workbench.valid().cloned() else {
        return;
    };
    // What stands still shows every product; only what runs is swept over.
    let speed = if playhead.playing {
        explorer.interaction.speed
    } else {
        explorer.interaction.speed.min(1.0)
    };
    let wanted = Shown {
        edition: explorer.workbench.edition(),
        language: settings.language,
        spread: explorer.interaction.spread,
        speed,
        motion: settings.motion,
        picture: picture.0,
        arithmetic: explorer.interaction.arithmetic,
    };
    let before = explorer.shown;
    if before == Some(wanted) {
        if let (Some(place), Some(show)) = (explorer.place.take(), &show) {
            playhead.time = show.timeline.time_of(0, place);
        }
        return;
    }
    let place = explorer.here(show.as_deref(), &playhead);
    explorer.place = None;
    let lesson = Arc::new(valid.timed(speed));
    let timeline = Timeline::in_picture(&lesson, settings.language, &Speeches::new(), picture.0)
        .with_motion(settings.motion)
        .with_channels_apart(&lesson, wanted.spread)
        .with_card(if wanted.arithmetic {
            Formula::Value
        } else {
            Formula::Hide
        });
    playhead.time = timeline.time_of(0, place.min(valid.stops.end()));
    playhead.speed = 1.0;
    let timeline = Arc::new(timeline);
    match show {
        // Only the pace is another one, or the card: what stands on the stage stays.
        Some(mut show)
            if before.is_some_and(|before| {
                Shown {
                    speed,
                    motion: wanted.motion,
                    arithmetic: wanted.arithmetic,
                    ..before
                } == wanted
            }) =>
        {
            show.lesson = lesson;
            show.timeline = timeline;
        }
        Some(mut show) => show.replace(lesson, timeline),
        None => commands.insert_resource(Show::new(lesson, timeline)),
    }
    explorer.shown = Some(wanted);
}
