//! What a command works on: layers in PyTorch's notation, a network in PyTorch's source, or a preset by
//! its name.

use std::path::Path;

use crate::disk::{Reach, ReadError, read_file, reader};
use crate::language::{Localized, Message, message_error, says};
use crate::op::Layer;
use crate::tensor::{Fill, ReadFile, Shape};

use super::chain::{Chain, ChainError};
use super::graph::Graph;
use super::notation::{Model, NotationError};
use super::onnx::{self, OnnxError};
use super::onnx_network::OnnxNetwork;
use super::presets::{Preset, PresetError};
use super::python::{self, PrintedModel, Program, Reading, SourceError};
use super::shipped::ShippedNetwork;

/// Layers that a command line names.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Written out.
    Model(Model),
    /// By a preset's name.
    Preset(&'static Preset),
    /// A network in an ONNX file.
    Onnx(Box<OnnxNetwork>),
    /// A network whose `forward` is run.
    Program(Program),
    /// A model as PyTorch prints it.
    Printed(PrintedSubject),
}

/// A printed model, and its layers where they may follow on as they are declared.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedSubject {
    model: PrintedModel,
    layers: Option<Model>,
}

/// A subject for an input of a shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Network {
    /// Layers one after another, without names.
    Chain(Chain),
    /// A graph of named nodes.
    Graph(Graph),
}

/// Why a text names no layers, or layers that do not fit an input.
#[derive(Debug, Clone, PartialEq)]
pub enum SubjectError {
    /// A mistake in the notation, or an input that the layers do not take.
    Notation(NotationError),
    /// A name that no preset has.
    Preset(PresetError),
    /// An input that a preset does not take.
    Chain(ChainError),
    /// A text of PyTorch that opens no network.
    Source(SourceError),
    /// A network that is no chain, where one is needed.
    Branches {
        /// How many nodes it has.
        nodes: usize,
    },
    /// A printed model that is no chain, where one is needed.
    Print,
    /// An input that does not fit, with what may be wrong with its axes.
    Input {
        /// The mistake.
        why: Box<SubjectError>,
        /// What its axes look like.
        hint: Localized<String>,
    },
    /// An ONNX file that cannot be read.
    File {
        /// Its path.
        path: String,
        /// The reason.
        why: ReadError,
    },
    /// An ONNX file that does not open.
    Onnx {
        /// Its path.
        path: String,
        /// The reason.
        why: Box<OnnxError>,
    },
}

impl Message for SubjectError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Notation(why) => why.message(),
            Self::Preset(why) => why.message(),
            Self::Chain(why) => why.message(),
            Self::File { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Onnx { path, why } => {
                let why = why.message();
                says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
            }
            Self::Source(why) => why.message(),
            Self::Input { why, hint } => {
                let why = why.message();
                says!(with [why, hint]; en: "{why}\n{hint}", ja: "{why}\n{hint}")
            }
            Self::Print => says!(
                en: "the modules of this print do not follow on from one another as they stand: what forward does with them is not in it. Export the model with torch.onnx.export and open the file, or paste the part that is a sequence",
                ja: "表示されたモジュールは、この順には続きません。forward の中身は表示に含まれないためです。torch.onnx.export で書き出したファイルを開くか、一列に続く部分だけを貼り付けてください。"
            ),
            Self::Branches { nodes } => says!(
                en: "this network of {nodes} nodes branches, and the workbench takes layers one after another; `tensorama shape` and `tensorama eval` take the whole",
                ja: "このネットワーク ({nodes} ノード) には分岐があります。ここで扱えるのは、分岐のない層の連なりだけです。全体は `tensorama shape` と `tensorama eval` で扱えます。"
            ),
        }
    }
}

message_error!(SubjectError {
    Notation(NotationError),
    Preset(PresetError),
    Chain(ChainError),
    Source(SourceError),
});

impl Subject {
    /// Whether a text is layers that are written out, and no name: it has a parenthesis, also a full-width
    /// one, or several lines.
    #[must_use]
    pub fn is_written_out(text: &str) -> bool {
        text.contains(['(', '（', '\n'])
    }

    /// Reads the name of a preset, of a network that comes with the program or of a file, or PyTorch's
    /// notation. A text without parentheses is a name.
    ///
    /// # Errors
    /// With the place of a mistake, or the nearest name.
    pub fn parse(text: &str) -> Result<Self, SubjectError> {
        let name = text.trim();
        if is_onnx(name) {
            return Self::open_onnx(name);
        }
        if let Some(network) = ShippedNetwork::named(name) {
            return Self::read_onnx(name, network.file, &read_file).map(Self::Onnx);
        }
        if let Some((file, entry)) = python_file(name) {
            return Ok(Self::Program(Program::open(file, entry)?));
        }
        if !name.is_empty() && !Self::is_written_out(name) {
            match Preset::find(name) {
                Ok(preset) => return Ok(Self::Preset(preset)),
                // A layer's name without its parentheses is better answered by the notation.
                Err(error) if !name.starts_with(|first: char| first.is_ascii_uppercase()) => {
                    if !name.contains('.') {
                        return Err(error.into());
                    }
                }
                Err(_) => {}
            }
        }
        Ok(match python::read(text)? {
            Reading::Layers(placed) => Self::Model(Model::of(text, placed)),
            Reading::Program(program) => Self::Program(program),
            Reading::Printed(model, layers) => Self::Printed(PrintedSubject {
                model,
                layers: layers.map(|(placed, _)| Model::of(text, placed)),
            }),
        })
    }

    /// A network of an ONNX file, found by a way to read files, or one that comes with the program.
    ///
    /// # Errors
    /// When there is no such file, or it does not open.
    pub fn network_named(name: &str, read: &ReadFile) -> Result<Box<OnnxNetwork>, SubjectError> {
        if let Some(network) = ShippedNetwork::named(name) {
            return Self::read_onnx(name, network.file, read);
        }
        let bytes = read(name).map_err(|why| SubjectError::File {
            path: name.to_owned(),
            why,
        })?;
        // Its weights lie beside it, wherever it is read from.
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        let beside = |file: &str| read(&folder.join(file).to_string_lossy());
        Self::read_onnx(name, &bytes, &beside)
    }

    /// The files that a network of an ONNX file consists of: its own, and those with weights beside it.
    ///
    /// # Errors
    /// As [`Subject::network_named`].
    pub fn network_files(name: &str) -> Result<Vec<String>, SubjectError> {
        let files = std::cell::RefCell::new(Vec::new());
        let read = |file: &str| {
            let mut files = files.borrow_mut();
            if !files.iter().any(|known| known == file) {
                files.push(file.to_owned());
            }
            read_file(file)
        };
        Self::network_named(name, &read)?;
        Ok(files.into_inner())
    }

    fn open_onnx(path: &str) -> Result<Self, SubjectError> {
        let bytes = read_file(path).map_err(|why| SubjectError::File {
            path: path.to_owned(),
            why,
        })?;
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        let beside = reader(folder, Reach::Folder);
        Self::read_onnx(path, &bytes, &beside).map(Self::Onnx)
    }

    fn read_onnx(
        path: &str,
        bytes: &[u8],
        beside: &ReadFile,
    ) -> Result<Box<OnnxNetwork>, SubjectError> {
        let name = path.to_owned();
        match onnx::Model::read(bytes, beside) {
            Ok(model) => Ok(Box::new(OnnxNetwork { name, model })),
            Err(why) => Err(SubjectError::Onnx {
                path: name,
                why: Box::new(why),
            }),
        }
    }

    /// Its layers in order, where it is a chain.
    ///
    /// # Errors
    /// When it is a network that branches, or that cannot be followed.
    pub fn layers(&self) -> Result<Vec<Layer>, SubjectError> {
        match self {
            Self::Model(model) => Ok(model.layers()),
            Self::Preset(preset) => Ok(preset.layers()?),
            Self::Printed(printed) => match &printed.layers {
                Some(model) => Ok(model.layers()),
                None => Err(SubjectError::Print),
            },
            Self::Program(program) => {
                // Layers are the same for any input that fits.
                let mut told = None;
                for input in USUAL_INPUTS {
                    match Shape::new(&input).map(|input| program.graph(&input)) {
                        Ok(Ok(graph)) => return chain_of(&graph).map(|(layers, _)| layers),
                        Ok(Err(why)) => {
                            told.get_or_insert(why);
                        }
                        Err(_) => {}
                    }
                }
                match told {
                    Some(why) => Err(why.into()),
                    None => Err(ChainError::Empty.into()),
                }
            }
            Self::Onnx(network) => chain_of(&network.graph_of(None)?).map(|(layers, _)| layers),
        }
    }

    /// Checks that its layers take an input and follow on from one another.
    ///
    /// # Errors
    /// With the place of the layer that does not fit.
    pub fn plan(&self, input: &Shape) -> Result<Chain, SubjectError> {
        match self {
            Self::Model(model) => Ok(model.plan(input)?),
            Self::Preset(preset) => Ok(Chain::plan(&preset.layers()?, input)?),
            Self::Printed(printed) => match &printed.layers {
                Some(model) => Ok(model.plan(input)?),
                None => Err(SubjectError::Print),
            },
            Self::Program(program) => {
                let graph = program.graph(input)?;
                let (layers, input) = chain_of(&graph)?;
                Ok(Chain::plan(&layers, &input)?)
            }
            Self::Onnx(network) => {
                let (layers, input) = chain_of(&network.graph_of(Some(input))?)?;
                Ok(Chain::plan(&layers, &input)?)
            }
        }
    }

    /// It for an input of a shape: a chain, or where its parts have names, a graph.
    ///
    /// # Errors
    /// With the place of what does not fit, or cannot be followed.
    pub fn network(&self, input: &Shape) -> Result<Network, SubjectError> {
        let input = &self.sample(input);
        self.network_of(input)
            .map_err(|why| self.hinted(input, why))
    }

    /// Why an input does not fit, with what may be wrong with its axes.
    #[must_use]
    pub fn hinted(&self, input: &Shape, why: SubjectError) -> SubjectError {
        let fits =
            |axes: &[usize]| Shape::new(axes).is_ok_and(|input| self.network_of(&input).is_ok());
        match axes_hint(input, fits) {
            Some(hint) => SubjectError::Input {
                why: Box::new(why),
                hint,
            },
            None => why,
        }
    }

    /// The shape of one sample: without the batch axis of 1 that PyTorch's tensors have.
    #[must_use]
    pub fn sample(&self, input: &Shape) -> Shape {
        let first = match self {
            Self::Model(model) => model.layers().into_iter().next(),
            Self::Preset(preset) => preset
                .layers()
                .ok()
                .and_then(|layers| layers.into_iter().next()),
            Self::Program(_) | Self::Printed(_) | Self::Onnx(_) => None,
        };
        let rank = first.and_then(|layer| layer.operation().sample_rank());
        match input.axes() {
            [1, rest @ ..] if rest.len() == rank.unwrap_or(3) => Shape::new(rest).unwrap_or(*input),
            _ => *input,
        }
    }

    fn network_of(&self, input: &Shape) -> Result<Network, SubjectError> {
        match self {
            Self::Model(_) | Self::Preset(_) => self.plan(input).map(Network::Chain),
            Self::Program(program) => Ok(Network::Graph(program.graph(input)?)),
            Self::Printed(printed) => Ok(Network::Graph(printed.model.graph(input)?)),
            Self::Onnx(network) => Ok(Network::Graph(network.graph_of(Some(input))?)),
        }
    }

    /// Its graph for an input of a shape, with the names of PyTorch's `state_dict`, whatever it is.
    ///
    /// # Errors
    /// As [`Subject::network`].
    pub fn graph(&self, input: &Shape) -> Result<Graph, SubjectError> {
        let text = match self {
            Self::Model(model) => model.source(),
            Self::Preset(preset) => preset.notation,
            Self::Program(_) | Self::Printed(_) | Self::Onnx(_) => match self.network(input)? {
                Network::Graph(graph) => return Ok(graph),
                Network::Chain(_) => "",
            },
        };
        let input = self.sample(input);
        Ok(Program::of_text(text).graph(&input)?)
    }

    /// What is to be said of it besides: what a print leaves open.
    #[must_use]
    pub fn notes(&self) -> Vec<Localized<String>> {
        match self {
            Self::Model(model) => model.notes(),
            Self::Preset(_) | Self::Program(_) | Self::Printed(_) | Self::Onnx(_) => Vec::new(),
        }
    }

    /// The input that a preset brings along.
    #[must_use]
    pub fn input(&self) -> Option<(Shape, Fill)> {
        match self {
            Self::Model(_) | Self::Program(_) | Self::Printed(_) | Self::Onnx(_) => None,
            Self::Preset(preset) => Some((preset.input_shape().ok()?, preset.fill())),
        }
    }
}

/// Inputs on which a network is tried when no shape is given.
const USUAL_INPUTS: [[usize; 3]; 4] = [[3, 224, 224], [1, 28, 28], [3, 32, 32], [1, 32, 32]];

/// What the axes of an input that does not fit look like: such as would fit in another order or without
/// a batch, or else such as usual pictures have.
fn axes_hint(input: &Shape, fits: impl Fn(&[usize]) -> bool) -> Option<Localized<String>> {
    let few = |channels: usize| matches!(channels, 1 | 3 | 4);
    match *input.axes() {
        [batch, rows, columns]
            if batch > 1 && fits(&[1, rows, columns]) && !fits(&[columns, batch, rows]) =>
        {
            Some(says!(
                en: "{batch} × {rows} × {columns} may be a batch of {batch} planes; one sample is shown: 1x{rows}x{columns} (x[0] in NumPy and PyTorch)",
                ja: "{batch} × {rows} × {columns} は {batch} 枚のバッチかもしれません。表示するのは 1 サンプルです: 1x{rows}x{columns} (NumPy と PyTorch では x[0])"
            ))
        }
        [rows, columns, channels]
            if few(channels) && !few(rows)
                || channels == 3 && rows == columns
                || fits(&[channels, rows, columns]) =>
        {
            Some(says!(
                en: "channels come first: {rows} × {columns} × {channels} looks like rows, columns, channels; give {channels}x{rows}x{columns} (x.transpose(2, 0, 1) in NumPy, x.permute(2, 0, 1) in PyTorch)",
                ja: "チャネルが先頭です。{rows} × {columns} × {channels} は行、列、チャネルの順のようです。{channels}x{rows}x{columns} としてください (NumPy では x.transpose(2, 0, 1)、PyTorch では x.permute(2, 0, 1))。"
            ))
        }
        [batch, rows, columns, channels]
            if !fits(&[rows, columns, channels])
                && (few(channels) && !few(rows) || fits(&[channels, rows, columns])) =>
        {
            Some(says!(
                en: "{batch} × {rows} × {columns} × {channels} looks like a batch with channels last; one sample is shown, with channels first: {channels}x{rows}x{columns} (x[0].transpose(2, 0, 1) in NumPy, x[0].permute(2, 0, 1) in PyTorch)",
                ja: "{batch} × {rows} × {columns} × {channels} はチャネルが最後のバッチのようです。表示するのは 1 サンプルで、チャネルが先頭です: {channels}x{rows}x{columns} (NumPy では x[0].transpose(2, 0, 1)、PyTorch では x[0].permute(2, 0, 1))"
            ))
        }
        [batch, channels, rows, columns] => Some(says!(
            en: "{batch} × {channels} × {rows} × {columns} looks like a batch of {batch}; one sample is shown: {channels}x{rows}x{columns} (x[0] in NumPy and PyTorch)",
            ja: "{batch} × {channels} × {rows} × {columns} は {batch} 個のバッチのようです。表示するのは 1 サンプルです: {channels}x{rows}x{columns} (NumPy と PyTorch では x[0])"
        )),
        _ => None,
    }
}

/// The layers of a graph that is one chain, and the shape of its input.
fn chain_of(graph: &Graph) -> Result<(Vec<Layer>, Shape), SubjectError> {
    let branches = || SubjectError::Branches {
        nodes: graph.nodes().len(),
    };
    let chains = graph.chains();
    let [chain] = chains.as_slice() else {
        return Err(branches());
    };
    if chain.nodes.len() != graph.nodes().len() || graph.outputs() != [chain.output] {
        return Err(branches());
    }
    let input = graph.chain_input(chain).ok_or_else(branches)?;
    Ok((graph.chain_layers(chain, |_| Fill::Ramp), input))
}

/// The file of Python that a text names, and what of it: `vgg.py:vgg11`.
fn python_file(text: &str) -> Option<(&str, Option<&str>)> {
    if text.contains('\n') {
        return None;
    }
    let at = text.find(".py")? + 3;
    let (file, rest) = text.split_at(at);
    if file.contains(['(', '"', '\'']) {
        return None;
    }
    match rest.strip_prefix(':') {
        Some(entry) => Some((file, Some(entry.trim()).filter(|entry| !entry.is_empty()))),
        None => rest.is_empty().then_some((file, None)),
    }
}

/// Whether a text is the name of an ONNX file.
fn is_onnx(text: &str) -> bool {
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    !text.contains('\n') && ending.is_some_and(|ending| ending.eq_ignore_ascii_case("onnx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_works_where_a_layer_does() {
        let subject = Subject::parse("padding_strides_odd").unwrap();
        let (shape, _) = subject.input().unwrap();
        assert_eq!(
            subject.plan(&shape).unwrap().output_shape().to_string(),
            "1 × 3 × 3"
        );
        assert!(
            Subject::parse("nn.Conv2d(1, 1, 3)")
                .unwrap()
                .input()
                .is_none()
        );
    }

    #[test]
    fn a_mistaken_name_is_answered_with_the_nearest() {
        let error = |text| Subject::parse(text).unwrap_err().to_string();
        assert!(error("padding_stride_odd").contains("did you mean \"padding_strides_odd\""));
        assert!(error("Conv2d").contains("needs parentheses"));
        assert!(error("nn.Conv2d").contains("needs parentheses"));
    }
}
