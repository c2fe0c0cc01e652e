"""Classifiers of torchvision with random weights, one of each family and more, on inputs as small as they take."""

from typing import Tuple

import torch
import torchvision
from torch import nn

# By family; the size of the input's sides.
SIZES = {
    "alexnet": 96,
    "vgg11": 64,
    "vgg11_bn": 64,
    "googlenet": 96,
    "inception_v3": 96,
    "resnet18": 64,
    "resnet50": 64,
    "resnext50_32x4d": 64,
    "densenet121": 64,
    "squeezenet1_0": 96,
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "mobilenet_v3_large": 64,
    "shufflenet_v2_x1_0": 64,
    "mnasnet0_5": 64,
    "regnet_x_400mf": 64,
    "regnet_y_400mf": 64,
    "efficientnet_b0": 64,
    "efficientnet_v2_s": 64,
    "convnext_tiny": 64,
    "vit_b_16": 224,
    "swin_t": 64,
    "swin_v2_t": 64,
    "maxvit_t": 224,
}


def made(name: str) -> Tuple[nn.Module, torch.Tensor]:
    """A model in training mode, as it is made, and an input; the same each time."""
    torch.manual_seed(0)
    options = {"init_weights": True} if name in ("googlenet", "inception_v3") else {}
    model = torchvision.models.get_model(name, weights=None, **options)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
        # A head that begins with zeros, as ViT's, would hide what is before it.
        if isinstance(module, nn.Linear) and not module.weight.any():
            nn.init.normal_(module.weight, std=0.02)
    return model, torch.randn(1, 3, SIZES[name], SIZES[name])
