//! The geometry of `Where`: each element is one of two, as a condition says. Shapes are broadcast.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::Term;
use crate::tensor::{Shape, Tensor};

use super::broadcast::{Broadcast, Combine};
use super::mapping::Mapping;

/// A condition, what stands where it is true (not 0), and what stands elsewhere.
#[derive(Debug)]
pub(crate) struct Choice {
    inputs: [Shape; 3],
    /// Where each of them is read.
    places: Broadcast,
}

impl Choice {
    /// A choice of two tensors; `None` where the shapes do not go together.
    pub fn new(inputs: [Shape; 3]) -> Option<Self> {
        let places = Broadcast::new(Combine::Maximum, &inputs)?;
        Some(Self { inputs, places })
    }

    /// What all shapes come to.
    pub fn shape(&self) -> Shape {
        self.places.shape()
    }

    /// By how many elements each input moves along the axes of the output, innermost first, and how
    /// long those are.
    fn strides(&self) -> Vec<(usize, [usize; 3])> {
        let output = self.shape();
        let lengths = output.axes().iter().rev().enumerate();
        let walk = lengths.map(|(behind, &length)| {
            let step = self.inputs.map(|input| {
                let mut own = input.axes().iter().rev();
                let within: usize = own.by_ref().take(behind).product();
                match own.next() {
                    None | Some(1) => 0,
                    Some(_) => within,
                }
            });
            (length, step)
        });
        walk.collect()
    }
}

impl Mapping for Choice {
    fn output(&self) -> [usize; 3] {
        self.places.output()
    }

    fn phases(&self) -> &'static [Phase] {
        &[Phase::Lift, Phase::Compare, Phase::Settle]
    }

    fn term_count(&self, at: [usize; 3]) -> usize {
        self.places.term_count(at)
    }

    fn term(&self, at: [usize; 3], number: usize) -> Term {
        self.places.term(at, number)
    }

    fn term_dims(&self, at: [usize; 3]) -> [usize; 3] {
        self.places.term_dims(at)
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        self.places.window(at)
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        match *terms {
            [condition, first, _] if condition.input != 0.0 => first.input,
            [_, _, second] => second.input,
            _ => running,
        }
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let further = |number| operands.further(number).map_or(&[][..], Tensor::data);
        let (condition, first, second) = (operands.input().data(), further(1), further(2));
        let strides = self.strides();
        let (inner, step) = strides.first().copied().unwrap_or((1, [0; 3]));
        let mut counts = vec![0; strides.len()];
        let mut at = [0; 3];
        for out in out.chunks_exact_mut(inner) {
            for (place, out) in out.iter_mut().enumerate() {
                let from = |input: usize| at[input] + place * step[input];
                *out = if condition[from(0)] != 0.0 {
                    first[from(1)]
                } else {
                    second[from(2)]
                };
            }
            for (count, &(length, step)) in counts.iter_mut().zip(&strides).skip(1) {
                *count += 1;
                for (at, step) in at.iter_mut().zip(step) {
                    *at += step;
                }
                if *count < length {
                    break;
                }
                *count = 0;
                for (at, step) in at.iter_mut().zip(step) {
                    *at -= step * length;
                }
            }
        }
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        let all = self.shape().count() as u128;
        Some((WorkUnit::Operations, Some(1), all))
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        self.places.formula()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        self.places.reads(at)
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        self.places.feeds(input)
    }

    fn places_read(&self, axis: usize, span: (i64, i64)) -> (i64, i64) {
        self.places.places_read(axis, span)
    }
}
