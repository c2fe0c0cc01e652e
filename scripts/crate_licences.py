#!/usr/bin/env python3
"""Lists the packages of Rust that a program is linked to, with their licences and the texts of these.

    cargo metadata --locked --format-version 1 --filter-platform TRIPLE | scripts/crate_licences.py >crates.txt

What only builds the program (build scripts, macros, tests) is not in it, and is left out. The exit status is 1 where a
package says nothing of its licence.
"""

import json
import re
import sys
from pathlib import Path

NAMES = re.compile(r"(un)?licen[cs]e|copying|copyright|notice|ofl|ufl", re.IGNORECASE)
# Files of such a name that are no text of a licence.
CODE = {".rs", ".toml", ".py", ".ttf", ".otf", ".json"}
RULE = "-" * 100

HEAD = """\
Tensorama is linked to these packages of Rust, and to Rust's standard library (MIT OR Apache-2.0). Where a licence is a
choice (OR), Tensorama takes whichever suits you. Behind the list stand the texts that came with the packages.
"""


def linked(metadata):
    """The packages that are linked to the root package, by name and version."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    seen, waiting = {root}, [root]
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            used = dependency["pkg"]
            if used in seen or not any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                continue
            # A macro runs in the compiler, with all that it is made of.
            if any("proc-macro" in target["kind"] for target in packages[used]["targets"]):
                continue
            seen.add(used)
            waiting.append(used)
    found = [packages[package] for package in seen - {root}]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The texts of licences in a package's folder, and in those of its fonts."""
    folder = Path(package["manifest_path"]).parent
    files = {file for place in (folder, *folder.glob("*font*"), *folder.glob("LICENSES")) for file in place.glob("*")}
    named = package.get("license_file")
    if named:
        files.add(folder / named)
    for file in sorted(files):
        # Beside fonts stand texts that bear their names.
        is_text = NAMES.match(file.name) or file.parent != folder and file.suffix in ("", ".txt", ".md")
        if (is_text or named and file == folder / named) and file.is_file() and file.suffix not in CODE:
            yield file.read_text("utf-8", "replace").strip()


def main():
    packages = linked(json.load(sys.stdin))
    silent = [package["name"] for package in packages if not (package["license"] or package["license_file"])]
    if silent:
        print(f"tensorama: nothing is said of the licence of {', '.join(silent)}", file=sys.stderr)
        return 1
    print(HEAD)
    # Texts that differ in nothing but their lines are one.
    holders, wording = {}, {}
    for package in packages:
        name = f"{package['name']} {package['version']}"
        print(f"{name:50} {package['license'] or 'see its text'}")
        for text in texts(package):
            key = " ".join(text.split()).lower()
            wording.setdefault(key, text)
            named = holders.setdefault(key, [])
            if name not in named:
                named.append(name)
    for key, named in holders.items():
        print(f"\n{RULE}\n{', '.join(named)}\n\n{wording[key]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
