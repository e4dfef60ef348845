"""The ways back side by side, with as many lines each: how likely the lines are to the network, and how different."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.result import Result
from core.udm.places import Order, Rule
from core.udm.poem.lines import LENGTH, split
from core.udm.poem.measured import measured
from core.udm.poem.params import Params

Array = np.ndarray

LINES = 48
PLACES = (1, 2, 3, LENGTH)
WAYS: dict[str, dict[str, Any]] = {
    **{f"mask_{order.value}": {"corruption": "mask", "order": order.value} for order in Order},
    "mask_baseline": {"corruption": "mask", "rule": "baseline"},
    **{f"edit_{rule.value}": {"corruption": "edit", "rule": rule.value} for rule in (Rule.PAIRS, Rule.IMPROVED, Rule.BASELINE)},
}
SETS = 400  # of held-out lines, for the strips
NAMES = ("unigram", "bigram", "left_to_right", "random")


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """W ways against places a step; the first w of them are done."""

    log_p: Array  # [w, P] mean log q of a line, left to right, in nats
    stderr: Array  # [w, P] of that
    diversity: Array  # [w, P] different characters among all that stand in the lines
    log_p_usual: Array  # [2] 95 % of sets of as many held-out lines
    diversity_usual: Array  # [2]
    perplexity: Array  # [4, 2] of NAMES, each with its standard error

    def metrics(self) -> dict[str, float]:
        """One place a step."""
        done = list(WAYS)[: len(self.log_p)]
        likely = {f"log_p_{name}": float(row[0]) for name, row in zip(done, self.log_p, strict=True)}
        return likely | {f"diversity_{name}": float(row[0]) for name, row in zip(done, self.diversity, strict=True)}


def compare(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(fraction done, the ways so far): of p the given characters, the temperature and the seed count."""
    r = _nothing_yet(p.seed)
    yield 0.0, r
    for done, way in enumerate(WAYS.values(), 1):
        rows = _against_places(Params(given=p.given, temperature=p.temperature, seed=p.seed, **way))
        parts = {"log_p": r.log_p, "stderr": r.stderr, "diversity": r.diversity}
        r = replace(r, **{name: np.vstack([old, row]) for (name, old), row in zip(parts.items(), rows, strict=True)})
        yield done / len(WAYS), r


def _against_places(p: Params) -> tuple[Array, Array, Array]:
    """Mean log q, its standard error, diversity, each [P]."""
    from core.udm.poem.drawing import drawn_lines, likelihoods  # noqa: PLC0415  torch takes seconds

    lines = [drawn_lines(p.replace(places=places), LINES) for places in PLACES]
    logs = likelihoods(np.concatenate(lines)).reshape(len(PLACES), LINES)
    return logs.mean(1), logs.std(1, ddof=1) / np.sqrt(LINES), np.array([diversity(each) for each in lines])


def diversity(lines: Array) -> float:
    """Different characters among all of [n, l] lines, as a share."""
    return len(np.unique(lines)) / lines.size


def _nothing_yet(seed: int) -> ComparisonResult:
    table, rng, held_out = measured(), np.random.default_rng((seed, 3)), split("test").lines
    sets = [diversity(held_out[rng.integers(0, len(held_out), LINES)]) for _ in range(SETS)]
    mean, spread = table["log_p"]
    none = np.zeros((0, len(PLACES)))
    return ComparisonResult(
        log_p=none.copy(),
        stderr=none.copy(),
        diversity=none.copy(),
        log_p_usual=mean + np.array([-1.96, 1.96]) * spread / np.sqrt(LINES),
        diversity_usual=np.quantile(sets, [0.025, 0.975]),
        perplexity=np.array([table["perplexity"][name] for name in NAMES]),
    )
