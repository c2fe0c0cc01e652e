#!/usr/bin/env bash
# In torch's export, the node of a convolution says that it is the batch normalisation behind it, and a Split says nothing.
#
# Versions: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only), onnxscript 0.7.2,
#   onnx 1.23.2.
# Seen: each node that torch.onnx.export writes holds the module that it comes from, in `pkg.torch.onnx.name_scopes`. By
#   default the exporter joins Conv2d and BatchNorm2d to one Conv; that node's module is `bn`, and no node is of `conv`. What
#   it makes of `chunk` or `split`, one Split, has no metadata at all.
# One would guess otherwise: the node is a Conv with the weights named `conv.weight`, so it is `conv`'s; and every node of
#   the file says where it is from, since that is what the property is for. Who colours a graph by modules, or looks a layer's
#   output up by its module, finds no `conv`, and its output under `bn`.
# Remedy: optimize=False, where every node has its own module (and `chunk` is SplitToSequence and SequenceAt).
#
# Output seen:
#   | default: Conv of bn reads conv.weight; Split of nothing reads -; Sigmoid of gate reads -; Mul of gate reads -
#   | optimize=False: Conv of conv; BatchNormalization of bn; SplitToSequence of gate; SequenceAt of gate; SequenceAt of gate; Sigmoid of gate; Mul of gate
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 onnxscript==0.7.2 onnx-ir==1.1.0 onnx==1.23.2 numpy==2.4.6
cat >"$work/scopes.py" <<'PYTHON'
import ast

import torch
from torch import nn


class Gate(nn.Module):
    def forward(self, x):
        first, second = x.chunk(2, 1)
        return first * torch.sigmoid(second)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn, self.gate = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), Gate()

    def forward(self, x):
        return self.gate(self.bn(self.conv(x)))


def nodes(**options):
    program = torch.onnx.export(Net().eval(), (torch.rand(1, 1, 8, 8),), dynamo=True, verbose=False, **options)
    for node in program.model.graph:
        if node.op_type in ("Constant", "Cast", "CastLike", "Expand", "Shape"):
            continue
        scopes = node.metadata_props.get("pkg.torch.onnx.name_scopes")
        module = ast.literal_eval(scopes)[-2] if scopes else "nothing"
        yield node, f"{node.op_type} of {module}"


torch.manual_seed(0)
told = []
for node, text in nodes():
    weights = [value.name for value in node.inputs if value is not None and value.name.endswith(".weight")]
    told.append(f"{text} reads {' '.join(weights) or '-'}")
print(f"default: {'; '.join(told)}")
print(f"optimize=False: {'; '.join(text for _, text in nodes(optimize=False))}")
PYTHON
"$work/venv/bin/python" "$work/scopes.py" 2>/dev/null | grep -v '^\[torch.onnx\]' | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
