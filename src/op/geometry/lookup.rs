//! The geometry of operations that look each axis up by itself: padding of every kind, turning an axis
//! round, picking elements by their numbers.

use std::ops::Range;
use std::sync::Arc;

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::padding::PaddingMode;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::Field;
use crate::op::step::{Term, TermSource};
use crate::tensor::Shape;

use super::groups::{index_in, place_in};
use super::mapping::Mapping;
use super::rearrangement::{MOVES, axis_names, ranges_of};

/// How an axis of the output is found in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As it is.
    Same,
    /// With elements in front, or so many cut off where that is negative, and behind.
    Padded {
        before: isize,
        after: isize,
        mode: PaddingMode,
    },
    /// Each so many places further, those past the end at the start.
    Rolled { shift: usize },
    /// Elements by their numbers.
    Picked(Arc<[usize]>),
}

/// An axis with both lengths.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Axis {
    input: usize,
    output: usize,
    finding: Finding,
}

/// What stands at a place of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Element(usize),
    /// Padding that copies an element.
    Copied(usize),
    /// Padding that is constant.
    Constant,
}

impl Axis {
    fn find(&self, at: usize) -> Found {
        match &self.finding {
            Finding::Same => Found::Element(at),
            Finding::Rolled { shift } => {
                Found::Element((at + self.input - shift % self.input) % self.input)
            }
            Finding::Picked(numbers) => Found::Element(numbers[at]),
            Finding::Padded {
                before,
                after,
                mode,
            } => {
                let place = at as isize - before;
                if (0..self.input as isize).contains(&place) {
                    return Found::Element(place.unsigned_abs());
                }
                let copied = match mode {
                    PaddingMode::Zeros => None,
                    // What is cut off is gone before the rest goes round.
                    PaddingMode::Circular => {
                        let first = (-before).max(0);
                        let kept = self.input as isize - first - (-after).max(0);
                        Some((first + (place - first).rem_euclid(kept)).unsigned_abs())
                    }
                    PaddingMode::Reflect | PaddingMode::Replicate => mode.source(place, self.input),
                };
                copied.map_or(Found::Constant, Found::Copied)
            }
        }
    }
}

/// A run of places of the output: elements one after another from a place on, or constant padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Elements { from: usize, count: usize },
    Constant { count: usize },
}

/// Axes looked up by themselves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lookup {
    input: [usize; 3],
    output: [usize; 3],
    axes: Vec<Axis>,
    constant: f32,
    formula: Vec<AxisFormula>,
}

impl Lookup {
    /// A tensor of a shape as one of another, of as many axes; what constant padding holds.
    pub fn new(
        input: Shape,
        output: Shape,
        findings: Vec<Finding>,
        constant: f32,
        formula: Vec<AxisFormula>,
    ) -> Self {
        let axes = input.axes().iter().zip(output.axes()).zip(findings);
        let axes = axes.map(|((&input, &output), finding)| Axis {
            input,
            output,
            finding,
        });
        Self {
            input: input.as_chw(),
            output: output.as_chw(),
            axes: axes.collect(),
            constant,
            formula,
        }
    }

    /// The place of what stands at a place, and whether it lies on padding.
    fn source(&self, at: [usize; 3]) -> (Option<usize>, bool) {
        let mut rest = place_in(self.output, at);
        let (mut place, mut stride) = (0, 1);
        let (mut constant, mut padded) = (false, false);
        for axis in self.axes.iter().rev() {
            match axis.find(rest % axis.output) {
                Found::Element(own) => place += own * stride,
                Found::Copied(own) => {
                    place += own * stride;
                    padded = true;
                }
                Found::Constant => constant = true,
            }
            rest /= axis.output;
            stride *= axis.input;
        }
        ((!constant).then_some(place), padded || constant)
    }

    /// The axes that belong to planes (0), rows or columns of a tensor.
    fn axes_of(&self, part: usize) -> Range<usize> {
        let rank = self.axes.len();
        let columns = rank.saturating_sub(1);
        let rows = if rank > 2 { rank - 2 } else { columns };
        match part {
            0 => 0..rows,
            1 => rows..columns,
            _ => columns..rank,
        }
    }

    /// The last axis that is looked up.
    fn innermost(&self) -> Option<usize> {
        self.axes
            .iter()
            .rposition(|axis| axis.finding != Finding::Same)
    }

    /// Copies the parts of an axis and of all behind it.
    fn copy(&self, axis: usize, runs: &Runs, from: Option<usize>, input: &[f32], out: &mut [f32]) {
        let Some(from) = from else {
            out.fill(self.constant);
            return;
        };
        if axis == runs.axis {
            let mut start = 0;
            for run in &runs.list {
                match *run {
                    Run::Elements { from: own, count } => {
                        let count = count * runs.block;
                        let own = from + own * runs.block;
                        out[start..start + count].copy_from_slice(&input[own..own + count]);
                        start += count;
                    }
                    Run::Constant { count } => {
                        let count = count * runs.block;
                        out[start..start + count].fill(self.constant);
                        start += count;
                    }
                }
            }
            return;
        }
        let own = &self.axes[axis];
        let stride: usize = self.axes[axis + 1..]
            .iter()
            .map(|axis| axis.input)
            .product();
        let length = out.len() / own.output;
        for (at, out) in out.chunks_exact_mut(length).enumerate() {
            let from = match own.find(at) {
                Found::Element(place) | Found::Copied(place) => Some(from + place * stride),
                Found::Constant => None,
            };
            self.copy(axis + 1, runs, from, input, out);
        }
    }

    fn places(&self, axis: usize, span: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        span.filter_map(move |at| match self.axes[axis].find(at) {
            Found::Element(place) | Found::Copied(place) => Some(place),
            Found::Constant => None,
        })
    }
}

/// The runs of the innermost axis that is looked up.
struct Runs {
    axis: usize,
    /// Elements of all axes behind it.
    block: usize,
    list: Vec<Run>,
}

impl Runs {
    fn new(lookup: &Lookup, axis: usize) -> Self {
        let own = &lookup.axes[axis];
        let mut list: Vec<Run> = Vec::new();
        for at in 0..own.output {
            match (own.find(at), list.last_mut()) {
                (Found::Constant, Some(Run::Constant { count })) => *count += 1,
                (Found::Constant, _) => list.push(Run::Constant { count: 1 }),
                (
                    Found::Element(place) | Found::Copied(place),
                    Some(Run::Elements { from, count }),
                ) if *from + *count == place => *count += 1,
                (Found::Element(from) | Found::Copied(from), _) => {
                    list.push(Run::Elements { from, count: 1 });
                }
            }
        }
        let block = lookup.axes[axis + 1..].iter().map(|axis| axis.input);
        Self {
            axis,
            block: block.product(),
            list,
        }
    }
}

impl Mapping for Lookup {
    fn output(&self) -> [usize; 3] {
        self.output
    }

    fn phases(&self) -> &'static [Phase] {
        MOVES
    }

    fn term_count(&self, _at: [usize; 3]) -> usize {
        1
    }

    fn term(&self, at: [usize; 3], _number: usize) -> Term {
        let (place, padded) = self.source(at);
        let from = place.map(|place| index_in(self.input, place));
        let source = match from {
            Some(from) if !padded => TermSource::Element(from),
            from => TermSource::Padding { from },
        };
        Term {
            padded: at,
            source,
            weight: None,
            coefficient: None,
            factor: None,
            target: None,
        }
    }

    fn padding_value(&self) -> f32 {
        self.constant
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let (place, _) = self.source(at);
        let from = place.map_or(at, |place| index_in(self.input, place));
        (from.map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        terms.first().map_or(running, |term| term.input)
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        let Some(axis) = self.innermost() else {
            out.copy_from_slice(input);
            return;
        };
        self.copy(0, &Runs::new(self, axis), Some(0), input, out);
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let names = axis_names(self.formula.len()).iter().copied();
        names.zip(self.formula.iter().copied()).collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        let (place, _) = self.source(at);
        place.map_or_else(super::rearrangement::nothing, |place| {
            Field::single(index_in(self.input, place))
        })
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let mut place = place_in(self.input, input);
        let mut own = vec![0; self.axes.len()];
        for (own, axis) in own.iter_mut().zip(&self.axes).rev() {
            *own = place % axis.input;
            place /= axis.input;
        }
        let axes = [0, 1, 2].map(|part| {
            let mut places = vec![0];
            for axis in self.axes_of(part) {
                let length = self.axes[axis].output;
                let fed: Vec<usize> = (0..length)
                    .filter(|&at| self.places(axis, at..at + 1).next() == Some(own[axis]))
                    .collect();
                places = places
                    .into_iter()
                    .flat_map(|outer| fed.iter().map(move |at| outer * length + at))
                    .collect();
            }
            ranges_of(places)
        });
        Field { axes }
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let [number] = self.axes_of(axis + 1).collect::<Vec<usize>>()[..] else {
            return (first, last);
        };
        let own = &self.axes[number];
        match &own.finding {
            Finding::Same => (first, last),
            // Padding that is constant goes on outside, as under a convolution.
            Finding::Padded {
                before,
                mode: PaddingMode::Zeros,
                ..
            } => (first - *before as i64, last - *before as i64),
            Finding::Padded { .. } | Finding::Rolled { .. } | Finding::Picked(_) => {
                let end = own.output as i64 - 1;
                let inside = |at: i64| at.clamp(0, end) as usize;
                let read = || self.places(number, inside(first)..inside(last) + 1);
                let low = read().min().unwrap_or(0) as i64;
                let high = read().max().unwrap_or(0) as i64;
                (low + first.min(0), high + (last - end).max(0))
            }
        }
    }

    fn index_arithmetic(&self, at: [usize; 3]) -> Option<String> {
        let (place, padded) = self.source(at);
        let from = index_in(self.input, place.filter(|_| !padded)?);
        let own = [0, 1, 2].map(|part| {
            let mut axes = self.axes_of(part);
            match (axes.next(), axes.next()) {
                (Some(axis), None) => match self.axes[axis].finding {
                    Finding::Padded { before, .. } if before > 0 => {
                        format!("{} − {before}", at[part])
                    }
                    Finding::Padded { before, .. } if before < 0 => {
                        format!("{} + {}", at[part], before.unsigned_abs())
                    }
                    _ => from[part].to_string(),
                },
                _ => from[part].to_string(),
            }
        });
        Some(format!("[{}]", own.join(", ")))
    }

    fn index_code(&self) -> Option<String> {
        let names = ["f", "y", "x"];
        let own = [0, 1, 2].map(|part| {
            let name = names[part];
            let axes = self.axes_of(part);
            if axes
                .clone()
                .all(|axis| self.axes[axis].finding == Finding::Same)
            {
                return name.to_owned();
            }
            let [axis] = axes.collect::<Vec<usize>>()[..] else {
                return format!("place({name})");
            };
            let own = &self.axes[axis];
            match &own.finding {
                Finding::Same => name.to_owned(),
                Finding::Rolled { shift } => format!("({name} - {shift}) % {}", own.input),
                Finding::Picked(_) => format!("index[{name}]"),
                Finding::Padded {
                    before,
                    after,
                    mode,
                } => {
                    let place = match before {
                        0 => name.to_owned(),
                        before if *before < 0 => format!("{name} + {}", before.unsigned_abs()),
                        before => format!("{name} - {before}"),
                    };
                    match mode {
                        PaddingMode::Zeros => place,
                        PaddingMode::Reflect => format!("reflect({place})"),
                        PaddingMode::Replicate => format!("clamp({place})"),
                        // What is cut off is gone before the rest goes round.
                        PaddingMode::Circular => {
                            let [first, last] = [before, after].map(|side| (-side).max(0));
                            let kept = own.input as isize - first - last;
                            match *before {
                                0 => format!("{name} % {kept}"),
                                before if before < 0 => format!("{name} % {kept} + {first}"),
                                _ => format!("({place}) % {kept}"),
                            }
                        }
                    }
                }
            }
        });
        let index = own.join(", ");
        let fills = self.axes.iter().any(|axis| {
            let mode = PaddingMode::Zeros;
            matches!(axis.finding, Finding::Padded { mode: own, .. } if own == mode)
        });
        Some(match fills {
            true => format!("a.get([{index}], {})", self.constant),
            false => format!("a[{index}]"),
        })
    }
}
