"""Which module it is that an exporter does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Tuple

from .model_inputs import Call
from .resting import hookable

if TYPE_CHECKING:
    import torch

# Modules that are tried, at most: each is exported by itself.
MOST_TRIED = 60

# Characters of what an exporter says, at most.
MOST_SAID = 400


def blamed(
    model: torch.nn.Module, call: Call, export: Callable[[torch.nn.Module, Call], Any]
) -> Tuple[str, torch.nn.Module]:
    """The innermost module that cannot be exported by itself, while all that are in it can; with its path."""
    calls = _recorded(model, call)
    tried = 0
    name, module = "", model
    while True:
        for child_name, child in module.named_children():
            path = f"{name}.{child_name}" if name else child_name
            if path not in calls or tried == MOST_TRIED:
                continue
            tried += 1
            try:
                export(child, calls[path])
            except Exception:
                name, module = path, child
                break
        else:
            return name, module


def _recorded(model: torch.nn.Module, call: Call) -> Dict[str, Call]:
    """What each module is called with the first time."""
    calls: Dict[str, Call] = {}

    def recording(name: str) -> Callable[[Any, Tuple[Any, ...], Dict[str, Any]], None]:
        def note(module: Any, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> None:
            calls.setdefault(name, Call(args, kwargs))

        return note

    hooks = [
        module.register_forward_pre_hook(recording(name), with_kwargs=True) for name, module in hookable(model) if name
    ]
    try:
        model(*call.args, **call.kwargs)
    finally:
        for hook in hooks:
            hook.remove()
    return calls


def first_words(why: BaseException) -> str:
    """What an error comes from, in its own words, as short as that goes."""
    while why.__cause__ is not None:
        why = why.__cause__
    lines = [line.strip() for line in str(why).splitlines()]
    # What follows an empty line is advice and where it happened.
    text = " ".join(lines[: lines.index("")] if "" in lines[1:] else lines).strip() or type(why).__name__
    return text if len(text) <= MOST_SAID else text[:MOST_SAID] + " …"
