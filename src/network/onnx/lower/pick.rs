//! Elements that are taken or put by lists of places: where the places are constant, the tensor is laid out
//! as a list of parts, of which some are picked by their numbers.
//!
//! Sources: <https://onnx.ai/onnx/operators/onnx__GatherND.html>, `GatherElements`, `ScatterND`,
//! `ScatterElements`.

use std::collections::BTreeMap;

use super::super::constant::Constant;
use super::{Lower, Lowered};
use crate::op::OnnxAttribute;

/// Parts that are picked, at most.
const MAX_PICKED: usize = 1 << 16;

/// Parts that meet at one place, at most.
const MAX_ROUNDS: usize = 16;

/// Constant places: their axes, and the numbers.
struct Places {
    axes: Vec<usize>,
    numbers: Vec<i64>,
}

/// A place on an axis, which may count from the end.
fn place(number: i64, length: usize) -> Option<usize> {
    let own = if number < 0 {
        number + length as i64
    } else {
        number
    };
    usize::try_from(own).ok().filter(|own| *own < length)
}

/// The place of each element along every axis of such lengths, in order.
fn every(lengths: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let count: usize = lengths.iter().product();
    (0..count).map(move |number| {
        let mut rest = number;
        let mut at: Vec<usize> = lengths
            .iter()
            .rev()
            .map(|length| {
                let own = rest % length;
                rest /= length;
                own
            })
            .collect();
        at.reverse();
        at
    })
}

fn counted(at: &[usize], lengths: &[usize]) -> usize {
    let both = at.iter().zip(lengths);
    both.fold(0, |offset, (at, length)| offset * length + at)
}

impl Lower<'_> {
    fn places(&self) -> Option<Places> {
        let constant = self.build.constant_or_given(&self.input(1)?)?;
        let numbers = Constant::as_integers(constant)?.to_vec();
        (!numbers.is_empty() && numbers.len() <= MAX_PICKED).then(|| Places {
            axes: constant.axes.clone(),
            numbers,
        })
    }

    /// Some of the parts along the first axis of a value, in axes of their own.
    fn picked(mut self, input: &str, parts: &[usize], axes: &[usize]) -> Lowered {
        let result = self.pick(input, parts, axes);
        Ok(self.first_output(&result))
    }

    /// The same, to go on with.
    fn pick(&mut self, input: &str, parts: &[usize], axes: &[usize]) -> String {
        let numbers: Vec<i64> = parts.iter().map(|&part| part as i64).collect();
        let list = self.list(&numbers);
        let axis = BTreeMap::from([("axis".to_owned(), OnnxAttribute::Integer(0))]);
        let picked = self.op_with("Gather", &[input, &list], axis);
        self.reshaped(&picked, axes)
    }

    /// Elements by their place along one axis, the other places being their own.
    pub(super) fn gather_elements(mut self) -> Option<Lowered> {
        let (input, axes, places) = (self.input(0)?, self.axes(0)?, self.places()?);
        let parts = self.element_parts(&axes, &places)?;
        let all = self.reshaped(&input, &[axes.iter().product()]);
        Some(self.picked(&all, &parts, &places.axes))
    }

    fn element_parts(&self, axes: &[usize], places: &Places) -> Option<Vec<usize>> {
        let along = place(self.integer("axis", 0), axes.len())?;
        if places.axes.len() != axes.len() {
            return None;
        }
        let each = every(&places.axes).zip(&places.numbers);
        each.map(|(mut at, &number)| {
            at[along] = place(number, axes[along])?;
            let inside = at.iter().zip(axes).all(|(at, length)| at < length);
            inside.then(|| counted(&at, axes))
        })
        .collect()
    }

    /// Parts by their places along the first axes.
    pub(super) fn gather_nd(mut self) -> Option<Lowered> {
        let (input, axes, places) = (self.input(0)?, self.axes(0)?, self.places()?);
        let batch = usize::try_from(self.integer("batch_dims", 0)).ok()?;
        let (parts, kept) = nd_parts(&axes, &places, batch)?;
        let (leading, rest) = axes.split_at(kept);
        let lengths = [&[leading.iter().product()], rest].concat();
        let all = self.reshaped(&input, &lengths);
        let (outer, _) = places.axes.split_at(places.axes.len() - 1);
        let output = [outer, rest].concat();
        Some(self.picked(&all, &parts, &output))
    }

    /// Elements of another tensor put by their place along one axis.
    pub(super) fn scatter_elements(self) -> Option<Lowered> {
        let (axes, places) = (self.axes(0)?, self.places()?);
        let parts = self.element_parts(&axes, &places)?;
        let lengths = [axes.iter().product()];
        self.put(&axes, &lengths, &parts)
    }

    /// Parts of another tensor put by their places along the first axes.
    pub(super) fn scatter_nd(self) -> Option<Lowered> {
        let (axes, places) = (self.axes(0)?, self.places()?);
        let (parts, kept) = nd_parts(&axes, &places, 0)?;
        let (leading, rest) = axes.split_at(kept);
        let lengths = [&[leading.iter().product()], rest].concat();
        self.put(&axes, &lengths, &parts)
    }

    /// The parts of an input, some of which those of the third take the place of, the last one where
    /// several are put at the same; or with a reduction, are added to them, multiplied with them, and so on.
    fn put(mut self, axes: &[usize], lengths: &[usize], parts: &[usize]) -> Option<Lowered> {
        let meets = match self.node.attributes.get("reduction") {
            Some(OnnxAttribute::Text(word)) => match word.as_str() {
                "none" => None,
                "add" => Some("Add"),
                "mul" => Some("Mul"),
                "max" => Some("Max"),
                "min" => Some("Min"),
                _ => return None,
            },
            _ => None,
        };
        let (input, updates) = (self.input(0)?, self.input(2)?);
        let (&own, rest) = lengths.split_first()?;
        if own > MAX_PICKED {
            return None;
        }
        let mut all = self.reshaped(&input, lengths);
        let new = self.reshaped(&updates, &[&[parts.len()], rest].concat());
        let Some(meets) = meets else {
            let both = self.along("Concat", &[&all, &new], 0);
            let numbered = parts.iter().copied().enumerate();
            return Some(self.picked(&both, &put_at(own, numbered), axes));
        };
        // Of those that are put at the same part, one in each round.
        let mut rounds: Vec<Vec<usize>> = Vec::new();
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, &part) in parts.iter().enumerate() {
            let round = seen.entry(part).or_default();
            match rounds.get_mut(*round) {
                Some(known) => known.push(number),
                None => rounds.push(vec![number]),
            }
            *round += 1;
        }
        if rounds.len() > MAX_ROUNDS {
            return None;
        }
        for round in rounds {
            let at: Vec<usize> = round.iter().map(|&number| parts[number]).collect();
            let shape = [&[round.len()], rest].concat();
            let old = self.pick(&all, &at, &shape);
            let given = self.pick(&new, &round, &shape);
            let met = self.op(meets, [&old, &given]);
            let both = self.along("Concat", &[&all, &met], 0);
            let put = put_at(own, at.into_iter().enumerate());
            all = self.pick(&both, &put, lengths);
        }
        let result = self.reshaped(&all, axes);
        Some(Ok(self.first_output(&result)))
    }
}

/// So many parts, some of which those behind them take the place of: by their numbers, and where.
fn put_at(own: usize, parts: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut picked: Vec<usize> = (0..own).collect();
    for (number, part) in parts {
        picked[part] = own + number;
    }
    picked
}

/// Which parts are meant, and how many of the first axes count through them.
fn nd_parts(axes: &[usize], places: &Places, batch: usize) -> Option<(Vec<usize>, usize)> {
    let (&depth, outer) = places.axes.split_last()?;
    let kept = batch + depth;
    if depth == 0 || kept > axes.len() || outer.len() < batch || outer[..batch] != axes[..batch] {
        return None;
    }
    let each = every(outer).zip(places.numbers.chunks_exact(depth));
    let parts = each.map(|(at, numbers)| {
        let mut own = at[..batch].to_vec();
        for (number, length) in numbers.iter().zip(&axes[batch..]) {
            own.push(place(*number, *length)?);
        }
        Some(counted(&own, axes))
    });
    Some((parts.collect::<Option<Vec<_>>>()?, kept))
}
