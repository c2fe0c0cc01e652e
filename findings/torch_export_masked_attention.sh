#!/usr/bin/env bash
# A query that may attend to nothing is given zeros by torch, and the mean of all values or NaN by torch's export.
#
# Versions: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only), onnxscript 0.7.2,
#   onnx 1.23.2, onnxruntime 1.32.0.
# Seen: scaled_dot_product_attention gives a row of zeros where the mask excludes every key, be it by False or
#   by -inf, although the softmax of that row is NaN. Exported with the default opset, 20, a mask of truths
#   becomes one of 0 and -3.4e38, and so the row is the plain mean of the values that the mask excludes;
#   the IsNaN and Where that follow in the file to make it zero never find a NaN. A mask of -inf gives NaN,
#   without that pair. With opset 23, where Attention is one operator, both give zeros. The other rows agree.
# One would guess otherwise: the two masks mean the same to torch, a higher opset is taken for the same
#   network in newer words, and a padded batch has such rows as a matter of course.
# Remedy: opset_version=23; or multiply such rows by 0 (for a mask of truths).
#
# Output seen:
#   | softmax of a row of -inf: [nan, nan, nan]
#   | torch, mask of bool: [[1.0, 2.0], [0.0, 0.0]]
#   | opset 20, mask of bool: [[1.0, 2.0], [2.0, 3.0]] by Where IsNaN Where
#   | opset 23, mask of bool: [[1.0, 2.0], [0.0, 0.0]] by Attention
#   | torch, mask of float32: [[1.0, 2.0], [0.0, 0.0]]
#   | opset 20, mask of float32: [[1.0, 2.0], [nan, nan]] by
#   | opset 23, mask of float32: [[1.0, 2.0], [0.0, 0.0]] by Attention
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 onnxscript==0.7.2 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import onnxruntime
import torch
from torch import nn


class Attend(nn.Module):
    def forward(self, query, key, value, mask):
        return nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def told(result):
    return [[round(number, 4) for number in row] for row in result.reshape(2, 2).tolist()]


attend = Attend().eval()
print(f"softmax of a row of -inf: {torch.full([3], -torch.inf).softmax(0).tolist()}")
query, key = torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 2)
value = torch.tensor([[[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]]])
truths = torch.tensor([[True, True, False], [False, False, False]])
for mask in [truths, torch.zeros(2, 3).masked_fill(~truths, -torch.inf)]:
    kind = f"mask of {str(mask.dtype).removeprefix('torch.')}"
    inputs = (query, key, value, mask)
    print(f"torch, {kind}: {told(attend(*inputs))}")
    for opset in [20, 23]:
        program = torch.onnx.export(attend, inputs, opset_version=opset, dynamo=True, verbose=False)
        model = program.model_proto
        operators = " ".join(n.op_type for n in model.graph.node if n.op_type in ["Attention", "IsNaN", "Where"])
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        result = session.run(None, {i.name: x.numpy() for i, x in zip(session.get_inputs(), inputs)})[0]
        print(f"opset {opset}, {kind}: {told(result)} by {operators}".rstrip())
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
