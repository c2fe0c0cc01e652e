//! A session at the workbench: opening it, granting wishes, and keeping the stage in step with it.

use std::path::Path;
use std::sync::Arc;

use bevy::prelude::*;
use bevy::window::FileDragAndDrop;

use super::hand::Hand;
use super::kept::{Kept, KeptBench};
use super::wishes::Wish;
use super::words::Word;
use crate::camera::{CameraMode, Lens, Stand};
use crate::explore::opened;
use crate::explore::stops::Grain;
use crate::explore::workbench::SPEEDS;
use crate::explore::{Edit, Setup, Spot, Workbench};
use crate::lesson::{Language, Scene};
use crate::narration::estimated_speeches;
use crate::playback::{Now, Playhead, Show, ShowSystems};
use crate::stage::highlight::Highlight;
use crate::tensor::{Fill, read_file, why_unreadable};
use crate::timeline::{Motion, Place, Start, Timeline};
use crate::ui::library::OpenLesson;
use crate::ui::{Asked, Library, Screen, Settings, UiAction};

/// How far what has nothing to do with an element recedes while it is pinned, and while the pointer
/// only rests on it.
const RECEDE: [f32; 2] = [0.62, 0.34];

/// What was wished for, by key or by click.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct Wished(pub Wish);

/// Opens the workbench.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct OpenBench {
    /// What is put on it.
    pub setup: Setup,
    /// How it is seen at first.
    pub view: FirstView,
    /// The elements that are pinned.
    pub pins: Vec<Spot>,
    /// The lesson that one comes from, by its place in the library, and where one was in it.
    pub lesson: Option<(usize, Place)>,
}

/// How the workbench is seen at first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FirstView {
    /// Where the camera stands; without, it sees everything.
    pub stand: Option<Stand>,
    /// How far channels are pulled apart.
    pub spread: f32,
    /// The channels that are shown.
    pub slice: Option<(usize, usize)>,
    /// Visits that are done.
    pub position: f64,
    /// Perspective instead of a parallel view.
    pub perspective: bool,
}

/// What stands on the stage.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shown {
    edition: u64,
    language: Language,
    spread: f32,
    speed: f64,
    motion: Motion,
}

/// The session.
#[derive(Resource)]
pub struct Explorer {
    /// The workbench.
    pub bench: Workbench,
    /// Pins, pace, view.
    pub hand: Hand,
    lesson: Option<(usize, Place)>,
    /// What was put on it first.
    origin: Setup,
    shown: Option<Shown>,
    /// The place of the run to go to.
    pub(super) place: Option<f64>,
    /// The stand to begin with; `None` once it has been taken.
    pub(super) first: Option<Option<Stand>>,
    /// Whether the text field is to get the keys.
    pub(super) focus_paste: bool,
}

impl Explorer {
    /// A session with a workbench.
    #[must_use]
    pub fn new(bench: Workbench) -> Self {
        Self {
            origin: bench.setup().clone(),
            bench,
            hand: Hand::default(),
            lesson: None,
            shown: None,
            place: None,
            first: None,
            focus_paste: false,
        }
    }

    /// A session with a workbench that was left, as it was.
    #[must_use]
    fn again(kept: KeptBench, lesson: Option<(usize, Place)>) -> Self {
        let mut explorer = Self::new(kept.bench);
        explorer.origin = kept.origin;
        explorer.hand = Hand {
            hovered: None,
            looped: None,
            note: None,
            from_lesson: lesson.is_some(),
            ..kept.hand
        };
        explorer.lesson = lesson;
        explorer.place = Some(kept.position);
        explorer.first = Some(kept.stand);
        explorer
    }

    /// The workbench as it is kept when it is left.
    fn put_away(&self, stand: Stand, lens: Lens, position: f64) -> KeptBench {
        KeptBench {
            bench: self.bench.clone(),
            hand: self.hand.clone(),
            origin: self.origin.clone(),
            lesson: self.lesson.map(|(lesson, _)| lesson),
            stand: Some(stand),
            lens,
            position,
        }
    }

    /// The channels that are shown after one more at the front has been hidden, or shown again.
    #[must_use]
    pub fn slice_moved(&self, hide: bool) -> Option<(usize, usize)> {
        let channels = self.bench.good().map_or(1, |good| {
            let tensors = 0..=good.chain.plans().len();
            let channels = tensors.filter_map(|number| good.chain.tensor_shape(number));
            channels.map(|shape| shape.channels()).max().unwrap_or(1)
        });
        let (first, last) = self.hand.slice.unwrap_or((0, channels - 1));
        let first = if hide {
            (first + 1).min(last)
        } else {
            first.saturating_sub(1)
        };
        (first > 0 || last + 1 < channels).then_some((first, last))
    }
}

/// Keeps a session: grants wishes and brings the stage to what stands on the workbench. Needs no
/// panels and no window.
pub fn plugin(app: &mut App) {
    app.add_message::<Wished>()
        .add_message::<OpenBench>()
        .init_resource::<Kept>()
        .add_systems(
            Update,
            (
                take_dropped_files,
                open_from_lesson,
                open_bench,
                edit_bench,
                put_away,
                run_bench,
                show_bench.run_if(in_state(Screen::Explore)),
            )
                .chain()
                .in_set(SessionSystems)
                .in_set(ShowSystems::Input),
        )
        .add_systems(
            Update,
            (
                loop_window
                    .after(ShowSystems::Advance)
                    .before(ShowSystems::Sample),
                light.after(ShowSystems::Sample).before(ShowSystems::Apply),
            )
                .run_if(in_state(Screen::Explore)),
        )
        .add_systems(OnExit(Screen::Explore), leave);
}

/// The systems that keep the session.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionSystems;

/// Opens the workbench with the layer of the lesson that is on show, or takes up again what was
/// left: from that lesson's layer, or, from the list of lessons, last.
fn open_from_lesson(
    mut commands: Commands,
    mut asked: MessageReader<Asked>,
    show: Option<Res<Show>>,
    now: Res<Now>,
    playhead: Res<Playhead>,
    library: Res<Library>,
    settings: Res<Settings>,
    mut kept: ResMut<Kept>,
    mut lens: ResMut<Lens>,
    (screen, mut next): (Res<State<Screen>>, ResMut<NextState<Screen>>),
    mut open: MessageWriter<OpenBench>,
) {
    for Asked(action) in asked.read() {
        if *action != UiAction::Explore {
            continue;
        }
        let mut again = |found: KeptBench, lesson| {
            *lens = found.lens;
            let mut explorer = Explorer::again(found, lesson);
            explorer.hand.note = Some(Word::FoundAgain.text(settings.language).to_owned());
            commands.insert_resource(explorer);
            next.set(Screen::Explore);
        };
        if *screen.get() == Screen::Lessons {
            if let Some(found) = kept.take_last() {
                again(found, None);
            }
            continue;
        }
        let (Some(show), Some(sample)) = (&show, &now.0) else {
            continue;
        };
        let Some(scene) = show.lesson.scenes.get(sample.scene) else {
            continue;
        };
        let folder = library.open_path().and_then(Path::parent);
        let Some(setup) = setup_of(scene, folder) else {
            continue;
        };
        let place = library.open_place();
        let lesson = place.map(|place| (place, show.timeline.place_at(playhead.time)));
        if let Some(found) = kept.take_from(place, &setup) {
            again(found, lesson);
            continue;
        }
        open.write(OpenBench {
            setup,
            view: FirstView::default(),
            pins: Vec::new(),
            lesson,
        });
    }
}

/// The setup of a lesson's scene: its first side. A file is named from where the program stands.
#[must_use]
pub fn setup_of(scene: &Scene, folder: Option<&Path>) -> Option<Setup> {
    let staging = &scene.staging;
    let side = staging.sides.first()?;
    let stations = staging.stations.get(side.stations.clone())?;
    let input = staging.tensors.get(side.tensors.start)?;
    let layers: Vec<_> = stations
        .iter()
        .map(|station| station.plan.layer().clone())
        .collect();
    let mut setup = Setup::new(&layers, input.shape(), side.fill.clone()).ok()?;
    setup.order = stations
        .iter()
        .map(|station| station.schedule.order())
        .find(|order| *order != crate::op::LoopOrder::FilterMajor)
        .unwrap_or_default();
    if let Some(folder) = folder {
        setup.fill = beside(&setup.fill, folder);
        for place in 0..setup.layers.len() {
            let Some((weights, biases)) = setup.layers[place].fills() else {
                continue;
            };
            let (weights, biases) = (beside(weights, folder), beside(biases, folder));
            opened::fill_weights(&mut setup, place, weights, false).ok()?;
            opened::fill_weights(&mut setup, place, biases, true).ok()?;
        }
    }
    Some(setup)
}

/// A fill whose file is looked for in a folder.
fn beside(fill: &Fill, folder: &Path) -> Fill {
    let join = |name: &str| folder.join(name).to_string_lossy().into_owned();
    match fill {
        Fill::Image(path) => Fill::Image(join(path)),
        Fill::File(path) => Fill::File(join(path)),
        Fill::Named { file, tensor } => Fill::Named {
            file: join(file),
            tensor: tensor.clone(),
        },
        other => other.clone(),
    }
}

fn open_bench(
    mut commands: Commands,
    mut opened: MessageReader<OpenBench>,
    mut screen: ResMut<NextState<Screen>>,
    mut lens: ResMut<Lens>,
    settings: Res<Settings>,
    kept: Res<Kept>,
) {
    let Some(open) = opened.read().last() else {
        return;
    };
    let mut bench = Workbench::new(open.setup.clone());
    let mut note = None;
    // Nothing could be seen: take what is offered, and say why.
    if bench.good().is_none() {
        let problem = bench
            .problem()
            .map(|problem| super::reasons::problem(problem, settings.language));
        match bench.offers().into_iter().next() {
            Some(offer) => bench = Workbench::new(offer.setup),
            None => bench = Workbench::new(Setup::default()),
        }
        note = problem;
    }
    if note.is_none() && kept.last().is_some() {
        note = Some(Word::Before.text(settings.language).to_owned());
    }
    let mut explorer = Explorer::new(bench);
    explorer.origin = open.setup.clone();
    explorer.hand.spread = open.view.spread;
    explorer.hand.slice = open.view.slice;
    explorer.hand.pins.clone_from(&open.pins);
    explorer.hand.from_lesson = open.lesson.is_some();
    explorer.hand.note = note;
    explorer.lesson = open.lesson;
    explorer.place = Some(open.view.position);
    explorer.first = Some(open.view.stand);
    *lens = if open.view.perspective {
        Lens::Perspective
    } else {
        Lens::Parallel
    };
    commands.insert_resource(explorer);
    screen.set(Screen::Explore);
}

/// A file that is dropped onto the window becomes the input, or what a text in it says.
fn take_dropped_files(
    mut dropped: MessageReader<FileDragAndDrop>,
    explorer: Option<ResMut<Explorer>>,
) {
    let Some(mut explorer) = explorer else {
        dropped.clear();
        return;
    };
    for event in dropped.read() {
        let FileDragAndDrop::DroppedFile { path_buf, .. } = event else {
            continue;
        };
        let path = path_buf.to_string_lossy().into_owned();
        let end = path_buf.extension().unwrap_or_default();
        let end = end.to_string_lossy().to_lowercase();
        let ends = |ends: &[&str]| ends.contains(&end.as_str());
        let setup = explorer.bench.setup().clone();
        let made = if ends(&["ron"]) {
            super::kept::read_setup(path_buf).map_err(|why| opened::OpenError::Lesson { why })
        } else if ends(&["py", "txt"]) {
            match std::fs::read_to_string(path_buf) {
                Ok(text) => opened::paste(&text, &setup).map_err(|why| opened::OpenError::Text {
                    path,
                    why: Box::new(why),
                }),
                Err(why) => Err(opened::OpenError::Read {
                    why: why_unreadable(path_buf, &why),
                    path,
                }),
            }
        } else {
            opened::drop(&path, &setup, &read_file)
        };
        explorer.take(made);
    }
}

impl Explorer {
    /// Puts what was pasted or dropped on the workbench, or says why it cannot be.
    fn take(&mut self, made: Result<Setup, opened::OpenError>) {
        match made {
            Ok(setup) => {
                self.hand.paste_problem = None;
                self.bench.settle();
                self.bench.apply(Edit::Replace(Box::new(setup)));
                self.bench.settle();
            }
            Err(error) => {
                self.hand.paste_problem = Some(error);
                // That is told on a panel.
                self.hand.panels = true;
            }
        }
    }
}

/// Changes what stands on the workbench, and what is in the hand.
fn edit_bench(
    mut commands: Commands,
    mut wished: MessageReader<Wished>,
    explorer: Option<ResMut<Explorer>>,
    mut screen: ResMut<NextState<Screen>>,
    mut settings: ResMut<Settings>,
    mut open: MessageWriter<OpenLesson>,
) {
    let Some(mut explorer) = explorer else {
        wished.clear();
        return;
    };
    for Wished(wish) in wished.read() {
        match wish {
            Wish::Edit(edit) => explorer.bench.apply(edit.clone()),
            Wish::Settle => explorer.bench.settle(),
            Wish::Undo => explorer.bench.undo(),
            Wish::Redo => explorer.bench.redo(),
            Wish::Paste(text) => {
                let made = opened::paste(text, explorer.bench.setup());
                explorer.take(made);
            }
            Wish::FocusPaste => {
                explorer.hand.panels = true;
                explorer.focus_paste = true;
            }
            Wish::Pin(spot) => {
                explorer.hand.pin(*spot);
                explorer.hand.tab = super::wishes::Tab::Element;
            }
            Wish::Unpin => explorer.hand.pins.clear(),
            Wish::Grain(grain) => explorer.hand.grain = *grain,
            Wish::Spread(spread) => explorer.hand.spread = spread.clamp(0.0, 8.0),
            Wish::Slice(slice) => explorer.hand.slice = *slice,
            Wish::Tab(tab) => explorer.hand.tab = *tab,
            Wish::TogglePanels => explorer.hand.panels = !explorer.hand.panels,
            Wish::PictureSize(width, height) => explorer.hand.picture = (*width, *height),
            Wish::Language(language) => settings.language = *language,
            Wish::Scale(scale) => settings.scale = scale.clamp(0.6, 2.5),
            Wish::Larger(larger) => {
                let change = if *larger { 0.1 } else { -0.1 };
                settings.scale = (settings.scale + change).clamp(0.6, 2.5);
            }
            Wish::ToggleMotion => {
                // What there was before the change that this asks for.
                let reduced = settings.motion == Motion::Full;
                explorer.hand.note = Some(format!(
                    "{}: {}",
                    Word::Motion.text(settings.language),
                    if reduced { "✓" } else { "—" }
                ));
            }
            Wish::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            Wish::Leave => match explorer.lesson {
                Some((index, at)) => {
                    open.write(OpenLesson {
                        index,
                        at: Start::Place(at),
                        playing: false,
                    });
                }
                None => {
                    commands.remove_resource::<Show>();
                    screen.set(Screen::Lessons);
                }
            },
            _ => {}
        }
    }
    // What an edit has taken away is not in the hand any more.
    if let Some(good) = explorer.bench.good().cloned()
        && explorer.hand.pins.iter().any(|spot| !good.exists(*spot))
    {
        explorer.hand.pins.retain(|spot| good.exists(*spot));
    }
}

/// Keeps a workbench that is left, and exchanges one for another.
fn put_away(
    mut wished: MessageReader<Wished>,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    now: Res<Now>,
    stand: Res<Stand>,
    mut lens: ResMut<Lens>,
    mut kept: ResMut<Kept>,
) {
    let Some(mut explorer) = explorer else {
        wished.clear();
        return;
    };
    for Wished(wish) in wished.read() {
        match wish {
            Wish::Leave => kept.keep(explorer.put_away(*stand, *lens, position(&now))),
            Wish::Previous => {
                let present = explorer.put_away(*stand, *lens, position(&now));
                let word = match kept.exchange(present) {
                    Ok(other) => {
                        *lens = other.lens;
                        *explorer = Explorer::again(other, explorer.lesson);
                        Word::FoundAgain
                    }
                    Err(_) => Word::NoOther,
                };
                explorer.hand.note = Some(word.text(settings.language).to_owned());
            }
            _ => {}
        }
    }
}

/// Where the run is: visits done, through all layers.
#[must_use]
pub fn position(now: &Now) -> f64 {
    now.0.as_ref().map_or(0.0, |sample| {
        sample.stations.iter().map(|station| station.position).sum()
    })
}

/// Plays, pauses and steps.
fn run_bench(
    mut wished: MessageReader<Wished>,
    explorer: Option<ResMut<Explorer>>,
    now: Res<Now>,
    mut playhead: ResMut<Playhead>,
) {
    let Some(mut explorer) = explorer else {
        wished.clear();
        return;
    };
    let Some(good) = explorer.bench.good().cloned() else {
        wished.clear();
        return;
    };
    let end = good.stops.end();
    for Wished(wish) in wished.read() {
        let here = explorer.place.unwrap_or_else(|| position(&now)).min(end);
        let speed = explorer.hand.speed;
        let go = |explorer: &mut Explorer, playhead: &mut Playhead, place: f64| {
            explorer.place = Some(place);
            playhead.playing = false;
        };
        match wish {
            Wish::TogglePlay => {
                if !playhead.playing && here >= end && explorer.hand.looped.is_none() {
                    explorer.place = Some(0.0);
                }
                playhead.playing = !playhead.playing;
            }
            Wish::Step(forwards) => {
                let place = good.stops.next(here, explorer.hand.grain, *forwards);
                go(&mut explorer, &mut playhead, place);
                explorer.hand.looped = None;
            }
            Wish::Product(forwards) => {
                let place = good.stops.next(here, Grain::Product, *forwards);
                go(&mut explorer, &mut playhead, place);
            }
            Wish::Position(place) => {
                explorer.place = Some(place.clamp(0.0, end));
                explorer.hand.looped = None;
            }
            Wish::Speed(speed) => {
                explorer.hand.speed = speed.clamp(*SPEEDS.start(), *SPEEDS.end());
            }
            Wish::Faster(faster) => explorer.hand.speed = neighbour(speed, *faster),
            Wish::ToggleLoop => {
                explorer.hand.looped = match explorer.hand.looped {
                    Some(_) => None,
                    // Between two visits, the one that was just done is looked at.
                    None => Some((here.ceil() - 1.0).max(0.0) as u64),
                };
                if explorer.hand.looped.is_some() {
                    playhead.playing = true;
                }
            }
            _ => {}
        }
    }
}

/// The next speed up or down, in steps that one can name.
fn neighbour(speed: f64, faster: bool) -> f64 {
    const NAMED: [f64; 10] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let next = if faster {
        NAMED.into_iter().find(|named| *named > speed * 1.001)
    } else {
        NAMED.into_iter().rfind(|named| *named < speed * 0.999)
    };
    next.unwrap_or(speed)
}

/// Brings the show to what stands on the workbench. The camera stays where it is.
fn show_bench(
    mut commands: Commands,
    explorer: Option<ResMut<Explorer>>,
    settings: Res<Settings>,
    now: Res<Now>,
    show: Option<ResMut<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let Some(good) = explorer.bench.good().cloned() else {
        return;
    };
    // What stands still shows every product; only what runs is swept over.
    let speed = if playhead.playing {
        explorer.hand.speed
    } else {
        explorer.hand.speed.min(1.0)
    };
    let wanted = Shown {
        edition: explorer.bench.edition(),
        language: settings.language,
        spread: explorer.hand.spread,
        speed,
        motion: settings.motion,
    };
    let before = explorer.shown;
    if before == Some(wanted) {
        if let (Some(place), Some(show)) = (explorer.place.take(), &show) {
            playhead.time = show.timeline.time_of(0, place);
        }
        return;
    }
    let here = match (before, &show) {
        (Some(_), Some(show)) => show.timeline.position_at(playhead.time),
        _ => position(&now),
    };
    let place = explorer.place.take().unwrap_or(here);
    let lesson = Arc::new(good.timed(speed));
    let speeches = estimated_speeches(&lesson, settings.language);
    let mut timeline =
        Timeline::new(&lesson, settings.language, &speeches).with_motion(settings.motion);
    timeline.pull_apart(&lesson, wanted.spread);
    // The panels say what this is.
    timeline.title.clear();
    for scene in &mut timeline.scenes {
        scene.title.clear();
    }
    playhead.time = timeline.time_of(0, place.min(good.stops.end()));
    playhead.speed = 1.0;
    let timeline = Arc::new(timeline);
    match show {
        // Only the pace is another one: what stands on the stage stays.
        Some(mut show)
            if before.is_some_and(|before| {
                Shown {
                    speed,
                    motion: wanted.motion,
                    ..before
                } == wanted
            }) =>
        {
            show.lesson = lesson;
            show.timeline = timeline;
        }
        Some(mut show) => show.replace(lesson, timeline),
        None => commands.insert_resource(Show::new(lesson, timeline)),
    }
    explorer.shown = Some(wanted);
}

/// Lets the window at hand begin again when it is done.
fn loop_window(
    explorer: Option<Res<Explorer>>,
    show: Option<Res<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let (Some(explorer), Some(show)) = (explorer, show) else {
        return;
    };
    let Some(visit) = explorer.hand.looped else {
        return;
    };
    let position = show.timeline.position_at(playhead.time);
    let start = visit as f64;
    let ended = position >= start + 1.0 - 1e-9;
    if position < start - 1e-6 || (ended && explorer.shown.is_some()) {
        let again = show.timeline.time_of(0, start + 1e-6);
        if ended && playhead.time > again {
            // It rests for a moment on what has come out.
            let rest = show.timeline.time_of(0, start + 1.0) + 0.6;
            let over = playhead.time >= rest || playhead.time >= show.timeline.duration;
            if over {
                playhead.time = again;
                playhead.playing = true;
            }
        } else {
            playhead.time = again;
        }
    }
}

/// Lights what the elements in the hand have to do with.
fn light(explorer: Option<Res<Explorer>>, mut highlight: ResMut<Highlight>) {
    let Some(explorer) = explorer else {
        return;
    };
    let hand = &explorer.hand;
    let mut wanted = Highlight {
        slice: hand.slice,
        recede: RECEDE[usize::from(hand.pins.is_empty())],
        ..Highlight::default()
    };
    if let Some(good) = explorer.bench.good() {
        let held = hand.pins.iter().chain(&hand.hovered);
        for spot in held.filter(|spot| good.exists(**spot)) {
            // While something is pinned the pointer adds no light but its own.
            if hand.pins.is_empty() || hand.pins.contains(spot) {
                wanted.lit.join(good.lit(*spot));
            }
            wanted.held.push(*spot);
        }
    }
    highlight.set_if_neq(wanted);
}

fn leave(
    mut commands: Commands,
    mut highlight: ResMut<Highlight>,
    mut camera: ResMut<CameraMode>,
    mut playhead: ResMut<Playhead>,
    mut lens: ResMut<Lens>,
) {
    commands.remove_resource::<Explorer>();
    *highlight = Highlight::default();
    *camera = CameraMode::Guided;
    *lens = Lens::Parallel;
    playhead.speed = 1.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_go_up_and_down_between_a_tenth_and_a_hundred() {
        assert_eq!(neighbour(1.0, true), 2.0);
        assert_eq!(neighbour(1.3, false), 1.0);
        assert_eq!(neighbour(100.0, true), 100.0);
        assert_eq!(neighbour(0.1, false), 0.1);
    }

    #[test]
    fn a_lesson_s_scene_becomes_a_setup() {
        let text = r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
            title: (en: "A", ja: "甲"), input: (shape: (4, 6, 6), fill: Random(seed: 3)), order: PositionMajor,
            layers: [Depthwise(kernel: (3, 3)), Pointwise(filters: 6)], beats: [Hold(1.0)])])"#;
        let (lesson, _) = crate::lesson::read("t.ron", text).unwrap();
        let setup = setup_of(&lesson.scenes[0], None).unwrap();
        assert_eq!(setup.fill, Fill::Random { seed: 3 });
        assert_eq!(setup.layers.len(), 2);
        assert_eq!(setup.order, crate::op::LoopOrder::PositionMajor);
        assert!(Workbench::new(setup).problem().is_none());
    }

    fn shape(axes: &[usize]) -> crate::tensor::Shape {
        crate::tensor::Shape::new(axes).unwrap()
    }

    /// A picture, a file of numbers, and one with a tensor by name, of one plane of 3 × 3.
    fn write_files(folder: &Path) {
        let tensor = Fill::Count.make(&shape(&[1, 1, 3, 3])).unwrap();
        let bytes = crate::tensor::files::write_npy(&tensor).unwrap();
        std::fs::write(folder.join("x.npy"), bytes).unwrap();
        image::GrayImage::from_fn(3, 3, |x, y| image::Luma([(40 * x + 60 * y) as u8]))
            .save(folder.join("x.png"))
            .unwrap();
        let header = r#"{"w":{"dtype":"F32","shape":[1,1,3,3],"data_offsets":[0,36]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.extend(tensor.data().iter().flat_map(|value| value.to_le_bytes()));
        std::fs::write(folder.join("x.safetensors"), bytes).unwrap();
    }

    #[test]
    fn a_lesson_s_fills_are_on_the_workbench_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path());
        let named = |file: String| Fill::Named {
            file,
            tensor: "w".to_owned(),
        };
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let anywhere = [
            Fill::Ramp,
            Fill::Count,
            Fill::Random { seed: 99 },
            Fill::Uniform { seed: 1_000 },
            Fill::Checkerboard,
            Fill::Impulse { at: None },
            Fill::Impulse {
                at: Some([0, 1, 2]),
            },
            Fill::Constant(1.0),
            Fill::Constant(-2.5),
            // The same numbers as `Ramp` has, and still not `Ramp`.
            Fill::Values(vec![0.0, 1.0, 2.0, 1.0, 2.0, 3.0, 2.0, 3.0, 4.0]),
            Fill::Identity,
            Fill::BoxBlur,
            Fill::Gaussian,
            Fill::SobelX,
            Fill::SobelY,
            Fill::Laplacian,
            Fill::Sharpen,
            Fill::Emboss,
        ];
        let in_folder = [
            (Fill::Image("x.png".to_owned()), Fill::Image(path("x.png"))),
            (Fill::File("x.npy".to_owned()), Fill::File(path("x.npy"))),
            (
                named("x.safetensors".to_owned()),
                named(path("x.safetensors")),
            ),
        ];
        let fills = anywhere.into_iter().map(|fill| (fill.clone(), fill));
        for (fill, expected) in fills.chain(in_folder) {
            let fill = crate::explore::written::fill(&fill);
            // Kernels by name are for weights, and pictures for inputs.
            let can_be = |axes: &[usize]| expected.make(&shape(axes)).is_ok();
            let (as_input, as_weights) = (can_be(&[1, 3, 3]), can_be(&[1, 1, 3, 3]));
            assert!(as_input || as_weights, "{fill}");
            let input = if as_input { &*fill } else { "Ramp" };
            let weights = if as_weights { &*fill } else { "Ramp" };
            let text = format!(
                r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
                input: (shape: (1, 3, 3), fill: {input}),
                layers: [Conv2d(filters: 1, kernel: (3, 3), weights: {weights})], beats: [Hold(1.0)])])"#
            );
            let file = folder.path().join("t.ron");
            std::fs::write(&file, &text).unwrap();
            let setup = crate::ui::explore::kept::read_setup(&file);
            let setup = setup.unwrap_or_else(|why| panic!("{fill}: {why}"));
            if as_input {
                assert_eq!(setup.fill, expected);
            }
            if as_weights {
                assert_eq!(setup.layers[0].fills().unwrap().0, &expected);
            }
            let bench = Workbench::new(setup);
            assert!(bench.problem().is_none(), "{fill}: {:?}", bench.problem());
        }
    }
}
