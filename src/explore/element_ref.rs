//! An element in the hand: what it is, what it has to do with others, and how its number came about.

use super::Kind;
use super::workbench::ValidSetup;
use crate::op::{
    Explanation, Field, Operands, Plan, Relations, TermSource, TransposeView, WeightField,
};
use crate::tensor::Tensor;

/// An element that can be hovered and pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ElementRef {
    /// An element of a tensor of the chain: 0 is the input, `n` the output of its `n`-th layer.
    Tensor {
        /// The tensor.
        tensor: usize,
        /// Channel, row, column.
        at: [usize; 3],
    },
    /// A weight.
    Weight {
        /// The layer.
        layer: usize,
        /// As in [`crate::op::Term::weight`].
        at: [usize; 4],
    },
    /// A place of the padding around what a layer reads, or of a zero that a transposed convolution
    /// inserts into it.
    Padding {
        /// The layer.
        layer: usize,
        /// Channel, row, column, counted from the first element that is no padding.
        at: [isize; 3],
    },
}

impl ElementRef {
    /// The layer that it belongs to: the one that made it or has it; of the input, the one that reads it first.
    #[must_use]
    pub const fn layer(self) -> usize {
        match self {
            Self::Tensor { tensor, .. } => tensor.saturating_sub(1),
            Self::Weight { layer, .. } | Self::Padding { layer, .. } => layer,
        }
    }

    /// Whether it belongs to the same layer after layers of other kinds have come to stand in the place of some.
    #[must_use]
    pub fn stays(self, before: &[Kind], now: &[Kind]) -> bool {
        let layer = self.layer();
        if before.len() == now.len() {
            return before.get(layer) == now.get(layer);
        }
        // Behind a layer that came or went, the others have other places.
        let same = before
            .iter()
            .zip(now)
            .take_while(|(one, other)| one == other);
        layer < same.count()
    }
}

/// What an element lights: elements of tensors, and weights of layers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Highlights {
    /// Elements, by tensor.
    pub tensors: Vec<(usize, Field)>,
    /// Weights, by layer.
    pub weights: Vec<(usize, WeightField)>,
}

impl Highlights {
    /// Whether an element of a tensor is lit.
    #[must_use]
    pub fn has(&self, tensor: usize, at: [usize; 3]) -> bool {
        let at = at.map(|at| at as isize);
        self.tensors
            .iter()
            .any(|(number, field)| *number == tensor && field.contains(at))
    }

    /// Whether a weight is lit.
    #[must_use]
    pub fn has_weight(&self, layer: usize, at: [usize; 4]) -> bool {
        self.weights
            .iter()
            .any(|(number, field)| *number == layer && field.contains(at))
    }

    /// Whether nothing is lit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tensors.is_empty() && self.weights.is_empty()
    }

    fn add(&mut self, layer: usize, relations: Relations, what: [bool; 3]) {
        let [input, output, weight] = what;
        if input && !relations.input.is_empty() {
            self.tensors.push((layer, relations.input));
        }
        if output && !relations.output.is_empty() {
            self.tensors.push((layer + 1, relations.output));
        }
        if weight && !relations.weight.rest.is_empty() {
            self.weights.push((layer, relations.weight));
        }
    }

    /// What both light.
    pub fn join(&mut self, other: Self) {
        self.tensors.extend(other.tensors);
        self.weights.extend(other.weights);
    }
}

/// What lies under the pointer, in words that a panel can write.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The element.
    pub element_ref: ElementRef,
    /// Its number; what the padding holds, on padding.
    pub value: f32,
    /// How it came about, where a layer made it.
    pub made: Option<Computation>,
    /// Output elements of the next layer that it feeds, or that a weight makes.
    pub feeds: usize,
    /// Input elements that a weight meets.
    pub meets: usize,
}

/// How an output element came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Computation {
    /// The layer that made it.
    pub layer: usize,
    /// The step of the layer's plan.
    pub step: u64,
    /// Every term with its running sum.
    pub explanation: Explanation,
}

/// Terms that are gone through for what an element of a second tensor feeds.
const MAX_LOOKS: usize = 1_000_000;

/// More terms than this are not written out.
pub const MAX_TERMS: usize = 100_000;

impl ValidSetup {
    /// The operands of a layer.
    #[must_use]
    pub fn operands(&self, layer: usize) -> Option<&Operands> {
        let scene = self.lesson.scenes.first()?;
        Some(&scene.staging.staged_layers.get(layer)?.operands)
    }

    /// A tensor of the chain.
    #[must_use]
    pub fn tensor(&self, number: usize) -> Option<&Tensor> {
        self.lesson.scenes.first()?.staging.tensors.get(number)
    }

    fn plan(&self, layer: usize) -> Option<&Plan> {
        self.chain.plans().get(layer)
    }

    /// Whether an element exists.
    #[must_use]
    pub fn exists(&self, element_ref: ElementRef) -> bool {
        match element_ref {
            ElementRef::Tensor { tensor, at } => self
                .chain
                .tensor_shape(tensor)
                .is_some_and(|shape| shape.chw_offset(at).is_some()),
            ElementRef::Weight { layer, at } => self
                .plan(layer)
                .and_then(Plan::weight_shape)
                .is_some_and(|shape| shape.offset(at).is_some()),
            ElementRef::Padding { layer, at } => self.plan(layer).is_some_and(|plan| {
                let sides = plan.padding();
                let [planes, rows, columns] = plan.padded_shape().as_chw();
                let (row, column) = (at[1] + sides.top, at[2] + sides.left);
                (0..planes as isize).contains(&at[0])
                    && (0..rows as isize).contains(&row)
                    && (0..columns as isize).contains(&column)
            }),
        }
    }

    /// Whether a place holds a zero that a transposed convolution inserts between two elements.
    #[must_use]
    pub fn is_inserted(&self, element_ref: ElementRef) -> bool {
        let ElementRef::Padding { layer, at } = element_ref else {
            return false;
        };
        let lies = self.plan(layer).and_then(|plan| plan.source_at(at));
        lies == Some(TermSource::Inserted)
    }

    /// What an element lights: an output the field that it is made of, an input every output that
    /// it feeds, a weight where it is used. The element itself is among it.
    #[must_use]
    pub fn lit(&self, element_ref: ElementRef) -> Highlights {
        let mut lit = Highlights::default();
        match element_ref {
            ElementRef::Tensor { tensor, at } => {
                if let Some(layer) = tensor.checked_sub(1)
                    && let Some(plan) = self.plan(layer)
                    && let Some(relations) = plan.receptive_field(at)
                {
                    if let Some(second) = plan.layer().operation().second_input() {
                        let read = plan.second_read(at).into_iter().take(MAX_TERMS);
                        lit.tensors
                            .extend(read.map(|at| (second, Field::single(at))));
                    }
                    lit.add(layer, relations, [true; 3]);
                }
                if let Some(relations) = self.plan(tensor).and_then(|plan| plan.feeds(at)) {
                    lit.add(tensor, relations, [true, true, false]);
                }
                for (layer, plan) in self.chain.plans().iter().enumerate() {
                    // A skip connection feeds a layer further on.
                    if plan.layer().operation().second_input() == Some(tensor) && layer != tensor {
                        let fed = plan.fed_by_second(at, MAX_LOOKS).into_iter();
                        lit.tensors
                            .extend(fed.map(|at| (layer + 1, Field::single(at))));
                    }
                }
            }
            ElementRef::Weight { layer, at } => {
                if let Some(relations) = self.plan(layer).and_then(|plan| plan.uses_of(at)) {
                    lit.add(layer, relations, [true; 3]);
                }
            }
            ElementRef::Padding { .. } => {}
        }
        lit
    }

    /// An element with its number and how it came about; `None` where it does not exist.
    #[must_use]
    pub fn inspect(&self, element_ref: ElementRef) -> Option<Inspection> {
        if !self.exists(element_ref) {
            return None;
        }
        let mut inspection = Inspection {
            element_ref,
            value: 0.0,
            made: None,
            feeds: 0,
            meets: 0,
        };
        match element_ref {
            ElementRef::Tensor { tensor, at } => {
                inspection.value = self.tensor(tensor)?.at(at)?;
                inspection.feeds = self
                    .plan(tensor)
                    .and_then(|plan| plan.feeds(at))
                    .map_or(0, |relations| relations.output.count());
                inspection.made = tensor.checked_sub(1).and_then(|layer| self.made(layer, at));
            }
            ElementRef::Weight { layer, at } => {
                let weights = self.operands(layer)?.weight()?;
                let offset = weights.shape().offset(at)?;
                inspection.value = weights.data().get(offset).copied()?;
                let relations = self.plan(layer)?.uses_of(at)?;
                inspection.feeds = relations.output.count();
                inspection.meets = relations.input.count();
            }
            ElementRef::Padding { layer, at } => {
                inspection.value = self.padding_value(layer, at)?;
            }
        }
        Some(inspection)
    }

    fn made(&self, layer: usize, at: [usize; 3]) -> Option<Computation> {
        // Of a transposed convolution, the reading in which a step makes one element.
        let plan = self.plan(layer)?.clone();
        let plan = plan.in_view(TransposeView::ZeroInsertion);
        let step = plan.output_shape().chw_offset(at)? as u64;
        if plan.step(step).term_count() > MAX_TERMS {
            return None;
        }
        let explanation = plan.explain(step, self.operands(layer)?);
        Some(Computation {
            layer,
            step,
            explanation,
        })
    }

    /// What the padding holds: found as a term of a step whose window lies there.
    fn padding_value(&self, layer: usize, at: [isize; 3]) -> Option<f32> {
        let plan = self.plan(layer)?;
        let operands = self.operands(layer)?;
        match plan.source_at(at)? {
            TermSource::Padding { from: Some(from) } => operands.input().at(from),
            TermSource::Padding { from: None }
            | TermSource::Element(_)
            | TermSource::Other { .. }
            | TermSource::Inserted
            | TermSource::Beyond => Some(plan.padding_value()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Edit, Parameter, Setup, Workbench};
    use crate::op::{Padding, PaddingMode};

    fn workbench() -> Workbench {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::set(Parameter::Padding, Padding::Size(1, 1)));
        workbench
    }

    #[test]
    fn an_output_is_explained_to_its_last_term() {
        let workbench = workbench();
        let valid = workbench.valid().unwrap();
        let at = [2, 3, 4];
        let found = valid.inspect(ElementRef::Tensor { tensor: 1, at }).unwrap();
        let made = found.made.unwrap();
        assert_eq!(made.explanation.terms.len(), 27);
        assert!((made.explanation.value - found.value).abs() < 1e-4);
        assert!((made.explanation.terms[26].running - found.value).abs() < 1e-4);
    }

    #[test]
    fn each_element_lights_what_it_has_to_do_with() {
        let workbench = workbench();
        let valid = workbench.valid().unwrap();
        let output = valid.lit(ElementRef::Tensor {
            tensor: 1,
            at: [2, 3, 3],
        });
        assert!(output.has(0, [0, 2, 2]) && output.has(0, [2, 4, 4]));
        assert!(!output.has(0, [0, 1, 2]));
        assert!(output.has(1, [2, 3, 3]) && output.has_weight(0, [2, 1, 1, 1]));
        assert!(!output.has_weight(0, [1, 1, 1, 1]));
        let input = valid.lit(ElementRef::Tensor {
            tensor: 0,
            at: [0, 0, 0],
        });
        assert!(input.has(1, [0, 1, 1]) && input.has(1, [3, 0, 0]) && !input.has(1, [0, 2, 0]));
        let weight = valid.lit(ElementRef::Weight {
            layer: 0,
            at: [1, 2, 0, 0],
        });
        assert!(weight.has(1, [1, 5, 5]) && weight.has(0, [2, 0, 0]) && !weight.has(0, [1, 0, 0]));
    }

    #[test]
    fn padding_holds_what_its_mode_says() {
        let mut workbench = workbench();
        let corner = ElementRef::Padding {
            layer: 0,
            at: [0, -1, -1],
        };
        assert_eq!(
            workbench.valid().unwrap().inspect(corner).unwrap().value,
            0.0
        );
        workbench.apply(Edit::set(Parameter::PaddingMode, PaddingMode::Reflect));
        let value = workbench.valid().unwrap().inspect(corner).unwrap().value;
        let inside = ElementRef::Tensor {
            tensor: 0,
            at: [0, 1, 1],
        };
        assert_eq!(
            workbench.valid().unwrap().inspect(inside).unwrap().value,
            value
        );
    }

    #[test]
    fn inserted_zeros_are_told_from_the_padding_around() {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::Kind(crate::explore::Kind::ConvTranspose2d));
        workbench.apply(Edit::Both(Parameter::StrideRows, 2));
        let valid = workbench.valid().unwrap();
        let at = |row, column| ElementRef::Padding {
            layer: 0,
            at: [0, row, column],
        };
        assert!(valid.is_inserted(at(0, 1)) && valid.is_inserted(at(1, 1)));
        assert!(!valid.is_inserted(at(-1, 0)) && !valid.is_inserted(at(0, 2)));
        assert_eq!(valid.inspect(at(1, 1)).unwrap().value, 0.0);
    }

    #[test]
    fn an_element_goes_with_the_kind_of_its_layer_and_stays_with_that_of_others() {
        let tensor = |tensor| ElementRef::Tensor {
            tensor,
            at: [0, 0, 0],
        };
        let weight = ElementRef::Weight {
            layer: 0,
            at: [0, 0, 0, 0],
        };
        let (conv, relu, pool) = (Kind::Conv2d, Kind::ReLU, Kind::MaxPool2d);
        let before = [conv, relu];
        for (now, stay, go) in [
            (
                vec![pool, relu],
                vec![tensor(2)],
                vec![tensor(0), tensor(1), weight],
            ),
            (
                vec![conv, pool],
                vec![tensor(0), tensor(1), weight],
                vec![tensor(2)],
            ),
            (
                vec![conv, pool, relu],
                vec![tensor(1), weight],
                vec![tensor(2)],
            ),
            (vec![relu], vec![], vec![tensor(0), tensor(1), weight]),
            (vec![conv], vec![tensor(0), weight], vec![tensor(2)]),
        ] {
            for element_ref in stay {
                assert!(element_ref.stays(&before, &now), "{element_ref:?} {now:?}");
            }
            for element_ref in go {
                assert!(!element_ref.stays(&before, &now), "{element_ref:?} {now:?}");
            }
        }
    }

    #[test]
    fn what_an_edit_takes_away_does_not_exist_any_more() {
        let mut workbench = workbench();
        let element_ref = ElementRef::Tensor {
            tensor: 1,
            at: [3, 0, 0],
        };
        assert!(workbench.valid().unwrap().exists(element_ref));
        workbench.apply(Edit::Number(Parameter::Filters, 2));
        assert!(!workbench.valid().unwrap().exists(element_ref));
        assert!(workbench.valid().unwrap().inspect(element_ref).is_none());
    }
}
