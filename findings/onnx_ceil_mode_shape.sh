#!/usr/bin/env bash
# The onnx package says two things of the size of a pool with ceil_mode, and which depends on the opset.
#
# Versions: onnx 1.23.2, onnxruntime 1.32.0 (PyPI).
# Seen: MaxPool, kernel 3, stride 3, padding 1, ceil_mode=1 on 5 elements. The third window would lie on
#   padding alone. Shape inference counts it up to opset 21 and leaves it out from opset 22, whose text was
#   given a sentence to that effect. The reference evaluator of the same package, and onnxruntime, leave
#   it out in every opset. AveragePool and LpPool likewise.
# One would guess otherwise: the package's inference and its reference are held for one statement of the
#   standard, and value_info that inference wrote is taken for the truth by viewers and by whoever
#   allocates from it. onnxruntime does warn, when it runs.
#
# Output seen:
#   | MaxPool opset 12: inferred 3, reference 2, onnxruntime 2
#   | MaxPool opset 21: inferred 3, reference 2, onnxruntime 2
#   | MaxPool opset 22: inferred 2, reference 2, onnxruntime 2
#   | AveragePool opset 21: inferred 3, reference 2, onnxruntime 2
#   | AveragePool opset 22: inferred 2, reference 2, onnxruntime 2
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

# onnxruntime warns that the shape it finds is not the declared one; that is the finding.
onnxruntime.set_default_logger_severity(3)
x = numpy.arange(1, 6, dtype=numpy.float32).reshape(1, 1, 5)
for operator, opset in [("MaxPool", 12), ("MaxPool", 21), ("MaxPool", 22), ("AveragePool", 21), ("AveragePool", 22)]:
    node = helper.make_node(operator, ["x"], ["y"], kernel_shape=[3], strides=[3], pads=[1, 1], ceil_mode=1)
    graph = helper.make_graph(
        [node],
        "pool",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "columns"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    inferred = onnx.shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape.dim[-1].dim_value
    reference = ReferenceEvaluator(model).run(None, {"x": x})[0].shape[-1]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    run = session.run(None, {"x": x})[0].shape[-1]
    print(f"{operator} opset {opset}: inferred {inferred}, reference {reference}, onnxruntime {run}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
