//! Workbenches that were left: found again with everything on them, in this window and in the next.

use std::path::{Path, PathBuf};

use bevy::prelude::*;

use super::interaction::InteractionState;
use super::open::setup_of;
use super::saved_view::SavedView;
use super::session::{Explorer, Origin};
use super::transport::position;
use super::words::Word;
use crate::camera::{CameraPose, ProjectionMode};
use crate::disk::settings_path;
use crate::disk::{self, Reach, ReadError};
use crate::explore::{Setup, Workbench};
use crate::language::{Language, Localized, Message, message_error, says};
use crate::lesson::Diagnostics;
use crate::playback::{CurrentSample, Playhead};
use crate::ui::rest::Activity;

/// Workbenches that are kept at a time.
const MOST: usize = 8;
/// Seconds after a change before it is written.
const PATIENCE: f32 = 1.0;
/// Seconds for which one is told how to come back.
const TOLD: f64 = 8.0;

/// A workbench that was left.
#[derive(Debug, Clone)]
pub struct SavedWorkbench {
    /// The workbench, with its history.
    pub workbench: Workbench,
    /// What was in the hand.
    pub interaction: InteractionState,
    /// What it began with.
    pub origin: Origin,
    /// The lesson that it came from, by its place in the library.
    pub lesson: Option<usize>,
    /// Where the camera stood; `None` where a file does not say.
    pub pose: Option<CameraPose>,
    /// The size of the window in which it stood there.
    pub window: Option<Vec2>,
    /// How it was seen.
    pub projection_mode: ProjectionMode,
    /// Visits that were done.
    pub position: f64,
}

/// The workbenches that were left, the latest first.
#[derive(Resource, Debug, Default)]
pub struct SavedWorkbenches {
    workbenches: Vec<SavedWorkbench>,
    /// Somebody has just left one, and is to be told how to find it again.
    told: bool,
    told_until: Option<f64>,
}

impl SavedWorkbenches {
    /// Keeps a workbench that is left.
    pub fn keep(&mut self, workbench: SavedWorkbench) {
        self.workbenches
            .retain(|kept| kept.workbench.setup() != workbench.workbench.setup());
        self.workbenches.insert(0, workbench);
        self.workbenches.truncate(MOST);
        self.told = true;
    }

    /// The workbench that was left last.
    #[must_use]
    pub fn last(&self) -> Option<&SavedWorkbench> {
        self.workbenches.first()
    }

    /// Takes up the one that was left last.
    pub fn take_last(&mut self) -> Option<SavedWorkbench> {
        (!self.workbenches.is_empty()).then(|| self.workbenches.remove(0))
    }

    /// Takes up the one that began with a lesson's layer.
    pub fn take_from(&mut self, lesson: Option<usize>, origin: &Setup) -> Option<SavedWorkbench> {
        let place = self
            .workbenches
            .iter()
            .position(|kept| kept.lesson == lesson && kept.origin.setup == *origin)?;
        Some(self.workbenches.remove(place))
    }

    /// Takes up the one that was left last of those on which a setup stands or stood.
    pub fn take_with(&mut self, setup: &Setup) -> Option<SavedWorkbench> {
        let mut workbenches = self.workbenches.iter();
        let place = workbenches.position(|kept| kept.workbench.knows(setup))?;
        Some(self.workbenches.remove(place))
    }

    /// Exchanges a workbench for the one that was left last; it goes to the end, so that one
    /// comes round to it again.
    pub fn exchange(
        &mut self,
        present: SavedWorkbench,
    ) -> Result<SavedWorkbench, Box<SavedWorkbench>> {
        match self.take_last() {
            Some(last) => {
                self.workbenches.push(present);
                Ok(last)
            }
            None => Err(Box::new(present)),
        }
    }

    /// What a person is told who has just left a workbench, for some seconds.
    pub(in crate::ui) fn message(&mut self, now: f64, language: Language) -> Option<&'static str> {
        if std::mem::take(&mut self.told) {
            self.told_until = Some(now + TOLD);
        }
        let until = self.told_until?;
        (now < until && !self.workbenches.is_empty()).then(|| Word::IsKept.text(language))
    }

    /// The workbench that was left last, in a line.
    pub(in crate::ui) fn line(&self) -> Option<String> {
        let kept = self.last()?;
        let source = kept.workbench.valid()?.chain.source();
        let source: Vec<&str> = source.split_whitespace().collect();
        let source = source.join(" ").replace("( ", "(").replace(",)", ")");
        let [channels, rows, columns] = kept.workbench.setup().input;
        let end: String = source.chars().take(72).collect();
        let dots = if end.len() < source.len() { "…" } else { "" };
        Some(format!("{end}{dots}   {channels} × {rows} × {columns}"))
    }
}

/// The file in which the workbench of the last window lies: a lesson, beside the settings.
#[must_use]
pub fn saved_path() -> Option<PathBuf> {
    Some(settings_path()?.with_file_name("workbench.ron"))
}

/// Why a lesson file cannot be put on the workbench.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptError {
    /// It cannot be read.
    Read {
        /// The file.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// It is not a lesson that can be played.
    Lesson(Box<Diagnostics>),
    /// Its first scene is not one that the workbench can show.
    Scene {
        /// The file.
        path: String,
    },
}

impl Message for KeptError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Read { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Lesson(diagnostics) => diagnostics.message(),
            Self::Scene { path } => says!(
                en: "{path}: it has no scene that can be put on the workbench",
                ja: "{path}: ワークベンチに載せられるシーンがありません。"
            ),
        }
    }
}

message_error!(KeptError);

/// The setup in a lesson file: that of its first scene.
///
/// # Errors
/// When it cannot be read, has a mistake, or has no scene that can be put on a workbench.
pub fn read_setup(path: &Path, reach: Reach) -> Result<Setup, KeptError> {
    Ok(read_saved(path, reach)?.0)
}

/// The setup in a lesson file, and how it was seen where it is the file of a kept workbench.
///
/// # Errors
/// As [`read_setup`].
pub fn read_saved(path: &Path, reach: Reach) -> Result<(Setup, Option<SavedView>), KeptError> {
    let name = path.display().to_string();
    let text = disk::read_text(path).map_err(|why| KeptError::Read {
        path: name.clone(),
        why,
    })?;
    let seen = SavedView::read(&text);
    let (lesson, _) = crate::lesson::read_reaching(&name, &text, reach)
        .map_err(|diagnostics| KeptError::Lesson(Box::new(diagnostics)))?;
    let scene = lesson.scenes.first();
    scene
        .and_then(|scene| setup_of(scene, path.parent()))
        .map(|setup| (setup, seen))
        .ok_or(KeptError::Scene { path: name })
}

/// Keeps what stands on the workbench in a file, while one works and when the window closes.
pub(super) fn plugin(app: &mut App) {
    let path = saved_path();
    // We wrote it ourselves, and it names files from the root.
    let found = path.as_deref();
    let found = found.and_then(|path| read_saved(path, Reach::Anywhere).ok());
    let mut kept = SavedWorkbenches::default();
    let written = found.clone();
    if let Some((setup, seen)) = found {
        let seen = seen.as_ref();
        kept.workbenches.push(SavedWorkbench {
            workbench: Workbench::new(setup.clone()),
            interaction: seen.map_or_else(InteractionState::default, SavedView::interaction),
            origin: setup.into(),
            lesson: None,
            pose: seen.map(SavedView::pose),
            window: seen.and_then(SavedView::window),
            projection_mode: seen.map_or(ProjectionMode::Parallel, SavedView::projection_mode),
            position: seen.map_or(0.0, |seen| seen.position),
        });
    }
    app.insert_resource(kept)
        .insert_resource(Written {
            path,
            written,
            since_change: 0.0,
        })
        .add_systems(Last, write_down);
}

/// What lies in the file.
#[derive(Resource, Debug)]
struct Written {
    path: Option<PathBuf>,
    written: Option<(Setup, Option<SavedView>)>,
    since_change: f32,
}

fn write_down(
    time: Res<Time<Real>>,
    explorer: Option<Res<Explorer>>,
    kept: Res<SavedWorkbenches>,
    (pose, projection_mode): (Res<CameraPose>, Res<ProjectionMode>),
    (now, playhead): (Res<CurrentSample>, Res<Playhead>),
    (mut exits, mut activity): (MessageReader<AppExit>, ResMut<Activity>),
    mut written: ResMut<Written>,
) {
    let Some(path) = written.path.clone() else {
        return;
    };
    let (workbench, mut seen) = match (&explorer, kept.last()) {
        // It is not seen yet as it will be.
        (Some(explorer), _) if explorer.first.is_some() => return,
        (Some(explorer), _) => (
            &explorer.workbench,
            Some(SavedView::new(
                &explorer.interaction,
                (&*pose, explorer.window),
                *projection_mode,
                position(&now),
            )),
        ),
        (None, Some(kept)) => {
            let pose = kept.pose.as_ref();
            let seen = |pose| {
                let stand = (pose, kept.window);
                SavedView::new(
                    &kept.interaction,
                    stand,
                    kept.projection_mode,
                    kept.position,
                )
            };
            (&kept.workbench, pose.map(seen))
        }
        (None, None) => return,
    };
    let Some(valid) = workbench.valid() else {
        return;
    };
    // What nobody has changed does not take the place of somebody's work.
    let before = written.written.as_ref();
    let same = before.is_some_and(|(setup, _)| *setup == valid.setup);
    let worth = workbench.can_undo() || before.is_none() || same;
    // What runs goes on changing; where it has come to is kept when it stands.
    if playhead.playing
        && let (Some(seen), Some((_, Some(before)))) = (&mut seen, before)
    {
        seen.position = before.position;
    }
    if !worth || (same && before.is_some_and(|(_, before)| *before == seen)) {
        written.since_change = 0.0;
        return;
    }
    activity.waits();
    written.since_change += time.delta_secs();
    if written.since_change < PATIENCE && exits.read().next().is_none() && explorer.is_some() {
        return;
    }
    written.since_change = 0.0;
    let text = write(&path, &valid.setup, seen.as_ref());
    written.written = Some((valid.setup.clone(), seen));
    if let Err(why) = text {
        warn!("the workbench is not kept: {}: {why}", path.display());
    }
}

fn write(path: &Path, setup: &Setup, seen: Option<&SavedView>) -> std::io::Result<()> {
    let text = Workbench::new(absolute(setup)).lesson_text(None);
    let text = text.ok_or_else(|| std::io::Error::other("it cannot be written as a lesson"))?;
    let text = seen.map_or_else(String::new, SavedView::line) + &text;
    disk::write_with_folder(path, text)
}

/// The same setup, with files named from the root: it is read again from another folder.
fn absolute(setup: &Setup) -> Setup {
    let whole = setup.with_files(|name| -> Result<String, std::convert::Infallible> {
        Ok(disk::absolute(Path::new(name))
            .to_string_lossy()
            .into_owned())
    });
    match whole {
        Ok(setup) => setup,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Edit, Parameter};

    fn left(filters: usize, lesson: Option<usize>) -> SavedWorkbench {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::Number(Parameter::Filters, filters));
        SavedWorkbench {
            workbench,
            interaction: InteractionState::default(),
            origin: Setup::default().into(),
            lesson,
            pose: None,
            window: None,
            projection_mode: ProjectionMode::Parallel,
            position: 0.0,
        }
    }

    #[test]
    fn what_was_left_is_found_by_its_lesson_and_by_going_round() {
        let mut kept = SavedWorkbenches::default();
        assert!(kept.exchange(left(9, None)).is_err());
        kept.keep(left(5, Some(2)));
        kept.keep(left(6, None));
        assert!(kept.line().unwrap().contains("Conv2d(3, 6, 3"));
        assert!(kept.take_from(Some(1), &Setup::default()).is_none());
        let found = kept.take_from(Some(2), &Setup::default()).unwrap();
        assert!(found.workbench.can_undo());
        let other = kept.exchange(found).unwrap();
        assert_eq!(other.lesson, None);
        let back = kept.exchange(other).unwrap();
        assert_eq!(back.lesson, Some(2));
    }

    #[test]
    fn one_is_told_for_some_seconds() {
        let mut kept = SavedWorkbenches::default();
        assert!(kept.message(0.0, Language::En).is_none());
        kept.keep(left(5, None));
        assert!(kept.message(10.0, Language::Ja).is_some());
        assert!(kept.message(17.0, Language::Ja).is_some());
        assert!(kept.message(19.0, Language::Ja).is_none());
    }

    #[test]
    fn a_file_brings_the_setup_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/workbench.ron");
        let setup = left(5, None).workbench.setup().clone();
        write(&path, &setup, None).unwrap();
        assert_eq!(
            read_saved(&path, Reach::Folder).unwrap(),
            (setup.clone(), None)
        );
        let seen = SavedView::new(
            &InteractionState::default(),
            (&CameraPose::default(), None),
            ProjectionMode::Perspective,
            2.0,
        );
        write(&path, &setup, Some(&seen)).unwrap();
        assert_eq!(
            read_saved(&path, Reach::Folder).unwrap(),
            (setup.clone(), Some(seen))
        );
        assert_eq!(read_setup(&path, Reach::Folder).unwrap(), setup);
        assert!(read_setup(&folder.path().join("none.ron"), Reach::Folder).is_err());
    }
}
