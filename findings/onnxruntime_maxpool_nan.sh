#!/usr/bin/env bash
# Whether a NaN comes through onnxruntime's MaxPool depends on where in the window, and how long the row, is.
#
# Version: onnxruntime 1.32.0 (PyPI), on x86-64.
# Seen: windows of 3 with stride 1 on a row 1 2 3 ... with one NaN. In a row of 6 the NaN comes out
#   of the window whose last element it is, and is skipped by the two others that hold it. In a row of 3
#   it is skipped, and a row of nothing but NaN is -3.4028235e+38. GlobalMaxPool and ReduceMax of the row of
#   3 skip it too.
# One would guess otherwise: a maximum either keeps NaN (PyTorch, numpy.max) or skips it (numpy.nanmax), in
#   every place; and a network that is searched for the first NaN is searched by its outputs.
#
# Output seen:
#   | MaxPool of [1.0, 2.0, nan, 4.0, 5.0, 6.0]: [nan, 4.0, 5.0, 6.0]
#   | MaxPool of [1.0, nan, 3.0, 4.0, 5.0, 6.0]: [3.0, 4.0, 5.0, 6.0]
#   | MaxPool of [1.0, 2.0, 3.0, nan, 5.0, 6.0]: [3.0, nan, 5.0, 6.0]
#   | MaxPool of [1.0, 2.0, nan]: [2.0]
#   | MaxPool of [nan, nan, nan]: [-3.4028234663852886e+38]
#   | GlobalMaxPool of [1.0, 2.0, nan]: [2.0]
#   | ReduceMax of [1.0, 2.0, nan]: [2.0]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

nan = numpy.nan
for operator, row in [
    ("MaxPool", [1, 2, nan, 4, 5, 6]),
    ("MaxPool", [1, nan, 3, 4, 5, 6]),
    ("MaxPool", [1, 2, 3, nan, 5, 6]),
    ("MaxPool", [1, 2, nan]),
    ("MaxPool", [nan, nan, nan]),
    ("GlobalMaxPool", [1, 2, nan]),
    ("ReduceMax", [1, 2, nan]),
]:
    x = numpy.array(row, numpy.float32).reshape(1, 1, 1, -1)
    window = {"kernel_shape": [1, 3]} if operator == "MaxPool" else {}
    graph = helper.make_graph(
        [helper.make_node(operator, ["x"], ["y"], **window)],
        "pool",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 1, "columns"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    y = session.run(None, {"x": x})[0].ravel()
    print(f"{operator} of {x.ravel().tolist()}: {y.tolist()}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
