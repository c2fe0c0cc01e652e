"""Checks the numbers of the lesson "quantisation" against PyTorch's own quantisation.

    python3 -m pip install torch
    python3 scripts/lesson_quantisation.py

It reads inputs and weights out of lessons/quantisation.ron, quantises them as PyTorch does, and compares that with what
the layers of the lesson do, and with the numbers that are said. It prints them, and stops where one differs.
"""

import re
import warnings
from pathlib import Path

import torch
from torch.nn.functional import conv2d

warnings.filterwarnings("ignore", message=".*deprecated.*")
LESSON = Path(__file__).resolve().parent.parent / "lessons/quantisation.ron"
SCENES = re.split(r"\n        Scene\(", LESSON.read_text())


def values(text: str, *shape: int) -> list[torch.Tensor]:
    """All tensors of this shape that a part of the lesson gives as `Values`."""
    lists = re.findall(r"Values\(\[([^\]]*)\]\)", text)
    numbers = [[float(number) for number in one.split(",") if number.strip()] for one in lists]
    size = torch.Size(shape).numel()
    return [torch.tensor(one).view(shape) for one in numbers if len(one) == size]


def quantised(x: torch.Tensor, scale: float, zero_point: int = 0) -> torch.Tensor:
    """The whole numbers of `torch.quantize_per_tensor`; the layers of the lesson must give the same."""
    ours = torch.clamp(torch.round(x * round(1 / scale) + zero_point), -128, 127)
    theirs = torch.quantize_per_tensor(x, scale, zero_point, torch.qint8)
    assert torch.equal(ours, theirs.int_repr().float())
    back = torch.fake_quantize_per_tensor_affine(x, scale, zero_point, -128, 127)
    torch.testing.assert_close((ours - zero_point) * scale, back)
    return ours


def says(name: str, worth: float | torch.Tensor, said: float, decimals: int) -> None:
    worth = float(worth)
    assert abs(worth - said) <= 0.5 * 10**-decimals + 1e-6, f"{name}: {worth}, not {said}"
    print(f"{name}: {worth:.6g}, said {said}")


# The scale.
(x,) = values(SCENES[0], 1, 1, 5, 5)
q = quantised(x, 0.1)
says("largest number, in steps", q.max(), 127, 0)
says("first number, in steps", x[0, 0, 0, 0] * 10, 24.7, 1)
says("first number, rounded", q[0, 0, 0, 0], 25, 0)
says("its error", q[0, 0, 0, 0] * 0.1 - x[0, 0, 0, 0], 0.03, 2)
says("what becomes of 0.04", q[0, 0, 1, 0], 0, 0)
assert (q * 0.1 - x).abs().max() < 0.05

# The zero point.
(x_relu,) = values(SCENES[3], 1, 1, 4, 4)
q_relu = quantised(x_relu, 0.1, -128)
says("largest after ReLU, in steps", x_relu.max() * 10, 255, 0)
assert (q_relu[x_relu == 0] == -128).all() and q_relu.max() == 127
says("what 0 would mean", (0 + 128) * 0.1, 12.8, 1)
says("what 127 would mean", (127 + 128) * 0.1, 25.5, 1)

# An outlier.
(x_outlier,) = values(SCENES[4], 1, 1, 3, 3)
coarse, clamped = quantised(x_outlier, 1.0), quantised(x_outlier, 0.1)
says("0.42 in steps of 1", coarse[0, 0, 1, 2], 0, 0)
says("outlier, in steps of 0.1", x_outlier.max() * 10, 1270, 0)
says("outlier, clamped", clamped.max() * 0.1, 12.7, 1)
others = x_outlier < 100
says("greatest other error", (clamped * 0.1 - x_outlier)[others].abs().max(), 0.04, 2)

# The convolution.
w, w_int8 = values(SCENES[6], 1, 1, 3, 3)
assert torch.equal(quantised(w, 0.1), w_int8) and torch.equal(values(SCENES[5], 1, 1, 3, 3)[0], w_int8)
sums = conv2d(q.double(), w_int8.double())
says("first sum", sums[0, 0, 0, 0], -5965, 0)
says("two of the largest products", 2 * 128 * 128 - torch.iinfo(torch.int16).max, 1, 0)

# Back.
floats = conv2d(x.double(), w.double())
back = sums * 0.01
says("scaled back", back[0, 0, 0, 0], -59.65, 2)
says("with floats", floats[0, 0, 0, 0], -60.20, 2)
exact = conv2d((q * 0.1).double(), (w_int8 * 0.1).double())
torch.testing.assert_close(exact, back, rtol=0, atol=1e-5)
print("errors:", (floats - back).flatten().tolist())

# One loud filter.
(filters,) = values(SCENES[7], 2, 1, 3, 3)
per_tensor = quantised(filters, 0.1)
assert per_tensor[0].unique().tolist() == [-1, 0, 1] and per_tensor.max() == 127
scales = torch.tensor([0.001, 0.1])
per_channel = torch.quantize_per_channel(filters, scales, torch.zeros(2), 0, torch.qint8).int_repr().float()
assert torch.equal(per_channel, torch.round(filters * torch.tensor([1000.0, 10.0]).view(2, 1, 1, 1)))
fake = torch.fake_quantize_per_channel_affine(filters, scales, torch.zeros(2), 0, -128, 127)
torch.testing.assert_close(per_channel * scales.view(2, 1, 1, 1), fake)
assert per_channel[0].unique().tolist() == [-120, -40, 0, 40, 120] and per_channel.max() == 127

# What it saves: the bytes of the floats, and those of the whole numbers.
(stored,) = values(SCENES[8], 5, 9)
stored_floats = torch.tensor(list(w.flatten().numpy().astype(">f4").tobytes())).view(9, 4).T
assert torch.equal(stored[:4], stored_floats.float()) and torch.equal(stored[4], w_int8.flatten())
says("bytes of nine floats, of nine int8", w.nbytes - 4 * w_int8.to(torch.int8).nbytes, 0, 0)
print("all as said")
