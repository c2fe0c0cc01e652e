//! What a whole network reads while it is explored: other numbers, a file, a picture, and what is done with
//! pictures first.

use super::network_view::NetworkView;
use crate::disk::{self, ReadError};
use crate::language::{Localized, Message, message_error, says};
use crate::network::ShippedNetwork;
use crate::network::map::MapError;
use crate::tensor::files::{self, FileError, Picture};
use crate::tensor::{Preprocess, Shape, Tensor, TensorError};

/// Why a file cannot go into a network.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedError {
    /// It cannot be read.
    Read {
        /// The file.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// It holds no picture and no numbers.
    File {
        /// The file.
        path: String,
        /// The reason.
        why: FileError,
    },
    /// Its numbers are of another shape.
    Shape {
        /// Theirs.
        given: Shape,
        /// That of the network's input.
        wanted: Option<Shape>,
    },
    /// Its numbers make no tensor of that shape.
    Tensor(TensorError),
    /// The network cannot be run on it.
    Map(MapError),
}

impl Message for FeedError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Read { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::File { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Shape { given, wanted } => match wanted {
                Some(wanted) => says!(
                    en: "the file holds {given}, but the network reads {wanted}",
                    ja: "ファイルは {given} ですが、ネットワークの入力は {wanted} です"
                ),
                None => says!(
                    en: "the network has no input of a known shape",
                    ja: "ネットワークに、形状の分かる入力がありません"
                ),
            },
            Self::Tensor(why) => why.message(),
            Self::Map(why) => why.message(),
        }
    }
}

message_error!(FeedError);

impl NetworkView {
    /// The file that its first input holds, if it holds one.
    #[must_use]
    pub fn fed(&self) -> Option<&str> {
        self.fed.as_deref()
    }

    /// What is done with a picture without anybody's choice: what the network was trained on, where that is known.
    #[must_use]
    pub fn own_preprocess(&self) -> Preprocess {
        ShippedNetwork::preprocess(&self.name).unwrap_or_default()
    }

    /// What black and white become before it reads them.
    #[must_use]
    pub fn pen(&self) -> (f32, f32) {
        self.preprocess.ends()
    }

    /// Says where the numbers come from that it has been run on: pictures went through something, and the file of one
    /// may be known.
    #[must_use]
    pub fn with_picture(mut self, path: Option<&str>, preprocess: Preprocess) -> Self {
        self.preprocess = preprocess;
        let read = |path: &str| {
            let bytes = disk::read_file(path).ok()?;
            Picture::read(&bytes).ok()
        };
        self.picture = path.and_then(read);
        let known = self.picture.is_some();
        self.fed = path.filter(|_| known).map(str::to_owned);
        self
    }

    /// Runs the network on other numbers of its first input.
    ///
    /// # Errors
    /// When they do not fit.
    pub fn feed(&mut self, numbers: Tensor) -> Result<(), MapError> {
        self.run_on(numbers)?;
        self.fed = None;
        self.picture = None;
        Ok(())
    }

    fn run_on(&mut self, numbers: Tensor) -> Result<(), MapError> {
        if let Some((_, tensor)) = self.inputs.first_mut() {
            *tensor = numbers;
        }
        self.run = self.run.again(&self.inputs)?;
        self.restage();
        Ok(())
    }

    /// Runs the network on a picture, or on the numbers of a file.
    ///
    /// # Errors
    /// When the file cannot be read, or what is in it does not fit.
    pub fn feed_file(&mut self, path: &str) -> Result<(), FeedError> {
        let read = |why: ReadError| FeedError::Read {
            path: path.to_owned(),
            why,
        };
        let file = |why: FileError| FeedError::File {
            path: path.to_owned(),
            why,
        };
        let bytes = disk::read_file(path).map_err(read)?;
        if files::holds_picture(path, &bytes) {
            self.picture = Some(Picture::read(&bytes).map_err(file)?);
            self.feed_picture()?;
            self.fed = Some(path.to_owned());
            return Ok(());
        }
        let tensor = files::read_tensor(path, &bytes, None).map_err(file)?;
        let wanted = self.input().map(|input| *input.shape());
        match wanted {
            Some(wanted) if wanted.count() == tensor.shape().count() => {
                let tensor = tensor.reshaped(wanted).map_err(FeedError::Tensor)?;
                self.feed(tensor).map_err(FeedError::Map)?;
                self.fed = Some(path.to_owned());
                Ok(())
            }
            _ => Err(FeedError::Shape {
                given: *tensor.shape(),
                wanted,
            }),
        }
    }

    /// Does something else with pictures before the network reads them; the one that was given last goes through
    /// it too.
    ///
    /// # Errors
    /// When what comes of the picture does not fit.
    pub fn set_preprocess(&mut self, preprocess: Preprocess) -> Result<(), FeedError> {
        self.preprocess = preprocess;
        if self.picture.is_none() {
            return Ok(());
        }
        self.feed_picture()
    }

    fn feed_picture(&mut self) -> Result<(), FeedError> {
        let (Some(picture), Some(input)) = (&self.picture, self.input()) else {
            return Ok(());
        };
        let wanted = *input.shape();
        let ([.., rows, columns], channels) = (wanted.axes(), wanted.count()) else {
            return Ok(());
        };
        let channels = channels / (rows * columns).max(1);
        let made = self
            .preprocess
            .apply(picture, channels, Some(*rows), Some(*columns));
        let tensor = made.map_err(|why| FeedError::File {
            path: String::new(),
            why,
        })?;
        match tensor.reshaped(wanted) {
            Ok(tensor) => self.run_on(tensor).map_err(FeedError::Map),
            Err(why) => Err(FeedError::Tensor(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::network_file;
    use crate::tensor::Fill;

    #[test]
    fn a_picture_that_a_command_line_gave_can_go_through_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grey.png");
        image::GrayImage::from_pixel(28, 28, image::Luma([51]))
            .save(&path)
            .unwrap();
        let path = path.to_string_lossy().into_owned();
        let view = network_file::view("digits").unwrap().unwrap();
        let mut view = view.with_picture(Some(&path), "unit".parse().unwrap());
        assert_eq!((&*view.preprocess.name, view.fed()), ("unit", Some(&*path)));
        view.set_preprocess("tf".parse().unwrap()).unwrap();
        // (51 / 255 − 0.5) / 0.5
        let (low, high) = view.input().unwrap().range();
        assert!((low + 0.6).abs() < 1e-6 && (high + 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_picture_stays_when_it_goes_through_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.png");
        image::GrayImage::from_fn(28, 28, |x, _| image::Luma([if x == 14 { 255 } else { 0 }]))
            .save(&path)
            .unwrap();
        let path = path.to_string_lossy().into_owned();
        let mut view = network_file::view("digits").unwrap().unwrap();
        assert_eq!(view.fed(), None);
        view.feed_file(&path).unwrap();
        let trained = view.input().unwrap().clone();
        let lowest = |numbers: &Tensor| numbers.data().iter().copied().fold(f32::MAX, f32::min);
        // As the network was trained: (0 − 0.1307) / 0.3081.
        assert!((lowest(&trained) + 0.1307 / 0.3081).abs() < 1e-4);
        view.set_preprocess("unit".parse().unwrap()).unwrap();
        assert_eq!(lowest(view.input().unwrap()), 0.0);
        assert_eq!(view.fed(), Some(&*path));
        view.set_preprocess(view.own_preprocess()).unwrap();
        assert_eq!(view.input(), Some(&trained));
        // What is drawn is no file, and what is done with pictures does not bring the last one back.
        let drawn = Fill::Constant(1.0).make(trained.shape()).unwrap();
        view.feed(drawn.clone()).unwrap();
        view.set_preprocess("unit".parse().unwrap()).unwrap();
        assert_eq!((view.fed(), view.input()), (None, Some(&drawn)));
    }
}
