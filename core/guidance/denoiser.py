"""The exact denoisers E[x0 | x_t] of two mixtures at once, fast: float32, components in tables, one table a noise level.

log(w_k N(x; a m_k, C_k)) is linear in the six monomials of a point and a component's denoised sample is linear in the
point, so one step is two small matrix products and one exponential. Points are kept coordinates first, [2, n].
"""

from dataclasses import dataclass

import numpy as np

from core.guidance.mixture import Mixture
from core.guidance.steps import signal_and_noise

Array = np.ndarray

NOWHERE = -1e30  # log weight of a component that only fills up the table of the smaller mixture


@dataclass(frozen=True)
class Denoised:
    """Denoised samples [2 (weak, strong), 2, n], and log densities [2, n] of the points."""

    samples: Array
    log_density: Array


class Denoiser:
    """Of a weak and a strong law (usually p(x) and p(x|y)) at given noise levels."""

    def __init__(self, weak: Mixture, strong: Mixture, sigmas: Array) -> None:
        size = max(len(weak.weights), len(strong.weights))
        tables = [_tables(_filled(law, size), sigmas) for law in (weak, strong)]
        self.logits = np.concatenate([logits for logits, _ in tables], 1).astype(np.float32)  # [levels, 2 K, 6]
        self.samples = np.stack([samples for _, samples in tables], 1).astype(np.float32)  # [levels, 2, 7, K]

    def __call__(self, x: Array, level: int) -> Denoised:
        """Of points x [2, n], float32, at the level of that index."""
        logits = (self.logits[level] @ _monomials(x)).reshape(2, -1, x.shape[1])
        top = logits.max(1, keepdims=True)
        sums = self.samples[level] @ np.exp(logits - top)
        weight = sums[:, 6:]
        samples = (sums[:, :2] + sums[:, 2:4] * x[0] + sums[:, 4:6] * x[1]) / weight
        return Denoised(samples, (top + np.log(weight))[:, 0])


def _monomials(x: Array) -> Array:
    """x^2, x y, y^2, x, y, 1 of points [2, n]."""
    rows = np.empty((6, x.shape[1]), np.float32)
    np.multiply(x, x[0], out=rows[:2])
    np.multiply(x[1], x[1], out=rows[2])
    rows[3:5] = x
    rows[5] = 1
    return rows


def _filled(law: Mixture, size: int) -> tuple[Array, Array, Array]:
    """Log weights, means and covariances with components added that never win."""
    more = size - len(law.weights)
    log_weights = np.concatenate([np.log(law.weights), np.full(more, NOWHERE)])
    means = np.concatenate([law.means, np.repeat(law.means[:1], more, 0)])
    return log_weights, means, np.concatenate([law.covariances, np.repeat(law.covariances[:1], more, 0)])


def _tables(law: tuple[Array, Array, Array], sigmas: Array) -> tuple[Array, Array]:
    """Coefficients of the logits [levels, K, 6] and of the weighted denoised samples [levels, 7, K]."""
    log_weights, means, covariances = law
    a, b = np.array([signal_and_noise(sigma) for sigma in sigmas]).T[:, :, None, None, None]
    precision = np.linalg.inv(a * a * covariances + b * b * np.eye(2))
    pull = (a * precision @ means[..., None])[..., 0]
    gain = a * covariances @ precision
    norm = log_weights - np.log(2 * np.pi) + np.linalg.slogdet(precision)[1] / 2 - (pull * a[..., 0] * means).sum(-1) / 2
    bend = (-precision[..., 0, 0] / 2, -precision[..., 0, 1], -precision[..., 1, 1] / 2)
    logits = np.stack([*bend, pull[..., 0], pull[..., 1], norm], -1)
    rest = means - (gain @ (a * means[..., None]))[..., 0]
    columns = np.concatenate([rest, gain[..., 0], gain[..., 1], np.ones_like(rest[..., :1])], -1)
    return logits, np.swapaxes(columns, -1, -2)
