//! Functions of torch and methods of tensors, as what they are in this program: a layer that is added to
//! the graph, a new look at the same numbers, or a number of Python's.

use std::rc::Rc;

use super::constants::dtype_of;
use super::interpreter::{Interpreter, Run, depends, no_element};
use super::modules::{form, not_shown};
use super::operators::slice_places;
use super::syntax::Span;
use super::value::{NumberKind, Role, Traced, Value, Values};
use crate::network::Attention;
use crate::op::Value as Given;
use crate::op::{Arguments, Layer};
use crate::says;
use crate::tensor::{Shape, Tensor};

/// A function on tensors: the form that it is, how many tensors come first, and what its other arguments
/// are called in their order.
struct Signature {
    form: &'static str,
    tensors: usize,
    parameters: &'static [&'static str],
}

const fn of(form: &'static str, parameters: &'static [&'static str]) -> Signature {
    Signature {
        form,
        tensors: 1,
        parameters,
    }
}

const fn of_two(form: &'static str, parameters: &'static [&'static str]) -> Signature {
    Signature {
        form,
        tensors: 2,
        parameters,
    }
}

const POOL: &[&str] = &[
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "ceil_mode",
    "return_indices",
];
const AVERAGE: &[&str] = &[
    "kernel_size",
    "stride",
    "padding",
    "ceil_mode",
    "count_include_pad",
    "divisor_override",
];
const SIZE: &[&str] = &["output_size", "return_indices"];
const DROP: &[&str] = &["p", "training", "inplace"];
const OVER: &[&str] = &["dim", "keepdim", "dtype"];
const POWER: &[&str] = &["norm_type", "kernel_size", "stride", "ceil_mode"];

fn signature(name: &str) -> Option<Signature> {
    // relu_ changes its tensor in place, which comes to the same here.
    let name = match name.strip_suffix('_') {
        Some(plain) if !plain.is_empty() && !plain.ends_with('_') => plain,
        _ => name,
    };
    Some(match name {
        "relu" => of("ReLU", &["inplace"]),
        "relu6" => of("ReLU6", &["inplace"]),
        "leaky_relu" => of("LeakyReLU", &["negative_slope", "inplace"]),
        "elu" => of("ELU", &["alpha", "inplace"]),
        "selu" => of("SELU", &["inplace"]),
        "celu" => of("CELU", &["alpha", "inplace"]),
        "gelu" => of("GELU", &["approximate"]),
        "silu" | "swish" => of("SiLU", &["inplace"]),
        "mish" => of("Mish", &["inplace"]),
        "hardswish" => of("Hardswish", &["inplace"]),
        "hardsigmoid" => of("Hardsigmoid", &["inplace"]),
        "hardtanh" => of("Hardtanh", &["min_val", "max_val", "inplace"]),
        "hardshrink" => of("Hardshrink", &["lambd"]),
        "softshrink" => of("Softshrink", &["lambd"]),
        "tanhshrink" => of("Tanhshrink", &[]),
        "threshold" => of("Threshold", &["threshold", "value", "inplace"]),
        "sigmoid" => of("Sigmoid", &[]),
        "tanh" => of("Tanh", &[]),
        "softplus" => of("Softplus", &["beta", "threshold"]),
        "softsign" => of("Softsign", &[]),
        "logsigmoid" => of("LogSigmoid", &[]),
        "glu" => of("GLU", &["dim"]),
        "softmax" => of("Softmax", &["dim", "_stacklevel", "dtype"]),
        "softmin" => of("Softmin", &["dim"]),
        "log_softmax" => of("LogSoftmax", &["dim", "_stacklevel", "dtype"]),
        "max_pool1d" => of("MaxPool1d", POOL),
        "max_pool2d" => of("MaxPool2d", POOL),
        "max_pool3d" => of("MaxPool3d", POOL),
        "avg_pool1d" => of("AvgPool1d", AVERAGE),
        "avg_pool2d" => of("AvgPool2d", AVERAGE),
        "avg_pool3d" => of("AvgPool3d", AVERAGE),
        "lp_pool1d" => of("LPPool1d", POWER),
        "lp_pool2d" => of("LPPool2d", POWER),
        "adaptive_avg_pool1d" => of("AdaptiveAvgPool1d", SIZE),
        "adaptive_avg_pool2d" => of("AdaptiveAvgPool2d", SIZE),
        "adaptive_avg_pool3d" => of("AdaptiveAvgPool3d", SIZE),
        "adaptive_max_pool1d" => of("AdaptiveMaxPool1d", SIZE),
        "adaptive_max_pool2d" => of("AdaptiveMaxPool2d", SIZE),
        "adaptive_max_pool3d" => of("AdaptiveMaxPool3d", SIZE),
        "dropout" | "alpha_dropout" | "feature_dropout" | "dropout1d" | "dropout3d" => {
            of("Dropout", DROP)
        }
        "dropout2d" => of("Dropout2d", DROP),
        "interpolate" | "upsample" => of(
            "Upsample",
            &[
                "size",
                "scale_factor",
                "mode",
                "align_corners",
                "recompute_scale_factor",
                "antialias",
            ],
        ),
        "upsample_nearest" => of("UpsamplingNearest2d", &["size", "scale_factor"]),
        "upsample_bilinear" => of("UpsamplingBilinear2d", &["size", "scale_factor"]),
        "pixel_shuffle" => of("PixelShuffle", &["upscale_factor"]),
        "pixel_unshuffle" => of("PixelUnshuffle", &["downscale_factor"]),
        "channel_shuffle" => of("ChannelShuffle", &["groups"]),
        "local_response_norm" => of("LocalResponseNorm", &["size", "alpha", "beta", "k"]),
        "normalize" => of("Normalize", &["p", "dim", "eps"]),
        "flatten" => of("Flatten", &["start_dim", "end_dim"]),
        "unflatten" => of("Unflatten", &["dim", "unflattened_size"]),
        "mean" => of("Mean", OVER),
        "sum" => of("Sum", OVER),
        "amax" => of("Amax", OVER),
        "amin" => of("Amin", OVER),
        "prod" => of("Prod", OVER),
        "logsumexp" => of("LogSumExp", OVER),
        "norm" => of("VectorNorm", &["ord", "dim", "keepdim"]),
        "argmax" => of("ArgMax", OVER),
        "squeeze" => of("Squeeze", &["dim"]),
        "unsqueeze" => of("Unsqueeze", &["dim"]),
        "transpose" | "swapaxes" | "swapdims" => of("Transpose", &["dim0", "dim1"]),
        "roll" => of("Roll", &["shifts", "dims"]),
        "tril" => of("Tril", &["diagonal"]),
        "triu" => of("Triu", &["diagonal"]),
        "index_select" => of("IndexSelect", &["dim", "index"]),
        "select" => of("Select", &["dim", "index"]),
        "argmin" => of("ArgMin", OVER),
        "flip" => of("Flip", &["dims"]),
        "exp" => of("Exp", &[]),
        "log" => of("Log", &[]),
        "sqrt" => of("Sqrt", &[]),
        "rsqrt" => of("Rsqrt", &[]),
        "square" => of("Square", &[]),
        "reciprocal" => of("Reciprocal", &[]),
        "abs" => of("Abs", &[]),
        "neg" => of("Neg", &[]),
        "sign" => of("Sign", &[]),
        "floor" => of("Floor", &[]),
        "ceil" => of("Ceil", &[]),
        "round" => of("Round", &[]),
        "erf" => of("Erf", &[]),
        "sin" => of("Sin", &[]),
        "cos" => of("Cos", &[]),
        "clamp" | "clip" => of("Clamp", &["min", "max"]),
        "add" => of_two("Add", &[]),
        "sub" | "subtract" => of_two("Sub", &[]),
        "mul" | "multiply" => of_two("Mul", &[]),
        "div" | "divide" | "true_divide" => of_two("Div", &[]),
        "fmod" => of_two("Fmod", &[]),
        "pow" => of_two("Pow", &[]),
        "maximum" => of_two("Maximum", &[]),
        "minimum" => of_two("Minimum", &[]),
        "matmul" | "bmm" | "mm" => of_two("MatMul", &[]),
        _ => return None,
    })
}

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
        self.on_tensor(name, path, given, called, span)
    }

    /// A function by its last name; the tensor is the first argument.
    fn on_tensor(
        &mut self,
        name: &str,
        path: &str,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        let first = match given.positional.first() {
            Some((Value::Tensor(tensor), _)) => Some(tensor.clone()),
            _ => None,
        };
        if let Some(tensor) = &first {
            if UNCHANGED.contains(&name) {
                return Ok(Value::Tensor(tensor.clone()));
            }
            let integers = |from: usize| -> Option<Vec<i64>> {
                let rest = given.positional.get(from..)?;
                if let [(only @ (Value::List(_) | Value::Tuple(_)), _)] = rest {
                    return integers_of(only);
                }
                rest.iter().map(|(value, _)| value.integer()).collect()
            };
            if DRAWING.contains(&name) {
                if let Some(fixed) = tensor.as_fixed() {
                    fixed.numbers.replace(None);
                }
                return Ok(Value::Tensor(tensor.clone()));
            }
            if let Some(made) = self.of_known(name, tensor, &given, span)? {
                return Ok(made);
            }
            match name {
                "linear" | "conv1d" | "conv2d" | "conv3d" | "conv_transpose1d"
                | "conv_transpose2d" | "conv_transpose3d" | "layer_norm" | "batch_norm"
                | "group_norm" | "instance_norm" | "rms_norm" | "prelu" => {
                    return self.with_weights(name, tensor, &given, path, span);
                }
                "masked_fill" | "masked_fill_" => {
                    return self.masked_fill(tensor, &given, path, called, span);
                }
                "where" => return self.chosen_by(tensor, &given, path, called, span),
                "var" | "std" => return self.spread(name, tensor, &given, path, span),
                "repeat" | "tile" => {
                    let counts = integers(1).or_else(|| given.get(1, "dims").and_then(integers_of));
                    let Some(counts) = counts else {
                        return self.unfollowed(path, called);
                    };
                    return self.tiled(tensor, counts, path, span);
                }
                "repeat_interleave" => {
                    let count = given.get(1, "repeats").and_then(Value::integer);
                    let dim = given.get(2, "dim").and_then(Value::integer);
                    let at = dim.and_then(|dim| axis(dim, tensor.axes.len()));
                    let (Some(count), Some(at)) = (count, at) else {
                        return self.unfollowed(path, called);
                    };
                    return self.each_repeated(tensor, count, at, path, span);
                }
                "movedim" | "moveaxis" => {
                    let from = given.get(1, "source").and_then(Value::integer);
                    let to = given.get(2, "destination").and_then(Value::integer);
                    let rank = tensor.axes.len();
                    let from = from.and_then(|dim| axis(dim, rank));
                    let to = to.and_then(|dim| axis(dim, rank));
                    let (Some(from), Some(to)) = (from, to) else {
                        return self.unfollowed(path, called);
                    };
                    let mut order: Vec<usize> = (0..rank).filter(|at| *at != from).collect();
                    order.insert(to, from);
                    return self
                        .turned(tensor.clone(), &order, path, span)
                        .map(Value::Tensor);
                }
                "unfold" if path == "unfold" => {
                    return self.unfolded(tensor, &given, path, called, span);
                }
                "narrow" => {
                    let part = |place, name| given.get(place, name).and_then(Value::integer);
                    let at = part(1, "dim").and_then(|dim| axis(dim, tensor.axes.len()));
                    let (Some(at), Some(start), Some(length)) =
                        (at, part(2, "start"), part(3, "length"))
                    else {
                        return self.unfollowed(path, called);
                    };
                    let (start, end) = (start.max(0) as usize, (start + length).max(0) as usize);
                    if end > tensor.axes[at] || start >= end {
                        return self.fault(span, no_element());
                    }
                    return self
                        .sliced(tensor, at, start, end, 1, path, span)
                        .map(Value::Tensor);
                }
                "outer" => {
                    let (Some((Value::Tensor(other), _)), [length]) =
                        (given.positional.get(1), tensor.axes.as_slice())
                    else {
                        return self.unfollowed(path, called);
                    };
                    let other = other.clone();
                    let column = self.reshape(tensor, &[*length as i64, 1], path, span)?;
                    return self.tensor_function("mul", vec![column, Value::Tensor(other)], span);
                }
                "scaled_dot_product_attention" => {
                    return self.attention(&given, path, called, span);
                }
                "size" => {
                    return match given.get(1, "dim").and_then(Value::integer) {
                        Some(dim) => match axis(dim, tensor.axes.len()) {
                            Some(at) => Ok(Value::Integer(tensor.axes[at] as i64)),
                            None => self.fault(span, no_element()),
                        },
                        None => Ok(Value::sizes(&tensor.axes)),
                    };
                }
                "dim" | "ndimension" => return Ok(Value::Integer(tensor.axes.len() as i64)),
                "numel" | "nelement" => {
                    return Ok(Value::Integer(tensor.axes.iter().product::<usize>() as i64));
                }
                "view" | "reshape" | "view_as" | "reshape_as" => {
                    let sizes = match given.positional.get(1) {
                        Some((Value::Tensor(other), _)) => {
                            Some(other.axes.iter().map(|&axis| axis as i64).collect())
                        }
                        _ => integers(1).or_else(|| given.get(1, "shape").and_then(integers_of)),
                    };
                    let Some(sizes) = sizes else {
                        return self.unfollowed(path, called);
                    };
                    return self.reshape(tensor, &sizes, path, span);
                }
                "permute" => {
                    let dims = integers(1).or_else(|| given.get(1, "dims").and_then(integers_of));
                    let Some(dims) = dims else {
                        return self.unfollowed(path, called);
                    };
                    let dims = Given::List(dims.into_iter().map(Given::Integer).collect());
                    return self.apply(
                        "Permute",
                        &[("dims", dims)],
                        std::slice::from_ref(tensor),
                        path,
                        span,
                    );
                }
                "t" | "T" | "mT" => {
                    let dims = [("dim0", Given::Integer(-2)), ("dim1", Given::Integer(-1))];
                    return self.apply(
                        "Transpose",
                        &dims,
                        std::slice::from_ref(tensor),
                        path,
                        span,
                    );
                }
                "chunk" | "split" | "tensor_split" | "unbind" => {
                    return self.parts(name, tensor, &given, path, span);
                }
                "squeeze" if given.positional.len() < 2 && given.named.is_empty() => {
                    let sizes: Vec<i64> = tensor
                        .axes
                        .iter()
                        .filter(|&&axis| axis != 1)
                        .map(|&axis| axis as i64)
                        .collect();
                    return self.reshape(tensor, &sizes, path, span);
                }
                "pad" => return self.pad(tensor, &given, path, called, span),
                "expand" | "expand_as" | "broadcast_to" => {
                    let sizes = match given.positional.get(1) {
                        Some((Value::Tensor(other), _)) => {
                            Some(other.axes.iter().map(|&axis| axis as i64).collect())
                        }
                        _ => integers(1),
                    };
                    let Some(sizes) = sizes else {
                        return self.unfollowed(path, called);
                    };
                    let full: Vec<i64> = sizes
                        .iter()
                        .enumerate()
                        .map(|(number, &size)| {
                            match (size, (number + tensor.axes.len()).checked_sub(sizes.len())) {
                                (-1, Some(at)) => {
                                    tensor.axes.get(at).map_or(1, |&axis| axis as i64)
                                }
                                (size, _) => size,
                            }
                        })
                        .collect();
                    let same = full.len() == tensor.axes.len()
                        && full
                            .iter()
                            .zip(&tensor.axes)
                            .all(|(&one, &two)| one == two as i64);
                    if same {
                        return Ok(Value::Tensor(tensor.clone()));
                    }
                    let size = Given::List(full.into_iter().map(Given::Integer).collect());
                    return self.apply(
                        "Expand",
                        &[("size", size)],
                        std::slice::from_ref(tensor),
                        path,
                        span,
                    );
                }
                "max" | "min" if matches!(given.positional.get(1), Some((Value::Tensor(_), _))) => {
                    let both = given
                        .positional
                        .into_iter()
                        .map(|(value, _)| value)
                        .collect();
                    let name = if name == "max" { "maximum" } else { "minimum" };
                    return self.tensor_function(name, both, span);
                }
                "max" | "min" => {
                    // With dim it gives values and places; the values are followed.
                    let reduce = if name == "max" { "amax" } else { "amin" };
                    let with_dim = given.get(1, "dim").is_some();
                    let values = self.on_tensor(reduce, path, given, called, span)?;
                    if !with_dim {
                        return Ok(values);
                    }
                    let text = says!(en: "the places of maxima are not followed", ja: "最大値の位置はたどれません。");
                    let places = self.unknown("indices", span, text);
                    return Ok(Value::tuple(vec![values, places]));
                }
                _ => {}
            }
        } else if matches!(name, "cat" | "concat" | "concatenate" | "stack" | "hstack") {
            return self.joined(name, &given, path, called, span);
        }
        let Some(signature) = signature(name) else {
            return self.unfollowed(path, called);
        };
        if signature.tensors == 2 {
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
                return self.unfollowed(path, called);
            }
            let made = self.tensor_function(name, both, span)?;
            if let (true, Some(tensor), Value::Tensor(made)) = (name.ends_with('_'), &first, &made)
            {
                self.in_place(tensor, made);
            }
            return Ok(made);
        }
        let Some(tensor) = first else {
            return self.unfollowed(path, called);
        };
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
                arguments.push((known, value.given()));
            }
        }
        let in_place = name.ends_with('_') && !name.ends_with("__")
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
            std::slice::from_ref(&tensor),
            path,
            span,
        )?;
        if let (true, Value::Tensor(made)) = (in_place, &made) {
            self.in_place(&tensor, made);
        }
        Ok(made)
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

    pub fn unfollowed<T>(&self, path: &str, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "{path} is not followed; export the model to ONNX instead",
                ja: "{path} はたどれません。ONNX に書き出して開いてください。"
            ),
        )
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
        self.add(layer, inputs, path, span).map(Value::Tensor)
    }

    /// `scaled_dot_product_attention`, which is several nodes.
    fn attention(&mut self, given: &Values, path: &str, called: &Span, span: &Span) -> Run<Value> {
        let tensor = |place: usize, name: &str| match given.get(place, name) {
            Some(Value::Tensor(tensor)) => Some(tensor.clone()),
            _ => None,
        };
        let three = (tensor(0, "query"), tensor(1, "key"), tensor(2, "value"));
        let (Some(query), Some(key), Some(value)) = three else {
            return self.unfollowed(path, called);
        };
        let mask = tensor(3, "attn_mask");
        let masked = !matches!(given.get(3, "attn_mask"), None | Some(Value::None));
        let truth = |place: usize, name: &str| {
            let value = given.get(place, name);
            value.and_then(Value::truth).unwrap_or(false)
        };
        // Heads that share keys are not taken apart here.
        if (masked && mask.is_none()) || truth(7, "enable_gqa") {
            return self.unfollowed(path, called);
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
        let name = self.node_name(path);
        let line = self.line_of(self.text, span);
        let Some(trace) = &mut self.trace else {
            let text = says!(en: "no tensor is there yet", ja: "テンソルがまだありません。");
            return self.fault(span, text);
        };
        match trace.attention(&name, asked, [&query, &key, &value], path, line) {
            Ok(traced) => Ok(Value::Tensor(traced)),
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

    fn add(&mut self, layer: Layer, inputs: &[Traced], path: &str, span: &Span) -> Run<Traced> {
        self.add_with(layer, inputs, &[], path, span)
    }

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
            let text = says!(en: "no tensor is there yet", ja: "テンソルがまだありません。");
            return self.fault(span, text);
        };
        match trace.function(&name, layer, (inputs, operands), path, line) {
            Ok(traced) => Ok(traced),
            Err(error) => Err(self.graph_fault(error, "", &[], span).into()),
        }
    }

    /// A function of several tensors and numbers.
    pub fn tensor_function(&mut self, name: &str, values: Vec<Value>, span: &Span) -> Run<Value> {
        // Whole parts and rests are made of what is there.
        if matches!(name, "floor_divide" | "remainder") {
            let divided = self.tensor_function("div", values.clone(), span)?;
            let whole = self.tensor_function("floor", vec![divided], span)?;
            let [left, right] = values.as_slice() else {
                return self.unfollowed(name, span);
            };
            if name == "floor_divide" {
                return Ok(whole);
            }
            let taken = self.tensor_function("mul", vec![whole, right.clone()], span)?;
            return self.tensor_function("sub", vec![left.clone(), taken], span);
        }
        let Some(signature) = signature(name) else {
            return self.unfollowed(name, span);
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
            Err(_) => self.unfollowed("number", span),
        }
    }

    pub fn reshape(
        &mut self,
        tensor: &Traced,
        sizes: &[i64],
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let count: usize = tensor.axes.iter().product();
        let known: usize = sizes
            .iter()
            .filter(|&&size| size >= 0)
            .map(|&size| size as usize)
            .product();
        let open = sizes.iter().filter(|&&size| size < 0).count();
        let fits =
            open == 0 && known == count || open == 1 && known > 0 && count.is_multiple_of(known);
        if !fits {
            let (from, to) = (
                Value::sizes(&tensor.axes).shown().unwrap_or_default(),
                Value::tuple(sizes.iter().map(|&size| Value::Integer(size)).collect())
                    .shown()
                    .unwrap_or_default(),
            );
            return self.fault(
                span,
                says!(
                    en: "{from} has {count} elements, which do not fit into {to}",
                    ja: "{from} の要素 {count} 個は {to} に収まりません。"
                ),
            );
        }
        let full: Vec<usize> = sizes
            .iter()
            .map(|&size| usize::try_from(size).unwrap_or(count / known.max(1)))
            .collect();
        if full == tensor.axes {
            return Ok(Value::Tensor(tensor.clone()));
        }
        // Everything behind the batch in one row is what Flatten does.
        if let ([batch, _], [own, _, _, ..]) = (full.as_slice(), tensor.axes.as_slice())
            && batch == own
            && tensor.as_fixed().is_none()
        {
            return self.apply("Flatten", &[], std::slice::from_ref(tensor), path, span);
        }
        let size = |size: usize| Given::Integer(size as i64);
        let shape = Given::List(full.into_iter().map(size).collect());
        self.apply(
            "Reshape",
            &[("shape", shape)],
            std::slice::from_ref(tensor),
            path,
            span,
        )
    }

    fn joined(
        &mut self,
        name: &str,
        given: &Values,
        path: &str,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        let Some(tensors) = given.get(0, "tensors").cloned() else {
            return self.unfollowed(path, called);
        };
        let mut inputs = Vec::new();
        for value in self.iterate(&tensors, span)? {
            match value {
                Value::Tensor(tensor) => inputs.push(tensor),
                Value::Unknown(unknown) => return Self::because(&unknown),
                _ => return self.unfollowed(path, called),
            }
        }
        let dim = given
            .get(1, "dim")
            .or(given.get(1, "axis"))
            .and_then(Value::integer)
            .unwrap_or(0);
        if name == "stack" {
            let mut raised = Vec::new();
            for tensor in &inputs {
                let arguments = [("dim", Given::Integer(dim))];
                let one = self.apply(
                    "Unsqueeze",
                    &arguments,
                    std::slice::from_ref(tensor),
                    path,
                    span,
                )?;
                if let Value::Tensor(one) = one {
                    raised.push(one);
                }
            }
            inputs = raised;
        }
        if let [only] = inputs.as_slice() {
            return Ok(Value::Tensor(only.clone()));
        }
        let dim = Given::Integer(if name == "hstack" { 1 } else { dim });
        self.apply("Concat", &[("dim", dim)], &inputs, path, span)
    }

    /// Several tensors of one, along an axis.
    fn parts(
        &mut self,
        name: &str,
        tensor: &Traced,
        given: &Values,
        path: &str,
        span: &Span,
    ) -> Run<Value> {
        let unbind = name == "unbind";
        let dim = given
            .get(if unbind { 1 } else { 2 }, "dim")
            .and_then(Value::integer)
            .unwrap_or(0);
        let Some(at) = axis(dim, tensor.axes.len()) else {
            return self.fault(span, no_element());
        };
        let length = tensor.axes[at];
        let second = given.positional.get(1).map(|(value, _)| value.clone());
        let second = second.or_else(|| {
            let named = given.named.iter();
            let mut named = named.filter(|(name, ..)| &**name != "dim");
            named.next().map(|(_, value, _)| value.clone())
        });
        let sizes: Option<Vec<usize>> = match (name, second) {
            ("unbind", _) => Some(vec![1; length]),
            ("split", Some(value @ (Value::List(_) | Value::Tuple(_)))) => integers_of(&value)
                .and_then(|sizes| {
                    sizes
                        .into_iter()
                        .map(|size| usize::try_from(size).ok())
                        .collect()
                }),
            ("split", Some(value)) => value
                .integer()
                .and_then(|size| usize::try_from(size).ok())
                .filter(|size| *size > 0)
                .map(|size| cut(length, size)),
            ("chunk", Some(value)) => value
                .integer()
                .and_then(|count| usize::try_from(count).ok())
                .filter(|count| *count > 0)
                .map(|count| cut(length, length.div_ceil(count).max(1))),
            ("tensor_split", Some(value)) => value
                .integer()
                .and_then(|count| usize::try_from(count).ok())
                .filter(|count| *count > 0)
                .map(|count| {
                    (0..count)
                        .map(|part| length / count + usize::from(part < length % count))
                        .collect()
                }),
            _ => None,
        };
        let Some(sizes) =
            sizes.filter(|sizes| sizes.iter().sum::<usize>() == length && sizes.len() <= 256)
        else {
            return self.unfollowed(path, span);
        };
        let mut parts = Vec::new();
        let mut start = 0;
        for size in sizes {
            let part = self.sliced(tensor, at, start, start + size, 1, path, span)?;
            let part = if unbind {
                self.without_axis(&part, at, path, span)?
            } else {
                Value::Tensor(part)
            };
            parts.push(part);
            start += size;
        }
        Ok(Value::tuple(parts))
    }

    fn without_axis(&mut self, tensor: &Traced, at: usize, path: &str, span: &Span) -> Run<Value> {
        let sizes: Vec<i64> = tensor
            .axes
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != at)
            .map(|(_, &axis)| axis as i64)
            .collect();
        self.reshape(tensor, &sizes, path, span)
    }

    /// A part of a tensor along an axis.
    #[expect(
        clippy::too_many_arguments,
        reason = "a slice is said by so many numbers"
    )]
    pub fn sliced(
        &mut self,
        tensor: &Traced,
        axis: usize,
        start: usize,
        end: usize,
        step: usize,
        path: &str,
        span: &Span,
    ) -> Run<Traced> {
        if start == 0 && end == tensor.axes[axis] && step == 1 {
            return Ok(tensor.clone());
        }
        let whole = |number: usize| Given::Integer(number as i64);
        let arguments = [
            ("dim", whole(axis)),
            ("start", whole(start)),
            ("end", whole(end)),
            ("step", whole(step)),
        ];
        match self.apply(
            "Slice",
            &arguments,
            std::slice::from_ref(tensor),
            path,
            span,
        )? {
            Value::Tensor(part) => Ok(part),
            _ => self.unfollowed(path, span),
        }
    }

    /// `x[:, 1:, ..., 0]`
    pub fn tensor_index(&mut self, tensor: Traced, index: &Value, span: &Span) -> Run<Value> {
        let indices = match index {
            Value::Tuple(indices) => indices.to_vec(),
            one => vec![one.clone()],
        };
        let used = indices
            .iter()
            .filter(|index| !matches!(index, Value::None | Value::Ellipsis))
            .count();
        let rank = tensor.axes.len();
        if used > rank {
            return self.fault(span, no_element());
        }
        let mut tensor = tensor;
        let mut at = 0;
        let mut sizes: Vec<i64> = Vec::new();
        for index in &indices {
            match index {
                Value::None => sizes.push(1),
                Value::Ellipsis => {
                    for _ in 0..rank - used {
                        sizes.push(tensor.axes[at] as i64);
                        at += 1;
                    }
                }
                Value::Slice(parts) => {
                    let step = parts[2].integer().unwrap_or(1);
                    let Ok(step) = usize::try_from(step) else {
                        return self.unfollowed("[::-1]", span);
                    };
                    let places = slice_places(parts, tensor.axes[at]);
                    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
                        return self.fault(span, no_element());
                    };
                    tensor =
                        self.sliced(&tensor, at, first, last + 1, step.max(1), "slice", span)?;
                    sizes.push(tensor.axes[at] as i64);
                    at += 1;
                }
                Value::Tensor(_) | Value::List(_) if self.picked(index).is_some() => {
                    let Some((numbers, axes)) = self.picked(index) else {
                        return self.unfollowed("x[...]", span);
                    };
                    // Several lists of numbers would be lined up with one another.
                    let lists = indices.iter();
                    let lists =
                        lists.filter(|one| matches!(one, Value::Tensor(_) | Value::List(_)));
                    if lists.count() > 1 {
                        return self.unfollowed("x[a, b]", span);
                    }
                    tensor = self.index_select(&tensor, at, numbers, span)?;
                    sizes.extend(axes.iter().map(|&axis| axis as i64));
                    at += 1;
                }
                Value::Tensor(index)
                    if indices.len() == 1
                        && tensor
                            .as_fixed()
                            .is_some_and(|one| one.role == Role::Parameter) =>
                {
                    return self.looked_up(&tensor, &index.clone(), span);
                }
                Value::Tensor(_) => {
                    return self.fault(
                        span,
                        says!(
                            en: "which elements this takes depends on the numbers of a tensor, so it is not followed",
                            ja: "どの要素を取るかがテンソルの値によって決まるため、たどれません。"
                        ),
                    );
                }
                other => {
                    let Some(place) = other.integer().and_then(|i| axis(i, tensor.axes[at])) else {
                        return self.unfollowed("x[...]", span);
                    };
                    tensor = self.sliced(&tensor, at, place, place + 1, 1, "slice", span)?;
                    at += 1;
                }
            }
        }
        sizes.extend(tensor.axes[at..].iter().map(|&axis| axis as i64));
        self.reshape(&tensor, &sizes, "reshape", span)
    }

    fn pad(
        &mut self,
        tensor: &Traced,
        given: &Values,
        path: &str,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        let sides = given.get(1, "pad").and_then(integers_of);
        let Some(sides) = sides.filter(|sides| sides.len() % 2 == 0 && !sides.is_empty()) else {
            return self.unfollowed(path, called);
        };
        if sides.iter().all(|&side| side == 0) {
            return Ok(Value::Tensor(tensor.clone()));
        }
        let mode = match given.get(2, "mode") {
            Some(Value::Text(mode)) => mode.to_string(),
            _ => "constant".to_owned(),
        };
        let value = given.get(3, "value").and_then(Value::real).unwrap_or(0.0);
        let padding = Given::List(sides.iter().map(|&side| Given::Integer(side)).collect());
        if form("Pad").is_some() {
            let mut arguments = vec![("pad", padding), ("mode", Given::Text(mode))];
            if value != 0.0 {
                arguments.push(("value", Given::Real(value)));
            }
            return self.apply("Pad", &arguments, std::slice::from_ref(tensor), path, span);
        }
        // The modules pad as many axes from the end as there are pairs, of a tensor with two more.
        let pairs = (tensor.axes.len().saturating_sub(2)).clamp(1, 3);
        let mut sides = sides;
        while sides.len() > pairs * 2 && sides[sides.len() - 2..] == [0, 0] {
            sides.truncate(sides.len() - 2);
        }
        sides.resize(sides.len().max(pairs * 2), 0);
        let padding = Given::List(sides.iter().map(|&side| Given::Integer(side)).collect());
        let (name, mut arguments) = match mode.as_str() {
            "constant" => ("ConstantPad", vec![("value", Given::Real(value))]),
            "reflect" => ("ReflectionPad", Vec::new()),
            "replicate" => ("ReplicationPad", Vec::new()),
            _ => ("CircularPad", Vec::new()),
        };
        arguments.push(("padding", padding));
        let name = format!("{name}{pairs}d");
        self.apply(&name, &arguments, std::slice::from_ref(tensor), path, span)
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
                self.on_tensor(name, name, given, span, span)
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
        self.on_tensor(name, &shown, given, span, span)
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

/// A length in pieces of a size; the last may be shorter.
fn cut(length: usize, size: usize) -> Vec<usize> {
    let mut pieces = vec![size; length / size];
    if !length.is_multiple_of(size) {
        pieces.push(length % size);
    }
    pieces
}
