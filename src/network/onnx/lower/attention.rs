//! `Attention` of opset 23 and later: softmax(Q · Kᵀ · scale + mask) · V, head by head.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Attention.html>.

use std::collections::BTreeMap;

use super::{Lower, Lowered, value_attribute};
use crate::op::{OnnxAttribute, OnnxConstant};

impl Lower<'_> {
    fn reshaped(&mut self, input: &str, axes: &[usize]) -> String {
        let axes: Vec<i64> = axes.iter().map(|&length| length as i64).collect();
        let axes = self.list(&axes);
        self.op("Reshape", [input, &axes])
    }

    fn turned(&mut self, input: &str, order: &[i64]) -> String {
        let order = OnnxAttribute::Integers(order.to_vec());
        let attributes = BTreeMap::from([("perm".to_owned(), order)]);
        self.op_with("Transpose", &[input], attributes)
    }

    fn along(&mut self, op_type: &str, inputs: &[&str], axis: i64) -> String {
        let attributes = BTreeMap::from([("axis".to_owned(), OnnxAttribute::Integer(axis))]);
        self.op_with(op_type, inputs, attributes)
    }

    /// An input as heads: batch, heads, rows, numbers of a head.
    fn heads(&mut self, number: usize, heads: i64) -> Option<(String, [usize; 4])> {
        let name = self.input(number)?;
        match *self.axes(number)? {
            [batch, heads, rows, each] => Some((name, [batch, heads, rows, each])),
            [batch, rows, all] => {
                let heads = usize::try_from(heads).ok().filter(|&heads| heads > 0)?;
                let each = all / heads;
                let split = self.reshaped(&name, &[batch, rows, heads, each]);
                Some((
                    self.turned(&split, &[0, 2, 1, 3]),
                    [batch, heads, rows, each],
                ))
            }
            _ => None,
        }
    }

    /// Each head of keys or values, as often as heads of queries share it.
    fn shared(&mut self, value: String, axes: [usize; 4], times: usize) -> String {
        if times == 1 {
            return value;
        }
        let [batch, heads, rows, each] = axes;
        let single = self.reshaped(&value, &[batch, heads, 1, rows, each]);
        let parts: Vec<&str> = vec![&single; times];
        let several = self.along("Concat", &parts, 2);
        self.reshaped(&several, &[batch, heads * times, rows, each])
    }

    pub(super) fn attention(mut self) -> Option<Lowered> {
        // Of the product of queries and keys only the plain one; softmax in another precision, and
        // lengths that are only known when the network runs, are not shown.
        if self.output(3).is_some() && !(0..=3).contains(&self.integer("qk_matmul_output_mode", 0))
            || self.input(6).is_some()
        {
            return None;
        }
        let (query, query_axes) = self.heads(0, self.integer("q_num_heads", 0))?;
        let kv_heads = self.integer("kv_num_heads", 0);
        let (mut key, mut key_axes) = self.heads(1, kv_heads)?;
        let (mut value, mut value_axes) = self.heads(2, kv_heads)?;
        let mut past = 0;
        if let (Some(past_key), Some(past_value)) = (self.input(4), self.input(5)) {
            past = self.axes(4)?.get(2).copied()?;
            key = self.along("Concat", &[&past_key, &key], 2);
            value = self.along("Concat", &[&past_value, &value], 2);
            key_axes[2] += past;
            value_axes[2] += past;
        }
        let (present_key, present_value) = (key.clone(), value.clone());
        let [batch, heads, rows, each] = query_axes;
        if key_axes[1] == 0 || heads % key_axes[1] != 0 {
            return None;
        }
        let times = heads / key_axes[1];
        let key = self.shared(key, key_axes, times);
        let value = self.shared(value, value_axes, times);
        let columns = key_axes[2];
        // Queries and keys take a root of the scale each, as ONNX defines it.
        let scale = self.float("scale").filter(|&scale| scale != 0.0);
        let scale = scale.unwrap_or(1.0 / (each as f32).sqrt());
        let root = self.number(scale.sqrt());
        let query = self.op("Mul", [&query, &root]);
        let turned = self.turned(&key, &[0, 1, 3, 2]);
        let turned = self.op("Mul", [&turned, &root]);
        let product = self.op("MatMul", [&query, &turned]);
        let mut scores = product.clone();
        let cap = self.float("softcap").unwrap_or(0.0);
        let capped = |lower: &mut Self, scores: String| {
            if cap == 0.0 {
                return scores;
            }
            let cap = lower.number(cap);
            let part = lower.op("Div", [&scores, &cap]);
            let part = lower.op("Tanh", [&part]);
            lower.op("Mul", [&part, &cap])
        };
        // Opset 24 caps before the mask is added, opset 23 behind it.
        let before = self.build.opset() >= 24;
        if before {
            scores = capped(&mut self, scores);
        }
        let after_cap = scores.clone();
        if self.integer("is_causal", 0) != 0 {
            let mut mask = vec![0.0; rows * columns];
            for row in 0..rows {
                for column in (row + past + 1).min(columns)..columns {
                    mask[row * columns + column] = f32::NEG_INFINITY;
                }
            }
            let mask = value_attribute(vec![rows, columns], OnnxConstant::Floats(mask));
            let mask = self.op_with("Constant", &[], mask);
            scores = self.op("Add", [&scores, &mask]);
        }
        if let Some(mask) = self.input(3) {
            let mask = self.mask(&mask, columns)?;
            scores = self.op("Add", [&scores, &mask]);
        }
        let biased = scores.clone();
        if !before {
            scores = capped(&mut self, scores);
        }
        let weights = self.along("Softmax", &[&scores], -1);
        let mut result = self.op("MatMul", [&weights, &value]);
        if self.axes(0)?.len() == 3 {
            let turned = self.turned(&result, &[0, 2, 1, 3]);
            result = self.reshaped(&turned, &[batch, rows, heads * value_axes[3]]);
        }
        let shown = match (self.integer("qk_matmul_output_mode", 0), before) {
            (0, _) => product,
            (1, true) => after_cap,
            (1, false) | (2, true) => biased,
            (2, false) => scores,
            _ => weights,
        };
        let further = [(1, present_key), (2, present_value), (3, shown)];
        for (number, value) in further {
            if let Some(name) = self.output(number) {
                // A value may be an input, or shown twice: a copy of its own.
                self.nodes.push(super::Node {
                    name: name.clone(),
                    op_type: "Identity".to_owned(),
                    inputs: vec![value],
                    outputs: vec![name],
                    ..super::Node::default()
                });
            }
        }
        Some(Ok(self.first_output(&result)))
    }

    /// A mask to add: truths become 0 and −∞, and columns that it lacks are left out.
    fn mask(&mut self, name: &str, columns: usize) -> Option<String> {
        let axes = self.build.axes(name)?;
        let given = self.build.constant_or_given(name);
        let Some(truths) = given.and_then(super::Constant::as_integers) else {
            return (axes.last() == Some(&columns)).then(|| name.to_owned());
        };
        let mut numbers: Vec<f32> = Vec::with_capacity(truths.len());
        let width = *axes.last()?;
        for row in truths.chunks(width.max(1)) {
            let row = row
                .iter()
                .map(|&keep| if keep == 0 { f32::NEG_INFINITY } else { 0.0 });
            numbers.extend(row);
            numbers.extend(vec![f32::NEG_INFINITY; columns.saturating_sub(width)]);
        }
        let mut wide = axes;
        *wide.last_mut()? = columns.max(width);
        let mask = value_attribute(wide, OnnxConstant::Floats(numbers));
        Some(self.op_with("Constant", &[], mask))
    }
}
