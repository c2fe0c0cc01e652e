//! The light of the room or of a page, as the command line names it.

use clap::ValueEnum;

#[cfg(feature = "engine")]
use crate::stage::palette::Studio;

/// The light of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// A light studio.
    Light,
    /// A dark studio, for talks.
    Dark,
}

#[cfg(feature = "engine")]
impl From<Theme> for Studio {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}
