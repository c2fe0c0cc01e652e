"""Makes the folder that a host serves, from the bound program. scripts/web runs it.

    web_page.py make BOUND OUT      the folder, from what wasm-bindgen and wasm-opt left in BOUND
    web_page.py list OUT            manifest.json anew, after files were added
    web_page.py sizes OUT KEPT      the table of sizes; fails above the budget. KEPT: a folder for what is compressed

Voices that lie in OUT stay there.
"""

import base64
import gzip
import hashlib
import json
import re
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "assets/web"
FONTS = ROOT / "assets/fonts"
LESSONS = ROOT / "lessons"
FACES = {"medium": "TensoramaSans-Medium.ttf", "bold": "TensoramaSans-Bold.ttf"}

# The budget, in bytes.
PROGRAM_BROTLI = 6_000_000
PROGRAM_GZIP = 9_000_000
ONE_FILE = 25 * 1024 * 1024
FIRST_VIEW = 200_000

# Where Japanese characters lie: radicals, kana, kanji, their full-width forms.
JAPANESE = [(0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)]
# ASCII, Latin-1 and Extended-A, Greek, punctuation, super- and subscripts, letterlike, arrows, maths,
# technical, boxes, shapes: what a value, a formula or a file's name may need.
LATIN = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209C),
    (0x2100, 0x214F), (0x2190, 0x22FF), (0x2300, 0x23FF), (0x2500, 0x25FF), (0x2A00, 0x2AFF),
]  # fmt: skip
# How languages name themselves in the menu, whichever is shown.
OWN_NAMES = "English日本語"


def is_japanese(character):
    return any(low <= ord(character) <= high for low, high in JAPANESE)


def used_characters():
    """The characters of lessons and their sentences, and of all that stands between quotes in the source."""
    used = set()
    for file in [*LESSONS.glob("*.ron"), *LESSONS.glob("sentences/*/*.ron")]:
        used.update(file.read_text(encoding="utf-8"))
    quoted = re.compile(r""""(?:[^"\\]|\\.)*"|'[^'\\]'""", re.DOTALL)
    for source in (ROOT / "src").rglob("*.rs"):
        text = source.read_text(encoding="utf-8")
        for string in quoted.findall(text):
            used.update(string)
        used.update(chr(int(code, 16)) for code in re.findall(r"\\u\{([0-9a-fA-F]{1,5})\}", text))
    return {character for character in used if character.isprintable()}


def subset(face, characters, out, flavor=None):
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options()
    options.notdef_outline = True
    options.flavor = flavor
    if flavor:
        options.hinting = False
    else:
        # The program's letters are to be those of the whole font, to the pixel.
        options.layout_features = ["*"]
    # A font's time is that of its source, so that the same build gives the same bytes.
    options.recalc_timestamp = False
    font = load_font(str(face), options)
    cutter = Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    save_font(font, str(out), options)


def write_fonts(out):
    used = used_characters()
    latin = {chr(code) for low, high in LATIN for code in range(low, high + 1)}
    latin |= {character for character in used if not is_japanese(character)} | set(OWN_NAMES)
    page = {character for file in PAGE.iterdir() if file.suffix in (".js", ".html")
            for character in file.read_text(encoding="utf-8")}  # fmt: skip
    page = {character for character in page if character.isprintable()}
    folder = out / "fonts"
    folder.mkdir(parents=True)
    for weight, name in FACES.items():
        face = FONTS / name
        subset(face, latin, folder / f"latin-{weight}.ttf")
        subset(face, latin | used, folder / f"japanese-{weight}.ttf")
        subset(face, page, folder / f"page-{weight}.woff2", flavor="woff2")
        shutil.copyfile(face, folder / f"whole-{weight}.ttf")


def write_lessons(out):
    """The lessons and the files that they name in one file: to ask for each takes longer than to read all."""
    lessons = {}
    for lesson in sorted(LESSONS.glob("*.ron")):
        text = lesson.read_text(encoding="utf-8")
        lessons[f"lessons/{lesson.name}"] = text
        for name in re.findall(r'"([^"\n]+\.(?:png|jpe?g|webp|bmp|npy|npz|safetensors|onnx))"', text):
            source = LESSONS / name
            if not source.is_file():
                sys.exit(f"{lesson}: names {name}, which is not there")
            lessons[f"lessons/{name}"] = {"base64": base64.b64encode(source.read_bytes()).decode()}
    shutil.copytree(LESSONS / "thumbnails", out / "files/thumbnails")
    (out / "lessons.json").write_text(json.dumps(lessons, ensure_ascii=False), encoding="utf-8")


def write_sentences(out):
    """The sentences of each further language in one file, which is fetched when the language is chosen."""
    folder = out / "sentences"
    folder.mkdir()
    for language in sorted(path for path in (LESSONS / "sentences").iterdir() if path.is_dir()):
        files = {
            file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
            for file in sorted(language.glob("*.ron"))
            if (LESSONS / file.name).is_file()
        }
        if files:
            target = folder / f"{language.name}.json"
            target.write_text(json.dumps(files, ensure_ascii=False), encoding="utf-8")


def sentences_of(out):
    """The names of the lessons that have sentences, by language."""
    return {
        file.stem: [Path(name).stem for name in json.loads(file.read_text(encoding="utf-8"))]
        for file in sorted((out / "sentences").glob("*.json"))
    }


def write_licences(bound, out):
    folder = out / "licences"
    folder.mkdir()
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        shutil.copyfile(ROOT / name, folder / f"{name}.txt")
    shutil.copyfile(bound / "crates.txt", folder / "crates.txt")
    shutil.copyfile(FONTS / "OFL.txt", folder / "fonts.txt")
    shutil.copyfile(FONTS / "panels.txt", folder / "panel-fonts.txt")
    shutil.copyfile(LESSONS / "pictures/LICENCES.md", folder / "pictures.md")
    shutil.copyfile(ROOT / "assets/networks/LICENCES.md", folder / "networks.md")


def files_of(out):
    return sorted(path for path in out.rglob("*") if path.is_file() and path.name != "manifest.json")


def write_manifest(out):
    """What the page reads first: the size of each file, uncompressed, a name for this build, and which lessons are
    told in further languages. The first page bears the name too, so that it need not wait for the list."""
    first = out / "index.html"
    first.write_text(named(first.read_text(encoding="utf-8"), "0" * 16), encoding="utf-8")
    build = hashlib.sha256()
    files = {}
    for path in files_of(out):
        name = path.relative_to(out).as_posix()
        data = path.read_bytes()
        files[name] = {"raw": len(data)}
        build.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    name = build.hexdigest()[:16]
    first.write_text(named(first.read_text(encoding="utf-8"), name), encoding="utf-8")
    manifest = {"build": name, "sentences": sentences_of(out), "files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def named(page, build):
    """The first page with the name of a build."""
    named, places = re.subn(r'(<meta name="build" content=")[0-9a-f]{16}"', rf'\g<1>{build}"', page)
    if places != 1:
        sys.exit(f"{PAGE / 'index.html'}: has {places} places for the name of the build, and needs one")
    return named


def make(bound, out):
    # Beside the old folder and then in its place, so that a server never sees a half.
    new = out.with_name(out.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    first = (PAGE / "index.html").read_text(encoding="utf-8")
    for file in PAGE.iterdir():
        if file.suffix == ".js" and f'"{file.name}"' not in first:
            sys.exit(f"{file}: index.html does not fetch it beside the others")
        if file.is_file():
            shutil.copyfile(file, new / file.name)
    shutil.copyfile(bound / "tensorama.js", new / "tensorama.js")
    shutil.copyfile(bound / "tensorama_bg.wasm", new / "tensorama_bg.wasm")
    if (bound / "snippets").is_dir():
        shutil.copytree(bound / "snippets", new / "snippets")
    # GitHub's host leaves out some names unless it is told not to.
    (new / ".nojekyll").touch()
    write_lessons(new)
    write_sentences(new)
    write_fonts(new)
    write_licences(bound, new)
    if (out / "voices").is_dir():
        (out / "voices").rename(new / "voices")
    write_manifest(new)
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)


def compressed(path, kept):
    """Bytes of a file as gzip 9 and brotli 11. Brotli's file is kept, since it takes minutes."""
    import brotli

    data = path.read_bytes()
    small = kept / f"{hashlib.sha256(data).hexdigest()}.br"
    if not small.exists():
        kept.mkdir(parents=True, exist_ok=True)
        half = small.with_suffix(".half")
        half.write_bytes(brotli.compress(data, quality=11, lgwin=24))
        half.rename(small)
    return len(gzip.compress(data, 9, mtime=0)), small.stat().st_size


def sizes(out, kept):
    # What no file has been asked for in a month is of an old build.
    for old in kept.glob("*.br"):
        if time.time() - max(old.stat().st_atime, old.stat().st_mtime) > 30 * 86400:
            old.unlink()
    page = [path for path in out.iterdir() if path.suffix in (".html", ".css", ".js") and path.name != "tensorama.js"]
    page += sorted((out / "fonts").glob("page-*"))
    posters = sorted(out.glob("poster-*.webp"), key=lambda path: path.stat().st_size)
    pictures = [path for path in (out / "files").rglob("*") if path.is_file()]
    rows = [
        ("program", [out / "tensorama_bg.wasm", out / "tensorama.js"]),
        ("first view, with the larger poster", page + posters[-1:]),
        ("lessons and their pictures", [out / "lessons.json", *pictures]),
        ("sentences, all further languages", sorted((out / "sentences").iterdir())),
        ("fonts, English", sorted((out / "fonts").glob("latin-*"))),
        ("fonts, Japanese", sorted((out / "fonts").glob("japanese-*"))),
        ("fonts, whole: pasted characters only", sorted((out / "fonts").glob("whole-*"))),
    ]
    measured = {}
    print(f"{'':38}{'raw':>12}{'gzip 9':>12}{'brotli 11':>12}")
    for name, files in rows:
        raw = sum(path.stat().st_size for path in files)
        small = [compressed(path, kept) for path in files]
        measured[name] = (raw, sum(pair[0] for pair in small), sum(pair[1] for pair in small))
        print(f"{name:38}" + "".join(f"{size:12,}" for size in measured[name]))
    voices = [path for path in (out / "voices").rglob("*") if path.is_file()]
    if voices:
        print(f"{'voices, all lessons':38}{sum(path.stat().st_size for path in voices):12,}")
    largest = max(files_of(out), key=lambda path: path.stat().st_size)
    print(f"{'largest file: ' + largest.relative_to(out).as_posix():38}{largest.stat().st_size:12,}")

    program = measured["program"]
    checks = [
        ("program, brotli 11", program[2], PROGRAM_BROTLI),
        ("program, gzip 9", program[1], PROGRAM_GZIP),
        ("largest file", largest.stat().st_size, ONE_FILE),
        ("first view", measured["first view, with the larger poster"][0], FIRST_VIEW),
    ]
    over = [f"{name}: {size:,} bytes, {size - budget:,} above the budget of {budget:,}"
            for name, size, budget in checks if size > budget]  # fmt: skip
    for line in over:
        print(line, file=sys.stderr)
    return 1 if over else 0


def main():
    match sys.argv[1:]:
        case ["make", bound, out]:
            make(Path(bound), Path(out))
        case ["list", out]:
            write_manifest(Path(out))
        case ["sizes", out, kept]:
            return sizes(Path(out), Path(kept))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
