# MobileNetV3's block with hard swish written by hand, and a table of settings. Input: 3x32x32
import torch
import torch.nn as nn
import torch.nn.functional as F


class HSwish(nn.Module):
    def __init__(self, inplace=True):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return x * F.relu6(x + 3, inplace=self.inplace) / 6


def make_divisible(x, divisible_by=8):
    import numpy as np
    return int(np.ceil(x * 1. / divisible_by) * divisible_by)


class SqueezeBlock(nn.Module):
    def __init__(self, exp_size, divide=4):
        super().__init__()
        self.dense = nn.Sequential(nn.Linear(exp_size, exp_size // divide), nn.ReLU(inplace=True),
                                   nn.Linear(exp_size // divide, exp_size), nn.Hardsigmoid())

    def forward(self, x):
        batch, channels, height, width = x.size()
        out = F.avg_pool2d(x, kernel_size=[height, width]).view(batch, -1)
        out = self.dense(out)
        return out.view(batch, channels, 1, 1) * x


class MobileBlock(nn.Module):
    def __init__(self, inp, out, kernel, stride, nonLinear, SE, exp):
        super(MobileBlock, self).__init__()
        self.use_connect = stride == 1 and inp == out
        activation = {"RE": nn.ReLU, "HS": HSwish}[nonLinear]
        padding = (kernel - 1) // 2
        self.conv = nn.Sequential(nn.Conv2d(inp, exp, 1, 1, 0, bias=False), nn.BatchNorm2d(exp), activation(inplace=True))
        self.depth_conv = nn.Sequential(nn.Conv2d(exp, exp, kernel, stride, padding, groups=exp), nn.BatchNorm2d(exp))
        self.squeeze_block = SqueezeBlock(exp) if SE else None
        self.point_conv = nn.Sequential(nn.Conv2d(exp, out, 1), nn.BatchNorm2d(out), activation(inplace=True))

    def forward(self, x):
        out = self.conv(x)
        out = self.depth_conv(out)
        if self.squeeze_block:
            out = self.squeeze_block(out)
        out = self.point_conv(out)
        return x + out if self.use_connect else out


class MobileNetV3(nn.Module):
    layers = [
        # k, inp, exp, out, SE, NL, s
        [3, 16, 16, 16, False, "RE", 1],
        [3, 16, 64, 24, False, "RE", 2],
        [5, 24, 72, 40, True, "RE", 2],
        [5, 40, 120, 40, True, "HS", 1],
    ]

    def __init__(self, num_classes=10, multiplier=1.0):
        super().__init__()
        self.init_conv = nn.Sequential(nn.Conv2d(3, make_divisible(16 * multiplier), 3, 2, 1), nn.BatchNorm2d(16), HSwish())
        self.block = []
        for k, inp, exp, out, se, nl, s in self.layers:
            self.block.append(MobileBlock(make_divisible(inp * multiplier), make_divisible(out * multiplier), k, s, nl, se, exp))
        self.block = nn.Sequential(*self.block)
        self.out_conv = nn.Conv2d(40, num_classes, 1)

    def forward(self, x):
        out = self.init_conv(x)
        out = self.block(out)
        batch, channels, height, width = out.size()
        out = F.avg_pool2d(out, kernel_size=[height, width])
        out = self.out_conv(out).view(batch, -1)
        return out
