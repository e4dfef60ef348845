"""The same over several seeds, paired: does a fresh random projection for every batch forget less? Are adapters in series as
good as side by side? The companion of the experiment lora_digits.

Every seed brings other pictures to learn and to read, other batches and other random factors, the same for all adapters:
differences are taken seed by seed, and their spread is that of all of these. What was forgotten is compared when the loss on
the new world has fallen equally far. Full fine-tuning and LoRA run twice, then at SLOWER of their learning rates: what only
moves more slowly must not be taken for a gentler method.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.lora.digits.adapters import Adapter, adapter
from core.lora.digits.params import DENSE, Layers, Params
from core.result import Result

Array = np.ndarray

SEEDS = {Layers.HEAD: 6, Layers.LAST: 4, Layers.LATE: 4}  # convolutions take long
SLOWER, REACHED = 0.3, 0.5  # REACHED: of the pretrained network's loss on the new world
RANKS = (1, 4, 16)
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571)  # 97.5 % quantiles for 1, 2, ... degrees of freedom
PAIRS = (("projection_fresh", "full"), ("projection_fresh", "full_slow"), ("lora", "full"), ("lora_slow", "full_slow"))


@dataclass(frozen=True, eq=False)
class SeedsResult(Result):
    """S seeds, as many as are done; A adapters."""

    names: list[str]  # [A]
    ranks: Array  # [A]
    method: str  # of the adapters at rising rank
    by_rank: Array  # [R] their places among the A
    new: Array  # [S, A] share of `tested` pictures read right at the end
    old: Array  # [S, A]
    gentle: Array  # [S, A] accuracy on the old world when the new loss first falls to REACHED; -1 where it never does
    pace: Array  # [S, A] step at which it does
    before: float  # accuracy on the old world at the start; -1 before it is known
    tested: int

    def metrics(self) -> dict[str, float]:
        """Mean paired differences with half of their 95 % interval, of pairs that all seeds know; from two seeds on."""
        found: dict[str, float] = {}
        for one, other in PAIRS:
            found |= _named(f"{one}_over_{other}", self.gentler(one, other))
        found |= _named("projection_fresh_over_paced", self.paced("projection_fresh"))
        return found | _named("serial_over_parallel", self.better("relora", "parallel"))

    def gentler(self, one: str, other: str) -> Array:
        """[S] accuracy left on the old world at equal progress, of one over the other; where both got so far."""
        mine, theirs = (self.gentle[:, self.names.index(name)] for name in (one, other))
        return (mine - theirs)[(mine >= 0) & (theirs >= 0)]

    def paced(self, one: str) -> Array:
        """[S] as gentler, of one over full fine-tuning at the learning rate that needs as many steps.

        Interpolated in the logarithm of the steps between full fine-tuning and the same slowed; seeds where one's steps are
        not between theirs are left out.
        """
        places = [self.names.index(name) for name in (one, "full", "full_slow")]
        (mine, fast, slow), (steps, first, last) = self.gentle[:, places].T, self.pace[:, places].T
        known = (np.stack([mine, fast, slow]) >= 0).all(0) & (first < steps) & (steps < last)
        share = np.log(steps[known] / first[known]) / np.log(last[known] / first[known])
        return mine[known] - (1 - share) * fast[known] - share * slow[known]

    def better(self, one: str, other: str) -> Array:
        """[S] accuracy on the new world at the end, of one over the other."""
        return self.new[:, self.names.index(one)] - self.new[:, self.names.index(other)]


def _named(name: str, differences: Array) -> dict[str, float]:
    mean, half = interval(differences)
    return {name: mean, f"{name}_interval": half} if len(differences) > 1 else {}


def interval(differences: Array) -> tuple[float, float]:
    """(mean, half of its 95 % interval by Student's t); of fewer than two, half is 0."""
    count = len(differences)
    mean = float(differences.mean()) if count else 0.0
    return mean, float(STUDENT[count - 2] * differences.std(ddof=1) / count**0.5) if count > 1 else 0.0


def seeds_compared(p: Params) -> Iterator[tuple[float, SeedsResult]]:
    """(share of the seeds done, what they say)."""
    rows: list[Row] = []
    yield 0.0, _result(p, rows)
    from core.lora.digits.race import Course  # noqa: PLC0415  torch takes seconds

    course, adapters = Course(p), list(racers(p).values())
    seeds = SEEDS[p.layers]
    for i in range(seeds):
        rows.append(course.run(p.replace(seed=(p.seed + 1 + i) % 2**32), adapters, i))
        yield (i + 1) / seeds, _result(p, rows)


@dataclass(frozen=True, eq=False)
class Row:
    """One seed: [A] each."""

    new: Array
    old: Array
    gentle: Array
    pace: Array
    before: float
    tested: int


def racers(p: Params) -> dict[str, Adapter]:
    """By name, those that move W itself first; the method looked at, or LoRA, also at rising rank."""
    found = {"full": adapter(p, "full", p.rank), "full_slow": replace(adapter(p, "full", p.rank), pace=SLOWER)}
    found |= {name: adapter(p, name, p.rank) for name in ("projection_fresh", "lora", "relora", "parallel")}
    found["lora_slow"] = replace(found["lora"], pace=SLOWER)
    known = {(each.method, each.rank) for each in found.values()}
    more = {f"{rising(p)}_{r}": adapter(p, rising(p), r) for r in RANKS if (rising(p), r) not in known}
    if (rising(p), p.rank) not in known:
        more[f"{rising(p)}_{p.rank}"] = adapter(p, rising(p), p.rank)
    return found | more


def rising(p: Params) -> str:
    """The method whose rank rises."""
    return "lora" if p.method.kind in DENSE else p.method.kind


def _result(p: Params, rows: list[Row]) -> SeedsResult:
    adapters = racers(p)
    places = [(each.rank, i) for i, each in enumerate(adapters.values()) if each.method == rising(p) and each.pace == 1]
    nothing = np.zeros((0, len(adapters)))
    columns = {
        name: np.stack([getattr(row, name) for row in rows]) if rows else nothing.copy()
        for name in ("new", "old", "gentle", "pace")
    }
    return SeedsResult(
        names=list(adapters),
        ranks=np.array([each.rank for each in adapters.values()]),
        method=rising(p),
        by_rank=np.array([i for _, i in sorted(places)]),
        **columns,
        before=rows[0].before if rows else -1.0,
        tested=rows[0].tested if rows else 0,
    )
