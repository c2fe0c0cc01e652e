//! The workbench: any layer on any input, edited live. Pure.
//!
//! Exploring is a live-edited lesson of one scene. A [`Workbench`] holds a [`Setup`] (input, layers,
//! loop order); every [`Edit`] makes it a checked one-scene [`crate::lesson::Lesson`] again, which
//! goes to the same timeline, stage and camera that play lessons. What cannot be is a [`Problem`]
//! beside the last good scene.
//!
//! - [`parameters`] reads and writes the numbers of a layer.
//! - [`saved`] writes a setup as a lesson, [`command`] as a command line; [`told`] makes a narrated lesson of it.
//! - [`gathered`] brings the files that a setup names into one folder.
//! - [`opened`] reads what people write, paste and drop, [`pasted_files`] what file managers copy; [`options`] the options of a command line or a link.
//! - [`kinds`] sums what the layers of a network cost by what they are.
//! - [`limit`] counts cubes and offers a crop.
//! - [`revisit`] finds a setup again that was on the workbench.
//! - [`pick`] finds the element under a ray.
//! - [`element_ref`] is an element in the hand: what it lights, how its number came about.
//! - [`network_edit`] edits layers of a whole network where they stand.
//! - [`network_feed`] is what a whole network reads.
//! - [`small_map`] is the map of a network in small, to jump by.
//! - [`strongest`] finds where a channel is highest.
//! - [`step_stops`] are the places at which one steps through the run.

pub mod command;
pub mod edit;
pub mod element_ref;
pub mod gathered;
pub mod kinds;
pub mod limit;
pub mod network_edit;
pub mod network_feed;
pub mod network_file;
pub mod network_part;
pub mod network_view;
pub mod opened;
pub mod options;
pub mod parameters;
pub mod pasted_files;
pub mod pick;
pub mod revisit;
pub mod saved;
pub mod setup;
pub mod small_map;
pub mod step_stops;
pub mod strongest;
pub mod told;
pub mod workbench;
pub mod worked_layer;

pub use crate::op::{OperationKind as Kind, Parameter};
pub use edit::Edit;
pub use element_ref::{ElementRef, Highlights};
pub use limit::{Offer, OfferKind};
pub use revisit::Way;
pub use setup::Setup;
pub use workbench::{Problem, ValidSetup, Workbench};
