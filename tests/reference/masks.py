#!/usr/bin/env python3
"""Makes the reference vectors of tests/masks.rs with PyTorch: triangles, and choices by a condition.

    venv/bin/python tests/reference/masks.py

Writes masks.jsonl (a line a case: the layer, the shapes of its inputs with their batch, and either
the shape of the result or PyTorch's error) and masks.f32 (all results, little-endian f32) beside
itself. Inputs are drawn from SplitMix64, input n from seed + 100 * n: real numbers, and whole ones
from -2 to 2 for a condition. A new section goes to the end. Written with PyTorch 2.15.0 on a CPU.
"""

import json
import pathlib
import random
import zlib

import numpy
import torch

HERE = pathlib.Path(__file__).parent
MASK = (1 << 64) - 1


def drawn(seed, shape, whole=False):
    """Fill::Uniform and Fill::Random of src/tensor/fill.rs."""
    state, out = seed & MASK, []
    for _ in range(int(numpy.prod(shape, dtype=int))):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        out.append((z * 5 >> 64) - 2 if whole else numpy.float32((z >> 40) / (1 << 24)) * 2 - 1)
    return torch.tensor(numpy.array(out, dtype=numpy.float32).reshape(shape))


OURS = {
    "Tril": lambda diagonal=0: lambda x: torch.tril(x, diagonal),
    "Triu": lambda diagonal=0: lambda x: torch.triu(x, diagonal),
    "Where": lambda: lambda condition, x, y: torch.where(condition != 0, x, y),
}

CASES = []


def section(name, count, make):
    """So many cases; each section has a generator of its own, so that others do not move it."""
    rng = random.Random(zlib.crc32(name.encode()))
    for _ in range(count):
        text, *shapes = make(rng)
        CASES.append((text, shapes, rng.randrange(1, 1 << 31)))


def lengths(rng, rank, high):
    return [rng.randint(1, high) for _ in range(rank)]


def triangle(name):
    def make(rng):
        rank = 1 if rng.random() < 0.06 else rng.randint(2, 5)
        shape = lengths(rng, rank, 7 if rank < 4 else 4)
        if rng.random() < 0.25:
            return f"{name}()", shape
        return f"{name}(diagonal={rng.randint(-8, 8)})", shape

    return make


def where(rng):
    rank = rng.randint(1, 5)
    whole = lengths(rng, rank, 6 if rank < 4 else 4)
    shapes = []
    for _ in range(3):
        shape = [1 if rng.random() < 0.25 else length for length in whole]
        if rng.random() < 0.3:
            shape = shape[rng.randint(0, rank - 1):]
        shapes.append(shape)
    if rng.random() < 0.1:
        shapes[rng.randrange(3)][-1] += 1
    return "Where()", *shapes


section("tril", 40, triangle("Tril"))
section("triu", 40, triangle("Triu"))
section("where", 60, where)


def main():
    values = []
    with open(HERE / "masks.jsonl", "w") as lines:
        for text, shapes, seed in CASES:
            case = {
                "layer": text,
                "inputs": ["x".join(map(str, shape)) for shape in shapes],
                "seed": seed,
            }
            inputs = [
                drawn(seed + 100 * n, shape, whole=n == 0 and text == "Where()")
                for n, shape in enumerate(shapes)
            ]
            try:
                output = eval(text, OURS)(*inputs)
                case["output"] = list(output.shape)
                values.append(output.contiguous().numpy().astype("<f4").tobytes())
            except Exception as error:
                case["error"] = str(error).split("\n")[0][:100]
            lines.write(json.dumps(case) + "\n")
    (HERE / "masks.f32").write_bytes(b"".join(values))


main()
