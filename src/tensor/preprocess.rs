//! How a picture becomes the input of a network. What a network was trained on decides, and no file
//! of a network says it: so it is chosen, shown and saved.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::files::{FileError, Picture, WHITE};
use super::{Shape, Tensor};
use crate::language::{Localized, Message, message_error, says};

/// How a picture becomes the input of a network, in this order: scaled, cropped in the middle, its
/// channels ordered, its numbers ranged, the mean subtracted, divided by the deviation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocess {
    /// What it is called.
    pub name: String,
    /// Pixels of the shorter side after scaling, which keeps the proportions; without it, the
    /// picture is scaled to the input, whatever its proportions are.
    pub size: Option<usize>,
    /// Rows and columns that are cut out of the middle; without it, those of the input.
    pub crop: Option<(usize, usize)>,
    /// What the brightest number is: 1 or 255.
    pub range: f32,
    /// What is subtracted of each channel.
    pub mean: [f32; 3],
    /// What each channel is divided by.
    pub deviation: [f32; 3],
    /// Whether blue comes first.
    pub blue_first: bool,
    /// Red, green and blue of what is behind transparent pixels.
    #[serde(default = "white", skip_serializing_if = "is_white")]
    pub background: [u8; 3],
}

const fn white() -> [u8; 3] {
    WHITE
}

fn is_white(colour: &[u8; 3]) -> bool {
    *colour == WHITE
}

impl Default for Preprocess {
    /// Scaled to the input, from 0 to 1.
    fn default() -> Self {
        Self {
            name: String::from("unit"),
            size: None,
            crop: None,
            range: 1.0,
            mean: [0.0; 3],
            deviation: [1.0; 3],
            blue_first: false,
            background: WHITE,
        }
    }
}

/// Why a text says no preprocessing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreprocessError {
    /// A word that is neither a name nor a setting.
    Word(String),
    /// A setting whose value does not suit.
    Value {
        /// The setting.
        setting: String,
        /// The value given.
        value: String,
    },
}

impl Message for PreprocessError {
    fn message(&self) -> Localized<String> {
        let presets = Preprocess::PRESETS.join(", ");
        match self {
            Self::Word(word) => says!(
                en: "{word:?} is no preprocessing; write one of {presets}, or settings: size=256, crop=224, range=1 or 255, mean=0.5 or 0.485/0.456/0.406, std=..., order=rgb or bgr, background=white, black or #rrggbb",
                ja: "{word:?} という前処理はありません。{presets} のどれかか、size=256、crop=224、range=1 か 255、mean=0.5 か 0.485/0.456/0.406、std=...、order=rgb か bgr、background=white か black か #rrggbb と書いてください"
            ),
            Self::Value { setting, value } => says!(
                en: "{setting}={value} does not suit; such as size=256, crop=224 or 224x320, range=255, mean=0.485/0.456/0.406, std=0.229/0.224/0.225, order=bgr, background=#ffffff do",
                ja: "{setting}={value} は使えません。size=256、crop=224 か 224x320、range=255、mean=0.485/0.456/0.406、std=0.229/0.224/0.225、order=bgr、background=#ffffff のように書いてください"
            ),
        }
    }
}

message_error!(PreprocessError);

impl Preprocess {
    /// Named choices: what torchvision's, TensorFlow's and Caffe's networks were trained on, MNIST's mean
    /// and deviation, and numbers from 0 to 1.
    pub const PRESETS: [&str; 5] = ["imagenet", "tf", "caffe", "mnist", "unit"];

    fn preset(name: &str) -> Option<Self> {
        let plain = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        Some(match name {
            // torchvision.transforms._presets.ImageClassification, with its defaults.
            "imagenet" => Self {
                size: Some(256),
                crop: Some((224, 224)),
                mean: [0.485, 0.456, 0.406],
                deviation: [0.229, 0.224, 0.225],
                ..plain
            },
            "tf" => Self {
                mean: [0.5; 3],
                deviation: [0.5; 3],
                ..plain
            },
            // keras.applications.imagenet_utils.preprocess_input, mode "caffe".
            "caffe" => Self {
                range: 255.0,
                mean: [103.939, 116.779, 123.68],
                blue_first: true,
                ..plain
            },
            "mnist" => Self {
                mean: [0.1307; 3],
                deviation: [0.3081; 3],
                ..plain
            },
            "unit" => plain,
            _ => return None,
        })
    }

    fn set(&mut self, setting: &str, value: &str) -> Option<()> {
        let length = |text: &str| text.parse::<usize>().ok().filter(|&length| length > 0);
        match setting {
            "size" => self.size = Some(length(value)?),
            "crop" => {
                let (rows, columns) = value.split_once('x').unwrap_or((value, value));
                self.crop = Some((length(rows)?, length(columns)?));
            }
            "range" => {
                self.range = value
                    .parse()
                    .ok()
                    .filter(|range| [1.0, 255.0].contains(range))?
            }
            "mean" => self.mean = channels(value)?,
            "std" => {
                let deviation = channels(value)?;
                self.deviation = (!deviation.contains(&0.0)).then_some(deviation)?;
            }
            "order" => {
                self.blue_first = ["rgb", "bgr"].iter().position(|&order| order == value)? == 1
            }
            "background" => self.background = colour(value)?,
            _ => return None,
        }
        Some(())
    }

    /// What the first channel of black and of white becomes.
    #[must_use]
    pub fn ends(&self) -> (f32, f32) {
        let end = |value: f32| (value - self.mean[0]) / self.deviation[0];
        (end(0.0), end(self.range))
    }

    /// A picture as the input of a network of 1, 3 or 4 channels: `channels × rows × columns` are those
    /// of the input, where they are fixed. Alpha, a fourth channel, has what is set for blue.
    ///
    /// # Errors
    /// When the input is none that a picture fits.
    pub fn apply(
        &self,
        picture: &Picture,
        channels: usize,
        rows: Option<usize>,
        columns: Option<usize>,
    ) -> Result<Tensor, FileError> {
        let (height, width) = picture.size();
        let target = match (self.crop, rows, columns) {
            (Some((rows, columns)), ..) => Some((rows, columns)),
            (None, Some(rows), Some(columns)) => Some((rows, columns)),
            _ => None,
        };
        let scaled = match self.size {
            Some(size) => {
                let shorter = height.min(width).max(1);
                // torchvision truncates the longer side.
                let (rows, columns) = (size * height / shorter, size * width / shorter);
                (rows.max(1), columns.max(1))
            }
            None => target.unwrap_or((height, width)),
        };
        let shape = Shape::chw(channels, scaled.0, scaled.1)?;
        let mut picture = picture.scaled(&shape, self.background)?;
        if let Some(target) = target.filter(|_| self.size.is_some()) {
            picture = cropped(&picture, target)?;
        }
        let plane = picture.shape().height() * picture.shape().width();
        let planes = picture.data().to_vec();
        for channel in 0..channels {
            let from = if self.blue_first && channels == 3 {
                2 - channel
            } else {
                channel
            };
            let (mean, deviation) = (self.mean[channel.min(2)], self.deviation[channel.min(2)]);
            let source = planes[from * plane..][..plane].iter();
            let target = picture.data_mut()[channel * plane..][..plane].iter_mut();
            for (target, value) in target.zip(source) {
                *target = (value * self.range - mean) / deviation;
            }
        }
        Ok(picture)
    }
}

/// The middle of a picture, with zeros where it is smaller, as torchvision's `center_crop` has it.
fn cropped(picture: &Tensor, (rows, columns): (usize, usize)) -> Result<Tensor, FileError> {
    let [channels, height, width] = picture.shape().as_chw();
    let shape = Shape::chw(channels, rows, columns)?;
    let mut result = Tensor::zeros(shape)?;
    // Half a pixel goes to the even place.
    let start = |length: usize, wanted: usize| {
        let twice = length as f64 - wanted as f64;
        (twice / 2.0).round_ties_even() as isize
    };
    let (top, left) = (start(height, rows), start(width, columns));
    for channel in 0..channels {
        for row in 0..rows {
            for column in 0..columns {
                let from = (row as isize + top, column as isize + left);
                let at = (usize::try_from(from.0), usize::try_from(from.1));
                if let (Ok(y), Ok(x)) = at
                    && let Some(value) = picture.at([channel, y, x])
                {
                    result.data_mut()[(channel * rows + row) * columns + column] = value;
                }
            }
        }
    }
    Ok(result)
}

/// A colour by its name or as `#rrggbb`.
fn colour(text: &str) -> Option<[u8; 3]> {
    match text {
        "white" => return Some(WHITE),
        "black" => return Some([0; 3]),
        "grey" | "gray" => return Some([128; 3]),
        _ => {}
    }
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let digits = digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then_some(digits)?;
    let [_, colour @ ..] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(colour)
}

/// One number for all channels, or three.
fn channels(text: &str) -> Option<[f32; 3]> {
    let numbers: Option<Vec<f32>> = text.split('/').map(|part| part.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()))?;
    match numbers[..] {
        [one] => Some([one; 3]),
        [red, green, blue] => Some([red, green, blue]),
        _ => None,
    }
}

impl Preprocess {
    /// Its name where that says it all, otherwise its settings: what can be written on a command line or in a
    /// link.
    #[must_use]
    pub fn word(&self) -> String {
        match self.name.parse::<Self>() {
            Ok(named) if named == *self => self.name.clone(),
            Ok(_) | Err(_) => self.to_string(),
        }
    }
}

impl FromStr for Preprocess {
    type Err = PreprocessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut chosen = Self::default();
        for (place, word) in text.split(',').map(str::trim).enumerate() {
            match word.split_once('=') {
                Some((setting, value)) => {
                    let set = chosen.set(setting, value);
                    set.ok_or_else(|| PreprocessError::Value {
                        setting: setting.to_owned(),
                        value: value.to_owned(),
                    })?;
                    "own".clone_into(&mut chosen.name);
                }
                None => {
                    let preset = Self::preset(word).filter(|_| place == 0);
                    chosen = preset.ok_or_else(|| PreprocessError::Word(word.to_owned()))?;
                }
            }
        }
        Ok(chosen)
    }
}

impl fmt::Display for Preprocess {
    /// As it can be written on a command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.size.map(|size| format!("size={size}")));
        words.extend(
            self.crop
                .map(|(rows, columns)| format!("crop={rows}x{columns}")),
        );
        words.push(format!("range={}", self.range));
        let three = |name: &str, [red, green, blue]: [f32; 3]| {
            if red == green && green == blue {
                format!("{name}={red}")
            } else {
                format!("{name}={red}/{green}/{blue}")
            }
        };
        words.push(three("mean", self.mean));
        words.push(three("std", self.deviation));
        words.push(format!(
            "order={}",
            if self.blue_first { "bgr" } else { "rgb" }
        ));
        if self.background != WHITE {
            let [red, green, blue] = self.background;
            words.push(format!("background=#{red:02x}{green:02x}{blue:02x}"));
        }
        f.write_str(&words.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb(pixel(x, y)))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_choice_is_written_as_it_is_read() {
        for text in [
            "imagenet",
            "tf",
            "caffe,size=100",
            "size=9,crop=4x6,mean=1/2/3,std=2",
            "background=#0080ff",
        ] {
            let chosen: Preprocess = text.parse().unwrap();
            let again: Preprocess = chosen.to_string().parse().unwrap();
            assert_eq!(chosen.to_string(), again.to_string());
            assert_eq!((chosen.size, chosen.crop), (again.size, again.crop));
            assert_eq!(chosen.background, again.background);
        }
        for wrong in [
            "imagnet",
            "size=0",
            "range=2",
            "std=0",
            "mean=1/2",
            "order=gbr",
            "background=#12345",
            "background=#+12345",
            "unit,tf",
        ] {
            assert!(wrong.parse::<Preprocess>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn channels_are_ordered_ranged_shifted_and_scaled() {
        let bytes = picture(4, 4, |_, _| [255, 51, 0]);
        let read = |text: &str| {
            let chosen: Preprocess = text.parse().unwrap();
            let picture = Picture::read(&bytes).unwrap();
            let tensor = chosen.apply(&picture, 3, Some(2), Some(2)).unwrap();
            assert_eq!(tensor.shape().axes(), [3, 2, 2]);
            [0, 4, 8].map(|place| (tensor.data()[place] * 1000.0).round() / 1000.0)
        };
        assert_eq!(read("unit"), [1.0, 0.2, 0.0]);
        assert_eq!(read("tf"), [1.0, -0.6, -1.0]);
        assert_eq!(read("caffe"), [-103.939, 51.0 - 116.779, 255.0 - 123.68]);
        assert_eq!(read("mean=0/0.2/0,std=0.5/1/1"), [2.0, 0.0, 0.0]);
    }

    #[test]
    fn the_middle_is_cut_out_of_a_picture_scaled_by_its_shorter_side() {
        // Columns of brightness 0, 10, 20 ...; 6 × 3 stays in its size and loses two columns a side.
        let bytes = picture(6, 3, |x, _| [x as u8 * 10; 3]);
        let chosen: Preprocess = "size=3,crop=3x2,range=255".parse().unwrap();
        let picture = Picture::read(&bytes).unwrap();
        let tensor = chosen.apply(&picture, 1, None, None).unwrap();
        assert_eq!(tensor.shape().axes(), [1, 3, 2]);
        assert_eq!(tensor.data()[..2], [20.0, 30.0]);
    }
}
