"""What a notebook shows: the page in a frame, from a server on this machine."""

import http.client
import os
import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

import tensorama
from tensorama import notebook
from tensorama.page_server import PageServer
from what_is_here import needs_torch


class PageTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = Path(folder.name) / "page"
        self.page.mkdir()
        (self.page / "index.html").write_text("<p>the page")
        (self.page / "program.wasm").write_bytes(b"\0asm")
        (Path(folder.name) / "secret").write_text("of nobody's business")
        for patched in (
            mock.patch.dict(os.environ, {"TENSORAMA_PAGE": str(self.page)}),
            mock.patch.object(notebook, "_server", None),
        ):
            patched.start()
            self.addCleanup(patched.stop)

    def tearDown(self) -> None:
        if notebook._server is not None:
            notebook._server.close()

    def fetched(self, server: PageServer, path: str, host: str = "") -> "tuple[int, bytes, http.client.HTTPMessage]":
        place = urlsplit(server.address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self.addCleanup(connection.close)
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", host or place.netloc)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def test_it_serves_the_page_and_nothing_beside_it(self) -> None:
        server = notebook.server()
        self.assertIs(notebook.server(), server)
        self.assertEqual(urlsplit(server.address).hostname, "127.0.0.1")
        self.assertEqual(self.fetched(server, "/?embed")[:2], (200, b"<p>the page"))
        status, data, headers = self.fetched(server, "/program.wasm?build")
        self.assertEqual((status, data, headers["Content-Type"]), (200, b"\0asm", "application/wasm"))
        for path in ["/../secret", "/%2e%2e/secret", "//secret", "/given/x/y", "/nothing.js", "/.", "/%00"]:
            self.assertEqual(self.fetched(server, path)[0], 404, path)
        # Another name that leads to this machine, as a page of elsewhere may have it.
        self.assertEqual(self.fetched(server, "/", "elsewhere.example")[0], 403)

    def test_files_are_given_at_addresses_that_nobody_guesses(self) -> None:
        server = notebook.server()
        file = self.page.parent / "net.onnx"
        file.write_bytes(b"network")
        first, second = server.give(file), server.give(file)
        self.assertNotEqual(first, second)
        for address in (first, second):
            self.assertTrue(address.startswith(server.address) and address.endswith("/net.onnx"), address)
            with urlopen(address) as answer:
                self.assertEqual(answer.read(), b"network")

    def test_what_ends_an_address_is_in_no_name(self) -> None:
        file = self.page.parent / "net #2, 50%?.onnx"
        file.write_bytes(b"network")
        address = notebook.server().give(file)
        with urlopen(address.replace(" ", "%20")) as answer:
            self.assertEqual(answer.read(), b"network")

    def test_a_file_that_is_gone_is_not_found(self) -> None:
        server = notebook.server()
        file = self.page.parent / "net.onnx"
        file.write_bytes(b"network")
        address = server.give(file)
        file.unlink()
        self.assertEqual(self.fetched(server, urlsplit(address).path)[0], 404)

    def test_a_picture_of_the_user_s_is_given_and_taken_back(self) -> None:
        picture = self.page.parent / "cat.png"
        picture.write_bytes(b"cat")
        network = self.page.parent / "net.onnx"
        network.write_bytes(b"network")
        page = tensorama.show(str(network), str(picture), where="page")
        words = [unquote(word) for word in urlsplit(page.address).fragment.split("+")]
        for word, content in [(words[1], b"network"), (words[3], b"cat")]:
            with urlopen(word) as answer:
                self.assertEqual(answer.read(), content)
        page.close()
        for word in (words[1], words[3]):
            self.assertEqual(self.fetched(notebook.server(), urlsplit(word).path)[0], 404)
        self.assertEqual((picture.read_bytes(), network.read_bytes()), (b"cat", b"network"))

    def test_without_a_page_it_says_so(self) -> None:
        (self.page / "index.html").unlink()
        with self.assertRaisesRegex(tensorama.TensoramaError, "no page in .*where='window'"):
            tensorama.show("nn.ReLU()", where="page")

    def test_a_network_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(tensorama.TensoramaError, "no file gone.onnx here, in /"):
            tensorama.show("gone.onnx", where="page")

    def test_a_layer_becomes_a_link_in_a_frame(self) -> None:
        page = tensorama.show("nn.Conv2d(3, 8, 3)", (3, 7, 7), where="page", language="ja", height=321)
        self.assertIsInstance(page, tensorama.Page)
        self.assertTrue(page.address.endswith("/?embed#explore+nn.Conv2d(3,%208,%203)+--input+3x7x7+--lang+ja"), page.address)
        html = page._repr_html_()
        self.assertIn('height="321"', html)
        self.assertIn(f'src="{page.address.replace("&", "&amp;")}"', html)

    def test_a_notebook_is_told_from_a_terminal(self) -> None:
        shell = types.SimpleNamespace()
        with mock.patch.dict(sys.modules, {"IPython": types.SimpleNamespace(get_ipython=lambda: shell)}):
            self.assertFalse(notebook.is_running())
            shell.kernel = object()
            self.assertTrue(notebook.is_running())
            self.assertIsInstance(tensorama.show("nn.ReLU()"), tensorama.Page)

    @needs_torch
    def test_a_layer_s_weights_are_given_by_their_names(self) -> None:
        import torch

        with mock.patch.object(tempfile, "tempdir", str(self.page.parent)):
            page = tensorama.show(torch.nn.BatchNorm2d(3), where="page")
        words = [unquote(word) for word in urlsplit(page.address).fragment.split("+")]
        given = dict(zip(words[3::2], words[2::2]))
        self.assertEqual(list(given.values()), ["--weight", "--bias", "--operand", "--operand"])
        names = [word.partition("=")[0] for word in given if "=" in word]
        self.assertEqual(names, ["running_mean", "running_var"])
        for word in given:
            with urlopen(word.rpartition("=")[2]) as answer:
                self.assertEqual(answer.read(6), b"\x93NUMPY")
        page.close()
        self.assertEqual(list(self.page.parent.glob("tensorama-*")), [])

    @needs_torch
    def test_a_model_is_given_with_its_input(self) -> None:
        import onnx
        import torch

        page = tensorama.show(torch.nn.Sequential(torch.nn.Linear(3, 2)), torch.rand(1, 3), where="page")
        words = [unquote(word) for word in urlsplit(page.address).fragment.split("+")]
        self.assertEqual([words[0], words[2]], ["explore", "--input"])
        with urlopen(words[1]) as answer:
            self.assertEqual([node.name for node in onnx.load_model_from_string(answer.read()).graph.node], ["0"])
        with urlopen(words[3]) as answer:
            self.assertEqual(answer.read(6), b"\x93NUMPY")


if __name__ == "__main__":
    unittest.main()
