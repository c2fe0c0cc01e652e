"""Finding the program, and what pip has brought for it. The program is a script here that says what it was given."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import tensorama
import tensorama.program
from tensorama import ProgramFailed, ProgramNotFound

SOURCE = Path(tensorama.program.__file__).resolve().parent.parent
TRUE = "/bin/true"


@unittest.skipIf(os.name == "nt", "the programs here are POSIX's")
class Program(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        patched = mock.patch.dict(os.environ, {"PATH": f"{self.folder}:/usr/bin:/bin"})
        patched.start()
        self.addCleanup(patched.stop)
        os.environ.pop("TENSORAMA", None)

    def script(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def test_the_variable_comes_before_the_package_and_that_before_the_path(self) -> None:
        package = self.folder / "package"
        with mock.patch.object(tensorama.program, "PACKAGE", package):
            on_path = self.folder / "tensorama"
            os.symlink(TRUE, on_path)
            self.assertEqual(tensorama.program.find(), on_path)
            packaged = self.script("package/bin/tensorama", "")
            self.assertEqual(tensorama.program.find(), packaged)
            named = self.script("another", "")
            os.environ["TENSORAMA"] = str(named)
            self.assertEqual(tensorama.program.find(), named)

    def test_pip_s_own_entry_is_not_taken_for_the_program(self) -> None:
        self.script("tensorama", f"exec {sys.executable} -m tensorama")
        with mock.patch.object(tensorama.program, "PACKAGE", self.folder / "package"):
            with self.assertRaisesRegex(ProgramNotFound, "TENSORAMA"):
                tensorama.program.find()

    def test_a_variable_that_names_nothing_is_told(self) -> None:
        os.environ["TENSORAMA"] = str(self.folder / "gone")
        with self.assertRaisesRegex(ProgramNotFound, "gone.*correct it, or unset it"):
            tensorama.program.find()

    def test_the_command_hands_on_words_and_status(self) -> None:
        os.environ["TENSORAMA"] = str(self.script("said", 'printf "%s\\n" "$@"; exit 3'))
        done = subprocess.run(
            [sys.executable, "-m", "tensorama", "record", "two words"],
            env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (3, "record\ntwo words\n"), done.stderr)

    def test_what_the_program_says_is_in_the_error(self) -> None:
        os.environ["TENSORAMA"] = str(self.script("fails", "echo 'error: no such layer' >&2; exit 2"))
        with self.assertRaisesRegex(ProgramFailed, "tensorama eval failed: error: no such layer"):
            tensorama.program.run(["eval", "x"])

    def test_no_colours_are_in_it_where_a_notebook_asks_for_them(self) -> None:
        os.environ["TENSORAMA"] = str(self.script("asks", 'echo "$CLICOLOR_FORCE$FORCE_COLOR$NO_COLOR"'))
        with mock.patch.dict(os.environ, {"CLICOLOR_FORCE": "2", "FORCE_COLOR": "3"}):
            self.assertEqual(tensorama.program.run([]), "1\n")

    def test_ctrl_c_ends_the_window_that_is_waited_for(self) -> None:
        def interrupt(number: int, frame: Any) -> None:
            raise KeyboardInterrupt

        os.environ["TENSORAMA"] = str(self.script("waits", "exec sleep 60"))
        window = tensorama.show("nn.ReLU()", where="window", wait=False)
        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, interrupt))
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with self.assertRaises(KeyboardInterrupt):
            window.wait()
        self.assertFalse(window.is_open)

    def test_a_video_s_name_in_the_place_of_the_input_is_told(self) -> None:
        with self.assertRaisesRegex(tensorama.TensoramaError, r"record\(model, file='tour.mp4'\)"):
            tensorama.record("nn.ReLU()", "tour.mp4")

    def test_ffmpeg_of_pip_is_found_where_the_system_has_none(self) -> None:
        packages = self.folder / "site"
        (packages / "imageio_ffmpeg" / "binaries").mkdir(parents=True)
        (packages / "imageio_ffmpeg" / "__init__.py").write_text("")
        (packages / "imageio_ffmpeg" / "binaries" / "README.md").write_text("")
        self.script("pip-ffmpeg", 'echo "pip: $*"').rename(packages / "imageio_ffmpeg" / "binaries" / "ffmpeg-linux-x86_64-v7")
        for name in ("sh", "printf"):
            os.symlink(f"/bin/{name}", self.folder / name)
        os.environ["TENSORAMA"] = str(self.script("asks", "exec ffmpeg -version"))
        os.environ["PATH"] = str(self.folder)
        with mock.patch.object(sys, "path", [str(packages), *sys.path]):
            self.assertEqual(tensorama.program.run([]), "pip: -version\n")
            # One of the user's own comes first.
            self.script("ffmpeg", 'echo "own: $*"')
            self.assertEqual(tensorama.program.run([]), "own: -version\n")

    def test_voices_of_pip_are_found_in_this_environment(self) -> None:
        packages = self.folder / "site"
        (packages / "piper").mkdir(parents=True)
        (packages / "piper" / "__init__.py").write_text("")
        os.environ.pop("TENSORAMA_PYTHON_ENV", None)
        os.environ["TENSORAMA"] = str(self.script("asks", 'echo "$TENSORAMA_PYTHON_ENV"'))
        with mock.patch.object(sys, "path", [str(packages), *sys.path]):
            self.assertEqual(tensorama.program.run([]), f"{sys.prefix}\n")
            os.environ["TENSORAMA_PYTHON_ENV"] = "/elsewhere"
            self.assertEqual(tensorama.program.run([]), "/elsewhere\n")


if __name__ == "__main__":
    unittest.main()
