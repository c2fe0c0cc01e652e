#!/usr/bin/env bash
# onnxruntime's MaxPool with auto_pad=SAME_UPPER pads for a window without dilation, so the length is not the same.
#
# Versions: onnxruntime 1.32.0, onnx 1.23.2 (PyPI).
# Seen: 7 elements, stride 1, auto_pad SAME_UPPER or SAME_LOWER: a kernel of 2 with dilation 2 gives 6 elements,
#   one of 3 gives 5, one of 2 with dilation 3 gives 5; onnx's shape inference says 7. The padding is that of
#   the same kernel without dilation, and the windows are laid with it. AveragePool does the same; Conv
#   refuses the pair by an error. Without dilation it is 7.
# One would guess otherwise: with SAME the output is ceil(input / stride) long whatever the kernel, which is
#   what it is named after; and what cannot be computed is refused, as Conv shows.
# Remedy: write the padding out in pads.
#
# Output seen:
#   | MaxPool SAME_UPPER, kernel 2, dilation 1: 7 elements, inferred 7
#   | MaxPool SAME_UPPER, kernel 2, dilation 2: 6 elements, inferred 7
#   | MaxPool SAME_LOWER, kernel 3, dilation 2: 5 elements, inferred 7
#   | MaxPool SAME_UPPER, kernel 2, dilation 3: 5 elements, inferred 7
#   | AveragePool SAME_UPPER, kernel 2, dilation 2: 6 elements, inferred 7
#   | Conv SAME_UPPER, kernel 2, dilation 2: InvalidArgument, inferred 7
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

# onnxruntime warns that the length it finds is not the inferred one, and logs the error that is printed here.
onnxruntime.set_default_logger_severity(4)
x = numpy.arange(1, 8, dtype=numpy.float32).reshape(1, 1, 7)
for operator, auto_pad, kernel, dilation in [
    ("MaxPool", "SAME_UPPER", 2, 1),
    ("MaxPool", "SAME_UPPER", 2, 2),
    ("MaxPool", "SAME_LOWER", 3, 2),
    ("MaxPool", "SAME_UPPER", 2, 3),
    ("AveragePool", "SAME_UPPER", 2, 2),
    ("Conv", "SAME_UPPER", 2, 2),
]:
    weights = [numpy_helper.from_array(numpy.ones((1, 1, kernel), numpy.float32), "w")] if operator == "Conv" else []
    inputs = ["x"] + [w.name for w in weights]
    node = helper.make_node(operator, inputs, ["y"], kernel_shape=[kernel], dilations=[dilation], auto_pad=auto_pad)
    graph = helper.make_graph(
        [node],
        "pool",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "columns"])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    onnx.checker.check_model(model)
    inferred = onnx.shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape.dim[-1].dim_value
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    try:
        told = f"{session.run(None, {'x': x})[0].shape[-1]} elements"
    except Exception as error:
        told = type(error).__name__
    print(f"{operator} {auto_pad}, kernel {kernel}, dilation {dilation}: {told}, inferred {inferred}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
