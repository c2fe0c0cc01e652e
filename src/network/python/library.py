# Layers of torch.nn that are several layers here, patterns of einops and options of a command line, as
# far as shapes and results of inference depend on them. Read by the interpreter of this program; written
# for it.
import copy

import einops
import torch
from torch import nn


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False,
                 kdim=None, vdim=None, batch_first=False, device=None, dtype=None):
        super().__init__()
        if embed_dim % num_heads:
            raise ValueError(f"embed_dim {embed_dim} cannot be shared by {num_heads} heads")
        if add_bias_kv or add_zero_attn:
            raise NotImplementedError("add_bias_kv and add_zero_attn are not followed")
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.batch_first = batch_first
        self.together = (kdim is None or kdim == embed_dim) and (vdim is None or vdim == embed_dim)
        if self.together:
            self.in_proj_weight = nn.Parameter(torch.empty(3 * embed_dim, embed_dim))
        else:
            self.q_proj_weight = nn.Parameter(torch.empty(embed_dim, embed_dim))
            self.k_proj_weight = nn.Parameter(torch.empty(embed_dim, embed_dim if kdim is None else kdim))
            self.v_proj_weight = nn.Parameter(torch.empty(embed_dim, embed_dim if vdim is None else vdim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim)) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def projected(self, query, key, value):
        if self.together and key is query and value is query:
            return torch.nn.functional.linear(query, self.in_proj_weight, self.in_proj_bias).chunk(3, dim=-1)
        if self.together:
            weights = self.in_proj_weight.chunk(3, dim=0)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        biases = (None, None, None) if self.in_proj_bias is None else self.in_proj_bias.chunk(3, dim=0)
        three = zip((query, key, value), weights, biases)
        return [torch.nn.functional.linear(x, weight, bias) for x, weight, bias in three]

    def heads(self, x):
        batch, length, _ = x.shape
        return x.reshape(batch, length, self.num_heads, self.head_dim).transpose(1, 2)

    def forward(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None,
                average_attn_weights=True, is_causal=False):
        if key_padding_mask is not None:
            raise NotImplementedError("key_padding_mask is not followed")
        single = query.dim() == 2
        q, k, v = self.projected(query, key, value)
        if single:
            q, k, v = q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0)
        elif not self.batch_first:
            q, k, v = q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1)
        q, k, v = self.heads(q), self.heads(k), self.heads(v)
        if attn_mask is not None and attn_mask.dtype == torch.bool:
            attn_mask = torch.zeros(attn_mask.shape).masked_fill(attn_mask, float("-inf"))
        shares = None
        if need_weights:
            scores = torch.matmul(q, k.transpose(-2, -1)) * (self.head_dim ** -0.5)
            if attn_mask is not None:
                scores = scores + attn_mask
            shares = torch.softmax(scores, dim=-1)
            joined = torch.matmul(shares, v)
            if average_attn_weights:
                shares = shares.mean(1)
            if single:
                shares = shares.squeeze(0)
        else:
            joined = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask)
        joined = joined.transpose(1, 2).flatten(2)
        out = self.out_proj(joined)
        if single:
            out = out.squeeze(0)
        elif not self.batch_first:
            out = out.transpose(0, 1)
        return out, shares


def activation_of(activation):
    if activation == "relu":
        return torch.nn.functional.relu
    if activation == "gelu":
        return torch.nn.functional.gelu
    return activation


class TransformerEncoderLayer(nn.Module):
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-05,
                 batch_first=False, norm_first=False, bias=True, device=None, dtype=None):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d_model, nhead, bias=bias, batch_first=batch_first)
        self.linear1 = nn.Linear(d_model, dim_feedforward, bias=bias)
        self.linear2 = nn.Linear(dim_feedforward, d_model, bias=bias)
        self.norm1 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm2 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm_first = norm_first
        self.activation = activation_of(activation)

    def attended(self, x, mask):
        return self.self_attn(x, x, x, attn_mask=mask, need_weights=False)[0]

    def fed(self, x):
        return self.linear2(self.activation(self.linear1(x)))

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        if src_key_padding_mask is not None:
            raise NotImplementedError("src_key_padding_mask is not followed")
        if self.norm_first:
            x = src + self.attended(self.norm1(src), src_mask)
            return x + self.fed(self.norm2(x))
        x = self.norm1(src + self.attended(src, src_mask))
        return self.norm2(x + self.fed(x))


class TransformerDecoderLayer(nn.Module):
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-05,
                 batch_first=False, norm_first=False, bias=True, device=None, dtype=None):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d_model, nhead, bias=bias, batch_first=batch_first)
        self.multihead_attn = nn.MultiheadAttention(d_model, nhead, bias=bias, batch_first=batch_first)
        self.linear1 = nn.Linear(d_model, dim_feedforward, bias=bias)
        self.linear2 = nn.Linear(dim_feedforward, d_model, bias=bias)
        self.norm1 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm2 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm3 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm_first = norm_first
        self.activation = activation_of(activation)

    def attended(self, x, mask):
        return self.self_attn(x, x, x, attn_mask=mask, need_weights=False)[0]

    def looked(self, x, memory, mask):
        return self.multihead_attn(x, memory, memory, attn_mask=mask, need_weights=False)[0]

    def fed(self, x):
        return self.linear2(self.activation(self.linear1(x)))

    def forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                memory_key_padding_mask=None, tgt_is_causal=False, memory_is_causal=False):
        if tgt_key_padding_mask is not None or memory_key_padding_mask is not None:
            raise NotImplementedError("key_padding_mask is not followed")
        if self.norm_first:
            x = tgt + self.attended(self.norm1(tgt), tgt_mask)
            x = x + self.looked(self.norm2(x), memory, memory_mask)
            return x + self.fed(self.norm3(x))
        x = self.norm1(tgt + self.attended(tgt, tgt_mask))
        x = self.norm2(x + self.looked(x, memory, memory_mask))
        return self.norm3(x + self.fed(x))


class TransformerEncoder(nn.Module):
    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        super().__init__()
        self.layers = nn.ModuleList([copy.deepcopy(encoder_layer) for _ in range(num_layers)])
        self.norm = norm

    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(nn.Module):
    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = nn.ModuleList([copy.deepcopy(decoder_layer) for _ in range(num_layers)])
        self.norm = norm

    def forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                memory_key_padding_mask=None, tgt_is_causal=None, memory_is_causal=False):
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                        tgt_key_padding_mask=tgt_key_padding_mask, memory_key_padding_mask=memory_key_padding_mask)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(nn.Module):
    def __init__(self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048,
                 dropout=0.1, activation="relu", custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05,
                 batch_first=False, norm_first=False, bias=True, device=None, dtype=None):
        super().__init__()
        arguments = dict(dim_feedforward=dim_feedforward, activation=activation, layer_norm_eps=layer_norm_eps,
                         batch_first=batch_first, norm_first=norm_first, bias=bias)
        self.encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(d_model, nhead, **arguments), num_encoder_layers,
            nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias))
        self.decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(d_model, nhead, **arguments), num_decoder_layers,
            nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias))

    def forward(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None,
                tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None,
                memory_is_causal=False):
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask)
        return self.decoder(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                            tgt_key_padding_mask=tgt_key_padding_mask,
                            memory_key_padding_mask=memory_key_padding_mask)


def generate_square_subsequent_mask(sz, device=None, dtype=None):
    return torch.triu(torch.full((sz, sz), float("-inf")), diagonal=1)


def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    return weight[input]


class Embedding(nn.Module):
    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.weight = nn.Parameter(torch.empty(num_embeddings, embedding_dim))

    def forward(self, input):
        return self.weight[input]


def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    product = (x1 * x2).sum(dim)
    one = torch.clamp(torch.norm(x1, 2, dim), min=eps)
    two = torch.clamp(torch.norm(x2, 2, dim), min=eps)
    return product / (one * two)


class CosineSimilarity(nn.Module):
    def __init__(self, dim=1, eps=1e-8):
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1, x2):
        return cosine_similarity(x1, x2, self.dim, self.eps)


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    return torch.norm(x1 - x2 + eps, p, -1, keepdim)


class PairwiseDistance(nn.Module):
    def __init__(self, p=2.0, eps=1e-6, keepdim=False):
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1, x2):
        return pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


# Of einops, whose patterns the program reads itself.


class Rearrange(nn.Module):
    def __init__(self, pattern, **axes):
        super().__init__()
        self.pattern = pattern
        self.axes = axes

    def forward(self, x):
        return einops.rearrange(x, self.pattern, **self.axes)


class Reduce(nn.Module):
    def __init__(self, pattern, reduction, **axes):
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes = axes

    def forward(self, x):
        return einops.reduce(x, self.pattern, self.reduction, **self.axes)


# Options of a command line: their defaults.


class Namespace:
    def __init__(self, *given, **options):
        for entries in given:
            for name, value in entries.items():
                setattr(self, name, value)
        for name, value in options.items():
            setattr(self, name, value)


class ArgumentParser:
    def __init__(self, *args, **kwargs):
        self.options = Namespace()

    def add_argument(self, *names, default=None, dest=None, action=None, **kwargs):
        long = [name for name in names if name.startswith("--")]
        name = dest if dest is not None else (long + list(names))[0].lstrip("-").replace("-", "_")
        if default is None and action == "store_true":
            default = False
        if default is None and action == "store_false":
            default = True
        setattr(self.options, name, default)

    def add_argument_group(self, *args, **kwargs):
        return self

    def set_defaults(self, **options):
        for name, value in options.items():
            setattr(self.options, name, value)

    def parse_args(self, args=None, namespace=None):
        return self.options

    def parse_known_args(self, args=None, namespace=None):
        return self.options, []
