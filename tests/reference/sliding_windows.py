#!/usr/bin/env python3
"""Makes the reference vectors of tests/sliding_windows.rs.

    python3 -m venv venv && venv/bin/pip install torch numpy onnx onnxruntime
    venv/bin/python tests/reference/sliding_windows.py

Writes sliding_windows.jsonl (a line a case) and sliding_windows.f32 (all results, little-endian f32)
beside itself. Layers are computed by PyTorch, ONNX nodes by ONNX Runtime. Inputs and weights are not
stored: both sides draw them from SplitMix64, as generate.py does. The same seed gives the same files.
Written with PyTorch 2.15.0, onnx 1.23.2 and onnxruntime 1.32.0 on a CPU.
"""

import json
import random
import re

import numpy
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from generate import HERE, filled

rng = random.Random(20261128)
onnxruntime.set_default_logger_severity(4)


def pick(*choices):
    return rng.choice(choices)


def maybe(name, make, chance=0.5):
    """An argument, or nothing so that the default is tested."""
    return f", {name}={make()}" if rng.random() < chance else ""


def numbers(low, high, axes):
    values = [rng.randint(low, high) for _ in range(axes)]
    return str(values[0]) if axes == 1 or rng.random() < 0.4 else str(tuple(values))


def lengths(axes, low=2):
    return [rng.randint(low, {1: 14, 2: 9, 3: 6}[axes]) for _ in range(axes)]


def truth():
    return pick("True", "False")


def max_pool(axes):
    text = f"nn.MaxPool{axes}d({numbers(1, 4, axes)}" + maybe("stride", lambda: numbers(1, 3, axes))
    text += maybe("padding", lambda: numbers(0, 2, axes)) + maybe("dilation", lambda: numbers(1, 3, axes), 0.4)
    text += maybe("return_indices", truth) + maybe("ceil_mode", truth, 0.7)
    return text + ")", [rng.randint(1, 3)] + lengths(axes)


def avg_pool(axes):
    text = f"nn.AvgPool{axes}d({numbers(1, 4, axes)}" + maybe("stride", lambda: numbers(1, 3, axes))
    text += maybe("padding", lambda: numbers(0, 2, axes)) + maybe("ceil_mode", truth, 0.7)
    text += maybe("count_include_pad", truth)
    text += maybe("divisor_override", lambda: rng.randint(1, 7), 0.3 if axes == 3 else 0)
    return text + ")", [rng.randint(1, 3)] + lengths(axes)


def lp_pool(axes):
    power = pick("1", "2", "2.0", "3", "4", "2.5", "0.5", "-1")
    text = f"nn.LPPool{axes}d({power}, {numbers(1, 3, axes)}" + maybe("stride", lambda: numbers(1, 3, axes))
    return text + maybe("ceil_mode", truth, 0.7) + ")", [rng.randint(1, 3)] + lengths(axes)


def adaptive_pool(axes):
    name = pick("AdaptiveAvgPool", "AdaptiveMaxPool") + f"{axes}d"
    sizes = [pick(*range(1, 8), "None" if axes > 1 else 3) for _ in range(axes)]
    size = pick("1", str(rng.randint(1, 7)), *([str(tuple(sizes)).replace("'", "")] * 2 if axes > 1 else []))
    extra = maybe("return_indices", lambda: "True", 0.5) if "Max" in name else ""
    return f"nn.{name}({size}{extra})", [rng.randint(1, 3)] + lengths(axes, 1)


def transposed(axes):
    groups = pick(1, 1, 1, 2, 3)
    channels = groups * rng.randint(1, 3) + (rng.random() < 0.05)
    filters = groups * rng.randint(1, 3) + (rng.random() < 0.05)
    text = f"nn.ConvTranspose{axes}d({channels}, {filters}, {numbers(1, 4, axes)}"
    text += maybe("stride", lambda: numbers(1, 3, axes), 0.7)
    text += maybe("padding", lambda: numbers(0, 2, axes), 0.6)
    text += maybe("output_padding", lambda: numbers(0, 1, axes), 0.4)
    text += f", groups={groups}" if groups > 1 else ""
    text += maybe("bias", truth, 0.4) + maybe("dilation", lambda: numbers(1, 3, axes), 0.3)
    high = {1: 8, 2: 5, 3: 4}[axes]
    return text + ")", [channels] + [rng.randint(1, high) for _ in range(axes)]


def unpool(axes):
    kernel, shape = numbers(1, 3, axes), [rng.randint(1, 3)] + lengths(axes, 4)
    arguments = kernel + maybe("stride", lambda: numbers(1, 3, axes)) + maybe("padding", lambda: numbers(0, 1, axes), 0.3)
    size = maybe("output_size", lambda: tuple(shape[1:]) if axes > 1 else shape[1], 0.6)
    return f"nn.MaxUnpool{axes}d({arguments}{size})", shape, f"nn.MaxPool{axes}d({arguments}, return_indices=True)"


def places(axes):
    text, shape = max_pool(axes)
    text = re.sub(r", return_indices=\w+", "", text)
    return text.replace("nn.MaxPool", "MaxPoolIndices"), shape, None


def upsample():
    axes = pick(1, 2, 2, 2, 3)
    mode = pick("nearest", "nearest-exact", {1: "linear", 2: pick("bilinear", "bicubic", "bicubic"), 3: "trilinear"}[axes])
    if rng.random() < 0.03:
        mode = pick("linear", "bilinear", "trilinear", "cubic", "nearest-exakt")
    scales = [pick("2", "3", "1.5", "2.7", "0.5", "0.6", "1.2", "1.0", "2.5") for _ in range(axes)]
    if rng.random() < 0.55:
        scale = scales[0] if rng.random() < 0.4 or axes == 1 else f"({', '.join(scales)})"
        text = f"nn.Upsample(scale_factor={scale}"
        text += maybe("recompute_scale_factor", truth, 0.3)
    else:
        text = f"nn.Upsample(size={numbers(1, {1: 20, 2: 12, 3: 7}[axes], axes)}"
        text += maybe("recompute_scale_factor", lambda: "True", 0.03)
    text += f", mode='{mode}'" if mode != "nearest" or rng.random() < 0.5 else ""
    text += maybe("align_corners", truth, 0.06 if "nearest" in mode else 0.5)
    if axes == 2 and rng.random() < 0.06:
        text = pick("nn.UpsamplingNearest2d(scale_factor=3", "nn.UpsamplingBilinear2d(size=(5, 7)")
    return text + ")", [1] + [rng.randint(1, {1: 12, 2: 6, 3: 3}[axes]) for _ in range(axes)]


def nearest():
    """Sizes where a rounding decides."""
    mode, (low, high) = pick("nearest", "nearest-exact"), pick((2, 82), (2, 41), (2, 83), (4, 82), (6, 123), (7, 57), (14, 98))
    return f"nn.Upsample(size={high}, mode='{mode}')", [1, low]


LAYERS = [
    (lambda: max_pool(1), 35), (lambda: max_pool(3), 35), (lambda: avg_pool(1), 30),
    (lambda: avg_pool(3), 35), (lambda: lp_pool(1), 25), (lambda: lp_pool(2), 30),
    (lambda: lp_pool(3), 22), (lambda: adaptive_pool(1), 40), (lambda: adaptive_pool(3), 40),
    (lambda: transposed(1), 40), (lambda: transposed(3), 40), (lambda: unpool(1), 40),
    (lambda: unpool(2), 50), (lambda: unpool(3), 40), (lambda: places(1), 22), (lambda: places(2), 26),
    (lambda: places(3), 22), (upsample, 170), (nearest, 20),
]  # fmt: skip


def run_layer(text, shape, pool, fill, seed):
    """A layer on an input, its weights drawn from seed + 1, its biases from seed + 2. With a pool, on
    what that gives."""
    if pool:
        size = re.search(r", output_size=(.*)\)$", text)
        layer = eval(text.replace(size.group(0), ")") if size else text, {"nn": nn})
        maxima, indices = eval(pool, {"nn": nn})(filled(fill, seed, shape)[None])
        size = eval(size.group(1)) if size else None
        size = (size,) if isinstance(size, int) else size
        return layer(maxima, indices, output_size=size)[0], None
    if text.startswith("MaxPoolIndices"):
        layer = eval("nn.MaxPool" + text.removeprefix("MaxPoolIndices")[:-1] + ", return_indices=True)", {"nn": nn})
        return layer(filled(fill, seed, shape)[None])[1][0], None
    layer = eval(text, {"nn": nn})
    for offset, name in ((1, "weight"), (2, "bias")):
        parameter = getattr(layer, name, None)
        if parameter is not None:
            parameter.data.copy_(filled(fill, seed + offset, tuple(parameter.shape)))
    result = layer(filled(fill, seed, shape)[None])
    if isinstance(result, tuple):
        return result[0][0], result[1][0]
    return result[0], None


def onnx_pool():
    axes = pick(1, 1, 2, 2, 2, 3)
    op = pick("MaxPool", "MaxPool", "AveragePool", "AveragePool", "LpPool")
    attributes = {"kernel_shape": [rng.randint(1, 4) for _ in range(axes)]}
    kernel = attributes["kernel_shape"]
    if rng.random() < 0.6:
        attributes["strides"] = [rng.randint(1, 3) for _ in range(axes)]
    padding = rng.random()
    if padding < 0.5:
        attributes["pads"] = [rng.randint(0, kernel[axis % axes] - 1) for axis in range(2 * axes)]
    elif padding < 0.8:
        attributes["auto_pad"] = pick("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")
    if rng.random() < 0.4 and "SAME" not in attributes.get("auto_pad", ""):
        attributes["dilations"] = [rng.randint(1, 2) for _ in range(axes)]
    opset = pick(19, 21, 22)
    shape = [rng.randint(1, 2), rng.randint(1, 3)] + lengths(axes)
    if "auto_pad" not in attributes:
        # Windows over the padded input are refused as in PyTorch; ONNX Runtime rounds towards one.
        pads, dilations = attributes.get("pads", [0] * 2 * axes), attributes.get("dilations", [1] * axes)
        for axis in range(axes):
            reach = dilations[axis] * (kernel[axis] - 1) + 1
            shape[2 + axis] = max(shape[2 + axis], reach - pads[axis] - pads[axes + axis])
    if rng.random() < 0.5:
        attributes["ceil_mode"] = rng.randint(0, 1)
    if op == "AveragePool" and rng.random() < 0.6:
        attributes["count_include_pad"] = rng.randint(0, 1)
    if op == "LpPool" and rng.random() < 0.7:
        attributes["p"] = rng.randint(1, 4)
    return op, opset, attributes, [shape]


def onnx_global():
    axes = pick(1, 2, 2, 3)
    op = pick("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
    attributes = {"p": rng.randint(1, 4)} if op == "GlobalLpPool" and rng.random() < 0.7 else {}
    return op, pick(7, 13, 21), attributes, [[rng.randint(1, 2), rng.randint(1, 3)] + lengths(axes, 1)]


def onnx_convolution():
    axes, turned = pick(1, 1, 2, 2, 2, 3), rng.random() < 0.5
    groups = pick(1, 1, 1, 2, 3)
    channels, filters = groups * rng.randint(1, 2), groups * rng.randint(1, 2)
    kernel = [rng.randint(1, 4) for _ in range(axes)]
    attributes = {"kernel_shape": kernel} if rng.random() < 0.6 else {}
    if groups > 1:
        attributes["group"] = groups
    if rng.random() < 0.6:
        attributes["strides"] = [rng.randint(1, 3) for _ in range(axes)]
    dilated = rng.random() < 0.3
    if dilated:
        attributes["dilations"] = [rng.randint(1, 2) for _ in range(axes)]
    padding = rng.random()
    if padding < 0.4:
        attributes["pads"] = [rng.randint(0, 2) for axis in range(2 * axes)]
    elif padding < 0.8 and not dilated:
        attributes["auto_pad"] = pick("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")
    shape = [rng.randint(1, 2), channels] + lengths(axes, 3 if turned else 4)
    weight = [channels, filters // groups] if turned else [filters, channels // groups]
    inputs = [shape, weight + kernel] + ([[filters]] if rng.random() < 0.5 else [])
    if turned:
        full = [
            (shape[2 + axis] - 1) * attributes.get("strides", [1] * axes)[axis]
            + attributes.get("dilations", [1] * axes)[axis] * (kernel[axis] - 1) + 1
            for axis in range(axes)
        ]  # fmt: skip
        if rng.random() < 0.3:
            attributes["output_shape"] = [max(1, length - rng.randint(-1, 4)) for length in full]
            if attributes.get("auto_pad") == "VALID":
                del attributes["auto_pad"]
        elif rng.random() < 0.3 and "strides" in attributes:
            attributes["output_padding"] = [rng.randint(0, stride - 1) for stride in attributes["strides"]]
    return "ConvTranspose" if turned else "Conv", pick(7, 11, 21), attributes, inputs


def onnx_indices():
    while True:
        op, opset, attributes, inputs = onnx_pool()
        if op == "MaxPool":
            break
    if rng.random() < 0.4:
        attributes["storage_order"] = 1
    return "MaxPoolIndices", opset, attributes, inputs


def onnx_unpool():
    axes = pick(1, 2, 2, 3)
    kernel, strides = [2] * axes, [2] * axes
    shape = [rng.randint(1, 2), rng.randint(1, 2)] + [rng.randint(1, 3) for _ in range(axes)]
    lengths = [2 * length for length in shape[2:]]
    count = int(numpy.prod(shape[:2] + lengths))
    attributes = {"kernel_shape": kernel, "strides": strides}
    elements = int(numpy.prod(shape))
    indices = sorted(rng.sample(range(count), elements))
    inputs = [shape, {"integers": indices, "axes": shape}]
    if rng.random() < 0.5:
        # Of a larger output, ONNX Runtime and onnx's own node case count the indices differently.
        inputs.append({"integers": shape[:2] + lengths})
    return "MaxUnpool", pick(9, 11, 21), attributes, inputs


def onnx_resize():
    axes = pick(2, 2, 2, 2, 1, 3)
    mode = pick("nearest", "nearest", "linear", "cubic")
    if mode == "cubic" or axes == 1 and mode == "linear":
        axes = 2
    opset = pick(11, 13, 18, 19, 19)
    modes = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]
    modes += ["half_pixel_symmetric"] if opset >= 19 else []
    modes += ["tf_half_pixel_for_nn"] if mode == "nearest" and opset < 13 else []
    attributes = {"mode": mode}
    if rng.random() < 0.85:
        attributes["coordinate_transformation_mode"] = pick(*modes)
    if mode == "nearest" and rng.random() < 0.8:
        attributes["nearest_mode"] = pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
    if mode == "cubic":
        if rng.random() < 0.5:
            attributes["cubic_coeff_a"] = pick(-0.5, -0.75)
        if rng.random() < 0.5:
            attributes["exclude_outside"] = 1
    shape = [rng.randint(1, 2), 1] + [rng.randint(1, {1: 12, 2: 5, 3: 3}[axes]) for _ in range(axes)]
    last = opset >= 18 and rng.random() < 0.4
    front = [] if last else [0, 1]
    if last:
        attributes["axes"] = list(range(2, 2 + axes)) if rng.random() < 0.5 else list(range(-axes, 0))
    region = {"floats": []} if opset < 13 else None
    if rng.random() < 0.5:
        scales = [pick(0.5, 0.6, 0.8, 1.0, 1.3, 2.0, 2.5, 3.0) for _ in range(axes)]
        scales = [scale if int(numpy.float32(scale) * shape[2 + axis]) > 0 else 1.0 for axis, scale in enumerate(scales)]
        if attributes.get("coordinate_transformation_mode") == "align_corners":
            # Of other scales onnx and ONNX Runtime make different things.
            scales = [pick(1.0, 2.0, 3.0) for _ in range(axes)]
        inputs = [shape, region, {"floats": [1.0 for _ in front] + scales}]
    else:
        sizes = [shape[axis] for axis in front] + [rng.randint(1, {1: 24, 2: 12, 3: 7}[axes]) for _ in range(axes)]
        inputs = [shape, region, {"floats": []} if opset < 13 else None, {"integers": sizes}]
        # With negative axes ONNX Runtime forgets the policy, and resizes nothing.
        if last and attributes["axes"][0] > 0 and rng.random() < 0.8:
            attributes["keep_aspect_ratio_policy"] = pick("not_larger", "not_smaller", "stretch")
    return "Resize", opset, attributes, inputs


def onnx_resize_before():
    shape = [rng.randint(1, 2), rng.randint(1, 2), rng.randint(2, 6), rng.randint(2, 6)]
    attributes = {"mode": pick("nearest", "linear")}
    op, opset = pick(("Resize", 10), ("Upsample", 9), ("Upsample", 7))
    choice = [0.5, 0.6, 1.0] if op == "Resize" and rng.random() < 0.5 else [1.0, 1.5, 2.0, 2.7, 3.0]
    scales = [1.0, 1.0, pick(*choice), pick(*choice)]
    if opset == 7:
        return op, opset, {**attributes, "scales": scales}, [shape]
    return op, opset, attributes, [shape, {"floats": scales}]


NODES = [(onnx_resize, 170), (onnx_resize_before, 40), (onnx_unpool, 24), (onnx_indices, 40), (onnx_pool, 130), (onnx_global, 24), (onnx_convolution, 130)]


def run_node(op, opset, attributes, inputs, outputs, fill, seed):
    """A node on inputs: shapes, drawn from seed + their place, or constants, or None."""
    names, shown, constants, feeds = [], [], [], {}
    for place, given in enumerate(inputs):
        name = "" if given is None else f"x{place}"
        names.append(name)
        if given is None:
            continue
        if isinstance(given, dict):
            kind = next(iter(given))
            value = numpy.array(given[kind], dtype={"floats": "f4", "integers": "i8"}[kind])
            value = value.reshape(given.get("axes", value.shape))
            constants.append(numpy_helper.from_array(value, name))
        else:
            feeds[name] = filled(fill, seed + place, given).numpy()
            shown.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, given))
    if op == "MaxPoolIndices":
        op, outputs = "MaxPool", 2
    made = [f"y{place}" for place in range(outputs)]
    node = helper.make_node(op, names, made, **attributes)
    results = [helper.make_empty_tensor_value_info(name) for name in made]
    graph = helper.make_graph([node], "node", shown, results, initializer=constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, feeds)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    lines, values, refused = [], [], 0

    def add(case, results):
        case["output"] = list(results[0].shape)
        for result in results:
            values.append(numpy.asarray(result).astype("<f4").ravel())
        lines.append(json.dumps(case))

    number = 0
    for make, count in LAYERS:
        for _ in range(count):
            text, shape, *pool = make()
            pool = pool[0] if pool else None
            fill, seed = "random" if number % 3 == 0 else "uniform", 1000 * number
            number += 1
            case = {"layer": text, "input": shape, "fill": fill, "seed": seed}
            if pool:
                case["pool"] = pool
            try:
                with torch.no_grad():
                    output, indices = run_layer(text, shape, pool, fill, seed)
            except (RuntimeError, ValueError, TypeError, AssertionError, ZeroDivisionError, IndexError) as error:
                case["error"] = re.sub(r"\s+", " ", str(error))[:120]
                lines.append(json.dumps(case))
                refused += 1
                continue
            if output.numel() == 0:
                continue
            if indices is not None:
                case["indices"] = True
            add(case, [output] if indices is None else [output, indices])
    for make, count in NODES:
        for _ in range(count):
            op, opset, attributes, inputs, *outputs = make()
            fill, seed = "random" if number % 3 == 0 else "uniform", 1000 * number
            number += 1
            case = {"op": op, "opset": opset, "attributes": attributes, "inputs": inputs, "fill": fill, "seed": seed}
            try:
                results = run_node(op, opset, attributes, inputs, outputs[0] if outputs else 1, fill, seed)
            except Exception as error:
                case["error"] = re.sub(r"\s+", " ", str(error))[-120:]
                lines.append(json.dumps(case))
                refused += 1
                continue
            if results[-1].size == 0:
                continue
            add(case, results[-1:])
    (HERE / "sliding_windows.jsonl").write_text("\n".join(lines) + "\n")
    numpy.concatenate(values).tofile(HERE / "sliding_windows.f32")
    print(f"{len(lines)} cases, {refused} of them refused")


if __name__ == "__main__":
    main()
