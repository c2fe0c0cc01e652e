"""Draws assets/digits.png: the glyphs that cubes carry, as a distance field.

16 cells of 40 x 64 pixels in a row: 0 to 9, the point, the minus sign, the ellipsis, what NaN is made of,
and infinity. Half grey is the outline; eight pixels of distance span the range from black to white.

    python3 -m pip install pillow scipy && python3 scripts/digits.py
"""

from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt

ROOT = Path(__file__).resolve().parent.parent
CELL, SCALE, SPREAD = (40, 64), 8, 4.0
# Letters wider than this are condensed, so that their outlines stay in their cells.
WIDEST = 34
GLYPHS = "0123456789.−…Na∞"

font = ImageFont.truetype(str(ROOT / "assets/fonts/TensoramaSans-Bold.ttf"), 58 * SCALE)
strip = numpy.zeros((CELL[1], CELL[0] * 16), dtype=numpy.uint8)
for index, glyph in enumerate(GLYPHS):
    big = Image.new("L", (CELL[0] * SCALE, CELL[1] * SCALE), 0)
    left, _, right, _ = font.getbbox(glyph)
    zero = font.getbbox("0")
    x = (big.width - (right - left)) / 2 - left
    y = (big.height - (zero[3] - zero[1])) / 2 - zero[1]
    if glyph in "Na∞" and right - left > WIDEST * SCALE:
        wide = Image.new("L", (right - left, big.height), 0)
        ImageDraw.Draw(wide).text((-left, y), glyph, fill=255, font=font)
        wide = wide.resize((WIDEST * SCALE, big.height), Image.Resampling.LANCZOS)
        big.paste(wide, ((big.width - wide.width) // 2, 0))
    else:
        ImageDraw.Draw(big).text((x, y), glyph, fill=255, font=font)
    inside = numpy.asarray(big) > 127
    distance = distance_transform_edt(inside) - distance_transform_edt(~inside)
    field = numpy.clip(0.5 + distance / SCALE / (2 * SPREAD), 0.0, 1.0)
    small = field.reshape(CELL[1], SCALE, CELL[0], SCALE).mean(axis=(1, 3))
    strip[:, index * CELL[0] : (index + 1) * CELL[0]] = numpy.round(small * 255)
Image.fromarray(strip).save(ROOT / "assets/digits.png", optimize=True)
