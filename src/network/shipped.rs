//! Networks that come with the program, by their names. Where they are from, and under which licences,
//! stands in `assets/networks/LICENCES.md`.

use super::pen::ink;
use crate::language::Localized;
use crate::tensor::{Preprocess, Shape, Tensor};

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
    /// What its input holds before anything is given: strokes from point to point, in parts of the picture's
    /// breadth and height. Without, it counts up.
    pub strokes: &'static [[f32; 2]],
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
        // A seven.
        strokes: &[[0.26, 0.24], [0.74, 0.24], [0.62, 0.48], [0.46, 0.82]],
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
        strokes: &[],
        file: include_bytes!("../../assets/networks/super_resolution.onnx"),
    },
];

impl ShippedNetwork {
    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().find(|network| network.name == name)
    }

    /// A picture of its strokes, as it reads pictures; `None` where it has none.
    #[must_use]
    pub fn drawn(&self, shape: &Shape) -> Option<Tensor> {
        let [_, rows, columns] = shape.as_chw();
        let (low, high) = Self::preprocess(self.name)?.ends();
        if self.strokes.is_empty() {
            return None;
        }
        let value = |place: usize| {
            let row = (place / columns % rows) as f32 + 0.5;
            let column = (place % columns) as f32 + 0.5;
            let at = [column / columns as f32, row / rows as f32];
            let lines = self.strokes.windows(2);
            let most = lines
                .map(|line| ink(at, line[0], line[1]))
                .fold(0.0, f32::max);
            low + (high - low) * most
        };
        Tensor::new(*shape, (0..shape.count()).map(value).collect()).ok()
    }

    /// What is done with a picture for a network of this name when nothing else is chosen; `None` where
    /// none of this name comes with the program.
    #[must_use]
    pub fn preprocess(name: &str) -> Option<Preprocess> {
        Self::named(name.trim())?.preprocess.parse().ok()
    }
}
