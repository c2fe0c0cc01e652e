//! Sizes and shapes of pictures, as the command line names them.

use std::str::FromStr;

use glam::UVec2;

use crate::language::{Told, narrow, says};

/// Sizes that have a name: how people call them, and their shorter side.
const NAMED: [(&str, u32); 4] = [
    ("720p", 720),
    ("1080p", 1080),
    ("1440p", 1440),
    ("4k", 2160),
];

/// Width and height of a draft.
pub const DRAFT: UVec2 = UVec2::new(640, 360);

/// The relation of width to height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aspect {
    width: u32,
    height: u32,
}

/// The shapes that videos and posts have.
const ASPECTS: [(&str, Aspect); 4] = [
    (
        "16:9",
        Aspect {
            width: 16,
            height: 9,
        },
    ),
    (
        "9:16",
        Aspect {
            width: 9,
            height: 16,
        },
    ),
    (
        "1:1",
        Aspect {
            width: 1,
            height: 1,
        },
    ),
    (
        "4:5",
        Aspect {
            width: 4,
            height: 5,
        },
    ),
];

impl FromStr for Aspect {
    type Err = Told;

    fn from_str(text: &str) -> Result<Self, Told> {
        let text: String = text.chars().map(narrow).collect();
        let found = ASPECTS.iter().find(|(name, _)| *name == text);
        found.map(|(_, aspect)| *aspect).ok_or_else(|| {
            let known = ASPECTS.map(|(name, _)| name).join(", ");
            Told(says!(
                en: "the aspect ratios are {known}; give any other as a --size",
                ja: "使える縦横比は {known} です。ほかの比は --size で指定してください"
            ))
        })
    }
}

impl Aspect {
    /// The size of this shape whose shorter side is that of another size; both sides are even.
    #[must_use]
    pub fn of(self, size: UVec2) -> UVec2 {
        let shorter = size.min_element();
        let (least, most) = (self.width.min(self.height), self.width.max(self.height));
        // To the nearest even number.
        let longer = (shorter * most + least) / (2 * least) * 2;
        if self.width >= self.height {
            UVec2::new(longer, shorter)
        } else {
            UVec2::new(shorter, longer)
        }
    }
}

/// A size in pixels, or the name of one.
///
/// # Errors
/// It is none, and how to write one.
pub fn size(text: &str) -> Result<UVec2, Told> {
    let text: String = text.chars().map(narrow).collect();
    let name = text.to_ascii_lowercase();
    if let Some((_, shorter)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(Aspect {
            width: 16,
            height: 9,
        }
        .of(UVec2::splat(*shorter)));
    }
    let wrong = || {
        let known = NAMED.map(|(name, _)| name).join(", ");
        Told(says!(
            en: "write it as 1920x1080, or as one of {known}",
            ja: "1920x1080 のように書くか、{known} のどれかにしてください"
        ))
    };
    let (width, height) = text.split_once(['x', '×', '*']).ok_or_else(wrong)?;
    let side = |side: &str| match side.trim().parse::<u32>() {
        Ok(side) if (64..=7680).contains(&side) && side % 2 == 0 => Ok(side),
        Ok(_) => Err(Told(says!(
            en: "width and height must be even numbers from 64 to 7680",
            ja: "幅と高さは 64 から 7680 までの偶数でなければなりません"
        ))),
        Err(_) => Err(wrong()),
    };
    Ok(UVec2::new(side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_names() {
        assert_eq!(size("720p"), Ok(UVec2::new(1280, 720)));
        assert_eq!(size("1080p"), Ok(UVec2::new(1920, 1080)));
        assert_eq!(size("1440p"), Ok(UVec2::new(2560, 1440)));
        assert_eq!(size("4K"), Ok(UVec2::new(3840, 2160)));
        assert_eq!(size("640x360"), Ok(UVec2::new(640, 360)));
        assert_eq!(size("６４０×３６０"), Ok(UVec2::new(640, 360)));
        assert!(size("big").unwrap_err().to_string().contains("1440p"));
        assert!(size("801x600").unwrap_err().to_string().contains("even"));
    }

    #[test]
    fn a_shape_keeps_the_shorter_side() {
        let of = |shape: &str, size: UVec2| shape.parse::<Aspect>().unwrap().of(size);
        let hd = UVec2::new(1920, 1080);
        assert_eq!(of("16:9", hd), hd);
        assert_eq!(of("9:16", hd), UVec2::new(1080, 1920));
        assert_eq!(of("1:1", hd), UVec2::new(1080, 1080));
        assert_eq!(of("4:5", hd), UVec2::new(1080, 1350));
        assert_eq!(of("16:9", UVec2::new(300, 270)), UVec2::new(480, 270));
        // 358 times 5 by 4 is 447.5.
        assert_eq!(of("4:5", UVec2::new(640, 358)), UVec2::new(358, 448));
        let wrong = "3:2".parse::<Aspect>().unwrap_err();
        assert!(wrong.to_string().contains("4:5"));
    }
}
