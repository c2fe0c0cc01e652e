"""Skips tests for want of what a machine may lack; where TENSORAMA_CI is set, that is a failure.

Where TENSORAMA_WITHOUT_TORCH is set, PyTorch is left out on purpose: it takes gigabytes.
"""

import os
import unittest
from importlib.util import find_spec
from typing import Any, Callable

import tensorama.program
from tensorama import ProgramNotFound


def _left_out(what: str, how: str) -> Callable[[Any], Any]:
    if os.environ.get("TENSORAMA_CI"):
        raise RuntimeError(f"a check cannot be done, and CI leaves none out: {what}; {how}")
    return unittest.skip(f"{what}; {how}")


def needed(there: bool, what: str, how: str) -> Callable[[Any], Any]:
    return (lambda test: test) if there else _left_out(what, how)


def _of_torch(there: bool, what: str, how: str) -> Callable[[Any], Any]:
    if os.environ.get("TENSORAMA_WITHOUT_TORCH"):
        return unittest.skip("PyTorch is left out")
    return needed(there, what, how)


def _has_program() -> bool:
    try:
        tensorama.program.find()
    except ProgramNotFound:
        return False
    return True


needs_numpy = needed(find_spec("numpy") is not None, "NumPy is not installed", "pip install numpy")
needs_torch = _of_torch(
    all(find_spec(name) is not None for name in ("torch", "onnx", "onnxscript")),
    "torch, onnx or onnxscript is not installed",
    "pip install torch onnx onnxscript",
)
needs_torchvision = _of_torch(find_spec("torchvision") is not None, "torchvision is not installed", "pip install torchvision")
needs_program = needed(_has_program(), "there is no program", "name it in TENSORAMA")
