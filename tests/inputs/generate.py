"""Writes pictures.jsonl and arrays.jsonl: files as people have them, in hexadecimal, and what Pillow and
NumPy read in them.

    python3 -m pip install numpy==2.4.6 pillow==13.0.0 && python3 tests/inputs/generate.py

A line of pictures.jsonl has `rgb`, and `grey`: row-major numbers of `rows` x `columns` from 0 to `brightest`,
upright, and what is transparent on white (`Image.paste` with its alpha as the mask). `near` is how far a
decoder may be away: JPEG and lossy WebP leave their decoders some room. A line of arrays.jsonl has `shape` and `bits`: of
each number the bits of `x.astype(numpy.float32)`.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
random = np.random.default_rng(19)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def smooth(height, width, channels):
    """Colours that JPEG keeps: slopes in other directions for each channel."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [40 + 9 * x + 3 * y, 220 - 8 * x - 2 * y, 30 + 4 * x + 12 * y, 10 + 5 * x]
    return np.stack(planes[:channels], -1).clip(0, 255).astype(np.uint8)


def noise(height, width, channels=None, top=256, dtype=np.uint8):
    shape = (height, width) if channels is None else (height, width, channels)
    return random.integers(0, top, shape, dtype=dtype)


def png(width, height, depth, colour, rows, chunks=()):
    """A PNG file of rows of bytes, for kinds that Pillow does not write."""
    def chunk(name, content):
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(row) for row in rows)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(*one) for one in chunks) + data + chunk(b"IEND", b"")


def expected8(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = image.convert("RGBA" if image.mode != "LA" else "LA")
        white = Image.new(image.mode[:-1], image.size, "white")
        white.paste(image.convert(image.mode[:-1]), mask=image.getchannel("A"))
        image = white
    # Pillow makes CMYK grey by way of colours, too.
    rgb = image.convert("RGB")
    grey = image if image.mode in ("L", "1") else rgb
    return np.asarray(rgb), np.asarray(grey.convert("L"))


pictures = []


def picture(name, content, near=0):
    rgb, grey = expected8(content)
    pictures.append({
        "name": name, "bytes": content.hex(), "rows": rgb.shape[0], "columns": rgb.shape[1],
        "brightest": 255, "near": near, "rgb": rgb.reshape(-1).tolist(), "grey": grey.reshape(-1).tolist(),
    })


def wide_picture(name, content, rgb):
    """16 bits a channel, which Pillow has for grey only: the numbers are those that were put in."""
    rgb = rgb.astype(np.uint64)
    grey = (rgb @ np.array([19595, 38470, 7471], np.uint64) + 0x8000) >> 16
    pictures.append({
        "name": name, "bytes": content.hex(), "rows": rgb.shape[0], "columns": rgb.shape[1],
        "brightest": 65535, "near": 0, "rgb": rgb.reshape(-1).tolist(), "grey": grey.reshape(-1).tolist(),
    })


colour = Image.fromarray(smooth(9, 14, 3))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture(f"exif-{orientation}.jpg", saved(colour, "JPEG", quality=97, subsampling=0, exif=exif), near=2)
exif = Image.Exif()
exif[0x0112] = 6
picture("exif-6.png", saved(colour, "PNG", exif=exif))
picture("exif-6.webp", saved(colour, "WEBP", lossless=True, exif=exif))
exif[0x0112] = 42
picture("exif-42.jpg", saved(colour, "JPEG", quality=97, subsampling=0, exif=exif), near=2)

picture("progressive.jpg", saved(colour, "JPEG", quality=95, subsampling=0, progressive=True), near=2)
picture("restarts.jpg", saved(colour, "JPEG", quality=95, subsampling=0, restart_marker_blocks=1), near=2)
picture("half-chroma.jpg", saved(Image.fromarray(smooth(16, 24, 3)), "JPEG", quality=95, subsampling=2), near=4)
picture("grey.jpg", saved(colour.convert("L"), "JPEG", quality=95), near=2)
picture("rgb.jpg", saved(colour, "JPEG", quality=95, keep_rgb=True), near=2)
inks = Image.fromarray(smooth(9, 14, 4), "CMYK")
cmyk = saved(inks, "JPEG", quality=97, subsampling=0)
picture("cmyk.jpg", cmyk, near=3)
adobe = cmyk.index(b"Adobe")
assert cmyk[adobe + 11] == 0
picture("ycck.jpg", cmyk[: adobe + 11] + b"\x02" + cmyk[adobe + 12 :], near=4)
without = cmyk.index(b"\xff\xee")
picture("cmyk-plain.jpg", cmyk[:without] + cmyk[without + 16 :], near=3)

picture("colour.png", saved(Image.fromarray(noise(5, 7, 3)), "PNG"))
primaries = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [128, 140, 167], [1, 1, 1], [254, 255, 254]]
picture("primaries.png", saved(Image.fromarray(np.array([primaries], np.uint8)), "PNG"))
picture("grey.png", saved(Image.fromarray(noise(5, 7)), "PNG"))
picture("one-bit.png", saved(Image.fromarray(noise(5, 11) > 127), "PNG", bits=1))
for depth in (1, 2, 4):
    row = (11 * depth + 7) // 8
    picture(f"grey-{depth}-bits.png", png(11, 4, depth, 0, noise(4, row)))
few = Image.fromarray(noise(6, 9, 3, top=4) * 60).quantize(12)
picture("palette.png", saved(few, "PNG"))
for count, bits in ((2, 1), (4, 2), (16, 4)):
    picture(f"palette-{bits}-bits.png", saved(Image.fromarray(noise(6, 9, 3)).quantize(count), "PNG", bits=bits))
picture("palette-clear.png", saved(few, "PNG", transparency=bytes([0, 90, 255, 200, 0])))
picture("palette-one-clear.png", saved(few, "PNG", transparency=3))
picture("interlaced.png", saved(Image.fromarray(noise(9, 9, 3)), "PNG"))
picture("colour-alpha.png", saved(Image.fromarray(noise(6, 8, 4)), "PNG"))
hidden = noise(4, 5, 4)
hidden[..., 3] = [[0, 255, 0, 255, 0]] * 4
picture("hidden.png", saved(Image.fromarray(hidden), "PNG"))
picture("grey-alpha.png", saved(Image.fromarray(noise(6, 8, 2), "LA"), "PNG"))
steps = noise(4, 6, 3, top=3) * 100
picture("one-colour-clear.png", png(6, 4, 8, 2, steps.reshape(4, -1), [(b"tRNS", struct.pack(">HHH", 100, 100, 200))]))
picture("one-grey-clear.png", png(6, 4, 8, 0, steps[..., 0], [(b"tRNS", struct.pack(">H", 100))]))
frames = [Image.fromarray(noise(4, 4, 3)) for _ in range(3)]
picture("animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]))

grey16 = np.array([[0, 1, 100, 128, 257, 12345, 40000, 65535]], np.uint16)
content = saved(Image.fromarray(grey16), "PNG")
assert (np.asarray(Image.open(io.BytesIO(content))) == grey16).all()
wide_picture("grey-16.png", content, np.stack([grey16] * 3, -1))
colour16 = noise(4, 5, 3, top=65536, dtype=np.uint16)
wide_picture("colour-16.png", png(5, 4, 16, 2, [row.astype(">u2").tobytes() for row in colour16.reshape(4, -1)]), colour16)
alpha16 = noise(4, 5, 4, top=65536, dtype=np.uint16)
alpha16[0, :, 3] = [0, 65535, 0, 65535, 0]
alpha = alpha16[..., 3:].astype(np.uint64)
on_white = (alpha16[..., :3].astype(np.uint64) * alpha + 65535 * (65535 - alpha) + 32767) // 65535
wide_picture("colour-alpha-16.png", png(5, 4, 16, 6, [row.astype(">u2").tobytes() for row in alpha16.reshape(4, -1)]), on_white)

picture("lossless.webp", saved(Image.fromarray(noise(6, 7, 3)), "WEBP", lossless=True))
picture("lossless-alpha.webp", saved(Image.fromarray(noise(6, 7, 4)), "WEBP", lossless=True, exact=True))
picture("lossy.webp", saved(Image.fromarray(smooth(16, 24, 3)), "WEBP", quality=90), near=4)
picture("animated.webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
picture("colour.bmp", saved(Image.fromarray(noise(5, 7, 3)), "BMP"))
picture("palette.bmp", saved(few, "BMP"))
picture("grey.bmp", saved(Image.fromarray(noise(5, 7)), "BMP"))
picture("thirty-two-bits.bmp", saved(Image.fromarray(noise(5, 7, 4)), "BMP"))
picture("one-bit.bmp", saved(Image.fromarray(noise(5, 11) > 127), "BMP"))


# Orientations wherever programs put them, and however.


def exif_of(orientation, order="<", kind="H", prefix=b""):
    numbers = {"H": (3, orientation, 0), "I": (4, orientation)}[kind]
    value = struct.pack(order + ("HH" if kind == "H" else "I"), *numbers[1:])
    entry = struct.pack(order + "HHI", 0x0112, numbers[0], 1) + value
    return prefix + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def xmp_of(orientation, as_element=False):
    inner = f'<tiff:Orientation>{orientation}</tiff:Orientation>' if as_element else ""
    attribute = "" if as_element else f' tiff:Orientation="{orientation}"'
    text = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    return (text + f"<rdf:Description{attribute}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>").encode()


def png_chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def webp_chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


named = b"Exif\0\0"
jpeg = saved(colour, "JPEG", quality=97, subsampling=0)
xmp_name = b"http://ns.adobe.com/xap/1.0/\0"
for name, content in {
    "long": named + exif_of(6, kind="I"), "long-big": named + exif_of(8, ">", "I"),
    "xmp": xmp_name + xmp_of(6), "xmp-element": xmp_name + xmp_of(5, True),
}.items():
    picture(f"{name}.jpg", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + jpeg[2:], near=2)
upright = saved(colour, "PNG")
text = b"\nexif\n%8d\n" % len(exif_of(6, prefix=named)) + exif_of(6, prefix=named).hex().encode() + b"\n"
for name, place, chunk in [
    ("exif-named", 33, png_chunk(b"eXIf", exif_of(6, prefix=named))), ("exif-behind", -12, png_chunk(b"eXIf", exif_of(7, ">"))),
    ("exif-text", 33, png_chunk(b"tEXt", b"Raw profile type exif\0" + text)),
    ("exif-packed", 33, png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))),
    ("xmp", -12, png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_of(6))),
]:
    picture(f"{name}.png", upright[:place] + chunk + upright[place:])
body = saved(colour, "WEBP", lossless=True)[12:]
for name, flag, chunk in [("exif-named", 8, webp_chunk(b"EXIF", exif_of(6, prefix=named))), ("xmp", 4, webp_chunk(b"XMP ", xmp_of(6)))]:
    size = struct.pack("<BxxxI", flag, colour.width - 1)[:7] + struct.pack("<I", colour.height - 1)[:3]
    whole = b"WEBP" + webp_chunk(b"VP8X", size) + body + chunk
    picture(f"{name}.webp", b"RIFF" + struct.pack("<I", len(whole)) + whole)

arrays = []


def array(name, content, want=None):
    found = np.load(io.BytesIO(content), allow_pickle=False)
    if want is not None:
        assert (found == want).all(), name
    with np.errstate(all="ignore"):
        floats = np.ascontiguousarray(found, found.dtype.newbyteorder("=")).astype(np.float32)
    arrays.append({
        "name": name, "bytes": content.hex(), "shape": list(found.shape),
        "bits": floats.view(np.uint32).reshape(-1).tolist(),
    })


def npy(values, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, values, version=version)
    return file.getvalue()


def with_header(text, data, version=1, encoding="latin1"):
    text = text.encode(encoding)
    length = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + data


for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
    about = np.iinfo(kind)
    odd = [about.min, about.max, 0, 1, about.max // 3, about.max - about.max // 7]
    for order in "<>" if kind[1] != "1" else "|":
        array(f"{order}{kind}", npy(np.array(odd, order + kind).reshape(2, 3)))
with np.errstate(all="ignore"):
    for kind in ("f2", "f4", "f8", "f16"):
        about = np.finfo(kind)
        wide = np.dtype(kind).type
        odd = [0.1, -1 / 3, about.max, about.tiny, about.smallest_subnormal, -0.0, np.inf, -np.inf, np.nan, 16777217,
               1 + wide(2) ** -24, 1 + wide(2) ** -24 + wide(2) ** -52, 3.4028235e38, 1.1e-45, 0.7e-45, -7.1e-46, 1e-40, 65504]
        if kind == "f16":
            odd += [1 + wide(2) ** -24 + wide(2) ** -63, wide(2) ** 128 - wide(2) ** 103, wide(2) ** 128 - wide(2) ** 103 - 2 ** 70]
        for order in "<>":
            array(f"{order}{kind}", npy(np.array(odd, kind).astype(order + kind)))
array("bool", npy(np.array([[True, False, True], [False, False, True]])))
cube = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
array("fortran", npy(np.asfortranarray(cube)), cube)
array("fortran f2 big", npy(np.asfortranarray(cube.astype(">f2"))), cube)
array("fortran 4 axes", npy(np.asfortranarray(cube.reshape(3, 2, 2, 5))))
for version in ((1, 0), (2, 0), (3, 0)):
    array(f"version {version[0]}", npy(cube[0].copy(), version), cube[0])
array("scalar", npy(np.float32(2.5)))
array("one axis", npy(np.arange(3, dtype=np.float32)))
array("ones", npy(np.ones((1, 1, 2, 1), np.uint8)))
plain = np.arange(6, dtype="<f4").reshape(2, 3)
python2 = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }"
for name, header in {
    "python 2": python2 + " " * 8 + "\n",
    "python 2 unpadded": python2,
    "double quotes": '{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}\n',
    "other order of keys": "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}\n",
    "narrow": "{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
    "several lines": "{'descr': '<f4',\n 'fortran_order': False,\n 'shape': (2,\n 3,)}\n",
    "native order": "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3), }\n",
    "named type": "{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3), }\n",
    "type of one letter": "{'descr': 'f', 'fortran_order': False, 'shape': (2, 3), }\n",
}.items():
    array(name, with_header(header, plain.tobytes()), plain)
array("one axis of python 2", with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (6L,), }\n", plain.tobytes()))
array("two in one", npy(plain) + npy(plain + 100), plain)

for name, cases in (("pictures", pictures), ("arrays", arrays)):
    with open(HERE / f"{name}.jsonl", "w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case, separators=(",", ":")) + "\n")
