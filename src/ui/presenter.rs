//! For the one who teaches: the lesson stops at the end of each beat, or plays it again and again, until they
//! go on; the bar can be hidden and the picture turned off, by the keys that a remote sends.

use bevy::prelude::*;

use super::Screen;
use crate::lesson::Language;
use crate::playback::{Playhead, Show, ShowSystems};

/// How long before its end a beat stops, in seconds: what it shows is still up.
const BEFORE_END: f64 = 0.02;
/// For so many seconds a change is told.
const TOLD: f64 = 2.5;

/// What happens where a beat ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BeatEnd {
    /// The next one begins.
    #[default]
    GoOn,
    /// It waits.
    Wait,
    /// It begins again.
    Repeat,
}

/// How a lesson is presented.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct Presenting {
    /// What happens where a beat ends.
    pub beat_end: BeatEnd,
    /// Whether the picture is off.
    pub black: bool,
    /// Whether the bar below the picture is hidden.
    pub bare: bool,
    /// When the end of beats was last changed, in seconds of the program.
    told: Option<f64>,
}

impl Presenting {
    /// Whether somebody presents: beats wait or repeat, or the picture is off.
    pub(super) fn is_on(&self) -> bool {
        self.black || self.beat_end != BeatEnd::GoOn
    }

    /// What is told for a moment after a change.
    pub(super) fn message(&self, now: f64, language: Language) -> Option<&'static str> {
        self.told.filter(|told| now - told < TOLD)?;
        let (en, ja) = match self.beat_end {
            BeatEnd::GoOn => ("Beats follow one another", "続けて再生します"),
            BeatEnd::Wait => (
                "Waits after each beat; Page ↓ goes on",
                "区切りごとに止まります。Page ↓ で次へ",
            ),
            BeatEnd::Repeat => (
                "Repeats this beat; Page ↓ goes on",
                "この区切りを繰り返します。Page ↓ で次へ",
            ),
        };
        Some(match language {
            Language::En => en,
            Language::Ja => ja,
        })
    }
}

/// Something that the one who teaches asks for.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum PresenterAction {
    /// Wait at the end of each beat, or not.
    ToggleWait,
    /// Play the beat again and again, or not.
    ToggleRepeat,
    /// The picture off or on.
    ToggleBlack,
    /// The bar away or back.
    ToggleBar,
    /// To the next beat, or the previous one, and play it.
    Go(bool),
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Presenting>()
        .add_message::<PresenterAction>()
        .add_systems(
            Update,
            (
                handle
                    .in_set(ShowSystems::Input)
                    .after(super::actions::ActionSystems),
                end_beats
                    .after(ShowSystems::Advance)
                    .before(ShowSystems::Sample)
                    .run_if(in_state(Screen::Show)),
            ),
        );
}

fn handle(
    mut actions: MessageReader<PresenterAction>,
    show: Option<Res<Show>>,
    clock: Option<Res<Time<Real>>>,
    mut presenting: ResMut<Presenting>,
    mut playhead: ResMut<Playhead>,
) {
    // Not the frame's time: that of a frame which wakes a window at rest is the one at which it fell asleep.
    let now = clock.map(|clock| clock.startup().elapsed().as_secs_f64());
    for action in actions.read() {
        let toggled = |now: BeatEnd, wanted: BeatEnd| match now == wanted {
            true => BeatEnd::GoOn,
            false => wanted,
        };
        match *action {
            PresenterAction::ToggleWait => {
                presenting.beat_end = toggled(presenting.beat_end, BeatEnd::Wait);
                presenting.told = now;
            }
            PresenterAction::ToggleRepeat => {
                presenting.beat_end = toggled(presenting.beat_end, BeatEnd::Repeat);
                presenting.told = now;
            }
            PresenterAction::ToggleBlack => presenting.black = !presenting.black,
            PresenterAction::ToggleBar => presenting.bare = !presenting.bare,
            PresenterAction::Go(forwards) => {
                let Some(show) = &show else {
                    continue;
                };
                presenting.black = false;
                let now = playhead.time;
                playhead.time = if forwards {
                    show.timeline.next_beat(now)
                } else {
                    show.timeline.previous_beat(now)
                };
                playhead.playing = playhead.time < show.timeline.duration;
            }
        }
    }
}

/// Stops at the end of a beat, or begins it again.
fn end_beats(
    show: Option<Res<Show>>,
    presenting: Res<Presenting>,
    mut playhead: ResMut<Playhead>,
    mut before: Local<f64>,
) {
    let then = std::mem::replace(&mut *before, playhead.time);
    let Some(show) = show else {
        return;
    };
    // A leap is somebody's wish; a frame is no longer than a quarter of a second.
    let played = playhead.time - then;
    if presenting.beat_end == BeatEnd::GoOn
        || !playhead.playing
        || !(0.0..=0.25 * playhead.speed + 0.01).contains(&played)
    {
        return;
    }
    let start = show.timeline.beat_start(then);
    let end = show.timeline.next_beat(then);
    let last = end - BEFORE_END;
    if !(then < last && playhead.time >= last) {
        return;
    }
    match presenting.beat_end {
        BeatEnd::GoOn => {}
        BeatEnd::Wait => {
            playhead.time = last;
            playhead.playing = false;
        }
        BeatEnd::Repeat => playhead.time = start,
    }
    *before = playhead.time;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::timeline::Timeline;
    use bevy::ecs::system::RunSystemOnce;

    fn world() -> (World, Vec<f64>) {
        let source = include_str!("../../lessons/padding.ron");
        let (lesson, _) = crate::lesson::read("padding.ron", source).unwrap();
        let lesson = Arc::new(lesson);
        let speeches = crate::narration::estimated_speeches(&lesson, Language::En);
        let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
        let mut starts = vec![0.0];
        while let Some(next) = starts.last().map(|last| timeline.next_beat(*last)) {
            if next >= timeline.duration {
                break;
            }
            starts.push(next);
        }
        let mut world = World::new();
        world.insert_resource(Show::new(lesson, timeline));
        world.insert_resource(Presenting::default());
        world.insert_resource(Playhead {
            playing: true,
            ..Playhead::default()
        });
        (world, starts)
    }

    /// Plays a number of frames; the times that were seen.
    fn play(world: &mut World, frames: usize) -> Vec<f64> {
        let system = world.register_system(end_beats);
        let mut seen = Vec::new();
        for _ in 0..frames {
            let mut playhead = world.resource_mut::<Playhead>();
            if playhead.playing {
                playhead.time += 0.1;
            }
            world.run_system(system).unwrap();
            seen.push(world.resource::<Playhead>().time);
        }
        seen
    }

    fn ask(world: &mut World, action: PresenterAction) {
        world.init_resource::<Messages<PresenterAction>>();
        world.write_message(action);
        world.run_system_once(handle).unwrap();
    }

    #[test]
    fn a_beat_waits_at_its_end_until_the_teacher_goes_on() {
        let (mut world, starts) = world();
        ask(&mut world, PresenterAction::ToggleWait);
        let seen = play(&mut world, 300);
        let last = seen.last().copied().unwrap();
        assert!((last - (starts[1] - BEFORE_END)).abs() < 1e-9, "{last}");
        assert!(!world.resource::<Playhead>().playing);
        world.resource_mut::<Messages<PresenterAction>>().clear();
        ask(&mut world, PresenterAction::Go(true));
        let playhead = *world.resource::<Playhead>();
        assert_eq!((playhead.time, playhead.playing), (starts[1], true));
    }

    #[test]
    fn a_beat_is_played_again_and_again() {
        let (mut world, starts) = world();
        ask(&mut world, PresenterAction::ToggleRepeat);
        let seen = play(&mut world, 400);
        assert!(seen.iter().all(|time| *time < starts[1]));
        let again = seen.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(again >= 2, "{again} times again");
    }

    #[test]
    fn without_a_wish_beats_follow_one_another() {
        let (mut world, starts) = world();
        let seen = play(&mut world, 300);
        assert!(seen.last().is_some_and(|last| *last > starts[1] + 5.0));
    }
}
