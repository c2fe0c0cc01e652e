//! From what people write, paste and drop to a setup: PyTorch's notation, a preset's name, a shape,
//! a picture, a file of numbers.

use super::setup::Setup;
use crate::language::{Localized, Message, message_error, says};
use crate::network::notation::with_padding_joined;
use crate::network::presets::PresetError;
use crate::network::{ChainError, Subject, SubjectError};
use crate::op::Layer;
use crate::tensor::{Fill, ReadError, ReadFile, Shape, ShapeError, files};

/// The longer side of a picture, in cubes, where no size is asked for.
const PICTURE: usize = 48;

/// The longest vector that is tried for layers that come without an input.
const VECTOR: usize = 4096;

/// Why something cannot be put on the workbench.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenError {
    /// Layers that are mistaken, or do not suit the input.
    Subject(SubjectError),
    /// A text that is pasted, and neither layers nor the name of some.
    NoLayers {
        /// Its beginning.
        text: String,
        /// The nearest name that there is.
        nearest: Option<&'static str>,
    },
    /// A network that is pasted and branches, with its nodes.
    Branches(usize),
    /// Layers that do not follow on from one another.
    Chain(ChainError),
    /// An input that is no tensor.
    Shape(ShapeError),
    /// A word that is neither a shape nor a file of numbers.
    Input(String),
    /// A file that cannot be read.
    Read {
        /// The file.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// A file whose bytes are not a tensor.
    File {
        /// The file.
        path: String,
        /// The reason.
        why: files::FileError,
    },
    /// A network that cannot be opened, or of which no part can be shown.
    Network {
        /// The file.
        path: String,
        /// The reason.
        why: Localized<String>,
    },
    /// A file of a kind that nothing can be made of.
    Kind(String),
    /// A text with a mistake in its layers.
    Text {
        /// The file.
        path: String,
        /// The mistake.
        why: Box<OpenError>,
    },
    /// A tensor with other axes than channels, rows and columns.
    Rank {
        /// The file.
        path: String,
        /// What it holds.
        shape: Shape,
    },
    /// Several samples, of which one is shown.
    Batch {
        /// The file.
        path: String,
        /// What it holds.
        shape: Shape,
        /// How many there are.
        batch: usize,
    },
    /// A lesson that cannot be put on the workbench.
    Lesson {
        /// The reason.
        why: Localized<String>,
    },
    /// Numbers for an operand that a layer does not have, or for a layer that is not there.
    NoOperand {
        /// The layer.
        layer: usize,
        /// The operand's name.
        operand: String,
    },
}

impl Message for OpenError {
    fn message(&self) -> Localized<String> {
        let of_file = |path: &str, why: Localized<String>| says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}");
        match self {
            Self::Subject(why) => why.message(),
            Self::NoLayers {
                text,
                nearest: Some(nearest),
            } => says!(
                en: "{text:?} is no layer; did you mean {nearest:?}? Paste a line of PyTorch, such as nn.Conv2d(3, 8, 3), or a model",
                ja: "{text:?} は層ではありません。{nearest:?} のことですか? nn.Conv2d(3, 8, 3) のような PyTorch の行か、モデルを貼り付けてください。"
            ),
            Self::NoLayers {
                text,
                nearest: None,
            } => says!(
                en: "{text:?} is no layer; paste a line of PyTorch, such as nn.Conv2d(3, 8, 3), or a model",
                ja: "{text:?} は層ではありません。nn.Conv2d(3, 8, 3) のような PyTorch の行か、モデルを貼り付けてください。"
            ),
            Self::Branches(nodes) => says!(
                en: "this network of {nodes} nodes branches, and the workbench takes layers one after another. Export it with torch.onnx.export and drop the file on the list of lessons: it opens whole",
                ja: "このネットワーク ({nodes} ノード) には分岐があり、ワークベンチに載るのは、分岐のない層の連なりだけです。torch.onnx.export で書き出したファイルをレッスン一覧にドロップすると、全体が開きます。"
            ),
            Self::Chain(why) => why.message(),
            Self::Shape(why) => why.message(),
            Self::Input(word) => says!(
                en: "{word:?} is not an input; give a shape such as 3x7x7, a .png, .jpg, .webp or .bmp image, or a .npy, .npz or .safetensors file (FILE:TENSOR takes a tensor by name)",
                ja: "{word:?} は入力になりません。3x7x7 のような形状、画像 (.png、.jpg、.webp、.bmp)、または .npy、.npz、.safetensors のファイル (FILE:TENSOR で名前のあるテンソル) を指定してください。"
            ),
            Self::Read { path, why } => of_file(path, why.message()),
            Self::File { path, why } => of_file(path, why.message()),
            Self::Network { path, why } => of_file(path, why.clone()),
            Self::Kind(path) => says!(
                en: "{path}: files of this kind cannot be opened; drop a .png, .jpg, .webp or .bmp image, a .npy, .npz or .safetensors file of numbers, a .py or .txt file with layers in PyTorch's notation, a network (.onnx), or a lesson (.ron)",
                ja: "{path}: この種類のファイルは使えません。画像 (.png、.jpg、.webp、.bmp)、数値 (.npy、.npz、.safetensors)、PyTorch の層を書いたテキスト (.py、.txt)、ネットワーク (.onnx)、レッスン (.ron) のどれかをドロップしてください。"
            ),
            Self::Text { path, why } => of_file(path, why.message()),
            Self::Rank { path, shape } => says!(
                en: "{path} has the shape {shape}, but an input has channels, rows and columns",
                ja: "{path} の形状は {shape} です。入力にはチャネル、行、列が必要です。"
            ),
            Self::Batch { path, shape, batch } => says!(
                en: "{path} has the shape {shape}: a batch of {batch}, but an input has channels, rows and columns; save one sample, such as x[0]",
                ja: "{path} の形状は {shape} で、{batch} 個のバッチです。入力にはチャネル、行、列が必要です。x[0] のように、1 サンプルを保存してください。"
            ),
            Self::Lesson { why } => why.clone(),
            Self::NoOperand { layer, operand } => says!(
                en: "layer {layer} has no {operand} to fill; layers count from 0",
                ja: "{layer} 番目の層に {operand} はありません (0 から数えます)。"
            ),
        }
    }
}

message_error!(OpenError {
    Subject(SubjectError),
    Chain(ChainError),
    Shape(ShapeError),
});

/// Layers on an input. Without an input, a preset's own, or a small one that suits.
///
/// # Errors
/// With what is wrong and how to fix it.
pub fn open(
    layers: &str,
    input: Option<&str>,
    fill: Option<Fill>,
    read: &ReadFile,
) -> Result<Setup, OpenError> {
    let subject = Subject::parse(layers)?;
    let (shape, own) = match input {
        Some(word) => read_input(word, wanted_channels(&subject.layers()?), read)?,
        None => match subject.input() {
            Some(known) => known,
            None => (small_input(&subject, [3, 6, 6])?, Fill::Ramp),
        },
    };
    let fill = fill.unwrap_or(own);
    // Planned as written first, for messages that point at the place.
    subject
        .plan(&shape)
        .map_err(|why| subject.hinted(&shape, why))?;
    Ok(Setup::new(&subject.layers()?, &shape, fill)?)
}

/// Layers that are pasted onto a setup: its input stays, as far as it suits. A layer that pads its sides
/// differently becomes the padding of the convolution behind it, since the workbench writes it so.
///
/// # Errors
/// With what is wrong and how to fix it.
pub fn paste(layers: &str, onto: &Setup) -> Result<Setup, OpenError> {
    pasted(layers, onto).map_err(|error| match error {
        // Whoever has a window need not know the commands that these speak of.
        OpenError::Subject(SubjectError::Preset(PresetError::Unknown { name, nearest })) => {
            OpenError::NoLayers {
                text: name.chars().take(40).collect(),
                nearest,
            }
        }
        OpenError::Subject(SubjectError::Branches { nodes }) => OpenError::Branches(nodes),
        other => other,
    })
}

fn pasted(layers: &str, onto: &Setup) -> Result<Setup, OpenError> {
    let subject = Subject::parse(layers)?;
    let (shape, fill) = match subject.input() {
        Some(known) => known,
        None => {
            let shape = small_input(&subject, onto.input)?;
            let fill = if shape.as_chw() == onto.input {
                onto.fill.clone()
            } else {
                match &onto.fill {
                    // These numbers are for another size.
                    Fill::Values(_) | Fill::File(_) | Fill::Named { .. } => Fill::Ramp,
                    other => other.clone(),
                }
            };
            (shape, fill)
        }
    };
    subject.plan(&shape)?;
    let layers = with_padding_joined(&subject.layers()?);
    Ok(Setup {
        order: onto.order,
        ..Setup::new(&layers, &shape, fill)?
    })
}

/// A file that is dropped onto a setup: a picture or numbers become its input.
///
/// # Errors
/// With what is wrong and how to fix it.
pub fn drop(path: &str, onto: &Setup, read: &ReadFile) -> Result<Setup, OpenError> {
    if !matches!(path.parse::<Fill>(), Ok(Fill::Image(_) | Fill::File(_))) {
        return Err(OpenError::Kind(path.to_owned()));
    }
    let (shape, fill) = read_input(path, Some(onto.input[0]), read)?;
    Ok(Setup {
        input: shape.as_chw(),
        fill,
        ..onto.clone()
    })
}

/// The channels that layers ask for.
fn wanted_channels(layers: &[Layer]) -> Option<usize> {
    layers
        .iter()
        .flat_map(Layer::flattened)
        .find_map(|layer| layer.operation().wanted_channels())
}

/// An input of about this size that the layers take.
fn small_input(
    subject: &Subject,
    [channels, rows, columns]: [usize; 3],
) -> Result<Shape, OpenError> {
    let layers = subject.layers()?;
    let channels = wanted_channels(&layers).unwrap_or(channels);
    let about = Shape::new(&[channels, rows, columns])?;
    if subject.plan(&about).is_ok() {
        return Ok(about);
    }
    // What counts the elements of a row takes a vector of them. Kernels and shuffles may need more rows
    // and columns, or such as divide; other layers take lines or volumes.
    let larger = (1..=16).map(|times| vec![channels, 4 * times, 4 * times]);
    let lines = (1..=4).map(|times| vec![channels, 8 * times]);
    let volumes = (2..=6).map(|length| vec![channels, length, length + 1, length + 1]);
    let vectors = (1..=VECTOR).map(|length| vec![length]);
    for input in vectors.chain(larger).chain(lines).chain(volumes) {
        let shape = Shape::new(&input)?;
        if subject.plan(&shape).is_ok() {
            return Ok(shape);
        }
    }
    Ok(about)
}

/// An input from its word: a shape, a picture, or a file of numbers.
fn read_input(
    word: &str,
    channels: Option<usize>,
    read: &ReadFile,
) -> Result<(Shape, Fill), OpenError> {
    match word.parse::<Shape>() {
        Ok(shape) => return Ok((shape, Fill::Ramp)),
        Err(ShapeError::Text { .. }) => {}
        Err(why) => return Err(why.into()),
    }
    let fill = match word.parse::<Fill>() {
        Ok(fill @ (Fill::Image(_) | Fill::File(_) | Fill::Named { .. })) => fill,
        // Of a name that says nothing, the content may say all; a folder is told as what it is.
        _ => match read(word) {
            Ok(_) | Err(ReadError::Special(_) | ReadError::Address) => Fill::File(word.to_owned()),
            Err(_) => return Err(OpenError::Input(word.chars().take(80).collect())),
        },
    };
    let (path, name) = match &fill {
        Fill::Named { file, tensor } => (file, Some(tensor.as_str())),
        Fill::Image(path) | Fill::File(path) => (path, None),
        _ => return Err(OpenError::Input(word.to_owned())),
    };
    let unreadable = |why| OpenError::Read {
        path: path.clone(),
        why,
    };
    let wrong = |why| OpenError::File {
        path: path.clone(),
        why,
    };
    let bytes = read(path).map_err(unreadable)?;
    if files::holds_picture(path, &bytes) {
        let picture = files::Picture::read(&bytes).map_err(wrong)?;
        let (rows, columns) = picture.size();
        let channels = channels.filter(|count| [1, 3, 4].contains(count));
        let longest = rows.max(columns).max(1);
        let side = |length: usize| {
            if longest <= PICTURE {
                length
            } else {
                (length * PICTURE).div_ceil(longest).max(1)
            }
        };
        let channels = channels.unwrap_or(3);
        let shape = Shape::new(&[channels, side(rows), side(columns)])?;
        return Ok((shape, fill));
    }
    let tensor = files::read_tensor(path, &bytes, name).map_err(wrong)?;
    let shape = match *tensor.shape().axes() {
        [1, channels, rows, columns] | [channels, rows, columns] => {
            Shape::new(&[channels, rows, columns])?
        }
        [rows, columns] => Shape::new(&[1, rows, columns])?,
        [batch, ..] if tensor.shape().rank() == 4 => {
            return Err(OpenError::Batch {
                path: path.clone(),
                shape: *tensor.shape(),
                batch,
            });
        }
        _ => {
            return Err(OpenError::Rank {
                path: path.clone(),
                shape: *tensor.shape(),
            });
        }
    };
    Ok((shape, fill))
}

/// Fills an operand of a layer: its `weight`, its `bias`, or another one by its name.
///
/// # Errors
/// When there is no such layer, or it has none.
pub fn fill_operand(
    setup: &mut Setup,
    place: usize,
    operand: &str,
    fill: Fill,
) -> Result<(), OpenError> {
    let layer = setup.layers.get_mut(place);
    if layer.is_some_and(|layer| layer.fill_with(operand, fill)) {
        return Ok(());
    }
    Err(OpenError::NoOperand {
        layer: place,
        operand: operand.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::tensor::Tensor;

    fn no_files(_: &str) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NoFolder("nowhere".into()))
    }

    #[test]
    fn a_line_of_pytorch_brings_an_input_that_suits() {
        let open = |line: &str| open(line, None, None, &no_files).unwrap().input;
        assert_eq!(open("nn.Conv2d(8, 4, 3)"), [8, 6, 6]);
        assert_eq!(open("nn.Conv2d(1, 4, 11)"), [1, 12, 12]);
        assert_eq!(open("nn.PixelShuffle(2)"), [4, 6, 6]);
        assert_eq!(open("padding_strides_odd"), [1, 6, 6]);
    }

    #[test]
    fn a_whole_model_is_a_chain_whose_channels_can_be_changed() {
        let model = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))";
        let setup = open(model, Some("3x8x8"), None, &no_files).unwrap();
        assert_eq!(setup.layers.len(), 3);
        assert_eq!(setup.layers[0].operation().wanted_channels(), None);
    }

    #[test]
    fn a_pasted_layer_keeps_the_input_as_far_as_it_suits() {
        let onto = Setup {
            input: [3, 9, 7],
            ..Setup::default()
        };
        assert_eq!(paste("nn.MaxPool2d(2)", &onto).unwrap().input, [3, 9, 7]);
        assert_eq!(paste("nn.Conv2d(5, 2, 3)", &onto).unwrap().input, [5, 9, 7]);
        let wrong = paste("nn.Conv2d(5, 2, 3, strid=2)", &onto).unwrap_err();
        assert!(wrong.to_string().contains("stride"), "{wrong}");
    }

    #[test]
    fn what_is_no_layer_is_told_without_a_command_of_the_terminal() {
        for (text, meant) in [
            ("hello world", None),
            (
                "numerical_padding_stride",
                Some("numerical_padding_strides"),
            ),
        ] {
            let error = paste(text, &Setup::default()).unwrap_err();
            for language in [Language::En, Language::Ja] {
                let told = error.say(language);
                assert!(told.contains(text) && told.contains("nn.Conv2d"), "{told}");
                assert!(!told.contains("tensorama"), "{told}");
                assert!(meant.is_none_or(|meant| told.contains(meant)), "{told}");
            }
        }
    }

    #[test]
    fn padding_of_each_side_is_pasted_back_as_one_layer() {
        let line = "nn.Sequential(\n    nn.ZeroPad2d((2, 0, 2, 4)),\n    nn.Conv2d(3, 4, 3),\n)";
        let setup = paste(line, &Setup::default()).unwrap();
        assert_eq!(setup.layers.len(), 1);
        let chain = crate::network::Chain::plan(&setup.layers, &setup.shape().unwrap()).unwrap();
        assert_eq!(chain.pytorch(), line);
    }

    #[test]
    fn files_become_inputs() {
        let tensor = Tensor::new(Shape::new(&[1, 2, 4, 5]).unwrap(), vec![1.0; 40]).unwrap();
        let bytes = files::write_npy(&tensor);
        let read = move |_: &str| Ok(bytes.clone());
        let dropped = drop("x.npy", &Setup::default(), &read).unwrap();
        assert_eq!(dropped.input, [2, 4, 5]);
        assert_eq!(dropped.fill, Fill::File("x.npy".to_owned()));
        let wrong = drop("x.txt", &Setup::default(), &read).unwrap_err();
        assert!(wrong.to_string().contains(".npy"));
    }

    #[test]
    fn weights_are_given_to_layers_that_have_some() {
        let mut setup = Setup::default();
        fill_operand(&mut setup, 0, "weight", Fill::SobelX).unwrap();
        assert_eq!(setup.layers[0].fill("weight"), Some(&Fill::SobelX));
        assert!(fill_operand(&mut setup, 1, "weight", Fill::SobelX).is_err());
    }

    fn is_japanese(text: &str) -> bool {
        text.chars().any(|letter| ('ぁ'..='ヿ').contains(&letter))
    }

    #[test]
    fn mistakes_in_what_is_pasted_are_told_in_japanese() {
        let mut wrong: Vec<String> = Vec::new();
        for text in [
            "nn.Conv2d(3, 8, 3, strid=2)",
            "nn.Conv2d(3, 8)",
            "nn.Conv2d(3, 8, 3, 1, padding=1, 4)",
            "nn.Conv2d(3, 8, 3",
            "nn.Conv2d(3, 8, 3, 1, 1, 1, 1, True, 'zeros', None, None, 5)",
            "nn.Conv2d(3, 8, 3, stride=1, stride=2)",
            "nn.Conv2d(3, 8, 'x')",
            "nn.Conv2d(3, 8, (1, 2, 3))",
            "nn.Conv2d(3, 8, 3, stride=0)",
            "nn.Conv2d(3, 8, 3, padding=-1)",
            "nn.Conv2d(3, 8, 3, bias=3)",
            "nn.Conv2d(3, 8, 3, padding_mode='reflec')",
            "nn.Conv2d(3, 8, 3, padding_mode='nonsense')",
            "nn.Conv2d(3, 8, 3, padding='samme')",
            "nn.Conv2d(3, 8, 3, groups=2)",
            "nn.Conv2d(3, 8, 3, stride=2, padding='same')",
            "nn.Conv2d(3, 8, 3, padding=300, padding_mode='reflect')",
            "nn.Conv2d(3, 8, 99)",
            "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3))",
            "nn.Sequential()",
            "nn.Sequential(3)",
            "nn.MaxPool2d(2, padding=2)",
            "nn.PixelUnshuffle(99)",
            "nn.Upsample(scale_factor=2, mode='cubic')",
            "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(5000, 4))",
            "nn.Conv3",
            "Conv2d",
            "",
            "nonsense(",
            "nn.Conv2d(3 8, 3)",
            "nn.Conv2d(3, 'open",
            "nn.Conv2d(3, ?, 3)",
            "no_such_preset",
            "padding_stride_odd",
        ] {
            let Err(error) = paste(text, &Setup::default()) else {
                wrong.push(format!("{text}: no mistake"));
                continue;
            };
            let told = error.say(Language::Ja);
            if !is_japanese(told.lines().next().unwrap_or_default()) {
                wrong.push(format!("{text}: {told}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn mistakes_of_files_are_told_in_japanese() {
        let told = |path: &str, bytes: Result<Vec<u8>, ReadError>| {
            let read = move |_: &str| bytes.clone();
            let error = drop(path, &Setup::default(), &read).unwrap_err();
            let told = error.say(Language::Ja);
            assert!(is_japanese(&told), "{path}: {told}");
        };
        told("x.txt", Ok(Vec::new()));
        told("x.npy", Ok(vec![1, 2, 3]));
        told("x.png", Ok(vec![1, 2, 3]));
        told("x.safetensors", Ok(vec![1, 2, 3]));
        told("x.npz", Ok(vec![1, 2, 3]));
        let folder = tempfile::tempdir().unwrap();
        let missing = |name: &str| {
            let path = folder.path().join(name).to_string_lossy().into_owned();
            told("x.npy", crate::tensor::read_file(&path));
        };
        missing("none/x.npy");
        missing("x.npy");
        for number in 0..8 {
            std::fs::write(folder.path().join(format!("{number}.npy")), "").unwrap();
            missing("x.npy");
        }
    }
}
