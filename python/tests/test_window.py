"""The window, on a screen that nobody sees (Xvfb)."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import tensorama
from what_is_here import needed, needs_program, needs_torch

needs_xvfb = needed(shutil.which("Xvfb") is not None, "Xvfb is not installed", "scripts/setup test")


@needs_program
@needs_xvfb
class WindowTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        read, write = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        self.addCleanup(self.screen.wait)
        self.addCleanup(self.screen.terminate)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        variables = {
            "DISPLAY": f":{display}",
            "TENSORAMA_STATE": str(self.folder / "state"),
            "TENSORAMA_SETTINGS": str(self.folder / "settings.ron"),
        }
        patched = mock.patch.dict(os.environ, variables)
        patched.start()
        self.addCleanup(patched.stop)
        os.environ.pop("WAYLAND_DISPLAY", None)

    def state(self, words: str) -> str:
        """What the window says of itself, once these words are in it."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            file = self.folder / "state"
            text = file.read_text() if file.exists() else ""
            if words in text:
                return text
            time.sleep(0.1)
        self.fail(f"the window never said {words!r}")

    def test_a_window_that_rests_closes_when_it_is_asked_to(self) -> None:
        window = tensorama.show("nn.Conv2d(3, 4, 3)", (3, 6, 6), wait=False)
        self.addCleanup(window.close)
        self.state("Conv2d")
        # Longer than it goes on drawing.
        time.sleep(4)
        self.assertTrue(window.is_open)
        window.close()
        # By itself: what is killed ends with the number of that signal, below 0.
        self.assertEqual(window._process.returncode, 143)

    @needs_torch
    def test_a_model_opens_with_the_names_of_its_modules(self) -> None:
        import torch
        from small_models import Network

        with mock.patch.object(tempfile, "tempdir", str(self.folder)):
            window = tensorama.show(Network(), torch.rand(1, 3, 8, 8), open=["layer1"], wait=False, language="en")
        try:
            self.state("screen: Network")
            self.assertTrue(window.is_open)
        finally:
            window.close()
        self.assertFalse(window.is_open)
        self.assertEqual([path.name for path in self.folder.glob("tensorama-*")], [])

    @needs_torch
    def test_a_part_opens_on_the_workbench(self) -> None:
        import torch
        from small_models import Network

        window = tensorama.show(Network(), torch.rand(1, 3, 8, 8), part="layer1.0.conv1", wait=False)
        self.addCleanup(window.close)
        self.state("Conv2d")

    def test_without_a_screen_it_says_so(self) -> None:
        with mock.patch.dict(os.environ, {"DISPLAY": ":4242"}):
            with self.assertRaisesRegex(tensorama.ProgramFailed, r"could not be opened, or ended by a mistake: \S"):
                tensorama.show("nn.ReLU()")


if __name__ == "__main__":
    unittest.main()
