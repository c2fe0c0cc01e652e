"""Models that are small, and that do what models do."""

from dataclasses import dataclass
from typing import Dict, Optional

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    """A residual block that uses one activation twice, in place, and adds in place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.conv2(self.relu(self.bn1(self.conv1(x))))
        y += x
        return self.relu(y)


class Network(nn.Module):
    """Stages, a dropout, an operation that is no module, and a head; the last is multiplied if something is given."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3), nn.GELU())
        self.layer1 = nn.Sequential(Block(4), Block(4))
        self.drop = nn.Dropout(0.5)
        self.norm = nn.LayerNorm(4)
        self.fc = nn.Linear(4, 5)

    def forward(self, x: torch.Tensor, scale: "torch.Tensor | None" = None) -> torch.Tensor:
        x = self.layer1(self.stem(x))
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)
        x = self.fc(self.norm(self.drop(x)))
        return x if scale is None else x * scale


class Shared(nn.Module):
    """The same module on two inputs at once, with parts that are split and joined."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = nn.Sequential(nn.Linear(6, 4), nn.Tanh())
        self.head = nn.Linear(8, 2)

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        a, b = self.tower(left), self.tower(right)
        first, second, third = torch.split(torch.cat([a, b], 1), [1, 3, 4], 1)
        return self.head(torch.cat([third, first, second], 1))


class Attention(nn.Module):
    """Words by their numbers, attention, and what PyTorch joins to one operation."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(10, 8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        x = self.layer(self.words(numbers))
        return self.head(self.attention(x, x, x, need_weights=False)[0])


class Halving(nn.Module):
    """Decides by its numbers."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        while x.norm() > 1:
            x = x / 2
        return x


@dataclass
class Result:
    """What a library's model gives."""

    logits: torch.Tensor
    steps: int
    hidden: Optional[torch.Tensor] = None


class Heads(nn.Module):
    """A trunk with heads by name, which takes a dict and gives an object with texts and numbers beside its tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.ModuleList([nn.Linear(4, 6), nn.Linear(6, 6)])
        self.heads = nn.ModuleDict({"logits": nn.Linear(6, 3), "hidden": nn.Linear(6, 2)})

    def forward(self, batch: Dict[str, torch.Tensor]) -> Result:
        x = batch["x"] + batch["shift"]
        for layer in self.trunk:
            x = layer(x).relu()
        return Result(self.heads["logits"](x), 3, self.heads["hidden"](x))


class Deciding(nn.Module):
    """Decides by its numbers between heads by name, each of which runs twice."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({"high": nn.Linear(4, 4), "low": nn.Linear(4, 4)})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        head = self.heads["high" if x.sum() > 0 else "low"]
        return head(torch.relu(head(x)))


class Remembering(nn.Module):
    """Keeps its last result and counts its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.last: Optional[torch.Tensor] = None
        self.register_buffer("runs", torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.runs += 1
        x = self.fc(x)
        if self.last is not None:
            x = x + self.last
        self.last = x
        return torch.tanh(x)


class Foreign(nn.Module):
    """Computes what ONNX has no operator for."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.linalg.svdvals(x)


def seeded(model: nn.Module) -> nn.Module:
    """A model with other statistics than those that it begins with."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
    return model
