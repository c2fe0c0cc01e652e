"""What a model gives, as exporters take it: tensors, whatever they are in."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Tuple

from .resting import hookable

if TYPE_CHECKING:
    import torch


@contextlib.contextmanager
def only_tensors(model: torch.nn.Module) -> Iterator[None]:
    """A model that gives a tuple of the tensors in what it gives otherwise. Exporters take neither numbers and texts beside
    them, nor objects of classes that they do not know."""

    def hook(module: Any, args: Any, given: Any) -> Any:
        return tuple(tensors_in(given))

    handles = [module.register_forward_hook(hook) for _, module in hookable(model) if module is model]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def tensors_in(thing: Any) -> List[torch.Tensor]:
    """The tensors in a thing, in the order in which they stand there, each once."""
    found: Dict[int, torch.Tensor] = {}
    _collect(thing, found, ())
    return list(found.values())


def _collect(thing: Any, found: Dict[int, torch.Tensor], around: Tuple[int, ...]) -> None:
    import torch

    if isinstance(thing, torch.Tensor):
        found.setdefault(id(thing), thing)
        return
    if id(thing) in around or isinstance(thing, (str, bytes, int, float, complex, torch.nn.Module)):
        return
    around = (*around, id(thing))
    if isinstance(thing, Mapping):
        parts = list(thing.values())
    elif isinstance(thing, (tuple, list, set, frozenset)):
        parts = list(thing)
    else:
        # Of a class of somebody's own, as the results of many libraries are.
        parts = list(getattr(thing, "__dict__", {}).values())
    for part in parts:
        _collect(part, found, around)
