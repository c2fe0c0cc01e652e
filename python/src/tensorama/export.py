"""The graph of a model as a file ``.onnx``, with its weights, its example input, and its modules' names.

Torch's exporter writes it, without the optimisations that would fold one module into another; what that exporter does
not take, the older one by tracing may.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from .arrays import npy_bytes
from .errors import NotTraced, TensoramaError, TensoramaWarning
from .model_inputs import Call, call_of
from .model_outputs import only_tensors
from .module_names import Calls, name_by_modules
from .resting import at_rest, hookable
from .tidy import tidy
from .unexported import blamed, first_words
from .weights import check_weights

if TYPE_CHECKING:
    import torch

# A file of Protocol Buffers may have 2 GiB; weights beyond that lie beside it.
MOST_INSIDE = 1_800_000_000


class Exported(NamedTuple):
    """A model that was exported.

    Attributes:
        file: the network.
        inputs: the files of its inputs, ``.npy``, by the inputs' names.
        modules: the name of the value that a module gives, by the module's path; that of the model itself is empty.
    """

    file: Path
    inputs: Dict[str, Path]
    modules: Dict[str, str]


def is_module(thing: object) -> bool:
    """Whether it is a module of PyTorch. Nothing is one before torch is imported."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(thing, torch.nn.Module)


def kind_of(thing: object) -> str:
    """What a thing is that is no module, with what to give instead where there is one."""
    kind = thing if isinstance(thing, type) else type(thing)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(thing, type):
        return f"the class {name} (a module is made by calling it)"
    return f"{name} (its module() is one)" if callable(getattr(thing, "module", None)) else name


def export(model: torch.nn.Module, x: Any, folder: Path) -> Exported:
    """Writes a model and its example input into a folder.

    Raises:
        NotTraced: neither exporter takes it, or it does not run.
        TensoramaError: the input cannot be one, weights hold no numbers, or a package is missing.
    """
    model = _unwrapped(model)
    check_weights(model)
    call = call_of(model, x)
    with at_rest(model):
        calls = _ran(model, call)
    network = _network(model, call)
    with _quiet():
        tidy(network, model.state_dict())
    modules = name_by_modules(network, model, calls)
    if len(network.graph.outputs) == 1:
        modules[""] = network.graph.outputs[0].name
    # What stands in the window and in a tour.
    file = folder / f"{type(model).__name__}.onnx"
    _save(network, file)
    inputs = {}
    for place, (value, tensor) in enumerate(zip(network.graph.inputs, call.tensors())):
        inputs[value.name] = folder / f"input-{place}.npy"
        inputs[value.name].write_bytes(npy_bytes(tensor))
    return Exported(file, inputs, modules)


def _unwrapped(model: Any) -> Any:
    """The module that was compiled, or put on several devices."""
    import torch

    if isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        return _unwrapped(model.module)
    return _unwrapped(model._orig_mod) if hasattr(model, "_orig_mod") else model


def _ran(model: torch.nn.Module, call: Call) -> Calls:
    """How often each module runs; also shows whether the model runs at all."""
    counts: Dict[str, int] = {}

    def counting(name: str) -> Callable[[Any, Any], None]:
        def count(module: Any, args: Any) -> None:
            counts[name] = counts.get(name, 0) + 1

        return count

    hooks = [module.register_forward_pre_hook(counting(name)) for name, module in hookable(model)]
    try:
        model(*_copied(call.args), **_copied(call.kwargs))
    except Exception as why:
        shapes = ", ".join(f"{tuple(tensor.shape)} {tensor.dtype}" for tensor in call.tensors())
        raise NotTraced(
            f"{type(model).__name__} does not run on this example input ({shapes}): {type(why).__name__}: {first_words(why)}"
        ) from why
    finally:
        for hook in hooks:
            hook.remove()
    return counts


def _copied(things: Any) -> Any:
    """What a model may change in place, for it to be changed."""
    import torch
    from torch.utils import _pytree

    return _pytree.tree_map(lambda leaf: leaf.clone() if isinstance(leaf, torch.Tensor) else leaf, things)


def _network(model: torch.nn.Module, call: Call) -> Any:
    """The model as a network of `onnx_ir`."""
    try:
        import onnx_ir  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as why:
        raise TensoramaError(
            f"torch exports networks by the packages onnx and onnxscript, and {why.name} is not installed: "
            "pip install \"tensorama[torch]\""
        ) from None
    said: List[Tuple[str, BaseException]] = []
    for exporter, exported in [("torch.onnx.export", _by_export), ("torch.onnx.export(dynamo=False)", _by_trace)]:
        try:
            with at_rest(model):
                network, notes = exported(model, call)
        except Exception as why:
            said.append((exporter, why))
            continue
        if said:
            warnings.warn(_of_trace(model, said[0][1], notes), TensoramaWarning, stacklevel=5)
        return network
    with at_rest(model):
        name, module = blamed(model, call, _by_export)
    what = f"the module {name} ({type(module).__name__})" if name else f"{type(model).__name__} itself"
    reasons = "; ".join(f"{exporter} says: {first_words(why)}" for exporter, why in said)
    raise NotTraced(
        f"{what} could not be traced. {reasons}. Show a part of the model that comes before or after it, or write what is "
        "named there in operations that torch.onnx exports",
        name,
    ) from said[0][1]


def _of_trace(model: torch.nn.Module, why: BaseException, notes: List[str]) -> str:
    text = (
        f"the graph of {type(model).__name__} was found by tracing it on this input, since torch.onnx.export does not take it "
        f"({first_words(why)}): where it decides by the numbers, this shows what it does with these"
    )
    return f"{text}; torch says where: {' '.join(notes)}" if notes else text


def _by_export(model: torch.nn.Module, call: Call) -> Tuple[Any, List[str]]:
    import torch

    options: Dict[str, Any] = {"dynamo": True, "verbose": False, "optimize": False}
    args, kwargs = _copied(call.args), _copied(call.kwargs)
    if not kwargs and args and isinstance(args[-1], dict):
        # Else the last argument would be taken for arguments by name.
        args = (*args, {})
    with _quiet(), only_tensors(model):
        program = torch.onnx.export(model, args, kwargs=kwargs, **options)
    assert program is not None
    _check_inputs(program.model, call)
    return program.model, []


def _by_trace(model: torch.nn.Module, call: Call) -> Tuple[Any, List[str]]:
    import onnx_ir
    import torch

    args = _copied(call.args)
    # This exporter takes what is given by name as a dict at the end, so a dict that is an argument needs another.
    if call.kwargs or (args and isinstance(args[-1], dict)):
        args = (*args, _copied(call.kwargs))
    with tempfile.TemporaryDirectory(prefix="tensorama-") as folder:
        file = Path(folder) / "traced.onnx"
        with _quiet() as heard, _without_standard_output(), only_tensors(model):
            torch.onnx.export(model, args, file, dynamo=False, verbose=False, do_constant_folding=False)
        network = onnx_ir.load(file)
        onnx_ir.external_data.load_to_model(network)
    notes = [
        f"{Path(each.filename).name}:{each.lineno}: {str(each.message).split('. ')[0]}."
        for each in heard
        if each.category.__name__ == "TracerWarning"
    ]
    _check_inputs(network, call)
    return network, notes


@contextlib.contextmanager
def _quiet() -> Iterator[List[warnings.WarningMessage]]:
    """Keeps what exporters say on their way to itself: what matters is in their errors, and in some of their warnings."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            yield heard


@contextlib.contextmanager
def _without_standard_output() -> Iterator[None]:
    """Keeps what libraries write past Python: the older exporter prints its graph when it fails, whatever it is told
    (findings/torch_export_log_stays_on.sh)."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _check_inputs(network: Any, call: Call) -> None:
    """Refuses a network that does not read what it is given: numbers that were there would stand in it as constants."""
    names = [value.name for value in network.graph.inputs]
    count = len(call.tensors())
    if len(names) != count:
        raise ValueError(
            f"of {count} tensors that it is given, {len(names)} are inputs of the graph that was found"
            + (f" ({', '.join(names)})" if names else "")
        )


def _save(network: Any, file: Path) -> None:
    import onnx_ir

    size = sum(value.const_value.nbytes for value in network.graph.initializers.values() if value.const_value is not None)
    beside: Optional[str] = None if size < MOST_INSIDE else f"{file.name}.data"
    onnx_ir.save(network, file, external_data=beside)
