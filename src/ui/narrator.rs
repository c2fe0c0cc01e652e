//! Gives the open lesson its voice, in the background: until the voice has spoken, the pace is
//! estimated from the text; then the timeline is laid out anew, and narration is heard.

use std::ops::ControlFlow;
use std::sync::Arc;

use bevy::prelude::*;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on, poll_once};

use super::Settings;
use super::library::Library;
#[cfg(feature = "audio")]
use super::links::LinkNote;
use super::rest::Activity;
#[cfg(feature = "audio")]
use super::strings::Word;
use crate::disk;
use crate::language::Tongue;
use crate::lesson::Lesson;
use crate::narration::{MAX_SOUND, VoiceError, choose};
use crate::playback::{Given, Playhead, Show, ShowSystems};
use crate::record::narrated::{Narrated, Speaker, narrate};

/// A lesson that is being spoken.
#[derive(Resource, Default)]
struct Narrator {
    /// What the last task was about.
    about: Option<(u64, Tongue)>,
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
    #[cfg(feature = "audio")]
    app.add_systems(Update, tell_silence.in_set(ShowSystems::Input));
    app.init_resource::<Narrator>().add_systems(
        Update,
        (begin, replace_estimate)
            .chain()
            .in_set(ShowSystems::Input)
            .after(super::library::LibrarySystems),
    );
}

/// Begins to speak what is open, when that has changed.
fn begin(mut narrator: ResMut<Narrator>, library: Res<Library>, settings: Res<Settings>) {
    let tongue = library.told_in(settings.language);
    let about = library.open_lesson().map(|(edition, _)| (edition, tongue));
    if narrator.about == about {
        return;
    }
    narrator.about = about;
    narrator.task = library.open_lesson().map(|(_, lesson)| {
        let speaker = Speaker {
            language: tongue,
            voice: settings.voice.clone(),
        };
        AsyncComputeTaskPool::get().spawn(async move { speak(lesson, speaker) })
    });
}

fn speak(lesson: Arc<Lesson>, mut speaker: Speaker) -> Option<Spoken> {
    // A voice that was named speaks its own language; another one has the best that is installed.
    let named = choose(speaker.voice.as_deref(), speaker.language);
    if let Err(VoiceError::Language { .. }) = named {
        speaker.voice = None;
    }
    let narrated = match narrate(&lesson, &[speaker], &mut |_, _| ControlFlow::Continue(())) {
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
        .map(|clip| disk::read(&clip.path, MAX_SOUND))
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

/// Says so where there is no device to hear the narration with.
#[cfg(feature = "audio")]
fn tell_silence(
    narration: Option<Res<crate::playback::sound::Narration>>,
    mut settings: ResMut<Settings>,
    mut note: ResMut<LinkNote>,
) {
    let no_device = narration.is_some_and(|narration| narration.no_device);
    if settings.no_sound_device == no_device {
        return;
    }
    settings.no_sound_device = no_device;
    if no_device && settings.sound {
        note.tell(Word::NoSoundDevice.text(settings.language).to_owned());
    }
}

/// Puts the spoken lesson in the place of the estimated one: at the time that was given, or else at the
/// same place.
fn replace_estimate(
    mut narrator: ResMut<Narrator>,
    mut library: ResMut<Library>,
    show: Option<ResMut<Show>>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
    mut activity: ResMut<Activity>,
    #[cfg(feature = "audio")] settings: Res<Settings>,
    #[cfg(feature = "audio")] sources: Option<ResMut<Assets<crate::playback::sound::SpokenClip>>>,
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
    if narrator.task.is_some() {
        activity.waits();
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
    let timeline = crate::timeline::Timeline::in_picture(
        &spoken.lesson,
        spoken.narrated.timeline.language,
        &spoken.narrated.speeches,
        show.timeline.picture,
    );
    let timeline = Arc::new(timeline.with_motion(show.timeline.motion));
    playhead.time = match given.0.take() {
        Some(given) => given.on(&timeline, playhead.time),
        None => show.timeline.same_place_in(&timeline, playhead.time),
    };
    library.hear(spoken.narrated.speeches);
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
                        Some((sources.add(narration.clip(bytes)), length))
                    })
                    .collect()
            })
            .collect();
    }
    show.replace(spoken.lesson, timeline);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bevy::ecs::system::RunSystemOnce;
    use bevy::state::app::StatesPlugin;

    use super::*;
    use crate::lesson::Language;
    use crate::narration::estimated_speeches;
    use crate::timeline::{Place, Start, Timeline};
    use crate::ui::Screen;
    use crate::ui::actions::{PlaybackAction, handle_playback};
    use crate::ui::library::OpenLesson;

    const LESSONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons");

    /// A window's worth of systems, without a window, in which a lesson has been opened.
    struct Stood(App);

    impl Stood {
        fn opened(at: Start) -> Self {
            Self::opened_in(Path::new(LESSONS), at)
        }

        fn opened_in(folder: &Path, at: Start) -> Self {
            let mut app = App::new();
            let path = folder.join("convolution.ron");
            let lessons = vec![("convolution".to_owned(), path)];
            app.add_plugins((MinimalPlugins, StatesPlugin, crate::playback::plugin))
                .init_resource::<Settings>()
                .init_resource::<Narrator>()
                .init_resource::<Activity>()
                .init_resource::<crate::camera::CameraMode>()
                .init_resource::<crate::ui::picture::ShownPicture>()
                .insert_resource(Library::new(
                    folder.into(),
                    lessons,
                    crate::disk::Reach::default(),
                ))
                .init_state::<Screen>()
                .add_message::<PlaybackAction>()
                .add_plugins(crate::ui::library::plugin);
            let mut stood = Self(app);
            stood.open(at);
            stood
        }

        fn open(&mut self, at: Start) {
            self.0.world_mut().write_message(OpenLesson {
                index: 0,
                at,
                playing: false,
            });
            self.0.update();
            assert!(!self.0.world().resource::<Library>().is_spoken());
        }

        /// A voice has spoken that is slower than the estimate, in some beats more so.
        fn spoken(&mut self) {
            let lesson = self.0.world().resource::<Show>().lesson.clone();
            let mut speeches = estimated_speeches(&lesson, Language::En);
            for (index, speech) in speeches.iter_mut().flatten().flatten().enumerate() {
                speech.duration *= 1.1 + 0.1 * (index % 3) as f64;
            }
            let timeline = Timeline::new(&lesson, Language::En, &speeches);
            let spoken = Spoken {
                lesson,
                narrated: Narrated {
                    timeline,
                    speeches,
                    spoken: Vec::new(),
                },
                sounds: Vec::new(),
            };
            let world = self.0.world_mut();
            let task = AsyncComputeTaskPool::get().spawn(async move { Some(spoken) });
            world.resource_mut::<Narrator>().task = Some(task);
            while world.resource::<Narrator>().task.is_some() {
                world.run_system_once(replace_estimate).unwrap();
            }
            assert!(world.resource::<Library>().is_spoken());
        }

        fn time(&self) -> f64 {
            self.0.world().resource::<Playhead>().time
        }

        fn place(&self) -> Place {
            let show = self.0.world().resource::<Show>();
            show.timeline.place_at(self.time())
        }
    }

    #[test]
    fn a_lesson_opened_at_a_time_is_there_once_its_voice_has_spoken() {
        for time in [0.0, 12.5, 40.0, 77.0] {
            let mut stood = Stood::opened(Start::Time(time));
            assert_eq!(stood.time(), time);
            stood.spoken();
            assert_eq!(stood.time(), time);
        }
    }

    #[test]
    fn a_lesson_is_come_back_to_where_it_was_left() {
        let mut stood = Stood::opened(Start::Time(40.0));
        stood.spoken();
        for _ in 0..3 {
            stood.open(Start::Place(stood.place()));
            stood.spoken();
            assert!((stood.time() - 40.0).abs() < 1e-6, "{}", stood.time());
        }
        // So it is where it is left before the voice has spoken.
        let mut stood = Stood::opened(Start::Time(40.0));
        let left = stood.place();
        stood.open(Start::Place(left));
        assert!((stood.time() - 40.0).abs() < 1e-6, "{}", stood.time());
        stood.spoken();
        let back = stood.place();
        assert_eq!((back.scene, back.beat), (left.scene, left.beat));
        assert!((back.part - left.part).abs() < 1e-6, "{back:?} {left:?}");
    }

    #[test]
    fn a_lesson_opened_after_another_stays_open() {
        let mut stood = Stood::opened(Start::Time(40.0));
        // The states change with the next frame.
        stood.0.update();
        stood.open(Start::Time(10.0));
        stood.0.update();
        assert_eq!(stood.time(), 10.0);
        assert!(
            stood
                .0
                .world()
                .resource::<Library>()
                .open_lesson()
                .is_some()
        );
        assert!(stood.0.world().contains_resource::<Show>());
    }

    #[test]
    fn what_is_sought_by_hand_is_a_place() {
        let mut stood = Stood::opened(Start::Time(40.0));
        let world = stood.0.world_mut();
        world.write_message(PlaybackAction::Seek(60.0));
        world.run_system_once(handle_playback).unwrap();
        let sought = stood.place();
        stood.spoken();
        let now = stood.place();
        assert_eq!((now.scene, now.beat), (sought.scene, sought.beat));
        assert!((now.part - sought.part).abs() < 1e-6, "{now:?} {sought:?}");
    }

    #[test]
    fn a_lesson_is_told_by_its_sentences_at_the_same_place() {
        let mut stood = Stood::opened(Start::Time(40.0));
        stood.spoken();
        let place = stood.place();
        let german: Tongue = "de".parse().unwrap();
        stood.0.world_mut().resource_mut::<Settings>().sentences = german.other();
        stood.0.update();
        let now = stood.place();
        assert_eq!((now.scene, now.beat), (place.scene, place.beat));
        let world = stood.0.world();
        assert_eq!(world.resource::<Show>().lesson.title.en, "Faltung");
        let library = world.resource::<Library>();
        assert_eq!(library.told_in(Language::En), german);
        assert_eq!(library.told_in(Language::Ja), Tongue::Own(Language::Ja));
        assert_eq!(library.others(), [german.other().unwrap()]);
    }

    #[test]
    fn sentences_that_come_late_are_told_at_the_time_that_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let copy = |file: &str| {
            let to = folder.path().join(file);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(Path::new(LESSONS).join(file), to).unwrap();
        };
        copy("convolution.ron");
        let mut stood = Stood::opened_in(folder.path(), Start::Time(0.0));
        let german: Tongue = "de".parse().unwrap();
        let world = stood.0.world_mut();
        world.resource_mut::<Settings>().set_tongue(german);
        stood.open(Start::Time(40.0));
        let told = |stood: &Stood| {
            let title = stood.0.world().resource::<Show>().lesson.title.en.clone();
            (title, stood.time())
        };
        assert_eq!(told(&stood), ("Convolution".to_owned(), 40.0));
        copy("sentences/de/convolution.ron");
        let world = stood.0.world_mut();
        world.resource_mut::<Library>().note_new_sentences();
        stood.0.update();
        assert_eq!(told(&stood), ("Faltung".to_owned(), 40.0));
        let library = stood.0.world().resource::<Library>();
        assert_eq!(library.told_in(Language::En), german);
        let (title, _) = library.entries[0].about.as_ref().unwrap();
        assert_eq!(title.en, "Faltung");
        // The voice that speaks it begins at that time too.
        stood.spoken();
        assert_eq!(stood.time(), 40.0);
    }

    #[test]
    fn another_language_and_back_is_the_same_place() {
        let mut stood = Stood::opened(Start::Time(40.0));
        stood.spoken();
        let place = stood.place();
        for language in [Language::Ja, Language::En] {
            stood.0.world_mut().resource_mut::<Settings>().language = language;
            stood.0.update();
            let now = stood.place();
            assert_eq!((now.scene, now.beat), (place.scene, place.beat));
            assert!((now.part - place.part).abs() < 1e-6, "{now:?} {place:?}");
        }
        stood.spoken();
        assert!((stood.time() - 40.0).abs() < 1e-6, "{}", stood.time());
    }

    #[test]
    fn a_window_of_another_shape_keeps_the_voice_and_the_time_that_was_given() {
        use crate::timeline::{Motion, PictureShape};
        use crate::ui::picture::ShownPicture;

        let mut stood = Stood::opened(Start::Time(40.0));
        stood.0.update();
        for has_spoken in [false, true] {
            if has_spoken {
                stood.spoken();
            }
            let changes: [fn(&mut World); 2] = [
                |world| world.resource_mut::<ShownPicture>().0 = PictureShape::Upright,
                |world| world.resource_mut::<Settings>().motion = Motion::Reduced,
            ];
            for change in changes {
                let world = stood.0.world_mut();
                world.resource_mut::<ShownPicture>().0 = PictureShape::Wide;
                world.resource_mut::<Settings>().motion = Motion::Full;
                change(world);
                stood.0.update();
                assert_eq!(
                    stood.0.world().resource::<Library>().is_spoken(),
                    has_spoken
                );
                assert!((stood.time() - 40.0).abs() < 1e-6, "{}", stood.time());
            }
            let spoken = stood.0.world().resource::<Show>().timeline.duration;
            let lesson = stood.0.world().resource::<Show>().lesson.clone();
            let estimate = Timeline::new(
                &lesson,
                Language::En,
                &estimated_speeches(&lesson, Language::En),
            );
            assert_eq!(spoken > estimate.duration * 1.05, has_spoken);
        }
    }
}
