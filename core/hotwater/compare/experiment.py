"""Experiment hotwater_compare: every scheme in one home on the same draws, through a year of sampled days."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.hotwater.compare.params import CompareParams
from core.hotwater.compare.sampled import YEAR, Outcome, combinations, outcomes, sampled, under, worth
from core.result import Result

Array = np.ndarray

UNKNOWN = -1.0  # error of a single day
TOGETHER = 2  # schemes that come at a time on the first day
COLUMN = {name: i for i, name in enumerate(Outcome._fields)}


@dataclass(frozen=True, eq=False)
class CompareResult(Result):
    """C schemes as far as they are done, on k days. Money in the currency of the prices."""

    names: list[str]  # [C] scheme.switching
    outcomes: Array  # [C, k, columns of Outcome]
    worth: Array  # [C, k] money a day with the price of waiting
    days: Array  # [k] of the year
    mains: Array  # [k] degrees
    own: str  # the name of one's own

    def of(self, column: str) -> Array:
        """[C, k]."""
        return np.asarray(self.outcomes[..., COLUMN[column]])

    def mean(self, column: str) -> Array:
        """[C] over the days."""
        return np.asarray(self.of(column).mean(axis=1))

    @property
    def year(self) -> Array:
        """[C] money a year."""
        return self.mean("cost") * YEAR

    @property
    def year_error(self) -> Array:
        """[C] its standard error from the days that were sampled; -1: one day alone."""
        error = stderr(self.of("cost"))
        return np.where(error >= 0, error * YEAR, UNKNOWN)

    @property
    def saved(self) -> Array:
        """[C, k] money a day against the same home without a scheme."""
        return np.asarray(self.of("cost")[self.names.index("drain.never")] - self.of("cost"))

    @property
    def saved_error(self) -> Array:
        """[C] standard error of what is saved a year, by differences on the same days and draws."""
        error = stderr(self.saved)
        return np.where(error >= 0, error * YEAR, UNKNOWN)

    @property
    def front(self) -> list[int]:
        """Schemes than which none is both cheaper and quicker, from the cheapest on."""
        return undominated(self.year, self.mean("wait_mean"))

    def metrics(self) -> dict[str, float]:
        """Of one's own scheme a day, means over the days; and who is best."""
        k = self.names.index(self.own)
        row = {name: float(self.mean(name)[k]) for name in COLUMN}
        return {
            "cost_year": float(self.year[k]),
            "cost_year_stderr": float(self.year_error[k]),
            "saved_year": float(self.saved[k].mean() * YEAR),
            "saved_year_stderr": float(self.saved_error[k]),
            "worth_year": float(self.worth[k].mean() * YEAR),
            "worth_year_best": float(self.worth.mean(axis=1).min() * YEAR),
            "wait_mean_s": row["wait_mean"],
            "wait_mean_s_theory": row["wait_theory"],
            "wait_mean_stderr_s": float(stderr(self.of("wait_mean"))[k]),
            "wait_median_s": row["wait_median"],
            "wait_p95_s": row["wait_p95"],
            "draws_cold": row["draws_cold"],
            "water_wasted_L": row["wasted"],
            "warmup_kWh": row["warmup"],
            "heat_loss_kWh": row["lost"],
            "gas_kWh": row["gas"],
            "pump_kWh": row["pump"],
            "pump_hours": row["pump_hours"],
            "burner_starts": row["starts"],
            "cold_tap_warm_s": row["cold_warm"],
            "co2_kg": row["co2"],
            "cost": row["cost"],
            "rank_by_worth": float(1 + (self.worth.mean(axis=1) < self.worth[k].mean()).sum()),
            "schemes": float(len(self.names)),
            "sampled_days": float(len(self.days)),
            "energy_residual": float(self.of("residual").max()),
        }


def compute(p: CompareParams) -> Iterator[tuple[float, CompareResult]]:
    """(share done, what is known): scheme by scheme through the first day, one's own first; then day by day."""
    days, own = sampled(p, p.days), (p.scheme.kind, p.switching.kind)
    order = list(dict.fromkeys([own, ("drain", "never"), *combinations()]))
    whole = len(order) * len(days)
    known = np.empty((0, 1, len(COLUMN)))
    for start in range(0, len(order), TOGETHER):
        homes = [under(days[0], *pair) for pair in order[start : start + TOGETHER]]
        known = np.concatenate([known, outcomes(homes)[:, None]])
        yield len(known) / whole, _found(p, order, known, days)
    for k, day in enumerate(days[1:], 2):
        now = outcomes([under(day, *pair) for pair in order])
        known = np.concatenate([known, now[:, None]], axis=1)
        yield k / len(days), _found(p, order, known, days)


def _found(p: CompareParams, order: list[tuple[str, str]], found: Array, days: list) -> CompareResult:
    """In the order of the article's table."""
    done, count = found.shape[:2]
    fixed = combinations()
    turn = sorted(range(done), key=[fixed.index(pair) for pair in order].__getitem__)
    kept = found[turn]
    return CompareResult(
        names=[".".join(order[i]) for i in turn],
        outcomes=kept,
        worth=worth(p, kept),
        days=np.array([getattr(day.climate, "day", 0) for day in days[:count]], float),
        mains=np.array([day.mains for day in days[:count]]),
        own=f"{p.scheme.kind}.{p.switching.kind}",
    )


def stderr(values: Array) -> Array:
    """[...] standard error of the means of [..., k] evenly spread days, by the differences of neighbours; -1 of one day.

    The successive-difference estimator of systematic samples (Cochran, Sampling Techniques, 1977, section 8.11), in which what
    changes smoothly with the seasons does not count as error.
    """
    count = values.shape[-1]
    if count < 2:
        return np.full(values.shape[:-1], UNKNOWN)
    return np.asarray(np.sqrt(np.square(np.diff(values, axis=-1)).sum(axis=-1) / (2 * count * (count - 1))))


def undominated(cost: Array, wait: Array) -> list[int]:
    """Places of those that no other beats in both, by rising cost."""
    found: list[int] = []
    for i in np.lexsort((wait, cost)):
        if not found or wait[i] < wait[found[-1]]:
            found.append(int(i))
    return found
