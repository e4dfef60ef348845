"""Draws of T and its contexts, and what each pool makes of them, draw by draw."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.bayes.fusion.gaussian import Array, Contexts, Gaussian, kl

DRAWS = 300
EDGE, CELLS = 7.0, 401  # of the grid on which a pool without a closed form is integrated
NODES = 24  # of Gauss and Hermite under the exact posterior


@dataclass(frozen=True, eq=False)
class Sample:
    """R draws, and the exact posterior of each."""

    truth: Array  # [R]
    seen: Array  # [R, n]
    mean: Array  # [R] of the exact posterior


@dataclass(frozen=True, eq=False)
class Envelope:
    """max_k log p(T|S_k) of every draw, on a grid and under the exact posterior."""

    axis: Array  # [G]
    on_axis: Array  # [R, G]
    nodes: Array  # [R, 24] values of T
    share: Array  # [24] weights of the nodes
    at_nodes: Array  # [R, 24]


def draw(world: Contexts, rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """T [R] and contexts [R, n]: errors share one number a draw, whose square weight is rho."""
    truth, common = rng.standard_normal(count), rng.standard_normal((count, 1))
    own = rng.standard_normal((count, len(world.deviations)))
    errors = world.rho**0.5 * common + (1 - world.rho) ** 0.5 * own
    return truth, truth[:, None] + np.array(world.deviations) * errors


@lru_cache(maxsize=8)
def sample(world: Contexts, seed: int) -> Sample:
    """DRAWS of them."""
    truth, seen = draw(world, np.random.default_rng([seed, 1]), DRAWS)
    return Sample(truth, seen, seen @ world.exact.weights[0])


def linear(world: Contexts, drawn: Sample, fused: Gaussian) -> tuple[Array, Array]:
    """([B, R] KL(exact || fused), [B, R] squared error) of pools that are Gaussian."""
    mean = fused.weights @ drawn.seen.T
    divergence = kl(world.exact.precision, fused.precision[:, None], (mean - drawn.mean) ** 2)
    return divergence, (drawn.truth - mean) ** 2


def log_normal(x: Array, mean: Array, precision: Array) -> Array:
    """log N(x; mean, 1 / precision)."""
    return (np.log(precision / (2 * np.pi)) - precision * (x - mean) ** 2) / 2


def highest(world: Contexts, seen: Array, x: Array) -> Array:
    """max_k log p(T = x|S_k) at x [R or 1, m] for contexts [R, n] -> [R, m]; one context at a time keeps it small."""
    found = np.full(np.broadcast_shapes(x.shape, (len(seen), 1)), -np.inf)
    for k, own in enumerate(world.own):
        np.maximum(found, log_normal(x, (own / (1 + own)) * seen[:, k : k + 1], 1 + own), out=found)
    return found


@lru_cache(maxsize=4)
def envelope(world: Contexts, seed: int) -> Envelope:
    """Of the draws of this seed."""
    drawn, axis = sample(world, seed), np.linspace(-EDGE, EDGE, CELLS)
    nodes, share = np.polynomial.hermite_e.hermegauss(NODES)
    at = drawn.mean[:, None] + nodes / world.exact.precision[0] ** 0.5
    return Envelope(axis, highest(world, drawn.seen, axis[None]), at, share / share.sum(), highest(world, drawn.seen, at))


def maximum(world: Contexts, seed: int, beta: Array) -> tuple[Array, Array]:
    """([B, R] KL(exact || fused), [B, R] squared error) of max pooling, which has no closed form."""
    top, drawn = envelope(world, seed), sample(world, seed)
    entropy = np.log(2 * np.pi * np.e / world.exact.precision[0]) / 2
    divergence, square = (np.empty((len(beta), DRAWS)) for _ in range(2))
    for i, b in enumerate(beta):
        logs = (1 + b) * top.on_axis - b * log_normal(top.axis, np.zeros(1), np.ones(1))
        peak = logs.max(1, keepdims=True)
        mass = np.exp(logs - peak)
        total = mass.sum(1)
        log_z = np.log(total * (top.axis[1] - top.axis[0])) + peak[:, 0]
        inside = (1 + b) * top.at_nodes - b * log_normal(top.nodes, np.zeros(1), np.ones(1))
        divergence[i] = log_z - inside @ top.share - entropy
        square[i] = (drawn.truth - mass @ top.axis / total) ** 2
    return divergence, square
