#!/usr/bin/env bash
# What torch prints of a layer may lack what it computes with, so two layers that differ print the same.
#
# Version: torch 2.15.0 (PyPI; a download of some 3 GB, since PyPI has it with CUDA only).
# Seen: AvgPool2d prints neither ceil_mode, count_include_pad nor divisor_override, although MaxPool2d prints
#   its ceil_mode; Upsample omits align_corners; FractionalMaxPool2d prints nothing. Others print what
#   cannot be read back: padding_mode=reflect has no quotes, and UpsamplingBilinear2d prints a mode
#   that its constructor does not take.
# One would guess otherwise: the printed line looks like the call that makes the layer, most layers do print
#   every argument that is not the default (groups, dilation, bias=False), and print(model) is what
#   people paste where a model is asked for.
#
# Output seen:
#   | AvgPool2d(kernel_size=2, stride=2, padding=0) of 1 2 3: [1.5]
#   | AvgPool2d(kernel_size=2, stride=2, padding=0) of 1 2 3: [1.5, 3.0]
#   | AvgPool2d(kernel_size=2, stride=2, padding=0) of 1 2 3: [3.0]
#   | Upsample(scale_factor=2.0, mode='bilinear') of 0 3: [0.0, 0.75, 2.25, 3.0]
#   | Upsample(scale_factor=2.0, mode='bilinear') of 0 3: [0.0, 1.0, 2.0, 3.0]
#   | FractionalMaxPool2d(): TypeError when read back
#   | Conv2d(1, 1, kernel_size=(1, 1), stride=(1, 1), padding_mode=reflect): NameError when read back
#   | UpsamplingBilinear2d(scale_factor=2.0, mode='bilinear'): TypeError when read back
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON' | tee "$work/seen"
import torch
from torch import nn

row = torch.tensor([[[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]]])
for layer in [nn.AvgPool2d(2), nn.AvgPool2d(2, ceil_mode=True), nn.AvgPool2d(2, divisor_override=2)]:
    print(f"{layer} of 1 2 3: {layer(row)[0, 0, 0].tolist()}")
pair = torch.tensor([[[[0.0, 3.0]]]])
for layer in [nn.Upsample(scale_factor=2, mode="bilinear"), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)]:
    print(f"{layer} of 0 3: {layer(pair)[0, 0, 0].tolist()}")
for layer in [
    nn.FractionalMaxPool2d(2, output_size=3),
    nn.Conv2d(1, 1, 1, padding_mode="reflect"),
    nn.UpsamplingBilinear2d(scale_factor=2),
]:
    try:
        eval(repr(layer), vars(nn))
        told = "can be read back"
    except Exception as error:
        told = f"{type(error).__name__} when read back"
    print(f"{layer}: {told}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
