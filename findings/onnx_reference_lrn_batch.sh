#!/usr/bin/env bash
# onnx's reference evaluator normalises only as many channels by LRN as the batch has items.
#
# Versions: onnx 1.23.2, onnxruntime 1.32.0 (PyPI).
# Seen: LRN (size 3, alpha 3, beta 1, bias 1) on the channels 1 2 3 4. With a batch of one the reference
#   normalises the first channel and hands the others out as they came; with two items two channels; with
#   four all; with five an IndexError. onnxruntime gives the same four numbers in every batch. With a bias
#   other than 1 the untouched channels are still divided by its power.
# One would guess otherwise: no item of a batch depends on how many others there are, and the reference
#   evaluator is what a runtime's numbers are held against. The operator's own test cases have 5 items of
#   5 channels, where it is right.
# Remedy: evaluate with as many items as there are channels.
#
# Output seen:
#   | batch of 1: reference [0.1667, 2.0, 3.0, 4.0], onnxruntime [0.1667, 0.1333, 0.1, 0.1538]
#   | batch of 2: reference [0.1667, 0.1333, 3.0, 4.0], onnxruntime [0.1667, 0.1333, 0.1, 0.1538]
#   | batch of 4: reference [0.1667, 0.1333, 0.1, 0.1538], onnxruntime [0.1667, 0.1333, 0.1, 0.1538]
#   | batch of 5: reference IndexError, onnxruntime [0.1667, 0.1333, 0.1, 0.1538]
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
from onnx.reference import ReferenceEvaluator

for batch in [1, 2, 4, 5]:
    x = numpy.tile(numpy.arange(1, 5, dtype=numpy.float32).reshape(1, 4, 1, 1), (batch, 1, 1, 1))
    graph = helper.make_graph(
        [helper.make_node("LRN", ["x"], ["y"], size=3, alpha=3.0, beta=1.0, bias=1.0)],
        "normalise",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, x.shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    told = []
    for runtime in [ReferenceEvaluator(model), session]:
        try:
            y = runtime.run(None, {"x": x})[0]
            told.append([round(value, 4) for value in y[0].ravel().tolist()])
        except IndexError as error:
            told.append(type(error).__name__)
    print(f"batch of {batch}: reference {told[0]}, onnxruntime {told[1]}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
