//! Ways to fill a tensor, as a lesson or a command line names them.

use serde::{Deserialize, Serialize, Serializer};

use super::files::{self, FileError};
use super::{
    NamedKernel, Random, ReadError, ReadFile, Shape, Tensor, TensorError, WeightOrder, read_file,
};
use crate::language::{Localized, Message, message_error, says};

/// What a tensor is filled with. In a lesson: `fill: Ramp`, `weights: Random(seed: 7)`,
/// `weights: SobelX`, `fill: Values([1, 2, 3, 4])`, `fill: Image("cat.png")`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Fill {
    /// Each element is the sum of its coordinates: an even slope of small whole numbers.
    Ramp,
    /// 0, 1, 2, ... in row-major order: every element has a number of its own.
    Count,
    /// Whole numbers from -2 to 2, drawn with a seed.
    Random {
        /// Equal seeds give equal numbers on every machine.
        seed: u64,
    },
    /// Real numbers in [-1, 1), drawn with a seed.
    Uniform {
        /// Equal seeds give equal numbers on every machine.
        seed: u64,
    },
    /// 1 and 0 in turn along every axis, 1 first.
    Checkerboard,
    /// 1 at one element, 0 elsewhere.
    Impulse {
        /// Channel, row, column; without it, the middle of channel 0.
        #[serde(
            default,
            deserialize_with = "some",
            serialize_with = "inner",
            skip_serializing_if = "Option::is_none"
        )]
        at: Option<[usize; 3]>,
    },
    /// One number everywhere.
    Constant(f32),
    /// The numbers themselves in row-major order.
    Values(Vec<f32>),
    /// For weights: [`NamedKernel::Identity`].
    Identity,
    /// For weights: [`NamedKernel::BoxBlur`].
    BoxBlur,
    /// For weights: [`NamedKernel::Gaussian`].
    Gaussian,
    /// For weights: [`NamedKernel::SobelX`].
    SobelX,
    /// For weights: [`NamedKernel::SobelY`].
    SobelY,
    /// For weights: [`NamedKernel::Laplacian`].
    Laplacian,
    /// For weights: [`NamedKernel::Sharpen`].
    Sharpen,
    /// For weights: [`NamedKernel::Emboss`].
    Emboss,
    /// A PNG, JPEG, WebP or BMP picture scaled to the shape: 1 channel is grey, 3 are red, green and
    /// blue on white, 4 have alpha; from 0 (black) to 1.
    Image(String),
    /// A `.npy` file, or the only tensor of a `.npz` or `.safetensors` file.
    File(String),
    /// A tensor by name in a `.npz` or `.safetensors` file.
    Named {
        /// The file.
        file: String,
        /// The tensor's name in it.
        tensor: String,
    },
}

/// Reads an optional value that is there, with or without RON's `implicit_some`.
fn some<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Writes an optional value that is there as [`some`] reads it.
fn inner<S, T>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    match value {
        Some(value) => value.serialize(serializer),
        None => serializer.serialize_none(),
    }
}

/// Why a fill does not make a tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum FillError {
    /// The tensor itself cannot be made.
    Tensor(TensorError),
    /// An impulse that misses.
    ImpulseOutside {
        /// Channel, row, column as asked.
        at: [usize; 3],
        /// The tensor's shape.
        shape: Shape,
    },
    /// A file that cannot be read.
    Read {
        /// The file as named.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// A file whose bytes are not a tensor.
    File {
        /// The file as named.
        path: String,
        /// The reason.
        why: FileError,
    },
    /// A named kernel that needs three rows and columns.
    KernelTooSmall {
        /// The kernel asked for.
        kernel: NamedKernel,
        /// Rows of the weights.
        height: usize,
        /// Columns of the weights.
        width: usize,
    },
}

impl Message for FillError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Tensor(why) => why.message(),
            Self::ImpulseOutside {
                at: [channel, row, column],
                shape,
            } => says!(
                en: "the impulse at ({channel}, {row}, {column}) lies outside a tensor of {shape}; indices count from 0",
                ja: "インパルスの位置 ({channel}, {row}, {column}) は {shape} のテンソルの外です。番号は 0 から数えます。"
            ),
            Self::Read { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::File { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::KernelTooSmall {
                kernel,
                height,
                width,
            } => says!(
                en: "the {kernel:?} kernel needs at least 3 × 3, but the weights are {height} × {width}; use a larger kernel, or Identity, BoxBlur or Gaussian",
                ja: "{kernel:?} カーネルには 3 × 3 以上が必要ですが、重みは {height} × {width} です。カーネルを大きくするか、Identity、BoxBlur、Gaussian を使ってください。"
            ),
        }
    }
}

message_error!(FillError { Tensor(TensorError) });

fn bytes(path: &str, read: &ReadFile) -> Result<Vec<u8>, FillError> {
    read(path).map_err(|why| FillError::Read {
        path: path.to_string(),
        why,
    })
}

fn wrong_file(path: &str, why: FileError) -> FillError {
    FillError::File {
        path: path.to_string(),
        why,
    }
}

/// The tensor of a file, which may have a batch axis of 1 more than the shape.
fn from_file(
    path: &str,
    name: Option<&str>,
    shape: &Shape,
    read: &ReadFile,
) -> Result<Tensor, FillError> {
    files::read_tensor_of(shape, path, &bytes(path, read)?, name)
        .map_err(|why| wrong_file(path, why))
}

impl Fill {
    /// The same fill, with the file that it names, if any, under another name.
    ///
    /// # Errors
    /// That of the renaming.
    pub fn with_file<E>(&self, rename: impl FnOnce(&str) -> Result<String, E>) -> Result<Self, E> {
        Ok(match self {
            Self::Image(name) => Self::Image(rename(name)?),
            Self::File(name) => Self::File(rename(name)?),
            Self::Named { file, tensor } => Self::Named {
                file: rename(file)?,
                tensor: tensor.clone(),
            },
            other => other.clone(),
        })
    }

    /// A tensor of this shape. Files are found from the current folder.
    ///
    /// # Errors
    /// When the fill does not suit the shape, the shape is too large, or a file cannot be read.
    pub fn make(&self, shape: &Shape) -> Result<Tensor, FillError> {
        self.make_with(shape, &read_file)
    }

    /// As [`Fill::make`], with a way to read the bytes of a file that the fill names: from the
    /// folder of a lesson, or from what a browser has loaded.
    ///
    /// # Errors
    /// As [`Fill::make`].
    pub fn make_with(&self, shape: &Shape, read: &ReadFile) -> Result<Tensor, FillError> {
        self.weights_with(shape, WeightOrder::default(), read)
    }

    /// As [`Fill::make_with`], for weights that stand in this order. It matters to named kernels.
    ///
    /// # Errors
    /// As [`Fill::make`].
    pub fn weights_with(
        &self,
        shape: &Shape,
        order: WeightOrder,
        read: &ReadFile,
    ) -> Result<Tensor, FillError> {
        let each = |value: &mut dyn FnMut([usize; super::MAX_RANK]) -> f32| {
            let mut tensor = Tensor::zeros(*shape)?;
            for (offset, out) in tensor.data_mut().iter_mut().enumerate() {
                let mut rest = offset;
                let mut index = [0; super::MAX_RANK];
                for (at, &length) in index.iter_mut().zip(shape.axes()).rev() {
                    *at = rest % length;
                    rest /= length;
                }
                *out = value(index);
            }
            Ok(tensor)
        };
        match self {
            Self::Ramp => each(&mut |index| index.iter().sum::<usize>() as f32),
            Self::Count => {
                let mut next = -1.0;
                each(&mut |_| {
                    next += 1.0;
                    next
                })
            }
            Self::Random { seed } => {
                let mut random = Random::new(*seed);
                each(&mut |_| random.below(5) as f32 - 2.0)
            }
            Self::Uniform { seed } => {
                let mut random = Random::new(*seed);
                each(&mut |_| random.unit() * 2.0 - 1.0)
            }
            Self::Checkerboard => each(&mut |index| {
                if index.iter().sum::<usize>() % 2 == 0 {
                    1.0
                } else {
                    0.0
                }
            }),
            Self::Impulse { at } => {
                let [_, height, width] = shape.as_chw();
                let at = at.unwrap_or([0, (height - 1) / 2, (width - 1) / 2]);
                let place = shape
                    .chw_offset(at)
                    .ok_or(FillError::ImpulseOutside { at, shape: *shape })?;
                let mut tensor = Tensor::zeros(*shape)?;
                tensor.data_mut()[place] = 1.0;
                Ok(tensor)
            }
            Self::Constant(value) => Ok(Tensor::filled(*shape, *value)?),
            Self::Values(values) => Ok(Tensor::new(*shape, values.clone())?),
            Self::Image(path) => {
                let bytes = bytes(path, read)?;
                let tensor = if files::holds_picture(path, &bytes) {
                    files::read_scaled_picture(&bytes, shape)
                } else {
                    files::read_tensor_of(shape, path, &bytes, None)
                };
                tensor.map_err(|why| wrong_file(path, why))
            }
            Self::File(path) => from_file(path, None, shape, read),
            Self::Named { file, tensor } => from_file(file, Some(tensor), shape, read),
            Self::Identity => NamedKernel::Identity.weights(shape, order),
            Self::BoxBlur => NamedKernel::BoxBlur.weights(shape, order),
            Self::Gaussian => NamedKernel::Gaussian.weights(shape, order),
            Self::SobelX => NamedKernel::SobelX.weights(shape, order),
            Self::SobelY => NamedKernel::SobelY.weights(shape, order),
            Self::Laplacian => NamedKernel::Laplacian.weights(shape, order),
            Self::Sharpen => NamedKernel::Sharpen.weights(shape, order),
            Self::Emboss => NamedKernel::Emboss.weights(shape, order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, axes: &[usize]) -> Vec<f32> {
        let fill: Fill = ron::from_str(text).unwrap();
        fill.make(&Shape::new(axes).unwrap()).unwrap().into_data()
    }

    #[test]
    fn fills_are_written_as_lessons_write_them() {
        assert_eq!(
            made("Ramp", &[2, 2, 2]),
            [0.0, 1.0, 1.0, 2.0, 1.0, 2.0, 2.0, 3.0]
        );
        assert_eq!(made("Count", &[1, 2, 2]), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(made("Checkerboard", &[1, 2, 2]), [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(made("Impulse()", &[1, 3, 3])[4], 1.0);
        assert_eq!(
            made("Impulse(at: (0, 1, 0))", &[1, 2, 2]),
            [0.0, 0.0, 1.0, 0.0]
        );
        assert_eq!(made("Constant(0.5)", &[2]), [0.5, 0.5]);
        assert_eq!(made("Values([1, 2])", &[2]), [1.0, 2.0]);
        assert_eq!(made("Identity", &[1, 1, 1, 1]), [1.0]);
    }

    #[test]
    fn a_seed_gives_the_same_small_whole_numbers_every_time() {
        let values = made("Random(seed: 7)", &[3, 6, 6]);
        assert_eq!(values, made("Random(seed: 7)", &[3, 6, 6]));
        assert_ne!(values, made("Random(seed: 8)", &[3, 6, 6]));
        for whole in [-2.0, -1.0, 0.0, 1.0, 2.0] {
            assert!(values.contains(&whole));
        }
        assert!(
            values
                .iter()
                .all(|value| (-2.0..=2.0).contains(value) && value.fract() == 0.0)
        );
    }

    #[test]
    fn an_unknown_field_is_refused() {
        assert!(ron::from_str::<Fill>("Random(sed: 7)").is_err());
        assert!(ron::from_str::<Fill>("Sobel").is_err());
    }

    #[test]
    fn a_fill_that_does_not_suit_the_shape_is_refused() {
        let shape = Shape::chw(1, 2, 2).unwrap();
        assert!(Fill::Values(vec![1.0]).make(&shape).is_err());
        let error = Fill::Impulse {
            at: Some([0, 2, 0]),
        }
        .make(&shape)
        .unwrap_err();
        assert!(error.to_string().contains("outside a tensor of 1 × 2 × 2"));
    }
}
