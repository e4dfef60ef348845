"""The losses of a batch of pairs, for any number of trainings side by side; for PyTorch."""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, relu, softplus

from core.cosent.peers import MARGIN
from core.cosent.train.params import Objective

FLAT = 1e-6  # cosines are kept so far from 1, where an arc cosine is vertical; single precision tells no less apart
NOTHING = -1e4  # logit of the circle loss where a class is not in the batch


def loss(which: Objective, s: Tensor, y: Tensor, positive: Tensor, scale: float, affine: tuple[Tensor, Tensor]) -> Tensor:
    """[K] of scores s and labels y in [0, 1], both [K, B]; positive [K, B] bool, for the circle loss alone.

    scale: lambda. affine: a and b [K, 1], learnt too; a s + b is the logit of the cross-entropy and the estimate of the squared
    error. Triplets have a margin of 1 / lambda, and the circle loss weighs as in core.cosent.peers, with cosines as they are.
    """
    if which in (Objective.COSENT, Objective.ANGLE):
        return cosent(s if which is Objective.COSENT else angle(s), y, scale)
    if which is Objective.CIRCLE:
        return circle(s, positive, scale)
    estimate = affine[0] * s + affine[1]
    if which is Objective.SQUARED_ERROR:
        return ((estimate - y) ** 2).mean(1)
    if which in (Objective.CROSS_ENTROPY, Objective.BOTH):
        crossed = binary_cross_entropy_with_logits(estimate, y, reduction="none").mean(1)
        return crossed if which is Objective.CROSS_ENTROPY else crossed + cosent(s, y, scale)
    lower, gap = _gaps(s, y, scale)
    each = softplus(gap) if which is Objective.RANKNET else relu(1 + gap) / scale
    return (lower * each).sum((1, 2)) / lower.sum((1, 2)).clamp(min=1)


def cosent(s: Tensor, y: Tensor, scale: float) -> Tensor:
    """[K] log(1 + sum over y_i < y_j of exp(lambda (s_i - s_j))), all pairs of pairs of a batch."""
    lower, gap = _gaps(s, y, scale)
    terms = gap.masked_fill(~lower, -math.inf).flatten(1)
    return torch.logsumexp(torch.cat([terms.new_zeros(len(s), 1), terms], 1), 1)


def angle(s: Tensor) -> Tensor:
    """Cosines -> 1 at angle 0, -1 at angle pi, in equal steps."""
    return 1 - 2 / math.pi * torch.arccos(s.clamp(FLAT - 1, 1 - FLAT))


def circle(s: Tensor, positive: Tensor, scale: float) -> Tensor:
    """[K] circle loss (arXiv:2002.10857) of cosines, its weights held fixed in the gradient as there."""
    weight = torch.where(positive, relu(1 + MARGIN - s), relu(s + MARGIN)).detach()
    logit = scale * weight * torch.where(positive, 1 - MARGIN - s, s - MARGIN)
    high, low = (torch.logsumexp(logit.masked_fill(~kept, NOTHING), 1) for kept in (positive, ~positive))
    return softplus(high + low)


def _gaps(s: Tensor, y: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """[K, B, B]: whether the label of i is below that of j, and lambda (s_i - s_j)."""
    return y[:, :, None] < y[:, None, :], scale * (s[:, :, None] - s[:, None, :])
