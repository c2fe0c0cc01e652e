# WaveNet: causal dilated Conv1d, a gate, skips that are summed. Input: 1x200
import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, dilation=1, groups=1, bias=True):
        self.__padding = (kernel_size - 1) * dilation
        super(CausalConv1d, self).__init__(in_channels, out_channels, kernel_size=kernel_size, stride=stride,
                                           padding=self.__padding, dilation=dilation, groups=groups, bias=bias)

    def forward(self, input):
        result = super(CausalConv1d, self).forward(input)
        if self.__padding != 0:
            return result[:, :, :-self.__padding]
        return result


class ResidualLayer(nn.Module):
    def __init__(self, residual_size, skip_size, dilation):
        super().__init__()
        self.conv_filter = CausalConv1d(residual_size, residual_size, kernel_size=2, dilation=dilation)
        self.conv_gate = CausalConv1d(residual_size, residual_size, kernel_size=2, dilation=dilation)
        self.resconv1_1 = nn.Conv1d(residual_size, residual_size, kernel_size=1)
        self.skipconv1_1 = nn.Conv1d(residual_size, skip_size, kernel_size=1)

    def forward(self, x):
        fx = torch.tanh(self.conv_filter(x)) * torch.sigmoid(self.conv_gate(x))
        fx = self.resconv1_1(fx)
        skip = self.skipconv1_1(fx)
        residual = fx + x
        return skip, residual


class WaveNet(nn.Module):
    def __init__(self, input_size=1, residual_size=8, skip_size=12, out_size=4, blocks=2, dilation_depth=4):
        super().__init__()
        self.input_conv = CausalConv1d(input_size, residual_size, kernel_size=2)
        self.dilated_stacks = nn.ModuleList(
            ResidualLayer(residual_size, skip_size, 2 ** layer) for _ in range(blocks) for layer in range(dilation_depth))
        self.end = nn.Sequential(nn.ReLU(), nn.Conv1d(skip_size, skip_size, 1), nn.ReLU(), nn.Conv1d(skip_size, out_size, 1))

    def forward(self, x):
        x = self.input_conv(x)
        skip_vals = []
        for layer in self.dilated_stacks:
            skip, x = layer(x)
            skip_vals.append(skip)
        out = sum(s for s in skip_vals)
        return self.end(out)
