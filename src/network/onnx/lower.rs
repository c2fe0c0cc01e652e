//! Operators of ONNX that are no single layer, as nodes that are: what the standard defines them by.
//!
//! Source: the functions at <https://onnx.ai/onnx/operators/>.

mod attention;
mod einsum;
mod grid_sample;
mod pick;
mod running_sum;

use std::collections::BTreeMap;

use super::build::{Build, value_attribute};
use super::constant::Constant;
use super::model::Node;
use crate::language::{Localized, says};
use crate::op::{OnnxAttribute, OnnxConstant};

type Fault = Localized<String>;
type Lowered = Result<Vec<Node>, Fault>;

/// The nodes that a node is made of; `None` where it is not taken apart here.
pub(super) fn lowered(build: &Build, node: &Node) -> Option<Lowered> {
    let lower = Lower::new(build, node);
    match node.op_type.as_str() {
        "Sum" => lower.folded("Add", None),
        "Max" => lower.folded("Max", Some("Max")),
        "Min" => lower.folded("Min", Some("Min")),
        "Mean" => lower.mean(),
        "Gemm" => Some(lower.gemm()),
        "Split" => Some(lower.split()),
        "Gather" => lower.gather(),
        "GatherElements" => lower.gather_elements(),
        "GatherND" => lower.gather_nd(),
        "ScatterElements" | "Scatter" => lower.scatter_elements(),
        "ScatterND" => lower.scatter_nd(),
        "Einsum" => lower.einsum(),
        "CumSum" => lower.running_sum(),
        "GridSample" => lower.grid_sample(),
        "Mod" => lower.rest(),
        "Clip" => lower.clip(),
        "Dropout" => lower.dropout(),
        "LayerNormalization" => lower.layer_norm(),
        "RMSNormalization" => lower.rms_norm(),
        "MeanVarianceNormalization" => Some(lower.mean_variance()),
        "LpNormalization" => lower.lp_norm(),
        "ReduceL1" | "ReduceL2" | "ReduceLogSum" | "ReduceLogSumExp" | "ReduceSumSquare" => {
            Some(lower.reduce())
        }
        "Cast" | "CastLike" => lower.cast(),
        "Attention" => lower.attention(),
        "MaxPool" => lower.max_pool(),
        "Swish" => lower.swish(),
        "Shrink" => lower.shrink(),
        "Tan" => Some(lower.tan()),
        _ => None,
    }
}

/// Nodes in the making.
struct Lower<'a> {
    build: &'a Build<'a>,
    node: &'a Node,
    base: String,
    nodes: Vec<Node>,
}

impl<'a> Lower<'a> {
    fn new(build: &'a Build, node: &'a Node) -> Self {
        Self {
            build,
            node,
            base: node.place().name,
            nodes: Vec::new(),
        }
    }

    /// The name of an input of the node; `None` where it is left out.
    fn input(&self, number: usize) -> Option<String> {
        let name = self.node.inputs.get(number)?;
        (!name.is_empty()).then(|| name.clone())
    }

    /// An output that something uses.
    fn output(&self, number: usize) -> Option<String> {
        let name = self.node.outputs.get(number)?;
        self.build.is_used(name).then(|| name.clone())
    }

    fn axes(&self, number: usize) -> Option<Vec<usize>> {
        self.build.axes(self.node.inputs.get(number)?)
    }

    fn integer(&self, name: &str, default: i64) -> i64 {
        match self.node.attributes.get(name) {
            Some(OnnxAttribute::Integer(value)) => *value,
            _ => default,
        }
    }

    fn float(&self, name: &str) -> Option<f32> {
        match self.node.attributes.get(name) {
            Some(OnnxAttribute::Float(value)) => Some(*value),
            _ => None,
        }
    }

    /// A node with an output of its own name, which is given back.
    fn op<const N: usize>(&mut self, op_type: &str, inputs: [&str; N]) -> String {
        self.op_with(op_type, &inputs, BTreeMap::new())
    }

    fn op_with(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        attributes: BTreeMap<String, OnnxAttribute>,
    ) -> String {
        let number = self.nodes.len();
        let name = format!("{}/{number} {}", self.base, op_type.to_lowercase());
        self.nodes.push(Node {
            name: name.clone(),
            op_type: op_type.to_owned(),
            inputs: inputs.iter().map(|&name| name.to_owned()).collect(),
            outputs: vec![name.clone()],
            attributes,
            ..Node::default()
        });
        name
    }

    fn number(&mut self, value: f32) -> String {
        let attributes = value_attribute(Vec::new(), OnnxConstant::Floats(vec![value]));
        self.op_with("Constant", &[], attributes)
    }

    fn list(&mut self, values: &[i64]) -> String {
        let numbers = OnnxConstant::Integers(values.to_vec());
        let attributes = value_attribute(vec![values.len()], numbers);
        self.op_with("Constant", &[], attributes)
    }

    /// A reduction along axes, whichever way the version of the operators names them.
    fn reduced(&mut self, op_type: &str, input: &str, axes: &[i64], keep: bool) -> String {
        let first_with_input = if op_type == "ReduceSum" { 13 } else { 18 };
        let mut attributes =
            BTreeMap::from([("keepdims".to_owned(), OnnxAttribute::Integer(keep.into()))]);
        if self.build.opset() < first_with_input {
            let axes = OnnxAttribute::Integers(axes.to_vec());
            attributes.insert("axes".to_owned(), axes);
            return self.op_with(op_type, &[input], attributes);
        }
        let axes = self.list(axes);
        self.op_with(op_type, &[input, &axes], attributes)
    }

    /// Gives a value the name of an output of the node, and the nodes.
    fn named(mut self, value: &str, output: &str) -> Self {
        // The node that makes it gives it this name itself, so that nothing is copied.
        for node in &mut self.nodes {
            for name in node.inputs.iter_mut().chain(&mut node.outputs) {
                if name == value {
                    output.clone_into(name);
                }
            }
        }
        if let Some(last) = self.nodes.iter_mut().find(|node| node.outputs[0] == output) {
            self.base.clone_into(&mut last.name);
        } else {
            self.nodes.push(Node {
                name: self.base.clone(),
                op_type: "Identity".to_owned(),
                inputs: vec![value.to_owned()],
                outputs: vec![output.to_owned()],
                ..Node::default()
            });
        }
        self
    }

    fn first_output(self, value: &str) -> Vec<Node> {
        let output = self.node.outputs.first().cloned().unwrap_or_default();
        self.named(value, &output).nodes
    }

    /// An operator of any number of inputs, as one of two.
    fn folded(mut self, op_type: &str, same: Option<&str>) -> Option<Lowered> {
        let inputs = self.node.inputs.clone();
        let (first, rest) = inputs.split_first()?;
        if rest.len() == 1 && same.is_some() {
            return None;
        }
        let mut sum = first.clone();
        for input in rest {
            sum = self.op(op_type, [&sum, input]);
        }
        Some(Ok(self.first_output(&sum)))
    }

    fn mean(mut self) -> Option<Lowered> {
        let inputs = self.node.inputs.clone();
        let (first, rest) = inputs.split_first()?;
        let mut sum = first.clone();
        for input in rest {
            sum = self.op("Add", [&sum, input]);
        }
        let count = self.number(inputs.len() as f32);
        let mean = self.op("Div", [&sum, &count]);
        Some(Ok(self.first_output(&mean)))
    }

    /// `alpha · A' · B' + beta · C`
    fn gemm(mut self) -> Lowered {
        let missing = || says!(en: "it needs two matrices", ja: "行列が 2 つ要ります。");
        let mut factors = Vec::new();
        for (number, turn) in [(0, "transA"), (1, "transB")] {
            let name = self.input(number).ok_or_else(missing)?;
            let turned = self.integer(turn, 0) != 0;
            factors.push(if turned {
                self.op("Transpose", [&name])
            } else {
                name
            });
        }
        let mut result = self.op("MatMul", [&factors[0], &factors[1]]);
        let alpha = self.float("alpha").unwrap_or(1.0);
        if alpha != 1.0 {
            let alpha = self.number(alpha);
            result = self.op("Mul", [&result, &alpha]);
        }
        let beta = self.float("beta").unwrap_or(1.0);
        if let Some(mut bias) = self.input(2).filter(|_| beta != 0.0) {
            if beta != 1.0 {
                let beta = self.number(beta);
                bias = self.op("Mul", [&bias, &beta]);
            }
            result = self.op("Add", [&result, &bias]);
        }
        Ok(self.first_output(&result))
    }

    fn split(mut self) -> Lowered {
        let axes = self.axes(0).unwrap_or_default();
        let axis = self.integer("axis", 0);
        let rank = axes.len() as i64;
        let place = usize::try_from(if axis < 0 { axis + rank } else { axis });
        let length = place.ok().and_then(|place| axes.get(place).copied());
        let length = length.ok_or_else(|| {
            says!(
                en: "axis {axis} is none of the {rank} axes of its input",
                ja: "軸 {axis} は入力の {rank} 個の軸の中にありません。"
            )
        })? as i64;
        let outputs = self.node.outputs.clone();
        let written = match self.node.attributes.get("split") {
            Some(OnnxAttribute::Integers(sizes)) => Some(sizes.clone()),
            _ => None,
        };
        let sizes = match self.input(1) {
            Some(name) => {
                let sizes = self.build.constant_or_given(&name);
                let sizes = sizes.and_then(Constant::as_integers).map(<[i64]>::to_vec);
                Some(sizes.ok_or_else(|| {
                    says!(en: "its input split must be constant", ja: "入力 split は定数でなければなりません。")
                })?)
            }
            None => written,
        };
        let sizes = sizes.unwrap_or_else(|| {
            let count = outputs.len().max(1) as i64;
            // The last one is smaller where they do not divide the axis.
            let each = (length + count - 1) / count;
            let mut sizes = vec![each; outputs.len()];
            if let Some(last) = sizes.last_mut() {
                *last = length - each * (count - 1);
            }
            sizes
        });
        if sizes.len() != outputs.len()
            || sizes.iter().any(|&size| size < 0)
            || sizes
                .iter()
                .try_fold(0i64, |sum, &size| sum.checked_add(size))
                != Some(length)
        {
            return Err(says!(
                en: "it splits an axis of {length} into {sizes:?}; the parts must add up to it",
                ja: "長さ {length} の軸を {sizes:?} に分けています。合計が一致しなければなりません。"
            ));
        }
        let input = self.input(0).unwrap_or_default();
        let mut from = 0;
        for (output, size) in outputs.iter().zip(sizes) {
            if self.build.is_used(output) || outputs.len() == 1 {
                let part = self.slice(&input, axis, from, from + size);
                self = self.named(&part, output);
                if let Some(last) = self.nodes.last_mut() {
                    last.name = output.clone();
                }
            }
            from += size;
        }
        Ok(self.nodes)
    }

    /// The elements of an axis between two places.
    fn slice(&mut self, input: &str, axis: i64, start: i64, end: i64) -> String {
        if self.build.opset() < 10 {
            let list = |value| OnnxAttribute::Integers(vec![value]);
            let attributes = BTreeMap::from([
                ("axes".to_owned(), list(axis)),
                ("starts".to_owned(), list(start)),
                ("ends".to_owned(), list(end)),
            ]);
            return self.op_with("Slice", &[input], attributes);
        }
        let [start, end, axis] = [start, end, axis].map(|value| self.list(&[value]));
        self.op("Slice", [input, &start, &end, &axis])
    }

    /// Maxima, and where they are: two layers.
    fn max_pool(mut self) -> Option<Lowered> {
        let places = self.output(1)?;
        let input = self.input(0)?;
        let attributes = self.node.attributes.clone();
        let indices = self.op_with("MaxPoolIndices", &[&input], attributes.clone());
        let mut lower = self.named(&indices, &places);
        if let Some(output) = lower.output(0) {
            let maxima = lower.op_with("MaxPool", &[&input], attributes);
            lower = lower.named(&maxima, &output);
        }
        for node in &mut lower.nodes {
            node.name.clone_from(&node.outputs[0]);
        }
        Some(Ok(lower.nodes))
    }

    /// What is near 0 becomes 0, and the rest either stays or moves towards it by as much.
    fn shrink(mut self) -> Option<Lowered> {
        let input = self.input(0)?;
        let (lambd, bias) = (
            self.float("lambd").unwrap_or(0.5),
            self.float("bias").unwrap_or(0.0),
        );
        if lambd < 0.0 || (bias != 0.0 && bias != lambd) {
            return None;
        }
        let negative = self.op("Neg", [&input]);
        let mut sides = Vec::new();
        for side in [&input, &negative] {
            sides.push(if bias == 0.0 {
                let alpha = BTreeMap::from([("alpha".to_owned(), OnnxAttribute::Float(lambd))]);
                self.op_with("ThresholdedRelu", &[side], alpha)
            } else {
                let bound = self.number(lambd);
                let moved = self.op("Sub", [side, &bound]);
                self.op("Relu", [&moved])
            });
        }
        let result = self.op("Sub", [&sides[0], &sides[1]]);
        Some(Ok(self.first_output(&result)))
    }

    /// What a division leaves, with the sign of what is divided or with that of the divisor, which is then added
    /// where the signs differ.
    fn rest(mut self) -> Option<Lowered> {
        let (left, right) = (self.input(0)?, self.input(1)?);
        let mut result = self.op("Fmod", [&left, &right]);
        if self.integer("fmod", 0) == 0 {
            let signs = [&result, &right].map(|value| self.op("Sign", [value]));
            let both = self.op("Mul", [&signs[0], &signs[1]]);
            let zero = self.number(0.0);
            let differ = self.op("Less", [&both, &zero]);
            let other = self.op("Add", [&result, &right]);
            result = self.op("Where", [&differ, &other, &result]);
        }
        Some(Ok(self.first_output(&result)))
    }

    fn tan(mut self) -> Lowered {
        let input = self.input(0).unwrap_or_default();
        let (sine, cosine) = (self.op("Sin", [&input]), self.op("Cos", [&input]));
        let result = self.op("Div", [&sine, &cosine]);
        Ok(self.first_output(&result))
    }

    /// Elements by numbers that have several axes: by a list of the same numbers, which takes those
    /// axes afterwards.
    fn gather(mut self) -> Option<Lowered> {
        let (input, indices) = (self.input(0)?, self.input(1)?);
        let indices = self.build.constant_or_given(&indices)?;
        let (shape, numbers) = (indices.axes.clone(), indices.as_integers()?.to_vec());
        let axes = self.axes(0)?;
        let axis = self.integer("axis", 0);
        let rank = axes.len() as i64;
        let own = usize::try_from(if axis < 0 { axis + rank } else { axis }).ok()?;
        if shape.len() < 2 || numbers.is_empty() || own >= axes.len() {
            return None;
        }
        let list = self.list(&numbers);
        let attributes = BTreeMap::from([("axis".to_owned(), OnnxAttribute::Integer(axis))]);
        let picked = self.op_with("Gather", &[&input, &list], attributes);
        // 0 leaves an axis as it is.
        let mut target = vec![0; own];
        target.extend(shape.iter().map(|&length| length as i64));
        target.extend(axes[own + 1..].iter().map(|&length| length as i64));
        let target = self.list(&target);
        let result = self.op("Reshape", [&picked, &target]);
        Some(Ok(self.first_output(&result)))
    }

    /// Bounds that are only known when the network runs.
    fn clip(mut self) -> Option<Lowered> {
        let mut result = self.input(0)?;
        for (number, op_type) in [(1, "Max"), (2, "Min")] {
            if let Some(bound) = self.input(number) {
                result = self.op(op_type, [&result, &bound]);
            }
        }
        Some(Ok(self.first_output(&result)))
    }

    /// A mask that keeps everything.
    fn dropout(mut self) -> Option<Lowered> {
        let training = self.input(2).and_then(|name| {
            let training = self.build.constant_or_given(&name)?.as_integers()?;
            training.first().copied()
        });
        if self.input(2).is_some() && training != Some(0) {
            return None;
        }
        let mask = self.output(1)?;
        let input = self.input(0)?;
        let axes: Vec<i64> = self.axes(0)?.iter().map(|&length| length as i64).collect();
        let shape = self.list(&axes);
        let one = value_attribute(vec![1], OnnxConstant::Integers(vec![1]));
        let ones = self.op_with("ConstantOfShape", &[&shape], one);
        let output = self.node.outputs.first().cloned().unwrap_or_default();
        let same = self.op("Identity", [&input]);
        Some(Ok(self.named(&ones, &mask).named(&same, &output).nodes))
    }

    /// Mean and deviation too, or axes that the layer does not have.
    fn layer_norm(mut self) -> Option<Lowered> {
        let input = self.input(0)?;
        let rank = self.axes(0)?.len() as i64;
        let axis = self.integer("axis", -1);
        let axis = if axis < 0 { axis + rank } else { axis };
        let axes: Vec<i64> = (axis..rank).collect();
        let mean = self.reduced("ReduceMean", &input, &axes, true);
        let centred = self.op("Sub", [&input, &mean]);
        let squares = self.op("Mul", [&centred, &centred]);
        let variance = self.reduced("ReduceMean", &squares, &axes, true);
        let eps = self.float("epsilon").unwrap_or(1e-5);
        let eps = self.number(eps);
        let variance = self.op("Add", [&variance, &eps]);
        let deviation = self.op("Sqrt", [&variance]);
        let one = self.number(1.0);
        let inverse = self.op("Div", [&one, &deviation]);
        let mut result = self.op("Mul", [&centred, &inverse]);
        if let Some(scale) = self.input(1) {
            result = self.op("Mul", [&result, &scale]);
        }
        if let Some(bias) = self.input(2) {
            result = self.op("Add", [&result, &bias]);
        }
        let output = self.node.outputs.first().cloned().unwrap_or_default();
        let further = [(1, mean), (2, inverse)];
        let mut lower = self.named(&result, &output);
        for (number, value) in further {
            if let Some(name) = lower.output(number) {
                lower = lower.named(&value, &name);
                if let Some(node) = lower.nodes.iter_mut().find(|node| node.outputs[0] == name) {
                    node.name = name;
                }
            }
        }
        Some(Ok(lower.nodes))
    }

    fn rms_norm(mut self) -> Option<Lowered> {
        let input = self.input(0)?;
        let rank = self.axes(0)?.len() as i64;
        let axis = self.integer("axis", -1);
        let axis = if axis < 0 { axis + rank } else { axis };
        let axes: Vec<i64> = (axis..rank).collect();
        let squares = self.op("Mul", [&input, &input]);
        let mean = self.reduced("ReduceMean", &squares, &axes, true);
        let eps = self.float("epsilon").unwrap_or(1e-5);
        let eps = self.number(eps);
        let mean = self.op("Add", [&mean, &eps]);
        let root = self.op("Sqrt", [&mean]);
        let mut result = self.op("Div", [&input, &root]);
        if let Some(scale) = self.input(1) {
            result = self.op("Mul", [&result, &scale]);
        }
        Some(Ok(self.first_output(&result)))
    }

    fn mean_variance(mut self) -> Lowered {
        let input = self.input(0).unwrap_or_default();
        let axes = match self.node.attributes.get("axes") {
            Some(OnnxAttribute::Integers(axes)) => axes.clone(),
            _ => vec![0, 2, 3],
        };
        let mean = self.reduced("ReduceMean", &input, &axes, true);
        let centred = self.op("Sub", [&input, &mean]);
        let squares = self.op("Mul", [&centred, &centred]);
        let variance = self.reduced("ReduceMean", &squares, &axes, true);
        let deviation = self.op("Sqrt", [&variance]);
        let small = self.number(1e-9);
        let deviation = self.op("Add", [&deviation, &small]);
        let result = self.op("Div", [&centred, &deviation]);
        Ok(self.first_output(&result))
    }

    /// Divided by the norm along an axis.
    fn lp_norm(mut self) -> Option<Lowered> {
        let input = self.input(0)?;
        let axis = [self.integer("axis", -1)];
        let norm = if self.integer("p", 2) == 1 {
            let magnitudes = self.op("Abs", [&input]);
            self.reduced("ReduceSum", &magnitudes, &axis, true)
        } else {
            let squares = self.op("Mul", [&input, &input]);
            let sum = self.reduced("ReduceSum", &squares, &axis, true);
            self.op("Sqrt", [&sum])
        };
        // Where the norm is 0, ONNX Runtime gives 0: a tiny divisor does.
        let tiny = self.number(f32::MIN_POSITIVE);
        let norm = self.op("Max", [&norm, &tiny]);
        let result = self.op("Div", [&input, &norm]);
        Some(Ok(self.first_output(&result)))
    }

    fn reduce(mut self) -> Lowered {
        let op_type = self.node.op_type.clone();
        let mut input = self.input(0).unwrap_or_default();
        input = match op_type.as_str() {
            "ReduceL1" => self.op("Abs", [&input]),
            "ReduceL2" | "ReduceSumSquare" => self.op("Mul", [&input, &input]),
            "ReduceLogSumExp" => self.op("Exp", [&input]),
            _ => input,
        };
        let listed = match (self.node.attributes.get("axes"), self.input(1)) {
            (Some(OnnxAttribute::Integers(axes)), _) => Some(axes.clone()),
            (_, Some(name)) => {
                let axes = self.build.constant_or_given(&name);
                let axes = axes.and_then(Constant::as_integers).map(<[i64]>::to_vec);
                Some(axes.ok_or_else(|| {
                    says!(en: "its input axes must be constant", ja: "入力 axes は定数でなければなりません。")
                })?)
            }
            _ => None,
        };
        let none = listed.as_ref().is_none_or(Vec::is_empty);
        let keep = self.integer("keepdims", 1) != 0;
        let rank = self.axes(0).unwrap_or_default().len() as i64;
        let axes = listed.filter(|axes| !axes.is_empty());
        let axes = axes.unwrap_or_else(|| (0..rank).collect());
        let mut result = if none && self.integer("noop_with_empty_axes", 0) != 0 {
            input
        } else {
            self.reduced("ReduceSum", &input, &axes, keep)
        };
        result = match op_type.as_str() {
            "ReduceL2" => self.op("Sqrt", [&result]),
            "ReduceLogSum" | "ReduceLogSumExp" => self.op("Log", [&result]),
            _ => result,
        };
        Ok(self.first_output(&result))
    }

    /// A cast between types that are all `f32` here, as far as that holds them.
    fn cast(mut self) -> Option<Lowered> {
        use super::element::{ElementType, Kind};
        let to = match (self.node.op_type.as_str(), self.input(1)) {
            ("CastLike", Some(name)) => self.build.element(&name)?,
            _ => ElementType(self.integer("to", 1) as i32),
        };
        let input = self.input(0)?;
        let result = match (self.build.kind(&input), to.kind()) {
            // A narrow float would round or overflow.
            (_, Kind::Float) if !to.is_narrow() => self.op("Identity", [&input]),
            (Kind::Bool, Kind::Integer | Kind::Bool) => self.op("Identity", [&input]),
            (Kind::Integer, Kind::Integer) if to.is_wide() => self.op("Identity", [&input]),
            (Kind::Float | Kind::Integer, Kind::Bool) => {
                let zero = self.number(0.0);
                let none = self.op("Equal", [&input, &zero]);
                self.op("Not", [&none])
            }
            // Towards 0.
            (Kind::Float, Kind::Integer) if to.is_wide() => {
                let size = self.op("Abs", [&input]);
                let whole = self.op("Floor", [&size]);
                let sign = self.op("Sign", [&input]);
                self.op("Mul", [&whole, &sign])
            }
            _ => return None,
        };
        Some(Ok(self.first_output(&result)))
    }

    /// `x · sigmoid(alpha · x)`
    fn swish(mut self) -> Option<Lowered> {
        let input = self.input(0)?;
        let alpha = self.float("alpha").unwrap_or(1.0);
        let mut scaled = input.clone();
        if alpha != 1.0 {
            let alpha = self.number(alpha);
            scaled = self.op("Mul", [&scaled, &alpha]);
        }
        let gate = self.op("Sigmoid", [&scaled]);
        let result = self.op("Mul", [&input, &gate]);
        Some(Ok(self.first_output(&result)))
    }
}
