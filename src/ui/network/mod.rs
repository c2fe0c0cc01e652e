//! A whole network in the window: its map on the stage, what it is made of beside it, and the way down to
//! a layer on the workbench.
//!
//! - `session` keeps what is explored and does what is asked for;
//! - `pointer` finds what is under the pointer, `camera` frames it;
//! - `panels` draw what stands beside the stage, `layer_panel` the parameters of a layer,
//!   `strongest_panel` where a channel is highest, `pad` the picture that is drawn by hand.

mod camera;
mod layer_panel;
mod pad;
mod panels;
mod pointer;
mod session;
mod strongest_panel;
mod words;

pub use session::{NetworkAction, NetworkExplorer, OpenNetwork};

pub(super) use panels::{draw, side_panels};
pub(super) use session::plugin;
