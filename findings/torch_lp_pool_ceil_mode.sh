#!/usr/bin/env bash
# torch's LPPool2d with ceil_mode makes windows that hang over the edge as large as whole ones.
#
# Version: torch 2.15.0 on the CPU (PyPI; a download of some 3 GB, since PyPI has it with CUDA only).
# Seen: norm 1, kernel 2 on 3 x 3 ones. The window in the corner holds a single one and gives 4, as the whole
#   windows do. It is the average of what lies inside, times the number of elements of a whole kernel. So a
#   single 5 in the corner gives 20 for norm 1 and 10 for norm 2. LPPool1d likewise. torch exports it to
#   ONNX as that AveragePool and factor.
# One would guess otherwise: the documentation gives the root of the sum of the powers of the elements in the
#   window, and says that with norm 1 it is a sum; a sum over less is less. A norm of one number is that number.
# Remedy: pad with zeros to whole windows, and leave ceil_mode out.
#
# Output seen:
#   | norm 1, ones: [[4.0, 4.0], [4.0, 4.0]]
#   | norm 1, ones, padded with zeros: [[4.0, 2.0], [2.0, 1.0]]
#   | norm 1, 5 in the corner: [[0.0, 0.0], [0.0, 20.0]]
#   | norm 2, 5 in the corner: [[0.0, 0.0], [0.0, 10.0]]
#   | norm 2, 5 in the corner, padded with zeros: [[0.0, 0.0], [0.0, 5.0]]
#   | LPPool1d, norm 1, ones: [2.0, 2.0]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import torch
from torch import nn

ones = torch.ones(1, 1, 3, 3)
corner = torch.zeros(1, 1, 3, 3)
corner[0, 0, 2, 2] = 5
for norm, name, x in [(1, "ones", ones), (1, "5 in the corner", corner), (2, "5 in the corner", corner)]:
    print(f"norm {norm}, {name}: {nn.LPPool2d(norm, 2, ceil_mode=True)(x)[0, 0].tolist()}")
    if name == "ones" or norm == 2:
        padded = nn.functional.pad(x, (0, 1, 0, 1))
        print(f"norm {norm}, {name}, padded with zeros: {nn.LPPool2d(norm, 2)(padded)[0, 0].tolist()}")
print(f"LPPool1d, norm 1, ones: {nn.LPPool1d(1, 2, ceil_mode=True)(torch.ones(1, 1, 3))[0, 0].tolist()}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
