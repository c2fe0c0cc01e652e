//! Lettering: the fonts that come with the program, and sizes in 1080ths of the picture.

use bevy::image::ImageSampler;
use bevy::prelude::*;
use bevy::text::FontAtlasSet;
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

impl TextFonts {
    /// The fonts of the font files.
    pub fn load(fonts: &mut Assets<Font>) -> Self {
        let [medium, bold] =
            font_files::get().map(|file| fonts.add(Font::from_bytes(file.to_vec())));
        Self { medium, bold }
    }

    /// A piece of text. `size` is in 1080ths of the picture's shorter side.
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
