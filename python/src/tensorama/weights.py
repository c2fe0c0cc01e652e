"""What must be true of a model's weights before anything can be shown of it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .errors import TensoramaError

if TYPE_CHECKING:
    import torch


def check_weights(model: torch.nn.Module) -> None:
    """Refuses weights that hold no numbers.

    Raises:
        TensoramaError: which of them, and how it gets some.
    """
    from torch.nn.parameter import is_lazy

    for name, tensor in chain(model.named_parameters(), model.named_buffers()):
        if is_lazy(tensor):
            raise TensoramaError(
                f"{name} of {type(model).__name__} has neither shape nor numbers yet, as a lazy module has none before it "
                "runs: call model(x) once, and show it then"
            )
        if tensor.is_meta:
            raise TensoramaError(
                f"{name} of {type(model).__name__} is on the device meta, where nothing has numbers: "
                "model.to_empty(device='cpu') gives it room, and model.load_state_dict(...) its weights"
            )
