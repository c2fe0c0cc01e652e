# A pyramid: ModuleList, zip of reversed lists, interpolate to the size of another. Input: 3x64x48
import torch
import torch.nn as nn
import torch.nn.functional as F


class FPN(nn.Module):
    def __init__(self, widths=[8, 16, 32], out=12):
        super().__init__()
        self.stages = nn.ModuleList()
        last = 3
        for w in widths:
            self.stages.append(nn.Sequential(nn.Conv2d(last, w, 3, 2, 1), nn.GroupNorm(4, w), nn.ReLU()))
            last = w
        self.lateral = nn.ModuleList([nn.Conv2d(w, out, 1) for w in widths])
        self.smooth = nn.ModuleDict({f"p{i + 3}": nn.Conv2d(out, out, 3, padding=1) for i in range(len(widths))})

    def _upsample_add(self, x, y):
        _, _, H, W = y.size()
        return F.interpolate(x, size=(H, W), mode='bilinear', align_corners=False) + y

    def forward(self, x):
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        laterals = [conv(f) for conv, f in zip(self.lateral, features)]
        for i in range(len(laterals) - 1, 0, -1):
            laterals[i - 1] = self._upsample_add(laterals[i], laterals[i - 1])
        outs = {}
        for (name, conv), l in zip(self.smooth.items(), laterals):
            outs[name] = conv(l)
        outs['pool'] = F.max_pool2d(outs["p5"], 1, stride=2)
        return outs
