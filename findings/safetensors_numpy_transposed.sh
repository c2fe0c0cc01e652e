#!/usr/bin/env bash
# safetensors writes a transposed numpy array with its elements in the wrong order, and says nothing.
#
# Versions: safetensors 0.8.0, numpy 2.4.6 (PyPI), Python 3.11.
# Seen: save_file stores the bytes as they lie in memory under the shape of the view. What is read back
#   has the right shape and the elements of another array. Weights turned from H x W x in x out to
#   out x in x H x W by .transpose(3, 2, 0, 1) arrive scrambled; a Fortran-ordered array does too.
# One would guess otherwise: numpy.save, .tobytes() and .tofile all write the elements in the order of
#   the view, and the PyTorch side of the same package refuses a tensor that is not contiguous.
# Remedy: numpy.ascontiguousarray before saving.
#
# Output seen:
#   | saved 2 x 3: [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]
#   | read  2 x 3: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#   | numpy.save:  [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]
#   | contiguous:  [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet numpy==2.4.6 safetensors==0.8.0
cd "$work"
venv/bin/python - <<'PYTHON' | tee seen
import numpy
from safetensors.numpy import load_file, save_file

array = numpy.arange(6, dtype=numpy.float32).reshape(3, 2).T
print("saved 2 x 3:", array.tolist())
save_file({"weight": array}, "view.safetensors")
print("read  2 x 3:", load_file("view.safetensors")["weight"].tolist())
numpy.save("view.npy", array)
print("numpy.save: ", numpy.load("view.npy").tolist())
save_file({"weight": numpy.ascontiguousarray(array)}, "copy.safetensors")
print("contiguous: ", load_file("copy.safetensors")["weight"].tolist())
PYTHON
cd "$OLDPWD"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
