# MLP-Mixer whose patches come from Tensor.unfold, a lambda for a layer, swapaxes. Input: 3x24x24
import torch
import torch.nn as nn


class MixerBlock(nn.Module):
    def __init__(self, tokens, dim, hidden=(20, 40)):
        super().__init__()
        mlp = lambda width, inner: nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))
        self.token_norm, self.channel_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.token_mlp, self.channel_mlp = (mlp(w, h) for w, h in zip((tokens, dim), hidden))

    def forward(self, x):
        x = x + self.token_mlp(self.token_norm(x).swapaxes(1, 2)).swapaxes(1, 2)
        return x + self.channel_mlp(self.channel_norm(x))


class Mixer(nn.Module):
    def __init__(self, patch=6, dim=32, depth=2, size=24, classes=5):
        super().__init__()
        self.patch = patch
        n = (size // patch) ** 2
        self.embed = nn.Linear(3 * patch * patch, dim)
        self.blocks = nn.Sequential(*(MixerBlock(n, dim) for _ in range(depth)))
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        p = self.patch
        x = x.unfold(2, p, p).unfold(3, p, p)
        x = x.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)
        return self.head(self.blocks(self.embed(x)).mean(dim=1))
