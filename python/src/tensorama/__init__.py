"""Tensor operations and networks as living 3D lessons.

`show` opens a model in a window, or in a notebook's cell; `record` makes a narrated video of it; `picture` draws it;
`values` gives what each of its modules computes. Importing this needs nothing but Python's standard library: PyTorch and
NumPy are taken from where models and arrays come from.
"""

from __future__ import annotations

from typing import Any

from .activations import values
from .drawing import picture
from .errors import NotTraced, ProgramFailed, ProgramNotFound, TensoramaError, TensoramaWarning
from .notebook import Page, Picture, Video
from .recording import record
from .showing import Window, show

__all__ = [
    "NotTraced",
    "Page",
    "Picture",
    "ProgramFailed",
    "ProgramNotFound",
    "TensoramaError",
    "TensoramaWarning",
    "Video",
    "Window",
    "picture",
    "record",
    "show",
    "values",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("tensorama")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
