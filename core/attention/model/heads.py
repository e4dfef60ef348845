"""Every head alone: how far noise on its logits moves its output, measured, and predicted from its own logits.

p = softmax(s), u = v - o, noise of deviation sigma. Delta method: E|õ - o|^2 ~ (e^(sigma^2) - 1) sum p^2 |u|^2. One token at a
time: its weight becomes p h, h = w / (1 - p + p w), and sum p^2 Var(h) |u|^2 stays finite where the delta method does not.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.attention.model.network import CharNet
from core.attention.model.noise import Clean, Place, clean_layers, sizes
from core.attention.model.params import Params

Array = np.ndarray

DRAWS, WINDOWS, QUERIES = 96, 8, 4  # of the noise; of the text; in a window
NODES = 32  # of Gauss-Hermite


@dataclass(frozen=True, eq=False)
class Errors:
    """Of every head and query, root mean squares over the root mean square length of a value."""

    measured: Array  # [L, H, Q]
    stderr: Array  # [L, H, Q]
    leading: Array  # [L, H, Q]
    saturating: Array  # [L, H, Q]
    entropy: Array  # [L, H] nats, at the last place
    concentration: Array  # [L, H]


def queries(length: int) -> Tensor:
    """Places of a window at which heads are measured: those that see at least two characters."""
    return torch.unique(torch.linspace(length / QUERIES, length, QUERIES).long() - 1).clamp(min=0)[: max(length - 1, 0)]


@torch.inference_mode()
def errors(model: CharNet, codes: Tensor, p: Params) -> Errors:
    """Of windows [n, l], the first few of them."""
    random = torch.Generator().manual_seed(p.seed * 64 + 35)
    rows = [
        _layer(layer, p.strength * sizes(model.scaling)[Place.LOGITS][number], random)
        for number, layer in enumerate(clean_layers(model, codes[:WINDOWS]))
    ]
    return Errors(*(np.stack([np.asarray(row[k], float) for row in rows]) for k in range(6)))


def _layer(layer: Clean, sigma: Tensor, random: torch.Generator) -> tuple[Tensor, ...]:
    """The fields of Errors for one layer; sigma [heads, 1, 1]."""
    places = queries(layer.logits.shape[-1])
    s, v = layer.logits[:, :, places].double(), layer.values.double()
    p = s.softmax(-1)
    size = (v**2).sum(-1).mean((0, 2)).sqrt()[:, None]
    away = _distances(p, v)
    predicted = (torch.expm1(sigma.double() ** 2) * p**2 * away).sum(-1)
    saturated = (p**2 * held(p, sigma.double()) * away).sum(-1)
    squares = _measured(s, v, p, sigma, random)
    mean, spread = squares.mean(0), squares.std(0) / DRAWS**0.5
    root = mean.sqrt()
    stderr = spread / (2 * root.clamp(min=1e-300))
    last = layer.logits[:, :, -1].double().softmax(-1)
    entropy = torch.special.entr(last).sum(-1).mean(0)
    flat = [_flat(each) / size for each in (root, stderr, predicted.sqrt(), saturated.sqrt())]
    return (*flat, entropy, (last**2).sum(-1).mean(0))


def _flat(rows: Tensor) -> Tensor:
    """[n, heads, places] -> [heads, n places]."""
    return rows.transpose(0, 1).flatten(1)


def _distances(p: Tensor, v: Tensor) -> Tensor:
    """|v_j - o_i|^2 of weights [n, h, i, j] and values [n, h, j, d]."""
    o = p @ v
    return ((v**2).sum(-1)[..., None, :] - 2 * o @ v.transpose(-2, -1) + (o**2).sum(-1, keepdim=True)).clamp(min=0)


def _measured(s: Tensor, v: Tensor, p: Tensor, sigma: Tensor, random: torch.Generator) -> Tensor:
    """[DRAWS, n, h, places] |õ - o|^2."""
    noise = torch.randn((DRAWS, *s.shape), generator=random).mul_(sigma)
    moved = (s.float() + noise).softmax(-1) - p.float()
    return ((moved @ v.float()) ** 2).sum(-1).double()


def held(p: Tensor, sigma: Tensor) -> Tensor:
    """Var of h = w / (1 - p + p w), w = e^(sigma z - sigma^2 / 2), by Gauss-Hermite quadrature; the shape of p."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    mean, square = torch.zeros_like(p), torch.zeros_like(p)
    for z, share in zip(nodes, weights / weights.sum(), strict=True):
        w = torch.exp(sigma * z - sigma**2 / 2)
        h = w / (1 - p + p * w)
        mean, square = mean + share * h, square + share * h**2
    return (square - mean**2).clamp(min=0)
