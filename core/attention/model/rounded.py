"""The network with numbers of few bits where noise was: real rounding, and what theory of rounding noise says of every head."""

import numpy as np
import torch
from torch import Tensor

from core.attention.laws import Format, Rounding
from core.attention.model.heads import WINDOWS, queries
from core.attention.model.network import CharNet
from core.attention.model.noise import Place, Silent, clean_layers, sizes
from core.attention.rounding import rounded, rounding_variation

Array = np.ndarray


class Few(Silent):
    """Rounds one place of every layer; what comes later than the query is not there to be rounded."""

    def __init__(self, place: Place, number_format: Format) -> None:
        self.place, self.number_format = place, number_format

    def added(self, place: Place, layer: int, clean: Tensor) -> Tensor:  # noqa: ARG002
        """In the format, if it is the place."""
        return in_few_bits(clean, self.number_format) if place is self.place else clean


def in_few_bits(values: Tensor, number_format: Format) -> Tensor:
    """Row by row, with what is -infinity left so."""
    seen = torch.isfinite(values)
    found = rounded(values.masked_fill(~seen, 0).double().numpy(), number_format)
    return torch.from_numpy(found).float().masked_fill(~seen, -torch.inf)


@torch.inference_mode()
def against_theory(model: CharNet, codes: Tensor, number_format: Format) -> tuple[float, float]:
    """Of rounded logits: median over heads of measured over predicted error of the output; size of the rounding error over
    that of the logits."""
    ratios, moved = [], []
    for number, layer in enumerate(clean_layers(model, codes[:WINDOWS])):
        places = queries(codes.shape[1])
        s, v = layer.logits[:, :, places], layer.values.double()
        low = in_few_bits(s, number_format)
        p = s.double().softmax(-1)
        squares = (((low.double().softmax(-1) - p) @ v) ** 2).sum(-1).mean((0, 2)).numpy()
        predicted = _predicted(s, p, v, Rounding(number_format=number_format))
        ratios += list(np.sqrt(squares[predicted > 0] / predicted[predicted > 0]))
        seen = torch.isfinite(s)
        error = ((low - s)[seen] ** 2).mean().sqrt()
        moved.append(float(error / sizes(model.scaling)[Place.LOGITS][number].mean()))
    return float(np.median(ratios)) if ratios else 0.0, float(np.mean(moved))


def _predicted(s: Tensor, p: Tensor, v: Tensor, law: Rounding) -> Array:
    """[heads] mean over rows of sum c^2 p^2 |v - o|^2."""
    away = ((v[:, :, None] - (p @ v)[..., None, :]) ** 2).sum(-1).numpy()  # [n, h, i, j]
    rows = np.zeros(s.shape[:3])
    for at in np.ndindex(*s.shape[:3]):
        row = s[at].double().numpy()
        seen = np.isfinite(row)
        c2 = rounding_variation(law, row[seen])
        rows[at] = (c2 * p[at].numpy()[seen] ** 2 * away[at][seen]).sum()
    return np.asarray(rows.mean((0, 2)))
