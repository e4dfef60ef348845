"""Days of a year by lot, the same for every scheme, and what one day under a scheme comes to."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from core.hotwater import plant as place
from core.hotwater.climate import Steady
from core.hotwater.compare.params import CompareParams
from core.hotwater.house.day import bill_of, lived, quantile
from core.hotwater.house.expected import waits
from core.hotwater.house.params import RETURNS, HouseParams
from core.hotwater.house.rooms import Layout
from core.hotwater.system import WAIT, imbalance

Array = np.ndarray

YEAR = 365
AT_ONCE = min(2, os.cpu_count() or 1)  # days; others use this machine too
LATER = 2  # of seeds: the stream that draws the days
HOUR, KWH = 3600.0, 3.6e6


class Outcome(NamedTuple):
    """One day under one scheme; nothing that could be waited for counts as no wait."""

    cost: float  # all of it, in the currency of the prices
    kit: float  # of that, the kit's share
    wait_mean: float  # s, of hot draws strong enough to fire the heater; one that ended cold counts as long as it lasted
    wait_median: float  # s
    wait_p95: float  # s
    wait_theory: float  # s, mean
    waited: float  # s, of all draws together
    draws_cold: float
    wasted: float  # L
    warmup: float  # kWh that ran off with it
    lost: float  # kWh
    gas: float  # kWh
    pump: float  # kWh of work on the water
    pump_hours: float
    starts: float
    cold_warm: float  # s
    co2: float  # kg
    residual: float


def combinations() -> list[tuple[str, str]]:
    """Every scheme with every switching it is offered with."""
    _, offered = HouseParams.offers["switching"]
    return [(scheme, switching) for scheme, every in offered.items() for switching in every]


def sampled(p: CompareParams, count: int, stream: int = 0) -> list[HouseParams]:
    """So many days, one by lot in each even part of the year, each with draws of its own where they are by lot.

    The first day of stream 0 has the seed of p, so it is the day of hotwater_house.
    """
    shares = (np.arange(count) + np.random.default_rng([p.seed, LATER, stream]).random(count)) / count
    seeds = np.random.SeedSequence([p.seed, stream]).generate_state(count)
    first = [p.seed] if stream == 0 else []
    return [_day(p, 1 + int(YEAR * share), seed) for share, seed in zip(shares, [*first, *map(int, seeds)], strict=False)]


def _day(p: CompareParams, day: int, seed: int) -> HouseParams:
    """p's home on that day of the year."""
    own = {"scheme", "switching", *p.scheme.own(), *p.switching.own()}
    kept = {c.name for c in HouseParams.controls()} & p.values().keys() - {"climate", "seed"}
    climate: dict[str, Any] = {"climate": "steady"} if isinstance(p.climate, Steady) else {"climate": "seasons", "day": day}
    return HouseParams(**{name: value for name, value in p.values().items() if name in kept | own}, **climate, seed=seed)


def under(day: HouseParams, scheme: str, switching: str, **settings: float) -> HouseParams:
    """The same day under another scheme; fields of the day's own scheme and switching are kept for these."""
    layout = Layout.SMALL_LOOP.value if day.layout is Layout.PARALLEL and scheme not in RETURNS else day.layout.value
    return day.replace(scheme=scheme, switching=switching, layout=layout, **settings)


def outcome(p: HouseParams) -> Outcome:
    """A day, simulated and added up."""
    seen = lived(p)
    now, hot, paid = seen.state.now, seen.hot, bill_of(seen)
    warm = seen.of(WAIT)[hot]
    expected, lasted = waits(seen.home)[hot], seen.lasted[hot]
    seconds, expected = (np.where(each >= 0, each, lasted) for each in (warm, expected))
    return Outcome(
        cost=paid.total,
        kit=paid.kit_cost,
        wait_mean=_mean(seconds),
        wait_median=quantile(seconds, 0.5),
        wait_p95=quantile(seconds, 0.95),
        wait_theory=_mean(expected),
        waited=float(seconds.sum()),
        draws_cold=float((warm < 0).sum()),
        wasted=seen.wasted,
        warmup=seen.warmup / KWH,
        lost=float(seen.heat[3:7].sum()) / KWH,
        gas=paid.fuel if paid.gas else 0.0,
        pump=float(now[place.PUMP_HEAT]) / KWH,
        pump_hours=float(now[place.PUMP_TIME]) / HOUR,
        starts=float(now[place.STARTS]),
        cold_warm=float(now[place.COLD_WARM]),
        co2=paid.co2,
        residual=imbalance(seen.heat),
    )


def outcomes(homes: Sequence[HouseParams]) -> Array:
    """[homes, columns], some at a time: the inner loops leave the interpreter to other threads."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return np.array(list(pool.map(outcome, homes)))


def worth(p: CompareParams, found: Array) -> Array:
    """Money a day with the price of the hours that are waited, of what is found [..., columns of Outcome]."""
    column = Outcome._fields.index
    return np.asarray(found[..., column("cost")] + p.hour_price * found[..., column("waited")] / HOUR)


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else 0.0
