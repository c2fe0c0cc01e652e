"""The licences of what the program is linked to, which go into each package."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "crate_licences.py"


class CrateLicences(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.packages: List[Dict[str, Any]] = []
        self.nodes: Dict[str, List[Dict[str, Any]]] = {}

    def package(self, name: str, licence: Optional[str] = "MIT", kind: str = "lib", **files: str) -> None:
        folder = self.folder / name
        folder.mkdir()
        for file, text in files.items():
            (folder / file).write_text(text)
        self.packages.append({
            "id": f"id of {name}", "name": name, "version": "1.0.0", "license": licence, "license_file": None,
            "manifest_path": str(folder / "Cargo.toml"), "targets": [{"kind": [kind]}],
        })  # fmt: skip
        self.nodes.setdefault(name, [])

    def uses(self, user: str, used: str, kind: Optional[str] = None) -> None:
        self.nodes[user].append({"pkg": f"id of {used}", "dep_kinds": [{"kind": kind}]})

    def listed(self) -> "subprocess.CompletedProcess[str]":
        nodes = [{"id": f"id of {name}", "deps": deps} for name, deps in self.nodes.items()]
        metadata = {"packages": self.packages, "resolve": {"root": "id of program", "nodes": nodes}}
        return subprocess.run(
            [sys.executable, str(SCRIPT)], input=json.dumps(metadata), capture_output=True, text=True, encoding="utf-8"
        )

    def test_only_what_is_linked_is_listed(self) -> None:
        self.package("program")
        for name, kind in [("near", None), ("built", "build"), ("tested", "dev")]:
            self.package(name)
            self.uses("program", name, kind)
        for name in ("far", "of_macro"):
            self.package(name)
        self.package("macro", kind="proc-macro")
        self.uses("near", "far")
        self.uses("near", "macro")
        self.uses("macro", "of_macro")
        done = self.listed()
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [line.split(" 1.0.0")[0] for line in done.stdout.splitlines() if " 1.0.0 " in line]
        self.assertEqual(names, ["far", "near"])

    def test_a_text_that_two_have_stands_there_once_with_both_names(self) -> None:
        self.package("program")
        for name, text in [("a", "You may\ncopy it."), ("b", "You may copy\nit.\n"), ("c", "Of C alone.")]:
            self.package(name, **{"LICENSE-MIT": text, "main.rs": "license()", "LICENSE.rs": "no text"})
            self.uses("program", name)
        said = self.listed().stdout
        self.assertIn("\na 1.0.0, b 1.0.0\n\nYou may\ncopy it.\n", said)
        self.assertIn("\nc 1.0.0\n\nOf C alone.\n", said)
        self.assertEqual(said.count("You may"), 1)
        self.assertNotIn("no text", said)

    def test_who_says_nothing_of_a_licence_is_named(self) -> None:
        self.package("program")
        self.package("silent", licence=None)
        self.uses("program", "silent")
        done = self.listed()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("silent", done.stderr)


if __name__ == "__main__":
    unittest.main()
