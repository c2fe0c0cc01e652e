//! Lettering: the fonts that come with the program, and sizes in 1080ths of the picture.

use bevy::image::ImageSampler;
use bevy::prelude::*;
use bevy::text::{FontAtlasSet, detect_text_needs_rerender};
use bevy::ui::UiSystems;

use super::draw::StageCamera;
pub use crate::font_files;

/// The fonts, embedded so that a recording never misses them.
#[derive(Resource, Debug, Clone, Default)]
pub struct TextFonts {
    /// For reading.
    pub medium: Handle<Font>,
    /// For names and numbers.
    pub bold: Handle<Font>,
}

/// What lies over what, from back to front; explicit, since otherwise it would depend on what came
/// onto the stage first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextLayer {
    /// Names beside the tensors.
    Labels,
    /// Titles and captions.
    Frame,
    /// The formula card.
    Card,
    /// The card of a prediction.
    Prediction,
}

impl TextLayer {
    /// The layer as the engine knows it.
    #[must_use]
    pub const fn z(self) -> GlobalZIndex {
        GlobalZIndex(self as i32)
    }
}

/// How much of the picture's lower edge belongs to the window's controls, in 1080ths of its
/// height. Captions keep above it. A recording has none.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct ControlBarHeight(pub f32);

impl ControlBarHeight {
    /// The part of a window's height that belongs to the controls.
    #[must_use]
    pub fn part_of(self, window: Vec2) -> f32 {
        self.0 / 1080.0 * window.min_element() / window.y.max(1.0)
    }
}

/// How much of the picture's upper edge the card of the step takes where no titles stand above it, in 1080ths of its
/// height: on the workbench. Names keep below it. A recording has titles.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct CardHeight(pub f32);

impl CardHeight {
    /// The part of a window's height that belongs to the card.
    #[must_use]
    pub fn part_of(self, window: Vec2) -> f32 {
        ControlBarHeight(self.0).part_of(window)
    }
}

/// How much of the picture's left and right edges belongs to panels of the window, in 1080ths of
/// its height. Names of tensors keep clear of them. A recording has none.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct SidePanelWidths {
    /// On the left.
    pub left: f32,
    /// On the right.
    pub right: f32,
    /// A button in the upper left corner, which covers nothing but the edge of a card.
    pub corner: f32,
}

impl SidePanelWidths {
    /// The part of a window's width that belongs to the panels.
    #[must_use]
    pub fn part_of(self, window: Vec2) -> f32 {
        (self.left + self.right) / 1080.0 * window.min_element() / window.x.max(1.0)
    }
}

/// How high letters are at least, in 1080ths of the picture's shorter side: a window on a phone is too small for those
/// of a video. A recording has no least, since its pixels are what they are.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct LeastLetters(f32);

impl LeastLetters {
    /// The height of the smallest letters in a window, in points.
    pub const POINTS: f32 = 14.0;
    /// A window of less than 200 points is for a glance, and has no room for readable letters.
    const MOST: f32 = 76.0;

    /// That of a window of a size.
    #[must_use]
    pub fn of_window(window: Vec2) -> Self {
        let least = Self::POINTS * 1080.0 / window.min_element().max(1.0);
        // Whole, so that a window whose size is dragged is not written anew with every point.
        Self(least.ceil().min(Self::MOST))
    }

    /// How high letters are that would be of a size.
    #[must_use]
    pub const fn of(self, size: f32) -> f32 {
        size.max(self.0)
    }

    /// How many times as high letters of a size are.
    #[must_use]
    pub const fn growth(self, size: f32) -> f32 {
        self.of(size) / size
    }

    /// By how much letters of a size are higher than that.
    #[must_use]
    pub const fn more(self, size: f32) -> f32 {
        self.of(size) - size
    }
}

/// How high the letters of a text would be in a large picture.
#[derive(Component, Debug, Clone, Copy)]
struct Letters(f32);

impl TextFonts {
    /// The fonts of the font files.
    pub fn load(fonts: &mut Assets<Font>) -> Self {
        let [medium, bold] =
            font_files::get().map(|file| fonts.add(Font::from_bytes(file.to_vec())));
        Self { medium, bold }
    }

    /// A piece of text. `size` is in 1080ths of the picture's shorter side; a small window has [`LeastLetters`].
    pub fn write<T: Into<String>>(
        &self,
        text: T,
        bold: bool,
        size: f32,
        color: Color,
    ) -> impl Bundle + use<T> {
        let font = if bold { &self.bold } else { &self.medium };
        (
            Text::new(text),
            TextFont {
                font: font.clone().into(),
                font_size: FontSize::Px(size),
                ..default()
            },
            Letters(size),
            TextColor(color),
            TextLayout::new(Justify::Center, LineBreak::WordBoundary),
        )
    }
}

/// Loads the fonts and keeps lettering in proportion to the picture.
pub fn plugin(app: &mut App) {
    let text_fonts = match app.world_mut().get_resource_mut::<Assets<Font>>() {
        Some(mut fonts) => TextFonts::load(&mut fonts),
        // Without a renderer nobody reads.
        None => TextFonts::default(),
    };
    app.insert_resource(text_fonts)
        .init_resource::<ControlBarHeight>()
        .init_resource::<SidePanelWidths>()
        .init_resource::<CardHeight>()
        .init_resource::<LeastLetters>()
        .add_systems(
            PostUpdate,
            keep_readable
                .before(detect_text_needs_rerender)
                .before(UiSystems::Content)
                .run_if(not(resource_equals(LeastLetters::default()))),
        )
        .add_systems(
            PostUpdate,
            sharpen_glyphs
                .after(UiSystems::PostLayout)
                .run_if(resource_exists::<FontAtlasSet>.and_then(resource_exists::<Assets<Image>>)),
        )
        .add_systems(PreUpdate, scale_text.run_if(resource_exists::<UiScale>));
}

/// Reads glyphs texel by texel. They are drawn for the very pixel that they stand on; blending
/// between texels would only round differently with each glyph's place in the atlas, and a frame
/// drawn alone would differ by a shade from the same frame of the whole.
fn sharpen_glyphs(atlases: Res<FontAtlasSet>, mut images: ResMut<Assets<Image>>) {
    for atlas in atlases.values().flatten() {
        let blends = images
            .get(&atlas.texture)
            .is_some_and(|image| !matches!(image.sampler, ImageSampler::Descriptor(_)));
        if let (true, Some(mut image)) = (blends, images.get_mut(&atlas.texture)) {
            image.sampler = ImageSampler::nearest();
        }
    }
}

/// Writes no text in letters that are lower than the window's least.
fn keep_readable(least: Res<LeastLetters>, mut texts: Query<(&Letters, &mut TextFont)>) {
    for (letters, mut font) in &mut texts {
        let size = FontSize::Px(least.of(letters.0));
        if font.font_size != size {
            font.font_size = size;
        }
    }
}

fn scale_text(cameras: Query<&Camera, With<StageCamera>>, mut scale: ResMut<UiScale>) {
    let Some(size) = cameras
        .single()
        .ok()
        .and_then(Camera::logical_viewport_size)
    else {
        return;
    };
    let wanted = size.min_element() / 1080.0;
    if wanted > 0.0 && (scale.0 - wanted).abs() > 1e-6 {
        scale.0 = wanted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The heights of letters on the stage, in 1080ths.
    const SIZES: [f32; 5] = [23.0, 26.0, 36.0, 40.0, 44.0];

    #[test]
    fn no_letter_of_a_phone_is_lower_than_fourteen_points() {
        for window in [
            [390.0, 844.0],
            [844.0, 390.0],
            [320.0, 568.0],
            [800.0, 450.0],
        ] {
            let window = Vec2::from(window);
            let least = LeastLetters::of_window(window);
            for size in SIZES {
                let points = least.of(size) * window.min_element() / 1080.0;
                assert!(points >= 14.0, "{window}: {size} has {points} points");
                let usual = size * window.min_element() / 1080.0;
                assert!(
                    points <= usual.max(14.4),
                    "{window}: {size} has {points} points"
                );
            }
        }
    }

    #[test]
    fn letters_of_a_recording_and_of_a_large_window_are_as_they_were() {
        let large = LeastLetters::of_window(Vec2::new(1280.0, 720.0));
        for least in [LeastLetters::default(), large] {
            for size in SIZES {
                assert_eq!(least.of(size).to_bits(), size.to_bits());
                assert_eq!(least.growth(size).to_bits(), 1.0_f32.to_bits());
                assert_eq!(least.more(size).to_bits(), 0.0_f32.to_bits());
            }
        }
    }

    #[test]
    fn a_text_grows_with_the_least_letters_and_shrinks_again() {
        let mut world = World::new();
        world.init_resource::<LeastLetters>();
        let text = TextFonts::default().write("W 6", false, 26.0, Color::WHITE);
        let text = world.spawn(text).id();
        let mut written = |least: LeastLetters| {
            world.insert_resource(least);
            world.run_system_cached(keep_readable).unwrap();
            world.get::<TextFont>(text).unwrap().font_size
        };
        let phone = LeastLetters::of_window(Vec2::new(390.0, 844.0));
        assert_eq!(written(phone), FontSize::Px(39.0));
        let screen = LeastLetters::of_window(Vec2::new(1920.0, 1080.0));
        assert_eq!(written(screen), FontSize::Px(26.0));
    }
}
