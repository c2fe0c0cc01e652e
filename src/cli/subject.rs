//! What `explore` and `record` work on: layers on an input, or a part of a network.

mod network;

pub use network::Whole;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Failure;
use super::pictures::PreprocessArgument;
use crate::disk;
use crate::explore::Setup;
use crate::explore::opened::OpenError;
use crate::explore::options::{self, SubjectOptions};
use crate::language::says;
use crate::network::presets::Preset;
use crate::network::{ShippedNetwork, Subject};
use crate::op::LoopOrder;
use crate::tensor::{Fill, Tensor, read_file};

/// The input of layers, their weights, and which part of a network they are.
#[derive(Debug, Args)]
pub struct SubjectArgs {
    /// The input: a shape such as 3x7x7, a picture, or a .npy, .npz or .safetensors file
    /// (FILE:TENSOR takes a tensor by name). A preset brings its own. NAME=... gives one of several inputs of a
    /// network.
    #[arg(short, long)]
    input: Vec<String>,
    /// The part of a network: the chain of layers that begins at the node of this name. Without it,
    /// the first one.
    #[arg(long, value_name = "NODE")]
    part: Option<String>,
    /// What is done with a picture before a network reads it: see eval.
    #[arg(long)]
    preprocess: Option<PreprocessArgument>,
    /// What an input of a shape holds: ramp, count, random:SEED, checkerboard, a picture, ...
    #[arg(long, value_parser = options::fill)]
    fill: Option<Fill>,
    /// The weights: a file, random:SEED, sobel_x, ... ; N=... for layer N of several, from 0.
    #[arg(short, long, value_name = "[N=]FILL", value_parser = options::layer_fill)]
    weight: Vec<(Option<usize>, Fill)>,
    /// The biases, given like the weights.
    #[arg(long, value_name = "[N=]FILL", value_parser = options::layer_fill)]
    bias: Vec<(Option<usize>, Fill)>,
    /// Another operand by its name, such as running_mean=ramp; N=NAME=... for layer N of several.
    #[arg(long, value_parser = options::operand, value_name = "[N=]NAME=FILL", allow_hyphen_values = true)]
    operand: Vec<(Option<usize>, String, Fill)>,
    /// The names of the classes that a network tells apart: a file with a name a line, or a JSON list or
    /// table, such as ImageNet's {"0": ["n01440764", "tench"]}. Without it, those in the network's file.
    #[arg(long, value_name = "FILE")]
    classes: Option<PathBuf>,
    /// The loop order of a convolution; by default filter by filter.
    #[arg(long, value_enum)]
    order: Option<Order>,
}

/// A loop order on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// One filter after another.
    Filter,
    /// One position after another.
    Position,
    /// One channel of the filter after another.
    Channel,
}

impl From<Order> for LoopOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Filter => Self::FilterMajor,
            Order::Position => Self::PositionMajor,
            Order::Channel => Self::ChannelMajor,
        }
    }
}

impl SubjectArgs {
    /// The order in which convolutions are walked through.
    fn order(&self) -> LoopOrder {
        self.order.map_or_else(LoopOrder::default, LoopOrder::from)
    }

    /// The part of a network that is asked for.
    #[must_use]
    pub fn part(&self) -> Option<&str> {
        self.part.as_deref()
    }

    /// The word of the input, where there is one only.
    #[must_use]
    pub fn only_input(&self) -> Option<&str> {
        match &*self.input {
            [only] => Some(only),
            _ => None,
        }
    }

    /// An option of these that is given.
    #[must_use]
    pub fn given(&self) -> Option<&'static str> {
        let options = [
            ("--input", !self.input.is_empty()),
            ("--part", self.part.is_some()),
            ("--preprocess", self.preprocess.is_some()),
            ("--fill", self.fill.is_some()),
            ("--weight", !self.weight.is_empty()),
            ("--bias", !self.bias.is_empty()),
            ("--operand", !self.operand.is_empty()),
            ("--classes", self.classes.is_some()),
            ("--order", self.order.is_some()),
        ];
        let given = options.into_iter().find(|(_, given)| *given);
        given.map(|(option, _)| option)
    }

    /// A whole network with the numbers of its input, by the name of its file; `None` where the name is that
    /// of something else, or a part of it is asked for.
    ///
    /// # Errors
    /// What is wrong with the file or the input.
    pub fn whole(&self, name: &str) -> Result<Option<Whole>, Failure> {
        network::whole(self, name)
    }

    /// The file in which numbers that a network is run on are kept, by the name of what reads them.
    ///
    /// # Errors
    /// Where there is no folder for it.
    pub fn numbers_file(name: &str, node: &str, numbers: &[&Tensor]) -> Result<PathBuf, Failure> {
        network::numbers_file(name, node, numbers)
    }

    /// The setup of layers, of a preset or of a part of a network, by what names it: a line, a name or a
    /// file.
    ///
    /// # Errors
    /// What is wrong with the layers, the input or a file.
    pub fn setup(&self, name: &str) -> Result<Setup, Failure> {
        if self.classes.is_some() {
            let why = says!(
                en: "--classes names what a whole network gives; layers and a part of a network have no classes",
                ja: "--classes はネットワーク全体の出力に名前を付けるものです。層やネットワークの一部にはクラスがありません"
            );
            return Err(Failure::from(why).of_usage());
        }
        let text = text_of(name)?;
        if let Some(setup) = network::setup(self, name, &text)? {
            return Ok(setup);
        }
        if self.input.len() > 1 {
            let why = says!(
                en: "layers one after another have one input, and --input is given more than once",
                ja: "層の連なりの入力はひとつですが、--input が複数あります"
            );
            return Err(Failure::from(why).of_usage());
        }
        let weights = self
            .weight
            .iter()
            .map(|(place, fill)| (place, "weight", fill));
        let biases = self.bias.iter().map(|(place, fill)| (place, "bias", fill));
        let others = self.operand.iter();
        let others = others.map(|(place, name, fill)| (place, name.as_str(), fill));
        let operands = weights.chain(biases).chain(others);
        let subject = SubjectOptions {
            input: self.input.first().cloned(),
            fill: self.fill.clone(),
            operands: operands
                .map(|(place, name, fill)| (*place, name.to_owned(), fill.clone()))
                .collect(),
            order: self.order(),
            part: None,
        };
        subject
            .setup(&text, &read_file)
            .map_err(|error| Failure::from(error).of_usage())
    }
}

/// Whether a text names layers, a preset or a network, and not a lesson.
#[must_use]
pub fn is_subject(name: &str) -> bool {
    let is_network = ["onnx", "txt"].iter().any(|kind| is_file_of(name, kind))
        || is_file_of(name, "py")
        || name.contains(".py:");
    if is_network {
        return true;
    }
    let is_lesson = is_file_of(name, "ron") || Path::new(name).is_file();
    !is_lesson && (Subject::is_written_out(name) || is_named_network(name))
}

/// Whether a preset or a network that comes with the program has this name.
#[must_use]
pub fn is_named_network(name: &str) -> bool {
    Preset::find(name).is_ok() || ShippedNetwork::named(name).is_some()
}

/// Whether a name is that of a file of a kind.
fn is_file_of(name: &str, kind: &str) -> bool {
    let ending = Path::new(name).extension();
    !name.contains('\n') && ending.is_some_and(|ending| ending.eq_ignore_ascii_case(kind))
}

/// The text that names layers: that of a text file, where one is named, or what stands there itself.
fn text_of(name: &str) -> Result<Cow<'_, str>, Failure> {
    if !is_file_of(name, "txt") {
        return Ok(name.into());
    }
    match disk::read_text(Path::new(name)) {
        Ok(text) => Ok(text.into()),
        Err(why) => {
            let path = name.to_owned();
            Err(Failure::from(OpenError::Read { path, why }).of_usage())
        }
    }
}
