"""What can go wrong, each with what to do about it in its message."""

from __future__ import annotations


class TensoramaError(Exception):
    """Something that Tensorama cannot do; the message says what, where, and what to do about it."""


class TensoramaWarning(UserWarning):
    """Something that is shown otherwise than one may think; the message says what, and why."""


class ProgramNotFound(TensoramaError):
    """The program `tensorama` is neither in this package, nor where ``$TENSORAMA`` says, nor on the path."""


class ProgramFailed(TensoramaError):
    """The program was started and refused or failed; the message ends with its own words."""


class NotTraced(TensoramaError):
    """A model whose graph could not be found.

    Attributes:
        module: the path of the module in which it failed, as ``named_modules()`` gives it; ``""`` for the model
            itself.
    """

    def __init__(self, message: str, module: str = "") -> None:
        super().__init__(message)
        self.module = module
