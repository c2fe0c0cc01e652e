"""Pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from .export import is_module
from .notebook import Picture
from .program import run
from .subject import Size, is_known, size_word, words_of

if TYPE_CHECKING:
    from .subject import Inputs, Model


# How many steps are done in a picture: as many as there are.
ALL_STEPS = "end"


def picture(
    model: Model,
    x: Optional[Inputs] = None,
    *,
    size: Size = (1280, 720),
    part: Optional[str] = None,
    at: Optional[float] = None,
    theme: str = "light",
    language: str = "en",
) -> Picture:
    """Draws a model, or a layer, on its input; needs no screen.

    Args:
        model: a ``torch.nn.Module``; a layer as text, as ``"nn.Conv2d(3, 16, 3, padding=1)"`` or what ``print``
            writes; the name of a file ``.onnx``, or of a lesson.
        x: an example input, as `show` takes it. A layer by itself needs none; it then gets one that counts up.
            For a layer as text also its shape, channels first: ``(3, 8, 8)``.
        size: width and height in pixels, or ``"720p"``, ``"1080p"``, ``"1440p"``, ``"4k"``.
        part: of a model, the chain of layers that begins at this module, as ``"layer1.0.conv1"``.
        at: the moment of its video that is drawn, in seconds; of a lesson it must be given.
        theme: ``"light"`` or ``"dark"``.
        language: of what stands in the picture, ``"en"`` or ``"ja"``.

    Returns:
        The bytes of a PNG file; a notebook shows them, and ``.save("file.png")`` writes them.

    Raises:
        NotTraced: the model's graph could not be found.
        ProgramFailed: the program refused it; its words are in the message.
    """
    with tempfile.TemporaryDirectory(prefix="tensorama-") as name:
        folder = Path(name)
        words = words_of(model, x, folder, part)
        file = folder / "picture.png"
        style = ["--size", size_word(size), "--theme", theme, "--lang", language]
        if at is None and part is None and _is_network(model, x):
            # Its tour begins with the map of the whole.
            run(["record", *words, "--still", "2", "--voice", "none", "--captions", "none", "--output", str(file), *style])
        elif at is None:
            run(["explore", *words, "--picture", str(file), "--position", ALL_STEPS, *style])
        else:
            run(["record", *words, "--still", str(at), "--voice", "none", "--output", str(file), *style])
        return Picture(file.read_bytes())


def _is_network(model: Any, x: Any) -> bool:
    """Whether it is drawn as a map: a file of a network, or a model that is no single layer of PyTorch's."""
    if is_module(model):
        return x is not None and (next(model.children(), None) is not None or not is_known(model))
    return str(model).lower().endswith(".onnx")
