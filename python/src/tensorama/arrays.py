"""Arrays of NumPy and tensors of PyTorch as files that the program reads and writes, without needing either."""

from __future__ import annotations

import ast
import ctypes
import struct
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, Tuple, Union

from .errors import TensoramaError

if TYPE_CHECKING:
    import numpy
    import torch

    Array = Union[torch.Tensor, "numpy.ndarray[Any, Any]"]

# What `.npy` calls PyTorch's types.
CODES = {
    "float32": "<f4",
    "float64": "<f8",
    "float16": "<f2",
    "int64": "<i8",
    "int32": "<i4",
    "int16": "<i2",
    "int8": "|i1",
    "uint8": "|u1",
    "bool": "|b1",
}


def is_tensor(thing: object) -> bool:
    """Whether it is a tensor of PyTorch. Nothing is one before torch is imported."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(thing, torch.Tensor)


def is_array(thing: object) -> bool:
    """Whether it is an array of NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(thing, numpy.ndarray)


def npy_bytes(array: Array) -> bytes:
    """An array or a tensor as a file ``.npy``, its elements in row-major order.

    Raises:
        TensoramaError: it holds what is no number.
    """
    code, shape, data = _of_tensor(array) if is_tensor(array) else _of_array(array)
    header = repr({"descr": code, "fortran_order": False, "shape": shape})
    # Magic, version, length and header together fill blocks of 64 bytes, and the header ends a line.
    blanks = -(10 + len(header) + 1) % 64
    text = (header + " " * blanks + "\n").encode("latin1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def _of_tensor(tensor: Any) -> Tuple[str, Tuple[int, ...], bytes]:
    tensor = tensor.detach().cpu()
    name = str(tensor.dtype).rpartition(".")[2]
    if name not in CODES:
        if not tensor.dtype.is_floating_point:
            raise TensoramaError(f"a tensor of {tensor.dtype} is no input: convert it to float32 or int64 first")
        # bfloat16 and the small ones, which a file .npy has no name for.
        tensor, name = tensor.float(), "float32"
    tensor = tensor.contiguous()
    size = tensor.numel() * tensor.element_size()
    data = ctypes.string_at(tensor.data_ptr(), size) if size else b""
    return CODES[name], tuple(tensor.shape), data


def _of_array(array: Any) -> Tuple[str, Tuple[int, ...], bytes]:
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise TensoramaError(f"an array of {array.dtype} is no input: convert it to float32 or int64 first")
    ordered = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return ordered.dtype.str, tuple(map(int, array.shape)), ordered.tobytes(order="C")


def read_npz(path: Path) -> Iterator[Tuple[str, Tuple[int, ...], bytes]]:
    """The name, the shape and the float32 elements in row-major order of each array of a file that the program
    wrote."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            length = struct.unpack_from("<H", data, 8)[0] if data[6] == 1 else struct.unpack_from("<I", data, 8)[0]
            start = 10 if data[6] == 1 else 12
            header: Dict[str, Any] = ast.literal_eval(data[start : start + length].decode("latin1"))
            if header["descr"] != "<f4" or header["fortran_order"]:
                raise TensoramaError(f"{path}: {name} is {header}, and not float32 in row-major order")
            yield name[: -len(".npy")], tuple(header["shape"]), data[start + length :]
