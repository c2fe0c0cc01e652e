"""What stands in the cell of a notebook: the page in a frame, pictures, videos."""

from __future__ import annotations

import atexit
import base64
import os
import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Optional, Sequence, Union
from urllib.parse import quote

from .errors import TensoramaError

if TYPE_CHECKING:
    from .page_server import PageServer

# The page of this package; scripts/package puts it there.
PAGE = Path(__file__).resolve().parent / "page"

# What an address may hold as it is behind `#`; src/link.rs writes the same.
PLAIN = "-._~!*'(),;:@/="

_server: Optional[PageServer] = None


def is_running() -> bool:
    """Whether this is a notebook: the kernel of one, and not a script or IPython in a terminal."""
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    shell = ipython.get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def server() -> PageServer:
    """The server of the page, started once in a process.

    Raises:
        TensoramaError: this package holds no page.
    """
    global _server
    if _server is None:
        folder = Path(os.environ.get("TENSORAMA_PAGE") or PAGE)
        if not (folder / "index.html").is_file():
            raise TensoramaError(
                f"there is no page in {folder}: this package was built without one. Open a window instead "
                "(show(..., where='window')), or name in TENSORAMA_PAGE a folder that holds one"
            )
        # What serves is slow to load, and the command `tensorama` needs none of it.
        from .page_server import PageServer

        _server = PageServer(folder)
    return _server


class Page:
    """The page in a frame, which a notebook shows.

    Attributes:
        address: where the page can be opened by itself while this process runs, on this machine only.
        height: of the frame, in pixels; it is as wide as the cell.
    """

    def __init__(self, words: Sequence[str], height: int, let_go: Callable[[], None] = lambda: None) -> None:
        self._server = server()
        self._words = words
        self._let_go = let_go
        # It fetches its files when it is opened, perhaps again when it is opened anew.
        atexit.register(self.close)
        link = "+".join(quote(word, safe=PLAIN) for word in words)
        self.address = f"{self._server.address}?embed#{link}"
        self.height = height

    def close(self) -> None:
        """Deletes what was written for it. A frame that is open goes on with what it has; opened anew, it finds nothing."""
        atexit.unregister(self.close)
        for word in self._words:
            self._server.take_back(word)
        self._let_go()

    def _repr_html_(self) -> str:
        return (
            f'<iframe src="{escape(self.address)}" title="Tensorama" width="100%" height="{self.height}" '
            'style="border: 0" allow="autoplay; fullscreen"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<tensorama.Page {self.address}>"


class Picture(bytes):
    """A picture: the bytes of a PNG file, which a notebook shows."""

    def _repr_png_(self) -> bytes:
        return bytes(self)

    def save(self, file: Union[str, os.PathLike[str]]) -> Path:
        """Writes it to a file and gives its path."""
        path = Path(file)
        path.write_bytes(self)
        return path

    def __repr__(self) -> str:
        return f"<tensorama.Picture of {len(self)} bytes>"

    # That of bytes would print them all.
    __str__ = __repr__


class Video(os.PathLike[str]):
    """A video that has been written, which a notebook shows; ``open(video)`` and ``Path(video)`` take it.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)

    def _repr_html_(self) -> Optional[str]:
        kind = {".mp4": "video/mp4", ".webm": "video/webm", ".gif": "image/gif", ".webp": "image/webp"}.get(self.path.suffix)
        if kind is None or not self.path.is_file():
            return None
        data = f"data:{kind};base64,{base64.b64encode(self.path.read_bytes()).decode()}"
        if kind.startswith("image"):
            return f'<img src="{data}" style="max-width: 100%">'
        return f'<video src="{data}" style="max-width: 100%" controls></video>'

    def __repr__(self) -> str:
        return f"<tensorama.Video {self.path}>"
