"""What each module of a model computes, as the program computes it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Dict

from .arrays import read_npz
from .errors import TensoramaError
from .export import export, is_module, kind_of
from .program import run

if TYPE_CHECKING:
    import torch

    from .subject import Inputs


def values(model: torch.nn.Module, x: Inputs) -> Dict[str, torch.Tensor]:
    """What each module of a model gives for an input, computed by Tensorama and not by PyTorch.

    Args:
        model: any ``torch.nn.Module``; it is taken as in ``eval()``, with its own weights.
        x: an example input, as `show` takes it.

    Returns:
        By the module's path, as ``named_modules()`` gives it, the float32 tensor that it gives, of the shape that it has
        in PyTorch; that of the model itself by ``""``. A module that is called again has ``@2`` behind its path for the
        second time, and so on; one that has two names in the code has that by which it is called. Left out are those that
        compute nothing (``Dropout``, ``Identity``), those that give more than one tensor, and those that depend on whole
        numbers only, as an ``Embedding`` at the start, which are known before the network runs.

    Raises:
        NotTraced: the model's graph could not be found; the message names the module.
        ProgramFailed: the program does not compute it; its words are in the message.
    """
    if not is_module(model):
        raise TensoramaError(f"values() takes a torch.nn.Module, and this is {kind_of(model)}")
    import torch

    with tempfile.TemporaryDirectory(prefix="tensorama-") as name:
        folder = Path(name)
        exported = export(model, x, folder)
        file = folder / "values.npz"
        inputs = [word for name, path in exported.inputs.items() for word in ("--input", f"{name}={path}")]
        run(["eval", str(exported.file), *inputs, "--values", str(file)])
        tensors = {
            name: torch.frombuffer(bytearray(data), dtype=torch.float32).reshape(shape) if data else torch.empty(shape)
            for name, shape, data in read_npz(file)
        }
    return {module: tensors[value] for module, value in exported.modules.items() if value in tensors}
