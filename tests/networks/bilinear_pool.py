# Outer products of features, signed roots, F.normalize, softmax with temperature. Input: 5x7x7
import torch
from torch import nn
from torch.nn import functional as F


class BilinearPool(nn.Module):
    def __init__(self, channels=5, classes=4, temperature=0.5):
        super().__init__()
        self.log_t = nn.Parameter(torch.tensor(temperature).log())
        self.fc = nn.Linear(channels ** 2, classes)

    def forward(self, x):
        n, c, h, w = x.shape
        x = x.reshape(n, c, h * w)
        gram = torch.bmm(x, x.transpose(1, 2)).div(h * w)
        gram = gram.reshape(n, c * c)
        gram = torch.sign(gram) * torch.sqrt(torch.abs(gram) + 1e-10)
        gram = F.normalize(gram)
        return F.softmax(self.fc(gram) / self.log_t.exp(), dim=1)
