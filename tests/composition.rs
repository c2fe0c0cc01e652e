//! How pictures are composed, over all lessons: what a beat is about fills them, and names lie neither on
//! one another nor on a tensor, a card, a caption or the titles.

#[path = "composition/answers.rs"]
mod answers;
mod exceptions;
mod missing;
#[path = "composition/picture.rs"]
mod picture;
mod shipped;
#[path = "composition/tables.rs"]
mod tables;

use std::sync::{Arc, OnceLock};

use bevy::math::{Rect, UVec2, Vec2, Vec3};
use exceptions::{Found, assert_excepted, clock};
use picture::{CAPTION, Picture, Room, Seen};
use tensorama::lesson::{Action, Beat, Language, Layout, Lesson, PictureShape, Scene, Shot};
use tensorama::narration::estimated_speeches;
use tensorama::record::renderer::find_driver;
use tensorama::timeline::{BeatSpan, GuidedView, Timeline};

/// The shapes of pictures, and their sizes in pixels.
const SHAPES: [(&str, UVec2); 3] = [
    ("16:9", UVec2::new(960, 540)),
    ("1:1", UVec2::new(540, 540)),
    ("9:16", UVec2::new(540, 960)),
];
/// Percent of the free height or width that what a beat is about fills at least.
const MORE: f32 = 60.0;
/// Percent of the other of the two.
const LESS: f32 = 35.0;
/// What a caption of one line takes at the foot of a picture, in its 1080ths, where none is up.
const CAPTION_ROOM: f32 = 127.0;
/// How far two things may reach into one another, in 1080ths of the picture.
const TOUCH: f32 = 6.0;
/// Seconds before the end of a beat, when all of its moves have come to rest.
const BEFORE: f64 = 0.05;

/// What a walk through all lessons has found.
#[derive(Default)]
struct Walk {
    pictures: usize,
    names: usize,
    unfilled: Vec<Found>,
    overlaps: Vec<Found>,
}

/// Whether pictures can be laid out here; where not, the check is left out.
fn can_be_drawn() -> bool {
    let found = find_driver().is_ok();
    if !found {
        missing::left_out(
            "no graphics driver was found",
            "`sudo apt-get install mesa-vulkan-drivers`",
        );
    }
    found
}

/// Sets up lessons in each language and in pictures of each shape, one after another in the same room. What
/// looks at them is told the lesson's name, and that of the shape.
fn each_picture(
    lessons: impl Iterator<Item = (String, Lesson)>,
    mut look: impl FnMut(&mut Room, &Lesson, &Timeline, [&str; 2]),
) {
    let mut opened: Option<Room> = None;
    for (name, lesson) in lessons {
        let lesson = Arc::new(lesson);
        for language in Language::ALL {
            let speeches = estimated_speeches(&lesson, language);
            for (shape, size) in SHAPES {
                let picture = PictureShape::of(size.x as f32 / size.y as f32);
                let timeline = Timeline::in_picture(&lesson, language, &speeches, picture);
                let timeline = Arc::new(timeline);
                let room = opened.get_or_insert_with(|| Room::open(&lesson, &timeline));
                room.show(&lesson, &timeline, size);
                look(room, &lesson, &timeline, [&name, shape]);
            }
        }
    }
}

/// The walk, taken once for all tests; `None` where nothing can be drawn.
fn walk() -> Option<&'static Walk> {
    static WALK: OnceLock<Option<Walk>> = OnceLock::new();
    let walk = WALK.get_or_init(|| can_be_drawn().then(walk_through));
    walk.as_ref()
}

fn walk_through() -> Walk {
    let mut walk = Walk::default();
    each_picture(
        shipped::lessons(),
        |room, lesson, timeline, [name, shape]| {
            for (number, scene) in lesson.scenes.iter().enumerate() {
                let here = format!("{name}, scene {}", number + 1);
                walk.look_through(room, timeline, scene, number, [&here, shape]);
            }
        },
    );
    walk
}

impl Walk {
    /// Looks at each beat of a scene: in its middle, and when all has come to rest.
    fn look_through(
        &mut self,
        room: &mut Room,
        timeline: &Timeline,
        scene: &Scene,
        number: usize,
        [here, shape]: [&str; 2],
    ) {
        let span = &timeline.scenes[number];
        for (beat, place) in span.beats.iter().enumerate() {
            let rest = settled(timeline, place);
            for time in [f64::midpoint(place.start, rest), rest] {
                let picture = room.look(time);
                self.pictures += 1;
                self.names += picture.names.len();
                let note = format!("{}, {}", clock(time), timeline.language);
                let found = overlaps(&picture, &format!("{here}, {shape}"), &note);
                self.overlaps.extend(found);
                if time < rest {
                    continue;
                }
                let shot = shot_of(scene, &span.layout, &timeline.at(time).camera);
                let found = unfilled(&picture, &span.layout, shot);
                self.unfilled.extend(found.map(|(measured, filled)| Found {
                    place: format!("{here}, beat {}, {shape}", beat + 1),
                    measured,
                    note: format!("{note}: {filled}"),
                }));
            }
        }
    }
}

/// When all that moves in a beat has come to rest: before its end, and before the answer of a question.
fn settled(timeline: &Timeline, beat: &BeatSpan) -> f64 {
    let mut questions = timeline.questions.iter();
    let question = questions.find(|question| (beat.start..beat.end).contains(&question.start));
    let mut time = question.map_or(beat.end, |question| question.reveal) - BEFORE;
    while time > beat.start && timeline.at(time).scene_opacity < 1.0 {
        time -= BEFORE;
    }
    time
}

/// The shot of a scene that a camera shows.
fn shot_of<'a>(scene: &'a Scene, layout: &Layout, camera: &GuidedView) -> &'a Shot {
    let actions = scene.beats.iter().flat_map(|beat| match beat {
        Beat::Say { at, actions, .. } => {
            let marked = at.iter().flat_map(|(_, actions)| actions);
            actions.iter().chain(marked).collect::<Vec<_>>()
        }
        Beat::Run { actions, .. } => actions.iter().collect(),
        Beat::Hold(_) | Beat::Predict { .. } => Vec::new(),
    });
    let shots = actions.filter_map(|action| match action {
        Action::Camera(shot) => Some(shot),
        Action::Run { .. }
        | Action::Show(_)
        | Action::Hide(_)
        | Action::Focus(_)
        | Action::Formula(_) => None,
    });
    std::iter::once(&scene.camera)
        .chain(shots)
        .find(|shot| layout.frame(shot) == *camera)
        .unwrap_or_else(|| panic!("no shot of {} is at rest", scene.title.en))
}

/// What of a picture a shot is about: as much of what it frames as is there.
fn about(picture: &Picture, layout: &Layout, shot: &Shot) -> Option<Rect> {
    let parts = shot.frame.iter();
    let framed: Vec<(Vec3, Vec3)> = parts.flat_map(|part| layout.bounds(*part)).collect();
    let mut points: Vec<Vec2> = Vec::new();
    for thing in &picture.things {
        let (low, high) = thing.bounds;
        if shot.frame.is_empty() {
            points.extend(thing.corners);
        }
        for (framed_low, framed_high) in &framed {
            let (low, high) = (low.max(*framed_low), high.min(*framed_high));
            if low.cmplt(high).all() {
                points.extend(picture.corners(low, high));
            }
        }
    }
    let first = *points.first()?;
    let nothing = Rect::from_corners(first, first);
    let all = points
        .iter()
        .fold(nothing, |all, point| all.union_point(*point));
    Some(all)
}

/// How many percent what a shot is about lacks, and what it fills; `None` where it fills the picture.
fn unfilled(picture: &Picture, layout: &Layout, shot: &Shot) -> Option<(f64, String)> {
    let whole = Rect::from_corners(Vec2::ZERO, picture.size);
    let seen = about(picture, layout, shot).map(|about| about.intersect(whole));
    let seen = seen.map_or(Vec2::ZERO, |seen| seen.size());
    let (mut top, mut bottom) = (0.0_f32, picture.size.y - CAPTION_ROOM);
    for (name, rect) in &picture.frame {
        if *name == CAPTION {
            bottom = bottom.min(rect.min.y);
        } else {
            top = top.max(rect.max.y);
        }
    }
    let free = Vec2::new(picture.size.x, (bottom - top).max(1.0));
    let filled = seen / free * 100.0;
    let lacking = (MORE - filled.max_element()).max(LESS - filled.min_element());
    let told = format!(
        "{:.0} % of the width, {:.0} % of the height",
        filled.x, filled.y
    );
    (lacking > 0.0).then(|| (f64::from(lacking), told))
}

/// The names of a picture that lie on something.
fn overlaps(picture: &Picture, place: &str, note: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (number, Seen { text, rect }) in picture.names.iter().enumerate() {
        let mut meets = |other: &str, depth: f32| {
            if depth > TOUCH {
                found.push(Found {
                    place: format!("{place}, {text} on {other}"),
                    measured: f64::from(depth),
                    note: note.to_owned(),
                });
            }
        };
        for other in &picture.names[..number] {
            meets(&other.text, depth(&corners(other.rect), &[], *rect));
        }
        for (name, other) in &picture.frame {
            meets(name, depth(&corners(*other), &[], *rect));
        }
        for thing in &picture.things {
            let [origin, along, up, _, back, ..] = thing.corners;
            let edges = [along - origin, up - origin, back - origin];
            meets(&thing.name, depth(&thing.corners, &edges, *rect));
        }
    }
    found
}

fn corners(rect: Rect) -> [Vec2; 4] {
    let (min, max) = (rect.min, rect.max);
    [min, Vec2::new(max.x, min.y), max, Vec2::new(min.x, max.y)]
}

/// How far a convex outline, which has these edges or level ones, and a rectangle reach into one another;
/// 0 where they are apart.
fn depth(outline: &[Vec2], edges: &[Vec2], rect: Rect) -> f32 {
    let across = edges.iter().map(|edge| edge.perp().normalize_or_zero());
    let axes = across.filter(|axis| *axis != Vec2::ZERO);
    let depths = axes.chain([Vec2::X, Vec2::Y]).map(|axis| {
        let (first, last) = span(outline, axis);
        let (low, high) = span(&corners(rect), axis);
        last.min(high) - first.max(low)
    });
    depths.fold(f32::MAX, f32::min).max(0.0)
}

/// Where points begin and end along an axis.
fn span(points: &[Vec2], axis: Vec2) -> (f32, f32) {
    let along = points.iter().map(|point| point.dot(axis));
    along.fold((f32::MAX, f32::MIN), |(low, high), at| {
        (low.min(at), high.max(at))
    })
}

#[test]
fn what_a_beat_is_about_fills_the_picture() {
    let Some(walk) = walk() else { return };
    assert!(walk.pictures > 5_000, "{} pictures", walk.pictures);
    let found = walk.unfilled.clone();
    assert_excepted("percent that are lacking:", found, tables::UNFILLED);
}

#[test]
fn names_lie_on_nothing() {
    let Some(walk) = walk() else { return };
    assert!(walk.names > 10_000, "{} names", walk.names);
    let found = walk.overlaps.clone();
    assert_excepted("1080ths of the picture:", found, tables::OVERLAPS);
}

#[test]
fn a_name_beside_a_slope_does_not_lie_on_it() {
    // A sheet that is seen from the side: its outline leans, its bounds do not.
    let [origin, along, up] = [Vec2::ZERO, Vec2::new(100.0, 60.0), Vec2::new(0.0, -20.0)];
    let outline = [origin, origin + along, origin + up, origin + along + up];
    let edges = [along, up];
    let below = Rect::from_center_size(Vec2::new(20.0, 50.0), Vec2::new(30.0, 20.0));
    assert_eq!(depth(&outline, &edges, below), 0.0);
    assert!(depth(&outline, &[], below) > TOUCH);
    let on_it = Rect::from_center_size(Vec2::new(50.0, 20.0), Vec2::new(30.0, 20.0));
    assert!(depth(&outline, &edges, on_it) > TOUCH);
    let beside = Rect::from_center_size(Vec2::new(160.0, 40.0), Vec2::new(30.0, 20.0));
    assert_eq!(depth(&outline, &[], beside), 0.0);
}
