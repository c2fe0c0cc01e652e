//! Functions of torch and methods of tensors, as what they are in this program: a layer that is added to
//! the graph, a new look at the same numbers, or a number of Python's.
//!
//! - `signatures` knows the functions that are one layer each, `layers` adds those and others to the graph;
//! - `shapes` tells shapes and changes them, `parts` takes tensors apart and joins them, `padding` pads them.

mod layers;
mod padding;
mod parts;
mod shapes;
mod signatures;

use std::rc::Rc;

use signatures::signature;

use super::constants::dtype_of;
use super::interpreter::{Interpreter, Run};
use super::syntax::Span;
use super::value::{Value, Values};
use crate::says;

/// Methods that give the tensor back as it is, as far as shapes and values in inference go.
const UNCHANGED: &[&str] = &[
    "bfloat16",
    "clone",
    "contiguous",
    "cpu",
    "cuda",
    "data",
    "detach",
    "double",
    "float",
    "half",
    "numpy",
    "requires_grad_",
    "to",
    "type",
    "type_as",
];

/// Methods that fill a tensor with numbers drawn at random.
const DRAWING: &[&str] = &[
    "normal_",
    "uniform_",
    "random_",
    "trunc_normal_",
    "bernoulli_",
];

/// A call of a function of torch, or of a method of a tensor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// The last name of the function, which decides what is done: `relu`.
    pub name: &'a str,
    /// The function as messages and nodes name it: `torch.relu`, `Tensor.relu`, `view`.
    pub path: &'a str,
    /// The arguments; a tensor that was given by name, or that a method is called on, stands first.
    pub given: &'a Values,
    /// Where the function is written, without its arguments; for methods and attributes the same as `span`.
    pub called: &'a Span,
    /// Where the whole call is.
    pub span: &'a Span,
}

impl Interpreter<'_> {
    /// A function of torch by its full name.
    pub fn torch_call(
        &mut self,
        path: &Rc<str>,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        let name = path.rsplit('.').next().unwrap_or(path);
        match name {
            "checkpoint" | "checkpoint_sequential" | "fork" | "wait" => {
                // What is computed again, or elsewhere, is computed all the same.
                let mut given = given;
                given.named.retain(|(name, ..)| &**name != "use_reentrant");
                if given.positional.is_empty() {
                    return Ok(Value::None);
                }
                let (function, _) = given.positional.remove(0);
                return self.call(&function, given, called, span);
            }
            "is_scripting"
            | "is_tracing"
            | "is_grad_enabled"
            | "is_autocast_enabled"
            | "is_available" => return Ok(Value::Bool(false)),
            "einsum" => return self.einsum(&given, span),
            "meshgrid" => return self.meshgrid(&given, path, span),
            "is_floating_point" => return Ok(Value::Bool(true)),
            "Size" => return Ok(given.get(0, "sizes").cloned().unwrap_or(Value::None)),
            "is_tensor" => {
                let tensor = matches!(given.get(0, "obj"), Some(Value::Tensor(_)));
                return Ok(Value::Bool(tensor));
            }
            "no_grad" | "inference_mode" | "device" | "manual_seed" | "compile" => {
                return Ok(given.get(0, "model").cloned().unwrap_or(Value::None));
            }
            _ => {}
        }
        let unknown = given.positional.iter().find_map(|(value, _)| match value {
            Value::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        });
        if let Some(unknown) = unknown {
            return Ok(Value::Unknown(unknown));
        }
        if let Some(made) = self.created(name, &given, span)? {
            return Ok(made);
        }
        let has_tensor = given.positional.iter().any(|(value, _)| match value {
            Value::Tensor(_) => true,
            Value::List(values) => values
                .borrow()
                .iter()
                .any(|value| matches!(value, Value::Tensor(_))),
            Value::Tuple(values) => values.iter().any(|value| matches!(value, Value::Tensor(_))),
            _ => false,
        }) || given
            .named
            .iter()
            .any(|(_, value, _)| matches!(value, Value::Tensor(_)));
        if !has_tensor {
            let text = says!(
                en: "{path} makes something that is not followed",
                ja: "{path} が作るものはたどれません。"
            );
            return Ok(self.unknown(path, called, text));
        }
        let mut given = given;
        if !matches!(
            given.positional.first(),
            Some((Value::Tensor(_) | Value::List(_) | Value::Tuple(_), _))
        ) && let Some(at) = given
            .named
            .iter()
            .position(|(name, ..)| matches!(&**name, "input" | "x" | "self" | "tensors"))
        {
            let (_, value, place) = given.named.remove(at);
            given.positional.insert(0, (value, place));
        }
        self.on_tensor(Call {
            name,
            path,
            given: &given,
            called,
            span,
        })
    }

    /// A function by its last name; the tensor is the first argument.
    fn on_tensor(&mut self, call: Call<'_>) -> Run<Value> {
        let name = call.name;
        let first = match call.given.positional.first() {
            Some((Value::Tensor(tensor), _)) => Some(tensor),
            _ => None,
        };
        if let Some(tensor) = first {
            if UNCHANGED.contains(&name) {
                return Ok(Value::Tensor(tensor.clone()));
            }
            if DRAWING.contains(&name) {
                if let Some(fixed) = tensor.as_fixed() {
                    fixed.numbers.replace(None);
                }
                return Ok(Value::Tensor(tensor.clone()));
            }
            if let Some(made) = self.of_known(name, tensor, call.given, call.span)? {
                return Ok(made);
            }
            if let Some(made) = self.of_layers(tensor, call)? {
                return Ok(made);
            }
            if let Some(made) = self.of_shape(tensor, call)? {
                return Ok(made);
            }
            if let Some(made) = self.of_parts(tensor, call)? {
                return Ok(made);
            }
            if matches!(name, "max" | "min") {
                return self.extreme(call);
            }
        } else if matches!(name, "cat" | "concat" | "concatenate" | "stack" | "hstack") {
            return self.joined(call);
        }
        self.of_signature(first, call)
    }

    /// `max` and `min`: of two tensors, of a whole one, or along an axis.
    fn extreme(&mut self, call: Call<'_>) -> Run<Value> {
        let largest = call.name == "max";
        if matches!(call.given.positional.get(1), Some((Value::Tensor(_), _))) {
            let both = call.given.positional.iter();
            let both = both.map(|(value, _)| value.clone()).collect();
            let name = if largest { "maximum" } else { "minimum" };
            return self.tensor_function(name, both, call.span);
        }
        // With dim it gives values and places; the values are followed.
        let name = if largest { "amax" } else { "amin" };
        let values = self.on_tensor(Call { name, ..call })?;
        if call.given.get(1, "dim").is_none() {
            return Ok(values);
        }
        let text =
            says!(en: "the places of maxima are not followed", ja: "最大値の位置はたどれません。");
        let places = self.unknown("indices", call.span, text);
        Ok(Value::tuple(vec![values, places]))
    }

    pub fn tensor_attribute(&mut self, of: &Value, name: &Rc<str>, span: &Span) -> Run<Value> {
        let Value::Tensor(tensor) = of else {
            return Ok(Value::None);
        };
        match &**name {
            "shape" => Ok(Value::sizes(&tensor.axes)),
            "ndim" => Ok(Value::Integer(tensor.axes.len() as i64)),
            "dtype" => Ok(dtype_of(tensor)),
            "requires_grad" | "is_cuda" | "is_sparse" | "is_quantized" => Ok(Value::Bool(false)),
            "grad" => Ok(Value::None),
            "device" => Ok(Value::Path(Rc::from("torch.device"))),
            "data" => Ok(of.clone()),
            "T" | "mT" => {
                let given = Values {
                    positional: vec![(of.clone(), span.clone())],
                    named: Vec::new(),
                };
                self.on_tensor(Call {
                    name,
                    path: name,
                    given: &given,
                    called: span,
                    span,
                })
            }
            _ => Ok(Value::Native(Box::new(of.clone()), name.clone())),
        }
    }

    pub fn tensor_method(
        &mut self,
        of: &Value,
        name: &Rc<str>,
        mut given: Values,
        span: &Span,
    ) -> Run<Value> {
        given.positional.insert(0, (of.clone(), span.clone()));
        let shown = if signature(name).is_some() {
            format!("Tensor.{name}")
        } else {
            name.to_string()
        };
        self.on_tensor(Call {
            name,
            path: &shown,
            given: &given,
            called: span,
            span,
        })
    }

    /// Says that a call is not followed, at its `called`.
    pub fn unfollowed<T>(&self, call: Call<'_>) -> Run<T> {
        self.unfollowed_at(call.path, call.called)
    }

    /// Says that something is not followed, at a place.
    pub fn unfollowed_at<T>(&self, path: &str, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "{path} is not followed; export the model to ONNX instead",
                ja: "{path} はたどれません。ONNX に書き出して開いてください。"
            ),
        )
    }
}

/// The axis of a number that may count from the end.
pub(super) fn axis(dim: i64, rank: usize) -> Option<usize> {
    let at = if dim < 0 { dim + rank as i64 } else { dim };
    usize::try_from(at).ok().filter(|at| *at < rank)
}

pub(super) fn integers_of(value: &Value) -> Option<Vec<i64>> {
    match value {
        Value::List(values) => values.borrow().iter().map(Value::integer).collect(),
        Value::Tuple(values) => values.iter().map(Value::integer).collect(),
        Value::Integer(one) => Some(vec![*one]),
        _ => None,
    }
}

/// The numbers of a call from a place on, one by one or as a list; if nothing stands there, those of an
/// argument by its name.
fn integers_from(given: &Values, place: usize, names: &[&str]) -> Option<Vec<i64>> {
    let rest = given.positional.get(place..).unwrap_or_default();
    if rest.is_empty() {
        let named = names.iter().find_map(|name| given.get(place, name));
        return named.and_then(integers_of);
    }
    if let [(only @ (Value::List(_) | Value::Tuple(_)), _)] = rest {
        return integers_of(only);
    }
    rest.iter().map(|(value, _)| value.integer()).collect()
}
