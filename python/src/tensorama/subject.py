"""What is to be shown, as words of the program's command line: a model, a layer as text, or a network's file."""

from __future__ import annotations

import os
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, List, Mapping, Optional, Sequence, Tuple, Union

from .arrays import is_array, is_tensor, npy_bytes
from .errors import TensoramaError
from .export import export, is_module, kind_of
from .weights import check_weights

if TYPE_CHECKING:
    import torch

    from .arrays import Array

    Inputs = Union[Array, Sequence[Any], Mapping[str, Any], os.PathLike[str]]
    Model = Union[torch.nn.Module, str, os.PathLike[str]]

Size = Union[str, Tuple[int, int]]


def words_of(model: Model, x: Optional[Inputs], folder: Path, part: Optional[str] = None) -> List[str]:
    """The words that name a subject and its input; the files that they name are written to a folder."""
    if is_module(model):
        words = _of_layer(model, folder) if x is None else _of_model(model, x, folder)
    elif isinstance(model, (str, os.PathLike)):
        words = [os.fspath(model), *_input_of_text(x, folder)]
    else:
        raise TensoramaError(
            f"{kind_of(model)} is neither a torch.nn.Module, nor a layer as text such as 'nn.Conv2d(3, 8, 3)', nor the name of "
            "a file such as net.onnx"
        )
    if part is not None:
        words += ["--part", part]
    return words


def is_known(layer: torch.nn.Module) -> bool:
    """Whether what it computes is known from its print: a layer of PyTorch's own."""
    return type(layer).__module__.startswith(("torch.", "torchvision."))


def _of_model(model: Any, x: Any, folder: Path) -> List[str]:
    exported = export(model, x, folder)
    words = [str(exported.file)]
    for name, file in exported.inputs.items():
        words += ["--input", f"{name}={file}"]
    return words


def _of_layer(layer: Any, folder: Path) -> List[str]:
    """A single layer with its own weights, on the input that the program chooses."""
    why = None if is_known(layer) else "is no layer of torch.nn"
    if next(layer.children(), None) is not None:
        why = "holds other modules"
    if why is not None:
        raise TensoramaError(
            f"{type(layer).__name__} {why}, so how it computes is not known without an input: give an example of one as x"
        )
    check_weights(layer)
    words = [repr(layer)]
    for name, tensor in layer.state_dict().items():
        # What training counts, and no operand.
        if name == "num_batches_tracked":
            continue
        file = folder / f"{name}.npy"
        file.write_bytes(npy_bytes(tensor))
        words += [f"--{name}", str(file)] if name in ("weight", "bias") else ["--operand", f"{name}={file}"]
    return words


def _input_of_text(x: Any, folder: Path) -> List[str]:
    if x is None:
        return []
    if isinstance(x, (str, os.PathLike)):
        return ["--input", os.fspath(x)]
    if is_tensor(x) or is_array(x):
        return ["--input", str(_saved(x, folder / "x.npy"))]
    if isinstance(x, Mapping):
        words = []
        for place, (name, array) in enumerate(x.items()):
            words += ["--input", f"{name}={_saved(array, folder / f'input-{place}.npy')}"]
        return words
    if isinstance(x, Sequence) and x and all(isinstance(length, Integral) for length in x):
        return ["--input", "x".join(map(str, x))]
    raise TensoramaError(
        f"x is {type(x).__name__}, and no input for a layer as text or a file: give an array, a tensor, a shape such as "
        "(3, 8, 8), the name of a picture or of a file .npy, or a dict of arrays by the names of a network's inputs"
    )


def _saved(array: Any, file: Path) -> Path:
    file.write_bytes(npy_bytes(array))
    return file


def size_word(size: Size) -> str:
    """A size as the program reads it: ``"4k"``, ``"1280x720"``, or width and height in pixels."""
    return size if isinstance(size, str) else f"{size[0]}x{size[1]}"
