//! A step with its numbers: every product and the running sum.

use crate::tensor::Tensor;

use super::geometry::{Geometry, Mapped, Transposed};
use super::operands::Operands;
use super::plan::Plan;
use super::step::{Step, Term, TermSource};

/// A step's terms with their values, in order, and what they come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Every term, in the order in which they are added or compared.
    pub terms: Vec<TermValue>,
    /// The bias that is added after them.
    pub bias: Option<f32>,
    /// What the sum is divided by, for an average pool.
    pub divisor: Option<usize>,
    /// Which term is the maximum, for a max pool; which one is taken, for an unpooling.
    pub winner: Option<usize>,
    /// Which term is the element that becomes the output, where a step looks at the whole row of an
    /// element: a softmax, a layer normalisation.
    pub own: Option<usize>,
    /// The numbers that operands of one number a channel hold for the step's channel, in the order
    /// of [`Plan::operand_list`]: mean, variance, scale and shift of a batch normalisation.
    pub vectors: Vec<f32>,
    /// The output element. In the scatter view of a transposed convolution, what the step's
    /// output element holds after the step.
    pub value: f32,
}

impl Explanation {
    /// The value of the first term's element.
    #[must_use]
    pub fn first_input(&self) -> f32 {
        self.terms.first().map_or(0.0, |term| term.input)
    }
}

/// A term with its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TermValue {
    /// What is read and with which weight.
    pub term: Term,
    /// The element's value; what the padding holds, on padding.
    pub input: f32,
    /// The weight's value; 1 where there is none.
    pub weight: f32,
    /// `input · weight`.
    pub product: f32,
    /// The sum up to and including this term; for a max pool, the maximum so far; in the scatter
    /// view, what the term's target holds after it (0 for a target outside the output).
    pub running: f32,
}

impl Plan {
    /// Step `index` with its numbers: the exact, ordered sum in `f32`, one rounding an addition.
    /// Agrees with [`Plan::evaluate`] but for the order of additions. Takes memory for every term
    /// of the step: look at [`Step::term_count`] first where sizes are anybody's.
    #[must_use]
    pub fn explain(&self, index: u64, operands: &Operands) -> Explanation {
        let step = self.step(index);
        if let Geometry::Transposed(transposed) = self.geometry()
            && step.target_window().is_some()
        {
            return self.explain_scatter(transposed, &step, operands);
        }
        let compares = self.geometry().compares();
        // Adding to -0 leaves every value as it is, -0 included: moved elements stay themselves.
        let mut running = match self.geometry() {
            Geometry::Mapped(_) if compares => f32::NEG_INFINITY,
            Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_)
            | Geometry::Mapped(_) => -0.0,
            Geometry::Pool(_) | Geometry::Adaptive(_) if compares => f32::NEG_INFINITY,
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_) => 0.0,
        };
        let mut winner = None;
        let mut terms = Vec::with_capacity(step.term_count());
        for (number, term) in step.terms().enumerate() {
            let (input, weight) = self.numbers(&term, operands, compares);
            let product = input * weight;
            if !compares {
                running += product;
            } else if matches!(term.source, TermSource::Element(_))
                && (winner.is_none() || input > running || input.is_nan())
            {
                running = input;
                winner = Some(number);
            }
            terms.push(TermValue {
                term,
                input,
                weight,
                product,
                running,
            });
        }
        let bias = self.bias_of(&step, operands);
        let divisor = step.divisor();
        let vectors = operands.vectors(self.vector_place(&step));
        let value = match divisor {
            Some(0) => 0.0,
            Some(divisor) => running / divisor as f32,
            None => bias.map_or(running, |bias| running + bias),
        };
        let value = match self.geometry() {
            Geometry::Elementwise(elementwise) => elementwise.apply(value, &vectors),
            Geometry::Mapped(mapped) => mapped.value(step.output, &terms, value, &vectors),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_) => value,
        };
        let picked = self.mapped();
        let picked = picked.and_then(|mapped| mapped.picked(step.output, &terms));
        Explanation {
            terms,
            bias,
            divisor,
            winner: picked.flatten().or(winner),
            own: self.own(&step),
            vectors,
            value,
        }
    }

    /// Which term of a step is the element that becomes the output, where a step looks at the whole
    /// row of an element: a softmax, a layer normalisation.
    #[must_use]
    pub fn own(&self, step: &Step) -> Option<usize> {
        self.mapped().and_then(|mapped| mapped.own(step.output))
    }

    /// Whether a step takes one of its terms as it is, or none, as its numbers decide.
    #[must_use]
    pub fn picks_one(&self) -> bool {
        let mapped = self.mapped();
        mapped.is_some_and(|mapped| mapped.picked([0; 3], &[]).is_some())
    }

    /// The value of a term's element and of its weight.
    fn numbers(&self, term: &Term, operands: &Operands, compares: bool) -> (f32, f32) {
        let at = |tensor: &Tensor, at| tensor.at(at).unwrap_or(0.0);
        let input = match term.source {
            TermSource::Element(from) | TermSource::Padding { from: Some(from) } => {
                at(operands.input(), from)
            }
            TermSource::Other { input, at: from } => {
                operands.further(input).map_or(0.0, |other| at(other, from))
            }
            _ if compares => f32::NEG_INFINITY,
            TermSource::Padding { from: None } => {
                self.mapped().map_or(0.0, |mapped| mapped.padding_value())
            }
            _ => 0.0,
        };
        if let Some((number, from)) = term.factor {
            let factor = operands
                .further(number)
                .map_or(0.0, |other| at(other, from));
            return (input, factor);
        }
        let weight = match (term.weight, operands.weight()) {
            (Some(place), Some(weights)) => {
                // Weights of Conv1d have no rows, those of Conv3d count slices as planes.
                let axes = weights.shape().axes();
                let (height, width) = match *axes {
                    [_, width] | [_, _, width] => (1, width),
                    [.., height, width] => (height, width),
                    _ => (1, 1),
                };
                let planes = weights.data().len() / (axes[0] * height * width);
                let [first, plane, row, column] = place;
                let offset = ((first * planes + plane) * height + row) * width + column;
                weights.data().get(offset).copied().unwrap_or(0.0)
            }
            _ => term.coefficient.unwrap_or(1.0),
        };
        (input, weight)
    }

    /// The output channel that a step works for.
    fn channel_of(&self, step: &Step) -> usize {
        let planes_a_channel = self.output_shape().as_chw()[0] / self.output_shape().channels();
        step.output[0] / planes_a_channel.max(1)
    }

    /// The place of a step's number in operands of one number a channel.
    fn vector_place(&self, step: &Step) -> usize {
        let own = self
            .mapped()
            .and_then(|mapped| mapped.vector_place(step.output));
        own.unwrap_or_else(|| self.channel_of(step))
    }

    /// The bias of the filter that a step works for.
    fn bias_of(&self, step: &Step, operands: &Operands) -> Option<f32> {
        let own = self
            .mapped()
            .and_then(|mapped| mapped.bias_place(step.output));
        let place = own.unwrap_or_else(|| self.channel_of(step));
        operands.bias()?.get(place).copied()
    }

    /// The geometry, where it describes itself.
    fn mapped(&self) -> Option<&Mapped> {
        match self.geometry() {
            Geometry::Mapped(mapped) => Some(mapped),
            Geometry::Convolution(_)
            | Geometry::Transposed(_)
            | Geometry::Pool(_)
            | Geometry::Adaptive(_)
            | Geometry::Shuffle(_)
            | Geometry::Resize(_)
            | Geometry::Elementwise(_) => None,
        }
    }

    /// A step that adds to several output elements: `running` counts what earlier steps and
    /// earlier terms have added to the same element, bias first.
    fn explain_scatter(
        &self,
        transposed: &Transposed,
        step: &Step,
        operands: &Operands,
    ) -> Explanation {
        let bias = self.bias_of(step, operands);
        let window = transposed.axes[0].kernel * transposed.axes[1].kernel;
        let mut sums: Vec<Option<f32>> = vec![None; window];
        let mut terms = Vec::with_capacity(step.term_count());
        let mut value = bias.unwrap_or(0.0);
        for (number, term) in step.terms().enumerate() {
            let (input, weight) = self.numbers(&term, operands, false);
            let product = input * weight;
            let mut running = 0.0;
            if let Some(Some(target)) = term.target {
                let sum = &mut sums[number % window];
                let before =
                    sum.unwrap_or_else(|| self.added_before(transposed, &term, target, operands));
                running = before + product;
                *sum = Some(running);
                if target == step.output {
                    value = running;
                }
            }
            terms.push(TermValue {
                term,
                input,
                weight,
                product,
                running,
            });
        }
        Explanation {
            terms,
            bias,
            divisor: None,
            winner: None,
            own: None,
            vectors: Vec::new(),
            value,
        }
    }

    /// What an output element holds before the input position of a term adds to it.
    fn added_before(
        &self,
        transposed: &Transposed,
        term: &Term,
        target: [usize; 3],
        operands: &Operands,
    ) -> f32 {
        let [height, width] = &transposed.axes;
        let [filter, row, column] = target;
        let position = [term.padded[1], term.padded[2]];
        let group = filter / transposed.group_filters();
        let mut sum = operands
            .bias()
            .and_then(|bias| bias.get(filter))
            .copied()
            .unwrap_or(0.0);
        // Falling kernel places are rising input positions.
        for kernel_row in (0..height.kernel).rev() {
            let Some(from_row) = height.origin(row, kernel_row) else {
                continue;
            };
            for kernel_column in (0..width.kernel).rev() {
                let Some(from_column) = width.origin(column, kernel_column) else {
                    continue;
                };
                if [from_row, from_column] >= position {
                    continue;
                }
                for channel in 0..transposed.group_channels() {
                    let channel = group * transposed.group_channels() + channel;
                    let from = [channel, from_row, from_column];
                    let weight = [
                        channel,
                        filter % transposed.group_filters(),
                        kernel_row,
                        kernel_column,
                    ];
                    let input = operands.input().at(from).unwrap_or(0.0);
                    let weight = operands
                        .weight()
                        .and_then(|weights| weights.get(weight))
                        .unwrap_or(0.0);
                    sum += input * weight;
                }
            }
        }
        sum
    }
}
