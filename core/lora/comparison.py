"""All methods against rank, learning rate and what they forget: the companion of the experiment lora_matrix."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.lora import accounts, cost
from core.lora.matrix import Params, even, limits, problem_of, recipe_of
from core.lora.methods import NAMES
from core.lora.problem import Problem
from core.lora.program import Recipe, train
from core.result import Result

Array = np.ndarray

RANKS = (1, 2, 4, 8, 12)
RATES = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5)  # powers of ten
SEEDS = 8
REACHED = 0.8  # of the first loss: where forgetting is compared
LOOKS = 50  # at the way there


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """M methods; K ranks, H rates and S seeds, as many as are done. Losses are shares of the loss of W0."""

    methods: list[str]  # [M]
    chosen: int
    ranks: Array  # [K]
    by_rank: Array  # [K, M] final losses
    floors: Array  # [K, M] 0 where none is known
    known: Array  # [M] bool
    trained: Array  # [K, M]
    rates: Array  # [H] powers of ten of the learning rate
    by_rate: Array  # [H, M] final losses
    stable: list[float]  # largest learning rate of plain SGD for the chosen method; empty where it is Adam or has none
    forgotten: Array  # [S, M] loss on the old task when the new loss first falls to REACHED; -1 where it never does
    cost_ranks: Array  # [C] of the measured layer
    cost_measured: Array  # [C, 4] FLOPs merged and split, peak bytes merged and split; over those of full fine-tuning
    cost_expected: Array  # [C, 4] the same by formula

    def metrics(self) -> dict[str, float]:
        """Final losses of the chosen method by rank."""
        return {f"final_loss_rank_{r}": float(row[self.chosen]) for r, row in zip(self.ranks, self.by_rank, strict=True)}

    def share_forgotten(self) -> tuple[list[str], Array, Array]:
        """(methods that got to REACHED in every problem so far, what they forgot over what full fine-tuning did, its error)."""
        there = np.flatnonzero((self.forgotten >= 0).all(0)) if len(self.forgotten) else np.zeros(0, int)
        share = self.forgotten[:, there] / self.forgotten[:, :1]
        count = len(share)
        error = share.std(0, ddof=1) / np.sqrt(count) if count > 1 else np.zeros(len(there))
        mean = share.mean(0) if count else np.zeros(0)
        return [self.methods[i] for i in there], mean, error


@dataclass
class Found:
    """Rows so far."""

    by_rank: list[Array]
    floors: list[Array]
    by_rate: list[Array]
    forgotten: list[Array]
    stable: list[float]

    @property
    def count(self) -> int:
        return len(self.by_rank) + len(self.by_rate) + len(self.forgotten)


def comparison(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(share done, the curves so far); the rank and the learning rate asked for matter where they are not what is varied."""
    world, plan, found = problem_of(p), recipe_of(p), Found([], [], [], [], [])
    ranks = tuple(r for r in RANKS if r <= min(world.shape))
    total = len(ranks) + len(RATES) + SEEDS
    for r in ranks:
        _add_rank(found, world, replace(plan, rank=r))
        yield found.count / total, _result(p, world, ranks, found)
    for rate in RATES:
        training = train(world, replace(plan, learning_rate=10**rate), ())
        found.by_rate.append(training.losses[-1])
        found.stable = limits(p, world, training)
        yield found.count / total, _result(p, world, ranks, found)
    for seed in range(SEEDS):
        found.forgotten.append(forgotten(problem_of(p.replace(seed=seed)), replace(plan, seed=seed)))
        yield found.count / total, _result(p, world, ranks, found)


def _add_rank(found: Found, world: Problem, plan: Recipe) -> None:
    training = train(world, plan, ())
    found.by_rank.append(training.losses[-1])
    found.floors.append(accounts.every_floor(world, plan, training)[0])


def forgotten(world: Problem, plan: Recipe) -> Array:
    """[M] loss on the old task at the moment the new loss first falls to REACHED, interpolated; -1 where it never does."""
    weights = train(world, plan, even(plan.steps, LOOKS)).weights
    new, old = world.losses(weights), world.forgetting(weights)
    return np.array([_crossing(*pair) for pair in zip(new.T, old.T, strict=True)])


def _crossing(new: Array, old: Array) -> float:
    below = np.flatnonzero(new <= REACHED)
    if not len(below):
        return -1.0
    i = int(below[0])
    share = (new[i - 1] - REACHED) / (new[i - 1] - new[i])
    return float(old[i - 1] + share * (old[i] - old[i - 1]))


def _result(p: Params, world: Problem, ranks: tuple[int, ...], found: Found) -> ComparisonResult:
    n, m = world.shape
    done = ranks[: len(found.by_rank)]
    measured, expected = costs()
    return ComparisonResult(
        methods=list(NAMES),
        chosen=NAMES.index(p.method.kind),
        ranks=np.array(done),
        by_rank=np.stack(found.by_rank),
        floors=np.stack(found.floors),
        known=np.array([name != "dora" for name in NAMES]),
        trained=np.array([[accounts.trained(name, n, m, r) for name in NAMES] for r in done]),
        rates=np.array(RATES[: len(found.by_rate)]),
        by_rate=np.array(found.by_rate).reshape(-1, len(NAMES)),
        stable=list(found.stable),
        forgotten=np.array(found.forgotten).reshape(-1, len(NAMES)),
        cost_ranks=np.array(cost.table()["ranks"]),
        cost_measured=measured,
        cost_expected=expected,
    )


def costs() -> tuple[Array, Array]:
    """(measured, by formula), each [C, 4]: FLOPs merged and split, peak bytes merged and split, over full fine-tuning's."""
    table = cost.table()
    b, side, ranks = table["tokens"], table["side"], np.array(table["ranks"])
    whole = {"flops": cost.full_flops(b, side, side), "bytes": cost.full_peak_bytes(b, side, side)}
    columns = [(kind, order) for kind in ("flops", "bytes") for order in cost.ORDERS]
    formula = {"flops": cost.flops, "bytes": cost.peak_bytes}
    measured = [np.array(table[f"{kind}_{order}"]) / whole[kind] for kind, order in columns]
    expected = [formula[kind](order, b, side, side, ranks) / whole[kind] for kind, order in columns]
    return np.stack(measured, 1), np.stack(expected, 1)
