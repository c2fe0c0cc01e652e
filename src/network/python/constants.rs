//! Tensors that the source makes itself: `torch.arange`, masks, positions, parameters. What is made of
//! them alone is computed at once, by the layers that compute it in a network.

use std::rc::Rc;

use super::interpreter::{Interpreter, Run, no_element};
use super::syntax::{Comparison, Span};
use super::value::{Budget, NumberKind, Role, Traced, Value, Values, number_of};
use crate::language::Message;
use crate::network::{GraphBuilder, GraphError, Keep, Origin};
use crate::op::Layer;
use crate::says;
use crate::tensor::{Shape, Tensor};

/// Elements of a tensor that a source makes, at most.
const MAX_NUMBERS: usize = 1 << 24;

/// What the elements of a new tensor are.
enum Content {
    All(f32),
    Drawn,
}

/// Lengths of axes as Python writes them: `(3, 4)`.
fn shown(axes: &[usize]) -> String {
    Value::sizes(axes).shown().unwrap_or_default()
}

impl Interpreter<'_> {
    /// A tensor that a function of torch makes; `None` where it makes none.
    pub fn created(&mut self, name: &str, given: &Values, span: &Span) -> Run<Option<Value>> {
        let (plain, like, own) = match (name.strip_suffix("_like"), name.strip_prefix("new_")) {
            (Some(plain), _) => (plain, true, false),
            (None, Some(plain)) => (plain, false, true),
            (None, None) => (name, false, false),
        };
        let skip = usize::from(own);
        let content = match plain {
            "zeros" => Content::All(0.0),
            "ones" => Content::All(1.0),
            "full" => {
                let value = given.get(skip + 1, "fill_value").and_then(number);
                match value {
                    Some(value) => Content::All(value as f32),
                    None => return Ok(None),
                }
            }
            "empty" | "rand" | "randn" | "randint" | "normal" | "randperm" | "Tensor"
            | "FloatTensor" | "bernoulli" => Content::Drawn,
            "arange" | "range" => return self.arange(given, span).map(Some),
            "linspace" => return self.linspace(given, span).map(Some),
            "eye" => return self.eye(given, span).map(Some),
            "tensor" | "as_tensor" | "from_numpy" | "LongTensor" | "asarray" => {
                return match given.get(skip, "data") {
                    Some(data) => self.listed(&data.clone(), span).map(Some),
                    None => Ok(None),
                };
            }
            _ => return Ok(None),
        };
        if let Some(data @ (Value::List(_) | Value::Tuple(_))) = given.get(0, "data")
            && matches!(plain, "Tensor" | "FloatTensor")
        {
            return self.listed(&data.clone(), span).map(Some);
        }
        let whole = given
            .named
            .iter()
            .find(|(own, ..)| &**own == "dtype")
            .map(|(_, value, _)| kind_of(value));
        let axes = if like {
            match given.get(0, "input") {
                Some(Value::Tensor(tensor)) => tensor.axes.clone(),
                _ => return Ok(None),
            }
        } else {
            let rest = given.positional.get(skip..).unwrap_or_default();
            let rest: Vec<Value> = match (plain, rest) {
                // Before the sizes stand the bounds, or mean and deviation.
                ("randint", [.., (sizes, _)]) => vec![sizes.clone()],
                ("normal", [_, _, (sizes, _), ..]) => vec![sizes.clone()],
                ("full", [(sizes, _), ..]) => vec![sizes.clone()],
                _ => rest.iter().map(|(value, _)| value.clone()).collect(),
            };
            let named = given.named.iter();
            let mut named = named.filter(|(own, ..)| matches!(&**own, "size" | "shape"));
            match (named.next(), rest.as_slice()) {
                (Some((_, sizes, _)), _) => self.sizes_of(sizes, span)?,
                (None, [only @ (Value::List(_) | Value::Tuple(_))]) => {
                    self.sizes_of(&only.clone(), span)?
                }
                (None, all) => self.sizes_of(&Value::tuple(all.to_vec()), span)?,
            }
        };
        let kind = whole.unwrap_or(NumberKind::Real);
        let made = match content {
            Content::Drawn => {
                self.checked(&axes, span)?;
                Traced::fixed(None, axes, kind, Role::Constant)
            }
            Content::All(value) => {
                let product = axes
                    .iter()
                    .try_fold(1, |count: usize, &axis| count.checked_mul(axis));
                let Some(count) = product.filter(|&count| count <= MAX_NUMBERS) else {
                    return self.too_many(&shown(&axes), span);
                };
                let shape = self.checked(&axes, span)?;
                self.fixed_tensor(shape, vec![value; count], kind, span)?
            }
        };
        Ok(Some(Value::Tensor(made)))
    }

    fn sizes_of(&mut self, sizes: &Value, span: &Span) -> Run<Vec<usize>> {
        let mut axes = Vec::new();
        for size in self.iterate(sizes, span)? {
            match (&size, size.integer()) {
                (Value::Unknown(unknown), _) => return Self::because(unknown),
                (_, Some(size)) if size >= 0 => axes.push(size as usize),
                _ => {
                    let kind = size.shown().unwrap_or_else(|| size.kind());
                    return self.fault(
                        span,
                        says!(
                            en: "a size of a tensor is a whole number; this is {kind}",
                            ja: "テンソルの大きさは整数です。これは {kind} です。"
                        ),
                    );
                }
            }
        }
        Ok(axes)
    }

    fn checked(&self, axes: &[usize], span: &Span) -> Run<Shape> {
        match Shape::of_axes(axes) {
            Ok(shape) => Ok(shape),
            Err(why) => self.fault(span, why.message()),
        }
    }

    fn too_many<T>(&self, shape: &str, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "a tensor of the shape {shape} is too large; tensors that a source makes may have {MAX_NUMBERS} elements",
                ja: "形状が {shape} のテンソルは大きすぎます。コードの中で作れるのは、要素が {MAX_NUMBERS} 個までのテンソルです。"
            ),
        )
    }

    fn fixed_tensor(
        &self,
        shape: Shape,
        numbers: Vec<f32>,
        kind: NumberKind,
        span: &Span,
    ) -> Run<Traced> {
        match Tensor::new(shape, numbers) {
            Ok(tensor) => {
                let axes = shape.axes().to_vec();
                Ok(Traced::fixed(Some(tensor), axes, kind, Role::Constant))
            }
            Err(why) => self.fault(span, why.message()),
        }
    }

    fn arange(&mut self, given: &Values, span: &Span) -> Run<Value> {
        let positional: Vec<&Value> = given.positional.iter().map(|(value, _)| value).collect();
        let named = |name: &str| {
            let mut all = given.named.iter();
            all.find(|(own, ..)| &**own == name).map(|(_, v, _)| v)
        };
        let (start, end, step) = match positional.as_slice() {
            [end] => (named("start"), Some(*end), named("step")),
            [start, end] => (Some(*start), Some(*end), named("step")),
            [start, end, step, ..] => (Some(*start), Some(*end), Some(*step)),
            [] => (named("start"), named("end"), named("step")),
        };
        let parts = [start, end, step];
        for part in parts.into_iter().flatten() {
            if let Value::Unknown(unknown) = part {
                return Self::because(unknown);
            }
        }
        let whole = parts
            .iter()
            .flatten()
            .all(|part| !matches!(part, Value::Real(_)));
        let part = |place: usize, default: f64| parts[place].map_or(Some(default), number);
        let numbers = (part(0, 0.0), parts[1].and_then(number), part(2, 1.0));
        let (Some(start), Some(end), Some(step)) = numbers else {
            return self.fault(span, super::builtins::whole_number());
        };
        if step == 0.0 {
            return self.fault(span, no_element());
        }
        let count = ((end - start) / step).ceil().max(0.0);
        if count > MAX_NUMBERS as f64 {
            return self.too_many(&format!("({count:.0},)"), span);
        }
        let count = count as usize;
        let all: Vec<f32> = (0..count)
            .map(|at| (start + step * at as f64) as f32)
            .collect();
        let kind = named("dtype").map_or(
            if whole {
                NumberKind::Whole
            } else {
                NumberKind::Real
            },
            kind_of,
        );
        let shape = self.checked(&[count], span)?;
        self.fixed_tensor(shape, all, kind, span).map(Value::Tensor)
    }

    fn linspace(&mut self, given: &Values, span: &Span) -> Run<Value> {
        let part = |place, name| given.get(place, name).and_then(number);
        let bounds = (part(0, "start"), part(1, "end"), part(2, "steps"));
        let (Some(from), Some(to), Some(count)) = bounds else {
            return self.fault(span, super::builtins::whole_number());
        };
        let count = count.clamp(0.0, MAX_NUMBERS as f64) as usize;
        let step = (to - from) / (count.max(2) - 1) as f64;
        let all: Vec<f32> = (0..count)
            .map(|at| (from + step * at as f64) as f32)
            .collect();
        let shape = self.checked(&[count], span)?;
        self.fixed_tensor(shape, all, NumberKind::Real, span)
            .map(Value::Tensor)
    }

    fn eye(&mut self, given: &Values, span: &Span) -> Run<Value> {
        let rows = given.get(0, "n").and_then(Value::integer);
        let columns = given.get(1, "m").and_then(Value::integer).or(rows);
        let (Some(rows), Some(columns)) = (rows, columns) else {
            return self.fault(span, super::builtins::whole_number());
        };
        let (rows, columns) = (rows.max(0) as usize, columns.max(0) as usize);
        if rows.saturating_mul(columns) > MAX_NUMBERS {
            return self.too_many(&shown(&[rows, columns]), span);
        }
        let mut numbers = vec![0.0; rows * columns];
        for at in 0..rows.min(columns) {
            numbers[at * columns + at] = 1.0;
        }
        let shape = self.checked(&[rows, columns], span)?;
        self.fixed_tensor(shape, numbers, NumberKind::Real, span)
            .map(Value::Tensor)
    }

    /// `torch.tensor([[1, 2], [3, 4]])`
    fn listed(&mut self, data: &Value, span: &Span) -> Run<Value> {
        if let Value::Tensor(tensor) = data {
            return Ok(Value::Tensor(tensor.held_as(Role::Constant)));
        }
        let mut numbers = Vec::new();
        let mut kind = NumberKind::Truth;
        let axes = self.gathered(data, &mut numbers, &mut kind, span, &mut Budget::default())?;
        let shape = self.checked(&axes, span)?;
        if shape.count() != numbers.len() {
            return self.fault(
                span,
                says!(
                    en: "the lists in this tensor have different lengths",
                    ja: "このテンソルの中のリストの長さがそろっていません。"
                ),
            );
        }
        self.fixed_tensor(shape, numbers, kind, span)
            .map(Value::Tensor)
    }

    fn gathered(
        &mut self,
        data: &Value,
        numbers: &mut Vec<f32>,
        kind: &mut NumberKind,
        span: &Span,
        budget: &mut Budget,
    ) -> Run<Vec<usize>> {
        let inner = match data {
            Value::List(_) | Value::Tuple(_) => self.iterate(data, span)?,
            Value::Unknown(unknown) => return Self::because(unknown),
            other => {
                let Some(value) = number(other) else {
                    let shown = other.kind();
                    return self.fault(
                        span,
                        says!(
                            en: "a tensor holds numbers; this is {shown}",
                            ja: "テンソルに入るのは数です。これは {shown} です。"
                        ),
                    );
                };
                *kind = match (other, *kind) {
                    (Value::Bool(_), kind) => kind,
                    (Value::Integer(_), NumberKind::Truth | NumberKind::Whole) => NumberKind::Whole,
                    _ => NumberKind::Real,
                };
                numbers.push(value as f32);
                return Ok(Vec::new());
            }
        };
        if budget.enter().is_none() {
            return self.fault(span, super::modules::too_deep());
        }
        let mut axes = vec![inner.len()];
        for (place, value) in inner.iter().enumerate() {
            let below = self.gathered(value, numbers, kind, span, budget)?;
            if place == 0 {
                axes.extend(below);
            }
        }
        budget.leave();
        Ok(axes)
    }

    /// Whether something of tensors that the source makes is computed at once.
    pub fn settles(&self, inputs: &[Traced]) -> bool {
        inputs.iter().all(|input| match input.as_fixed() {
            None => false,
            Some(_) if self.trace.is_none() => true,
            Some(fixed) => match fixed.role {
                Role::Parameter => false,
                Role::Buffer => fixed.numbers.borrow().is_some(),
                Role::Constant => true,
            },
        })
    }

    /// What a layer makes of tensors that the source makes.
    pub fn settled(
        &mut self,
        layer: Layer,
        inputs: &[Traced],
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        let mut builder = GraphBuilder::new();
        let mut drawn = false;
        let mut ids = Vec::new();
        for input in inputs {
            let shape = self.checked(&input.axes, span)?;
            let numbers = input.as_fixed().and_then(|fixed| {
                fixed.used.set(true);
                fixed.numbers.borrow().clone()
            });
            ids.push(match numbers {
                Some(tensor) => builder.constant("", tensor),
                None => {
                    drawn = true;
                    builder.input("", shape, false)
                }
            });
        }
        let made = builder.node(path, layer, &ids, &[], Origin::of(path));
        let id = made.map_err(|error: GraphError| self.graph_fault(error, "", &[], span))?;
        let Some(shape) = builder.shape(id).copied() else {
            return self.fault(span, no_element());
        };
        let axes = shape.axes().to_vec();
        let kinds = inputs.iter().map(Traced::kind);
        let plain = matches!(
            path.rsplit('.').next(),
            Some("div" | "mean" | "exp" | "log" | "sqrt" | "sin" | "cos")
        );
        let kind = match kinds.reduce(|one, two| if one == two { one } else { NumberKind::Real }) {
            Some(kind) if !plain => kind,
            _ => NumberKind::Real,
        };
        if drawn {
            return Ok(Traced::fixed(None, axes, kind, Role::Constant));
        }
        if shape.count() > MAX_NUMBERS {
            return self.too_many(&shown(shape.axes()), span);
        }
        let graph = builder.finish(&[id]);
        let values = match graph.run(&[], Keep::Outputs) {
            Ok(values) => values,
            Err(why) => return self.fault(span, why.message()),
        };
        Ok(Traced::fixed(
            values.get(id).cloned(),
            axes,
            kind,
            Role::Constant,
        ))
    }

    /// A tensor of the numbers of another, each changed by itself.
    pub fn each(
        &self,
        tensor: &Traced,
        kind: NumberKind,
        change: impl Fn(f32) -> f32,
    ) -> Option<Traced> {
        let mut numbers = tensor.known()?;
        for number in numbers.data_mut() {
            *number = change(*number);
        }
        let axes = tensor.axes.clone();
        Some(Traced::fixed(Some(numbers), axes, kind, Role::Constant))
    }

    /// `mask == 0`, of numbers that are known.
    pub fn tensors_compared(
        &mut self,
        comparison: Comparison,
        left: &Value,
        right: &Value,
        span: &Span,
    ) -> Run<Option<Value>> {
        let known = |value: &Value| match value {
            Value::Tensor(tensor) => tensor.known().is_some(),
            other => other.real().is_some(),
        };
        if !known(left) || !known(right) {
            return Ok(None);
        }
        let difference = self.tensor_function("sub", vec![left.clone(), right.clone()], span)?;
        let Value::Tensor(difference) = difference else {
            return Ok(None);
        };
        let holds = |far: f32| match comparison {
            Comparison::Equal => far == 0.0,
            Comparison::Unequal => far != 0.0,
            Comparison::Less => far < 0.0,
            Comparison::LessEqual => far <= 0.0,
            Comparison::Greater => far > 0.0,
            Comparison::GreaterEqual => far >= 0.0,
            Comparison::In | Comparison::NotIn | Comparison::Is | Comparison::IsNot => false,
        };
        let made = self.each(&difference, NumberKind::Truth, |far| {
            f32::from(u8::from(holds(far)))
        });
        Ok(made.map(Value::Tensor))
    }

    /// `pe[:, 0::2] = value`; whether the tensor is one whose numbers the source makes.
    pub fn overwrite(
        &mut self,
        tensor: &Traced,
        index: &Value,
        value: &Value,
        span: &Span,
    ) -> Run<bool> {
        let Some(fixed) = tensor.as_fixed() else {
            return Ok(false);
        };
        let Some(mut numbers) = fixed.numbers.borrow().clone() else {
            // What is drawn stays so.
            return Ok(true);
        };
        // Where the elements are that the index names: those of a tensor that counts them.
        let shape = *numbers.shape();
        let counted = (0..shape.count()).map(|at| at as f32).collect();
        let counted = self.fixed_tensor(shape, counted, NumberKind::Whole, span)?;
        let Value::Tensor(places) = self.tensor_index(counted, index, span)? else {
            return Ok(false);
        };
        let Some(at) = places.known() else {
            return Ok(false);
        };
        let new = match value {
            Value::Unknown(unknown) => return Self::because(unknown),
            Value::Tensor(new) => {
                let zeros = self.each(&places, NumberKind::Real, |_| 0.0);
                let (Some(zeros), Some(_)) = (zeros, new.as_fixed()) else {
                    return Ok(false);
                };
                let both = vec![Value::Tensor(zeros), Value::Tensor(new.clone())];
                match self.tensor_function("add", both, span)? {
                    Value::Tensor(new) => new.known().map(Tensor::into_data),
                    _ => None,
                }
            }
            other => number(other).map(|value| vec![value as f32; at.data().len()]),
        };
        let Some(new) = new.filter(|new| new.len() == at.data().len()) else {
            fixed.numbers.replace(None);
            return Ok(true);
        };
        for (place, new) in at.data().iter().zip(new) {
            if let Some(own) = numbers.data_mut().get_mut(*place as usize) {
                *own = new;
            }
        }
        fixed.numbers.replace(Some(numbers));
        fixed.id.set(None);
        Ok(true)
    }

    /// `mask.tolist()`
    pub fn tolist(&mut self, tensor: &Traced, span: &Span) -> Run<Value> {
        let Some(numbers) = tensor.known() else {
            return self.fault(span, super::interpreter::depends());
        };
        let kind = tensor.kind();
        let all = numbers.data().iter().map(|number| number_of(*number, kind));
        let mut all: Vec<Value> = all.collect();
        for &length in tensor.axes.iter().skip(1).rev() {
            all = all
                .chunks(length.max(1))
                .map(|part| Value::list(part.to_vec()))
                .collect();
        }
        match (tensor.axes.is_empty(), all.pop()) {
            (true, Some(only)) => Ok(only),
            (_, last) => {
                all.extend(last);
                Ok(Value::list(all))
            }
        }
    }

    /// The whole numbers of a tensor that picks elements.
    pub fn picked(&self, index: &Value) -> Option<(Vec<i64>, Vec<usize>)> {
        match index {
            Value::Tensor(tensor) if tensor.kind() != NumberKind::Truth => {
                let numbers = tensor.known()?;
                let all = numbers.data().iter().map(|number| *number as i64).collect();
                Some((all, tensor.axes.clone()))
            }
            Value::List(values) => {
                let values = values.borrow();
                let all: Option<Vec<i64>> = values.iter().map(Value::integer).collect();
                Some((all?, vec![values.len()]))
            }
            _ => None,
        }
    }
}

/// A number, also where a tensor holds it alone.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Tensor(tensor) => tensor.number()?.real(),
        other => other.real(),
    }
}

/// What kind of numbers a `dtype` means.
pub(super) fn kind_of(dtype: &Value) -> NumberKind {
    let Value::Path(path) = dtype else {
        return NumberKind::Real;
    };
    match path.rsplit('.').next().unwrap_or(path) {
        "long" | "int" | "int8" | "int16" | "int32" | "int64" | "uint8" | "short" => {
            NumberKind::Whole
        }
        "bool" => NumberKind::Truth,
        _ => NumberKind::Real,
    }
}

/// The `dtype` of a tensor.
pub(super) fn dtype_of(tensor: &Traced) -> Value {
    Value::Path(Rc::from(match tensor.kind() {
        NumberKind::Real => "torch.float32",
        NumberKind::Whole => "torch.int64",
        NumberKind::Truth => "torch.bool",
    }))
}
