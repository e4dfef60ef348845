"""Exact samples of what guidance promises: p(x) p(y|x)^gamma, the same normalised, p(x) exp(strength * similarity)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import lgamma, log

import numpy as np

from core.guidance.feynman_kac import systematic
from core.guidance.scenes import Scene
from core.mixture import Mixture

Array = np.ndarray

DRAWS = 2048  # proposals a batch
TINY = 1e-6  # rounding: a p(y|x) of 1 has no log-odds
BATCHES = 64  # at most: beyond it the target is so far from every proposal that weights must do


@dataclass(frozen=True, eq=False)
class Proposals:
    """Draws of p(x|y) or p(x), their log p(y|x), and log uniforms to accept them by: independent of gamma."""

    points: Array  # [DRAWS, 2]
    log_posterior: Array  # [DRAWS]
    log_uniform: Array  # [DRAWS]


@lru_cache(maxsize=4 * BATCHES)
def _proposals(scene: Scene, of_class: bool, seed: int, batch: int) -> Proposals:
    rng = np.random.default_rng((seed, batch, of_class))
    points = (scene.wanted if of_class else scene.everything).sample(rng, DRAWS)
    return Proposals(points, scene.log_posterior(points), -rng.standard_exponential(DRAWS))


@lru_cache(maxsize=64)
def tilted(scene: Scene, gamma: float, n: int, seed: int) -> Array:
    """n exact samples of p(x) p(y|x)^gamma, [n, 2] float32, read-only; gamma >= 0.

    Acceptance: from p(x|y) with probability p(y|x)^(gamma - 1) where gamma >= 1, else from p(x) with p(y|x)^gamma. Where
    fewer than n of BATCHES * DRAWS proposals are accepted (classes on top of each other), all of them are resampled by
    weight instead: then samples repeat.
    """
    power = gamma - 1 if gamma >= 1 else gamma
    return _drawn(scene, gamma >= 1, lambda log_posterior: power * log_posterior, n, seed)


@lru_cache(maxsize=64)
def normalised(scene: Scene, gamma: float, n: int, seed: int) -> Array:
    """n exact samples of p(x) q(x), q = p(y|x)^gamma / Z(x) and Z = p^gamma + (1 - p)^gamma, [n, 2] float32, read-only.

    Accepted from p(x) with probability q, which is the logistic function of gamma times the log-odds of the class.
    Source: Su Jianlin, kexue.fm/archives/9257, equation 9.
    """

    def log_q(log_posterior: Array) -> Array:
        certain = log_posterior.clip(max=-TINY)
        return -np.logaddexp(0, -gamma * (certain - np.log(-np.expm1(certain))))

    return _drawn(scene, False, log_q, n, seed)


def _drawn(scene: Scene, of_class: bool, log_share: Callable[[Array], Array], n: int, seed: int) -> Array:
    """From p(x|y) or p(x), accepted with a probability that is a function of log p(y|x)."""
    accepted: list[Array] = []
    for batch in range(BATCHES):
        drawn = _proposals(scene, of_class, seed, batch)
        accepted.append(drawn.points[drawn.log_uniform < log_share(drawn.log_posterior)])
        if sum(map(len, accepted)) >= n:
            return _kept(np.concatenate(accepted)[:n])
    return _kept(_resampled([_proposals(scene, of_class, seed, batch) for batch in range(BATCHES)], log_share, n))


def _resampled(batches: list[Proposals], log_share: Callable[[Array], Array], n: int) -> Array:
    points = np.concatenate([batch.points for batch in batches])
    log_weights = log_share(np.concatenate([batch.log_posterior for batch in batches]))
    order = systematic(log_weights, 0.5)
    return points[order[np.random.default_rng(0).permutation(len(order))[:n]]]


@lru_cache(maxsize=64)
def attracted(scene: Scene, towards: tuple[float, float], width: float, strength: float, n: int, seed: int) -> Array:
    """n samples of p(x) exp(strength k(x)), k = exp(-|x - towards|^2 / (2 width^2)), [n, 2] float32, read-only.

    exp(s k) = sum_j s^j / j! k^j and k^j is a Gaussian, so the target is a mixture of K times (J + 1) Gaussians; the sum
    stops where the rest is below 1e-12 of the whole.
    """
    terms = int(strength + 12 * strength**0.5 + 20) if strength else 1
    parts = [_times_kernel(scene.everything, np.array(towards), width, strength, j) for j in range(terms)]
    log_weights = np.concatenate([part[0] for part in parts])
    weights = np.exp(log_weights - log_weights.max())
    law = Mixture(weights / weights.sum(), np.concatenate([p[1] for p in parts]), np.concatenate([p[2] for p in parts]))
    return _kept(law.sample(np.random.default_rng(seed), n))


def _times_kernel(law: Mixture, towards: Array, width: float, strength: float, power: int) -> tuple[Array, Array, Array]:
    """Log weights, means and covariances of law times strength^power / power! k^power."""
    if power == 0:
        return np.log(law.weights), law.means, law.covariances
    narrow = width**2 / power * np.eye(2)
    gain = law.covariances @ np.linalg.inv(law.covariances + narrow)
    means = law.means + np.einsum("kij,kj->ki", gain, towards - law.means)
    wide = Mixture(law.weights, law.means, law.covariances + narrow)
    area = log(2 * np.pi * width**2 / power)
    log_weights = wide.log_joint(towards[None])[0] + area + power * log(strength) - lgamma(power + 1)
    return log_weights, means, law.covariances - gain @ law.covariances


def _kept(samples: Array) -> Array:
    """Float32 memory of its own that nobody may write into: it stays in the cache."""
    own = np.array(samples, np.float32, order="C")
    own.setflags(write=False)
    return own
