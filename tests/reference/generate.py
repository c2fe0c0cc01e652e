#!/usr/bin/env python3
"""Makes the reference vectors of tests/numbers.rs with PyTorch.

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python tests/reference/generate.py

Writes cases.jsonl (a line a case: the layer in PyTorch's notation, the input, and either the shape
and place of the result or PyTorch's error) and outputs.f32 (all results, little-endian f32) beside
itself. Inputs and weights are not stored: both sides draw them from SplitMix64. The same seed gives
the same files. Written with PyTorch 2.15.0 on a CPU.
"""

import json
import pathlib
import random
import re

import numpy
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
MASK = (1 << 64) - 1


def bits(seed, count):
    """The generator of src/tensor/random.rs."""
    state, out = seed & MASK, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out.append(z ^ (z >> 31))
    return out


def filled(fill, seed, shape):
    """Fill::Uniform and Fill::Random of src/tensor/fill.rs."""
    count = int(numpy.prod(shape))
    if fill == "uniform":
        values = [numpy.float32((b >> 40) / (1 << 24)) * 2 - 1 for b in bits(seed, count)]
    else:
        values = [((b * 5) >> 64) - 2 for b in bits(seed, count)]
    return torch.tensor(numpy.array(values, dtype=numpy.float32).reshape(shape))


class Add(nn.Module):
    """Our notation for a skip connection: adds a tensor of the chain."""

    def __init__(self, tensor=0):
        super().__init__()
        self.tensor = tensor


def run(text, shape, fill, seed):
    """Every layer of a line on an input; weights drawn from seed + 10 * its place + 1 and + 2."""
    names = {name: getattr(nn, name) for name in dir(nn)}
    layer = eval(text, {"nn": nn, "torch": torch, "Add": Add, **names})
    layers = list(layer) if isinstance(layer, nn.Sequential) else [layer]
    tensors = [filled(fill, seed, shape)]
    indices = None
    with torch.no_grad():
        for place, layer in enumerate(layers):
            if getattr(layer, "weight", None) is not None:
                layer.weight.copy_(filled(fill, seed + 10 * place + 1, tuple(layer.weight.shape)))
                if layer.bias is not None:
                    layer.bias.copy_(filled(fill, seed + 10 * place + 2, tuple(layer.bias.shape)))
            if getattr(layer, "running_mean", None) is not None:
                statistics = tuple(layer.running_mean.shape)
                layer.running_mean.copy_(filled(fill, seed + 10 * place + 3, statistics))
                layer.running_var.copy_(filled(fill, seed + 10 * place + 4, statistics).abs() + 0.5)
            layer.eval()
            if isinstance(layer, Add):
                result = tensors[-1] + tensors[layer.tensor]
            else:
                result = layer(tensors[-1][None])
            if isinstance(result, tuple):
                result, indices = result
                indices = indices[0]
            tensors.append(result if isinstance(layer, Add) else result[0])
    return tensors[-1], indices


rng = random.Random(20261124)


def pick(*choices):
    return rng.choice(choices)


def maybe(name, make, chance=0.5):
    """An argument, or nothing so that the default is tested."""
    return f", {name}={make()}" if rng.random() < chance else ""


def pair(low, high, axes=2):
    values = [rng.randint(low, high) for _ in range(axes)]
    return str(values[0]) if rng.random() < 0.4 else str(tuple(values))


def conv(axes):
    groups = pick(1, 1, 1, 2, 3, 4)
    channels = groups * rng.randint(1, 3) + (rng.random() < 0.06)
    filters = groups * rng.randint(1, 3) + (rng.random() < 0.06)
    name = f"Conv{axes}d"
    same = rng.random() < 0.15
    text = f"nn.{name}({channels}, {filters}, {pair(1, 4, axes)}"
    text += "" if same and rng.random() < 0.85 else maybe("stride", lambda: pair(1, 3, axes))
    if same:
        text += ", padding='same'"
    elif rng.random() < 0.6:
        text += f", padding={pick(pair(0, 3, axes), pair(0, 2, axes), repr('valid'))}"
    text += maybe("dilation", lambda: pair(1, 3, axes), 0.35)
    text += f", groups={groups}" if groups > 1 else ""
    text += maybe("bias", lambda: pick("True", "False"))
    text += maybe("padding_mode", lambda: repr(pick("zeros", "reflect", "replicate", "circular")), 0.5)
    high = {1: 20, 2: 9, 3: 6}[axes]
    return text + ")", [channels] + [rng.randint(2, high) for _ in range(axes)]


def transposed():
    groups = pick(1, 1, 1, 2, 3)
    channels = groups * rng.randint(1, 3) + (rng.random() < 0.05)
    filters = groups * rng.randint(1, 3) + (rng.random() < 0.05)
    text = f"nn.ConvTranspose2d({channels}, {filters}, {pair(1, 4)}"
    text += maybe("stride", lambda: pair(1, 3), 0.7)
    text += maybe("padding", lambda: pair(0, 2), 0.6)
    text += maybe("output_padding", lambda: pair(0, 2), 0.4)
    text += f", groups={groups}" if groups > 1 else ""
    text += maybe("bias", lambda: pick("True", "False"), 0.4)
    text += maybe("dilation", lambda: pair(1, 3), 0.3)
    return text + ")", [channels, rng.randint(1, 6), rng.randint(1, 6)]


def max_pool():
    text = f"nn.MaxPool2d({pair(1, 4)}" + maybe("stride", lambda: pair(1, 4))
    text += maybe("padding", lambda: pair(0, 2)) + maybe("dilation", lambda: pair(1, 3), 0.4)
    text += maybe("return_indices", lambda: pick("True", "False"))
    text += maybe("ceil_mode", lambda: pick("True", "False"), 0.7)
    return text + ")", [rng.randint(1, 3), rng.randint(2, 10), rng.randint(2, 10)]


def avg_pool():
    text = f"nn.AvgPool2d({pair(1, 4)}" + maybe("stride", lambda: pair(1, 4))
    text += maybe("padding", lambda: pair(0, 2)) + maybe("ceil_mode", lambda: pick("True", "False"), 0.7)
    text += maybe("count_include_pad", lambda: pick("True", "False"))
    text += maybe("divisor_override", lambda: rng.randint(1, 7), 0.25)
    return text + ")", [rng.randint(1, 3), rng.randint(2, 10), rng.randint(2, 10)]


def adaptive():
    name = pick("AdaptiveAvgPool2d", "AdaptiveMaxPool2d")
    size = pick("1", "(1, 1)", pair(1, 7), f"(None, {rng.randint(1, 6)})", f"({rng.randint(1, 6)}, None)")
    extra = maybe("return_indices", lambda: "True", 0.5) if "Max" in name else ""
    return f"nn.{name}({size}{extra})", [rng.randint(1, 3), rng.randint(1, 9), rng.randint(1, 9)]


def shuffle():
    factor = rng.randint(1, 4)
    odd = rng.random() < 0.2
    if rng.random() < 0.5:
        channels = factor * factor * rng.randint(1, 2) + odd
        return f"nn.PixelShuffle({factor})", [channels, rng.randint(1, 4), rng.randint(1, 4)]
    height, width = factor * rng.randint(1, 3), factor * rng.randint(1, 3) + odd
    return f"nn.PixelUnshuffle(downscale_factor={factor})", [rng.randint(1, 3), height, width]


def upsample():
    mode = pick("nearest", "bilinear")
    if rng.random() < 0.6:
        scale = pick("2", "3", "1.5", "2.7", "0.5", "0.6", "(2, 3)", "(1.3, 2.5)", "(0.4, 3.0)")
        text = f"nn.Upsample(scale_factor={scale}"
    else:
        text = f"nn.Upsample(size={pair(1, 13)}"
    text += f", mode='{mode}'" if mode != "nearest" or rng.random() < 0.5 else ""
    chance = 0.5 if mode == "bilinear" else 0.06
    text += maybe("align_corners", lambda: pick("True", "False"), chance)
    return text + ")", [rng.randint(1, 2), rng.randint(1, 8), rng.randint(1, 8)]


def activation():
    return f"nn.{pick('ReLU', 'ReLU6')}({pick('', 'inplace=True', 'False')})", [2, 3, 4]


def chain():
    channels, height, width = rng.randint(1, 4), rng.randint(8, 12), rng.randint(8, 12)
    shape, layers = [channels, height, width], []
    for _ in range(rng.randint(2, 4)):
        filters = rng.randint(1, 4)
        kind = rng.randrange(7)
        if kind == 0:
            layers.append(f"nn.Conv2d({channels}, {filters}, 3, padding=1)")
            channels = filters
        elif kind == 1:
            layers.append(f"nn.Conv2d({channels}, {channels}, 3, padding=1, groups={channels})")
            layers.append(f"nn.Conv2d({channels}, {filters}, kernel_size=1, bias=False)")
            channels = filters
        elif kind == 2:
            layers.append(f"nn.ConvTranspose2d({channels}, {filters}, 2, stride=2)")
            channels = filters
        elif kind == 3:
            layers.append("nn.MaxPool2d(2)")
        elif kind == 4:
            layers.append(f"nn.Conv2d({channels}, {channels * 4}, 1)")
            layers.append("nn.PixelShuffle(2)")
        elif kind == 5:
            layers.append(f"nn.Conv2d({channels}, {channels}, 3, padding='same')")
            layers.append("nn.ReLU()")
            layers.append(f"Add({len(layers) - 2})")
        else:
            layers.append(f"nn.Conv2d({channels + (rng.random() < 0.5)}, {filters}, (3, 1))")
            channels = filters
    return "nn.Sequential(\n    " + ",\n    ".join(layers) + ",\n)", shape


CORNERS = [
    ("nn.Conv2d(1, 1, 3, stride=0)", [1, 5, 5]),
    ("nn.Conv2d(1, 1, 3, dilation=0)", [1, 5, 5]),
    ("nn.Conv2d(3, 4, 3, groups=0)", [3, 5, 5]),
    ("nn.Conv2d(3, 4, 3, groups=2)", [3, 5, 5]),
    ("nn.Conv2d(4, 3, 3, groups=2)", [4, 5, 5]),
    ("nn.Conv2d(3, 4, 3)", [4, 5, 5]),
    ("nn.Conv2d(1, 1, 6)", [1, 5, 5]),
    ("nn.Conv2d(1, 1, 3, dilation=3)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding=-1)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding='same', stride=2)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding='half')", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding_mode='mirror')", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding=(1, 2, 3))", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, strid=2)", [1, 6, 6]),
    ("nn.Conv2d(1, 1)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, 1, 0, 1, 1, True, 'zeros', None, None, 7)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, kernel_size=3)", [1, 6, 6]),
    ("nn.Conv2d(1, 1, 3, padding=4, padding_mode='reflect')", [1, 4, 4]),
    ("nn.Conv2d(1, 1, 3, padding=3, padding_mode='reflect')", [1, 4, 4]),
    ("nn.Conv2d(1, 1, 3, padding=5, padding_mode='circular')", [1, 4, 4]),
    ("nn.Conv2d(1, 1, 3, padding=4, padding_mode='circular')", [1, 4, 4]),
    ("nn.Conv2d(1, 1, 3, padding=9, padding_mode='replicate')", [1, 4, 4]),
    ("nn.Conv2d(1, 0, 3)", [1, 4, 4]),
    ("nn.Conv2d(1, 1, 'same')", [1, 4, 4]),
    ("nn.Conv3d(1, 2, 3)", [1, 2, 5, 5]),
    ("nn.Conv1d(2, 2, 3, padding=2, padding_mode='circular')", [2, 1]),
    ("nn.ConvTranspose2d(1, 1, 3, stride=2, output_padding=2)", [1, 3, 3]),
    ("nn.ConvTranspose2d(1, 1, 3, stride=2, dilation=3, output_padding=2)", [1, 3, 3]),
    ("nn.ConvTranspose2d(1, 1, 3, padding=3)", [1, 3, 3]),
    ("nn.ConvTranspose2d(1, 1, 1, padding=1)", [1, 3, 3]),
    ("nn.ConvTranspose2d(1, 1, 3, padding_mode='reflect')", [1, 3, 3]),
    ("nn.ConvTranspose2d(1, 1, 3, stride=0)", [1, 3, 3]),
    ("nn.MaxPool2d(3, padding=2)", [1, 6, 6]),
    ("nn.MaxPool2d(2, padding=1, dilation=3)", [1, 6, 6]),
    ("nn.MaxPool2d(0)", [1, 6, 6]),
    ("nn.MaxPool2d(2, stride=0)", [1, 6, 6]),
    ("nn.MaxPool2d(7)", [1, 6, 6]),
    ("nn.MaxPool2d(7, ceil_mode=True)", [1, 6, 6]),
    ("nn.MaxPool2d(2, dilation=0)", [1, 6, 6]),
    ("nn.AvgPool2d(2, divisor_override=0)", [1, 6, 6]),
    ("nn.AvgPool2d(3, padding=2)", [1, 6, 6]),
    ("nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)", [1, 6, 6]),
    ("nn.AvgPool2d(7)", [1, 6, 6]),
    ("nn.AdaptiveAvgPool2d(-1)", [1, 6, 6]),
    ("nn.AdaptiveMaxPool2d((2, 3, 4))", [1, 6, 6]),
    ("nn.PixelShuffle(0)", [4, 6, 6]),
    ("nn.PixelShuffle(2)", [6, 6, 6]),
    ("nn.PixelUnshuffle(4)", [1, 6, 8]),
    ("nn.Upsample()", [1, 6, 6]),
    ("nn.Upsample(size=4, scale_factor=2)", [1, 6, 6]),
    ("nn.Upsample(scale_factor=2, mode='nearest', align_corners=True)", [1, 6, 6]),
    ("nn.Upsample(scale_factor=0.1)", [1, 6, 6]),
    ("nn.Upsample(scale_factor=-2)", [1, 6, 6]),
    ("nn.Upsample(size=1, mode='bilinear', align_corners=True)", [1, 6, 6]),
    ("nn.Upsample(size=(1, 1), mode='bilinear')", [1, 6, 6]),
    ("torch.nn.Conv2d(3, 8, 3, stride=2, padding=1)", [3, 9, 9]),
    ("Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))", [3, 6, 6]),
    ("nn.Conv2d(8, 8, kernel_size=3, stride=2, padding=1, groups=8)", [8, 6, 6]),
    ("nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(5, 2, 3))", [3, 9, 9]),
    ("nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), Add())", [1, 5, 5]),
    ("nn.ReLU(inplace=True, slope=3)", [1, 5, 5]),
]

PLAN = [
    (lambda: conv(2), 210), (lambda: conv(1), 50), (lambda: conv(3), 45), (transposed, 110),
    (max_pool, 80), (avg_pool, 80), (adaptive, 50), (shuffle, 30), (upsample, 70),
    (activation, 6), (chain, 40),
]  # fmt: skip


# After all others, so that their seeds stay as they are.
LATER = [
    ("nn.BatchNorm2d(3)", [3, 4, 5]),
    ("nn.BatchNorm2d(5, eps=0.1)", [5, 3, 3]),
    ("nn.BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)", [4, 6, 2]),
    ("nn.BatchNorm2d(2, affine=False)", [2, 5, 5]),
    ("nn.BatchNorm2d(3, 0.01, 0.2)", [3, 1, 7]),
    ("nn.BatchNorm2d(3)", [4, 5, 5]),
    ("nn.BatchNorm2d(3)", [3, 5]),
    ("nn.BatchNorm2d()", [3, 5, 5]),
    ("nn.BatchNorm2d(3, epsilon=0.1)", [3, 5, 5]),
    ("nn.LeakyReLU()", [3, 4, 5]),
    ("nn.LeakyReLU(0.2, inplace=True)", [3, 4, 5]),
    ("nn.LeakyReLU(negative_slope=-0.5)", [2, 3, 3]),
    ("nn.Dropout(p=0.9)", [3, 4, 5]),
    ("nn.Dropout2d(0.5)", [3, 4, 5]),
    ("nn.Dropout(1.5)", [3, 4, 5]),
    ("nn.Identity()", [3, 4, 5]),
    ("nn.Sequential(nn.Conv2d(3, 6, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout(0.2))", [3, 8, 8]),
    ("nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.1), Add())", [4, 7, 7]),
]


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    configurations = list(CORNERS)
    for make, count in PLAN:
        configurations += [make() for _ in range(count)]
    configurations += LATER
    lines, values, refused = [], [], 0
    for number, (text, shape) in enumerate(configurations):
        fill = "random" if number % 3 == 0 else "uniform"
        seed = 1000 * number
        case = {"layer": text, "input": "x".join(map(str, shape)), "fill": fill, "seed": seed}
        try:
            output, indices = run(text, shape, fill, seed)
        except (RuntimeError, ValueError, TypeError, AssertionError, ZeroDivisionError, IndexError) as error:
            case["error"] = re.sub(r"\s+", " ", str(error))[:160]
            refused += 1
        else:
            if output.numel() == 0:
                continue
            case["output"] = "x".join(map(str, output.shape))
            values.append(output.numpy().astype("<f4").ravel())
            if indices is not None:
                case["indices"] = True
                values.append(indices.numpy().astype("<f4").ravel())
        lines.append(json.dumps(case))
    (HERE / "cases.jsonl").write_text("\n".join(lines) + "\n")
    numpy.concatenate(values).tofile(HERE / "outputs.f32")
    print(f"{len(lines)} cases, {refused} of them refused by PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
