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
import re
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

def normalize(p=2.0, dim=1, eps=1e-12):
    return lambda x: functional.normalize(x, p=p, dim=dim, eps=eps)


OURS["Normalize"] = normalize

NAMES = {name: getattr(nn, name) for name in dir(nn)}
NAMES |= {"nn": nn, "torch": torch, **OURS}


def run(text, shapes, fill, seed, sample=False):
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
        return layer(*(x[None] for x in inputs))[0] if sample else layer(*inputs)


CASES = []


def section(name, count, make, sample=False):
    """So many cases; each section has a generator of its own, so that others do not move it. With
    `sample`, the inputs are one sample without the batch axis."""
    rng = random.Random(zlib.crc32(name.encode()))
    for number in range(count):
        text, *shapes = make(rng)
        fill = "random" if number % 3 == 2 else "uniform"
        CASES.append((text, shapes, fill, rng.randrange(1, 1 << 31), sample))


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


def batch_norm(axes_of_sample):
    def make(rng):
        name = f"BatchNorm{max(axes_of_sample) - 1}d"
        shape = axes(rng, rank=rng.choice(axes_of_sample), high=5)
        channels = shape[0] + (rng.random() < 0.08)
        given = [str(channels)]
        given += rng.choice([[], [f"eps={rng.choice([1e-3, 0.1])}"]])
        given += rng.choice([[], ["momentum=0.3"], ["momentum=None"]])
        given += rng.choice([[], [], ["affine=False"]])
        return f"nn.{name}({', '.join(given)})", shape

    return make


def with_batch(make):
    """The same with a batch of 1 to 3 in front."""

    def batched(rng):
        text, shape = make(rng)
        return text, [rng.randint(1, 3), *shape]

    return batched


def last_axes_norm(rng):
    shape = axes(rng, high=7)
    count = rng.randint(1, min(len(shape), 3))
    last = shape[-count:]
    if rng.random() < 0.08:
        last = [*last[:-1], last[-1] + 1]
    name = rng.choice(["LayerNorm", "LayerNorm", "RMSNorm"])
    given = [str(last[0]) if count == 1 and rng.random() < 0.5 else str(last)]
    given += rng.choice([[], [f"eps={rng.choice([1e-3, 0.1, 1e-6])}"]])
    given += rng.choice([[], [], ["elementwise_affine=False"]])
    if name == "LayerNorm":
        given += rng.choice([[], [], ["bias=False"]])
    return f"nn.{name}({', '.join(given)})", shape


def group_norm(rng):
    groups = rng.choice([1, 2, 3, 4])
    channels = groups * rng.randint(1, 3) + (rng.random() < 0.06)
    shape = [rng.randint(1, 3), channels, *axes(rng, rank=rng.randint(0, 3), high=5)]
    shape[1] += rng.random() < 0.05
    given = [str(groups), str(channels)]
    given += rng.choice([[], [f"eps={rng.choice([1e-3, 0.1])}"]])
    given += rng.choice([[], [], ["affine=False"]])
    return f"nn.GroupNorm({', '.join(given)})", shape


def instance_norm(rng):
    rank = rng.choice([1, 2, 3])
    shape = [rng.randint(1, 4), *axes(rng, rank=rank, high=5)]
    given = [str(shape[0] + (rng.random() < 0.08))]
    given += rng.choice([[], [f"eps={rng.choice([1e-3, 0.1])}"]])
    given += rng.choice([[], ["affine=True"], ["affine=False"]])
    given += rng.choice([[], [], ["track_running_stats=True"]])
    return f"nn.InstanceNorm{rank}d({', '.join(given)})", shape


def local_response(rng):
    shape = [rng.randint(1, 2), rng.randint(1, 7), *axes(rng, rank=rng.randint(0, 3), high=4)]
    given = [str(rng.randint(1, 6))]
    given += rng.choice([[], [f"alpha={rng.choice([0.5, 1e-2, 2.0])}"]])
    given += rng.choice([[], [f"beta={rng.choice([0.5, 1.0])}"]])
    given += rng.choice([[], [f"k={rng.choice([2.0, 0.5])}"]])
    return f"nn.LocalResponseNorm({', '.join(given)})", shape


def normalized(rng):
    shape = axes(rng, high=6)
    rank = len(shape)
    given = []
    if rng.random() < 0.8 or rank < 2:
        dim = rng.choice([rank, -rank - 1]) if rng.random() < 0.05 else rng.randint(-rank, rank - 1)
        given.append(f"dim={dim}")
    given += rng.choice([[], [f"p={rng.choice([1.0, 3.0, 2.0])}"]])
    given += rng.choice([[], [], ["eps=0.5"]])
    return f"Normalize({', '.join(given)})", shape


def in_sample(make):
    """As `make`, without axes that are the batch of the sample."""

    def inside(rng):
        while True:
            text, shape = make(rng)
            rank = len(shape)
            numbers = [int(n) for n in re.findall(r"-?\d+", text.partition("dim=")[2].split(")")[0])]
            if numbers and rank > 1 and all(n % rank != 0 for n in numbers):
                return text, shape[1:]

    return inside


section("batch norm of lines", 30, batch_norm([1, 2]), sample=True)
section("batch norm of lines in a batch", 30, with_batch(batch_norm([1, 2])))
section("batch norm of volumes", 25, batch_norm([4]), sample=True)
section("last axes", 70, last_axes_norm)
section("group norm", 50, group_norm)
section("instance norm", 50, instance_norm, sample=True)
section("local response", 40, local_response)
section("normalize", 40, normalized)
section("softmax of a sample", 20, in_sample(softmax), sample=True)
section("reductions of a sample", 30, in_sample(reduced(["Sum", "Amax", "Mean"])), sample=True)


def matmul(rng):
    """Both inputs of a product: vectors, matrices, batches that are broadcast."""
    rows, depth, columns = (rng.randint(1, 6) for _ in range(3))
    batch = [rng.randint(1, 3) for _ in range(rng.randint(0, 3))]

    def own(axes):
        axes = [1 if rng.random() < 0.25 else length for length in axes]
        return axes[rng.randint(0, len(axes)) if rng.random() < 0.4 else 0 :]

    left = [depth] if rng.random() < 0.15 else [*own(batch), rows, depth]
    inner = depth + (rng.random() < 0.06)
    right = [inner] if rng.random() < 0.15 else [*own(batch), inner, columns]
    return "MatMul()", left, right


def addmm(rng):
    rows, depth, columns = (rng.randint(1, 7) for _ in range(3))
    given, left, right = [], [rows, depth], [depth, columns]
    if rng.random() < 0.4:
        given, left = ["transpose_a=True"], [depth, rows]
    if rng.random() < 0.5:
        given, right = [*given, "transpose_b=True"], [columns, depth]
    given += rng.choice([[], ["alpha=0.5"], ["alpha=-2.0"]])
    addend = rng.choice([None, [columns], [1, columns], [rows, 1], [rows, columns], [1], [1, 1]])
    if addend is None:
        return f"AddMM({', '.join(given)})", left, right
    given += rng.choice([[], ["beta=0.25"], ["beta=0.0"]])
    if rng.random() < 0.06:
        addend = [rows + 1, columns + 1]
    return f"AddMM({', '.join(given)})", left, right, addend


def add_mm(alpha=1.0, beta=1.0, transpose_a=False, transpose_b=False):
    def apply(a, b, c=None):
        a, b = a.T if transpose_a else a, b.T if transpose_b else b
        return alpha * (a @ b) if c is None else torch.addmm(c, a, b, beta=beta, alpha=alpha)

    return apply


def hardmax(dim):
    def apply(x):
        best = torch.argmax(x, dim=dim, keepdim=True)
        return torch.zeros_like(x).scatter(dim, best, 1.0)

    return apply


def mean_variance(axes=(0, 2, 3)):
    def apply(x):
        mean = x.mean(axes, keepdim=True)
        deviation = (x - mean).square().mean(axes, keepdim=True).sqrt()
        return (x - mean) / (deviation + 1e-9)

    return apply


NAMES |= {
    "MatMul": lambda transpose_other=False: (
        lambda a, b: torch.matmul(a, b.mT if transpose_other else b)
    ),
    "AddMM": add_mm,
    "Hardmax": hardmax,
    "MeanVarianceNormalization": mean_variance,
}


def of_onnx(rng):
    """What PyTorch has no name for."""
    shape = [rng.randint(2, 4) for _ in range(4)]
    if rng.random() < 0.5:
        return f"Hardmax(dim={rng.randint(-4, 3)})", shape
    axes = rng.choice(["", "axes=(0, 2, 3)", "axes=(-1, 1)", "axes=(0, 1, 2, 3)"])
    return f"MeanVarianceNormalization({axes})", shape


def scores(rng):
    """Queries and keys."""
    batch = [rng.randint(1, 3) for _ in range(rng.randint(0, 3))]
    rows, depth, columns = (rng.randint(1, 7) for _ in range(3))
    return "MatMul(transpose_other=True)", [*batch, rows, depth], [*batch, columns, depth]


def attend(rng):
    """Queries, keys, values, and where there is one a mask."""
    batch = [rng.randint(1, 3) for _ in range(rng.randint(1, 2))]
    queries, keys, each, width = (rng.randint(1, 6) for _ in range(4))
    shapes = [[*batch, queries, each], [*batch, keys, each], [*batch, keys, width]]
    given = []
    if rng.random() < 0.3:
        shapes.append(rng.choice([[queries, keys], [1, keys], [*batch, queries, keys]]))
    if (rng.random() < 0.4) == (len(shapes) == 3):
        given.append("is_causal=True")
    given += rng.choice([[], [], ["scale=0.25"]])
    return f"Attention({', '.join(given)})", *shapes


def attention(is_causal=False, scale=None):
    return lambda q, k, v, mask=None: functional.scaled_dot_product_attention(
        q, k, v, attn_mask=mask, is_causal=is_causal, scale=scale
    )


NAMES["Attention"] = attention

section("matmul", 80, matmul)
section("addmm", 60, addmm)
section("of onnx", 30, of_onnx)
section("scores", 25, scores)
section("attention", 50, attend)


def main():
    lines, outputs = [], []
    for text, shapes, fill, seed, sample in CASES:
        case = {
            "layer": text,
            "inputs": ["x".join(map(str, shape)) for shape in shapes],
            "fill": fill,
            "seed": seed,
        }
        if sample:
            case["sample"] = True
        try:
            output = run(text, shapes, fill, seed, sample)
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
