"""What PyTorch's own hooks see in a model, and how far `tensorama.values` is from it."""

from typing import Any, Dict, List, NamedTuple

import tensorama
import torch
from torch import nn


class Compared(NamedTuple):
    """How many modules' values were compared, how far off the worst is (of the largest number that the module gives),
    which one that is, and the modules that PyTorch has a tensor of and Tensorama none."""

    count: int
    worst: float
    where: str
    missing: List[str]


def seen_by_hooks(model: nn.Module, *args: Any, **kwargs: Any) -> Dict[str, torch.Tensor]:
    """The tensor that each module gives, by its path; with `@2` and so on when it runs again. Of modules that give what
    they were given, none."""
    seen: Dict[str, torch.Tensor] = {}
    runs: Dict[str, int] = {}

    def hook_of(name: str) -> Any:
        def hook(module: nn.Module, given: Any, result: Any) -> None:
            runs[name] = runs.get(name, 0) + 1
            same = any(result is each for each in given) and not getattr(module, "inplace", False)
            does_nothing = isinstance(module, (nn.Dropout, nn.Identity)) or (same and not list(module.children()))
            if isinstance(result, torch.Tensor) and not does_nothing:
                # Kept as it is now: what follows may work in place.
                seen[name if runs[name] == 1 else f"{name}@{runs[name]}"] = result.detach().clone()

        return hook

    hooks = [module.register_forward_hook(hook_of(name)) for name, module in model.named_modules() if name]
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            model(*args, **kwargs)
    finally:
        model.train(was)
        for hook in hooks:
            hook.remove()
    return seen


def compared(model: nn.Module, x: Any) -> Compared:
    """Compares all modules of a model on an example input."""
    if isinstance(x, dict):
        expected = seen_by_hooks(model, **x)
    else:
        expected = seen_by_hooks(model, *(x if isinstance(x, tuple) else (x,)))
    found = tensorama.values(model, x)
    worst, where = 0.0, ""
    both = [name for name in expected if name in found]
    for name in both:
        right, ours = expected[name].float(), found[name]
        if right.shape != ours.shape:
            return Compared(len(both), float("inf"), f"{name}: {tuple(ours.shape)} for {tuple(right.shape)}", [])
        off = float((ours - right).abs().max() / right.abs().max().clamp_min(1e-12))
        if not off <= worst:
            worst, where = off, name
    return Compared(len(both), worst, where, [name for name in expected if name not in found])
