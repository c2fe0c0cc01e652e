#!/usr/bin/env bash
# onnxruntime's Resize hands out its input unchanged where the scale is not 1 but every length stays.
#
# Versions: onnxruntime 1.32.0, onnx 1.23.2 (PyPI).
# Seen: 6 elements times 1.1 are 6 (6.6, rounded down), and onnxruntime copies them. By the formula the n-th
#   element lies at n / 1.1 (asymmetric) or (n + 0.5) / 1.1 - 0.5 (half_pixel), and onnx's reference evaluator
#   computes so: 1 1 2 3 4 5 for the nearest, 1 1.909 2.818 ... when linear. At 1.25, where the length becomes
#   7, the two agree.
# One would guess otherwise: the operator computes places from the scale that is given and not from the
#   lengths, and onnxruntime does so as soon as the length changes by one.
# Remedy: none in the file; a test of an exported model that has such a scale tells nothing about it.
#
# Output seen:
#   | 1.1 asymmetric nearest: [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], reference [1.0, 1.0, 2.0, 3.0, 4.0, 5.0]
#   | 1.1 asymmetric linear: [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], reference [1.0, 1.909, 2.818, 3.727, 4.636, 5.545]
#   | 1.1 half_pixel linear: [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], reference [1.0, 1.864, 2.773, 3.682, 4.591, 5.5]
#   | 1.25 asymmetric nearest: [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0], reference [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0]
#   | 1.25 asymmetric linear: [1.0, 1.8, 2.6, 3.4, 4.2, 5.0, 5.8], reference [1.0, 1.8, 2.6, 3.4, 4.2, 5.0, 5.8]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

x = numpy.arange(1, 7, dtype=numpy.float32).reshape(1, 1, 6)
for scale, places, mode in [
    (1.1, "asymmetric", "nearest"),
    (1.1, "asymmetric", "linear"),
    (1.1, "half_pixel", "linear"),
    (1.25, "asymmetric", "nearest"),
    (1.25, "asymmetric", "linear"),
]:
    node = helper.make_node(
        "Resize",
        ["x", "", "scales"],
        ["y"],
        mode=mode,
        coordinate_transformation_mode=places,
        nearest_mode="floor",
    )
    graph = helper.make_graph(
        [node],
        "resize",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "columns"])],
        [numpy_helper.from_array(numpy.array([1, 1, scale], numpy.float32), "scales")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    run, reference = (
        [round(value, 3) for value in runtime.run(None, {"x": x})[0].ravel().tolist()]
        for runtime in [session, ReferenceEvaluator(model)]
    )
    print(f"{scale} {places} {mode}: {run}, reference {reference}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
