# Pictures of a clip through one network, the axes merged and parted again. Input: 4x3x16x16
import torch
import torch.nn as nn


class FrameNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d((2, 2)), nn.Flatten())
        self.temporal = nn.Conv1d(32, 10, kernel_size=3, padding=1)

    def forward(self, clip):
        batch, frames, *picture = clip.shape
        features = self.cnn(clip.view(batch * frames, *picture))
        features = features.view(batch, frames, -1).permute(0, 2, 1)
        return self.temporal(features).mean(dim=-1), features.max(dim=2).values
