//! The shape of the picture that a scene is laid out for.

use super::lines::Room;
use crate::network::map::MapPicture;

/// The part of the picture's width that what is framed may fill.
pub const WIDTH_SHARE: f32 = 0.93;

/// The shape of a picture, as far as it decides how a scene is laid out in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PictureShape {
    /// As a screen: everything of a side stands in one row.
    #[default]
    Wide,
    /// About as high as wide.
    Square,
    /// As a phone: what would be in one row stands in several, one below the other.
    Upright,
}

impl PictureShape {
    /// The shape of a picture whose width is so many times its height.
    #[must_use]
    pub fn of(aspect: f32) -> Self {
        match aspect {
            aspect if aspect < 0.75 => Self::Upright,
            aspect if aspect < 1.4 => Self::Square,
            _ => Self::Wide,
        }
    }

    /// The part of the picture's height that what is framed may fill: without a card, with one, and with a
    /// question. The rest is for titles above and captions below.
    #[must_use]
    pub const fn height_share(self) -> [f32; 3] {
        match self {
            Self::Wide => [0.65, 0.49, 0.44],
            // A question has two lines.
            Self::Square => [0.65, 0.49, 0.4],
            Self::Upright => [0.76, 0.6, 0.64],
        }
    }

    /// How far what is framed stands below the picture's middle, as a part of its height: without a card,
    /// with one, and with a question.
    #[must_use]
    pub const fn lowered(self) -> [f32; 3] {
        match self {
            Self::Wide => [0.015, 0.095, 0.23],
            Self::Square => [0.015, 0.095, 0.25],
            Self::Upright => [0.0, 0.09, 0.12],
        }
    }

    /// The room that is left for what is framed, with a card.
    pub(super) fn room(self) -> Room {
        let [_, with_card, _] = self.height_share();
        self.room_of(with_card)
    }

    /// The room that is left for what is framed, without a card.
    pub(super) fn room_without_card(self) -> Room {
        let [without_card, _, _] = self.height_share();
        self.room_of(without_card)
    }

    fn room_of(self, height_share: f32) -> Room {
        let [width, height] = match self {
            Self::Wide => [1920.0, 1080.0],
            Self::Square => [1080.0, 1080.0],
            Self::Upright => [1080.0, 1920.0],
        };
        Room {
            width: WIDTH_SHARE * width,
            height: height_share * height,
        }
    }

    /// What the map of a network may fill of it.
    pub(in crate::lesson) const fn of_map(self) -> MapPicture {
        match self {
            Self::Wide => MapPicture::WIDE,
            Self::Square => MapPicture {
                aspect: 1.4,
                filled: 0.65,
                letters: 1.0,
                rows: 12,
            },
            // Letters are measured by the picture's breadth.
            Self::Upright => MapPicture {
                aspect: 0.68,
                filled: 0.76,
                letters: 0.5625,
                rows: 20,
            },
        }
    }

    /// Room between two sides of a comparison, in 1080ths of the picture's shorter side: for dimensions and the
    /// names of tensors, and for those of the sides where there is no room for them beside the sides.
    pub(super) const fn side_room(self) -> f32 {
        match self {
            Self::Wide => 160.0,
            Self::Square | Self::Upright => 215.0,
        }
    }

    /// How many times as large everything must become, or as much better filled, for a row to be parted.
    pub(super) const fn gain(self) -> f32 {
        match self {
            Self::Wide => f32::INFINITY,
            Self::Square => 1.05,
            Self::Upright => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_wide_as_it_is_called() {
        for (width, height, shape) in [
            (1920.0, 1080.0, PictureShape::Wide),
            (800.0, 600.0, PictureShape::Square),
            (1080.0, 1080.0, PictureShape::Square),
            (1080.0, 1350.0, PictureShape::Square),
            (1080.0, 1920.0, PictureShape::Upright),
            (390.0, 844.0, PictureShape::Upright),
        ] {
            assert_eq!(PictureShape::of(width / height), shape, "{width} {height}");
        }
    }
}
