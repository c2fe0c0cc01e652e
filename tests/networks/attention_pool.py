# nn.MultiheadAttention across a learned query, a mask of truths, kdim. Input: 9x24
import torch
import torch.nn as nn


class AttentionPool(nn.Module):
    def __init__(self, dim=16, source=24, queries=3, heads=4):
        super().__init__()
        self.query = nn.Parameter(torch.randn(1, queries, dim) * 0.02)
        self.attention = nn.MultiheadAttention(dim, heads, kdim=source, vdim=source, batch_first=True)
        self.mix = nn.MultiheadAttention(dim, 2, batch_first=True, bias=False)
        self.register_buffer("hidden", torch.triu(torch.ones(queries, queries), diagonal=1).bool(), persistent=False)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        q = self.query.repeat(x.size(0), 1, 1)
        y, weights = self.attention(q, x, x)
        z, _ = self.mix(y, y, y, attn_mask=self.hidden)
        return self.norm(y + z), weights
