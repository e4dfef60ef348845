"""Other losses of the same scores, value and gradient, to hold CoSENT against.

Scores lie in [-REACH, REACH]; circle loss and AnglE see them as cosines s / REACH. Labels of y >= cut are positive.
"""

import numpy as np

from core.cosent.loss import cosent

Array = np.ndarray
Loss = tuple[float, Array]

REACH = 5.0
MARGIN = 0.25  # of the circle loss
FLAT = 1e-9  # cosines are kept so far from 1, where an arc cosine is vertical


def cross_entropy(s: Array, y: Array, cut: float) -> Loss:
    """Mean of softplus(-s) over positives and softplus(s) over negatives."""
    positive = y >= cut
    sign = np.where(positive, 1.0, -1.0)
    return float(np.logaddexp(0, -sign * s).mean()), (_sigmoid(s) - positive) / len(s)


def squared_error(s: Array, y: Array) -> Loss:
    """Mean of (s - y)^2: the label itself is the score to reach."""
    return float(((s - y) ** 2).mean()), 2 * (s - y) / len(s)


def ranknet(s: Array, y: Array, scale: float) -> Loss:
    """Sum of softplus(lambda (s_i - s_j)) over y_i < y_j (Burges et al. 2005): never below CoSENT."""
    lower, gap = y[:, None] < y, scale * (s[:, None] - s)
    push = scale * np.where(lower, _sigmoid(gap), 0.0)
    return float(np.where(lower, np.logaddexp(0, gap), 0.0).sum()), push.sum(1) - push.sum(0)


def triplet(s: Array, y: Array, margin: float) -> Loss:
    """Mean of max(0, margin + s_i - s_j) over y_i < y_j."""
    lower, gap = y[:, None] < y, margin + s[:, None] - s
    pushed = (lower & (gap > 0)) / max(int(lower.sum()), 1)
    return float((pushed * gap).sum()), pushed.sum(1) - pushed.sum(0)


def circle(s: Array, y: Array, scale: float, cut: float) -> Loss:
    """Circle loss (arXiv:2002.10857) of cosines, its weights held fixed in the gradient as there; without them it is CoSENT."""
    c, positive, gamma = s / REACH, y >= cut, REACH * scale
    weight = np.where(positive, np.maximum(1 + MARGIN - c, 0), np.maximum(c + MARGIN, 0))
    logit = np.where(positive, -gamma * weight * (c - 1 + MARGIN), gamma * weight * (c - MARGIN))
    high, low = (np.logaddexp.reduce(np.where(kept, logit, -np.inf)) for kept in (positive, ~positive))
    if not np.isfinite(high + low):
        return 0.0, np.zeros_like(s)
    each = np.exp(logit - np.where(positive, high, low)) * _sigmoid(high + low)
    return float(np.logaddexp(0, high + low)), each * np.where(positive, -1.0, 1.0) * gamma * weight / REACH


def angle(s: Array, y: Array, scale: float) -> Loss:
    """CoSENT of angles in a plane instead of cosines, as AnglE (arXiv:2309.12871) has it: no flat ends."""
    c = np.clip(s / REACH, FLAT - 1, 1 - FLAT)
    turned = REACH * (1 - 2 * np.arccos(c) / np.pi)
    value, gradient = cosent(turned, y, scale)
    return float(value), gradient * 2 / (np.pi * np.sqrt(1 - c**2))


def _sigmoid(x: Array) -> Array:
    return np.exp(-np.logaddexp(0, -x))


def every(s: Array, y: Array, scale: float, cut: float, margin: float) -> dict[str, Loss]:
    """All of them by name, CoSENT first."""
    own = cosent(s, y, scale)
    return {
        "cosent": (float(own[0]), own[1]),
        "ranknet": ranknet(s, y, scale),
        "angle": angle(s, y, scale),
        "circle": circle(s, y, scale, cut),
        "triplet": triplet(s, y, margin),
        "cross_entropy": cross_entropy(s, y, cut),
        "squared_error": squared_error(s, y),
    }
