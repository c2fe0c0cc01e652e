#!/usr/bin/env bash
# numpy.save writes the small floats of ml_dtypes under names that numpy.load does not read back.
#
# Versions: numpy 2.4.6, ml_dtypes 0.6.0 (PyPI), Python 3.11.
# Seen: bfloat16 is written as '<V2' and read back as two raw bytes an element. float8_e4m3fn, int4 and
#   others all become '<V1', so the file no longer says which one it was. float8_e5m2 alone is written
#   as '<f1', and numpy.load refuses the file that numpy.save wrote.
# One would guess otherwise: the arrays compute, print and convert like any other, numpy.save takes them
#   without a word, and .npy promises that what is saved is loaded with its dtype. Nor would one
#   expect two float8 formats of one package to fail in two ways.
# To keep such an array: save array.view("u2") or ("u1") and its dtype's name, or use safetensors.
#
# Output seen:
#   | bfloat16 written as '<V2', read as |V2
#   | float8_e4m3fn written as '<V1', read as |V1
#   | int4 written as '<V1', read as |V1
#   | float8_e5m2 written as '<f1', not read: descr is not a valid dtype descriptor: '<f1'
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet numpy==2.4.6 ml_dtypes==0.6.0
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import ast, io
import ml_dtypes
import numpy

for name in ["bfloat16", "float8_e4m3fn", "int4", "float8_e5m2"]:
    file = io.BytesIO()
    numpy.save(file, numpy.array([1, 2, 3], dtype=getattr(ml_dtypes, name)))
    header = ast.literal_eval(file.getvalue()[10:].split(b"\n")[0].decode("latin1"))
    file.seek(0)
    try:
        read = f"read as {numpy.load(file).dtype}"
    except ValueError as error:
        read = f"not read: {error}"
    print(f"{name} written as '{header['descr']}', {read}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
