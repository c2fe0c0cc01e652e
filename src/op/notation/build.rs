//! Calls to layers, with PyTorch's parameters and defaults.

use std::ops::Range;

use crate::op::layer::{
    AdaptivePool2d, Add, AvgPool2d, Conv1d, Conv2d, Conv3d, ConvTranspose2d, Depthwise,
    DepthwiseSeparable, Layer, MaxPool2d, PixelShuffle, Pointwise, Upsample, UpsampleMode,
};
use crate::op::padding::{LinePadding, Padding, PaddingMode, VolumePadding};
use crate::tensor::Fill;

use super::arguments::{Arguments, described};
use super::error::NotationError;
use super::parser::{Call, Value};
use super::suggest::nearest;

/// A layer with the places of its name and arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub layer: Layer,
    pub span: Range<usize>,
    pub arguments: Vec<Place>,
}

/// An argument's name and place.
type Place = (&'static str, Range<usize>);

type Answer<T> = Result<T, NotationError>;

const NAMES: &[&str] = &[
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose2d",
    "MaxPool2d",
    "AvgPool2d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "GlobalAvgPool2d",
    "GlobalMaxPool2d",
    "PixelShuffle",
    "PixelUnshuffle",
    "Upsample",
    "UpsamplingNearest2d",
    "UpsamplingBilinear2d",
    "ReLU",
    "ReLU6",
    "Add",
    "Depthwise",
    "Pointwise",
    "DepthwiseSeparable",
    "Sequential",
];

const CONV: &[&str] = &[
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "bias",
    "padding_mode",
    "device",
    "dtype",
];

const CONV_TRANSPOSE: &[&str] = &[
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "groups",
    "bias",
    "dilation",
    "padding_mode",
    "device",
    "dtype",
];

/// Adds the layers of a call, several for a sequence.
pub(super) fn build(source: &str, call: &Call, out: &mut Vec<Placed>) -> Answer<()> {
    if call.name == "Sequential" {
        return sequence(source, call, out);
    }
    if !NAMES.contains(&call.name.as_str()) {
        // A printed model of a class of one's own: its children in their order.
        if call.arguments.is_empty() && !call.children.is_empty() {
            return call
                .children
                .iter()
                .try_for_each(|child| build(source, child, out));
        }
        let message = match nearest(&call.name, NAMES.iter().copied()) {
            Some(meant) => format!("there is no layer {:?}; did you mean {meant:?}?", call.name),
            None => format!(
                "there is no layer {:?}; known are {}",
                call.name,
                NAMES.join(", ")
            ),
        };
        return Err(NotationError::new(source, call.span.clone(), message));
    }
    if let Some(child) = call.children.first() {
        let message = format!("{} has no layers inside", call.name);
        return Err(NotationError::new(source, child.span.clone(), message));
    }
    let bind = |parameters, required| Arguments::bind(source, call, parameters, required);
    let (layer, arguments) = match call.name.as_str() {
        "Conv1d" => with(bind(CONV, 3)?, conv1d)?,
        "Conv2d" => with(bind(CONV, 3)?, conv2d)?,
        "Conv3d" => with(bind(CONV, 3)?, conv3d)?,
        "ConvTranspose2d" => with(bind(CONV_TRANSPOSE, 3)?, conv_transpose2d)?,
        "MaxPool2d" => with(
            bind(
                &[
                    "kernel_size",
                    "stride",
                    "padding",
                    "dilation",
                    "return_indices",
                    "ceil_mode",
                ],
                1,
            )?,
            max_pool2d,
        )?,
        "AvgPool2d" => with(
            bind(
                &[
                    "kernel_size",
                    "stride",
                    "padding",
                    "ceil_mode",
                    "count_include_pad",
                    "divisor_override",
                ],
                1,
            )?,
            avg_pool2d,
        )?,
        "AdaptiveAvgPool2d" => with(bind(&["output_size"], 1)?, |given| {
            Ok(Layer::AdaptiveAvgPool2d(adaptive(given)?))
        })?,
        "AdaptiveMaxPool2d" => with(bind(&["output_size", "return_indices"], 1)?, |given| {
            Ok(Layer::AdaptiveMaxPool2d(adaptive(given)?))
        })?,
        "GlobalAvgPool2d" => global(source, call, "AdaptiveAvgPool2d", Layer::GlobalAvgPool2d)?,
        "GlobalMaxPool2d" => global(source, call, "AdaptiveMaxPool2d", Layer::GlobalMaxPool2d)?,
        "PixelShuffle" => with(bind(&["upscale_factor"], 1)?, |given| {
            let factor = given.size("upscale_factor", None, 1)?;
            Ok(Layer::PixelShuffle(PixelShuffle { factor }))
        })?,
        "PixelUnshuffle" => with(bind(&["downscale_factor"], 1)?, |given| {
            let factor = given.size("downscale_factor", None, 1)?;
            Ok(Layer::PixelUnshuffle(PixelShuffle { factor }))
        })?,
        "Upsample" => with(
            bind(
                &[
                    "size",
                    "scale_factor",
                    "mode",
                    "align_corners",
                    "recompute_scale_factor",
                ],
                0,
            )?,
            upsample,
        )?,
        "UpsamplingNearest2d" => with(bind(&["size", "scale_factor"], 0)?, |given| {
            resized(given, UpsampleMode::Nearest, false)
        })?,
        "UpsamplingBilinear2d" => with(bind(&["size", "scale_factor"], 0)?, |given| {
            resized(given, UpsampleMode::Bilinear, true)
        })?,
        "ReLU" => with(bind(&["inplace"], 0)?, |given| {
            given.truth("inplace", false).map(|_| Layer::ReLU)
        })?,
        "ReLU6" => with(bind(&["inplace"], 0)?, |given| {
            given.truth("inplace", false).map(|_| Layer::ReLU6)
        })?,
        "Add" => with(bind(&["tensor"], 0)?, |given| {
            given
                .size("tensor", Some(0), 0)
                .map(|tensor| Layer::Add(Add { tensor }))
        })?,
        "Depthwise" => with(
            bind(
                &[
                    "kernel_size",
                    "multiplier",
                    "stride",
                    "padding",
                    "dilation",
                    "bias",
                    "padding_mode",
                ],
                1,
            )?,
            depthwise,
        )?,
        "Pointwise" => with(bind(&["out_channels", "bias"], 1)?, |given| {
            Ok(Layer::Pointwise(Pointwise {
                filters: given.size("out_channels", None, 1)?,
                bias: given.truth("bias", true)?,
                weights: Fill::Random { seed: 1 },
                biases: Fill::Random { seed: 2 },
            }))
        })?,
        _ => with(
            bind(
                &[
                    "out_channels",
                    "kernel_size",
                    "multiplier",
                    "stride",
                    "padding",
                    "dilation",
                    "bias",
                    "padding_mode",
                ],
                2,
            )?,
            depthwise_separable,
        )?,
    };
    for layer in layer.flattened() {
        out.push(Placed {
            layer,
            span: call.span.clone(),
            arguments: arguments.clone(),
        });
    }
    Ok(())
}

fn with<'a>(
    given: Arguments<'a>,
    make: impl FnOnce(&Arguments<'a>) -> Answer<Layer>,
) -> Answer<(Layer, Vec<Place>)> {
    Ok((make(&given)?, given.spans()))
}

/// A pool over all rows and columns, under the name that it has outside PyTorch.
fn global(source: &str, call: &Call, pytorch: &str, layer: Layer) -> Answer<(Layer, Vec<Place>)> {
    match call.arguments.first() {
        None => Ok((layer, Vec::new())),
        Some(argument) => {
            let name = &call.name;
            let message = format!(
                "{name} takes no arguments; write {name}(), or nn.{pytorch}(1) as in PyTorch, which \
                 has no {name}"
            );
            Err(NotationError::new(source, argument.span.clone(), message))
        }
    }
}

/// `Sequential` of layers, of a list of layers, or of an `OrderedDict` of named layers.
fn sequence(source: &str, call: &Call, out: &mut Vec<Placed>) -> Answer<()> {
    let wrong = |span: &Range<usize>, value: &Value| {
        let message = format!("Sequential takes layers, this is {}", described(value));
        Err(NotationError::new(source, span.clone(), message))
    };
    for argument in &call.arguments {
        match &argument.value {
            Value::Call(dictionary) if dictionary.name == "OrderedDict" => {
                for argument in &dictionary.arguments {
                    let Value::List(entries) = &argument.value else {
                        return wrong(&argument.span, &argument.value);
                    };
                    for (entry, span) in entries {
                        match entry {
                            Value::List(pair) if pair.len() == 2 => match &pair[1].0 {
                                Value::Call(layer) => build(source, layer, out)?,
                                other => return wrong(&pair[1].1, other),
                            },
                            other => return wrong(span, other),
                        }
                    }
                }
            }
            Value::Call(layer) => build(source, layer, out)?,
            other => return wrong(&argument.span, other),
        }
    }
    call.children
        .iter()
        .try_for_each(|child| build(source, child, out))
}

/// Refuses groups that do not divide channels and filters, where they are written.
fn groups(given: &Arguments, channels: usize, filters: usize) -> Answer<usize> {
    let groups = given.size("groups", Some(1), 1)?;
    for (parameter, count) in [("in_channels", channels), ("out_channels", filters)] {
        if count % groups != 0 {
            let more = count.div_ceil(groups).saturating_mul(groups);
            return given.wrong(
                "groups",
                format!(
                    "{parameter} = {count} is not divisible by groups = {groups}; use \
                     {parameter} = {more}, or groups that divide {count}"
                ),
            );
        }
    }
    Ok(groups)
}

fn padding_mode(given: &Arguments) -> Answer<PaddingMode> {
    const MODES: [&str; 4] = ["zeros", "reflect", "replicate", "circular"];
    match given.get("padding_mode") {
        None => Ok(PaddingMode::Zeros),
        Some(Value::Text(text)) => match text.as_str() {
            "zeros" => Ok(PaddingMode::Zeros),
            "reflect" => Ok(PaddingMode::Reflect),
            "replicate" => Ok(PaddingMode::Replicate),
            "circular" => Ok(PaddingMode::Circular),
            other => {
                let meant = match nearest(other, MODES) {
                    Some(meant) => format!("; did you mean '{meant}'?"),
                    None => format!("; it is one of {}", MODES.join(", ")),
                };
                given.wrong(
                    "padding_mode",
                    format!("there is no padding mode '{other}'{meant}"),
                )
            }
        },
        Some(other) => given.wrong(
            "padding_mode",
            format!("padding_mode needs a name, this is {}", described(other)),
        ),
    }
}

/// Padding by name.
enum Named {
    Valid,
    Same,
    Full,
}

fn named_padding(given: &Arguments) -> Answer<Option<Named>> {
    let Some(Value::Text(text)) = given.get("padding") else {
        return Ok(None);
    };
    match text.as_str() {
        "valid" => Ok(Some(Named::Valid)),
        "same" => Ok(Some(Named::Same)),
        "full" => Ok(Some(Named::Full)),
        other => given.wrong(
            "padding",
            format!("there is no padding '{other}'; it is 'valid', 'same', 'full' or a number"),
        ),
    }
}

fn padding(given: &Arguments) -> Answer<Padding> {
    if let Some(named) = named_padding(given)? {
        return Ok(match named {
            Named::Valid => Padding::Valid,
            Named::Same => Padding::Same,
            Named::Full => Padding::Full,
        });
    }
    if matches!(given.get("padding"), Some(Value::List(sides)) if sides.len() == 4) {
        let [left, right, top, bottom] = given.sizes::<4>("padding", None, 0)?;
        return Ok(Padding::Sides {
            top,
            bottom,
            left,
            right,
        });
    }
    Ok(match given.pair("padding", Some(0), 0)? {
        (0, 0) => Padding::Valid,
        (rows, columns) => Padding::Size(rows, columns),
    })
}

fn conv2d(given: &Arguments) -> Answer<Layer> {
    let channels = given.size("in_channels", None, 1)?;
    let filters = given.size("out_channels", None, 1)?;
    Ok(Layer::Conv2d(Conv2d {
        stride: given.pair("stride", Some(1), 1)?,
        padding: padding(given)?,
        padding_mode: padding_mode(given)?,
        dilation: given.pair("dilation", Some(1), 1)?,
        groups: groups(given, channels, filters)?,
        bias: given.truth("bias", true)?,
        in_channels: Some(channels),
        ..Conv2d::new(filters, given.pair("kernel_size", None, 1)?)
    }))
}

fn conv1d(given: &Arguments) -> Answer<Layer> {
    let channels = given.size("in_channels", None, 1)?;
    let filters = given.size("out_channels", None, 1)?;
    let padding = match named_padding(given)? {
        Some(Named::Valid) => LinePadding::Valid,
        Some(Named::Same) => LinePadding::Same,
        Some(Named::Full) => LinePadding::Full,
        None if matches!(given.get("padding"), Some(Value::List(sides)) if sides.len() == 2) => {
            let [left, right] = given.sizes::<2>("padding", None, 0)?;
            LinePadding::Sides { left, right }
        }
        None => match given.sizes::<1>("padding", Some(0), 0)? {
            [0] => LinePadding::Valid,
            [size] => LinePadding::Size(size),
        },
    };
    let one = |parameter, default| given.sizes::<1>(parameter, default, 1).map(|[size]| size);
    Ok(Layer::Conv1d(Conv1d {
        stride: one("stride", Some(1))?,
        padding,
        padding_mode: padding_mode(given)?,
        dilation: one("dilation", Some(1))?,
        groups: groups(given, channels, filters)?,
        bias: given.truth("bias", true)?,
        in_channels: Some(channels),
        ..Conv1d::new(filters, one("kernel_size", None)?)
    }))
}

fn conv3d(given: &Arguments) -> Answer<Layer> {
    let channels = given.size("in_channels", None, 1)?;
    let filters = given.size("out_channels", None, 1)?;
    let padding = match named_padding(given)? {
        Some(Named::Valid) => VolumePadding::Valid,
        Some(Named::Same) => VolumePadding::Same,
        Some(Named::Full) => VolumePadding::Full,
        None => match given.sizes::<3>("padding", Some(0), 0)? {
            [0, 0, 0] => VolumePadding::Valid,
            [slices, rows, columns] => VolumePadding::Size(slices, rows, columns),
        },
    };
    let triple = |parameter, default| {
        given
            .sizes::<3>(parameter, default, 1)
            .map(|[slices, rows, columns]| (slices, rows, columns))
    };
    Ok(Layer::Conv3d(Conv3d {
        stride: triple("stride", Some(1))?,
        padding,
        padding_mode: padding_mode(given)?,
        dilation: triple("dilation", Some(1))?,
        groups: groups(given, channels, filters)?,
        bias: given.truth("bias", true)?,
        in_channels: Some(channels),
        ..Conv3d::new(filters, triple("kernel_size", None)?)
    }))
}

fn conv_transpose2d(given: &Arguments) -> Answer<Layer> {
    if padding_mode(given)? != PaddingMode::Zeros {
        return given.wrong(
            "padding_mode",
            "ConvTranspose2d knows the padding mode 'zeros' only",
        );
    }
    let channels = given.size("in_channels", None, 1)?;
    let filters = given.size("out_channels", None, 1)?;
    Ok(Layer::ConvTranspose2d(ConvTranspose2d {
        stride: given.pair("stride", Some(1), 1)?,
        padding: given.pair("padding", Some(0), 0)?,
        output_padding: given.pair("output_padding", Some(0), 0)?,
        dilation: given.pair("dilation", Some(1), 1)?,
        groups: groups(given, channels, filters)?,
        bias: given.truth("bias", true)?,
        in_channels: Some(channels),
        ..ConvTranspose2d::new(filters, given.pair("kernel_size", None, 1)?)
    }))
}

/// A stride that is the kernel when it is not given.
fn pool_stride(given: &Arguments) -> Answer<Option<(usize, usize)>> {
    if given.has("stride") {
        given.pair("stride", None, 1).map(Some)
    } else {
        Ok(None)
    }
}

fn max_pool2d(given: &Arguments) -> Answer<Layer> {
    Ok(Layer::MaxPool2d(MaxPool2d {
        stride: pool_stride(given)?,
        padding: given.pair("padding", Some(0), 0)?,
        dilation: given.pair("dilation", Some(1), 1)?,
        ceil_mode: given.truth("ceil_mode", false)?,
        return_indices: given.truth("return_indices", false)?,
        ..MaxPool2d::new(given.pair("kernel_size", None, 1)?)
    }))
}

fn avg_pool2d(given: &Arguments) -> Answer<Layer> {
    let divisor_override = if given.has("divisor_override") {
        Some(given.size("divisor_override", None, 1)?)
    } else {
        None
    };
    Ok(Layer::AvgPool2d(AvgPool2d {
        stride: pool_stride(given)?,
        padding: given.pair("padding", Some(0), 0)?,
        ceil_mode: given.truth("ceil_mode", false)?,
        count_include_pad: given.truth("count_include_pad", true)?,
        divisor_override,
        ..AvgPool2d::new(given.pair("kernel_size", None, 1)?)
    }))
}

fn adaptive(given: &Arguments) -> Answer<AdaptivePool2d> {
    let return_indices = given.truth("return_indices", false)?;
    let output = match given.get("output_size") {
        Some(Value::None) => (None, None),
        Some(Value::List(sizes)) if sizes.len() == 2 => {
            let size = |value: &Value| match value {
                Value::None => Ok(None),
                Value::Integer(size @ 1..) => Ok(usize::try_from(*size).ok()),
                other => given.wrong(
                    "output_size",
                    format!(
                        "output_size needs sizes of at least 1 or None, this is {}",
                        described(other)
                    ),
                ),
            };
            (size(&sizes[0].0)?, size(&sizes[1].0)?)
        }
        _ => {
            let (rows, columns) = given.pair("output_size", None, 1)?;
            (Some(rows), Some(columns))
        }
    };
    Ok(AdaptivePool2d {
        output,
        return_indices,
    })
}

fn upsample(given: &Arguments) -> Answer<Layer> {
    let mode = match given.get("mode") {
        None => UpsampleMode::Nearest,
        Some(Value::Text(text)) if text == "nearest" => UpsampleMode::Nearest,
        Some(Value::Text(text)) if text == "bilinear" => UpsampleMode::Bilinear,
        Some(other) => {
            let message = format!(
                "the modes are 'nearest' and 'bilinear', this is {}",
                described(other)
            );
            return given.wrong("mode", message);
        }
    };
    // PyTorch refuses align_corners with mode nearest even when it is False.
    if mode == UpsampleMode::Nearest && given.has("align_corners") {
        let message = "align_corners works with mode='bilinear' only; leave it out";
        return given.wrong("align_corners", message);
    }
    if given.truth("recompute_scale_factor", false)? {
        let message = "recompute_scale_factor=True is not supported; give size instead";
        return given.wrong("recompute_scale_factor", message);
    }
    resized(given, mode, given.truth("align_corners", false)?)
}

fn resized(given: &Arguments, mode: UpsampleMode, align_corners: bool) -> Answer<Layer> {
    let (size, scale) = (given.has("size"), given.has("scale_factor"));
    if size && scale {
        return given.wrong("scale_factor", "size is given already; give one of the two");
    }
    if !size && !scale {
        return given.wrong(
            "size",
            "give size or scale_factor, for example scale_factor=2",
        );
    }
    Ok(Layer::Upsample(Upsample {
        size: if size {
            Some(given.pair("size", None, 1)?)
        } else {
            None
        },
        scale: if scale {
            Some(given.factors("scale_factor")?)
        } else {
            None
        },
        mode,
        align_corners,
    }))
}

fn depthwise(given: &Arguments) -> Answer<Layer> {
    Ok(Layer::Depthwise(Depthwise {
        kernel: given.pair("kernel_size", None, 1)?,
        multiplier: given.size("multiplier", Some(1), 1)?,
        stride: given.pair("stride", Some(1), 1)?,
        padding: padding(given)?,
        padding_mode: padding_mode(given)?,
        dilation: given.pair("dilation", Some(1), 1)?,
        bias: given.truth("bias", true)?,
        weights: Fill::Random { seed: 1 },
        biases: Fill::Random { seed: 2 },
    }))
}

fn depthwise_separable(given: &Arguments) -> Answer<Layer> {
    Ok(Layer::DepthwiseSeparable(DepthwiseSeparable {
        filters: given.size("out_channels", None, 1)?,
        kernel: given.pair("kernel_size", None, 1)?,
        multiplier: given.size("multiplier", Some(1), 1)?,
        stride: given.pair("stride", Some(1), 1)?,
        padding: padding(given)?,
        padding_mode: padding_mode(given)?,
        dilation: given.pair("dilation", Some(1), 1)?,
        bias: given.truth("bias", true)?,
        weights: Fill::Random { seed: 1 },
        point_weights: Fill::Random { seed: 3 },
    }))
}
