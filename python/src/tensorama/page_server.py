"""Serves the page of the package, and the files that it is to open, to this machine alone."""

from __future__ import annotations

import re
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, Optional
from urllib.parse import unquote, urlsplit

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# Where files that are to be opened lie, seen from the page: behind a word that nobody guesses, since any program
# on this machine can ask the server.
GIVEN = "given"


class PageServer:
    """A server of a folder at a port of 127.0.0.1 that the system chooses; it ends with the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.given: Dict[str, Path] = {}
        served = self

        class Handler(_Handler):
            server_of = served

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="tensorama-page", daemon=True).start()

    @property
    def address(self) -> str:
        """The page's address, with a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def give(self, file: Path) -> str:
        """The address at which the page finds a file."""
        # What would end the path in an address, or be taken for a sign that stands for another.
        name = re.sub(r"[?#%]", "_", file.name)
        place = f"{GIVEN}/{secrets.token_urlsafe(16)}/{name}"
        self.given[place] = file
        return self.address + place

    def take_back(self, address: str) -> None:
        """Gives a file no longer; of an address that is none of its own, nothing."""
        self.given.pop(address[len(self.address) :], None)

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()

    def find(self, name: str) -> Optional[Path]:
        """The file of a path below the address; nothing where none is."""
        path = self.given.get(name)
        if path is None:
            try:
                path = (self.folder / (name or "index.html")).resolve()
            except ValueError:
                # What no file can be called.
                return None
            if self.folder not in path.parents:
                return None
        return path if path.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: PageServer

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        # A page of elsewhere whose name leads to this machine asks in its own name.
        host = urlsplit("//" + self.headers.get("Host", "")).hostname
        if host not in ("127.0.0.1", "localhost"):
            self._send(HTTPStatus.FORBIDDEN, b"", {}, body)
            return
        path = self.server_of.find(unquote(urlsplit(self.path).path).lstrip("/"))
        if path is None:
            self._send(HTTPStatus.NOT_FOUND, b"", {}, body)
            return
        headers = {"Content-Type": TYPES.get(path.suffix, "application/octet-stream")}
        self._send(HTTPStatus.OK, path.read_bytes(), headers, body)

    def _send(self, status: HTTPStatus, data: bytes, headers: Dict[str, str], body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if body:
            try:
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                # The page was closed.
                pass

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a cell of a notebook is no place for a log."""
