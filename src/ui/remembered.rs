//! What the window remembers from one time to the next: language, light, size.

use std::path::{Path, PathBuf};

use bevy::prelude::*;
use bevy::window::{PrimaryWindow, WindowMode};
use serde::{Deserialize, Serialize};

use super::Settings;
use super::rest::Activity;
use crate::disk;
use crate::language::{OtherLanguage, Tongue};
use crate::lesson::Language;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::Motion;

/// Seconds after a change before it is written.
const PATIENCE: f32 = 1.0;

/// The choices that outlive the window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The language of everything.
    pub language: Language,
    /// A language that lessons are told in instead of English, where they have sentences in it.
    pub sentences: Option<OtherLanguage>,
    /// A dark room.
    pub dark: bool,
    /// How large controls are.
    pub scale: f32,
    /// Whether views change at once.
    pub reduced_motion: bool,
    /// Width and height of the window, in points.
    pub window: (f32, f32),
}

impl Default for Remembered {
    fn default() -> Self {
        Self {
            language: Language::default(),
            sentences: None,
            dark: false,
            scale: 1.0,
            reduced_motion: false,
            window: (1280.0, 720.0),
        }
    }
}

/// Where it is written, and what stands there.
#[derive(Resource, Debug, Clone)]
pub struct Memory {
    path: Option<PathBuf>,
    written: Remembered,
    since_change: f32,
}

impl Remembered {
    /// What is remembered in a file; the usual choices where there is none that can be read.
    #[must_use]
    pub fn read(path: Option<&Path>) -> Self {
        let text = path.and_then(|path| disk::read_text(path).ok());
        let read: Option<Self> = text.and_then(|text| ron::from_str(&text).ok());
        read.unwrap_or_default().clamped()
    }

    /// The language that lessons are told in, where they have sentences in it.
    #[must_use]
    pub const fn tongue(&self) -> Tongue {
        Tongue::of(self.language, self.sentences)
    }

    /// With numbers that a window can have.
    fn clamped(mut self) -> Self {
        let within = |value: f32, usual: f32, low: f32, high: f32| {
            if value.is_finite() {
                value.clamp(low, high)
            } else {
                usual
            }
        };
        self.scale = within(self.scale, 1.0, 0.6, 2.5);
        self.window.0 = within(self.window.0, 1280.0, 480.0, 16_384.0);
        self.window.1 = within(self.window.1, 720.0, 320.0, 16_384.0);
        self
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
            .map_err(std::io::Error::other)?;
        disk::write_with_folder(path, text + "\n")
    }
}

/// Writes choices down as they change.
pub fn plugin(app: &mut App) {
    let path = disk::settings_path();
    let written = Remembered::read(path.as_deref());
    app.insert_resource(Memory {
        path,
        written,
        since_change: 0.0,
    })
    .add_systems(Last, remember);
}

fn remember(
    time: Res<Time<Real>>,
    settings: Res<Settings>,
    lighting: Res<Lighting>,
    windows: Query<&Window, With<PrimaryWindow>>,
    mut exits: MessageReader<AppExit>,
    mut activity: ResMut<Activity>,
    mut memory: ResMut<Memory>,
) {
    let Some(path) = memory.path.clone() else {
        return;
    };
    let window = match windows.single() {
        Ok(window) if window.mode == WindowMode::Windowed => (window.width(), window.height()),
        _ => memory.written.window,
    };
    let now = Remembered {
        language: settings.language,
        sentences: settings.tongue().other(),
        dark: lighting.studio == Studio::Dark,
        scale: settings.scale,
        reduced_motion: settings.motion == Motion::Reduced,
        window,
    };
    if now == memory.written {
        memory.since_change = 0.0;
        return;
    }
    activity.waits();
    memory.since_change += time.delta_secs();
    if memory.since_change >= PATIENCE || exits.read().next().is_some() {
        memory.since_change = 0.0;
        memory.written = now;
        if let Err(why) = now.write(&path) {
            warn!("settings are not remembered: {}: {why}", path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_back_from_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.ron");
        let german: Tongue = "de".parse().unwrap();
        for tongue in [Tongue::from(Language::Ja), german] {
            let chosen = Remembered {
                language: tongue.words(),
                sentences: tongue.other(),
                dark: true,
                scale: 1.3,
                reduced_motion: true,
                window: (1600.0, 900.0),
            };
            chosen.write(&path).unwrap();
            let read = Remembered::read(Some(&path));
            assert_eq!((read, read.tongue()), (chosen, tongue));
        }
    }

    #[test]
    fn a_reader_never_finds_a_half_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.ron");
        Remembered::default().write(&path).unwrap();
        // Whoever has it open goes on reading what it was.
        let open = std::fs::File::open(&path).unwrap();
        let chosen = Remembered {
            dark: true,
            ..Remembered::default()
        };
        chosen.write(&path).unwrap();
        let before = std::io::read_to_string(open).unwrap();
        assert!(before.contains("dark: false"), "{before}");
        assert_eq!(Remembered::read(Some(&path)), chosen);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_broken_file_or_a_foolish_number_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.ron");
        std::fs::write(&path, "(language: fr").unwrap();
        assert_eq!(Remembered::read(Some(&path)), Remembered::default());
        std::fs::write(&path, "(scale: 900.0, window: (1.0, 1e30))").unwrap();
        let read = Remembered::read(Some(&path));
        assert_eq!((read.scale, read.window), (2.5, (480.0, 16_384.0)));
    }
}
