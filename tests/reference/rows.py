#!/usr/bin/env python3
"""Makes the reference vectors of tests/row_numbers.rs with PyTorch: operations on whole rows,
channels and matrices.

    venv/bin/python tests/reference/rows.py

Writes rows.jsonl (a line a case: the layer, the shapes of its inputs with their batch, and either
the shape of the result or PyTorch's error) and rows.f32 (all results, little-endian f32) beside
itself. Inputs and weights are drawn from SplitMix64, input n from seed + 100 * n. A new section goes
to the end. Written with PyTorch 2.15.0 on a CPU.
"""

import json
import pathlib
import random
import zlib

import numpy
import torch
from torch import nn
from torch.nn import functional

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
    count = int(numpy.prod(shape, dtype=int))
    if fill == "uniform":
        values = [numpy.float32((b >> 40) / (1 << 24)) * 2 - 1 for b in bits(seed, count)]
    else:
        values = [((b * 5) >> 64) - 2 for b in bits(seed, count)]
    return torch.tensor(numpy.array(values, dtype=numpy.float32).reshape(shape))


def reduction(function, dim=None, keepdim=False, **more):
    """A reduction of PyTorch over `dim`; over everything without."""

    def apply(x):
        if dim is None:
            return function(x, dim=tuple(range(x.ndim)), keepdim=keepdim, **more)
        return function(x, dim=dim, keepdim=keepdim, **more)

    return apply


def prod(x, dim, keepdim):
    """torch.prod takes one axis."""
    dims = [dim] if isinstance(dim, int) else dim
    torch.sum(x, dim=dim)  # refuses what there is not
    for axis in sorted((axis % x.ndim for axis in dims), reverse=True):
        x = torch.prod(x, axis, keepdim=keepdim)
    return x


def arg(function, dim=None, keepdim=False):
    return lambda x: function(x, dim=dim, keepdim=keepdim).to(torch.float32)


OURS = {
    "Sum": lambda **given: reduction(torch.sum, **given),
    "Mean": lambda **given: reduction(torch.mean, **given),
    "Amax": lambda **given: reduction(torch.amax, **given),
    "Amin": lambda **given: reduction(torch.amin, **given),
    "Prod": lambda **given: reduction(prod, **given),
    "LogSumExp": lambda **given: reduction(torch.logsumexp, **given),
    "VectorNorm": lambda ord=2.0, **given: reduction(
        lambda x, dim, keepdim: torch.linalg.vector_norm(x, ord, dim=dim, keepdim=keepdim), **given
    ),
    "ArgMax": lambda **given: arg(torch.argmax, **given),
    "ArgMin": lambda **given: arg(torch.argmin, **given),
}

NAMES = {name: getattr(nn, name) for name in dir(nn)}
NAMES |= {"nn": nn, "torch": torch, **OURS}


def run(text, shapes, fill, seed):
    layer = eval(text, NAMES)
    inputs = [filled(fill, seed + 100 * n, shape) for n, shape in enumerate(shapes)]
    with torch.no_grad():
        if isinstance(layer, nn.Module):
            for offset, name in enumerate(["weight", "bias", "running_mean", "running_var"], 1):
                tensor = getattr(layer, name, None)
                if tensor is not None:
                    drawn = filled(fill, seed + offset, tuple(tensor.shape))
                    tensor.copy_(drawn.abs() + 0.5 if name == "running_var" else drawn)
            layer.eval()
        return layer(*inputs)


CASES = []


def section(name, count, make):
    """So many cases; each section has a generator of its own, so that others do not move it."""
    rng = random.Random(zlib.crc32(name.encode()))
    for number in range(count):
        text, *shapes = make(rng)
        fill = "random" if number % 3 == 2 else "uniform"
        CASES.append((text, shapes, fill, rng.randrange(1, 1 << 31)))


def axes(rng, rank=None, high=6):
    rank = rng.randint(1, 5) if rank is None else rank
    high = high if rank < 4 else 3
    return [rng.randint(1, high) for _ in range(rank)]


def linear(rng):
    shape = axes(rng, high=9)
    features = shape[-1] + (rng.random() < 0.12)
    bias = rng.choice(["", "", ", bias=False", ", bias=True"])
    return f"nn.Linear({features}, {rng.randint(1, 12)}{bias})", shape


def reduced(names):
    def make(rng):
        shape = axes(rng)
        rank = len(shape)
        name = rng.choice(names)
        given = []
        if rng.random() < 0.85:
            dims = rng.sample(range(rank), rng.randint(1, min(rank, 3)))
            if rng.random() < 0.1:
                dims.append(rng.choice([dims[0], rank, -rank - 1]))
            dims = [dim - rank if dim < rank and rng.random() < 0.4 else dim for dim in dims]
            single = len(dims) == 1 and rng.random() < 0.7
            given.append(f"dim={dims[0] if single else tuple(dims)}")
        if name == "VectorNorm" and rng.random() < 0.8:
            given.append(f"ord={rng.choice([1, 2, 3, 0.5, 0, 4.0])}")
        if rng.random() < 0.5:
            given.append(f"keepdim={rng.choice(['True', 'False'])}")
        return f"{name}({', '.join(given)})", shape

    return make


def winner(rng):
    shape = axes(rng)
    rank = len(shape)
    given = [f"dim={rng.randint(-rank, rank - 1 + (rng.random() < 0.1))}"]
    if rng.random() < 0.15:
        given = []
    if rng.random() < 0.5:
        given.append(f"keepdim={rng.choice(['True', 'False'])}")
    return f"{rng.choice(['ArgMax', 'ArgMin'])}({', '.join(given)})", shape


def softmax(rng):
    shape = axes(rng, high=7)
    rank = len(shape)
    name = rng.choice(["Softmax", "Softmin", "LogSoftmax"])
    if rng.random() < 0.12:
        return f"nn.{name}()", shape
    if rng.random() < 0.08:
        return "nn.Softmax2d()", axes(rng, rank=4)
    dim = rng.choice([rank, -rank - 1]) if rng.random() < 0.08 else rng.randint(-rank, rank - 1)
    return f"nn.{name}(dim={dim})", shape


section("linear", 60, linear)
section("sums", 70, reduced(["Sum", "Mean"]))
section("extremes", 60, reduced(["Amax", "Amin", "Prod"]))
section("norms", 60, reduced(["LogSumExp", "VectorNorm"]))
section("winners", 40, winner)
section("softmax", 80, softmax)


def main():
    lines, outputs = [], []
    for text, shapes, fill, seed in CASES:
        case = {
            "layer": text,
            "inputs": ["x".join(map(str, shape)) for shape in shapes],
            "fill": fill,
            "seed": seed,
        }
        try:
            output = run(text, shapes, fill, seed)
            case["output"] = list(output.shape)
            outputs.append(output.to(torch.float32).contiguous().numpy().tobytes())
        except (RuntimeError, ValueError, IndexError) as error:
            case["error"] = str(error).splitlines()[0][:200]
        lines.append(json.dumps(case))
    (HERE / "rows.jsonl").write_text("\n".join(lines) + "\n")
    (HERE / "rows.f32").write_bytes(b"".join(outputs))
    refused = sum("error" in line for line in lines)
    print(f"{len(lines)} cases, {refused} refused, {sum(map(len, outputs)) // 4} values")


if __name__ == "__main__":
    main()
