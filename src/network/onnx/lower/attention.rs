//! `Attention` of opset 23 and later: softmax(Q · Kᵀ · scale + mask) · V, head by head.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Attention.html>.

use std::collections::BTreeMap;

use super::super::constant::Numbers;
use super::super::fold::{broadcast_axes, broadcast_places};
use super::{Lower, Lowered, value_attribute};
use crate::op::{OnnxAttribute, OnnxConstant};

impl Lower<'_> {
    pub(super) fn reshaped(&mut self, input: &str, axes: &[usize]) -> String {
        let axes: Vec<i64> = axes.iter().map(|&length| length as i64).collect();
        let axes = self.list(&axes);
        self.op("Reshape", [input, &axes])
    }

    pub(super) fn turned(&mut self, input: &str, order: &[i64]) -> String {
        let order = OnnxAttribute::Integers(order.to_vec());
        let attributes = BTreeMap::from([("perm".to_owned(), order)]);
        self.op_with("Transpose", &[input], attributes)
    }

    pub(super) fn along(&mut self, op_type: &str, inputs: &[&str], axis: i64) -> String {
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
        if !(0..=3).contains(&self.integer("qk_matmul_output_mode", 0)) {
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
        // Before the mask, which it would make finite.
        if cap > 0.0 {
            let cap = self.number(cap);
            let part = self.op("Div", [&scores, &cap]);
            let part = self.op("Tanh", [&part]);
            scores = self.op("Mul", [&part, &cap]);
        }
        let after_cap = scores.clone();
        let bias = self.bias(batch, rows, columns, past)?;
        for one in &bias.added {
            scores = self.op("Add", [&scores, one]);
        }
        let biased = scores.clone();
        let mut weights = self.along("Softmax", &[&scores], -1);
        if let Some(kept) = &bias.kept {
            weights = self.op("Mul", [&weights, kept]);
        }
        let mut result = self.op("MatMul", [&weights, &value]);
        if self.axes(0)?.len() == 3 {
            let turned = self.turned(&result, &[0, 2, 1, 3]);
            result = self.reshaped(&turned, &[batch, rows, heads * value_axes[3]]);
        }
        let shown = match self.integer("qk_matmul_output_mode", 0) {
            0 => product,
            1 => after_cap,
            // A row that sees nothing is −∞ there, which is not what is added here.
            2 if bias.kept.is_some() => return None,
            2 => biased,
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

    /// What is added to the scores: the mask, what a row may not see because it comes later or is too
    /// far away, and what is padding.
    fn bias(&mut self, batch: usize, rows: usize, columns: usize, past: usize) -> Option<Bias> {
        let mut bias = Bias::default();
        let window = ["left_window_size", "right_window_size"].map(|name| self.integer(name, -1));
        let causal = self.integer("is_causal", 0) != 0;
        let lengths = match self.input(6) {
            Some(name) => Some(self.build.constant_or_given(&name)?.as_integers()?.to_vec()),
            None => None,
        };
        if lengths
            .as_ref()
            .is_some_and(|lengths| lengths.len() != batch)
        {
            return None;
        }
        let mask = self.input(3);
        let known = mask.as_ref().and_then(|name| self.mask(name, columns));
        if let (Some(name), None) = (&mask, &known) {
            // Only known when the network runs, as wide as the scores.
            (self.build.axes(name)?.last() == Some(&columns)).then_some(())?;
            bias.added.push(name.clone());
        }
        if known.is_none() && !causal && window == [-1, -1] && lengths.is_none() {
            return Some(bias);
        }
        let (mask_axes, mask) = known.unwrap_or_else(|| (vec![1], vec![0.0]));
        let samples = if lengths.is_some() { batch } else { 1 };
        let own = if lengths.is_some() {
            vec![samples, 1, rows, columns]
        } else {
            vec![rows, columns]
        };
        let axes = broadcast_axes(&mask_axes, &own).ok()?;
        let from_mask = broadcast_places(&mask_axes, &axes);
        let plane = rows * columns;
        // Planes of one sample: its heads, where the mask tells them apart.
        let planes = (axes.iter().product::<usize>() / plane.max(1) / samples).max(1);
        let mut numbers = Vec::with_capacity(from_mask.len());
        for (place, &from) in from_mask.iter().enumerate() {
            let sample = place / plane / planes;
            let (row, column) = (place % plane / columns, place % columns);
            let length = lengths.as_ref().map(|lengths| lengths[sample]);
            let offset = length.map_or(past as i64, |length| length - rows as i64);
            let ahead = column as i64 - (row as i64 + offset);
            let seen = !(causal && ahead > 0)
                && (window[0] < 0 || -ahead <= window[0])
                && (window[1] < 0 || ahead <= window[1])
                && length.is_none_or(|length| (column as i64) < length);
            numbers.push(if seen { mask[from] } else { f32::NEG_INFINITY });
        }
        // A row that sees nothing is 0, and not the softmax of −∞ everywhere.
        let mut kept = vec![1.0; numbers.len() / columns.max(1)];
        for (row, kept) in numbers.chunks_mut(columns.max(1)).zip(&mut kept) {
            if row.iter().all(|&number| number == f32::NEG_INFINITY) {
                row.fill(0.0);
                *kept = 0.0;
            }
        }
        if kept.contains(&0.0) {
            let mut axes = axes.clone();
            *axes.last_mut()? = 1;
            let kept = value_attribute(axes, OnnxConstant::Floats(kept));
            bias.kept = Some(self.op_with("Constant", &[], kept));
        }
        let added = value_attribute(axes, OnnxConstant::Floats(numbers));
        let added = self.op_with("Constant", &[], added);
        bias.added.push(added);
        Some(bias)
    }

    /// A mask that is known: truths become 0 and −∞, and columns that it lacks are not seen.
    fn mask(&self, name: &str, columns: usize) -> Option<(Vec<usize>, Vec<f32>)> {
        let given = self.build.constant_or_given(name)?;
        let own: Vec<f32> = match &given.numbers {
            Numbers::Floats(numbers) => numbers.to_vec(),
            Numbers::Integers(truths) => truths
                .iter()
                .map(|&seen| if seen == 0 { f32::NEG_INFINITY } else { 0.0 })
                .collect(),
            Numbers::Unread => return None,
        };
        let mut axes = given.axes.clone();
        let width = *axes.last()?;
        if width >= columns {
            return Some((axes, own));
        }
        let mut numbers = Vec::with_capacity(own.len() / width.max(1) * columns);
        for row in own.chunks(width.max(1)) {
            numbers.extend(row);
            numbers.extend(vec![f32::NEG_INFINITY; columns - width]);
        }
        *axes.last_mut()? = columns;
        Some((axes, numbers))
    }
}

/// What is added to scores, and which rows are kept.
#[derive(Default)]
struct Bias {
    added: Vec<String>,
    /// 1 for each row, and 0 for those that see nothing; `None` where all see something.
    kept: Option<String>,
}
