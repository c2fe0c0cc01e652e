#!/usr/bin/env python3
"""Makes the reference vectors of tests/moves.rs with PyTorch: operations that only move elements.

    venv/bin/python tests/reference/moves.py

Writes moves.jsonl (a line a case: the layer, the shapes of its inputs with their batch, and either
the shape of the result or PyTorch's error) and moves.f32 (all results, little-endian f32) beside
itself. Inputs are drawn as in rows.py, input n from seed + 100 * n. A new section goes to the end.
Written with PyTorch 2.15.0 on a CPU.
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


def uniform(seed, shape):
    """Fill::Uniform of src/tensor/fill.rs."""
    count, state, out = int(numpy.prod(shape, dtype=int)), seed & MASK, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        out.append(numpy.float32((z >> 40) / (1 << 24)) * 2 - 1)
    return torch.tensor(numpy.array(out, dtype=numpy.float32).reshape(shape))


def many(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def sliced(x, dim, start=0, end=1 << 40, step=1):
    """NumPy's slices, which also go backwards; none may be named twice."""
    dims = many(dim)
    count = len(dims)
    own = lambda value: many(value) if isinstance(value, (tuple, list)) else [value] * count
    starts, ends, steps = own(start), own(end), own(step)
    torch.sum(x, dim=dims)  # refuses what there is not
    index = [slice(None)] * x.ndim
    for place, at in enumerate(dims):
        end = ends[place]
        if steps[place] < 0 and end < -x.shape[at]:
            end = None
        index[at] = slice(starts[place], end, steps[place])
    return torch.tensor(x.numpy()[tuple(index)].copy())


def space_to_depth(x, block):
    n, c, h, w = x.shape
    x = x.reshape(n, c, h // block, block, w // block, block)
    return x.permute(0, 3, 5, 1, 2, 4).reshape(n, -1, h // block, w // block)


def depth_to_space(x, block, mode="DCR"):
    n, c, h, w = x.shape
    if mode == "CRD":
        return functional.pixel_shuffle(x, block)
    x = x.reshape(n, block, block, c // block**2, h, w)
    return x.permute(0, 3, 4, 1, 5, 2).reshape(n, -1, h * block, w * block)


def part(pieces, number):
    return pieces[number]


OURS = {
    "Reshape": lambda shape: lambda x: x.reshape(shape),
    "Permute": lambda dims: lambda x: x.permute(dims),
    "Transpose": lambda dim0, dim1: lambda x: x.transpose(dim0, dim1),
    "Flip": lambda dims: lambda x: x.flip(dims),
    "Squeeze": lambda dim=None: lambda x: x.squeeze() if dim is None else x.squeeze(dim),
    "Unsqueeze": lambda dim: lambda x: x.unsqueeze(dim),
    "Slice": lambda *given, **named: lambda x: sliced(x, *given, **named),
    "Select": lambda dim, index: lambda x: x.select(dim, index),
    "Split": lambda size, dim=0, part=0: lambda x: x.split(size, dim)[part],
    "Chunk": lambda chunks, dim=0, part=0: lambda x: x.chunk(chunks, dim)[part],
    "Expand": lambda size: lambda x: x.expand(size),
    "Tile": lambda dims: lambda x: x.tile(dims),
    "SpaceToDepth": lambda block: lambda x: space_to_depth(x, block),
    "DepthToSpace": lambda block, mode="DCR": lambda x: depth_to_space(x, block, mode),
    "Concat": lambda dim=0: lambda *x: torch.cat(x, dim),
    "Stack": lambda dim=0: lambda *x: torch.stack(x, dim),
    "Pad": lambda pad, mode="constant", value=None: lambda x: functional.pad(x, pad, mode, value),
    "Roll": lambda shifts, dims=None: lambda x: torch.roll(x, shifts, dims),
    "IndexSelect": lambda dim, index: lambda x: torch.index_select(
        x, dim, torch.tensor(many(index)) % x.shape[dim]
    ),
}

PAD = functional.pad


def checked_pad(x, pad, mode="constant", value=None):
    """Circular padding that cuts off a whole axis reads memory that PyTorch has not written."""
    for number in range(len(pad) // 2):
        cut = sum(min(side, 0) for side in pad[2 * number : 2 * number + 2])
        if mode == "circular" and number < x.ndim and x.shape[-1 - number] + cut < 1:
            raise ValueError("nothing is left to go round")
    return PAD(x, pad, mode, value)


functional.pad = checked_pad

NAMES = {name: getattr(nn, name) for name in dir(nn)}
NAMES |= {"nn": nn, "torch": torch, **OURS}


def run(text, shapes, seed):
    layer = eval(text, NAMES)
    inputs = [uniform(seed + 100 * n, shape) for n, shape in enumerate(shapes)]
    with torch.no_grad():
        return layer(*inputs)


CASES = []


def section(name, count, make):
    """So many cases; each section has a generator of its own, so that others do not move it."""
    rng = random.Random(zlib.crc32(name.encode()))
    for _ in range(count):
        text, *shapes = make(rng)
        CASES.append((text, shapes, rng.randrange(1, 1 << 31)))


def axes(rng, rank=None, high=6, low_rank=1):
    rank = rng.randint(low_rank, 5) if rank is None else rank
    high = high if rank < 4 else 4
    return [rng.randint(1, high) for _ in range(rank)]


def some_dim(rng, rank, wrong=0.08):
    if rng.random() < wrong:
        return rng.choice([rank, -rank - 1])
    return rng.randint(-rank, rank - 1)


def flatten(rng):
    shape = axes(rng)
    rank = len(shape)
    if rng.random() < 0.3:
        return "nn.Flatten()", shape
    return f"nn.Flatten({some_dim(rng, rank)}, {some_dim(rng, rank)})", shape


def cut(rng, length):
    """A length as a product."""
    first = rng.choice([d for d in range(1, length + 1) if length % d == 0])
    second = rng.choice([d for d in range(1, length // first + 1) if (length // first) % d == 0])
    parts = [first, second, length // first // second]
    rng.shuffle(parts)
    return [part for part in parts if part > 1 or rng.random() < 0.3] or [1]


def reshape(rng):
    shape = axes(rng, high=8)
    if rng.random() < 0.5:
        rest = cut(rng, int(numpy.prod(shape[1:], dtype=int)))
        target = [rng.choice([-1, shape[0]]), *rest]
    else:
        target = cut(rng, int(numpy.prod(shape, dtype=int)))
        if rng.random() < 0.4:
            target[rng.randrange(len(target))] = -1
    if rng.random() < 0.15:
        target[rng.randrange(len(target))] += rng.choice([1, -1])
    return f"Reshape({tuple(target)})", shape


def unflatten(rng):
    shape = axes(rng, high=12)
    rank = len(shape)
    dim = some_dim(rng, rank)
    length = shape[dim] if -rank <= dim < rank else 6
    parts = cut(rng, length)
    if rng.random() < 0.4:
        parts[rng.randrange(len(parts))] = -1
    if rng.random() < 0.1:
        parts.append(2)
    return f"nn.Unflatten({dim}, {tuple(parts)})", shape


def permute(rng):
    shape = axes(rng)
    rank = len(shape)
    if rng.random() < 0.35:
        return f"Transpose({some_dim(rng, rank)}, {some_dim(rng, rank)})", shape
    order = list(range(rank))
    rng.shuffle(order)
    if rng.random() < 0.5 and 0 in order:
        order.remove(0)
        order.insert(0, 0)
    order = [dim - rank if rng.random() < 0.3 else dim for dim in order]
    if rng.random() < 0.1:
        order[-1] = order[0]
    return f"Permute({tuple(order)})", shape


def flip(rng):
    shape = axes(rng)
    rank = len(shape)
    dims = rng.sample(range(rank), rng.randint(1, rank))
    dims = [dim - rank if rng.random() < 0.3 else dim for dim in dims]
    if rng.random() < 0.1:
        dims.append(rng.choice([dims[0], rank]))
    return f"Flip({tuple(dims)})", shape


def squeeze(rng):
    shape = [1 if rng.random() < 0.5 else length for length in axes(rng)]
    rank = len(shape)
    kind = rng.random()
    if kind < 0.15:
        return "Squeeze()", shape
    if kind < 0.35:
        dims = rng.sample(range(rank), rng.randint(1, rank))
        return f"Squeeze({tuple(dims)})", shape
    if kind < 0.6:
        return f"Squeeze({some_dim(rng, rank)})", shape
    return f"Unsqueeze({some_dim(rng, rank + 1)})", shape


def slices(rng):
    shape = axes(rng, high=9)
    rank = len(shape)
    dims = rng.sample(range(rank), rng.randint(1, min(rank, 3)))
    place = lambda length: rng.randint(-length - 2, length + 2)
    start, end, step = [], [], []
    for dim in dims:
        length = shape[dim]
        backwards = rng.random() < 0.3
        step.append(-rng.randint(1, 3) if backwards else rng.randint(1, 3))
        low, high = sorted(rng.sample(range(0, length + 2), 2))
        first, last = (high, low - 1) if backwards else (low, high)
        if backwards and last < 0:
            last = -length - 1
        if rng.random() < 0.3:
            first = place(length)
        if rng.random() < 0.2 and not backwards:
            last = place(length)
        start.append(first)
        end.append(last)
    dims = [dim - rank if rng.random() < 0.3 else dim for dim in dims]
    one = lambda values: values[0] if len(values) == 1 else tuple(values)
    text = f"Slice({one(dims)}, start={one(start)}, end={one(end)}"
    if any(value != 1 for value in step):
        text += f", step={one(step)}"
    return text + ")", shape


def parts(rng):
    shape = axes(rng, high=9)
    rank = len(shape)
    dim = some_dim(rng, rank)
    length = shape[dim] if -rank <= dim < rank else 4
    kind = rng.random()
    number = rng.choice([0, 0, 1, 1, 2])
    if kind < 0.25:
        return f"Select({dim}, {rng.randint(-length - 1, length)})", shape
    if kind < 0.5:
        return f"Chunk({rng.randint(1, 5)}, dim={dim}, part={number})", shape
    if kind < 0.75:
        return f"Split({rng.randint(1, 5)}, dim={dim}, part={number})", shape
    first = rng.randint(1, length)
    sizes = [first] + ([length - first] if length > first else [])
    sizes = sizes if len(sizes) > 1 else [first, first + 1]
    return f"Split({tuple(sizes)}, dim={dim}, part={rng.randint(0, 1)})", shape


def expand(rng):
    shape = [1 if rng.random() < 0.5 else length for length in axes(rng, rank=rng.randint(1, 4))]
    if rng.random() < 0.5:
        size = [rng.randint(1, 4) if length == 1 else rng.choice([-1, length]) for length in shape]
        size = [-1 if rng.random() < 0.2 else length for length in size]
        if rng.random() < 0.3:
            size.insert(0, rng.randint(1, 3))
        if rng.random() < 0.1:
            size[-1] += 1
        return f"Expand({tuple(size)})", shape
    dims = [rng.randint(1, 3) for _ in range(rng.randint(1, len(shape) + 1))]
    if rng.random() < 0.4:
        dims[0] = 1
    return f"Tile({tuple(dims)})", shape


def blocks(rng):
    block = rng.randint(1, 3)
    n, c, h, w = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 3), rng.randint(1, 4)
    odd = int(rng.random() < 0.12)
    kind = rng.randrange(4)
    if kind == 0:
        groups = rng.randint(1, 4)
        shape = [n, groups * c + odd, *axes(rng, rank=rng.randint(0 if odd else 1, 3), high=4)]
        return f"nn.ChannelShuffle({groups})", shape
    if kind == 1:
        return f"SpaceToDepth({block})", [n, c, h * block + odd, w * block]
    if kind == 2:
        return f"DepthToSpace({block})", [n, c * block**2 + odd, h, w]
    return f"DepthToSpace({block}, mode='CRD')", [n, c * block**2 + odd, h, w]


section("flatten", 40, flatten)
section("reshape", 60, reshape)
section("unflatten", 36, unflatten)
section("permute", 60, permute)
section("flip", 24, flip)
section("squeeze", 60, squeeze)
section("slices", 80, slices)
section("parts", 90, parts)
section("expand", 60, expand)
section("blocks", 90, blocks)


def concat(rng):
    shape = axes(rng, rank=rng.randint(1, 4), high=3)
    rank = len(shape)
    dim = some_dim(rng, rank)
    count = rng.choice([1, 2, 2, 3, 4, 7, 12, 33])
    shapes = []
    for _ in range(count):
        own = list(shape[:])
        if -rank <= dim < rank:
            own[dim] = rng.randint(1, 3)
        if rng.random() < 0.1 / count:
            own[rng.randrange(rank)] += 1
        shapes.append(own)
    return f"Concat(dim={dim})", *shapes


def stack(rng):
    shape = axes(rng, rank=rng.randint(1, 4), high=4)
    count = rng.choice([1, 2, 3, 5])
    shapes = [list(shape) for _ in range(count)]
    if rng.random() < 0.1:
        shapes[-1][0] += 1
    return f"Stack(dim={some_dim(rng, len(shape) + 1)})", *shapes


def sides(rng, count, high=3, negative=0.15):
    return [
        -rng.randint(1, 2) if rng.random() < negative else rng.randint(0, high)
        for _ in range(2 * count)
    ]


def small(rng, rank):
    high = {1: 6, 2: 6, 3: 5, 4: 3}.get(rank, 2)
    return [rng.randint(1, high) for _ in range(rank)]


def padding(kind, value=False):
    def make(rng):
        count = rng.randint(1, 3)
        rank = count + rng.choice([1, 2])
        if rng.random() < 0.06:
            rank = rng.choice([count, count + 3])
        pad = sides(rng, count)
        text = tuple(pad)
        if rng.random() < 0.25:
            text = pad[0]
        more = f", {rng.choice([-1.5, 0.25, 3.0])}" if value else ""
        return f"nn.{kind}Pad{count}d({text}{more})", small(rng, rank)

    return make


def pad(rng):
    mode = rng.choice(["constant", "constant", "reflect", "replicate", "circular"])
    count = rng.randint(1, 3)
    rank = count + rng.choice([1, 2])
    if mode == "constant":
        rank = rng.randint(1, 5)
        count = rng.randint(1, rank) if rng.random() > 0.06 else rank + 1
    given = f"{tuple(sides(rng, count))}"
    if mode != "constant":
        given += f", mode='{mode}'"
    elif rng.random() < 0.5:
        given += f", value={rng.choice([-2.0, 0.5])}"
    return f"Pad({given})", small(rng, rank)


def index(rng):
    shape = axes(rng)
    rank = len(shape)
    dim = some_dim(rng, rank)
    if rng.random() < 0.5:
        count = rng.randint(1, min(rank, 3))
        dims = rng.sample(range(rank), count)
        if rng.random() < 0.2:
            dims.append(dims[0])
        shifts = [rng.randint(-7, 7) for _ in dims]
        dims = [dim - rank if rng.random() < 0.3 else dim for dim in dims]
        return f"Roll({tuple(shifts)}, {tuple(dims)})", shape
    length = shape[dim] if -rank <= dim < rank else 3
    numbers = [rng.randint(-length, length - 1) for _ in range(rng.randint(1, 6))]
    return f"IndexSelect({dim}, {tuple(numbers)})", shape


section("concat", 60, concat)
section("stack", 30, stack)
for kind in ["Zero", "Reflection", "Replication", "Circular"]:
    section(f"{kind} pads", 50, padding(kind))
section("Constant pads", 50, padding("Constant", value=True))
section("pad", 60, pad)
section("index", 60, index)


def main():
    values = []
    with open(HERE / "moves.jsonl", "w") as lines:
        for text, shapes, seed in CASES:
            case = {
                "layer": text,
                "inputs": ["x".join(map(str, shape)) for shape in shapes],
                "seed": seed,
            }
            try:
                output = run(text, shapes, seed)
                if output.numel() == 0:
                    case["error"] = "nothing is left"
                else:
                    case["output"] = list(output.shape)
                    values.append(output.contiguous().numpy().astype("<f4").tobytes())
            except Exception as error:
                case["error"] = str(error).split("\n")[0][:100]
            lines.write(json.dumps(case) + "\n")
    (HERE / "moves.f32").write_bytes(b"".join(values))


main()
