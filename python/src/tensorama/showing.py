"""The window, and the page in a notebook."""

from __future__ import annotations

import atexit
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, List, Optional, Sequence, Union, overload

from . import notebook
from .errors import ProgramFailed, TensoramaError, TensoramaWarning
from .notebook import Page
from .program import find, last_words, start
from .subject import words_of

if TYPE_CHECKING:
    from typing import Literal

    from .subject import Inputs, Model


# Seconds for which a window that is to close is waited for.
PATIENCE = 3


class Window:
    """A window that has been opened."""

    def __init__(self, words: Sequence[str], folder: tempfile.TemporaryDirectory[str]) -> None:
        self._folder = folder
        self._said = Path(folder.name) / "said.txt"
        self._process = start(words, self._said)
        # At the end of Python what the window still shows would go with its files.
        atexit.register(self.wait)

    def wait(self) -> None:
        """Waits until it is closed.

        Raises:
            ProgramFailed: it could not be opened, or ended by a mistake.
        """
        try:
            status = self._process.wait()
        except BaseException:
            # Ctrl-C is for the window too.
            self.close()
            raise
        said = last_words(self._said.read_text("utf-8", "replace")) if self._said.exists() else ""
        self._gone()
        if status != 0:
            raise ProgramFailed(f"the window could not be opened, or ended by a mistake: {said}")

    def close(self) -> None:
        """Closes it."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # One that hangs.
            self._process.kill()
            self._process.wait()
        self._gone()

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self._process.poll() is None

    def _gone(self) -> None:
        atexit.unregister(self.wait)
        self._folder.cleanup()


@overload
def show(
    model: Model,
    x: Optional[Inputs] = None,
    *,
    where: Literal["window"],
    wait: bool = True,
    part: Optional[str] = None,
    open: Sequence[str] = (),
    language: Optional[str] = None,
    theme: Optional[str] = None,
    height: int = 560,
) -> Window: ...


@overload
def show(
    model: Model,
    x: Optional[Inputs] = None,
    *,
    where: Literal["page"],
    wait: bool = True,
    part: Optional[str] = None,
    open: Sequence[str] = (),
    language: Optional[str] = None,
    theme: Optional[str] = None,
    height: int = 560,
) -> Page: ...


@overload
def show(
    model: Model,
    x: Optional[Inputs] = None,
    *,
    where: Literal["auto"] = "auto",
    wait: bool = True,
    part: Optional[str] = None,
    open: Sequence[str] = (),
    language: Optional[str] = None,
    theme: Optional[str] = None,
    height: int = 560,
) -> Union[Window, Page]: ...


def show(
    model: Model,
    x: Optional[Inputs] = None,
    *,
    where: Literal["auto", "window", "page"] = "auto",
    wait: bool = True,
    part: Optional[str] = None,
    open: Sequence[str] = (),
    language: Optional[str] = None,
    theme: Optional[str] = None,
    height: int = 560,
) -> Union[Window, Page]:
    """Shows a model, or a layer, with the values that it really computes from an example input.

    Args:
        model: any ``torch.nn.Module``, which is shown as in ``eval()``, with its own weights and its modules' names; a
            layer as text, as ``"nn.Conv2d(3, 16, 3, padding=1)"``; or the name of a file ``.onnx``.
        x: an example input of the shape that the model takes, batch in front, as ``(1, 3, 224, 224)``: a
            ``torch.Tensor`` or a NumPy array; a tuple of them for several arguments; a dict for arguments by name.
        where: ``"window"``, ``"page"`` for a notebook, or ``"auto"``, which is the page in a notebook.
        wait: whether to return only once the window is closed. Otherwise Python waits for it at its own end.
        part: the chain of layers that begins at this module, as ``"layer1.0.conv1"``, on the workbench.
        open: modules that are open from the start, as ``["layer1"]``.
        language: ``"en"`` or ``"ja"``; the one that was chosen last if not given.
        theme: ``"light"`` or ``"dark"``; the one that was chosen last if not given.
        height: of the frame in a notebook, in pixels.

    Returns:
        The `Window`, or the `Page`, which a notebook shows.

    Raises:
        NotTraced: the model's graph could not be found; the message names the module.
        ProgramFailed: the window could not be opened; the message ends with the program's words.
        TensoramaError: no program, no page, or an input that cannot be.
    """
    if where not in ("auto", "window", "page"):
        raise TensoramaError(f"where is {where!r}; it is 'window', 'page' or 'auto'")
    in_page = where == "page" or (where == "auto" and notebook.is_running())
    # Before a large model is exported in vain.
    if in_page:
        notebook.server()
    else:
        find()
    style = [word for unit in open for word in ("--open", unit)]
    if language is not None:
        style += ["--lang", language]
    if theme is not None:
        style += ["--theme", theme]
    folder = tempfile.TemporaryDirectory(prefix="tensorama-")
    try:
        words = words_of(model, x, Path(folder.name), part)
        if in_page:
            return Page(["explore", *_for_page(words), *style], height, folder.cleanup)
        window = Window(["explore", *words, *style], folder)
    except BaseException:
        folder.cleanup()
        raise
    if wait:
        window.wait()
    return window


def _for_page(words: List[str]) -> List[str]:
    """Words for the page, which knows files by their addresses, and of inputs only the first."""
    subject, *rest = words
    if subject.lower().endswith(".onnx"):
        if not Path(subject).is_file():
            raise TensoramaError(f"there is no file {subject} here, in {Path.cwd()}")
        subject = _served(subject)
    given = [subject]
    for option, value in zip(rest[::2], rest[1::2]):
        name, _, file = value.rpartition("=")
        if option == "--input" and option in given:
            warnings.warn(
                f"the page fills the input {name} with numbers that count up: it takes those of the first input only, and a "
                "window takes all (where='window')",
                TensoramaWarning,
                stacklevel=3,
            )
            continue
        if option == "--operand":
            value = f"{name}={_served(file)}"
        elif option != "--part" and Path(file).is_file():
            value = _served(file)
        given += [option, value]
    return given


def _served(file: str) -> str:
    """The address of a file, or the words that are none."""
    path = Path(file)
    return notebook.server().give(path.absolute()) if path.is_file() else file
