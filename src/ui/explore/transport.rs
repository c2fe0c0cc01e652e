//! Where the run is, and how fast it goes on.

use bevy::prelude::*;

use super::action::TransportAction;
use super::session::Explorer;
use crate::explore::step_stops::StepUnit;
use crate::explore::workbench::SPEEDS;
use crate::playback::{CurrentSample, Playhead, Show};

/// Where the run is seen to be: visits done, through all layers.
#[must_use]
pub fn position(now: &CurrentSample) -> f64 {
    now.0.as_ref().map_or(0.0, |sample| {
        sample
            .staged_layers
            .iter()
            .map(|staged_layer| staged_layer.position)
            .sum()
    })
}

/// Plays, pauses and steps.
pub(super) fn handle_transport(
    mut actions: MessageReader<TransportAction>,
    explorer: Option<ResMut<Explorer>>,
    show: Option<Res<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    let Some(valid) = explorer.workbench.valid().cloned() else {
        actions.clear();
        return;
    };
    let end = valid.stops.end();
    for action in actions.read() {
        let here = explorer.here(show.as_deref(), &playhead).min(end);
        let speed = explorer.interaction.speed;
        match *action {
            TransportAction::TogglePlay => {
                if !playhead.playing && here >= end && explorer.interaction.looped.is_none() {
                    explorer.place = Some(0.0);
                }
                playhead.playing = !playhead.playing;
            }
            TransportAction::Step(forwards) => {
                let place = valid
                    .stops
                    .next(here, explorer.interaction.step_unit, forwards);
                explorer.place = Some(place);
                explorer.interaction.looped = None;
                playhead.playing = false;
            }
            TransportAction::Product(forwards) => {
                let place = valid.stops.next(here, StepUnit::Product, forwards);
                explorer.place = Some(place);
                playhead.playing = false;
            }
            TransportAction::Position(place) => {
                explorer.place = Some(place.clamp(0.0, end));
                explorer.interaction.looped = None;
            }
            TransportAction::StepUnit(step_unit) => explorer.interaction.step_unit = step_unit,
            TransportAction::Speed(speed) => {
                explorer.interaction.speed = speed.clamp(*SPEEDS.start(), *SPEEDS.end());
            }
            TransportAction::Faster(faster) => {
                explorer.interaction.speed = neighbour(speed, faster)
            }
            TransportAction::ToggleLoop => {
                explorer.interaction.looped = match explorer.interaction.looped {
                    Some(_) => None,
                    // Between two visits, the one that was just done is looked at.
                    None => Some((here.ceil() - 1.0).max(0.0) as u64),
                };
                if explorer.interaction.looped.is_some() {
                    playhead.playing = true;
                }
            }
        }
    }
}

/// The next speed up or down, in steps that one can name.
fn neighbour(speed: f64, faster: bool) -> f64 {
    const NAMED: [f64; 10] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let next = if faster {
        NAMED.into_iter().find(|named| *named > speed * 1.001)
    } else {
        NAMED.into_iter().rfind(|named| *named < speed * 0.999)
    };
    next.unwrap_or(speed)
}

/// Lets the window at hand begin again when it is done.
pub(super) fn loop_window(
    explorer: Option<Res<Explorer>>,
    show: Option<Res<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let (Some(explorer), Some(show)) = (explorer, show) else {
        return;
    };
    let Some(visit) = explorer.interaction.looped else {
        return;
    };
    let position = show.timeline.position_at(playhead.time);
    let start = visit as f64;
    let ended = position >= start + 1.0 - 1e-9;
    if position < start - 1e-6 || (ended && explorer.shown.is_some()) {
        let again = show.timeline.time_of(0, start + 1e-6);
        if ended && playhead.time > again {
            // It rests for a moment on what has come out.
            let rest = show.timeline.time_of(0, start + 1.0) + 0.6;
            let over = playhead.time >= rest || playhead.time >= show.timeline.duration;
            if over {
                playhead.time = again;
                playhead.playing = true;
            }
        } else {
            playhead.time = again;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_go_up_and_down_between_a_tenth_and_a_hundred() {
        assert_eq!(neighbour(1.0, true), 2.0);
        assert_eq!(neighbour(1.3, false), 1.0);
        assert_eq!(neighbour(100.0, true), 100.0);
        assert_eq!(neighbour(0.1, false), 0.1);
    }
}
