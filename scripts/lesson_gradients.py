#!/usr/bin/env python3
"""Works out the numbers of the lesson on backpropagation by PyTorch's autograd, and prints them.

    scripts/lesson_gradients.py     needs torch
"""

import torch
from torch.nn import functional

ETA = 0.1


def plane(values):
    """A batch of one plane."""
    side = round(len(values) ** 0.5)
    return torch.tensor(values, dtype=torch.float64).reshape(1, 1, side, side)


def backward(x, weights, bias, target):
    """Error, gradients of input, weights and bias of half the sum of the squared errors."""
    x, weights = x.clone().requires_grad_(), weights.clone().requires_grad_()
    bias = torch.tensor([bias], dtype=torch.float64, requires_grad=True)
    output = functional.conv2d(x, weights, bias)
    output.retain_grad()
    loss = (output - target).square().sum() / 2
    loss.backward()
    assert torch.equal(output.grad, output - target)
    # What the lesson says that each of them is.
    assert torch.equal(weights.grad, functional.conv2d(x, output.grad))
    assert torch.equal(x.grad, functional.conv_transpose2d(output.grad, weights))
    assert torch.equal(bias.grad, output.grad.sum((0, 2, 3)))
    return output, output.grad, x.grad, weights.grad, bias.grad


def matrix(weights, side):
    """The convolution of a plane of so many rows and columns as a matrix."""
    ones = torch.eye(side * side, dtype=torch.float64).reshape(-1, 1, side, side)
    return functional.conv2d(ones, weights).flatten(1).T


def show(name, tensor):
    values = [round(value, 6) for value in tensor.flatten().tolist()]
    print(f"{name}: {[int(value) if value == int(value) else value for value in values]}")


def main():
    x = plane([1, 1, 0, 0, 0, 2, 1, 2, 2, 0, 0, 1, 2, 0, 1, 1])
    weights = plane([3, 1, 1, -1])
    target = functional.conv2d(x, plane([2, 1, 1, 0])) + 1
    show("target", target)
    output, error, of_input, of_weights, of_bias = backward(x, weights, 1.0, target)
    for name, tensor in [
        ("output", output),
        ("gradient of the output", error),
        ("gradient of the input", of_input),
        ("gradient of the weights", of_weights),
        ("gradient of the bias", of_bias),
    ]:
        show(name, tensor)
    whole = matrix(weights, 4)
    assert torch.allclose(whole @ x.flatten() + 1, output.flatten())
    assert torch.allclose(whole.T @ error.flatten(), of_input.flatten())
    show("matrix for 3 x 3", matrix(weights, 3))
    weights, bias = weights - ETA * of_weights, 1 - ETA * of_bias
    show("weights after a step", weights)
    show("bias after a step", bias)
    after = functional.conv2d(x, weights, bias) - target
    show("errors after a step", after)
    sums = torch.stack([error.square().sum(), after.square().sum()])
    show("squared errors, before and after", sums)
    top = plane([1, 2, 1, 2] + 12 * [0])
    wrong = functional.conv2d(top, weights, bias) - 2
    _, error, _, of_weights, of_bias = backward(top, weights, bias.item(), wrong.detach())
    show("gradient of the output, 2 everywhere", error)
    show("gradient of the weights under one bright row", of_weights)
    show("gradient of the bias under it", of_bias)


if __name__ == "__main__":
    main()
