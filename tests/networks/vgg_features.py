# Layers by a table of numbers and letters, with outputs taken on the way: ReLU in place changes them. Input: 3x32x32
from typing import Dict, List, Union

import torch
import torch.nn as nn

cfg: Dict[str, List[Union[int, str]]] = {"A": [8, "M", 16, "M", 32, 32, "M"]}


def make_layers(cfg, batch_norm=False):
    layers: List[nn.Module] = []
    in_channels = 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


class Perceptual(nn.Module):
    def __init__(self, wanted=("0", "3", "8")):
        super().__init__()
        self.features = make_layers(cfg["A"])
        self.wanted = wanted

    def forward(self, x):
        outputs = {}
        for name, module in self.features._modules.items():
            x = module(x)
            if name in self.wanted:
                outputs[name] = x
        return tuple(outputs[k] for k in self.wanted)
