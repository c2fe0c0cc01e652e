"""Names the nodes and the values of an exported network as the modules that they come from.

A module that is one node gives it its path, `layer1.0.conv1`. Of several, the last value has the module's path and the
nodes have their operations behind it, `ln.pow`. What a module does itself beside other modules is called by the
operation as well, `layer1.0.add`. What runs again has `@2` behind the module's path, then `@3`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Container, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set

if TYPE_CHECKING:
    import torch

# How often each module runs, by its path.
Calls = Mapping[str, int]

# Where the exporter says from which modules a node comes.
SCOPES = "pkg.torch.onnx.name_scopes"


class Place(NamedTuple):
    """Where a node comes from: the module's path, and what it does there."""

    path: str
    label: str


class _Run(NamedTuple):
    """The nodes of one run of a module, by their places in the graph."""

    path: str
    called: str
    members: List[int]


def name_by_modules(network: Any, model: torch.nn.Module, calls: Calls) -> Dict[str, str]:
    """Renames what computes something, and gives the name of the value of each module, by its path."""
    nodes = computing_nodes(network, model.state_dict())
    modules = dict(model.named_modules())
    operations = Counter(node.metadata_props.get(SCOPES) for node in nodes)
    places = [_place(node, modules, operations) for node in nodes]
    computing = set(nodes)
    outputs = set(network.graph.outputs)
    given: Dict[str, Any] = {}
    own: Dict[int, _Run] = {}
    for run in _all_runs(places, calls):
        value = _leaving([nodes[index] for index in run.members], computing, outputs)
        if value is not None:
            given[run.called] = value
        if all(places[index].path == run.path for index in run.members):
            own.update(dict.fromkeys(run.members, run))

    node_names = _Names(())
    for index, node in enumerate(nodes):
        leaf = own.get(index)
        if leaf is not None and len(leaf.members) == 1:
            node.name = node_names.free(leaf.called)
        else:
            called = places[index].path if leaf is None else leaf.called
            label = places[index].label
            node.name = node_names.free(f"{called}.{label}" if called else label)

    for node in network.graph:
        if node not in computing and node.metadata_props.get(SCOPES):
            place = _place(node, modules, operations)
            node.name = node_names.free(f"{place.path}.{place.label}" if place.path else place.label)

    made = {value for node in nodes for value in node.outputs}
    value_names = _Names(value.name for value in _all_values(network) if value not in made)
    # Modules first, so that they have their own names.
    named = {}
    for run in own.values():
        value = given.get(run.called)
        if value is not None and value not in named:
            named[value] = value_names.free(run.called)
    for node in nodes:
        for value in node.outputs:
            if value.name:
                value.name = named[value] if value in named else value_names.free(node.name)
    return {called: value.name for called, value in given.items()}


class _Names:
    """Names that are taken."""

    def __init__(self, taken: Iterable[Optional[str]]) -> None:
        self._taken: Set[Optional[str]] = set(taken)

    def free(self, name: str) -> str:
        """A name, or with `@2` and so on behind it if it is taken; it is taken then."""
        found, number = name, 1
        while found in self._taken:
            number += 1
            found = f"{name}@{number}"
        self._taken.add(found)
        return found


def computing_nodes(network: Any, parameters: Container[str]) -> List[Any]:
    """The nodes that depend on the numbers in an input or in a parameter, and not only on sizes."""
    graph = network.graph
    depending = set(graph.inputs)
    depending.update(value for name, value in graph.initializers.items() if name in parameters)
    nodes = []
    for node in graph:
        read = node.inputs
        if node.op_type in ("Shape", "Size"):
            read = ()
        elif node.op_type == "CastLike":
            read = read[:1]
        if any(value in depending for value in read if value is not None):
            depending.update(node.outputs)
            nodes.append(node)
    return nodes


def _all_values(network: Any) -> Iterator[Any]:
    yield from network.graph.inputs
    yield from network.graph.initializers.values()
    for node in network.graph:
        yield from node.outputs


def _place(node: Any, modules: Mapping[str, Any], operations: Mapping[str, int]) -> Place:
    scopes = node.metadata_props.get(SCOPES)
    if scopes:
        *paths, operation = ast.literal_eval(scopes)
        # PyTorch's name, where the node is all of what that is.
        label = re.sub(r"_\d+$", "", operation).strip("_") if operations[scopes] == 1 else node.op_type.lower()
        return Place(paths[-1] if paths else "", label)
    return _place_of_trace(node.name or "", node.op_type, modules)


def _place_of_trace(name: str, operator: str, modules: Mapping[str, Any]) -> Place:
    """Of the older exporter's `/layer1/layer1.0/conv1/Conv`: each part is a module's name in the one before, or already
    holds that one's name."""
    path = ""
    for part in name.strip("/").split("/")[:-1]:
        # What runs again has a number behind its name.
        found = _module_of_trace(part, path, modules) or _module_of_trace(re.sub(r"_\d+$", "", part), path, modules)
        if found is not None:
            path = found
    return Place(path, operator.lower())


def _module_of_trace(part: str, path: str, modules: Mapping[str, Any]) -> Optional[str]:
    below = f"{path}.{part}" if path else part
    beside = path.rpartition(".")[0]
    inside = f"{beside}.{part}" if beside else part
    for each in (below, inside):
        if each in modules:
            return each
    # A ModuleDict does not run, and is no part of the name.
    start = f"{path}." if path else ""
    held = [each for each in modules if each.startswith(start) and each.endswith(f".{part}")]
    held = [each for each in held if type(modules[each[: -len(part) - 1]]).__name__ in ("ModuleDict", "ModuleList")]
    return held[0] if len(held) == 1 else None


def _all_runs(places: Sequence[Place], calls: Calls) -> Iterator[_Run]:
    """The runs of all modules that have nodes, outer modules first."""
    members: Dict[str, List[int]] = {}
    for index, place in enumerate(places):
        parts = place.path.split(".") if place.path else []
        for length in range(1, len(parts) + 1):
            members.setdefault(".".join(parts[:length]), []).append(index)
    for path in sorted(members):
        for number, run in enumerate(_parted(members[path], calls.get(path, 1), places), 1):
            yield _Run(path, path if number == 1 else f"{path}@{number}", run)


def _parted(members: List[int], count: int, places: Sequence[Place]) -> List[List[int]]:
    """A module's nodes by its runs: as many alike, or else as they stand apart; all together where neither fits."""
    length, rest = divmod(len(members), count)
    equal = [members[start : start + length] for start in range(0, length * count, max(length, 1))]
    if not rest and len({tuple(places[index] for index in run) for run in equal}) == 1:
        return equal
    apart: List[List[int]] = []
    for index in members:
        if apart and apart[-1][-1] == index - 1:
            apart[-1].append(index)
        else:
            apart.append([index])
    return apart if len(apart) == count else [members]


def _leaving(nodes: Sequence[Any], computing: Set[Any], outputs: Set[Any]) -> Optional[Any]:
    """The one value of some nodes that others read, or that the network gives; nothing where there are several."""
    outside = computing.difference(nodes)
    leaving = [
        value
        for node in nodes
        for value in node.outputs
        if value in outputs or any(use.node in outside for use in value.uses())
    ]
    return leaving[0] if len(leaving) == 1 else None
