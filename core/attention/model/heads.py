"""Every head alone: how far noise on its logits moves its output, measured, and predicted from its own logits.

p = softmax(s), u = v - o, noise of deviation sigma. Delta method: E|õ - o|^2 ~ (e^(sigma^2) - 1) sum p^2 |u|^2. Exactly: the
integral of core.attention.exact, here for values of any dimension and many queries at once.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from core.attention.laws import Gaussian
from core.attention.model.network import CharNet
from core.attention.model.noise import Clean, Place, amounts, clean_layers
from core.attention.model.params import Params, Where
from core.attention.model.shape import LENGTH
from core.attention.quadrature import line, nodes, transform

Array = np.ndarray

DRAWS, WINDOWS, QUERIES = 96, 8, 4  # of the noise; of the text; in a window
STEP, FINE = 0.5, 0.02  # of tau, and of the table that is interpolated
BEGIN, END = 20.0, 4.0  # beyond the largest and the smallest sum the integrand is below 1e-8 and 1e-20
LARGEST = 600.0  # sigma^2: beyond it e^(sigma^2) is no number
STRONGEST = 3.0  # logits, deviation of noise that quadrature holds


@dataclass(frozen=True, eq=False)
class Errors:
    """Of every head and query, root mean squares over the root mean square length of a value."""

    measured: Array  # [L, H, Q]
    stderr: Array  # [L, H, Q]
    leading: Array  # [L, H, Q]
    exact: Array  # [L, H, Q], 0 where sigma is above STRONGEST
    entropy: Array  # [L, H] nats, at the last place
    concentration: Array  # [L, H]


def queries(length: int) -> Tensor:
    """Places of a window at which heads are measured: those that see at least two characters."""
    places = torch.linspace(length / QUERIES, length, QUERIES).long() - 1
    return torch.unique(places.clamp(min=1)) if length > 1 else places[:0]


@torch.inference_mode()
def errors(model: CharNet, codes: Tensor, p: Params) -> Errors:
    """Of windows [n, l], the first few of them."""
    random = torch.Generator().manual_seed(p.seed * 64 + 35)
    everywhere = amounts(model, Place.LOGITS, p.replace(where=Where.ALL.value))
    rows = [
        _layer(layer, p.strength * everywhere[number], random)
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
    predicted = (torch.expm1((sigma.double() ** 2).clamp(max=LARGEST)) * p**2 * away).sum(-1)
    exactly = exact_squares(p, v, away, sigma.flatten())
    squares = _measured(s, v, p, sigma, random)
    mean = squares.mean(0)
    spread = ((squares - mean) ** 2).mean(0).sqrt() / (DRAWS - 1) ** 0.5
    root = mean.sqrt()
    stderr = spread / (2 * root.clamp(min=1e-300))
    last = layer.logits[:, :, -1].double().softmax(-1)
    entropy = torch.special.entr(last).sum(-1).mean(0)
    flat = [_flat(each) / size for each in (root, stderr, predicted.sqrt(), exactly.sqrt())]
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


def exact_squares(p: Tensor, v: Tensor, away: Tensor, sigma: Tensor) -> Tensor:
    """E|õ - o|^2 of weights [n, h, i, j], values [n, h, j, d], |v_j - o_i|^2 [n, h, i, j] and a deviation of each head [h]."""
    rows = []
    for head, each in enumerate(sigma.tolist()):
        weights, values = p[:, head], v[:, head]
        if not 0 < each <= STRONGEST:
            rows.append(torch.zeros(p.shape[:1] + p.shape[2:3], dtype=p.dtype))
            continue
        table = tabled(round(each, 12))
        x = table.tau[:, None] + weights.clamp(min=1e-300).log()[..., None, :]  # [n, i, M, j]
        chance = STEP * torch.exp(table.at(table.log_l, x).sum(-1))
        first, second = table.at(table.first, x), table.at(table.second, x)
        o = (weights @ values)[..., None, :]
        mean = first @ values[:, None] - first.sum(-1, keepdim=True) * o  # [n, i, M, d]
        rows.append((chance * ((mean**2).sum(-1) + (second * away[:, head, :, None]).sum(-1))).sum(-1))
    return torch.stack(rows, 1)


@dataclass(frozen=True, eq=False)
class Table:
    """Of one weight w = e^eps as a function of log t: log E e^(-tw), and the first two cumulants of tw under that weight."""

    tau: Tensor  # [M] of the integral
    low: float  # where the columns begin
    log_l: Tensor
    first: Tensor
    second: Tensor

    def at(self, column: Tensor, x: Tensor) -> Tensor:
        """Between the places of a column, in a straight line; nothing below its begin, where t w vanishes."""
        place = ((x - self.low) / FINE).clamp(0, len(column) - 1.001)
        below = place.long()
        return torch.lerp(column[below], column[below + 1], place - below)


@lru_cache(maxsize=64)
def tabled(sigma: float) -> Table:
    """For Gaussian noise of this deviation."""
    law = nodes(Gaussian(strength=sigma))
    lowest, highest = law.ends
    tau = line(-highest - BEGIN, -lowest + math.log(LENGTH) + END, STEP)
    places = line(-highest - 2 * BEGIN, float(tau[-1]) + FINE, FINE)
    known = transform(law, places, 2)
    columns = (known.log_l, known.r[0], known.r[1] - known.r[0] ** 2)
    return Table(torch.from_numpy(tau), float(places[0]), *(torch.from_numpy(column.copy()) for column in columns))
