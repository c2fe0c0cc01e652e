//! Fills as a word on the command line: `ramp`, `random:7`, `sobel_x`, `x.npy`.

use std::str::FromStr;

use super::{Fill, files};
use crate::language::{Localized, Message, message_error, says};

/// A word that names no fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillWordError {
    word: String,
}

impl Message for FillWordError {
    fn message(&self) -> Localized<String> {
        let word = &self.word;
        says!(
            en: "{word:?} is not a fill; use ramp, count, random:SEED, uniform:SEED, checkerboard, impulse, a number, identity, box_blur, gaussian, sobel_x, sobel_y, laplacian, sharpen, emboss, a .npy, .npz or .safetensors file (FILE:TENSOR takes a tensor by name), or a .png, .jpg, .webp or .bmp image",
            ja: "{word:?} という初期値はありません。使えるのは ramp、count、random:SEED、uniform:SEED、checkerboard、impulse、数、identity、box_blur、gaussian、sobel_x、sobel_y、laplacian、sharpen、emboss、.npy か .npz か .safetensors のファイル (FILE:TENSOR で名前のあるテンソル)、.png、.jpg、.webp、.bmp の画像です。"
        )
    }
}

message_error!(FillWordError);

/// Whether a word is the name of a file by its ending.
fn is_file(word: &str) -> bool {
    files::is_picture(word) || files::is_tensor_file(word)
}

impl FromStr for Fill {
    type Err = FillWordError;

    fn from_str(word: &str) -> Result<Self, FillWordError> {
        let wrong = || FillWordError {
            word: word.chars().take(80).collect(),
        };
        if let Ok(value) = word.parse::<f32>() {
            return if value.is_finite() {
                Ok(Self::Constant(value))
            } else {
                Err(wrong())
            };
        }
        // Names of tensors have colons (TensorFlow's end in ":0") and endings, and so have those of files.
        let mut colons = word.match_indices(':').map(|(place, _)| place);
        let archive = colons.find(|&place| files::is_archive(&word[..place]));
        let archive = archive.or_else(|| {
            let last = word.rfind(':')?;
            (files::is_tensor_file(&word[..last]) && !is_file(word)).then_some(last)
        });
        if let Some(place) = archive {
            return Ok(Self::Named {
                file: word[..place].to_string(),
                tensor: word[place + 1..].to_string(),
            });
        }
        if files::is_picture(word) {
            return Ok(Self::Image(word.to_string()));
        }
        if files::is_tensor_file(word) {
            return Ok(Self::File(word.to_string()));
        }
        let (name, seed) = match word.split_once(':') {
            Some((name, seed)) => (name, Some(seed.parse::<u64>().map_err(|_| wrong())?)),
            None => (word, None),
        };
        let fill = match (name.replace('-', "_").to_lowercase().as_str(), seed) {
            ("random", seed) => Self::Random {
                seed: seed.unwrap_or(1),
            },
            ("uniform", seed) => Self::Uniform {
                seed: seed.unwrap_or(1),
            },
            (_, Some(_)) => return Err(wrong()),
            ("ramp", _) => Self::Ramp,
            ("count", _) => Self::Count,
            ("checkerboard", _) => Self::Checkerboard,
            ("impulse", _) => Self::Impulse { at: None },
            ("identity", _) => Self::Identity,
            ("box_blur" | "boxblur", _) => Self::BoxBlur,
            ("gaussian", _) => Self::Gaussian,
            ("sobel_x" | "sobelx", _) => Self::SobelX,
            ("sobel_y" | "sobely", _) => Self::SobelY,
            ("laplacian", _) => Self::Laplacian,
            ("sharpen", _) => Self::Sharpen,
            ("emboss", _) => Self::Emboss,
            _ => return Err(wrong()),
        };
        Ok(fill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_are_words_on_the_command_line() {
        let fill = |word: &str| word.parse::<Fill>();
        assert_eq!(fill("ramp"), Ok(Fill::Ramp));
        assert_eq!(fill("random:7"), Ok(Fill::Random { seed: 7 }));
        assert_eq!(fill("sobel_x"), Ok(Fill::SobelX));
        assert_eq!(fill("Box-Blur"), Ok(Fill::BoxBlur));
        assert_eq!(fill("-0.5"), Ok(Fill::Constant(-0.5)));
        assert_eq!(fill("cat.PNG"), Ok(Fill::Image("cat.PNG".into())));
        assert_eq!(fill("C:/x.npy"), Ok(Fill::File("C:/x.npy".into())));
        let named = Fill::Named {
            file: "m.safetensors".into(),
            tensor: "conv.weight".into(),
        };
        assert_eq!(fill("m.safetensors:conv.weight"), Ok(named));
        let parts = |word: &str| match fill(word) {
            Ok(Fill::Named { file, tensor }) => (file, tensor),
            other => panic!("{word}: {other:?}"),
        };
        let pair = |file: &str, tensor: &str| (file.to_owned(), tensor.to_owned());
        for (word, file, tensor) in [
            (
                "m.safetensors:model/conv/kernel:0",
                "m.safetensors",
                "model/conv/kernel:0",
            ),
            ("C:/m.npz:conv/kernel:0", "C:/m.npz", "conv/kernel:0"),
            ("m.npz:w.npy", "m.npz", "w.npy"),
            ("a:b.npz:w", "a:b.npz", "w"),
        ] {
            assert_eq!(parts(word), pair(file, tensor), "{word}");
        }
        for name in ["a:b.npy", "a:b.npz", "12:30.npy", "C:\\x.safetensors"] {
            assert_eq!(fill(name), Ok(Fill::File(name.to_owned())));
        }
        for name in ["a:b.png", "x.npy:y.png", "photo.JFIF", "x.webp", "x.heic"] {
            assert_eq!(fill(name), Ok(Fill::Image(name.to_owned())));
        }
        assert!(fill("rampe").unwrap_err().to_string().contains("sobel_x"));
        assert!(fill("ramp:7").is_err());
        assert!(fill("nan").is_err());
    }
}
