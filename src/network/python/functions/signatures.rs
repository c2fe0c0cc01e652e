//! Functions that are one layer each: which one, and what their arguments are called.

/// A function on tensors: the form that it is, how many tensors come first, and what its other arguments
/// are called in their order.
pub(super) struct Signature {
    pub form: &'static str,
    pub tensors: usize,
    pub parameters: &'static [&'static str],
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

/// The signature of a function by its last name.
pub(super) fn signature(name: &str) -> Option<Signature> {
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
