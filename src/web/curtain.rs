//! The poster as a curtain: behind it the program comes to its first frame before anybody has pressed the button. Until
//! then nothing plays, what is to be told waits, and neither the address nor the page hears of what is on show.

use bevy::prelude::*;

use super::calls::{self, Call};
use crate::playback::{Playhead, ShowSystems};
use crate::ui::links::LinkNote;

/// The curtain.
#[derive(Resource, Debug)]
pub(super) struct Curtain {
    /// Whether it is down.
    down: bool,
    /// Whether what is on show plays once it is up.
    plays: bool,
}

impl Curtain {
    /// The curtain at the start.
    pub(super) fn new(down: bool) -> Self {
        Self { down, plays: false }
    }
}

/// Whether what is on show can be seen.
pub(super) fn is_up(curtain: Res<Curtain>) -> bool {
    !curtain.down
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(First, raise.after(calls::deliver))
        .add_systems(
            Update,
            hold.after(ShowSystems::Input)
                .before(ShowSystems::Advance)
                .run_if(not(is_up)),
        );
}

fn raise(
    mut calls: MessageReader<Call>,
    mut curtain: ResMut<Curtain>,
    mut playhead: ResMut<Playhead>,
    mut note: ResMut<LinkNote>,
) {
    if calls.read().any(|call| *call == Call::Raise) && curtain.down {
        curtain.down = false;
        note.hold(false);
        if std::mem::take(&mut curtain.plays) {
            playhead.playing = true;
        }
    }
}

/// Keeps what has just been opened from playing.
fn hold(mut curtain: ResMut<Curtain>, mut playhead: ResMut<Playhead>) {
    if playhead.playing {
        playhead.playing = false;
        curtain.plays = true;
    }
}
