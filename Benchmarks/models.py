"""The two architectures that Alambic trains, in plain PyTorch: what its trainer is compared with.

Atome: a ternary byte model of three pathways mixed by a router. PlainGPT: pre-norm, learned positions, no biases.
Both read windows of bytes (B, L) and give logits (B, L, 256).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 256


class RoundToTrits(torch.autograd.Function):
    """alpha clamp(round(w / alpha), -1, 1), alpha = mean |w|; the gradient passes straight through."""

    @staticmethod
    def forward(ctx, w):
        alpha = w.abs().mean().clamp(min=1e-5)
        return alpha * torch.clamp(torch.round(w / alpha), -1, 1)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def ternary(w):
    return RoundToTrits.apply(w)


def weight(rows, columns):
    return nn.Parameter(torch.randn(rows, columns) / math.sqrt(3 * columns))


class AtomeBlock(nn.Module):
    def __init__(self, d, head_width, top_k, taps, scan):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.convolution = weight(d, taps)
        self.decay = nn.Parameter(torch.full((d,), 1.5))
        self.input_gain = nn.Parameter(torch.randn(d) / math.sqrt(3 * d))
        self.output_gain = nn.Parameter(torch.randn(d) / math.sqrt(3 * d))
        self.query, self.key = weight(head_width, d), weight(head_width, d)
        self.value, self.router = weight(d, d), weight(3, d)
        self.top_k = top_k
        self.scan = {"loop": self.scan_by_loop, "convolution": self.scan_by_convolution}[scan]

    def forward(self, x):
        n = self.norm(x)
        r = torch.softmax(n @ ternary(self.router).T, -1)
        return x + r[..., 0:1] * self.local(n) + r[..., 1:2] * self.state(n) + r[..., 2:3] * self.sparse(n)

    def local(self, n):
        kernel = ternary(self.convolution)  # tap 0 is the current position
        taps = kernel.shape[1]
        padded = F.pad(n.transpose(1, 2), (taps - 1, 0))
        return F.conv1d(padded, kernel.flip(1).unsqueeze(1), groups=kernel.shape[0]).transpose(1, 2)

    def state(self, n):
        return self.output_gain * self.scan(self.input_gain * n, torch.tanh(self.decay))

    @staticmethod
    def scan_by_loop(u, decay):
        state, states = torch.zeros_like(u[:, 0]), []
        for t in range(u.shape[1]):
            state = decay * state + u[:, t]
            states.append(state)
        return torch.stack(states, 1)

    @staticmethod
    def scan_by_convolution(u, decay):
        """The same as one depthwise convolution with the powers of the decay."""
        length = u.shape[1]
        powers = decay.unsqueeze(1) ** torch.arange(length - 1, -1, -1)
        padded = F.pad(u.transpose(1, 2), (length - 1, 0))
        return F.conv1d(padded, powers.unsqueeze(1), groups=u.shape[2]).transpose(1, 2)

    def sparse(self, n):
        q, k, v = n @ ternary(self.query).T, n @ ternary(self.key).T, n @ ternary(self.value).T
        length = n.shape[1]
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
        best, where = scores.topk(min(self.top_k, length), -1)
        chosen = torch.zeros_like(scores).scatter(-1, where, torch.softmax(best, -1))
        return chosen @ v


class Atome(nn.Module):
    def __init__(self, d, layers, head_width, top_k=4, taps=5, scan="loop"):
        super().__init__()
        self.embedding = weight(VOCABULARY, d)
        self.blocks = nn.ModuleList(AtomeBlock(d, head_width, top_k, taps, scan) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self.unembedding = weight(VOCABULARY, d)

    def forward(self, windows):
        x = F.embedding(windows, ternary(self.embedding))
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ ternary(self.unembedding).T


class GPTBlock(nn.Module):
    def __init__(self, d, heads, hidden):
        super().__init__()
        self.heads = heads
        self.attention_norm, self.hidden_norm = nn.LayerNorm(d), nn.LayerNorm(d)
        self.projections = nn.Linear(d, 3 * d, bias=False)
        self.output = nn.Linear(d, d, bias=False)
        self.up, self.down = nn.Linear(d, hidden, bias=False), nn.Linear(hidden, d, bias=False)

    def forward(self, x):
        b, length, d = x.shape
        parts = self.projections(self.attention_norm(x)).view(b, length, 3, self.heads, d // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(b, length, d))
        return x + self.down(F.gelu(self.up(self.hidden_norm(x))))


class PlainGPT(nn.Module):
    def __init__(self, d, layers, heads, hidden, context):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(VOCABULARY, d), nn.Embedding(context, d)
        self.blocks = nn.ModuleList(GPTBlock(d, heads, hidden) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self.unembedding = nn.Linear(d, VOCABULARY, bias=False)

    def forward(self, windows):
        x = self.embedding(windows) + self.positions(torch.arange(windows.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.unembedding(self.norm(x))
