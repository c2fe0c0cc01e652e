#!/usr/bin/env python3
"""Sets PyTorch beside `cargo bench --bench eval`: GMAC a second on the same cores.

    python3 -m venv venv && venv/bin/pip install torch
    cargo bench --bench eval && venv/bin/python benches/eval_vs_pytorch.py

Reads criterion's own estimates where they are (target/criterion, or CARGO_TARGET_DIR). Not in CI.
"""

import json
import os
import pathlib
import time

import torch
from torch import nn

CASES = [
    ("conv 3x3, 64 filters, 64x56x56", nn.Conv2d(64, 64, 3, padding=1, bias=False), (64, 56, 56)),
    ("conv 1x1, 64 filters, 64x56x56", nn.Conv2d(64, 64, 1, bias=False), (64, 56, 56)),
    ("depthwise 3x3, 64x56x56", nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False), (64, 56, 56)),
    (
        "transposed 3x3, stride 2, 64x28x28",
        nn.ConvTranspose2d(64, 64, 3, stride=2, bias=False),
        (64, 28, 28),
    ),
]


def macs(layer, shape, output):
    if isinstance(layer, nn.ConvTranspose2d):
        return shape[0] * shape[1] * shape[2] * layer.weight[0].numel()
    return output.numel() * layer.weight[0].numel()


def pytorch_seconds(layer, data):
    with torch.inference_mode():
        for _ in range(20):
            layer(data)
        times = []
        for _ in range(7):
            start = time.perf_counter()
            for _ in range(30):
                layer(data)
            times.append((time.perf_counter() - start) / 30)
    return sorted(times)[len(times) // 2]


def our_seconds(name):
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    folder = "".join("_" if c in '/\\?*":<>|,' else c for c in name)
    for path in (target / "criterion" / "eval").glob("*/new/estimates.json"):
        if path.parent.parent.name in (name, folder):
            return json.loads(path.read_text())["median"]["point_estimate"] / 1e9
    return None


def main():
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{'case':45} {'ours':>8} {'PyTorch':>8}  GMAC/s")
    for name, layer, shape in CASES:
        data = torch.rand(1, *shape)
        count = macs(layer, shape, layer(data))
        ours, theirs = our_seconds(name), pytorch_seconds(layer, data)
        ours = "-" if ours is None else f"{count / ours / 1e9:.1f}"
        print(f"{name:45} {ours:>8} {count / theirs / 1e9:>8.1f}")


if __name__ == "__main__":
    main()
