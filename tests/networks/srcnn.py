# SRCNN behind a bicubic enlargement, a NamedTuple for its settings. Input: 1x12x14
from typing import NamedTuple

import torch
import torch.nn as nn
import torch.nn.functional as F


class Settings(NamedTuple):
    scale: int = 2
    kernels: tuple = (9, 1, 5)
    width: int = 64


class SRCNN(nn.Module):
    def __init__(self, settings=Settings()):
        super().__init__()
        self.settings = settings
        k1, k2, k3 = settings.kernels
        self.patch = nn.Conv2d(1, settings.width, k1, padding=k1 // 2)
        self.map = nn.Conv2d(settings.width, settings.width // 2, k2, padding="same")
        self.rebuild = nn.Conv2d(settings.width // 2, 1, k3, padding=k3 // 2, padding_mode="replicate")
        self.relu = nn.ReLU()

    def forward(self, low):
        h, w = low.shape[-2:]
        x = F.interpolate(low, size=(h * self.settings.scale, w * self.settings.scale), mode="bicubic", align_corners=False)
        x = self.relu(self.patch(x))
        x = self.relu(self.map(x))
        return self.rebuild(x)
