"""Makes tests/reference/fields/: small networks as ONNX files, and which rows and columns of the input the element in
the middle of their output depends on, found by PyTorch's gradients over many random inputs.

    python tests/reference/fields.py        with torch 2.15.0, onnx 1.23.2, onnxscript 0.7.2
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = Path(__file__).resolve().parent / "fields"
TRIES = 60


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 2, 3, padding=1)
        self.conv2 = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        return self.conv2(F.relu(self.conv1(x))) + x


class Downsampling(nn.Module):
    """A residual block with a stride, its skip a convolution of 1 × 1."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.skip = nn.Conv2d(2, 4, 1, stride=2)

    def forward(self, x):
        return F.relu(self.conv2(F.relu(self.conv1(x))) + self.skip(x))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(2, 2, 1)
        self.three = nn.Conv2d(2, 2, (3, 1), padding=(1, 0))
        self.five = nn.Conv2d(2, 2, (1, 5), padding=(0, 2))

    def forward(self, x):
        return torch.cat([self.one(x), self.three(x), self.five(x), F.max_pool2d(x, 3, 1, 1)], 1)


class Last(nn.Module):
    """The sum over channels of what another gives, so that each of its channels counts."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x).sum(1, keepdim=True)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(2, 4, 3, padding=1)
        self.deep = nn.Conv2d(4, 4, 3, padding=1)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.last = nn.Conv2d(6, 2, 3, padding=1)

    def forward(self, x):
        high = F.relu(self.down(x))
        low = F.relu(self.deep(F.max_pool2d(high, 2)))
        return self.last(torch.cat([high, self.up(low)], 1))


class Pyramid(nn.Module):
    """Dilated branches beside each other."""

    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList(nn.Conv2d(2, 2, 3, padding=rate, dilation=rate) for rate in (1, 2, 4))

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


class SqueezeAndExcite(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.reduce = nn.Conv2d(4, 2, 1)
        self.expand = nn.Conv2d(2, 4, 1)

    def forward(self, x):
        x = self.conv(x)
        scale = torch.sigmoid(self.expand(F.relu(self.reduce(F.adaptive_avg_pool2d(x, 1)))))
        return x * scale


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, stride=2)
        self.linear = nn.Linear(4 * 15 * 15, 3)

    def forward(self, x):
        return self.linear(torch.flatten(F.relu(self.conv(x)), 1))


NETWORKS = {
    "plain": (nn.Sequential(nn.Conv2d(2, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, (5, 3), stride=(2, 1)), nn.Conv2d(2, 2, 3)), 32),
    "dilated": (nn.Sequential(nn.Conv2d(2, 2, 3, dilation=2), nn.Conv2d(2, 2, (2, 3), dilation=(3, 1))), 32),
    "pooled": (nn.Sequential(nn.Conv2d(2, 2, 3, stride=2), nn.MaxPool2d(3, 2), nn.AvgPool2d(2)), 47),
    "residual": (Residual(), 32),
    "downsampling": (Downsampling(), 32),
    "inception": (Inception(), 32),
    "unet": (UNet(), 32),
    "pyramid": (Pyramid(), 32),
    "depthwise": (nn.Sequential(nn.Conv2d(2, 2, 5, groups=2), nn.Conv2d(2, 4, 1), nn.Conv2d(4, 4, 3, stride=2, groups=2)), 32),
    "shuffled": (nn.Sequential(nn.Conv2d(2, 8, 3, padding=1), nn.PixelShuffle(2), nn.Conv2d(2, 2, 3, padding=1)), 24),
    "upsampled": (nn.Sequential(nn.Conv2d(2, 2, 3), nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(2, 2, 3)), 24),
    "squeeze_and_excite": (SqueezeAndExcite(), 16),
    "head": (Head(), 31),
}


def mask(model, size):
    """Rows and columns whose gradient differs from 0 for some input: the first and the last."""
    seen = torch.zeros(size, size, dtype=torch.bool)
    for _ in range(TRIES):
        x = torch.randn(1, 2, size, size, requires_grad=True)
        y = model(x)
        middle = y[0].reshape(y.shape[1], -1)[:, -1] if y.dim() == 2 else y[0, :, y.shape[2] // 2, y.shape[3] // 2]
        [gradient] = torch.autograd.grad(middle.sum(), x)
        seen |= (gradient[0] != 0).any(0)
    lines = [torch.nonzero(seen.any(1 - axis)).ravel() for axis in (0, 1)]
    return [[int(line[0]), int(line[-1])] for line in lines], int(seen.sum())


def main():
    torch.manual_seed(1)
    FOLDER.mkdir(exist_ok=True)
    cases = []
    for name, (model, size) in NETWORKS.items():
        model = model.eval()
        box, count = mask(model, size)
        torch.onnx.export(model, (torch.randn(1, 2, size, size),), FOLDER / f"{name}.onnx", external_data=False, verbose=False)
        cases.append({"network": name, "input": size, "rows": box[0], "columns": box[1], "places": count})
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    (FOLDER / "fields.json").write_text(f"[\n{lines}\n]\n")


main()
