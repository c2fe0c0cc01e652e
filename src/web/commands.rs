//! What the page around an embedded one asks for, and what it is told.

use bevy::prelude::*;
use serde::{Deserialize, Serialize};

use super::calls::Call;
use super::narration::Narration;
use super::{address, host};
use crate::explore::Way;
use crate::playback::{Playhead, Show};
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::ui::links::{LinkNote, OpenLink};
use crate::ui::presenter::Presenting;
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
    /// Whether the bar below the picture is shown.
    bar: Option<bool>,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    playing: bool,
    lang: &'static str,
    dark: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(First, obey.after(super::calls::deliver))
        .add_systems(Last, report.run_if(super::curtain::is_up));
}

fn obey(
    mut calls: MessageReader<Call>,
    (playhead, narration): (Res<Playhead>, Res<Narration>),
    settings: Res<Settings>,
    (mut note, mut presenting): (ResMut<LinkNote>, ResMut<Presenting>),
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
            links.write(OpenLink {
                link: address::open(&text, &settings, &mut note),
                way: Way::Forward,
            });
        }
        if let Some(bar) = command.bar {
            presenting.bare = !bar;
        }
        if let Some(time) = command.seek.filter(|time| time.is_finite()) {
            let seek = if narration.is_awaited() {
                PlaybackAction::SeekUnseen(time)
            } else {
                PlaybackAction::Seek(time)
            };
            actions.write(seek.into());
        }
        if (command.play && !playhead.playing) || (command.pause && playhead.playing) {
            actions.write(PlaybackAction::TogglePlay.into());
        }
    }
}

/// Tells of each change of language, light and playing, and how far an embedded lesson is.
fn report(
    settings: Res<Settings>,
    lighting: Res<Lighting>,
    playhead: Res<Playhead>,
    show: Option<Res<Show>>,
    mut told: Local<Option<Report>>,
) {
    let show = show.filter(|_| settings.embedded);
    let news = Report {
        time: show.as_ref().map(|_| playhead.time),
        duration: show.as_ref().map(|show| show.timeline.duration),
        playing: playhead.playing,
        lang: settings.tongue().code(),
        dark: lighting.studio == Studio::Dark,
    };
    let same = told.as_ref().is_some_and(|told| {
        let moved = match (told.time, news.time) {
            (Some(before), Some(now)) => (now - before).abs() >= EVERY,
            (None, None) => false,
            _ => true,
        };
        let still = Report {
            time: news.time,
            ..told.clone()
        };
        !moved && still == news
    });
    if same {
        return;
    }
    if let Ok(json) = serde_json::to_string(&news) {
        host::state(&json);
    }
    *told = Some(news);
}
