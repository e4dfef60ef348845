"""The settings of every control with which a scheme is worth most, found by optimisation and tried on other days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.hotwater.compare.experiment import stderr
from core.hotwater.compare.params import CompareParams
from core.hotwater.compare.sampled import YEAR, Outcome, combinations, outcomes, sampled, under, worth
from core.hotwater.house.expected import ready
from core.hotwater.house.home import home
from core.hotwater.house.params import HouseParams
from core.result import Result

Array = np.ndarray

TUNED = {
    "on_demand": ("ahead",),
    "smart": ("ahead", "longest"),
    "pulse": ("ahead",),
    "learned": ("often",),
    "thermostat": ("stops_below_set", "hysteresis"),
    "timer": ("every", "runs"),
}  # what somebody can set; the people's own habits are given
LEARNS = 2  # days from which the settings are found
TRIES = {0: 1, 1: 16, 2: 24}  # evaluations, by the number of settings
MOST, NONE = 2, -1.0


@dataclass(frozen=True, eq=False)
class BestResult(Result):
    """S controls of one scheme as far as they are done; worth is money a day with the price of waiting, on the days tried."""

    scheme: str
    names: list[str]  # [S] switching
    settings: Array  # [S, 2] in the order of TUNED, -1 where there is none
    as_set: Array  # [S, k] worth with the settings of the parameters
    tuned: Array  # [S, k] worth with the best settings
    cost: Array  # [S] a day, with the best settings
    wait: Array  # [S] s, mean of a draw
    learned: Array  # [S] worth on the days from which they were found
    ahead: Array  # [m] s, tried by the optimiser for the button; rising
    ahead_worth: Array  # [m] on the days of learning
    ready: float  # s that it takes in theory until the farthest tap is warm

    @property
    def winner(self) -> int:
        return int(self.tuned.mean(axis=1).argmin())

    def metrics(self) -> dict[str, float]:
        """The best control on days that it has not seen, a year."""
        k = self.winner
        row = {
            "best_worth_year": float(self.tuned[k].mean() * YEAR),
            "best_worth_year_stderr": float(stderr(self.tuned)[k] * YEAR),
            "best_cost_year": float(self.cost[k] * YEAR),
            "best_wait_mean_s": float(self.wait[k]),
            "best_gain_year": float((self.as_set[k] - self.tuned[k]).mean() * YEAR),
        }
        names = TUNED.get(self.names[k], ())
        row |= {f"best_{name}": float(value) for name, value in zip(names, self.settings[k], strict=False)}
        return row | {"ready_s_theory": self.ready}


def best(p: CompareParams) -> Iterator[tuple[float, BestResult]]:
    """(share done, what is known), control by control of p's own scheme."""
    learns, tries = sampled(p, LEARNS, stream=1), sampled(p, p.days)
    scheme = p.scheme.kind
    controls = [switching for each, switching in combinations() if each == scheme]
    called = under(tries[0], scheme, "on_demand")
    rows: list[_Tuning] = []
    for switching in controls:
        rows.append(_tune(p, learns, tries, scheme, switching))
        button = next((row for row in rows if row.name == "on_demand"), None)
        tried = sorted(button.tried) if button else []
        yield (
            len(rows) / len(controls),
            BestResult(
                scheme=scheme,
                names=[row.name for row in rows],
                settings=np.array([row.settings for row in rows]),
                as_set=np.array([row.as_set for row in rows]),
                tuned=np.array([row.tuned for row in rows]),
                cost=np.array([row.cost for row in rows]),
                wait=np.array([row.wait for row in rows]),
                learned=np.array([row.learned for row in rows]),
                ahead=np.array([at for at, _ in tried]),
                ahead_worth=np.array([value for _, value in tried]),
                ready=ready(home(called)),
            ),
        )


@dataclass(frozen=True)
class _Tuning:
    name: str
    settings: tuple[float, ...]
    as_set: Array
    tuned: Array
    cost: float
    wait: float
    learned: float
    tried: tuple[tuple[float, float], ...]  # first setting, worth


def _tune(p: CompareParams, learns: Sequence[HouseParams], tries: Sequence[HouseParams], scheme: str, name: str) -> _Tuning:
    """One control."""
    from scipy.optimize import direct  # noqa: PLC0415  the page opens without it

    knobs = TUNED.get(name, ())
    tried: list[tuple[float, float]] = []

    def lost(values: Array) -> float:
        settings = dict(zip(knobs, map(float, values), strict=True))
        found = float(worth(p, _lived(learns, scheme, name, settings)).mean())
        tried.extend([(float(values[0]), found)] if len(values) else [])
        return found

    if knobs:
        found = direct(lost, bounds(knobs), maxfun=TRIES[len(knobs)])
        values, learned = tuple(map(float, found.x)), float(found.fun)
    else:
        values, learned = (), lost(np.empty(0))
    days = _lived(tries, scheme, name, dict(zip(knobs, values, strict=True)))
    column = Outcome._fields.index
    return _Tuning(
        name=name,
        settings=(*values, *[NONE] * (MOST - len(values))),
        as_set=worth(p, _lived(tries, scheme, name, {})),
        tuned=worth(p, days),
        cost=float(days[:, column("cost")].mean()),
        wait=float(days[:, column("wait_mean")].mean()),
        learned=learned,
        tried=tuple(tried),
    )


def bounds(knobs: Sequence[str]) -> list[tuple[float, float]]:
    """Of their sliders."""
    known = {c.name: (c.low or 0.0, c.high or 0.0) for c in HouseParams.controls() if c.name in knobs}
    return [known[name] for name in knobs]


def _lived(days: Sequence[HouseParams], scheme: str, switching: str, settings: dict[str, float]) -> Array:
    """[days, columns]."""
    return outcomes([under(day, scheme, switching, **settings) for day in days])
