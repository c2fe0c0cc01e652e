//! What the page around an embedded one asks for, and what it is told.

use bevy::prelude::*;
use serde::{Deserialize, Serialize};

use super::calls::Call;
use super::{address, host};
use crate::playback::{Playhead, Show};
use crate::ui::links::{LinkNote, OpenLink};
use crate::ui::{PlaybackAction, Settings, UiAction};

/// Seconds between two reports of a lesson that plays.
const EVERY: f64 = 0.25;

/// What is asked for: each part that is there, in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Command {
    link: Option<String>,
    seek: Option<f64>,
    play: bool,
    pause: bool,
}

/// What is told.
#[derive(Debug, Serialize)]
struct Report {
    time: f64,
    duration: f64,
    playing: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(First, obey.after(super::calls::deliver))
        .add_systems(Last, report);
}

fn obey(
    mut calls: MessageReader<Call>,
    playhead: Res<Playhead>,
    settings: Res<Settings>,
    mut note: ResMut<LinkNote>,
    mut links: MessageWriter<OpenLink>,
    mut actions: MessageWriter<UiAction>,
) {
    for call in calls.read() {
        let Call::Command(json) = call else {
            continue;
        };
        let command: Command = match serde_json::from_str(json) {
            Ok(command) => command,
            Err(why) => {
                warn!("a message that is no command: {json}: {why}");
                continue;
            }
        };
        if let Some(text) = command.link {
            links.write(OpenLink(address::open(&text, &settings, &mut note)));
        }
        if let Some(time) = command.seek.filter(|time| time.is_finite()) {
            actions.write(PlaybackAction::Seek(time).into());
        }
        if (command.play && !playhead.playing) || (command.pause && playhead.playing) {
            actions.write(PlaybackAction::TogglePlay.into());
        }
    }
}

fn report(
    settings: Res<Settings>,
    playhead: Res<Playhead>,
    show: Option<Res<Show>>,
    mut told: Local<Option<(bool, f64)>>,
) {
    let Some(show) = show.filter(|_| settings.embedded) else {
        return;
    };
    let Playhead { time, playing, .. } = *playhead;
    let news = told.is_none_or(|(before, at)| before != playing || (time - at).abs() >= EVERY);
    if !news {
        return;
    }
    *told = Some((playing, time));
    let duration = show.timeline.duration;
    let report = Report {
        time,
        duration,
        playing,
    };
    if let Ok(json) = serde_json::to_string(&report) {
        host::state(&json);
    }
}
