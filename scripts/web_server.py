"""Serves the folder that scripts/web makes, on this machine only.

    web_server.py [--compressed] FOLDER [PORT]

Port 0 takes a free one; the address is the first line that it prints. On one machine bytes cost less than to unpack
them, so they go as they are; `--compressed` sends them as hosts do, each compressed lightly at its first request.
"""

import gzip
import hashlib
import posixpath
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

try:
    import brotli
except ImportError:
    brotli = None

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".md": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
SHRINKS = {".css", ".html", ".js", ".json", ".ttf", ".wasm"}


class Files:
    """The files of the folder, with what they are compressed to."""

    def __init__(self, folder, compresses):
        self.folder = folder.resolve()
        self.compresses = compresses
        self.lock = threading.Lock()
        self.read = {}

    def get(self, name, encodings):
        """The bytes, their encoding and their tag; None where there is no such file."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            return None
        state = path.stat()
        key = (path, state.st_mtime_ns, state.st_size)
        encoding = None
        if self.compresses and path.suffix in SHRINKS:
            known = ["br"] if brotli else []
            encoding = next((each for each in [*known, "gzip"] if each in encodings), None)
        # One at a time: two requests for one file must not both compress it.
        with self.lock:
            if (key, encoding) not in self.read:
                self.read[key, encoding] = self.made(path, encoding)
            data, tag = self.read[key, encoding]
        return data, encoding, tag, path.suffix

    def made(self, path, encoding):
        data = path.read_bytes()
        tag = hashlib.sha256(data).hexdigest()
        if encoding == "br":
            data = brotli.compress(data, quality=4)
        elif encoding == "gzip":
            data = gzip.compress(data, 6)
        return data, f'"{tag[:24]}-{encoding or "raw"}"'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(with_body=True)

    def do_HEAD(self):
        self.answer(with_body=False)

    def answer(self, with_body):
        address = urlsplit(self.path)
        name = posixpath.normpath(unquote(address.path)).lstrip("/")
        accepted = {part.split(";")[0].strip() for part in self.headers.get("Accept-Encoding", "").split(",")}
        found = self.server.files.get("index.html" if name in ("", ".") else name, accepted)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data, encoding, tag, suffix = found
        unchanged = self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", tag)
        # A name that carries the build never means anything else.
        fixed = bool(address.query) and suffix != ".html"
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if fixed else "no-cache")
        self.send_header("Vary", "Accept-Encoding")
        if unchanged:
            self.end_headers()
            return
        self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if with_body:
            try:
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        # A browser that goes away in the middle of a page is none.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    words = sys.argv[1:]
    compresses = words[:1] == ["--compressed"]
    words = words[compresses:]
    if not 1 <= len(words) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(words[0])
    port = int(words[1]) if len(words) > 1 else 8000
    if not (folder / "index.html").is_file():
        print(f"tensorama: there is no page in {folder}: scripts/web makes it", file=sys.stderr)
        return 1
    try:
        server = Server(("127.0.0.1", port), Handler)
    except OSError as error:
        print(f"tensorama: port {port} cannot be had ({error.strerror}): name another one", file=sys.stderr)
        return 1
    server.files = Files(folder, compresses)
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
