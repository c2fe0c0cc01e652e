"""Makes what the lesson "digit-network" shows: drawn digits, and the weights of the network that reads them.

    python3 -m pip install numpy pillow onnx onnxruntime safetensors
    python3 scripts/lesson_digits.py

lessons/digits/NAME.png     28 x 28, white on black, drawn with the pen of the program (src/network/pen.rs)
lessons/digits/seven.npy    the first as the network reads it: less the mean of its training pictures, by their deviation
lessons/weights/digits.safetensors   the weights of assets/networks/digits.onnx, unchanged

It also prints the scores and shares of each, as ONNX Runtime computes them.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from PIL import Image
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent.parent
NETWORK = ROOT / "assets/networks/digits.onnx"
FOLDER = ROOT / "lessons/digits"
WEIGHTS = ROOT / "lessons/weights/digits.safetensors"
SIDE = 28
PEN = 0.055
MEAN, DEVIATION = np.float32(0.1307), np.float32(0.3081)

# Strokes from point to point, in parts of the picture's breadth and height. The first is what the program shows
# before anybody draws.
SEVEN = [(0.26, 0.24), (0.74, 0.24), (0.62, 0.48), (0.46, 0.82)]
DRAWN = {
    "seven": [SEVEN],
    # Four pixels, a seventh of the picture, to the left.
    "seven-left": [[(x - 4 / SIDE, y) for x, y in SEVEN]],
    "seven-crossed": [SEVEN, [(0.42, 0.53), (0.72, 0.53)]],
}


def ink(strokes):
    centres = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(centres, centres)
    most = np.zeros((SIDE, SIDE))
    for stroke in strokes:
        for (from_x, from_y), (to_x, to_y) in zip(stroke, stroke[1:]):
            along = np.array([to_x - from_x, to_y - from_y])
            part = ((x - from_x) * along[0] + (y - from_y) * along[1]) / (along @ along)
            part = part.clip(0, 1)
            distance = np.hypot(x - from_x - part * along[0], y - from_y - part * along[1])
            most = np.maximum(most, (1.6 - distance / PEN).clip(0, 1))
    return np.round(most * 255).astype(np.uint8)


def main():
    FOLDER.mkdir(exist_ok=True)
    model = onnx.load(NETWORK)
    weights = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    weights = {name: np.ascontiguousarray(one) for name, one in weights.items() if one.dtype == np.float32}
    WEIGHTS.parent.mkdir(exist_ok=True)
    save_file(weights, WEIGHTS)
    WEIGHTS.chmod(0o644)
    session = onnxruntime.InferenceSession(str(NETWORK))
    pictures = {name: ink(strokes) for name, strokes in DRAWN.items()}
    pictures["empty"] = np.zeros((SIDE, SIDE), np.uint8)
    for name, picture in pictures.items():
        read = (picture.astype(np.float32) / np.float32(255) - MEAN) / DEVIATION
        Image.fromarray(picture).save(FOLDER / f"{name}.png", optimize=True)
        if name == "seven":
            np.save(FOLDER / f"{name}.npy", read[None])
        [scores] = session.run(None, {"input": read[None, None]})[0]
        powers = np.exp(scores - scores.max())
        shares = powers / powers.sum()
        print(name, "scores", np.round(scores, 2), "shares", np.round(shares, 3))


main()
