//! Networks that come with the program, by their names. Where they are from, and under which licences,
//! stands in `assets/networks/LICENCES.md`.

use crate::language::Localized;

/// A network that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShippedNetwork {
    /// What a command line calls it.
    pub name: &'static str,
    /// What it does.
    pub about: Localized<&'static str>,
    /// A shape of its input.
    pub input: &'static str,
    /// Its ONNX file.
    pub file: &'static [u8],
}

/// All of them.
pub const SHIPPED: [ShippedNetwork; 2] = [
    ShippedNetwork {
        name: "digits",
        about: Localized::new(
            "tells handwritten digits apart, white on black (--preprocess mnist)",
            "手書き数字を見分ける (黒地に白、--preprocess mnist)",
        ),
        input: "1x28x28",
        file: include_bytes!("../../assets/networks/digits.onnx"),
    },
    ShippedNetwork {
        name: "super-resolution",
        about: Localized::new(
            "doubles the rows and columns of a picture",
            "画像の縦と横を 2 倍にする",
        ),
        input: "3x32x48",
        file: include_bytes!("../../assets/networks/super_resolution.onnx"),
    },
];

impl ShippedNetwork {
    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|network| network.name == name)
    }
}
