"""A model that is looked at, and stays as it was."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Iterator, List, Tuple

if TYPE_CHECKING:
    import torch


@contextlib.contextmanager
def at_rest(model: torch.nn.Module) -> Iterator[None]:
    """A model as in ``eval()`` and without gradients, and afterwards as it was: what it keeps for its next run would be of a
    run that nobody has asked for, and what an exporter leaves there is no tensor."""
    import torch

    modules = list(model.modules())
    training = [module.training for module in modules]
    kept = [
        (vars(module), dict(vars(module)), module._buffers, dict(module._buffers))
        for module in modules
        if not isinstance(module, torch.jit.ScriptModule)
    ]
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    try:
        # A graph that was exported is in the mode in which that was done, and refuses to change it.
        with torch.no_grad(), contextlib.suppress(NotImplementedError):
            model.eval()
        with torch.no_grad():
            yield
    finally:
        for attributes, were, own, had in kept:
            attributes.clear()
            attributes.update(were)
            own.clear()
            own.update(had)
        with torch.no_grad():
            for buffer, was in buffers:
                if not torch.equal(buffer, was):
                    buffer.copy_(was)
        for module, was_training in zip(modules, training):
            module.training = was_training


def hookable(model: torch.nn.Module) -> List[Tuple[str, torch.nn.Module]]:
    """The modules that take hooks, by their paths: those of TorchScript take none."""
    import torch

    return [each for each in model.named_modules() if not isinstance(each[1], torch.jit.ScriptModule)]
