"""Makes what the lesson "trained-super-resolution" shows, and measures what it says.

    python3 -m pip install numpy pillow onnx onnxruntime safetensors
    python3 scripts/lesson_photographs.py

lessons/pictures/eye-large.png   96 x 128 pixels of a photograph, and eye.png, its half
lessons/pictures/saucer.png      at the left 36 x 48 pixels of another one, grey; at the right above, their half
lessons/weights/super-resolution.safetensors   the weights of assets/networks/super_resolution.onnx, unchanged

The photographs are of scikit-image, those of scripts/super_resolution.py that the network is measured on: it has not
seen them in training. Halves are made as there, by Pillow's bicubic reduction. What is printed is the peak
signal-to-noise ratio of luminance without a border of four pixels, as the literature measures it, and where the sum
that the lesson works out stands.
"""

import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from PIL import Image
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent.parent
NETWORK = ROOT / "assets/networks/super_resolution.onnx"
PICTURES = ROOT / "lessons/pictures"
WEIGHTS = ROOT / "lessons/weights/super-resolution.safetensors"
WHEEL = "scikit-image==0.26.0"
# Left, upper, width, height.
EYE = ("chelsea.png", (110, 80, 128, 96))
SAUCER = ("coffee.png", (162, 150, 48, 36))
BORDER = 4
# Row and column of the sum that the lesson works out.
SUM = (27, 29)


def photographs(names):
    with tempfile.TemporaryDirectory() as folder:
        command = ["download", WHEEL, "--no-deps", "--only-binary", ":all:", "--quiet", "--dest", folder]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as files:
            return [Image.open(BytesIO(files.read(f"skimage/data/{name}"))).convert("RGB") for name in names]


def cut(picture, box):
    left, upper, width, height = box
    large = picture.crop((left, upper, left + width, upper + height))
    return large, large.resize((width // 2, height // 2), Image.Resampling.BICUBIC)


def planes(picture):
    return np.asarray(picture.convert("RGB"), np.float32).transpose(2, 0, 1) / np.float32(255)


def enlarged(small):
    """By bicubic interpolation, and by the network; and what the network adds."""
    model = onnx.load(NETWORK)
    for name in ["upsample_bicubic2d", "pixel_shuffle"]:
        model.graph.output.append(helper.make_empty_tensor_value_info(name))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = [one.name for one in session.get_outputs()]
    found = dict(zip(names, session.run(None, {"picture": planes(small)[None]})))
    return found["upsample_bicubic2d"][0], found["enlarged"][0], found["pixel_shuffle"][0]


def psnr(one, other):
    weights = np.array([65.481, 128.553, 24.966]) / 255
    luminance = [np.einsum("c,chw->hw", weights, picture.clip(0, 1)) for picture in (one, other)]
    difference = (luminance[0] - luminance[1])[BORDER:-BORDER, BORDER:-BORDER]
    return -10 * np.log10((difference**2).mean())


def measured(name, large, small):
    bicubic, network, details = enlarged(small)
    before, after = psnr(bicubic, planes(large)), psnr(network, planes(large))
    print(f"{name}: bicubic {before:.2f} dB, network {after:.2f} dB; errors times {10 ** ((before - after) / 20):.3f}")
    return bicubic, network, details


def main():
    chelsea, coffee = photographs([EYE[0], SAUCER[0]])
    large, small = cut(chelsea, EYE[1])
    large.save(PICTURES / "eye-large.png", optimize=True)
    small.save(PICTURES / "eye.png", optimize=True)
    measured("eye", large, small)

    large, small = cut(coffee.convert("L"), SAUCER[1])
    both = Image.new("L", (large.width + small.width, large.height))
    both.paste(large, (0, 0))
    both.paste(small, (large.width, 0))
    both.save(PICTURES / "saucer.png", optimize=True)
    bicubic, network, details = measured("saucer", large, small)
    row, column = SUM
    print(f"saucer, row {row}, column {column}, so step {row * large.width + column}: ", end="")
    truth = planes(large)[0, row, column]
    print(f"{bicubic[0, row, column]:.4f} + {details[0, row, column]:.4f} = {network[0, row, column]:.4f}, was {truth:.4f}")

    model = onnx.load(NETWORK)
    weights = {one.name: np.ascontiguousarray(numpy_helper.to_array(one)) for one in model.graph.initializer}
    weights = {name: one for name, one in weights.items() if name.startswith("conv")}
    WEIGHTS.parent.mkdir(exist_ok=True)
    save_file(weights, WEIGHTS)
    WEIGHTS.chmod(0o644)
    print({name: one.shape for name, one in weights.items()}, sum(one.size for one in weights.values()), "weights and biases")


main()
