#!/usr/bin/env bash
# pyopenjtalk-plus reads 何 as なに everywhere unless ONNX Runtime is installed beside it, also where it is なん.
#
# Version: pyopenjtalk-plus 0.4.1.post10, alone and with its extra `onnxruntime` (onnxruntime 1.23.2), PyPI.
# Seen: without the extra, 何個 and 何番目 are なにこ and なにばんめ, and 何ですか is なにですか. With it they are
#   なんこ, なんばんめ, なんですか, and 何を stays なにを. So the same text is spoken in two ways on two machines with
#   the same version of the same package.
# One would guess otherwise: the extra is optional, and its warning says that a prediction is disabled, which
#   sounds like the loss of a refinement. The dictionary knows なん before counters, and a reading that is not
#   predicted could be the dictionary's; instead it is one constant.
# Remedy: write なん, or install the extra.
#
# Output seen:
#   | alone: 何個 ナニコ, 何番目 ナニバンメ, 何ですか ナニデスカ, 何を ナニヲ
#   | with onnxruntime: 何個 ナンコ, 何番目 ナンバンメ, 何ですか ナンデスカ, 何を ナニヲ
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/read.py" <<'PYTHON'
import sys

import pyopenjtalk

texts = ["何個", "何番目", "何ですか", "何を"]
print(f"{sys.argv[1]}: " + ", ".join(f"{text} {pyopenjtalk.g2p(text, kana=True)}" for text in texts))
PYTHON
read_with() {
    python3 -m venv "$work/$1"
    "$work/$1/bin/pip" install --quiet --disable-pip-version-check "${@:3}"
    "$work/$1/bin/python" "$work/read.py" "$2" | grep "^$2:"
}
{
    read_with alone "alone" pyopenjtalk-plus==0.4.1.post10
    read_with both "with onnxruntime" pyopenjtalk-plus==0.4.1.post10 onnxruntime==1.23.2
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
