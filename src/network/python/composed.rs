//! Functions of torch that are several layers here, take their weights as arguments, or work on numbers
//! that the source itself makes.

use super::constants::{kind_of, number};
use super::functions::{Call, axis, integers_of};
use super::interpreter::{Interpreter, Run, depends, no_element};
use super::modules::{form, not_shown};
use super::syntax::{Comparison, Span};
use super::value::{NumberKind, Traced, Value, Values};
use crate::op::Arguments;
use crate::op::Value as Given;
use crate::says;
use crate::tensor::Shape;

impl Interpreter<'_> {
    /// Functions of which the result is known because the numbers are.
    pub fn of_known(
        &mut self,
        name: &str,
        tensor: &Traced,
        given: &Values,
        span: &Span,
    ) -> Run<Option<Value>> {
        let comparison = match name {
            "eq" => Some(Comparison::Equal),
            "ne" => Some(Comparison::Unequal),
            "lt" => Some(Comparison::Less),
            "le" => Some(Comparison::LessEqual),
            "gt" => Some(Comparison::Greater),
            "ge" => Some(Comparison::GreaterEqual),
            _ => None,
        };
        if let (Some(comparison), Some((other, _))) = (comparison, given.positional.get(1)) {
            let one = Value::Tensor(tensor.clone());
            return self.tensors_compared(comparison, &one, &other.clone(), span);
        }
        let kind = match name {
            "long" | "int" | "short" | "byte" => Some(NumberKind::Whole),
            "bool" => Some(NumberKind::Truth),
            "float" | "double" | "half" => Some(NumberKind::Real),
            "to" | "type" => {
                let named = given.named.iter().map(|(_, value, _)| value);
                let rest = given.positional.iter().skip(1).map(|(value, _)| value);
                let dtype = rest.chain(named).find(|value| is_dtype(value));
                dtype.map(kind_of)
            }
            _ => None,
        };
        if let Some(kind) = kind {
            if tensor.known().is_none() || kind == tensor.kind() {
                return Ok(None);
            }
            let made = self.each(tensor, kind, |number| match kind {
                NumberKind::Real => number,
                NumberKind::Whole => number.trunc(),
                NumberKind::Truth => f32::from(u8::from(number != 0.0)),
            });
            return Ok(made.map(Value::Tensor));
        }
        let filled = match name {
            "zero_" => Some(0.0),
            "fill_" => given.get(1, "value").and_then(number),
            _ => None,
        };
        match (name, filled, tensor.as_fixed()) {
            ("zero_" | "fill_", Some(value), Some(fixed)) => {
                if let Some(numbers) = &mut *fixed.numbers.borrow_mut() {
                    numbers.data_mut().fill(value as f32);
                }
                fixed.id.set(None);
                Ok(Some(Value::Tensor(tensor.clone())))
            }
            ("copy_", _, Some(fixed)) => {
                let copied = match given.get(1, "src") {
                    Some(Value::Tensor(other)) if other.axes == tensor.axes => other
                        .as_fixed()
                        .and_then(|one| one.numbers.borrow().clone()),
                    _ => None,
                };
                fixed.numbers.replace(copied);
                fixed.id.set(None);
                Ok(Some(Value::Tensor(tensor.clone())))
            }
            ("item", ..) => match tensor.number() {
                Some(number) => Ok(Some(number)),
                None => self.fault(span, depends()),
            },
            ("tolist", ..) => self.tolist(tensor, span).map(Some),
            ("any" | "all", ..) if given.get(1, "dim").is_none() => {
                let Some(numbers) = tensor.known() else {
                    return self.fault(span, depends());
                };
                let mut truths = numbers.data().iter().map(|number| *number != 0.0);
                Ok(Some(Value::Bool(if name == "any" {
                    truths.any(|truth| truth)
                } else {
                    truths.all(|truth| truth)
                })))
            }
            ("logical_not" | "bitwise_not", ..) => {
                let made = self.each(tensor, NumberKind::Truth, |number| {
                    f32::from(u8::from(number == 0.0))
                });
                match made {
                    Some(made) => Ok(Some(Value::Tensor(made))),
                    None => self.fault(span, depends()),
                }
            }
            _ => Ok(None),
        }
    }

    /// `F.linear(x, weight, bias)`, `F.conv2d(x, weight, ...)` and the like.
    pub fn with_weights(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (name, path, given, span) = (call.name, call.path, call.given, call.span);
        let operands: &[(usize, &'static str)] = match name {
            "linear" => &[(1, "weight"), (2, "bias")],
            "layer_norm" | "group_norm" => &[(2, "weight"), (3, "bias")],
            "rms_norm" => &[(2, "weight")],
            "prelu" => &[(1, "weight")],
            "batch_norm" | "instance_norm" => &[
                (1, "running_mean"),
                (2, "running_var"),
                (3, "weight"),
                (4, "bias"),
            ],
            _ => &[(1, "weight"), (2, "bias")],
        };
        let mut bound: Vec<(&'static str, Traced)> = Vec::new();
        for &(place, operand) in operands {
            match given.get(place, operand) {
                None | Some(Value::None) => {}
                Some(Value::Tensor(tensor)) => bound.push((operand, tensor.clone())),
                Some(Value::Unknown(unknown)) => return Self::because(unknown),
                Some(other) => {
                    let kind = other.kind();
                    return self.fault(
                        span,
                        says!(
                            en: "{operand} of {path} is a tensor; this is {kind}",
                            ja: "{path} の {operand} はテンソルです。これは {kind} です。"
                        ),
                    );
                }
            }
        }
        for (operand, value) in &bound {
            let batched = match (&mut self.trace, value.as_fixed()) {
                (Some(trace), None) => {
                    let id = trace.id(value);
                    trace.builder.value(id).batched
                }
                _ => false,
            };
            if batched {
                return self.fault(
                    span,
                    says!(
                        en: "{operand} of {path} is made of the input here, which is not followed; export the model to ONNX instead",
                        ja: "{path} の {operand} が入力から作られているため、たどれません。ONNX に書き出して開いてください。"
                    ),
                );
            }
        }
        let axes = |wanted: &str| {
            let found = bound.iter().find(|(operand, _)| *operand == wanted);
            found.map(|(_, tensor)| tensor.axes.clone())
        };
        let has_bias = bound.iter().any(|(operand, _)| *operand == "bias");
        let whole = |number: usize| Given::Integer(number as i64);
        let mut arguments: Vec<(&'static str, Given)> = Vec::new();
        let also = |place: usize, key: &'static str, arguments: &mut Vec<_>| {
            if let Some(value) = given.get(place, key).filter(|v| !matches!(v, Value::None)) {
                arguments.push((key, value.given()));
            }
        };
        let dimensions = name.as_bytes().iter().rev().nth(1).copied();
        let layer = match (name, axes("weight").as_deref()) {
            ("linear", Some(&[out, inside])) => {
                arguments.push(("in_features", whole(inside)));
                arguments.push(("out_features", whole(out)));
                arguments.push(("bias", Given::Bool(has_bias)));
                "Linear".to_owned()
            }
            (name, Some([first, second, kernel @ ..]))
                if name.starts_with("conv") && !kernel.is_empty() =>
            {
                let transposed = name.starts_with("conv_transpose");
                let places = if transposed {
                    [(3, "stride"), (4, "padding"), (7, "dilation")]
                } else {
                    [(3, "stride"), (4, "padding"), (5, "dilation")]
                };
                for (place, key) in places {
                    also(place, key, &mut arguments);
                }
                if transposed {
                    also(5, "output_padding", &mut arguments);
                }
                also(6, "groups", &mut arguments);
                let groups = given
                    .get(6, "groups")
                    .and_then(Value::integer)
                    .unwrap_or(1)
                    .max(1) as usize;
                let (inside, out) = if transposed {
                    (*first, second * groups)
                } else {
                    (second * groups, *first)
                };
                arguments.push(("in_channels", whole(inside)));
                arguments.push(("out_channels", whole(out)));
                let kernel = kernel.iter().map(|size| whole(*size)).collect();
                arguments.push(("kernel_size", Given::List(kernel)));
                arguments.push(("bias", Given::Bool(has_bias)));
                let dimensions = dimensions.map_or('2', char::from);
                if transposed {
                    format!("ConvTranspose{dimensions}d")
                } else {
                    format!("Conv{dimensions}d")
                }
            }
            ("layer_norm" | "rms_norm", weight) => {
                also(1, "normalized_shape", &mut arguments);
                also(
                    if name == "rms_norm" { 3 } else { 4 },
                    "eps",
                    &mut arguments,
                );
                arguments.push(("elementwise_affine", Given::Bool(weight.is_some())));
                if name == "layer_norm" {
                    arguments.push(("bias", Given::Bool(has_bias)));
                    "LayerNorm".to_owned()
                } else {
                    "RMSNorm".to_owned()
                }
            }
            ("group_norm", weight) => {
                let channels = tensor.axes.get(1).copied().unwrap_or(1);
                also(1, "num_groups", &mut arguments);
                arguments.push(("num_channels", whole(channels)));
                also(4, "eps", &mut arguments);
                arguments.push(("affine", Given::Bool(weight.is_some())));
                "GroupNorm".to_owned()
            }
            ("batch_norm" | "instance_norm", weight) => {
                let channels = tensor.axes.get(1).copied().unwrap_or(1);
                arguments.push(("num_features", whole(channels)));
                also(7, "eps", &mut arguments);
                arguments.push(("affine", Given::Bool(weight.is_some())));
                let dimensions = tensor.axes.len().saturating_sub(2).clamp(1, 3);
                let of = if name == "batch_norm" {
                    "BatchNorm"
                } else {
                    "InstanceNorm"
                };
                format!("{of}{dimensions}d")
            }
            ("prelu", Some(axes)) => {
                arguments.push(("num_parameters", whole(axes.iter().product())));
                "PReLU".to_owned()
            }
            _ => {
                return self.fault(
                    span,
                    says!(
                        en: "{path} needs a weight of the right number of axes here",
                        ja: "{path} には軸の数の合う weight が必要です。"
                    ),
                );
            }
        };
        let Some(form) = form(&layer) else {
            return self.fault(span, not_shown(path));
        };
        let mut full = Arguments::default();
        for (parameter, value) in arguments {
            if let Some(known) = form.parameters.iter().find(|known| **known == parameter) {
                full.give(known, value);
            }
        }
        let made = (form.make)(&full);
        let made = made.map_err(|wrong| self.fault_at(span, wrong.message))?;
        self.add_with(made, std::slice::from_ref(tensor), &bound, path, span)
            .map(Value::Tensor)
    }

    /// `scores.masked_fill(mask == 0, float("-inf"))`
    pub fn masked_fill(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (Some(mask), Some(value)) = (call.given.get(1, "mask"), call.given.get(2, "value"))
        else {
            return self.unfollowed(call);
        };
        let all = [mask.clone(), value.clone(), Value::Tensor(tensor.clone())];
        let made = self.where_known(&all, call.path, call.span)?;
        if let (true, Value::Tensor(made)) = (call.path.ends_with('_'), &made) {
            self.in_place(tensor, made);
        }
        Ok(made)
    }

    /// `torch.where(mask, one, other)`
    pub fn chosen_by(&mut self, condition: &Traced, call: Call<'_>) -> Run<Value> {
        let given = call.given;
        let (Some(one), Some(other)) = (given.get(1, "input"), given.get(2, "other")) else {
            return self.unfollowed(call);
        };
        let all = [Value::Tensor(condition.clone()), one.clone(), other.clone()];
        self.where_known(&all, call.path, call.span)
    }

    fn where_known(&mut self, all: &[Value; 3], path: &str, span: &Span) -> Run<Value> {
        let mut inputs = Vec::new();
        for value in all {
            match (value, number(value)) {
                (Value::Unknown(unknown), _) => return Self::because(unknown),
                (Value::Tensor(tensor), _) => inputs.push(tensor.clone()),
                (_, Some(number)) => inputs.push(self.number(number, span)?),
                (other, None) => {
                    let kind = other.kind();
                    return self.fault(
                        span,
                        says!(
                            en: "{path} takes tensors and numbers, this is {kind}",
                            ja: "{path} に渡せるのはテンソルか数です。これは {kind} です。"
                        ),
                    );
                }
            }
        }
        if inputs.first().is_some_and(|mask| mask.known().is_none()) {
            return self.fault(span, depends());
        }
        self.apply("Where", &[], &inputs, path, span)
    }

    /// Variance or standard deviation over axes.
    pub fn spread(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (given, path, span) = (call.given, call.path, call.span);
        let rank = tensor.axes.len();
        let all: Vec<i64> = (0..rank as i64).collect();
        let dims = match given.get(1, "dim") {
            Some(Value::Bool(_)) | None | Some(Value::None) => all,
            Some(dims) => match integers_of(dims) {
                Some(dims) => dims,
                None => return self.unfollowed_at(path, span),
            },
        };
        let at: Option<Vec<usize>> = dims.iter().map(|dim| axis(*dim, rank)).collect();
        let Some(at) = at else {
            return self.fault(span, no_element());
        };
        let named = |wanted: &str| {
            let mut named = given.named.iter();
            named.find(|(own, ..)| &**own == wanted).map(|(_, v, _)| v)
        };
        let place = match (given.get(1, "dim"), given.positional.get(2)) {
            (Some(flag @ Value::Bool(_)), _) => Some(flag),
            (_, Some((flag, _))) => Some(flag),
            _ => None,
        };
        let unbiased = named("unbiased").or(place).and_then(Value::truth);
        let correction = named("correction").and_then(Value::real);
        let less = correction.unwrap_or(f64::from(u8::from(unbiased.unwrap_or(true))));
        let keep = named("keepdim")
            .or(given.positional.get(3).map(|(value, _)| value))
            .and_then(Value::truth)
            .unwrap_or(false);
        let count: usize = at.iter().map(|at| tensor.axes[*at]).product();
        let dims = Given::List(dims.into_iter().map(Given::Integer).collect());
        let over = |keep: bool| [("dim", dims.clone()), ("keepdim", Given::Bool(keep))];
        let tensor = std::slice::from_ref(tensor);
        let mean = self.apply("Mean", &over(true), tensor, path, span)?;
        let whole = Value::Tensor(tensor[0].clone());
        let far = self.tensor_function("sub", vec![whole, mean], span)?;
        let Value::Tensor(far) = far else {
            return self.unfollowed_at(path, span);
        };
        let square = self.apply("Square", &[], &[far], path, span)?;
        let Value::Tensor(square) = square else {
            return self.unfollowed_at(path, span);
        };
        let sum = self.apply("Sum", &over(keep), &[square], path, span)?;
        let variance =
            self.tensor_function("div", vec![sum, Value::Real(count as f64 - less)], span)?;
        match (call.name, variance) {
            ("std", variance) => self.tensor_function("sqrt", vec![variance], span),
            (_, variance) => Ok(variance),
        }
    }

    /// `x.repeat(1, 2, 1)`
    pub fn tiled(
        &mut self,
        tensor: &Traced,
        mut counts: Vec<i64>,
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let rank = tensor.axes.len();
        if counts.len() < rank {
            let missing = rank - counts.len();
            counts.splice(0..0, std::iter::repeat_n(1, missing));
        }
        let mut sizes: Vec<i64> = vec![1; counts.len() - rank];
        sizes.extend(tensor.axes.iter().map(|&axis| axis as i64));
        let wide = self.reshape(tensor, &sizes, path, span)?;
        if counts.iter().all(|&count| count == 1) {
            return Ok(wide);
        }
        let Value::Tensor(wide) = wide else {
            return self.unfollowed_at(path, span);
        };
        let dims = Given::List(counts.into_iter().map(Given::Integer).collect());
        self.apply("Tile", &[("dims", dims)], &[wide], path, span)
    }

    /// `x.repeat_interleave(2, dim=1)`
    pub fn each_repeated(
        &mut self,
        tensor: &Traced,
        count: i64,
        at: usize,
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let mut thin: Vec<i64> = tensor.axes.iter().map(|&axis| axis as i64).collect();
        let mut full = thin.clone();
        full[at] *= count;
        thin.insert(at + 1, 1);
        let raised = self.reshape(tensor, &thin, path, span)?;
        let Value::Tensor(raised) = raised else {
            return self.unfollowed_at(path, span);
        };
        thin[at + 1] = count;
        let size = Given::List(thin.into_iter().map(Given::Integer).collect());
        let wide = self.apply("Expand", &[("size", size)], &[raised], path, span)?;
        match wide {
            Value::Tensor(wide) => self.reshape(&wide, &full, path, span),
            _ => self.unfollowed_at(path, span),
        }
    }

    /// `x.unfold(2, 4, 4)`: pieces of an axis that lie side by side, as a last axis.
    pub fn unfolded(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (path, span) = (call.path, call.span);
        let part = |place, name| call.given.get(place, name).and_then(Value::integer);
        let at = part(1, "dimension").and_then(|dim| axis(dim, tensor.axes.len()));
        let (Some(at), Some(size), Some(step)) = (at, part(2, "size"), part(3, "step")) else {
            return self.unfollowed(call);
        };
        let whole = usize::try_from(size).ok().filter(|size| *size > 0);
        let Some(length) = whole.filter(|length| *length <= tensor.axes[at]) else {
            return self.fault(span, no_element());
        };
        if size != step {
            return self.fault(
                call.called,
                says!(
                    en: "unfold with pieces that overlap is not followed; export the model to ONNX instead",
                    ja: "重なりのある unfold はたどれません。ONNX に書き出して開いてください。"
                ),
            );
        }
        let count = tensor.axes[at] / length;
        let tensor = self.sliced(tensor, at, 0, count * length, 1, path, span)?;
        let mut sizes: Vec<i64> = tensor.axes.iter().map(|&axis| axis as i64).collect();
        sizes[at] = count as i64;
        sizes.insert(at + 1, size);
        let Value::Tensor(apart) = self.reshape(&tensor, &sizes, path, span)? else {
            return self.unfollowed(call);
        };
        let mut order: Vec<usize> = (0..sizes.len()).filter(|own| *own != at + 1).collect();
        order.push(at + 1);
        self.turned(apart, &order, path, span).map(Value::Tensor)
    }

    /// Elements of an axis by their numbers.
    pub fn index_select(
        &mut self,
        tensor: &Traced,
        at: usize,
        numbers: Vec<i64>,
        span: &Span,
    ) -> Run<Traced> {
        let arguments = [
            ("dim", Given::Integer(at as i64)),
            (
                "index",
                Given::List(numbers.into_iter().map(Given::Integer).collect()),
            ),
        ];
        let input = std::slice::from_ref(tensor);
        match self.apply("IndexSelect", &arguments, input, "index", span)? {
            Value::Tensor(part) => Ok(part),
            _ => self.unfollowed_at("x[...]", span),
        }
    }

    /// Rows of a table that the numbers of the input choose: of a shape, and without numbers here.
    pub fn looked_up(&mut self, table: &Traced, index: &Traced, span: &Span) -> Run<Value> {
        let rest = table.axes.get(1..).unwrap_or_default();
        let axes = [index.axes.as_slice(), rest].concat();
        let Ok(shape) = Shape::of_axes(&axes) else {
            return self.fault(span, no_element());
        };
        let name = self.node_name("lookup");
        let line = self.line_of(self.text, span);
        let why = says!(
            en: "which rows of the table are taken depends on the numbers of the input",
            ja: "表のどの行を取るかが入力の値によって決まります。"
        );
        let Some(trace) = &mut self.trace else {
            return self.fault(span, depends());
        };
        let inputs = [table.clone(), index.clone()];
        let made = trace.unknown(&name, &inputs, shape, ("lookup", line), why);
        Ok(Value::Tensor(made))
    }

    /// `torch.meshgrid(rows, columns, indexing="ij")`
    pub fn meshgrid(&mut self, given: &Values, path: &str, span: &Span) -> Run<Value> {
        let mut tensors = Vec::new();
        for (value, _) in &given.positional {
            let inner = match value {
                Value::List(_) | Value::Tuple(_) => self.iterate(value, span)?,
                one => vec![one.clone()],
            };
            for value in inner {
                match value {
                    Value::Tensor(tensor) if tensor.axes.len() == 1 => tensors.push(tensor),
                    Value::Unknown(unknown) => return Self::because(&unknown),
                    _ => return self.unfollowed_at(path, span),
                }
            }
        }
        let by_columns = matches!(
            given.named.iter().find(|(own, ..)| &**own == "indexing"),
            Some((_, Value::Text(how), _)) if &**how == "xy"
        );
        let places = |number: usize| match (by_columns, number) {
            (true, 0) => 1,
            (true, 1) => 0,
            (_, number) => number,
        };
        let mut full = vec![1; tensors.len()];
        for (number, tensor) in tensors.iter().enumerate() {
            let at = places(number);
            if let Some(length) = full.get_mut(at) {
                *length = tensor.axes[0] as i64;
            }
        }
        let mut grids = Vec::new();
        for (number, tensor) in tensors.iter().enumerate() {
            let mut thin = vec![1; full.len()];
            let at = places(number).min(full.len() - 1);
            thin[at] = full[at];
            let Value::Tensor(raised) = self.reshape(tensor, &thin, path, span)? else {
                return self.unfollowed_at(path, span);
            };
            let size = Given::List(full.iter().map(|&length| Given::Integer(length)).collect());
            grids.push(self.apply("Expand", &[("size", size)], &[raised], path, span)?);
        }
        Ok(Value::tuple(grids))
    }

    /// A mask as numbers that are added to scores: −∞ where it hides. `None` where that depends on the
    /// input.
    pub fn added_mask(&self, mask: &Traced, hides: bool) -> Option<Traced> {
        if mask.kind() != NumberKind::Truth {
            return Some(mask.clone());
        }
        self.each(mask, NumberKind::Real, |number| {
            if (number != 0.0) == hides {
                f32::NEG_INFINITY
            } else {
                0.0
            }
        })
    }
}

/// Whether a value is one of torch's kinds of numbers.
fn is_dtype(value: &Value) -> bool {
    let Value::Path(path) = value else {
        return false;
    };
    let Some(name) = path.strip_prefix("torch.") else {
        return false;
    };
    matches!(
        name,
        "float" | "double" | "half" | "long" | "int" | "short" | "bool" | "uint8"
    ) || name.starts_with("float")
        || name.starts_with("int")
        || name.starts_with("bfloat")
}
