//! Networks that come with the program, by their names. Where they are from, and under which licences,
//! stands in `assets/networks/LICENCES.md`.

use crate::language::Localized;
use crate::tensor::Preprocess;

/// A network that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShippedNetwork {
    /// What a command line calls it.
    pub name: &'static str,
    /// What it does.
    pub about: Localized<&'static str>,
    /// A shape of its input.
    pub input: &'static str,
    /// What was done with the pictures that it was trained on.
    pub preprocess: &'static str,
    /// Its ONNX file.
    pub file: &'static [u8],
}

/// All of them.
pub const SHIPPED: [ShippedNetwork; 2] = [
    ShippedNetwork {
        name: "digits",
        about: Localized::new(
            "tells handwritten digits apart, white on black",
            "手書き数字を見分ける (黒地に白)",
        ),
        input: "1x28x28",
        preprocess: "mnist",
        file: include_bytes!("../../assets/networks/digits.onnx"),
    },
    ShippedNetwork {
        name: "super-resolution",
        about: Localized::new(
            "doubles the rows and columns of a picture",
            "画像の縦と横を 2 倍にする",
        ),
        input: "3x32x48",
        preprocess: "unit",
        file: include_bytes!("../../assets/networks/super_resolution.onnx"),
    },
];

impl ShippedNetwork {
    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|network| network.name == name)
    }

    /// What is done with a picture for a network of this name when nothing else is chosen; `None` where
    /// none of this name comes with the program.
    #[must_use]
    pub fn preprocess(name: &str) -> Option<Preprocess> {
        Self::named(name.trim())?.preprocess.parse().ok()
    }
}
