# Norms, unbind, stack, where on known masks, clamp, repeat_interleave. Input: 6x10
import torch
from torch import nn


def squash(v, dim=-1):
    n = (v ** 2).sum(dim, keepdim=True)
    return n / (1 + n) * v / torch.sqrt(n + 1e-8)


class Capsules(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(6, 10, 5) * 0.1)
        self.register_buffer("odd", torch.arange(5) % 2 == 1)

    def forward(self, u):
        votes = torch.einsum("bik,iko->bio", u, self.w)
        first, *rest = votes.unbind(dim=1)
        tail = torch.stack(rest, dim=1)
        s = squash(tail.sum(dim=1))
        s = torch.where(self.odd, s, torch.zeros_like(s))
        both = torch.stack([s, first.clamp(min=-0.5, max=0.5)], -1)
        return both.repeat_interleave(2, dim=1).norm(dim=-1)
