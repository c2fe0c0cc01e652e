//! Gives the open lesson its voice, in the background: until the voice has spoken, the pace is
//! estimated from the text; then the timeline is laid out anew, and narration is heard.

use std::sync::Arc;

use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on, poll_once};

use super::Settings;
use super::library::Library;
use crate::lesson::{Language, Lesson};
use crate::playback::{Playhead, Show, ShowSystems};
use crate::record::narrated::{Narrated, Speaker, narrate};

/// A lesson that is being spoken.
#[derive(Resource, Default)]
struct Narrator {
    /// What the last task was about.
    about: Option<(u64, Language)>,
    task: Option<Task<Option<Spoken>>>,
}

struct Spoken {
    lesson: Arc<Lesson>,
    narrated: Narrated,
    #[cfg_attr(
        not(feature = "audio"),
        expect(dead_code, reason = "only heard with the feature audio")
    )]
    sounds: Vec<Vec<u8>>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Narrator>().add_systems(
        Update,
        (begin, take_over)
            .chain()
            .in_set(ShowSystems::Input)
            .after(super::library::LibrarySystems),
    );
}

/// Begins to speak what is open, when that has changed.
fn begin(mut narrator: ResMut<Narrator>, library: Res<Library>, settings: Res<Settings>) {
    let about = library
        .open_lesson()
        .map(|(edition, _)| (edition, settings.language));
    if narrator.about == about {
        return;
    }
    narrator.about = about;
    narrator.task = library.open_lesson().map(|(_, lesson)| {
        let language = settings.language;
        AsyncComputeTaskPool::get().spawn(async move { speak(lesson, language) })
    });
}

fn speak(lesson: Arc<Lesson>, language: Language) -> Option<Spoken> {
    let speaker = Speaker {
        language,
        voice: None,
    };
    let narrated = match narrate(&lesson, &[speaker], &mut |_, _| {}) {
        Ok(narrated) => narrated,
        Err(error) => {
            warn!("the lesson stays silent: {error}");
            return None;
        }
    };
    let sounds = narrated
        .spoken
        .iter()
        .flat_map(|spoken| &spoken.clips)
        .map(|clip| std::fs::read(&clip.path))
        .collect::<Result<_, _>>();
    match sounds {
        Ok(sounds) => Some(Spoken {
            lesson,
            narrated,
            sounds,
        }),
        Err(error) => {
            warn!("the lesson stays silent, its voice cannot be read: {error}");
            None
        }
    }
}

/// Puts the spoken lesson in the place of the estimated one, at the same moment of it.
fn take_over(
    mut narrator: ResMut<Narrator>,
    show: Option<ResMut<Show>>,
    mut playhead: ResMut<Playhead>,
    #[cfg(feature = "audio")] settings: Res<Settings>,
    #[cfg(feature = "audio")] sources: Option<ResMut<Assets<bevy::audio::AudioSource>>>,
    #[cfg(feature = "audio")] narration: Option<ResMut<crate::playback::sound::Narration>>,
) {
    #[cfg(feature = "audio")]
    let mut narration = narration;
    #[cfg(feature = "audio")]
    if let Some(narration) = &mut narration
        && narration.on != settings.sound
    {
        narration.on = settings.sound;
    }
    let done = narrator
        .task
        .as_mut()
        .and_then(|task| block_on(poll_once(task)));
    let Some(done) = done else {
        return;
    };
    narrator.task = None;
    let (Some(spoken), Some(mut show)) = (done, show) else {
        return;
    };
    let timeline = Arc::new(spoken.narrated.timeline);
    playhead.time = show.timeline.same_place_in(&timeline, playhead.time);
    #[cfg(feature = "audio")]
    if let (Some(mut sources), Some(mut narration)) = (sources, narration) {
        let lengths = spoken
            .narrated
            .spoken
            .iter()
            .flat_map(|spoken| &spoken.clips)
            .map(crate::narration::Clip::duration);
        let mut clips = spoken.sounds.into_iter().zip(lengths);
        narration.clips = timeline
            .scenes
            .iter()
            .map(|scene| {
                let beats = scene.beats.iter();
                beats
                    .map(|beat| {
                        beat.speech?;
                        let (bytes, length) = clips.next()?;
                        let source = bevy::audio::AudioSource {
                            bytes: bytes.into(),
                        };
                        Some((sources.add(source), length))
                    })
                    .collect()
            })
            .collect();
    }
    show.replace(spoken.lesson, timeline);
}
