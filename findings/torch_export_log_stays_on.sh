#!/usr/bin/env bash
# torch.onnx.export(dynamo=False, verbose=False) switches its log on, and leaves it on.
#
# Versions: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only), onnx 1.23.2.
# Seen: the log of the older exporter is off before the first export. One that succeeds, with verbose=False, leaves it on.
#   One that fails then prints both of its graphs to standard output, from C++, beside the exception that it raises.
# One would guess otherwise: verbose=False says nothing, and what fails says so in its exception. A program whose standard
#   output is read by another, and which catches the exception, has some lines of a graph in its data; Python's
#   contextlib.redirect_stdout does not keep them back.
# Remedy: redirect file descriptor 1 around the call (os.dup2).
#
# Output seen:
#   | log on before: False
#   | log on after an export that succeeds: True
#   | standard output of an export that fails, lines: 10
#   | the first: ONNX graph being constructed during exception:
#   | the exception: UnsupportedOperatorError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 onnx==1.23.2 numpy==2.4.6
cat >"$work/failing.py" <<'PYTHON'
import contextlib
import io
import sys

import torch
from torch import nn


class SingularValues(nn.Module):
    def forward(self, x):
        return torch.linalg.svd(x)[1]


def export(model):
    torch.onnx.export(model, (torch.rand(3, 3),), io.BytesIO(), dynamo=False, verbose=False)


before = torch._C._jit_is_onnx_log_enabled()
export(nn.ReLU())
after = torch._C._jit_is_onnx_log_enabled()
try:
    with contextlib.redirect_stdout(io.StringIO()):
        export(SingularValues())
except Exception as why:
    exception = type(why).__name__
with open(sys.argv[1], "w") as file:
    print(before, after, exception, file=file)
PYTHON
"$work/venv/bin/python" "$work/failing.py" "$work/told" >"$work/output" 2>/dev/null
read -r before after exception <"$work/told"
{
    echo "log on before: $before"
    echo "log on after an export that succeeds: $after"
    echo "standard output of an export that fails, lines: $(grep -c . "$work/output")"
    echo "the first: $(head -n 1 "$work/output")"
    echo "the exception: $exception"
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
