#!/usr/bin/env bash
# A bias of zeros is left out of the file by torch's exporter, and equal biases of two layers become one.
#
# Versions: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only), onnxscript 0.7.2,
#   onnx 1.23.2.
# Seen: of two convolutions whose biases are zero, as many initialisations leave them, dynamo=True (the default)
#   writes both Conv without a third input, and no bias is in the file. dynamo=False writes the first bias, and an
#   Identity of it for the second. With biases of ones, both exporters write one bias, under the name of the first
#   layer, for both layers, though the two share nothing in the model.
# One would guess otherwise: parameters stand in the file under their names in the state_dict, `bias=True` is a part
#   of the layer and not of its numbers, and a freshly initialised network is what one exports to try a runtime, to
#   load weights by name or to count: this one has 38 parameters in torch, and 34 or 36 in its files.
# Remedy: count and name parameters in the state_dict; export trained weights, which differ.
#
# Output seen:
#   | torch: 38 parameters: first.weight first.bias second.weight second.bias
#   | zeros, dynamo=True: 34: first.weight second.weight; Conv(x first.weight) Conv(conv2d second.weight)
#   | zeros, dynamo=False: 36: first.bias first.weight second.weight; Identity(first.bias) Conv(x first.weight first.bias) Conv(/first/Conv_output_0 second.weight second.bias)
#   | ones, dynamo=True: 36: first.bias first.weight second.weight; Conv(x first.weight first.bias) Conv(conv2d second.weight first.bias)
#   | ones, dynamo=False: 36: first.bias first.weight second.weight; Identity(first.bias) Conv(x first.weight first.bias) Conv(/first/Conv_output_0 second.weight second.bias)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 onnxscript==0.7.2 onnx==1.23.2 numpy==2.4.6
"$work/venv/bin/python" - "$work/net.onnx" <<'PYTHON' 2>/dev/null | tee "$work/seen"
import sys

import onnx
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self, bias):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 2)
        for layer in (self.first, self.second):
            nn.init.constant_(layer.bias, bias)

    def forward(self, x):
        return self.second(self.first(x))


torch.manual_seed(0)
names = [name for name, _ in Two(0.0).named_parameters()]
count = sum(parameter.numel() for parameter in Two(0.0).parameters())
print(f"torch: {count} parameters: {' '.join(names)}")
for word, bias in [("zeros", 0.0), ("ones", 1.0)]:
    for dynamo in [True, False]:
        options = {"dynamo": dynamo, "input_names": ["x"], "verbose": False}
        torch.onnx.export(Two(bias).eval(), (torch.rand(1, 1, 8, 8),), sys.argv[1], **options)
        graph = onnx.load(sys.argv[1]).graph
        kept = " ".join(sorted(tensor.name for tensor in graph.initializer))
        size = sum(onnx.numpy_helper.to_array(tensor).size for tensor in graph.initializer)
        nodes = " ".join(f"{node.op_type}({' '.join(node.input)})" for node in graph.node)
        print(f"{word}, dynamo={dynamo}: {size}: {kept}; {nodes}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
