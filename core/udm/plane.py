"""Experiment udm_plane: predict x_0 exactly, step back by any rule: drawn predictions against mean ones."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.distances import covariance_trace, sliced_w2_to_mixture
from core.mixture import Mixture
from core.parameters import Parameters, seed, slider, variant
from core.result import Result
from core.udm.linear import Gaussian, LinearChoice
from core.udm.rules import Plain, Rule
from core.udm.scenes import SQUARE, Drawn, LawChoice, law
from core.udm.walk import Predictor, Walk, World, world

Array = np.ndarray

KEY_FRAMES = 9
CELLS = 26  # a side, of the density
EXACT_SETS = 10
STREAMS = (1, 2, 3)  # of the seed: the start, the rule's noise, the exact samples


class Params(Parameters):
    """Of /udm_plane."""

    law: LawChoice = variant(Drawn(), "mixture of Gaussians, the data")
    corruption: LinearChoice = variant(Gaussian(), "linear corruption F_t")
    rule: Rule = variant(Plain(), "how x_t and the predicted x_0 give x_{t-1}")
    steps: int = slider(16, 1, 100, 1, doc="steps from t = 1 to t = 0, of equal length")
    particles: int = slider(1000, 100, 2000, 50, doc="samples drawn", advanced=True)
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class PlaneResult(Result):
    """Points are in data units. F frames from t = 1 to t = 0, n particles."""

    t: Array  # [F]
    sampled: Array  # [F, n, 2] float32, predictions drawn from p(x_0 | x_t)
    mean: Array  # [F, n, 2] float32, predictions E[x_0 | x_t], from the same start
    density: Array  # [F, CELLS (y), CELLS (x)] float32, the exact law of x_t
    target: Array  # [n, 2] float32, exact samples of the data
    floor: Array  # [EXACT_SETS] distances of sets of exact samples of this size from the law
    weights: Array  # [K] of the data's components
    means: Array  # [K, 2]
    covariances: Array  # [K, 2, 2]
    evaluations: int  # predictions for each particle

    def metrics(self) -> dict[str, float]:
        """Distances to the exact law in data units, traces of covariances in their squares.

        The floor is the farthest of the exact sets: what is below it cannot be told from exact.
        """
        values: dict[str, float] = {}
        data = Mixture(self.weights, self.means, self.covariances)
        floor, trace = float(self.floor.max()), _trace(data)
        for name, path in (("sampled", self.sampled), ("mean", self.mean)):
            values |= {f"sliced_w2_{name}": sliced_w2_to_mixture(path[-1], data), f"sliced_w2_{name}_floor": floor}
            values |= {f"trace_{name}": covariance_trace(path[-1]), f"trace_{name}_target": trace}
        return values | {"evaluations": float(self.evaluations)}


def compute(p: Params) -> PlaneResult:
    """Run the rule with both predictors; everything random follows from p.seed."""
    here, frames = world_of(p), key_frames(p.steps)
    target, floor = exact(p.law, p.particles, p.seed)
    (sampled, evaluations), (mean, _) = (walked(p, predictor, frames) for predictor in Predictor)
    return PlaneResult(
        t=here.t[list(frames)],
        sampled=sampled,
        mean=mean,
        density=np.stack([_density(here, frame) for frame in frames]).astype(np.float32),
        target=target,
        floor=floor,
        weights=here.data.weights.copy(),
        means=here.data.means.copy(),
        covariances=here.data.covariances.copy(),
        evaluations=evaluations,
    )


def world_of(p: Params) -> World:
    """Law, levels and posteriors of these parameters."""
    return world(p.law, p.corruption, p.steps)


def key_frames(steps: int) -> tuple[int, ...]:
    """Indices of the levels that are shown: the first, the last, and even ones between."""
    return tuple(sorted({round(steps * share / (KEY_FRAMES - 1)) for share in range(KEY_FRAMES)}))


def walked(p: Params, predictor: Predictor, frames: tuple[int, ...]) -> tuple[Array, int]:
    """Particles at these levels, [frames, n, 2] float32, and predictions made for each."""
    start, noise, _ = (np.random.SeedSequence((p.seed, stream)) for stream in STREAMS)
    here = world_of(p)
    run = Walk(here, p.rule, predictor, here.start(np.random.default_rng(start), p.particles), int(noise.generate_state(1)[0]))
    kept = np.empty((len(frames), p.particles, 2), np.float32)
    for row, level in enumerate(frames):
        while run.level < level:
            run.step()
        kept[row] = run.x.T
    return kept, run.evaluations


@lru_cache(maxsize=16)
def exact(which: LawChoice, n: int, seed: int) -> tuple[Array, Array]:
    """Exact samples of the data, [n, 2] float32, and the distances of EXACT_SETS such sets from the law, [EXACT_SETS]."""
    data, rng = law(which), np.random.default_rng((seed, STREAMS[-1]))
    sets = data.sample(rng, EXACT_SETS * n).reshape(EXACT_SETS, n, 2).astype(np.float32)
    return sets[0].copy(), np.array([sliced_w2_to_mixture(each, data) for each in sets])


def _density(here: World, frame: int) -> Array:
    """The exact density of x_t on the cells' centres, [y, x]."""
    places = (np.arange(CELLS) + 0.5) * (2 * SQUARE / CELLS) - SQUARE
    points = np.stack(np.meshgrid(places, places), -1).reshape(-1, 2)
    return np.exp(here.levels[frame].marginal(here.data).log_joint(points)).sum(1).reshape(CELLS, CELLS)


def _trace(data: Mixture) -> float:
    """Of the covariance of the data: within the components and between them."""
    away = data.means - data.weights @ data.means
    return float(data.weights @ (np.trace(data.covariances, axis1=1, axis2=2) + np.square(away).sum(1)))
