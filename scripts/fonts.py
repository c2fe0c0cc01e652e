"""Builds the two faces of Tensorama Sans. Run it through scripts/fonts, which fetches what it needs.

Each character comes from the first source that has it:

1. IBM Plex Sans: Latin, digits of one width, Greek, arrows, operators that are as narrow as the digits
2. IBM Plex Sans JP: kana, kanji (JIS X 0208), full-width forms
3. Noto Sans Symbols, 4. Noto Sans Math, 5. Noto Sans Symbols 2: floor and ceiling, tensor products, player signs
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger, Options as MergeOptions
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Tensorama Sans"
VERSION = "1.000"

# The source files of each face, in order of preference.
FACES = {
    "Medium": (
        500,
        [
            "ibm-plex-sans/package/500Medium/IBMPlexSans_500Medium.ttf",
            "ibm-plex-sans-jp/package/500Medium/IBMPlexSansJP_500Medium.ttf",
            "noto-sans-symbols/package/500Medium/NotoSansSymbols_500Medium.ttf",
            "noto-sans-math/package/400Regular/NotoSansMath_400Regular.ttf",
            "noto-sans-symbols-2/package/400Regular/NotoSansSymbols2_400Regular.ttf",
        ],
    ),
    "Bold": (
        700,
        [
            "ibm-plex-sans/package/700Bold/IBMPlexSans_700Bold.ttf",
            "ibm-plex-sans-jp/package/700Bold/IBMPlexSansJP_700Bold.ttf",
            "noto-sans-symbols/package/700Bold/NotoSansSymbols_700Bold.ttf",
            "noto-sans-math/package/400Regular/NotoSansMath_400Regular.ttf",
            "noto-sans-symbols-2/package/400Regular/NotoSansSymbols2_400Regular.ttf",
        ],
    ),
}

# The line of text: 1.2 em high, which is what text layout assumes when it is not told otherwise.
ASCENT, DESCENT = 950, -250

COPYRIGHT = (
    "Copyright 2017 IBM Corp. with Reserved Font Name \"Plex\"; "
    "Copyright 2022 The Noto Project Authors (https://github.com/notofonts)"
)
LICENSE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
LICENSE_URL = "https://scripts.sil.org/OFL"

# Wanted beyond the blocks of `wanted()`.
SYMBOLS = "™№℃ℝℕℤ∀∃∂∆∇∈∉∋∏∑−∓∕∗∘√∝∞∠∣∥∧∨∩∪∫∴∵∼≃≅≈≒≠≡≢≤≥≦≧≪≫⊂⊃⊆⊇⊕⊖⊗⊙⊤⊥⋅⋮⋯⋱⌈⌉⌊⌋⟨⟩⟦⟧" \
    "←↑→↓↔↕↖↗↘↙↩↪↵↺↻⇄⇆⇐⇑⇒⇓⇔⇧⌘⌥⌃⌫⏎␣⏮⏭⏯⏵⏴⏸⏹⏺▶◀►◄▲▼△▽▷◁■□▢▪▫◆◇◊●○◎◯★☆☐☑☒✓✔✗✘♪♫" \
    "─│┌┐└┘├┤┬┴┼━┃▁▂▃▄▅▆▇█░▒▓⬚"


def wanted() -> set[int]:
    """Every character that the faces should have."""
    points: set[int] = set()
    for first, last in [
        (0x20, 0x7E),  # ASCII
        (0xA0, 0xFF),  # Latin-1
        (0x100, 0x17F),  # Latin Extended-A, for names
        (0x370, 0x3FF),  # Greek
        (0x2010, 0x205E),  # general punctuation
        (0x2070, 0x209C),  # superscripts and subscripts
        (0x2150, 0x215E),  # fractions
        (0x2460, 0x2473),  # circled numbers
        (0x3000, 0x30FF),  # CJK punctuation, hiragana, katakana
        (0xFF01, 0xFFE5),  # full-width forms, half-width katakana
    ]:
        points.update(range(first, last + 1))
    points.update(map(ord, SYMBOLS))
    for row in range(0xA1, 0xFF):
        for cell in range(0xA1, 0xFF):
            try:
                points.update(map(ord, bytes([row, cell]).decode("euc_jp")))
            except UnicodeDecodeError:
                pass
    return points


def subset(path: Path, points: set[int], target: Path) -> None:
    """Writes the part of a font that holds the given characters."""
    options = Options()
    options.hinting = False
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "STAT", "gasp", "DSIG", "meta", "MATH"]
    options.recalc_timestamp = False
    font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    font.save(target)
    font.close()


def name(font: TTFont, style: str) -> None:
    """Gives the font its own names: the sources' names are reserved."""
    table = font["name"]
    table.names = []
    linked = f"{FAMILY} {style}" if style != "Bold" else FAMILY
    for name_id, text in {
        0: COPYRIGHT,
        1: linked,
        2: "Bold" if style == "Bold" else "Regular",
        3: f"{VERSION};TensoramaSans-{style}",
        4: f"{FAMILY} {style}",
        5: f"Version {VERSION}",
        6: f"TensoramaSans-{style}",
        13: LICENSE,
        14: LICENSE_URL,
        16: FAMILY,
        17: style,
    }.items():
        table.setName(text, name_id, 3, 1, 0x409)


def build(style: str, sources: Path, out: Path) -> None:
    """Makes one face and says what it holds."""
    weight, paths = FACES[style]
    left = wanted()
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for index, path in enumerate(paths):
            have = set(TTFont(sources / path).getBestCmap())
            take = left & have
            if not take:
                continue
            left -= take
            part = Path(folder) / f"{index}.ttf"
            subset(sources / path, take, part)
            parts.append(str(part))
            print(f"  {len(take):5} characters from {Path(path).stem}")
        options = MergeOptions(drop_tables=[])
        font = Merger(options).merge(parts)
        name(font, style)
        font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ASCENT, DESCENT, 0
        os2 = font["OS/2"]
        os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ASCENT, DESCENT, 0
        os2.usWinAscent, os2.usWinDescent = ASCENT, -DESCENT
        os2.usWeightClass = weight
        os2.fsSelection = (1 << 7) | (1 << 5 if style == "Bold" else 1 << 6)
        font["head"].macStyle = 1 if style == "Bold" else 0
        font["head"].fontRevision = float(VERSION)
        font["head"].created = font["head"].modified = 3_800_000_000
        font.recalcTimestamp = False
        target = out / f"TensoramaSans-{style}.ttf"
        font.save(target)
    size = target.stat().st_size
    print(f"  {target}: {len(font.getBestCmap())} characters, {size / 1e6:.2f} MB")
    absent = "".join(chr(point) for point in sorted(left) if chr(point) in SYMBOLS)
    if absent:
        print(f"  in no source: {absent}")


def main() -> None:
    sources, out = Path(sys.argv[1]), Path(sys.argv[2])
    for style in FACES:
        print(f"{FAMILY} {style}")
        build(style, sources, out)


if __name__ == "__main__":
    main()
