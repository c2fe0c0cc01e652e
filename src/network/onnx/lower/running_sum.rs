//! `CumSum`: running sums are the product with a matrix that has ones on its diagonal and on one side of it.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__CumSum.html>.

use std::collections::BTreeMap;

use super::super::element::Kind;
use super::{Lower, Lowered, value_attribute};
use crate::op::{OnnxAttribute, OnnxConstant};

/// Elements that are added up, at most: the matrix has as many rows and columns.
const LONGEST: usize = 2048;

impl Lower<'_> {
    pub(super) fn running_sum(mut self) -> Option<Lowered> {
        let (mut value, axes) = (self.input(0)?, self.axes(0)?);
        let axis = self.build.constant_or_given(&self.input(1)?)?;
        let &[axis] = axis.as_integers()? else {
            return None;
        };
        let rank = axes.len();
        let axis = if axis < 0 { axis + rank as i64 } else { axis };
        let axis = usize::try_from(axis).ok()?;
        let length = axes
            .get(axis)
            .copied()
            .filter(|own| (1..=LONGEST).contains(own))?;
        let backwards = self.integer("reverse", 0) != 0;
        let exclusive = self.integer("exclusive", 0) != 0;
        let ones = (0..length * length).map(|place| {
            let (from, to) = (place / length, place % length);
            let (earlier, later) = if backwards { (to, from) } else { (from, to) };
            f32::from(earlier < later || (earlier == later && !exclusive))
        });
        let ones = OnnxConstant::Floats(ones.collect());
        let ones = self.op_with("Constant", &[], value_attribute(vec![length; 2], ones));
        if self.build.kind(&value) != Kind::Float {
            let float = BTreeMap::from([("to".to_owned(), OnnxAttribute::Integer(1))]);
            value = self.op_with("Cast", &[&value], float);
        }
        // The axis comes last, and goes back: the same exchange both times.
        let mut order: Vec<i64> = (0..rank as i64).collect();
        order.swap(axis, rank - 1);
        let is_last = axis + 1 == rank;
        if !is_last {
            value = self.turned(&value, &order);
        }
        value = self.op("MatMul", [&value, &ones]);
        if !is_last {
            value = self.turned(&value, &order);
        }
        Some(Ok(self.first_output(&value)))
    }
}
