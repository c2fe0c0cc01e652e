#!/usr/bin/env bash
# pyopenjtalk joins numbers that a space separates: "20 5" is spoken exactly as "25".
#
# Version: pyopenjtalk-plus 0.4.1.post10 (PyPI); its text analysis, without a voice.
# Seen: the labels that a voice is given for "20 5" are those for "25", and those for "100 8" are those
#   for "108". "2 100" has the sounds of "200" with other accents only. "、" between the numbers keeps
#   them apart. (A number and its counter do not meet either: 8個 is はちこ, for はっこ; and "1D" keeps its
#   letter unread, while "2D" is read.)
# One would guess otherwise: a space is no part of Japanese, so where there is one it stands for something;
#   "1 2 3" does come out as one, two, three; and nothing warns. Whoever hears a wrong number that is
#   well pronounced has no reason to doubt it.
# Remedy: write 、 between numbers that are spoken.
#
# Output seen:
#   | 20 5: ニジューゴ; labels as of 25: True
#   | 100 8: ヒャクハチ; labels as of 108: True
#   | 2 100: ニヒャク; labels as of 200: False
#   | 20、5: ニジュー、ゴ; labels as of 25: False
#   | 8個: ハチコ
#   | 1D: イチＤ
#   | 2D: ツーディー
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pyopenjtalk-plus==0.4.1.post10
"$work/venv/bin/python" - <<'PYTHON' | grep -v -e ONNX -e onnxruntime | tee "$work/seen"
import pyopenjtalk

for text, joined in [("20 5", "25"), ("100 8", "108"), ("2 100", "200"), ("20、5", "25")]:
    same = pyopenjtalk.extract_fullcontext(text) == pyopenjtalk.extract_fullcontext(joined)
    print(f"{text}: {pyopenjtalk.g2p(text, kana=True)}; labels as of {joined}: {same}")
for text in ["8個", "1D", "2D"]:
    print(f"{text}: {pyopenjtalk.g2p(text, kana=True)}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
