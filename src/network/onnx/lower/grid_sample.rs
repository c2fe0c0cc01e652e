//! `GridSample` as rows of a table: the elements of all channels at one place are a row, whose number follows from
//! the coordinates. Between places, the rows around are weighted.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__GridSample.html>. Coordinates beyond the edge are brought back before
//! anything is rounded, as in PyTorch; ONNX Runtime does it after, which differs for the nearest of two as near.

use std::collections::BTreeMap;

use super::{Lower, Lowered, value_attribute};
use crate::op::{OnnxAttribute, OnnxConstant};

/// Rows of a table that are told apart by an `f32`, at most.
const MAX_ROWS: usize = 1 << 24;

/// What there is beyond the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Zeros,
    Border,
    Reflection,
}

/// What is asked of a sampling, besides its inputs.
#[derive(Debug, Clone, Copy)]
struct Sampling {
    nearest: bool,
    beyond: Beyond,
    /// Whether −1 and 1 are the middles of the outermost elements, and not their outer edges.
    corners: bool,
}

/// One of the places around a coordinate, along an axis.
struct Side {
    /// How far it is in the table.
    offset: String,
    /// How much of it counts; all of it where that is not said.
    weight: Option<String>,
}

impl Lower<'_> {
    pub(super) fn grid_sample(mut self) -> Option<Lowered> {
        let sampling = self.sampling()?;
        let (input, axes) = (self.input(0)?, self.axes(0)?);
        let (grid, places) = (self.input(1)?, self.axes(1)?);
        let [batch, channels, lengths @ ..] = axes.as_slice() else {
            return None;
        };
        let [of_batch, out @ .., coordinates] = places.as_slice() else {
            return None;
        };
        let rank = lengths.len();
        let fits = matches!(rank, 2 | 3) && out.len() == rank && *coordinates == rank;
        let rows = batch * lengths.iter().product::<usize>();
        let each: usize = out.iter().product();
        let count = batch * each;
        if !fits || batch != of_batch || !(1..=MAX_ROWS).contains(&rows) || count == 0 {
            return None;
        }
        let mut order = vec![0];
        order.extend(2..rank as i64 + 2);
        order.push(1);
        let turned = self.turned(&input, &order);
        let table = self.reshaped(&turned, &[rows, *channels]);
        let grid = self.reshaped(&grid, &[count, rank]);
        let mut sides = Vec::new();
        let mut step = rows / batch;
        for (axis, &length) in lengths.iter().enumerate() {
            step /= length;
            // The first coordinate is along the last axis.
            let at = (rank - 1 - axis) as i64;
            let coordinate = self.slice(&grid, 1, at, at + 1);
            sides.push(self.sides(&coordinate, (length, step), sampling));
        }
        let first = (*batch > 1).then(|| {
            let firsts = (0..count).map(|place| (place / each * (rows / batch)) as f32);
            let firsts = OnnxConstant::Floats(firsts.collect());
            self.op_with("Constant", &[], value_attribute(vec![count, 1], firsts))
        });
        let around = if sampling.nearest { 1 } else { 1 << rank };
        let mut sum: Option<String> = None;
        for corner in 0..around {
            let (mut number, mut weight) = (first.clone(), None);
            for (axis, sides) in sides.iter().enumerate() {
                let side = &sides[corner >> axis & 1];
                number = Some(self.joined("Add", number, &side.offset));
                if let Some(own) = &side.weight {
                    weight = Some(self.joined("Mul", weight, own));
                }
            }
            let numbers = self.reshaped(&number?, &[count]);
            let mut taken = self.along("Gather", &[&table, &numbers], 0);
            if let Some(weight) = weight {
                taken = self.op("Mul", [&taken, &weight]);
            }
            sum = Some(self.joined("Add", sum, &taken));
        }
        let whole = self.reshaped(&sum?, &[&[*batch], out, &[*channels]].concat());
        let mut order = vec![0, rank as i64 + 1];
        order.extend(1..=rank as i64);
        let result = self.turned(&whole, &order);
        Some(Ok(self.first_output(&result)))
    }

    /// `None` for cubic interpolation.
    fn sampling(&self) -> Option<Sampling> {
        let word = |name: &str| match self.node.attributes.get(name) {
            Some(OnnxAttribute::Text(word)) => Some(word.as_str()),
            _ => None,
        };
        Some(Sampling {
            nearest: match word("mode") {
                None | Some("bilinear" | "linear") => false,
                Some("nearest") => true,
                Some(_) => return None,
            },
            beyond: match word("padding_mode") {
                None | Some("zeros") => Beyond::Zeros,
                Some("border") => Beyond::Border,
                Some("reflection") => Beyond::Reflection,
                Some(_) => return None,
            },
            corners: self.integer("align_corners", 0) != 0,
        })
    }

    /// A value with another one, where there is one yet.
    fn joined(&mut self, op_type: &str, before: Option<String>, value: &str) -> String {
        match before {
            Some(before) => self.op(op_type, [&before, value]),
            None => value.to_owned(),
        }
    }

    /// The places around a coordinate along an axis of such a length, on which a step is so many rows: the one before
    /// and the one behind, or the nearest alone.
    fn sides(
        &mut self,
        coordinate: &str,
        (length, step): (usize, usize),
        sampling: Sampling,
    ) -> Vec<Side> {
        let place = self.place(coordinate, length, sampling);
        if sampling.nearest {
            let nearest = self.op("Round", [&place]);
            return vec![self.side(&nearest, None, (length, step), sampling)];
        }
        let before = self.op("Floor", [&place]);
        let of_behind = self.op("Sub", [&place, &before]);
        let one = self.number(1.0);
        let of_before = self.op("Sub", [&one, &of_behind]);
        let behind = self.op("Add", [&before, &one]);
        vec![
            self.side(&before, Some(of_before), (length, step), sampling),
            self.side(&behind, Some(of_behind), (length, step), sampling),
        ]
    }

    fn side(
        &mut self,
        place: &str,
        mut weight: Option<String>,
        (length, step): (usize, usize),
        sampling: Sampling,
    ) -> Side {
        let inside = self.inside(place, length);
        if sampling.beyond == Beyond::Zeros {
            let is_inside = self.op("Equal", [place, &inside]);
            let float = BTreeMap::from([("to".to_owned(), OnnxAttribute::Integer(1))]);
            let counts = self.op_with("Cast", &[&is_inside], float);
            weight = Some(self.joined("Mul", weight, &counts));
        }
        let offset = if step == 1 {
            inside
        } else {
            let step = self.number(step as f32);
            self.op("Mul", [&inside, &step])
        };
        Side { offset, weight }
    }

    /// The nearest place that there is.
    fn inside(&mut self, place: &str, length: usize) -> String {
        let (first, last) = (self.number(0.0), self.number((length - 1) as f32));
        self.op("Clip", [place, &first, &last])
    }

    /// A coordinate between −1 and 1 in elements, from the first one's middle.
    fn place(&mut self, coordinate: &str, length: usize, sampling: Sampling) -> String {
        let last = (length - 1) as f32;
        let [one, two] = [1.0, 2.0].map(|value| self.number(value));
        let moved = self.op("Add", [coordinate, &one]);
        let mut place = if sampling.corners {
            let half = self.op("Div", [&moved, &two]);
            let last = self.number(last);
            self.op("Mul", [&half, &last])
        } else {
            let all = self.number(length as f32);
            let doubled = self.op("Mul", [&moved, &all]);
            let doubled = self.op("Sub", [&doubled, &one]);
            self.op("Div", [&doubled, &two])
        };
        if sampling.beyond == Beyond::Reflection {
            let (edge, span) = if sampling.corners {
                (0.0, last)
            } else {
                (-0.5, length as f32)
            };
            // One element alone is its own mirror.
            if span > 0.0 {
                place = self.reflected(&place, edge, span);
            }
        }
        match sampling.beyond {
            Beyond::Zeros => place,
            Beyond::Border | Beyond::Reflection => self.inside(&place, length),
        }
    }

    /// A place between two mirrors, the first of which is at `edge`.
    fn reflected(&mut self, place: &str, edge: f32, span: f32) -> String {
        let [edge, span, there_and_back] = [edge, span, 2.0 * span].map(|value| self.number(value));
        let from_edge = self.op("Sub", [place, &edge]);
        let from_edge = self.op("Abs", [&from_edge]);
        let times = self.op("Div", [&from_edge, &there_and_back]);
        let times = self.op("Floor", [&times]);
        let whole = self.op("Mul", [&times, &there_and_back]);
        let rest = self.op("Sub", [&from_edge, &whole]);
        let beyond = self.op("Sub", [&rest, &span]);
        let beyond = self.op("Abs", [&beyond]);
        let inside = self.op("Sub", [&span, &beyond]);
        self.op("Add", [&inside, &edge])
    }
}
