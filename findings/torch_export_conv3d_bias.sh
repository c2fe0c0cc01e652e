#!/usr/bin/env bash
# A Conv3d without a bias becomes a file that no runtime computes.
#
# Versions: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only), onnxscript 0.7.2,
#   onnx 1.23.2, onnxruntime 1.32.0.
# Seen: with optimize=False, torch.onnx.export gives a Conv3d without a bias one of zeros, of the shape (channels, 2).
#   ONNX Runtime refuses it when it runs. Conv1d and Conv2d without a bias get one of the shape (channels).
# One would guess otherwise: what the exporter writes is valid, and `optimize` changes no result.
# Remedy: leave out a third input of a Conv that is no parameter and zero.
#
# Output seen:
#   | Conv2d, optimize=True: Conv: (1, 4, 4, 4)
#   | Conv2d, optimize=False: Shape Constant Expand Constant CastLike Expand Conv: (1, 4, 4, 4)
#   | Conv3d, optimize=True: Conv: (1, 4, 2, 4, 4)
#   | Conv3d, optimize=False: Shape Constant Concat Constant CastLike Expand Conv: bias must be a 1D tensor of size output_channels (4)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 onnxscript==0.7.2 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$work/venv/bin/python" - "$work/net.onnx" <<'PYTHON' 2>/dev/null | tee "$work/seen"
import sys

import numpy
import onnx
import onnxruntime
import torch
from torch import nn

for layer, shape in [(nn.Conv2d(1, 4, 3, bias=False), (1, 1, 6, 6)), (nn.Conv3d(1, 4, 3, bias=False), (1, 1, 4, 6, 6))]:
    for optimize in [True, False]:
        torch.onnx.export(layer.eval(), (torch.rand(shape),), sys.argv[1], verbose=False, optimize=optimize, input_names=["x"])
        nodes = [node.op_type for node in onnx.load(sys.argv[1]).graph.node]
        try:
            session = onnxruntime.InferenceSession(sys.argv[1])
            told = str(session.run(None, {"x": numpy.zeros(shape, "f4")})[0].shape)
        except Exception as why:
            told = "bias" + str(why).rpartition("bias")[2]
        print(f"{type(layer).__name__}, optimize={optimize}: {' '.join(nodes)}: {told}", flush=True)
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
