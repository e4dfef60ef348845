"""Experiment nbce_gauss: contexts that share errors, fused by a pool and a beta; exact, in closed form and by simulation."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.bayes.fusion.gaussian import Array, Contexts, Gaussian, beta_star
from core.bayes.fusion.params import Params
from core.bayes.fusion.simulation import draw, highest, linear, log_normal, maximum, sample
from core.bayes.pooling import Pooling, fused, naive_bayes, normalised
from core.result import Result

POOLS = tuple(Pooling)
BETAS = np.linspace(-1, 9, 81)  # of the lines
MARKS = np.linspace(-1, 9, 11)  # of the measurements
AXIS = np.linspace(-4, 4, 321)  # of T


@dataclass(frozen=True, eq=False)
class FusionResult(Result):
    """n contexts; B beta of the lines, M of the measurements; pools in the order mean, max, least entropy. KL in nats."""

    pool: int  # number of the chosen one
    own_beta: float
    truth: float  # T of the draw that is shown
    axis: Array  # [G] values of T
    prior: Array  # [G] densities
    contexts: Array  # [n, G] p(T|S_k)
    exact: Array  # [G] p(T|S_1..S_n)
    fused: Array  # [G]
    beta: Array  # [B]
    marks: Array  # [M]
    kl_theory: Array  # [2, B] expected, of mean and least entropy
    kl: Array  # [3, M, 2] mean over the draws, and its standard error
    square_theory: Array  # [2, B]
    square: Array  # [3, M, 2]
    here: Array  # [2, 2] KL and squared error of the chosen pool at the chosen beta, each with its standard error
    here_theory: list[float]  # the same in closed form; empty for max pooling
    square_floor: float  # of the exact posterior
    star: list[float]  # n / (1 + (n - 1) rho) - 1; empty where contexts are unequal
    best: float  # beta of least expected KL of mean pooling
    identity_error: float  # of log p on the axis: mean pooling with beta = n - 1 less naive Bayes, most

    def metrics(self) -> dict[str, float]:
        """Of the chosen pool at the chosen beta; beta_star is of mean pooling, its theory is for equal contexts."""
        theory = dict(zip(("kl_theory", "squared_error_theory"), self.here_theory, strict=False))
        return {
            "kl": float(self.here[0, 0]),
            "kl_stderr": float(self.here[0, 1]),
            "squared_error": float(self.here[1, 0]),
            "squared_error_stderr": float(self.here[1, 1]),
            "squared_error_floor": self.square_floor,
            "beta_star": self.best,
            **({"beta_star_theory": self.star[0]} if self.star else {}),
            "guidance": 1 + self.own_beta,
            "identity_error": self.identity_error,
            **theory,
        }


def compute(p: Params) -> FusionResult:
    """Everything random follows from p.seed; the draw that is shown has a stream of its own."""
    world = Contexts.made(p.contexts, p.rho, p.noise, p.spread)
    truth, seen = draw(world, np.random.default_rng([p.seed, 0]), 1)
    logs = log_normal(AXIS, (world.own / (1 + world.own) * seen[0])[:, None], (1 + world.own)[:, None])
    prior = log_normal(AXIS, np.zeros(1), np.ones(1))
    lines = [theory(world, pool, BETAS) for pool in (Pooling.MEAN, Pooling.LEAST_ENTROPY)]
    here = [row[0] for row in measured(world, p.pooling, p.seed, np.array([p.beta]))]
    divergence, square = measurements(world, p.seed)
    return FusionResult(
        pool=POOLS.index(p.pooling),
        own_beta=p.beta,
        truth=float(truth[0]),
        axis=AXIS.copy(),
        prior=np.exp(prior),
        contexts=np.exp(logs),
        exact=density(world.exact, seen[0]),
        fused=shown(world, p.pooling, p.beta, seen),
        beta=BETAS.copy(),
        marks=MARKS.copy(),
        kl_theory=np.array([line[0] for line in lines]),
        kl=divergence,
        square_theory=np.array([line[1] for line in lines]),
        square=square,
        here=np.array(here),
        here_theory=[]
        if p.pooling is Pooling.MAX
        else [float(each[0]) for each in theory(world, p.pooling, np.array([p.beta]))],
        square_floor=float(world.expected_square(world.exact)[0]),
        star=[beta_star(p.contexts, p.rho)] if p.spread == 0 else [],
        best=world.best_beta(),
        identity_error=identity(logs, prior),
    )


def linear_pool(world: Contexts, pool: Pooling, beta: Array) -> Gaussian:
    """Of the two pools that give a Gaussian."""
    return world.pooled(world.mean_shares() if pool is Pooling.MEAN else world.surest_shares(), beta)


def theory(world: Contexts, pool: Pooling, beta: Array) -> tuple[Array, Array]:
    """[B] expected KL, [B] expected squared error."""
    found = linear_pool(world, pool, beta)
    return world.expected_kl(found), world.expected_square(found)


def measured(world: Contexts, pool: Pooling, seed: int, beta: Array) -> tuple[Array, Array]:
    """[B, 2], [B, 2] means over the draws with their standard errors: KL, squared error."""
    if pool is Pooling.MAX:
        rows = maximum(world, seed, beta)
    else:
        rows = linear(world, sample(world, seed), linear_pool(world, pool, beta))
    divergence, square = (np.stack([row.mean(1), row.std(1, ddof=1) / row.shape[1] ** 0.5], 1) for row in rows)
    return divergence, square


@lru_cache(maxsize=16)
def measurements(world: Contexts, seed: int) -> tuple[Array, Array]:
    """[3, M, 2] KL and [3, M, 2] squared error of every pool at MARKS, from the same draws."""
    rows = [measured(world, pool, seed, MARKS) for pool in POOLS]
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def density(law: Gaussian, seen: Array) -> Array:
    """[G] on AXIS, of the contexts seen [n]."""
    return np.exp(log_normal(AXIS, law.weights[0] @ seen, law.precision[0]))


def shown(world: Contexts, pool: Pooling, beta: float, seen: Array) -> Array:
    """[G] density of the fused law on AXIS, of the contexts seen [1, n]."""
    if pool is not Pooling.MAX:
        return density(linear_pool(world, pool, np.array([beta])), seen[0])
    prior = log_normal(AXIS, np.zeros(1), np.ones(1))
    logs = normalised((1 + beta) * highest(world, seen, AXIS[None])[0] - beta * prior)
    return np.exp(logs) / (AXIS[1] - AXIS[0])


def identity(logs: Array, prior: Array) -> float:
    """How far NBCE with mean pooling and beta = n - 1 is from naive Bayes, in log p."""
    return float(np.abs(fused(logs, prior, Pooling.MEAN, len(logs) - 1) - naive_bayes(logs, prior)).max())


def warm() -> None:
    """Nothing heavy is imported; the first call fills the caches of the defaults."""
    compute(Params())
