//! A whole network in the window: its map on the stage, what it is made of beside it, and the way down to
//! a layer on the workbench.
//!
//! - `session` keeps what is explored and does what is asked for;
//! - `pointer` finds what is under the pointer, `wheel` goes into it and out again, `camera` frames it;
//! - `panels` draw what stands beside the stage: `stages_panel` the stages with their costs, `kinds_panel` what
//!   kinds of layers come to, `map_panel` the map in small, `layer_panel` the parameters of a layer, `strongest_panel`
//!   where a channel is highest, `pad` the picture that is drawn by hand, `line` words and controls in a line;
//! - `keys` reads the keys.

mod camera;
mod keys;
mod kinds_panel;
mod layer_panel;
mod line;
mod map_panel;
mod pad;
mod panels;
mod pointer;
pub mod session;
mod stages_panel;
mod strongest_panel;
mod wheel;
mod words;

use bevy::prelude::*;

pub use session::{LeftNetwork, NetworkAction, NetworkExplorer, OpenNetwork};

pub(super) use panels::{below, draw, side_panels};
pub(super) use words::field_size;

use super::Screen;
use super::explore::SessionSystems;
use crate::playback::ShowSystems;

/// A network in the window.
pub(super) fn plugin(app: &mut App) {
    app.add_plugins(session::plugin).add_systems(
        Update,
        (
            (pointer::hover, pointer::click, wheel::wheel)
                .chain()
                .after(session::open_network)
                .before(session::handle),
            camera::frame_blocks
                .after(session::light)
                .before(SessionSystems),
        )
            .in_set(ShowSystems::Input)
            .run_if(in_state(Screen::Network)),
    );
}

#[cfg(test)]
mod tests;
