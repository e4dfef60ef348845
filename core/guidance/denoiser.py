"""The exact denoisers E[x0 | x_t] of two mixtures at once, fast: float32, components in tables, one table a noise level.

log(w_k N(x; a m_k, C_k)) is linear in the six monomials of a point and a component's denoised sample is linear in the
point, so one step is two small matrix products and one exponential. Points are kept coordinates first, [2, n].
"""

from dataclasses import dataclass

import numpy as np

from core.guidance.steps import signal_and_noise
from core.mixture import Mixture

Array = np.ndarray


@dataclass(frozen=True)
class Denoised:
    """Denoised samples [2 (weak, strong), 2, n], and what their log densities are made of."""

    samples: Array
    tops: Array  # [2, n] largest log(w_k N(x)) of each law
    sums: Array  # [2, n] of the rest of each law's terms, relative to its largest

    @property
    def log_density(self) -> Array:
        """Log densities of the points under both laws, [2, n]."""
        return self.tops + np.log(self.sums)


class Denoiser:
    """Of a weak and a strong law (usually p(x) and p(x|y)) at given noise levels, falling."""

    def __init__(self, weak: Mixture, strong: Mixture, sigmas: Array) -> None:
        (weak_logits, weak_samples), (strong_logits, strong_samples) = (_tables(law, sigmas) for law in (weak, strong))
        self.first = len(weak.weights)  # row where the strong law begins
        self.logits = np.concatenate([weak_logits, strong_logits], 1).astype(np.float32)  # [levels, K + K', 6]
        rows = weak_samples.shape[1]
        both = np.zeros((len(sigmas), 2 * rows, self.logits.shape[1]), np.float32)  # block diagonal
        both[:, :rows, : self.first], both[:, rows:, self.first :] = weak_samples, strong_samples
        self.samples = both

    def __call__(self, x: Array, level: int) -> Denoised:
        """Of points x [2, n], float32, at the level of that index."""
        terms = self.logits[level] @ _monomials(x)
        tops = np.empty((2, x.shape[1]), np.float32)
        for top, rows in zip(tops, (terms[: self.first], terms[self.first :]), strict=True):
            np.max(rows, 0, out=top)
            np.subtract(rows, top, out=rows)
        sums = (self.samples[level] @ np.exp(terms, out=terms)).reshape(2, 7, -1)
        samples = (sums[:, :2] + sums[:, 2:4] * x[0] + sums[:, 4:6] * x[1]) / sums[:, 6:]
        return Denoised(samples, tops, sums[:, 6])


def _monomials(x: Array) -> Array:
    """x^2, x y, y^2, x, y, 1 of points [2, n]."""
    rows = np.empty((6, x.shape[1]), np.float32)
    np.multiply(x, x[0], out=rows[:2])
    np.multiply(x[1], x[1], out=rows[2])
    rows[3:5] = x
    rows[5] = 1
    return rows


def _tables(law: Mixture, sigmas: Array) -> tuple[Array, Array]:
    """Coefficients of the logits [levels, K, 6] and of the weighted denoised samples [levels, 7, K]."""
    means, covariances = law.means, law.covariances
    a, b = np.array([signal_and_noise(sigma) for sigma in sigmas]).T[:, :, None, None, None]
    precision = np.linalg.inv(a * a * covariances + b * b * np.eye(2))
    pull = (a * precision @ means[..., None])[..., 0]
    gain = a * covariances @ precision
    norm = (
        np.log(law.weights) - np.log(2 * np.pi) + np.linalg.slogdet(precision)[1] / 2 - (pull * a[..., 0] * means).sum(-1) / 2
    )
    bend = (-precision[..., 0, 0] / 2, -precision[..., 0, 1], -precision[..., 1, 1] / 2)
    logits = np.stack([*bend, pull[..., 0], pull[..., 1], norm], -1)
    rest = means - (gain @ (a * means[..., None]))[..., 0]
    columns = np.concatenate([rest, gain[..., 0], gain[..., 1], np.ones_like(rest[..., :1])], -1)
    return logits, np.swapaxes(columns, -1, -2)
