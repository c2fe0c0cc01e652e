#!/usr/bin/env bash
# With an output_shape, MaxUnpool of onnxruntime and of onnx put the same values in different places.
#
# Versions: onnx 1.23.2, onnxruntime 1.32.0 (PyPI).
# Seen: values 1 2 3 4 with the indices 5 7 13 15, kernel and stride 2, to 5 x 5. The indices count through an
#   array, and onnxruntime takes the 5 x 5 of output_shape for it, so 5 is the start of the second row. onnx's
#   reference evaluator, and the operator's own test case, take the 4 x 4 that kernel and stride infer (where
#   5 is row 1, column 1) and pad the result. Without output_shape the two agree.
# One would guess otherwise: indices come from MaxPool, which counts them through its input; output_shape is
#   there to say the size of that input where kernel and stride do not (5 pooled by 2 is 2, too), and then
#   onnxruntime's places are the right ones, and those of the reference are not.
#
# Output seen:
#   | no output_shape: onnxruntime [[1, 1], [1, 3], [3, 1], [3, 3]]
#   | no output_shape: reference [[1, 1], [1, 3], [3, 1], [3, 3]]
#   | output_shape 5 x 5: onnxruntime [[1, 0], [1, 2], [2, 3], [3, 0]]
#   | output_shape 5 x 5: reference [[1, 1], [1, 3], [3, 1], [3, 3]]
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

x = numpy.array([[[[1, 2], [3, 4]]]], numpy.float32)
places = numpy.array([[[[5, 7], [13, 15]]]])
for told, sizes in [("no output_shape", []), ("output_shape 5 x 5", [numpy.array([1, 1, 5, 5])])]:
    graph = helper.make_graph(
        [helper.make_node("MaxUnpool", ["x", "i", "s"][: 2 + len(sizes)], ["y"], kernel_shape=[2, 2], strides=[2, 2])],
        "unpool",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape),
            helper.make_tensor_value_info("i", TensorProto.INT64, places.shape),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "rows", "columns"])],
        [numpy_helper.from_array(size, "s") for size in sizes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for name, runtime in [("onnxruntime", session), ("reference", ReferenceEvaluator(model))]:
        y = runtime.run(None, {"x": x, "i": places})[0][0, 0]
        print(f"{told}: {name} {numpy.argwhere(y).tolist()}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
