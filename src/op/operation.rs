//! What an operation is. Each has one file in `layer/`, which says everything about it: its names,
//! its arguments, its settings, its plan, how it is written as PyTorch and as code, how it looks and
//! what it is called. Notation, lessons, stage, workbench and command line ask here.

use super::call::{Form, Style};
use super::code::LoopNest;
use super::error::LayerError;
use super::explain::Explanation;
use super::geometry::TransposeView;
use super::layer::Layer;
use super::onnx::OnnxForm;
use super::order::Schedule;
use super::padding::PaddingMode;
use super::plan::Plan;
use super::setting::Settings;
use crate::language::Localized;
use crate::says;
use crate::tensor::{Fill, Shape};

/// What is the same for every layer of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// What it does, in a few words.
    pub about: Localized<&'static str>,
    /// The calls that make it in PyTorch's notation.
    pub forms: &'static [Form],
    /// The operators of ONNX that make it.
    pub onnx: &'static [OnnxForm],
    /// A small layer of it, for an input of 4 × 6 × 6.
    pub example: fn() -> Layer,
    /// What part it plays in a network.
    pub family: Family,
    /// Whether the workbench offers it. What it does not offer is a special case of another
    /// operation, or has other axes than channels, rows and columns.
    pub offered: bool,
}

/// What part an operation plays in a network: what a map of the whole tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Filters over windows of the input, or of the output.
    Convolution,
    /// One number for each window.
    Pooling,
    /// Shifts and scales numbers by how they are spread.
    Normalization,
    /// A function of each number.
    Activation,
    /// A matrix product: every input meets every output.
    Product,
    /// Rows of a table by their numbers.
    Lookup,
    /// A sum of tensors, element by element.
    Addition,
    /// Other arithmetic of tensors, element by element.
    Arithmetic,
    /// One number for a whole axis.
    Reduction,
    /// Tensors behind or beside one another.
    Joining,
    /// Numbers come to other places, and stay as they are.
    Arrangement,
    /// Channels become rows and columns, or the other way round.
    Shuffling,
    /// Another size, by numbers in between.
    Resampling,
    /// It does nothing when a network is used.
    Nothing,
    /// Several layers one after another.
    Sequence,
}

/// Whether the shapes that a layer is planned on have a batch axis in front. A number of an axis in
/// a layer (`dim`, `start_dim`) always counts it, as in PyTorch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchAxis {
    /// One sample, without it: `3 × 224 × 224`.
    Absent,
    /// With it: `1 × 3 × 224 × 224`.
    Present,
}

/// What a voice says of a layer. A description is for tables and buttons, where there is room for a few
/// words only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// What it is called, to stand in a sentence, with readings where a voice needs them.
    pub name: Localized<&'static str>,
    /// What it does with the numbers that it gets, in a sentence or two.
    pub does: Localized<String>,
}

impl Spoken {
    /// Words that are the same for all layers of an operation.
    #[must_use]
    pub fn of(name: Localized<&'static str>, does: Localized<&'static str>) -> Self {
        let does = does.into();
        Self { name, does }
    }

    /// A number of a layer, with three decimals at most: `minus 0.5`.
    #[must_use]
    pub fn number(value: f64) -> Localized<String> {
        let digits = format!("{:.3}", value.abs());
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        match (digits, value < 0.0) {
            ("0", _) => Localized::new("0", "{0|ゼロ}").into(),
            (digits, true) => says!(en: "minus {digits}", ja: "マイナス{digits}"),
            (digits, false) => Localized::same(digits),
        }
    }
}

/// An operation with a description of its own.
pub trait Described {
    /// It.
    const DESCRIPTION: Description;
}

/// How the stage shows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisualStyle {
    /// A window travels over the input; what lies under it becomes one element of the output.
    Window,
    /// What a step reads lights up wherever it stands, meets its weights or its factors, and becomes
    /// one element of the output.
    Gather,
    /// A window travels over the output; each element of the input adds to what lies under it.
    Scatter,
    /// Each cube of the input travels to its place in the output.
    Carry,
    /// Each cube of the output comes from the input as a copy.
    Copy,
}

impl VisualStyle {
    /// Whether several elements are taken together at each step, with something over them that
    /// works.
    #[must_use]
    pub const fn works_on_several(self) -> bool {
        match self {
            Self::Window | Self::Gather | Self::Scatter => true,
            Self::Carry | Self::Copy => false,
        }
    }
}

/// A layer of an operation.
pub trait Operation {
    /// Checks the layer against the shape of its input. `layer` is this layer.
    ///
    /// # Errors
    /// What PyTorch refuses, and what is over the limits.
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError>;

    /// Checks the layer against the shapes of all its inputs, for operations on several, and for
    /// those that know the batch axis. Others are planned on one sample, and a network runs them for
    /// each.
    ///
    /// # Errors
    /// As [`Operation::plan`], and when there are too few inputs or too many.
    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        match inputs {
            [input] => self.plan(layer, input),
            _ => Err(LayerError::InputCount {
                layer: layer.name(),
                takes: 1,
                given: inputs.len(),
            }),
        }
    }

    /// The number of axes of one sample, for operations that take no other and know no batch:
    /// 3 for a convolution over channels, rows and columns.
    fn sample_rank(&self) -> Option<usize> {
        None
    }

    /// Whether samples of a batch meet in it, given the ranks of its inputs with their batch axis:
    /// a permutation that moves the first axis, a softmax along it.
    fn mixes_batch(&self, _ranks: &[usize]) -> bool {
        false
    }

    /// The layer as a call in PyTorch's notation, without `nn.`, for an input of this shape.
    fn call(&self, input: &Shape, style: Style) -> String;

    /// How the stage shows it; `None` where it cannot.
    fn visual_style(&self) -> Option<VisualStyle>;

    /// The layer as a loop nest.
    fn code(&self, plan: &Plan, schedule: &Schedule) -> LoopNest;

    /// Shows everything that can be changed in it.
    fn settings(&mut self, settings: &mut dyn Settings);

    /// What a voice says of the layer, where it has no window that could be told of. Without it, its
    /// name and its description.
    fn spoken(&self) -> Option<Spoken> {
        None
    }

    /// What a table calls the layer, its size included: `Conv 3 × 3`. Without one, its name.
    fn title(&self, _plan: &Plan) -> Option<Localized<String>> {
        None
    }

    /// What an element-by-element operation does with the numbers of a step, up to the sign of
    /// equality: `max(0, −2)`. `number` writes a number, in parentheses where it is negative.
    fn arithmetic(&self, step: &Explanation, number: &dyn Fn(f32) -> String) -> Localized<String> {
        let terms: Vec<String> = step.terms.iter().map(|term| number(term.input)).collect();
        Localized::same(terms.join(" + "))
    }

    /// The index of the input element that an output element is, worked out:
    /// `[3 ÷ 4, 1 × 2 + 0, 1 × 2 + 1]`. For operations that only move elements.
    fn index_arithmetic(&self, _output: [usize; 3]) -> Option<String> {
        None
    }

    /// What an operand is filled with when nothing else is given, by its name.
    fn fill(&self, _operand: &str) -> Option<&Fill> {
        None
    }

    /// The same, to be changed.
    fn fill_mut(&mut self, _operand: &str) -> Option<&mut Fill> {
        None
    }

    /// The earlier tensor of the chain that is its second input: 0 is the chain's input.
    fn second_input(&self) -> Option<usize> {
        None
    }

    /// Whether it reads nothing of its first input.
    fn reads_second_alone(&self) -> bool {
        false
    }

    /// Whether its two inputs may change places.
    fn commutes(&self) -> bool {
        false
    }

    /// The layer with its steps in another reading, for operations with several.
    fn in_view(&self, _view: TransposeView) -> Option<Layer> {
        None
    }

    /// The layers that it is made of, where it is made of several.
    fn parts(&self) -> Option<Vec<Layer>> {
        None
    }

    /// The more general layer that it is on an input, where it is a special case of one. A number
    /// of input channels that the layer states is left out.
    fn generalized(&self, _input: &Shape) -> Option<Layer> {
        None
    }

    /// The number of input channels that it asks for.
    fn wanted_channels(&self) -> Option<usize> {
        None
    }

    /// The layers of PyTorch that do the same one after another, where PyTorch does not take the layer
    /// as it is.
    fn in_pytorch(&self) -> Option<Vec<Layer>> {
        None
    }

    /// What it puts around its input, where that is all it does: what the border holds, and the elements
    /// before and behind each axis, from the last axis on.
    fn border(&self) -> Option<(PaddingMode, &[i64])> {
        None
    }

    /// The layer with such a border as its own padding, where the border's sides differ, so that PyTorch
    /// would need a layer for it, and the layer has no padding yet.
    fn with_border(&self, _mode: PaddingMode, _sides: &[i64]) -> Option<Layer> {
        None
    }
}
