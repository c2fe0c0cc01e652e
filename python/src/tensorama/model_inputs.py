"""What a model is called with, from what a person gives as an example."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from .arrays import is_array
from .errors import TensoramaError

if TYPE_CHECKING:
    import torch


class Call(NamedTuple):
    """Arguments of a model's ``forward``: those by place, and those by name in the order of its parameters."""

    args: Tuple[Any, ...]
    kwargs: Dict[str, Any]

    def tensors(self) -> List[torch.Tensor]:
        """All tensors in them, in the order in which an exporter makes inputs of them."""
        import torch
        from torch.utils import _pytree

        leaves, _ = _pytree.tree_flatten((self.args, self.kwargs))
        return [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]


def call_of(model: torch.nn.Module, x: Any) -> Call:
    """The arguments that an example means: a mapping gives them by name, a tuple by place, and anything else, a list as
    well, is the only one. Arrays become tensors where the model's parameters lie.

    Raises:
        TensoramaError: ``forward`` does not take them, or there is no tensor among them.
    """
    parameter = next((each for each in model.parameters() if each.is_floating_point()), None)
    args: Tuple[Any, ...] = ()
    kwargs: Dict[str, Any] = {}
    if isinstance(x, Mapping):
        kwargs = {name: _tensors(each, parameter) for name, each in x.items()}
    else:
        args = tuple(_tensors(each, parameter) for each in (x if type(x) is tuple else (x,)))
    call = _in_order(model, args, kwargs)
    if not call.tensors():
        raise TensoramaError(
            f"the example input of {type(model).__name__} holds no tensor and no array: give one of the shape that it "
            "takes, such as torch.rand(1, 3, 224, 224)"
        )
    return call


def _tensors(thing: Any, parameter: Optional[torch.Tensor]) -> Any:
    """A thing with tensors in the place of its arrays."""
    import torch

    if is_array(thing):
        tensor = torch.from_numpy(thing.copy())
        # NumPy makes float64 where nobody has asked for it.
        if parameter is not None and tensor.is_floating_point():
            tensor = tensor.to(parameter.dtype)
        return tensor if parameter is None else tensor.to(parameter.device)
    if isinstance(thing, torch.Tensor):
        return thing.detach() if parameter is None else thing.detach().to(parameter.device)
    if isinstance(thing, Mapping):
        return {name: _tensors(each, parameter) for name, each in thing.items()}
    if type(thing) in (tuple, list):
        return type(thing)(_tensors(each, parameter) for each in thing)
    return thing


def _in_order(model: torch.nn.Module, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Call:
    """Arguments by place as far as they go without a gap, and the others by name in the order of the parameters: as an
    exporter orders what it makes of them."""
    try:
        signature = inspect.signature(model.forward)
    except ValueError:
        # Of a TorchScript module nothing is known but that it may refuse them.
        return Call(args, kwargs)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as why:
        raise TensoramaError(
            f"{type(model).__name__}.forward{signature} does not take the example input: {why}. A tuple gives several "
            "arguments, and a dict gives them by name; a dict that is itself the argument is given as (x,)"
        ) from None
    return Call(bound.args, bound.kwargs)
