//! The input of an evaluation: a shape with a fill, or a file.

use std::path::Path;

use super::super::pictures::{ChosenPreprocess, PreprocessArgument};
use super::{EvalArgs, EvalError};
use crate::language::{Localized, says};
use crate::network::Subject;
use crate::op::TensorRole;
use crate::tensor::files::{FileError, Picture};
use crate::tensor::{Fill, Preprocess, Shape, ShapeError, Tensor, files, read_file};

/// Where the numbers of an input come from.
enum InputSource {
    Fill(Fill),
    Tensor(Tensor),
}

/// What a command line gives for an input.
pub(super) struct Given {
    /// Its shape.
    pub shape: Shape,
    source: InputSource,
    /// What was done with a picture.
    pub preprocess: Option<ChosenPreprocess>,
    /// What is to be said of it.
    pub notes: Vec<Localized<String>>,
}

impl Given {
    fn filled(shape: Shape, fill: Fill) -> Self {
        Self {
            shape,
            source: InputSource::Fill(fill),
            preprocess: None,
            notes: Vec::new(),
        }
    }

    /// Its tensor, under a shape of as many elements.
    pub(super) fn tensor(self, shape: &Shape) -> Result<Tensor, EvalError> {
        match self.source {
            InputSource::Fill(fill) => fill.make(shape).map_err(|why| EvalError::Fill {
                what: TensorRole::Input,
                why,
            }),
            InputSource::Tensor(tensor) => Ok(tensor.reshaped(*shape)?),
        }
    }
}

/// A file that a word names, and its bytes.
pub(super) struct GivenFile {
    /// Its path.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The name of a tensor in it.
    tensor: Option<String>,
}

impl GivenFile {
    /// Reads the file of a word. Of a name that says nothing, the content may say all.
    pub(super) fn read(word: &str, fill: Option<&Fill>) -> Result<Self, EvalError> {
        let (path, tensor) = match word.parse::<Fill>() {
            Ok(Fill::Image(path) | Fill::File(path)) => (path, None),
            Ok(Fill::Named { file, tensor }) => (file, Some(tensor)),
            // Also a folder or a device, which is told as what it is.
            _ if Path::new(word).exists() => (word.to_owned(), None),
            _ => return Err(EvalError::Input(word.chars().take(80).collect())),
        };
        if fill.is_some() {
            return Err(EvalError::FillOfFile(path));
        }
        let bytes = read_file(&path).map_err(|why| EvalError::Read {
            path: path.clone(),
            why,
        })?;
        Ok(Self {
            path,
            bytes,
            tensor,
        })
    }

    pub(super) fn wrong(&self, why: FileError) -> EvalError {
        EvalError::File {
            path: self.path.clone(),
            why,
        }
    }

    pub(super) fn holds_picture(&self) -> bool {
        files::holds_picture(&self.path, &self.bytes)
    }

    pub(super) fn picture(&self) -> Result<Picture, EvalError> {
        Picture::read(&self.bytes).map_err(|why| self.wrong(why))
    }

    pub(super) fn tensor(&self) -> Result<Tensor, EvalError> {
        files::read_tensor(&self.path, &self.bytes, self.tensor.as_deref())
            .map_err(|why| self.wrong(why))
    }
}

/// The input that a command line gives to layers or to a network in PyTorch's source.
pub(super) fn input(args: &EvalArgs, subject: &Subject) -> Result<Given, EvalError> {
    let fill = args.fill.clone();
    let no_picture = || match &args.preprocess {
        Some(PreprocessArgument::Given(_)) => Err(EvalError::NoPicture),
        Some(PreprocessArgument::Auto) | None => Ok(()),
    };
    let Some(text) = args.input.first() else {
        no_picture()?;
        let (shape, own) = subject.input().ok_or(EvalError::NoInput)?;
        return Ok(Given::filled(shape, fill.unwrap_or(own)));
    };
    match text.parse::<Shape>() {
        Ok(shape) => {
            no_picture()?;
            Tensor::check(&shape)?;
            return Ok(Given::filled(shape, fill.unwrap_or(Fill::Ramp)));
        }
        Err(ShapeError::Text { .. }) => {}
        Err(why) => return Err(why.into()),
    }
    let file = GivenFile::read(text, fill.as_ref())?;
    if file.holds_picture() {
        let picture = file.picture()?;
        let chosen = ChosenPreprocess::new(&args.layer, args.preprocess.as_ref());
        let preprocess = &chosen.preprocess;
        let tensor = of_picture(&picture, preprocess, subject).map_err(|why| file.wrong(why))?;
        let notes = transparency_note(&picture, preprocess, &file.path);
        return Ok(Given {
            shape: *tensor.shape(),
            source: InputSource::Tensor(tensor),
            preprocess: Some(chosen),
            notes: notes.into_iter().collect(),
        });
    }
    no_picture()?;
    let tensor = file.tensor()?;
    let shape = sample(tensor.shape(), subject);
    Ok(Given {
        shape,
        source: InputSource::Tensor(tensor.reshaped(shape)?),
        preprocess: None,
        notes: Vec::new(),
    })
}

/// A picture with the channels that the subject takes: its colours where they do, else grey, else colours
/// and alpha.
fn of_picture(
    picture: &Picture,
    chosen: &Preprocess,
    subject: &Subject,
) -> Result<Tensor, FileError> {
    let colours = chosen.apply(picture, 3, None, None)?;
    for channels in [3, 1, 4] {
        let shape = Shape::chw(channels, colours.shape().height(), colours.shape().width())?;
        if subject.network(&shape).is_ok() {
            return match channels {
                3 => Ok(colours),
                _ => chosen.apply(picture, channels, None, None),
            };
        }
    }
    Ok(colours)
}

/// The shape of one sample: without the batch axis of 1 that PyTorch's tensors have, and with a channel
/// where a plane alone does not fit.
fn sample(shape: &Shape, subject: &Subject) -> Shape {
    let sample = subject.sample(shape);
    if let [rows, columns] = *sample.axes()
        && let Ok(plane) = Shape::chw(1, rows, columns)
        && subject.network(&sample).is_err()
        && subject.network(&plane).is_ok()
    {
        return plane;
    }
    sample
}

/// Says what is behind a picture that is transparent, and how to change it.
pub(super) fn transparency_note(
    picture: &Picture,
    chosen: &Preprocess,
    path: &str,
) -> Option<Localized<String>> {
    if !picture.is_transparent() || chosen.background != files::WHITE {
        return None;
    }
    Some(says!(
        en: "{path} is transparent in places, with white behind it; --preprocess background=black, or =#rrggbb, puts another colour there",
        ja: "{path} には透明な部分があり、背景を白にしました。--preprocess background=black や =#rrggbb で変えられます"
    ))
}
