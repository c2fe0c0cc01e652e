//! Functions as layers that are added to the graph, or computed where all is known.

use super::Call;
use super::signatures::{Signature, signature};
use crate::network::Attention;
use crate::network::python::interpreter::{Interpreter, Run, depends, no_tensor};
use crate::network::python::modules::{form, not_shown};
use crate::network::python::syntax::Span;
use crate::network::python::value::{NumberKind, Role, Traced, Value, Values};
use crate::op::Value as Given;
use crate::op::{Arguments, Layer};
use crate::says;
use crate::tensor::{Shape, Tensor};

impl Interpreter<'_> {
    /// Functions that are several layers, or a layer that takes its weights as arguments.
    pub(super) fn of_layers(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Option<Value>> {
        let made = match call.name {
            "linear" | "conv1d" | "conv2d" | "conv3d" | "conv_transpose1d" | "conv_transpose2d"
            | "conv_transpose3d" | "layer_norm" | "batch_norm" | "group_norm" | "instance_norm"
            | "rms_norm" | "prelu" => self.with_weights(tensor, call)?,
            "masked_fill" | "masked_fill_" => self.masked_fill(tensor, call)?,
            "where" => self.chosen_by(tensor, call)?,
            "var" | "std" => self.spread(tensor, call)?,
            "outer" => {
                let (Some((Value::Tensor(other), _)), [length]) =
                    (call.given.positional.get(1), tensor.axes.as_slice())
                else {
                    return self.unfollowed(call);
                };
                let column = self.reshape(tensor, &[*length as i64, 1], call.path, call.span)?;
                self.tensor_function("mul", vec![column, Value::Tensor(other.clone())], call.span)?
            }
            "scaled_dot_product_attention" => self.attention(call)?,
            _ => return Ok(None),
        };
        Ok(Some(made))
    }

    /// A function that is one layer, as its signature has it.
    pub(super) fn of_signature(&mut self, first: Option<&Traced>, call: Call<'_>) -> Run<Value> {
        let Some(signature) = signature(call.name) else {
            return self.unfollowed(call);
        };
        if signature.tensors == 2 {
            return self.of_two_tensors(first, call);
        }
        let Some(tensor) = first else {
            return self.unfollowed(call);
        };
        let mut arguments = arguments_of(&signature, call.given);
        let in_place = call.name.ends_with('_') && !call.name.ends_with("__")
            || arguments
                .iter()
                .any(|(name, value)| *name == "inplace" && *value == Given::Bool(true));
        // What only training does is not done here.
        arguments.retain(|(name, value)| {
            let of_training = matches!(
                *name,
                "training"
                    | "inplace"
                    | "dtype"
                    | "_stacklevel"
                    | "antialias"
                    | "recompute_scale_factor"
            );
            let nothing = *name == "return_indices" && *value == Given::Bool(false);
            !of_training && !nothing
        });
        let made = self.apply(
            signature.form,
            &arguments,
            std::slice::from_ref(tensor),
            call.path,
            call.span,
        )?;
        if let (true, Value::Tensor(made)) = (in_place, &made) {
            self.in_place(tensor, made);
        }
        Ok(made)
    }

    fn of_two_tensors(&mut self, first: Option<&Traced>, call: Call<'_>) -> Run<Value> {
        let given = call.given;
        let alpha = given.named.iter().any(|(name, ..)| &**name == "alpha");
        let mut both: Vec<Value> = given
            .positional
            .iter()
            .map(|(value, _)| value.clone())
            .collect();
        both.extend(
            given
                .named
                .iter()
                .filter(|(name, ..)| &**name == "other")
                .map(|(_, v, _)| v.clone()),
        );
        if alpha || both.len() != 2 {
            return self.unfollowed(call);
        }
        let made = self.tensor_function(call.name, both, call.span)?;
        if let (true, Some(tensor), Value::Tensor(made)) = (call.name.ends_with('_'), first, &made)
        {
            self.in_place(tensor, made);
        }
        Ok(made)
    }

    /// Adds a layer of a form to the graph, or computes it where all is known.
    pub fn apply(
        &mut self,
        name: &str,
        given: &[(&str, Given)],
        inputs: &[Traced],
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let Some(form) = form(name) else {
            return self.fault(span, not_shown(path));
        };
        let mut arguments = Arguments::default();
        for (parameter, value) in given {
            match form.parameters.iter().find(|known| *known == parameter) {
                Some(known) => arguments.give(known, value.clone()),
                None => {
                    return self.fault(
                        span,
                        says!(
                            en: "the argument {parameter} of {path} is not shown here",
                            ja: "{path} の引数 {parameter} にはまだ対応していません。"
                        ),
                    );
                }
            }
        }
        let layer = (form.make)(&arguments);
        let layer = layer.map_err(|wrong| self.fault_at(span, wrong.message))?;
        self.add_with(layer, inputs, &[], path, span)
            .map(Value::Tensor)
    }

    /// Adds a layer, with the tensors that are bound to its own; without such it is computed where all is known.
    pub fn add_with(
        &mut self,
        layer: Layer,
        inputs: &[Traced],
        operands: &[(&'static str, Traced)],
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        if operands.is_empty() && self.settles(inputs) {
            return self.settled(layer, inputs, path, span);
        }
        let name = self.node_name(path);
        let line = self.line_of(self.text, span);
        let Some(trace) = &mut self.trace else {
            return self.fault(span, no_tensor());
        };
        match trace.function(&name, layer, (inputs, operands), path, line) {
            Ok(traced) => Ok(traced),
            Err(error) => Err(self.graph_fault(error, "", &[], span).into()),
        }
    }

    /// What a node of a function is called: after the module that it runs in.
    pub fn node_name(&self, path: &str) -> String {
        let short = path
            .rsplit('.')
            .next()
            .unwrap_or(path)
            .trim_end_matches('_');
        match self.inside.last() {
            Some(inside) if !inside.is_empty() => format!("{inside}.{short}"),
            _ => short.to_owned(),
        }
    }

    /// A function of several tensors and numbers.
    pub fn tensor_function(&mut self, name: &str, values: Vec<Value>, span: &Span) -> Run<Value> {
        // Whole parts and rests are made of what is there.
        if matches!(name, "floor_divide" | "remainder") {
            let divided = self.tensor_function("div", values.clone(), span)?;
            let whole = self.tensor_function("floor", vec![divided], span)?;
            let [left, right] = values.as_slice() else {
                return self.unfollowed_at(name, span);
            };
            if name == "floor_divide" {
                return Ok(whole);
            }
            let taken = self.tensor_function("mul", vec![whole, right.clone()], span)?;
            return self.tensor_function("sub", vec![left.clone(), taken], span);
        }
        let Some(signature) = signature(name) else {
            return self.unfollowed_at(name, span);
        };
        // A power of a number is a layer of its own.
        if let ("pow", [Value::Tensor(tensor), exponent]) = (name, values.as_slice())
            && let Some(power) = exponent.real()
        {
            let tensor = tensor.clone();
            if power == 2.0 {
                return self.apply("Square", &[], &[tensor], name, span);
            }
            if power == 0.5 {
                return self.apply("Sqrt", &[], &[tensor], name, span);
            }
            let exponent = [("exponent", Given::Real(power))];
            return self.apply("Pow", &exponent, &[tensor], name, span);
        }
        let mut inputs = Vec::new();
        for value in &values {
            match value {
                Value::Tensor(tensor) => inputs.push(tensor.clone()),
                Value::Unknown(unknown) => return Self::because(unknown),
                other => {
                    let Some(number) = other.real() else {
                        let kind = other.kind();
                        return self.fault(
                            span,
                            says!(
                                en: "a tensor and {kind} do not go together here",
                                ja: "テンソルと {kind} はここで組み合わせられません。"
                            ),
                        );
                    };
                    inputs.push(self.number(number, span)?);
                }
            }
        }
        let tensor = [("tensor", Given::Integer(0))];
        let given: &[(&str, Given)] = if name == "pow" { &tensor } else { &[] };
        self.apply(signature.form, given, &inputs, name, span)
    }

    /// A number as a tensor.
    pub fn number(&mut self, number: f64, span: &Span) -> Run<Traced> {
        let kind = if number.fract() == 0.0 && number.abs() < f64::from(1 << 24) {
            NumberKind::Whole
        } else {
            NumberKind::Real
        };
        match Tensor::new(Shape::SCALAR, vec![number as f32]) {
            Ok(tensor) => Ok(Traced::fixed(
                Some(tensor),
                Vec::new(),
                kind,
                Role::Constant,
            )),
            Err(_) => self.unfollowed_at("number", span),
        }
    }

    /// A tensor was changed where it is: whatever else holds it sees that.
    pub fn in_place(&mut self, tensor: &Traced, made: &Traced) {
        match (&mut self.trace, tensor.as_fixed()) {
            (Some(trace), None) => trace.replace(tensor, made),
            (None, Some(fixed)) if tensor.axes == made.axes => {
                let numbers = made
                    .as_fixed()
                    .and_then(|made| made.numbers.borrow().clone());
                fixed.numbers.replace(numbers);
            }
            _ => {}
        }
    }

    /// `scaled_dot_product_attention`, which is several nodes.
    fn attention(&mut self, call: Call<'_>) -> Run<Value> {
        let (given, span) = (call.given, call.span);
        let tensor = |place: usize, name: &str| match given.get(place, name) {
            Some(Value::Tensor(tensor)) => Some(tensor.clone()),
            _ => None,
        };
        let three = (tensor(0, "query"), tensor(1, "key"), tensor(2, "value"));
        let (Some(query), Some(key), Some(value)) = three else {
            return self.unfollowed(call);
        };
        let mask = tensor(3, "attn_mask");
        let masked = !matches!(given.get(3, "attn_mask"), None | Some(Value::None));
        let truth = |place: usize, name: &str| {
            let value = given.get(place, name);
            value.and_then(Value::truth).unwrap_or(false)
        };
        // Heads that share keys are not taken apart here.
        if (masked && mask.is_none()) || truth(7, "enable_gqa") {
            return self.unfollowed(call);
        }
        let mask = match mask {
            Some(mask) => match self.added_mask(&mask, false) {
                Some(mask) => Some(mask),
                None => return self.fault(span, depends()),
            },
            None => None,
        };
        let mask = match (mask, &mut self.trace) {
            (Some(mask), Some(trace)) => Some(trace.id(&mask)),
            _ => None,
        };
        let asked = Attention {
            mask,
            is_causal: truth(5, "is_causal"),
            scale: given.get(6, "scale").and_then(Value::real),
        };
        let name = self.node_name(call.path);
        let line = self.line_of(self.text, span);
        let Some(trace) = &mut self.trace else {
            return self.fault(span, no_tensor());
        };
        match trace.attention(&name, asked, [&query, &key, &value], call.path, line) {
            Ok(traced) => Ok(Value::Tensor(traced)),
            Err(error) => Err(self.graph_fault(error, "", &[], span).into()),
        }
    }
}

/// The arguments behind the tensor of a call, by the names that a signature has for them.
fn arguments_of(signature: &Signature, given: &Values) -> Vec<(&'static str, Given)> {
    let mut arguments = Vec::new();
    let mut rest = given.positional.iter().skip(1).peekable();
    let mut number = 0;
    while let Some((value, _)) = rest.next() {
        let Some(parameter) = signature.parameters.get(number) else {
            break;
        };
        // x.mean(2, 3) is x.mean((2, 3)), and so with flip.
        let many = matches!(*parameter, "dims")
            && matches!(value, Value::Integer(_))
            && rest.peek().is_some();
        if many {
            let mut all = vec![value.given()];
            all.extend(rest.by_ref().map(|(value, _)| value.given()));
            arguments.push((*parameter, Given::List(all)));
            break;
        }
        arguments.push((*parameter, value.given()));
        number += 1;
    }
    for (keyword, value, _) in &given.named {
        let keyword: &str = if &**keyword == "axis" { "dim" } else { keyword };
        if let Some(known) = signature.parameters.iter().find(|known| **known == keyword) {
            arguments.push((*known, value.given()));
        }
    }
    arguments
}
