#!/usr/bin/env bash
# torch's Upsample to the nearest forgets a fractional scale for pictures, where the length stays or doubles.
#
# Version: torch 2.15.0 on the CPU (PyPI; a download of some 3 GB, since PyPI has it with CUDA only).
# Seen: 6 elements times 1.16 are 6. For lines and for volumes the n-th is taken from n / 1.16, so it is
#   0 0 1 2 3 4; for pictures it is a copy. Times 2.1 it is 12, by n / 2.1 for lines and volumes and each
#   element twice for pictures. At 1.45 all three agree.
# One would guess otherwise: the three are one layer that is told its axes by its input, and the scale given
#   is used as it is unless recompute_scale_factor is set. So a line moved into a picture of one row
#   should give the same.
# Remedy: give size in place of scale_factor, where the plain copy is meant.
#
# Output seen:
#   | times 1.16, line: [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]
#   | times 1.16, picture: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
#   | times 1.16, volume: [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]
#   | times 2.1, line: [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0]
#   | times 2.1, picture: [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0]
#   | times 2.1, volume: [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0]
#   | times 1.45, line: [0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0]
#   | times 1.45, picture: [0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0]
#   | times 1.45, volume: [0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import torch
from torch import nn

for scale in [1.16, 2.1, 1.45]:
    for name, axes in [("line", 1), ("picture", 2), ("volume", 3)]:
        x = torch.arange(6.0).reshape([1, 1] + [1] * (axes - 1) + [6])
        layer = nn.Upsample(scale_factor=(1.0,) * (axes - 1) + (scale,), mode="nearest")
        print(f"times {scale}, {name}: {layer(x).flatten().tolist()}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
