#!/usr/bin/env python3
"""Makes the reference vectors of tests/elementwise.rs with PyTorch: activations, functions of each
element, and arithmetic of tensors whose shapes are broadcast.

    venv/bin/python tests/reference/elementwise.py

Writes elementwise.jsonl (a line a case: the layer in PyTorch's notation, the shapes of its inputs, and
either the shape of the result or PyTorch's error) and elementwise.f32 (all results, little-endian f32)
beside itself. Inputs are not stored: both sides draw them from SplitMix64, scaled, and put SPECIAL
values among them where a case says so. The same seed gives the same files. Written with PyTorch 2.15.0
on a CPU.
"""

import json
import math
import pathlib
import random
import re

import numpy
import onnx
import torch
import torchvision
from torch import nn

from generate import bits

HERE = pathlib.Path(__file__).parent

# Every third element of a special case is the next of these.
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e30, -1e30, 1e-8, -1e-8, 100.0, -100.0, 0.5, 2.5, -3.0, 20.5]


def drawn(case, number):
    shape, seed = case["inputs"][number], case["seed"] + number
    count = math.prod(shape)
    values = numpy.array([numpy.float32((b >> 40) / (1 << 24)) * 2 - 1 for b in bits(seed, count)], dtype=numpy.float32)
    values *= numpy.float32(case["scale"])
    if case.get("special"):
        # The second input begins elsewhere, so that special values meet each other.
        places = range(number, count, 3)
        for turn, place in enumerate(places):
            values[place] = SPECIAL[(turn + 4 * number) % len(SPECIAL)]
    return torch.from_numpy(values.reshape(shape))


def average(*tensors):
    return torch.stack(torch.broadcast_tensors(*tensors)).mean(0)


def folded(function):
    def all_of(*tensors):
        result = tensors[0]
        for tensor in tensors[1:]:
            result = function(result, tensor)
        return result

    return all_of


# What our notation calls a function of PyTorch: the function that a call of the name makes.
FUNCTIONS = {
    "Abs": lambda: torch.abs,
    "Neg": lambda: torch.neg,
    "Sqrt": lambda: torch.sqrt,
    "Rsqrt": lambda: torch.rsqrt,
    "Reciprocal": lambda: torch.reciprocal,
    "Exp": lambda: torch.exp,
    "Log": lambda: torch.log,
    "Erf": lambda: torch.erf,
    "Sign": lambda: torch.sign,
    "Floor": lambda: torch.floor,
    "Ceil": lambda: torch.ceil,
    "Round": lambda: torch.round,
    "Sin": lambda: torch.sin,
    "Cos": lambda: torch.cos,
    "Clamp": lambda min=None, max=None: lambda x: torch.clamp(x, min, max),
    "Pow": lambda *exponent, tensor=None: (lambda x: torch.pow(x, *exponent)) if exponent else torch.pow,
    "Add": lambda: folded(torch.add),
    "Sub": lambda: torch.sub,
    "Mul": lambda: torch.mul,
    "Div": lambda: torch.div,
    "Maximum": lambda: folded(torch.maximum),
    "Minimum": lambda: folded(torch.minimum),
    "Average": lambda: average,
    "Tan": lambda: torch.tan,
    "Square": lambda: torch.square,
    "StochasticDepth": torchvision.ops.StochasticDepth,
    "Equal": lambda: torch.eq,
    "NotEqual": lambda: torch.ne,
    "Less": lambda: torch.lt,
    "LessEqual": lambda: torch.le,
    "Greater": lambda: torch.gt,
    "GreaterEqual": lambda: torch.ge,
    "LogicalAnd": lambda: torch.logical_and,
    "LogicalOr": lambda: torch.logical_or,
    "LogicalXor": lambda: torch.logical_xor,
    "LogicalNot": lambda: torch.logical_not,
    "IsNaN": lambda: torch.isnan,
    "Fmod": lambda: torch.fmod,
}

rng = random.Random(20261128)


def pick(*choices):
    return rng.choice(choices)


def real(low, high):
    text = f"{rng.uniform(low, high):.3g}"
    return text if "." in text else text + ".0"


def shape(least=0):
    return [rng.randint(1, 4) for _ in range(rng.randint(least, 5))]


# Layers of one input: how the call is written.
ONE = {name: (lambda name=name: f"{name}()") for name in list(FUNCTIONS)[:14]}
for name in ["Sigmoid", "LogSigmoid", "Tanh", "Softsign", "Identity"]:
    ONE[name] = lambda name=name: f"nn.{name}()"
for name in ["ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid"]:
    ONE[name] = lambda name=name: f"nn.{name}({pick('', '', 'inplace=True')})"
for name in ["ELU", "CELU"]:
    ONE[name] = lambda name=name: f"nn.{name}({pick('', real(-2, 3), 'alpha=' + real(0.1, 4))})"
for name in ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"]:
    ONE[name] = lambda name=name: f"nn.{name}({pick('', real(0, 1), 'p=' + real(0, 1))})"
ONE |= {
    "LeakyReLU": lambda: f"nn.LeakyReLU({pick('', real(-1, 1), 'negative_slope=' + real(0, 2))})",
    "GELU": lambda: f"nn.GELU({pick('', 'approximate=' + repr('none'))})",
    "GELU tanh": lambda: "nn.GELU(approximate='tanh')",
    "Hardtanh": lambda: f"nn.Hardtanh({pick('', real(-9, 0) + ', ' + real(0.1, 9), 'max_val=' + real(0, 3))})",
    "Threshold": lambda: f"nn.Threshold({real(-3, 3)}, {real(-3, 3)})",
    "Softplus": lambda: f"nn.Softplus({pick('', real(0.1, 4), 'beta=' + real(-2, -0.1), '3.0, 1000.0', 'threshold=' + real(0, 3))})",
    "Clamp": lambda: f"Clamp({pick('min=' + real(-5, 5), 'max=' + real(-5, 5), 'min=-1, max=2.5', 'min=3, max=-1', '-0.5, 6')})",
    "Pow": lambda: f"Pow({pick(0, 1, 2, 3, -1, -2, 0.5, -0.5, 4, 5.0, -3, 1.3, 0.25, -1.7)})",
    "StochasticDepth": lambda: f"StochasticDepth({real(0, 1)}, {pick(repr('row'), repr('batch'))})",
}
LATER = {
    "Hardshrink": lambda: f"nn.Hardshrink({pick('', real(0.1, 3), 'lambd=' + real(0.1, 3))})",
    "Softshrink": lambda: f"nn.Softshrink({pick('', real(0.1, 3), 'lambd=' + real(0.1, 3))})",
    "Tanhshrink": lambda: "nn.Tanhshrink()",
    "RReLU": lambda: f"nn.RReLU({pick('', real(0, 0.2), real(-1, 0) + ', ' + real(0.1, 1), 'upper=0.5', 'inplace=True')})",
}
FEW = ["Identity", "StochasticDepth"] + [name for name in ONE if "Dropout" in name]


def broadcast(count):
    """Shapes that go together, and now and then one that does not."""
    whole = [rng.randint(1, 4) for _ in range(rng.randint(0, 4))]
    shapes = []
    for _ in range(count):
        own = [length if rng.random() < 0.65 else 1 for length in whole]
        shapes.append(own[rng.choice([0, 0, 0, 1, 2, 4]) :])
    if rng.random() < 0.04 and shapes[0]:
        shapes[0][-1] += 1
    return shapes


def configurations():
    for name, write in ONE.items():
        for turn in range(7 if name in FEW else 22):
            scale = [1.0, 6.0, 40.0, 3.0][turn % 4]
            yield write(), [shape()], scale, turn % 2 == 1
    for name in ["Add", "Sub", "Mul", "Div", "Maximum", "Minimum", "Average", "Pow"]:
        several = name in ["Add", "Maximum", "Minimum", "Average"]
        for turn in range(30):
            count = rng.choice([2, 2, 3, 4]) if several else 2
            text = "Pow(tensor=0)" if name == "Pow" else f"{name}()"
            yield text, broadcast(count), [1.0, 6.0, 3.0][turn % 3], turn % 3 == 1
    for turn in range(26):
        channels = rng.randint(1, 5)
        own = rng.choice([1, channels, channels, channels + (rng.random() < 0.3)])
        text = f"nn.PReLU({pick('', 'num_parameters=') if own > 1 else 'num_parameters='}{own})"
        yield text, [[rng.randint(1, 3), channels] + shape()[:3]], 3.0, turn % 2 == 1
    yield "nn.PReLU()", [[]], 3.0, False
    yield "nn.PReLU(3)", [[3]], 3.0, False
    yield "nn.PReLU(init=-0.5)", [[7]], 3.0, False
    for text in [
        "nn.GELU('sigmoid')", "nn.GELU(approximate=None)", "nn.Hardtanh(2, 1)", "nn.Hardtanh(1, 1)", "nn.ELU(beta=2)",
        "nn.SELU(alpha=2)", "nn.Sigmoid(inplace=True)", "nn.Softplus(1, 2, 3)", "nn.Threshold(1)", "nn.Threshold()",
        "nn.Dropout3d(1.5)", "nn.AlphaDropout(-0.1)", "StochasticDepth(1.2, 'row')", "StochasticDepth(0.2)",
        "StochasticDepth(0.2, 'column')", "Clamp()", "nn.PReLU(0)", "nn.PReLU(2.5)", "nn.CELU(0)", "nn.Hardswish(3, 4)",
    ]:  # fmt: skip
        yield text, [[2, 3]], 1.0, False
    # After all others, so that they stay as they are.
    for name, write in LATER.items():
        for turn in range(22):
            yield write(), [shape()], [1.0, 6.0, 40.0, 3.0][turn % 4], turn % 2 == 1
    for text in ["nn.Softshrink(-1)", "nn.Tanhshrink(1)", "nn.Hardshrink(1, 2)", "nn.RReLU(0.5, 0.1)", "Square()"]:
        yield text, [[2, 3]], 1.0, False
    for turn in range(22):
        yield "Tan()", [shape()], [1.0, 6.0, 40.0, 3.0][turn % 4], turn % 2 == 1
    truths = list(FUNCTIONS)[list(FUNCTIONS).index("Equal") : list(FUNCTIONS).index("Fmod")]
    for name in truths:
        one = name in ["LogicalNot", "IsNaN"]
        for turn in range(22):
            # A scale of 0 leaves zeros, which are equal, and false.
            yield f"{name}()", [shape()] if one else broadcast(2), [1.0, 0.0, 40.0][turn % 3], turn % 2 == 1
    for turn in range(30):
        yield "Fmod()", broadcast(2), [1.0, 6.0, 40.0][turn % 3], turn % 3 == 1


def run(text, case):
    names = {name: getattr(nn, name) for name in dir(nn)}
    layer = eval(text, {"nn": nn, **names, **FUNCTIONS})
    inputs = [drawn(case, number) for number in range(len(case["inputs"]))]
    with torch.no_grad():
        if isinstance(layer, nn.Module):
            layer.eval()
            printed = repr(layer)
            if isinstance(layer, nn.PReLU):
                case["inputs"].append(list(layer.weight.shape))
                layer.weight.copy_(drawn(case, 1))
                case["inputs"].pop()
            if "inplace=True" not in printed:
                case["printed"] = printed
        return layer(*inputs)


def exported():
    """What torch.onnx.export makes of Softplus: where it is over a threshold, the element itself."""
    value = lambda name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 2, 3])
    number = lambda name, number: onnx.helper.make_tensor(name, onnx.TensorProto.FLOAT, [], [number])
    node = onnx.helper.make_node
    plain = [node("Softplus", ["x"], ["s"]), node("Greater", ["x", "t"], ["g"]), node("Where", ["g", "x", "s"], ["y"])]
    scaled = [
        node("Mul", ["x", "b"], ["m"]), node("Softplus", ["m"], ["s"]), node("Div", ["s", "b"], ["d"]),
        node("Greater", ["m", "t"], ["g"]), node("Where", ["g", "x", "d"], ["y"]),
    ]  # fmt: skip
    for name, nodes, numbers in [
        ("softplus", plain, [number("t", 20.0)]),
        ("softplus_beta", scaled, [number("t", 5.0), number("b", 2.0)]),
    ]:
        graph = onnx.helper.make_graph(nodes, "g", [value("x")], [value("y")], numbers)
        opset = [onnx.helper.make_opsetid("", 20)]
        model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=10)
        (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


def main():
    torch.set_num_threads(1)
    exported()
    lines, values, refused = [], [], 0
    for number, (text, shapes, scale, special) in enumerate(configurations()):
        case = {"layer": text, "inputs": shapes, "scale": scale, "seed": 1000 * number}
        if special:
            case["special"] = True
        try:
            output = run(text, case)
        except (RuntimeError, ValueError, TypeError, AssertionError, ZeroDivisionError) as error:
            case["error"] = re.sub(r"\s+", " ", str(error))[:100]
            refused += 1
        else:
            case["output"] = list(output.shape)
            values.append(output.numpy().astype("<f4").ravel())
        lines.append(json.dumps(case, separators=(",", ":")))
    (HERE / "elementwise.jsonl").write_text("\n".join(lines) + "\n")
    numpy.concatenate(values).tofile(HERE / "elementwise.f32")
    print(f"{len(lines)} cases, {refused} of them refused by PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
