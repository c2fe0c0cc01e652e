# ReLU in place on what is kept for the sum: PyTorch adds the changed tensor. Input: 4x9x9
import torch
from torch import nn
import torch.nn.functional as F


class PreAct(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        shortcut = x
        out = self.conv(self.relu(x))
        return out + shortcut


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(4, 6, 1)
        self.one, self.two = PreAct(6), PreAct(6)

    def forward(self, x):
        x = self.two(self.one(self.stem(x)))
        kept = x
        x.mul_(0.5).add_(1)
        F.leaky_relu(x, 0.1, inplace=True)
        x += 1
        return kept - 2 * torch.tanh(x)
