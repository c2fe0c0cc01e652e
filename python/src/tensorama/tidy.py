"""Takes out of an exported network what only works out sizes, so that what a person has written is left."""

from __future__ import annotations

from typing import Any, Container

from .module_names import SCOPES, computing_nodes


def tidy(network: Any, parameters: Container[str]) -> None:
    """Puts constants in the place of what computes them from sizes, and one split in the place of a sequence of parts.

    What computes something from an input or a parameter stays as it is: a batch normalisation is not joined with the
    convolution before it.
    """
    import onnx_ir
    from onnxscript import optimizer

    scopes = {value.name: node.metadata_props.get(SCOPES) for node in network.graph for value in node.outputs}
    computing = set(computing_nodes(network, parameters))
    optimizer.fold_constants(network, should_fold=lambda node: False if node in computing else None)
    # Nodes that are new do not say where they are from. What they took the place of is still there: their output has its
    # name, or that of a node just behind them.
    following = None
    for node in reversed(network.graph):
        own = next((scopes[value.name] for value in node.outputs if scopes.get(value.name)), following)
        if own is not None:
            node.metadata_props.setdefault(SCOPES, own)
        following = own
    _without_filled_in_biases(network, parameters)
    onnx_ir.passes.common.RemoveUnusedNodesPass()(network)
    # Of an operator that the program does not show, what comes after it opens if the file says the shape.
    onnx_ir.passes.common.ShapeInferencePass()(network)


def _without_filled_in_biases(network: Any, parameters: Container[str]) -> None:
    """Takes out the zeros that the exporter gives a convolution that has no bias. Of a Conv3d they even have two columns, which
    nothing can compute (findings/torch_export_conv3d_bias.sh)."""
    for node in network.graph:
        if node.op_type in ("Conv", "ConvTranspose") and len(node.inputs) == 3:
            bias = node.inputs[2]
            if bias is None or bias.name in parameters or bias.const_value is None:
                continue
            if not bias.const_value.numpy().any():
                node.replace_input_with(2, None)
