#!/usr/bin/env bash
# onnxruntime's Resize that keeps the proportions does nothing where its axes are counted from the end.
#
# Versions: onnxruntime 1.32.0, onnx 1.23.2 (PyPI).
# Seen: Resize of a 1 x 1 x 2 x 4 to sizes 6 and 8 with keep_aspect_ratio_policy not_larger gives 4 x 8 for
#   axes=[2, 3] and 2 x 4, the input, for axes=[-2, -1]; not_smaller likewise (6 x 12). Without the policy both
#   axes give 6 x 8. onnx's shape inference counts negative axes with every policy.
# One would guess otherwise: the operator's text allows negative axes, the checker passes them, and "the last
#   two" is how one writes a resize that does not care for the number of axes before. (onnx's reference
#   evaluator raises a ValueError at them.)
# Remedy: axes=[2, 3].
#
# Output seen:
#   | not_larger, axes [2, 3]: [1, 1, 4, 8], inferred [1, 1, 4, 8]
#   | not_larger, axes [-2, -1]: [1, 1, 2, 4], inferred [1, 1, 4, 8]
#   | not_smaller, axes [2, 3]: [1, 1, 6, 12], inferred [1, 1, 6, 12]
#   | not_smaller, axes [-2, -1]: [1, 1, 2, 4], inferred [1, 1, 6, 12]
#   | stretch, axes [2, 3]: [1, 1, 6, 8], inferred [1, 1, 6, 8]
#   | stretch, axes [-2, -1]: [1, 1, 6, 8], inferred [1, 1, 6, 8]
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

# onnxruntime warns that the shape it finds is not the inferred one; the print says so.
onnxruntime.set_default_logger_severity(3)
x = numpy.arange(8, dtype=numpy.float32).reshape(1, 1, 2, 4)
for policy in ["not_larger", "not_smaller", "stretch"]:
    for axes in [[2, 3], [-2, -1]]:
        node = helper.make_node(
            "Resize", ["x", "", "", "sizes"], ["y"], mode="nearest", axes=axes, keep_aspect_ratio_policy=policy
        )
        graph = helper.make_graph(
            [node],
            "resize",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "rows", "columns"])],
            [numpy_helper.from_array(numpy.array([6, 8]), "sizes")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
        onnx.checker.check_model(model)
        shape = onnx.shape_inference.infer_shapes(model, data_prop=True).graph.output[0].type.tensor_type.shape
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        y = session.run(None, {"x": x})[0]
        print(f"{policy}, axes {axes}: {list(y.shape)}, inferred {[d.dim_value for d in shape.dim]}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
