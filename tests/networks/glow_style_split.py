# Split by a list of sizes, torch.split, chunk and cat again, hardtanh, ELU, a Sequential that is indexed. Input: 10x6x6
import torch
import torch.nn as nn


class Coupling(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(4, 16, 3, padding=1), nn.ELU(), nn.Conv2d(16, 12, 1), nn.Hardtanh())
        self.names = [type(layer).__name__ for layer in self.net]

    def forward(self, x):
        a, b = torch.split(x, [4, 6], dim=1)
        h = self.net[:2](a)
        s, t = self.net[-1](self.net[2](h)).chunk(2, 1)
        y = b * torch.exp(s) + t
        c, d, e = y.split(2, dim=1)
        return torch.cat((a, e, d, c), 1)
