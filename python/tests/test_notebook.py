"""A notebook as people have it: a kernel runs its cells, and a browser, which is another program, opens the frame."""

import base64
import os
import re
import tempfile
import unittest
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, List
from unittest import mock
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from what_is_here import needed, needs_program

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "assets" / "networks" / "super_resolution.onnx"
BUILT = Path(os.environ.get("TENSORAMA_PAGE") or ROOT / "target" / "web")

needs_jupyter = needed(
    find_spec("nbclient") is not None and find_spec("ipykernel") is not None,
    "nbclient or ipykernel is not installed",
    "pip install nbclient ipykernel",
)


@needs_jupyter
class Notebook(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = BUILT
        if not (BUILT / "index.html").is_file():
            # What a page holds is nothing to the server.
            self.page = Path(folder.name) / "page"
            self.page.mkdir()
            (self.page / "index.html").write_text("<p>the page")
            (self.page / "tensorama_bg.wasm").write_bytes(b"\0asm")
        variables = {"TENSORAMA_PAGE": str(self.page), "IPYTHONDIR": str(Path(folder.name) / "ipython")}
        patched = mock.patch.dict(os.environ, variables)
        patched.start()
        self.addCleanup(patched.stop)

    def opened(self, *cells: str) -> Any:
        """A notebook of these cells with a kernel of its own, which lives until the test ends."""
        import nbformat
        from nbclient import NotebookClient

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        client = NotebookClient(notebook, timeout=300, kernel_name="python3")
        kernel = client.setup_kernel()
        kernel.__enter__()
        self.addCleanup(kernel.__exit__, None, None, None)
        return client

    def shown(self, client: Any) -> "List[dict[str, str]]":
        """What stands below each cell, by its kind."""
        shown = []
        for number, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, number)
            shown.append({kind: data for output in cell.outputs for kind, data in output.get("data", {}).items()})
        return shown

    def frame(self, html: str) -> str:
        found = re.fullmatch(r'<iframe src="([^"]+)"[^>]*></iframe>', html.strip())
        assert found is not None, html
        return unescape(found[1])

    def test_the_frame_of_a_cell_finds_the_page(self) -> None:
        client = self.opened("import tensorama", 'tensorama.show("nn.Conv2d(3, 8, 3)", (3, 7, 7))')
        address = self.frame(self.shown(client)[1]["text/html"])
        self.assertEqual(urlsplit(address).hostname, "127.0.0.1")
        self.assertEqual(unquote(urlsplit(address).fragment), "explore+nn.Conv2d(3, 8, 3)+--input+3x7x7")
        with urlopen(address) as answer:
            self.assertEqual(answer.read(), (self.page / "index.html").read_bytes())
        server = address.partition("?")[0]
        for file in self.page.glob("*.wasm"):
            with urlopen(server + file.name) as answer:
                self.assertEqual(answer.headers["Content-Type"], "application/wasm")
                self.assertEqual(len(answer.read()), file.stat().st_size)
        # The kernel ends, and with it what it served.
        self.doCleanups()
        with self.assertRaises(URLError):
            urlopen(address, timeout=5)

    def test_a_network_is_given_to_the_page_of_its_kernel(self) -> None:
        client = self.opened("import tensorama", f"tensorama.show({str(NETWORK)!r})")
        words = urlsplit(self.frame(self.shown(client)[1]["text/html"])).fragment.split("+")
        self.assertEqual(words[0], "explore")
        with urlopen(unquote(words[1])) as answer:
            self.assertEqual(answer.read(), NETWORK.read_bytes())

    def test_a_mistake_in_a_cell_is_told_there(self) -> None:
        from nbclient.exceptions import CellExecutionError

        client = self.opened('import tensorama; tensorama.show("nn.ReLU()", where="wall")')
        with self.assertRaisesRegex(CellExecutionError, "where is 'wall'; it is 'window', 'page' or 'auto'"):
            self.shown(client)

    @needs_program
    def test_a_picture_stands_in_the_cell(self) -> None:
        client = self.opened("import tensorama", 'tensorama.picture("nn.MaxPool2d(2)", (3, 6, 6), size=(640, 360))')
        picture = base64.b64decode(self.shown(client)[1]["image/png"])
        self.assertEqual(picture[1:4], b"PNG")


if __name__ == "__main__":
    unittest.main()
