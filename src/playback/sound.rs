//! Narration that is heard in the window: the clip of the beat at hand, at the place where we are.
//!
//! The playhead leads and the sound follows: a clip is started when the playhead is inside it, and
//! started anew when the two have drifted apart, after a seek, a pause or a change of speed. While no pictures are
//! drawn both stand.

use std::time::Duration;

use bevy::audio::{
    AddAudioSource, AudioPlayer, AudioSink, AudioSinkPlayback, PlaybackSettings, Volume,
};
use bevy::prelude::*;

pub use super::spoken_clip::{Heartbeat, SpokenClip, WhileDrawn};

use super::spoken_clip::STALL;
use super::{Playhead, Show, ShowSystems};

/// Seconds by which sound and playhead may differ.
const DRIFT: f64 = 0.12;
/// The fastest speed at which speech can be followed; above it there is silence.
const FASTEST: f64 = 2.0;

/// The clips of the show's beats; none where there is no voice.
#[derive(Resource, Default)]
pub struct Narration {
    /// For each scene the clip of each beat, where it has one, and its length in seconds.
    pub clips: Vec<Vec<Option<(Handle<SpokenClip>, f64)>>>,
    /// Whether it is heard.
    pub on: bool,
    /// Whether there is no device that it could be heard with.
    pub no_device: bool,
    heartbeat: Heartbeat,
}

impl Narration {
    /// A clip that is heard while pictures are drawn, from the bytes of a WAV file.
    #[must_use]
    pub fn clip(&self, bytes: Vec<u8>) -> SpokenClip {
        SpokenClip::new(bytes, self.heartbeat.clone())
    }
}

/// Pictures after which a clip that could be heard has been taken up by the engine.
const TAKEN_UP: u32 = 10;

/// The clip that is heard.
#[derive(Component, Debug, Clone, Copy, PartialEq)]
struct Speaking {
    scene: usize,
    beat: usize,
    /// The place in the clip at which it was started.
    from: f64,
    speed: f64,
}

/// Lets narration be heard. It comes after the engine's own plugins.
pub fn plugin(app: &mut App) {
    app.init_resource::<Narration>()
        .add_audio_source::<SpokenClip>()
        .add_systems(
            Update,
            follow_playhead
                .in_set(ShowSystems::Apply)
                .run_if(resource_exists::<Show>),
        );
}

fn follow_playhead(
    mut commands: Commands,
    time: Res<Time<Real>>,
    show: Res<Show>,
    playhead: Res<Playhead>,
    mut narration: ResMut<Narration>,
    mut silent: Local<u32>,
    heard: Query<(Entity, &Speaking, Option<&AudioSink>)>,
) {
    // One picture a second, as of a window that is covered, is none.
    let is_drawn = time.delta() < STALL;
    if is_drawn {
        narration.heartbeat.beat();
    }
    let wanted = wanted_clip(&show, &playhead, &narration).filter(|_| is_drawn);
    let (mut right, mut taken_up) = (false, false);
    for (entity, speaking, sink) in &heard {
        let follows = wanted.as_ref().is_some_and(|(scene, beat, place, _)| {
            let position = sink.map_or(0.0, |sink| sink.position().as_secs_f64());
            (speaking.scene, speaking.beat, speaking.speed) == (*scene, *beat, playhead.speed)
                // The sink counts from the start of the clip, or from where it was started.
                && ((position - place).abs() < DRIFT * playhead.speed
                    || (speaking.from + position - place).abs() < DRIFT * playhead.speed
                    || sink.is_none())
        });
        if follows && !right {
            right = true;
            taken_up = sink.is_some();
        } else {
            commands.entity(entity).despawn();
        }
    }
    *silent = match (right, taken_up) {
        (true, false) => silent.saturating_add(1),
        (true, true) | (false, _) => 0,
    };
    let no_device = *silent > TAKEN_UP || (narration.no_device && !taken_up);
    if narration.no_device != no_device {
        narration.no_device = no_device;
    }
    if let (Some((scene, beat, place, clip)), false) = (wanted, right) {
        commands.spawn((
            Name::new("narration"),
            Speaking {
                scene,
                beat,
                from: place,
                speed: playhead.speed,
            },
            AudioPlayer(clip),
            PlaybackSettings {
                volume: Volume::Linear(1.0),
                speed: playhead.speed as f32,
                start_position: Some(Duration::from_secs_f64(place)),
                ..PlaybackSettings::ONCE
            },
        ));
    }
}

/// The clip that should be heard: scene, beat, the place in it, and the clip.
fn wanted_clip(
    show: &Show,
    playhead: &Playhead,
    narration: &Narration,
) -> Option<(usize, usize, f64, Handle<SpokenClip>)> {
    if !narration.on || !playhead.playing || playhead.speed > FASTEST {
        return None;
    }
    let (scene, beat) = show.timeline.beat_at(playhead.time);
    let (clip, length) = narration.clips.get(scene)?.get(beat)?.as_ref()?;
    let place = playhead.time - show.timeline.scenes[scene].beats[beat].speech?;
    (0.0..length - DRIFT)
        .contains(&place)
        .then(|| (scene, beat, place, clip.clone()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lesson::Language;
    use crate::narration::estimated_speeches;
    use crate::timeline::Timeline;

    /// A world in which the first words of a lesson are to be heard.
    fn speaking(on: bool) -> App {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/convolution.ron");
        let text = std::fs::read_to_string(path).unwrap();
        let (lesson, _) = crate::lesson::read(path, &text).unwrap();
        let lesson = Arc::new(lesson);
        let speeches = estimated_speeches(&lesson, Language::En);
        let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
        let mut beats = timeline.scenes.iter().flat_map(|scene| &scene.beats);
        let speech = beats.find_map(|beat| beat.speech).unwrap();
        let clip = || Some((Handle::<SpokenClip>::default(), 60.0));
        let scenes = timeline.scenes.iter();
        let clips = scenes.map(|scene| scene.beats.iter().map(|_| clip()).collect::<Vec<_>>());
        let narration = Narration {
            clips: clips.collect(),
            on,
            ..Narration::default()
        };
        let mut app = App::new();
        app.init_resource::<Time<Real>>()
            .insert_resource(narration)
            .insert_resource(Playhead {
                time: speech + 0.1,
                playing: true,
                ..Playhead::default()
            })
            .insert_resource(Show::new(lesson, timeline))
            .add_systems(Update, follow_playhead);
        app
    }

    #[test]
    fn a_clip_that_is_never_taken_up_has_no_device_to_be_heard_with() {
        let mut app = speaking(true);
        for _ in 0..TAKEN_UP / 2 {
            app.update();
        }
        assert!(!app.world().resource::<Narration>().no_device);
        for _ in 0..TAKEN_UP {
            app.update();
        }
        assert!(app.world().resource::<Narration>().no_device);
        // Where nothing is to be heard, nothing is missed.
        let mut app = speaking(false);
        for _ in 0..2 * TAKEN_UP {
            app.update();
        }
        assert!(!app.world().resource::<Narration>().no_device);
    }
}
