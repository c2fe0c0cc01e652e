//! The camera: guided by the lesson, or free in the viewer's hands.

use bevy::camera::{CameraMainTextureUsages, ScalingMode};
use bevy::prelude::*;
use bevy::render::render_resource::TextureUsages;

use crate::playback::{CurrentSample, ShowSystems};
use crate::stage::draw::StageCamera;
use crate::stage::formula::card_growth;
use crate::stage::labels::{DIMENSION, LINE, NAME};
use crate::stage::prediction::question_growth;
use crate::stage::text::{ControlBarHeight, LeastLetters};
use crate::timeline::{GuidedView, PictureShape, WIDTH_SHARE};

#[cfg(feature = "window")]
pub mod free;
#[cfg(feature = "window")]
pub mod touch;

/// How far the camera stands from what it looks at in a parallel view, where it only has to be
/// enough.
pub const DISTANCE: f32 = 600.0;
/// The angle of view of a perspective picture, from its lower to its upper edge, in radians.
const FIELD_OF_VIEW: f32 = 0.42;
/// What is framed has this part of the height at least, however much the controls take.
const LEAST_HEIGHT_SHARE: f32 = 0.15;
/// Room that is left between a card, or the titles, and what is framed with the room around it; and the room
/// for a caption of two lines and a dimension at the foot: in 1080ths of the picture's shorter side.
const CARD_GAP: f32 = 56.0;
const CAPTION_ROOM: f32 = 222.0;
/// The same with a high card: what is framed is too small for dimensions then.
const HIGH_CARD_CAPTION_ROOM: f32 = 184.0;
/// What is free at the foot where there are no captions, as with a question.
const FOOT: f32 = 80.0;

/// Room for the name of a tensor above what is framed, and more where that is in several rows, each of which is
/// short, in 1080ths of the picture's shorter side.
const NAME_ROOM: f32 = 96.0;
const STACKED_ROOM: f32 = 48.0;

/// A 1080th of the shorter side of a picture, as a part of its height.
fn letter_share(aspect: f32) -> f32 {
    aspect.clamp(0.1, 1.0) / 1080.0
}

/// The part of a picture's height that the titles and a card take at its head, where letters have a least height.
#[must_use]
pub fn head(headroom: f32, aspect: f32, least: LeastLetters) -> f32 {
    let picture = PictureShape::of(aspect);
    let whole = between(picture.height_share(), headroom);
    let lowered = between(picture.lowered(), headroom);
    let card = card_growth(picture, least);
    let grown = between([0.0, card, card.max(question_growth(least))], headroom);
    0.5 + lowered - 0.5 * whole - (CARD_GAP - grown) * letter_share(aspect)
}

/// A value between those without a card, with one, and with a question.
fn between([without, card, question]: [f32; 3], headroom: f32) -> f32 {
    if headroom <= 1.0 {
        without + (card - without) * headroom
    } else {
        card + (question - card) * (headroom - 1.0).min(1.0)
    }
}

/// Who moves the camera.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CameraMode {
    /// The lesson.
    #[default]
    Guided,
    /// The viewer.
    Free,
}

/// How depth shows.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProjectionMode {
    /// Nothing shrinks with distance.
    #[default]
    Parallel,
    /// What is far is small.
    Perspective,
}

/// Where the camera stands.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub struct CameraPose {
    /// The point in the middle of the picture.
    pub centre: Vec3,
    /// To the right of straight ahead, in radians.
    pub yaw: f32,
    /// Above the horizon, in radians.
    pub pitch: f32,
    /// The height of the picture at that point, in world units.
    pub height: f32,
}

impl CameraPose {
    /// A pose from yaw and pitch in degrees, the height of the picture, and its middle.
    #[must_use]
    pub const fn from_degrees([yaw, pitch, height, x, y, z]: [f32; 6]) -> Self {
        Self {
            centre: Vec3::new(x, y, z),
            yaw: yaw.to_radians(),
            pitch: pitch.to_radians(),
            height,
        }
    }

    /// Yaw and pitch in degrees, the height of the picture, and its middle.
    #[must_use]
    pub const fn to_degrees(&self) -> [f32; 6] {
        let Vec3 { x, y, z } = self.centre;
        let (yaw, pitch) = (self.yaw.to_degrees(), self.pitch.to_degrees());
        [yaw, pitch, self.height, x, y, z]
    }
}

impl Default for CameraPose {
    fn default() -> Self {
        Self {
            centre: Vec3::ZERO,
            yaw: 0.0,
            pitch: 0.0,
            height: 20.0,
        }
    }
}

/// The viewer's stand that the guided camera comes home from, and the part of the way done.
#[derive(Resource, Debug, Clone, Copy, Default)]
struct ReturnBlend(Option<(CameraPose, f32)>);

/// What every camera on the stage has in common, in a window and in a recording: no tone mapping,
/// no dithering and no multisampling stand between the palette and the screen.
#[must_use]
pub fn stage_camera() -> impl Bundle {
    (
        Name::new("stage camera"),
        StageCamera,
        // Lettering belongs to this camera, window or not.
        IsDefaultUiCamera,
        Camera3d::default(),
        ProjectionMode::Parallel.projection(1.0),
        Msaa::Off,
        CameraMainTextureUsages(
            TextureUsages::RENDER_ATTACHMENT
                | TextureUsages::TEXTURE_BINDING
                | TextureUsages::COPY_SRC
                | TextureUsages::COPY_DST,
        ),
    )
}

/// Moves the camera as the lesson says.
pub fn plugin(app: &mut App) {
    app.init_resource::<CameraMode>()
        .init_resource::<ProjectionMode>()
        .init_resource::<CameraPose>()
        .init_resource::<ReturnBlend>()
        .add_systems(
            Update,
            guide_camera
                .in_set(ShowSystems::Apply)
                .run_if(resource_equals(CameraMode::Guided)),
        );
}

fn guide_camera(
    now: Res<CurrentSample>,
    projection_mode: Res<ProjectionMode>,
    return_blend: Res<ReturnBlend>,
    (control_bar, least): (Option<Res<ControlBarHeight>>, Option<Res<LeastLetters>>),
    mut pose: ResMut<CameraPose>,
    mut cameras: Query<(&Camera, &mut Transform, &mut Projection), With<StageCamera>>,
) {
    let Some(sample) = &now.0 else {
        return;
    };
    for (camera, mut transform, mut projection) in &mut cameras {
        let size = camera
            .logical_viewport_size()
            .unwrap_or(Vec2::new(16.0, 9.0));
        let below = control_bar.as_ref().map_or(0.0, |bar| bar.part_of(size));
        let mut wanted = CameraPose::guided(
            &sample.camera,
            sample.headroom,
            1.0 - sample.asking,
            below,
            size.x / size.y.max(1.0),
            least
                .as_ref()
                .map_or_else(LeastLetters::default, |least| **least),
        );
        if let Some((from, part)) = return_blend.0 {
            wanted = from.towards(&wanted, part);
        }
        pose.set_if_neq(wanted);
        transform.set_if_neq(wanted.transform(*projection_mode));
        let fitting = projection_mode.projection(wanted.height);
        if !same_projection(&projection, &fitting) {
            *projection = fitting;
        }
    }
}

/// Whether two projections show the same; what the engine works out from the window's size aside.
fn same_projection(a: &Projection, b: &Projection) -> bool {
    match (a, b) {
        (Projection::Orthographic(a), Projection::Orthographic(b)) => {
            a.scale == b.scale && a.far == b.far
        }
        (Projection::Perspective(a), Projection::Perspective(b)) => a.fov == b.fov,
        _ => false,
    }
}

impl ProjectionMode {
    /// The projection of a picture that is so high.
    #[must_use]
    pub fn projection(self, height: f32) -> Projection {
        match self {
            Self::Parallel => Projection::Orthographic(OrthographicProjection {
                scaling_mode: ScalingMode::FixedVertical {
                    viewport_height: 1.0,
                },
                scale: height,
                near: 0.0,
                far: 2.0 * DISTANCE,
                ..OrthographicProjection::default_3d()
            }),
            Self::Perspective => Projection::Perspective(PerspectiveProjection {
                fov: FIELD_OF_VIEW,
                near: 0.0625,
                ..default()
            }),
        }
    }
}

impl CameraPose {
    /// Where the lesson has the camera, in a picture of this shape, of which the part `below` is
    /// covered by the window's controls, with room for so much of a card and of captions, in letters of a least height.
    #[must_use]
    pub fn guided(
        view: &GuidedView,
        headroom: f32,
        captions: f32,
        below: f32,
        aspect: f32,
        least: LeastLetters,
    ) -> Self {
        let picture = PictureShape::of(aspect);
        let (whole, lowered) = (
            between(picture.height_share(), headroom),
            between(picture.lowered(), headroom),
        );
        let by_height = 2.0 * view.half.y / (whole - below).max(LEAST_HEIGHT_SHARE);
        let by_width = 2.0 * view.half.x / (WIDTH_SHARE * aspect.max(0.1));
        // Letters do not shrink with what they name: it keeps so far from what is above and below it.
        let letters = letter_share(aspect);
        // The names of sides stand beside them in a wide picture, and that of each thing over it alone.
        let more = match picture {
            PictureShape::Wide => 0.0,
            PictureShape::Square | PictureShape::Upright => STACKED_ROOM * view.stacked,
        };
        // A name has two lines at most.
        let names = NAME_ROOM + more + 2.0 * least.more(NAME) * LINE;
        let highest = head(headroom, aspect, least) + names * letters;
        let foot = between(
            [CAPTION_ROOM, CAPTION_ROOM, HIGH_CARD_CAPTION_ROOM],
            headroom,
        );
        let foot = FOOT + (foot - FOOT) * captions + least.more(DIMENSION) * LINE;
        let lowest = 1.0 - below - foot * letters;
        let free = (lowest - highest).max(LEAST_HEIGHT_SHARE);
        let by_letters = (view.reach.x + view.reach.y) / free;
        let height = by_height.max(by_width).max(by_letters);
        let middle = (0.5 + lowered - 0.5 * below)
            .min(lowest - view.reach.x / height)
            .max(highest + view.reach.y / height);
        let [_, up, _] = view.axes();
        Self {
            centre: view.centre + up * ((middle - 0.5) * height),
            yaw: view.yaw.to_radians(),
            pitch: view.pitch.to_radians(),
            height,
        }
    }

    /// Where all of a view is seen with nothing but names over and under it, in a picture of this shape of which the
    /// parts `above` and `below` are covered.
    #[must_use]
    pub fn alone(view: &GuidedView, (above, below): (f32, f32), aspect: f32) -> Self {
        let letters = letter_share(aspect);
        let highest = above + NAME_ROOM * letters;
        let lowest = 1.0 - below - FOOT * letters;
        let free = (lowest - highest).max(LEAST_HEIGHT_SHARE);
        let by_width = 2.0 * view.half.x / (WIDTH_SHARE * aspect.max(0.1));
        let height = (2.0 * view.half.y / free).max(by_width);
        let [_, up, _] = view.axes();
        Self {
            centre: view.centre + up * (((highest + lowest) * 0.5 - 0.5) * height),
            yaw: view.yaw.to_radians(),
            pitch: view.pitch.to_radians(),
            height,
        }
    }

    /// The stand at a part of the way to another one.
    fn towards(&self, to: &Self, part: f32) -> Self {
        // The short way round.
        let turn = (to.yaw - self.yaw + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU)
            - std::f32::consts::PI;
        Self {
            centre: self.centre.lerp(to.centre, part),
            yaw: to.yaw - turn * (1.0 - part),
            pitch: self.pitch + (to.pitch - self.pitch) * part,
            height: self.height + (to.height - self.height) * part,
        }
    }

    /// How far the camera is from the middle of the picture.
    #[must_use]
    pub fn distance(&self, projection_mode: ProjectionMode) -> f32 {
        match projection_mode {
            ProjectionMode::Parallel => DISTANCE,
            ProjectionMode::Perspective => self.height / Self::height_at(1.0),
        }
    }

    /// The height of a perspective picture at a distance.
    #[must_use]
    pub fn height_at(distance: f32) -> f32 {
        2.0 * bevy::math::ops::tan(FIELD_OF_VIEW * 0.5) * distance
    }

    /// The camera's transform.
    #[must_use]
    pub fn transform(&self, projection_mode: ProjectionMode) -> Transform {
        let rotation = Quat::from_rotation_y(self.yaw) * Quat::from_rotation_x(-self.pitch);
        let translation = self.centre + rotation * (Vec3::Z * self.distance(projection_mode));
        Transform {
            translation,
            rotation,
            scale: Vec3::ONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_framed_fits_into_pictures_of_every_shape() {
        let view = GuidedView {
            yaw: 30.0,
            pitch: 20.0,
            centre: Vec3::ONE,
            half: Vec2::new(10.0, 4.0),
            reach: Vec2::splat(3.5),
            stacked: 0.0,
        };
        for aspect in [16.0 / 9.0, 1.0, 9.0 / 16.0] {
            for headroom in [0.0, 1.0] {
                let pose =
                    CameraPose::guided(&view, headroom, 1.0, 0.0, aspect, LeastLetters::default());
                assert!(pose.height >= 2.0 * view.half.y / 0.7);
                assert!(pose.height * aspect >= 2.0 * view.half.x);
            }
        }
    }

    /// Something four times as high as broad, seen from the front.
    fn tall() -> GuidedView {
        GuidedView {
            yaw: 0.0,
            pitch: 0.0,
            centre: Vec3::ZERO,
            half: Vec2::new(1.0, 4.0),
            reach: Vec2::splat(4.0),
            stacked: 0.0,
        }
    }

    #[test]
    fn what_is_framed_on_a_phone_leaves_room_for_its_letters() {
        let view = tall();
        let phone = LeastLetters::of_window(Vec2::new(390.0, 844.0));
        let [usual, grown] = [LeastLetters::default(), phone].map(|least| {
            let pose = CameraPose::guided(&view, 1.0, 1.0, 0.0, 390.0 / 844.0, least);
            // Where its upper end is, as a part of the picture's height.
            0.5 - (view.half.y - pose.centre.y) / pose.height
        });
        let lower = card_growth(PictureShape::Upright, phone) * letter_share(390.0 / 844.0);
        assert!(grown >= usual + 0.5 * lower, "{usual} {grown}");
    }

    #[test]
    fn the_answer_to_a_question_has_its_room_on_a_phone_that_lies() {
        let phone = LeastLetters::of_window(Vec2::new(844.0, 390.0));
        let heads = |headroom: f32| {
            let of = |least| 1080.0 * head(headroom, 844.0 / 390.0, least);
            [of(LeastLetters::default()), of(phone)]
        };
        // The card of a step is not higher there, that of a question is.
        let [usual, grown] = heads(1.0);
        assert_eq!(usual, grown);
        let [usual, grown] = heads(2.0);
        let more = grown - usual;
        assert!((more - question_growth(phone)).abs() < 0.01, "{more}");
    }

    #[test]
    fn a_view_that_stands_alone_fills_what_is_not_covered() {
        let view = tall();
        for (above, below) in [(0.0, 0.0), (0.2, 0.0), (0.0, 0.15), (0.2, 0.15)] {
            let pose = CameraPose::alone(&view, (above, below), 1.5);
            // Where its upper and its lower end are, as parts of the picture's height from its top.
            let at = |y: f32| 0.5 - (y - pose.centre.y) / pose.height;
            let (top, foot) = (at(view.half.y), at(-view.half.y));
            assert!(top > above + 0.05 && foot < 1.0 - below - 0.05);
            assert!(foot - top > 0.7 * (1.0 - above - below), "{top} {foot}");
        }
    }

    #[test]
    fn a_stand_and_a_view_mean_the_same_directions() {
        let view = GuidedView {
            yaw: 37.0,
            pitch: 21.0,
            centre: Vec3::ZERO,
            half: Vec2::ONE,
            reach: Vec2::ONE,
            stacked: 0.0,
        };
        let pose = CameraPose::guided(&view, 0.0, 1.0, 0.0, 1.0, LeastLetters::default());
        let transform = pose.transform(ProjectionMode::Parallel);
        let [right, up, back] = view.axes();
        assert!(transform.right().distance(right) < 1e-5);
        assert!(transform.up().distance(up) < 1e-5);
        assert!(transform.back().distance(back) < 1e-5);
    }

    #[test]
    fn the_way_home_is_the_short_one() {
        let from = CameraPose {
            yaw: 3.0,
            ..CameraPose::default()
        };
        let to = CameraPose {
            yaw: -3.0,
            ..CameraPose::default()
        };
        let middle = from.towards(&to, 0.5).yaw;
        assert!(
            (middle.rem_euclid(std::f32::consts::TAU) - std::f32::consts::PI).abs() < 1e-4,
            "{middle}"
        );
        assert!((from.towards(&to, 1.0).yaw - to.yaw).abs() < 1e-6);
    }
}
