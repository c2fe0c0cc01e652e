# Two Inception blocks, one with asymmetric kernels, a conv wrapper that passes **kwargs on. Input: 3x64x64
import torch
from torch import nn
import torch.nn.functional as F


class ConvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class InceptionA(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3red, n3x3, n5x5red, n5x5, pool_proj):
        super().__init__()
        self.branch1 = ConvBlock(in_channels, n1x1, kernel_size=1)
        self.branch2 = nn.Sequential(ConvBlock(in_channels, n3x3red, kernel_size=1),
                                     ConvBlock(n3x3red, n3x3, kernel_size=3, padding=1))
        self.branch3 = nn.Sequential(ConvBlock(in_channels, n5x5red, kernel_size=1),
                                     ConvBlock(n5x5red, n5x5, kernel_size=5, padding=2))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True),
                                     ConvBlock(in_channels, pool_proj, kernel_size=1))

    def forward(self, x):
        return torch.cat([branch(x) for branch in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)


class InceptionC(nn.Module):
    def __init__(self, in_channels, c7):
        super().__init__()
        self.branch1x1 = ConvBlock(in_channels, 32, kernel_size=1)
        self.branch7x7_1 = ConvBlock(in_channels, c7, kernel_size=1)
        self.branch7x7_2 = ConvBlock(c7, c7, kernel_size=(1, 7), padding=(0, 3))
        self.branch7x7_3 = ConvBlock(c7, 32, kernel_size=(7, 1), padding=(3, 0))
        self.branch_pool = ConvBlock(in_channels, 32, kernel_size=1)

    def _forward(self, x):
        branch1x1 = self.branch1x1(x)
        branch7x7 = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        branch_pool = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        branch_pool = self.branch_pool(branch_pool)
        outputs = [branch1x1, branch7x7, branch_pool]
        return outputs

    def forward(self, x):
        outputs = self._forward(x)
        return torch.cat(outputs, 1)


class MiniInception(nn.Module):
    def __init__(self, num_classes: int = 10, aux_logits: bool = False, dropout: float = 0.4):
        super().__init__()
        self.stem = nn.Sequential(ConvBlock(3, 16, kernel_size=7, stride=2, padding=3), nn.MaxPool2d(3, 2, ceil_mode=True))
        self.a = InceptionA(16, 8, 12, 16, 4, 8, 8)
        self.c = InceptionC(40, 24)
        self.aux = ConvBlock(96, 10, kernel_size=1) if aux_logits else None
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(96, num_classes)

    def forward(self, x):
        x = self.c(self.a(self.stem(x)))
        if self.aux is not None and self.training:
            aux = self.aux(x)
        x = torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1)
        return self.fc(self.dropout(x))
