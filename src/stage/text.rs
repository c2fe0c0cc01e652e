//! Lettering: the fonts that come with the program, and sizes in 1080ths of the picture.

use bevy::prelude::*;

use super::draw::StageCamera;

/// The fonts, embedded so that a recording never misses them.
#[derive(Resource, Debug, Clone, Default)]
pub struct Lettering {
    /// For reading.
    pub medium: Handle<Font>,
    /// For names and numbers.
    pub bold: Handle<Font>,
}

/// The font file of [`Lettering::medium`].
pub const MEDIUM: &[u8] = include_bytes!("../../assets/fonts/TensoramaSans-Medium.ttf");
/// The font file of [`Lettering::bold`].
pub const BOLD: &[u8] = include_bytes!("../../assets/fonts/TensoramaSans-Bold.ttf");

/// How much of the picture's lower edge belongs to the window's controls, in 1080ths of its
/// height. Captions keep above it. A recording has none.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct ControlRoom(pub f32);

impl Lettering {
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
    let lettering = match app.world_mut().get_resource_mut::<Assets<Font>>() {
        Some(mut fonts) => Lettering {
            medium: fonts.add(Font::from_bytes(MEDIUM.to_vec())),
            bold: fonts.add(Font::from_bytes(BOLD.to_vec())),
        },
        // Without a renderer nobody reads.
        None => Lettering::default(),
    };
    app.insert_resource(lettering)
        .init_resource::<ControlRoom>()
        .add_systems(
            PreUpdate,
            scale_lettering.run_if(resource_exists::<UiScale>),
        );
}

fn scale_lettering(cameras: Query<&Camera, With<StageCamera>>, mut scale: ResMut<UiScale>) {
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
