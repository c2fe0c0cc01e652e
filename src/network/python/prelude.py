# What networks of torchvision and timm take from other files of their packages, as far as shapes and
# results of inference depend on it. Read by the interpreter of this program; written for it.
from functools import partial

import torch
from torch import nn


class Conv2dNormActivation(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=None, groups=1,
                 norm_layer=nn.BatchNorm2d, activation_layer=nn.ReLU, dilation=1, inplace=True, bias=None):
        if padding is None:
            if isinstance(kernel_size, int):
                padding = (kernel_size - 1) // 2 * dilation
            else:
                spread = dilation if isinstance(dilation, (tuple, list)) else (dilation, dilation)
                padding = tuple([(size - 1) // 2 * step for size, step in zip(kernel_size, spread)])
        if bias is None:
            bias = norm_layer is None
        parts = [nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation=dilation, groups=groups, bias=bias)]
        if norm_layer is not None:
            parts.append(norm_layer(out_channels))
        if activation_layer is not None:
            parts.append(activation_layer() if inplace is None else activation_layer(inplace=inplace))
        super().__init__(*parts)
        self.out_channels = out_channels


ConvNormActivation = Conv2dNormActivation
ConvBNReLU = Conv2dNormActivation
ConvBNActivation = Conv2dNormActivation


class SqueezeExcitation(nn.Module):
    def __init__(self, input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def forward(self, input):
        squeezed = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(squeezed)) * input


class MLP(nn.Sequential):
    def __init__(self, in_channels, hidden_channels, norm_layer=None, activation_layer=nn.ReLU, inplace=None, bias=True, dropout=0.0):
        parts = []
        for number, width in enumerate(hidden_channels):
            parts.append(nn.Linear(in_channels, width, bias=bias))
            if number + 1 < len(hidden_channels):
                if norm_layer is not None:
                    parts.append(norm_layer(width))
                parts.append(activation_layer())
            parts.append(nn.Dropout(dropout))
            in_channels = width
        super().__init__(*parts)


class Permute(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return torch.permute(x, self.dims)


class StochasticDepth(nn.Module):
    def __init__(self, p, mode="row"):
        super().__init__()

    def forward(self, input):
        return input


def stochastic_depth(input, p, mode="row", training=False):
    return input


class DropPath(nn.Module):
    def __init__(self, drop_prob=0.0, scale_by_keep=True):
        super().__init__()

    def forward(self, x):
        return x


def drop_path(x, drop_prob=0.0, training=False):
    return x


class WeightsEnum:
    @classmethod
    def verify(cls, weights):
        return weights


class Weights:
    def __init__(self, url=None, transforms=None, meta=None):
        self.url = url
        self.transforms = transforms
        self.meta = meta


def _make_divisible(v, divisor, min_value=None):
    least = divisor if min_value is None else min_value
    rounded = max(least, int(v + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * v else rounded


make_divisible = _make_divisible


def _ovewrite_named_param(kwargs, param, new_value):
    kwargs[param] = new_value


def _log_api_usage_once(obj):
    pass


def register_model(name=None):
    pass


def handle_legacy_interface(**weights):
    pass


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    return tensor


def to_2tuple(x):
    return x if isinstance(x, (tuple, list)) else (x, x)
