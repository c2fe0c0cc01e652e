//! The geometry of operations that only move elements: each output element is one input element, found
//! by the digits of its place, each times a stride, as a view of a tensor is in PyTorch.

use crate::op::explain::TermValue;
use crate::op::formula::AxisFormula;
use crate::op::operands::Operands;
use crate::op::phase::Phase;
use crate::op::plan::WorkUnit;
use crate::op::ranges::{AxisRanges, Field, StridedRange};
use crate::op::step::Term;
use crate::tensor::Shape;

use super::groups::{index_in, place_in};
use super::mapping::Mapping;
use super::rearrange::moved;

/// A digit of the output's place: how many values it has, and by how many input elements it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digit {
    pub count: usize,
    pub stride: isize,
}

/// A view of a tensor: axes, each of one or several digits, outermost first, and the place of the
/// first element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    pub axes: Vec<Vec<Digit>>,
    pub offset: isize,
}

impl View {
    /// A tensor as it is.
    pub fn of(lengths: &[usize]) -> Self {
        let mut stride = 1;
        let mut axes: Vec<Vec<Digit>> = lengths
            .iter()
            .rev()
            .map(|&count| {
                let digit = Digit { count, stride };
                stride *= count as isize;
                vec![digit]
            })
            .collect();
        axes.reverse();
        Self { axes, offset: 0 }
    }

    /// The lengths of the axes.
    pub fn lengths(&self) -> Vec<usize> {
        let digits = self.axes.iter();
        digits
            .map(|digits| digits.iter().map(|digit| digit.count).product())
            .collect()
    }

    /// The axes in another order: the place in the list is the new one, the number the old one.
    pub fn permute(&mut self, order: &[usize]) {
        self.axes = order.iter().map(|&axis| self.axes[axis].clone()).collect();
    }

    /// Every `step`-th element of an axis of one digit, `count` of them from `start`; `step` may be
    /// negative.
    pub fn slice(&mut self, axis: usize, start: usize, step: isize, count: usize) {
        if let [digit] = self.axes[axis].as_mut_slice() {
            self.offset += start as isize * digit.stride;
            digit.stride *= step;
            digit.count = count;
        }
    }

    /// Repeats an axis of length 1.
    pub fn expand(&mut self, axis: usize, count: usize) {
        self.axes[axis] = vec![Digit { count, stride: 0 }];
    }

    /// Repeats an axis as a whole.
    pub fn tile(&mut self, axis: usize, repeats: usize) {
        let repeats = Digit {
            count: repeats,
            stride: 0,
        };
        self.axes[axis].insert(0, repeats);
    }

    /// An axis of length 1 at a place.
    pub fn insert(&mut self, axis: usize) {
        let digit = Digit {
            count: 1,
            stride: 0,
        };
        self.axes.insert(axis, vec![digit]);
    }

    /// Cuts an axis of one digit into several, outermost first; their product is its length.
    pub fn split(&mut self, axis: usize, counts: &[usize]) {
        let [digit] = self.axes[axis][..] else {
            return;
        };
        let mut stride = digit.stride;
        let mut axes: Vec<Vec<Digit>> = counts
            .iter()
            .rev()
            .map(|&count| {
                let digit = Digit { count, stride };
                stride *= count as isize;
                vec![digit]
            })
            .collect();
        axes.reverse();
        self.axes.splice(axis..=axis, axes);
    }

    /// Makes one axis of neighbours.
    pub fn join(&mut self, axes: std::ops::Range<usize>) {
        let digits = self.axes[axes.clone()].concat();
        self.axes.splice(axes, [digits]);
    }

    /// All digits, as few as there can be.
    pub fn digits(&self) -> Vec<Digit> {
        joined_digits(self.axes.concat())
    }
}

/// Digits of one value left out, and neighbours that move as one joined.
pub(crate) fn joined_digits(all: Vec<Digit>) -> Vec<Digit> {
    let mut digits: Vec<Digit> = Vec::new();
    for digit in all.into_iter().filter(|digit| digit.count > 1) {
        match digits.last_mut() {
            Some(outer) if outer.stride == digit.stride * digit.count as isize => {
                outer.count *= digit.count;
                outer.stride = digit.stride;
            }
            _ => digits.push(digit),
        }
    }
    digits
}

/// A digit that lies in one axis of the output and moves along one axis of the input, axes being
/// planes, rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    count: usize,
    /// The axis of the output, and by how much the digit counts there.
    to: usize,
    place: usize,
    /// The axis of the input, and by how much the digit moves there; nowhere where it repeats.
    from: Option<(usize, isize)>,
    /// The same in elements.
    stride: isize,
}

/// Elements that move.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rearrangement {
    input: [usize; 3],
    output: [usize; 3],
    offset: usize,
    digits: Vec<Digit>,
    parts: Vec<Part>,
    /// Whether a digit goes on from one row or plane of the input into the next, as where rows of 6
    /// become rows of 4: then no axis of the input follows from the axes of the output by itself.
    carries: bool,
    formula: Vec<AxisFormula>,
}

/// Cuts digits so that none reaches over a boundary; `reach` is what a digit spans, from where on.
fn cut(digits: Vec<(Digit, usize)>, boundaries: [usize; 2], by_input: bool) -> Vec<(Digit, usize)> {
    let mut cut = digits;
    for boundary in boundaries {
        cut = cut
            .into_iter()
            .flat_map(|(digit, place)| {
                let unit = if by_input {
                    digit.stride.unsigned_abs()
                } else {
                    place
                };
                let straddles = unit > 0 && unit < boundary && unit * (digit.count - 1) >= boundary;
                let inner = boundary / unit.max(1);
                if !straddles
                    || !boundary.is_multiple_of(unit)
                    || !digit.count.is_multiple_of(inner)
                {
                    return vec![(digit, place)];
                }
                let outer = Digit {
                    count: digit.count / inner,
                    stride: digit.stride * inner as isize,
                };
                let lower = Digit {
                    count: inner,
                    stride: digit.stride,
                };
                vec![(outer, place * inner), (lower, place)]
            })
            .collect();
    }
    cut
}

/// The axis in which a step of so many elements moves, and by how much.
fn axis_of([_, rows, columns]: [usize; 3], step: usize) -> (usize, usize) {
    match step {
        step if step < columns => (2, step),
        step if step < rows * columns => (1, step / columns),
        step => (0, step / (rows * columns)),
    }
}

impl Rearrangement {
    /// A view of a tensor as one of a shape.
    pub fn new(input: Shape, view: &View, output: Shape, formula: Vec<AxisFormula>) -> Self {
        let (from, to) = (input.as_chw(), output.as_chw());
        let digits = view.digits();
        let mut place = 1;
        let mut placed: Vec<(Digit, usize)> = digits
            .iter()
            .rev()
            .map(|digit| {
                let own = (*digit, place);
                place *= digit.count;
                own
            })
            .collect();
        placed.reverse();
        let boundaries = |[_, rows, columns]: [usize; 3]| [columns, rows * columns];
        let placed = cut(placed, boundaries(to), false);
        let placed = cut(placed, boundaries(from), true);
        let [_, rows, columns] = from;
        let carries = placed.iter().any(|(digit, _)| {
            let step = digit.stride.unsigned_abs();
            let reach = step * (digit.count - 1);
            [columns, rows * columns]
                .into_iter()
                .any(|boundary| step < boundary && reach >= boundary)
        });
        let parts = placed
            .into_iter()
            .map(|(digit, place)| {
                let (to, place) = axis_of(to, place);
                let from = (digit.stride != 0).then(|| {
                    let (axis, by) = axis_of(from, digit.stride.unsigned_abs());
                    (axis, by as isize * digit.stride.signum())
                });
                Part {
                    count: digit.count,
                    to,
                    place,
                    from,
                    stride: digit.stride,
                }
            })
            .collect();
        Self {
            input: from,
            output: to,
            offset: view.offset.unsigned_abs(),
            digits,
            parts,
            carries,
            formula,
        }
    }

    /// The place of the input element that an output element is.
    fn source(&self, at: [usize; 3]) -> usize {
        let moves = self.parts.iter().map(|part| {
            let digit = at[part.to] / part.place % part.count;
            digit as isize * part.stride
        });
        (self.offset as isize + moves.sum::<isize>()).unsigned_abs()
    }

    /// The values of the digits that lead to an input element, by the parts; `None` where no output
    /// element is it. Those that repeat have none.
    fn solve(&self, place: usize) -> Option<Vec<Option<usize>>> {
        let mut order: Vec<usize> = (0..self.parts.len())
            .filter(|&part| self.parts[part].stride != 0)
            .collect();
        order.sort_by_key(|&part| std::cmp::Reverse(self.parts[part].stride.unsigned_abs()));
        // Backwards digits count from their far end.
        let backwards = self.parts.iter().filter(|part| part.stride < 0);
        let lowest = backwards.map(|part| (part.count as isize - 1) * part.stride);
        let mut rest = place as isize - self.offset as isize - lowest.sum::<isize>();
        let mut values = vec![None; self.parts.len()];
        for number in order {
            let part = &self.parts[number];
            let step = part.stride.abs();
            let value = rest.div_euclid(step);
            if value < 0 || value >= part.count as isize {
                return None;
            }
            rest -= value * step;
            let value = value.unsigned_abs();
            values[number] = Some(if part.stride < 0 {
                part.count - 1 - value
            } else {
                value
            });
        }
        (rest == 0).then_some(values)
    }

    /// An index of the input as an expression of the output's: names or numbers for plane, row and
    /// column, and the signs of division without remainder, of the remainder, and of a product.
    fn expression(&self, at: &[String; 3], [divided, rest, times]: [&str; 3]) -> [String; 3] {
        let offset = index_in(self.input, self.offset);
        [0, 1, 2].map(|axis| {
            let mut text = String::new();
            let own = self.parts.iter().filter_map(|part| match part.from {
                Some((from, by)) if from == axis => Some((part, by)),
                _ => None,
            });
            if offset[axis] > 0 {
                text = offset[axis].to_string();
            }
            for (part, by) in own {
                let mut digit = at[part.to].clone();
                let whole = part.place * part.count >= self.output[part.to];
                if part.place > 1 {
                    digit += &format!(" {divided} {}", part.place);
                }
                if !whole {
                    digit += &format!(" {rest} {}", part.count);
                }
                if by.abs() > 1 {
                    if part.place > 1 || !whole {
                        digit = format!("({digit})");
                    }
                    digit += &format!(" {times} {}", by.abs());
                }
                match (text.is_empty(), by < 0) {
                    (true, false) => text = digit,
                    (true, true) => text = format!("−{digit}"),
                    (false, false) => text += &format!(" + {digit}"),
                    (false, true) => text += &format!(" − {digit}"),
                }
            }
            if text.is_empty() {
                "0".to_owned()
            } else {
                text
            }
        })
    }

    /// Copies the elements of the innermost digits of a block.
    fn copy(&self, digits: &[Digit], from: isize, input: &[f32], out: &mut [f32]) {
        let at = |place: isize| input[place.unsigned_abs()];
        match *digits {
            [] => out[0] = at(from),
            [Digit { count, stride: 1 }] => {
                let start = from.unsigned_abs();
                out.copy_from_slice(&input[start..start + count]);
            }
            [Digit { stride: 0, .. }] => out.fill(at(from)),
            [Digit { stride, .. }] => {
                let mut place = from;
                for out in out {
                    *out = at(place);
                    place += stride;
                }
            }
            [outer, inner] if outer.stride == 1 && inner.stride > 1 => {
                // A matrix turned: in blocks, so that neither side leaves the cache.
                const BLOCK: usize = 32;
                let (rows, columns) = (outer.count, inner.count);
                for row in (0..rows).step_by(BLOCK) {
                    for column in (0..columns).step_by(BLOCK) {
                        for row in row..rows.min(row + BLOCK) {
                            let end = columns.min(column + BLOCK);
                            let line = &mut out[row * columns + column..row * columns + end];
                            let mut place = from + row as isize + column as isize * inner.stride;
                            for out in line {
                                *out = at(place);
                                place += inner.stride;
                            }
                        }
                    }
                }
            }
            [outer, ref rest @ ..] => {
                let length = out.len() / outer.count;
                for (number, out) in out.chunks_exact_mut(length).enumerate() {
                    self.copy(rest, from + number as isize * outer.stride, input, out);
                }
            }
        }
    }

    /// The first and the last place along an axis of the input of digits between two places along the
    /// same axis of the output, all other digits being anything.
    fn span(&self, axis: usize, first: usize, last: usize) -> (i64, i64) {
        if self.carries {
            return (0, self.input[axis] as i64 - 1);
        }
        let offset = index_in(self.input, self.offset)[axis] as i64;
        let (mut low, mut high) = (offset, offset);
        let mut own = Vec::new();
        for part in &self.parts {
            match part.from {
                Some((from, by)) if from == axis && part.to == axis => own.push((part, by)),
                Some((from, by)) if from == axis => {
                    let end = by as i64 * (part.count as i64 - 1);
                    low += end.min(0);
                    high += end.max(0);
                }
                Some(_) | None => {}
            }
        }
        let place = |at: usize| -> i64 {
            let digits = own.iter().map(|(part, by)| {
                let digit = at / part.place % part.count;
                digit as i64 * *by as i64
            });
            digits.sum()
        };
        // With a single digit the ends of the span are the ends of what is read.
        let places: Vec<i64> = match own.len() {
            0 => vec![0],
            1 if own[0].0.place == 1 && own[0].0.count == self.output[axis] => {
                vec![place(first), place(last)]
            }
            _ => (first..=last).map(place).collect(),
        };
        let least = places.iter().min().copied().unwrap_or(0);
        let most = places.iter().max().copied().unwrap_or(0);
        (low + least, high + most)
    }
}

/// Places along an axis as ranges.
pub(crate) fn ranges_of(places: impl IntoIterator<Item = usize>) -> AxisRanges {
    let mut places: Vec<usize> = places.into_iter().collect();
    places.sort_unstable();
    let mut ranges: AxisRanges = Vec::new();
    for place in places.into_iter().map(|place| place as isize) {
        match ranges.last_mut() {
            Some(range) if range.first == range.last && place > range.last => {
                range.step = (place - range.last).unsigned_abs();
                range.last = place;
            }
            Some(range) if place == range.last + range.step as isize => range.last = place,
            _ => ranges.push(StridedRange {
                first: place,
                last: place,
                step: 1,
            }),
        }
    }
    ranges
}

/// A field of nothing.
pub(crate) fn nothing() -> Field {
    Field {
        axes: [Vec::new(), Vec::new(), Vec::new()],
    }
}

/// Names of the axes of an output of so many.
pub(crate) fn axis_names(rank: usize) -> &'static [&'static str] {
    match rank {
        0 => &[],
        1 => &["C"],
        2 => &["C", "W"],
        3 => &["C", "H", "W"],
        4 => &["C", "D", "H", "W"],
        _ => &["0", "1", "2", "3", "4", "5", "6", "7"],
    }
}

/// The phases of a step of an operation that only moves elements.
pub(crate) const MOVES: &[Phase] = &[Phase::Lift, Phase::Carry, Phase::Settle];

impl Mapping for Rearrangement {
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
        moved(index_in(self.input, self.source(at)))
    }

    fn window(&self, at: [usize; 3]) -> ([isize; 3], [usize; 3]) {
        let from = index_in(self.input, self.source(at));
        (from.map(|at| at as isize), [1; 3])
    }

    fn value(&self, _at: [usize; 3], terms: &[TermValue], running: f32, _vectors: &[f32]) -> f32 {
        terms.first().map_or(running, |term| term.input)
    }

    fn evaluate(&self, operands: &Operands, out: &mut [f32]) {
        let input = operands.input().data();
        self.copy(&self.digits, self.offset as isize, input, out);
    }

    fn work(&self) -> Option<(WorkUnit, Option<u128>, u128)> {
        None
    }

    fn formula(&self) -> Vec<(&'static str, AxisFormula)> {
        let names = axis_names(self.formula.len()).iter().copied();
        names.zip(self.formula.iter().copied()).collect()
    }

    fn reads(&self, at: [usize; 3]) -> Field {
        Field::single(index_in(self.input, self.source(at)))
    }

    fn feeds(&self, input: [usize; 3]) -> Field {
        let Some(values) = self.solve(place_in(self.input, input)) else {
            return nothing();
        };
        let axes = [0, 1, 2].map(|axis| {
            let mut places = vec![0];
            for (part, value) in self.parts.iter().zip(&values) {
                if part.to != axis {
                    continue;
                }
                let values = match value {
                    Some(value) => *value..value + 1,
                    None => 0..part.count,
                };
                places = places
                    .into_iter()
                    .flat_map(|at| values.clone().map(move |value| at + value * part.place))
                    .collect();
            }
            ranges_of(places)
        });
        Field { axes }
    }

    fn places_read(&self, axis: usize, (first, last): (i64, i64)) -> (i64, i64) {
        let axis = axis + 1;
        let end = self.output[axis] as i64 - 1;
        let inside = |at: i64| at.clamp(0, end);
        let (low, high) = self.span(axis, inside(first) as usize, inside(last) as usize);
        let beyond = |at: i64| ((at - inside(at)) as f64 * self.effective_stride(axis - 1)) as i64;
        (low + beyond(first), high + beyond(last))
    }

    fn effective_stride(&self, axis: usize) -> f64 {
        let axis = axis + 1;
        if self.carries {
            return 1.0;
        }
        let along = self.parts.iter().find_map(|part| match part.from {
            Some((from, by)) if from == axis && part.to == axis => {
                Some(by.unsigned_abs() as f64 / part.place as f64)
            }
            _ => None,
        });
        along.unwrap_or(1.0)
    }

    fn digits(&self) -> Option<&[Digit]> {
        (self.offset == 0).then_some(self.digits.as_slice())
    }

    fn index_arithmetic(&self, at: [usize; 3]) -> Option<String> {
        if self.carries {
            let [_, rows, columns] = self.input;
            let (place, plane) = (self.source(at), rows * columns);
            return Some(format!(
                "[{place} ÷ {plane}, {place} ÷ {columns} mod {rows}, {place} mod {columns}]"
            ));
        }
        let at = at.map(|at| at.to_string());
        Some(format!(
            "[{}]",
            self.expression(&at, ["÷", "mod", "×"]).join(", ")
        ))
    }

    fn index_code(&self) -> Option<String> {
        if self.carries {
            let [_, rows, columns] = self.output;
            return Some(format!("a.flat[(f * {rows} + y) * {columns} + x]"));
        }
        let names = ["f", "y", "x"].map(str::to_owned);
        let index = self.expression(&names, ["//", "%", "*"]).join(", ");
        Some(format!("a[{}]", index.replace('−', "-")))
    }
}
