//! What stands where in a picture, in 1080ths of its shorter side. All of it is what a recording draws, laid
//! out by the engine with the real letters; only nothing is drawn.

use std::sync::Arc;

use bevy::camera::RenderTarget;
use bevy::prelude::*;
use tensorama::camera::{CameraPose, ProjectionMode};
use tensorama::lesson::Lesson;
use tensorama::playback::{ChosenAnswers, CurrentSample, Playhead, Show};
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::stage::captions::{CaptionText, ChapterTitle};
use tensorama::stage::draw::StageCamera;
use tensorama::stage::elements::Stage;
use tensorama::stage::formula::FormulaCard;
use tensorama::stage::labels::Label;
use tensorama::stage::palette::Studio;
use tensorama::stage::prediction::PredictionCard;
use tensorama::timeline::{Motion, PartState, Sample, Timeline};

/// The name of the caption among what frames a picture.
pub const CAPTION: &str = "the caption";
/// The part of a line of letters above and below them that is empty.
const LEADING: f32 = 0.15;

/// A room in which pictures are set up.
pub struct Room(Renderer);

impl Room {
    /// A room with a lesson in it.
    pub fn open(lesson: &Arc<Lesson>, timeline: &Arc<Timeline>) -> Self {
        let settings = RenderSettings {
            size: UVec2::new(320, 180),
            studio: Studio::Light,
            captions: true,
            motion: Motion::Full,
        };
        let show = Show::new(lesson.clone(), timeline.clone());
        Self(Renderer::new(show, settings).unwrap())
    }

    /// Puts another lesson into it, or the same one in another language, for a picture of a size in pixels.
    pub fn show(&mut self, lesson: &Arc<Lesson>, timeline: &Arc<Timeline>, size: UVec2) {
        let world = self.0.world();
        let mut show = world.resource_mut::<Show>();
        show.replace(lesson.clone(), timeline.clone());
        let mut cameras =
            world.query_filtered::<(&mut RenderTarget, &mut Projection), With<StageCamera>>();
        let (mut target, mut projection) = cameras.single_mut(world).unwrap();
        *target = RenderTarget::None { size };
        // The engine looks at the size of the target when the projection is another.
        projection.set_changed();
        // The first update finds the size, the second one that of letters, the third one lays them out.
        for _ in 0..3 {
            self.update(0.0);
        }
    }

    /// What stands where at a time.
    pub fn look(&mut self, time: f64) -> Picture {
        self.update(time);
        Picture::of(self.0.world())
    }

    /// Chooses an answer to a question of the lesson.
    pub fn choose(&mut self, question: usize, choice: usize) {
        let mut chosen = self.0.world().resource_mut::<ChosenAnswers>();
        chosen.choose(question, choice);
    }

    /// Forgets what was chosen.
    pub fn forget_choices(&mut self) {
        self.0.world().resource_mut::<ChosenAnswers>().clear();
    }

    fn update(&mut self, time: f64) {
        let world = self.0.world();
        world.resource_mut::<Playhead>().time = time;
        world.run_schedule(Main);
        world.clear_trackers();
    }
}

/// A piece of text in a picture.
pub struct Seen {
    /// What it says, in one line.
    pub text: String,
    /// Its letters.
    pub rect: Rect,
}

/// A tensor, a filter or a block of a network that is there.
pub struct Thing {
    /// What it is.
    pub name: String,
    /// Its lowest and its highest corner in space.
    pub bounds: (Vec3, Vec3),
    /// All of its corners in the picture; each bit of their numbers is an axis.
    pub corners: [Vec2; 8],
}

/// A picture.
pub struct Picture {
    /// How large it is.
    pub size: Vec2,
    /// The names beside the tensors.
    pub names: Vec<Seen>,
    /// Titles, cards and the caption.
    pub frame: Vec<(&'static str, Rect)>,
    /// What stands on the stage.
    pub things: Vec<Thing>,
    /// Where the camera stands.
    pose: CameraPose,
}

impl Picture {
    fn of(world: &mut World) -> Self {
        let scale = world.resource::<UiScale>().0;
        let mut cameras = world.query_filtered::<&Camera, With<StageCamera>>();
        let camera = cameras.single(world).unwrap();
        let mut picture = Self {
            size: camera.logical_viewport_size().unwrap() / scale,
            names: names(world, scale),
            frame: frame(world, scale),
            things: Vec::new(),
            pose: *world.resource::<CameraPose>(),
        };
        let sample = world.resource::<CurrentSample>().0.as_ref().unwrap();
        let boxes = standing(world.resource::<Stage>(), sample);
        let things = boxes.into_iter().map(|(name, (low, high))| Thing {
            name,
            bounds: (low, high),
            corners: picture.corners(low, high),
        });
        picture.things = things.collect();
        picture
    }

    /// Where the corners of a box are; each bit of their numbers is an axis.
    pub fn corners(&self, low: Vec3, high: Vec3) -> [Vec2; 8] {
        std::array::from_fn(|corner| {
            let pick = |bit: usize, low: f32, high: f32| if corner & bit == 0 { low } else { high };
            self.point(Vec3::new(
                pick(1, low.x, high.x),
                pick(2, low.y, high.y),
                pick(4, low.z, high.z),
            ))
        })
    }

    /// Where a point in space is.
    fn point(&self, point: Vec3) -> Vec2 {
        let camera = self.pose.transform(ProjectionMode::Parallel);
        let away = point - self.pose.centre;
        let (right, up) = (away.dot(*camera.right()), away.dot(*camera.up()));
        self.size * 0.5 + Vec2::new(right, -up) * (self.size.y / self.pose.height)
    }
}

/// Where a node is.
fn rect(world: &World, entity: Entity, scale: f32) -> Option<Rect> {
    let size = world.get::<ComputedNode>(entity)?.size();
    let middle = world.get::<UiGlobalTransform>(entity)?.translation;
    Some(Rect::from_center_size(middle / scale, size / scale))
}

/// The names that can be read.
fn names(world: &mut World, scale: f32) -> Vec<Seen> {
    let mut labels = world.query_filtered::<(&Visibility, &Children), With<Label>>();
    let mut texts: Vec<Entity> = Vec::new();
    for (visibility, children) in labels.iter(world) {
        if *visibility != Visibility::Hidden {
            texts.extend(children.iter());
        }
    }
    let seen = texts.into_iter().filter_map(|entity| {
        let text = world.get::<Text>(entity)?;
        let color = world.get::<TextColor>(entity)?;
        if color.0.alpha() < 0.1 {
            return None;
        }
        let mut rect = rect(world, entity, scale)?;
        let leading = rect.height() / text.0.lines().count().max(1) as f32 * LEADING;
        rect.min.y += leading;
        rect.max.y -= leading;
        Some(Seen {
            text: text.0.replace('\n', " "),
            rect,
        })
    });
    seen.collect()
}

/// What frames the picture, as far as it is there.
fn frame(world: &mut World, scale: f32) -> Vec<(&'static str, Rect)> {
    let mut captions = world.query_filtered::<&ChildOf, With<CaptionText>>();
    let caption = captions.single(world).unwrap().parent();
    let mut chapters = world.query_filtered::<&ChildOf, With<ChapterTitle>>();
    let titles = chapters.single(world).unwrap().parent();
    let mut cards = world.query_filtered::<Entity, With<FormulaCard>>();
    let card = cards.single(world).unwrap();
    let mut questions = world.query_filtered::<Entity, With<PredictionCard>>();
    let question = questions.single(world).unwrap();
    let all = [
        ("the titles", titles),
        (CAPTION, caption),
        ("the card", card),
        ("the question", question),
    ];
    let there = all.into_iter().filter(|(_, entity)| {
        let visibility = world.get::<Visibility>(*entity);
        visibility.is_some_and(|visibility| *visibility != Visibility::Hidden)
    });
    there
        .filter_map(|(name, entity)| Some((name, rect(world, entity, scale)?)))
        .collect()
}

/// What stands on the stage, by its name, as boxes.
fn standing(stage: &Stage, sample: &Sample) -> Vec<(String, (Vec3, Vec3))> {
    let model = &stage.model;
    let layout = &model.layout;
    let there = |state: &PartState| state.presence > 0.5;
    let parts = &sample.parts;
    if !layout.network.is_empty() {
        let blocks = layout.network.iter().zip(&parts.tensors).enumerate();
        let blocks = blocks.filter(|(_, (_, states))| states.iter().any(there));
        return blocks
            .map(|(number, (bounds, _))| (format!("block {number}"), *bounds))
            .collect();
    }
    let moments = stage.moments().unwrap_or_default();
    let mut boxes = Vec::new();
    for (number, (block, states)) in layout.tensors.iter().zip(&parts.tensors).enumerate() {
        // What has been carried over stands where it was carried to.
        let reader = model
            .neighbours(number)
            .1
            .and_then(|reader| moments.get(reader));
        let carried = reader.is_some_and(|moment| moment.left_behind() <= 0.0);
        let first = states.iter().position(there);
        let last = states.iter().rposition(there);
        if let (Some(first), Some(last), false) = (first, last, carried) {
            let (near, far) = (block.channel(first).bounds(), block.channel(last).bounds());
            let bounds = (near.0.min(far.0), near.1.max(far.1));
            boxes.push((format!("tensor {number}"), bounds));
        }
    }
    let layers = layout.staged_layers.iter().zip(&parts.staged_layers);
    for (number, (layer, states)) in layers.enumerate() {
        for (filter, _) in layer
            .filters
            .iter()
            .zip(&states.filters)
            .filter(|(_, state)| there(state))
        {
            boxes.push((format!("a filter of layer {number}"), filter.bounds()));
        }
        let padded = layer.padded_block().bounds();
        let input = parts.tensors[model.staged_layers[number].input]
            .iter()
            .any(there);
        if input && there(&states.padding) && padded != layer.input.bounds() {
            boxes.push((format!("the padding of layer {number}"), padded));
        }
    }
    boxes
}
