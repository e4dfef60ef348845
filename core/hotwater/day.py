"""A day in the house under every scheme, from one list of draws: the companion of the experiment hotwater_tap."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.hotwater import heaters, pumps
from core.hotwater import plant as place
from core.hotwater.cooling import cooling
from core.hotwater.event import COARSE, PATIENT, wait_of
from core.hotwater.household import HABITS, MEDIUM, SHOWER, TOILET, by_lot
from core.hotwater.inverse import length_for, length_of
from core.hotwater.params import Drain, Length, OnDemand, Params, Waited
from core.hotwater.pipes import Size
from core.hotwater.single import COLD_TAP, HOT_TAP, single
from core.hotwater.system import EVERY_LINK, RUN_OFF, WAIT, Draw, agenda, imbalance, run, start
from core.hotwater.water import LITRE
from core.result import Result

Array = np.ndarray

DAY = 86400.0
KWH = 3.6e6
GAS_KWH = 10.0  # of a cubic metre of natural gas, lower heating value, rounded
PATIENCE = 300.0  # s for which somebody waits for warm water
LONGEST_WAIT = 300.0  # s, as the slider of the wait has it

SCHEMES = (
    ("drain", "never"),
    ("drain", "on_demand"),
    ("return_line", "always"),
    ("return_line", "timer"),
    ("return_line", "thermostat"),
    ("return_line", "on_demand"),
    ("return_thermostatic", "on_demand"),
    ("crossover_check", "always"),
    ("crossover_check", "on_demand"),
    ("crossover_thermostatic", "always"),
    ("crossover_thermostatic", "on_demand"),
    ("crossover_solenoid", "on_demand"),
)


@dataclass(frozen=True, eq=False)
class DayResult(Result):
    """C schemes, as many as are done; P pipes. Of one day."""

    schemes: list[str]  # [C] scheme.switching
    wait: Array  # [C] s, mean of the draws long enough to become warm
    cold_draws: Array  # [C] of these that ended cold; their wait counts as long as they lasted
    wasted: Array  # [C] L that ran before it was warm
    gas: Array  # [C] kWh in fuel
    pump: Array  # [C] kWh of electricity
    lost: Array  # [C] kWh to the room, from lines and heater
    water: Array  # [C] L drawn, hot and cold
    cold_warm: Array  # [C] s for which a cold tap ran warm
    money: Array  # [C] yuan: gas, electricity, water and a day's share of the kit
    kit: Array  # [C] yuan of that for the kit
    wait_theory: float  # s, of the first scheme
    residual: Array  # [C] of the energy balance
    pipes: list[str]  # [P]
    lengths: Array  # [P] m of each pipe that makes one wait as long as asked
    asked: float  # s of that wait
    stood: Array  # [16] minutes for which the line of p's own scheme has stood
    left: Array  # [16] degrees, mean of the hot line
    stood_theory: Array  # [60] minutes
    left_theory: Array  # [60] degrees without a pump, both eigenvalues
    left_slow: Array  # [60] degrees, the slow eigenvalue alone

    def metrics(self) -> dict[str, float]:
        """Waits in seconds, money in yuan, by scheme."""
        rows = zip(self.schemes, self.wait, self.money, strict=True)
        values = {
            f"{kind}_{name.replace('.', '_')}": float(v)
            for name, *pair in rows
            for kind, v in zip(("wait", "money"), pair, strict=True)
        }
        return values | {"wait_theory": self.wait_theory, "worst_residual": float(self.residual.max(initial=0.0))}


def day(p: Params) -> Iterator[tuple[float, DayResult]]:
    """(share done, the schemes so far), one more each time; the fields of p's own scheme and switching are kept for it."""
    length = length_of(p)
    asked, lengths = _lengths(p, length)
    cooled = cooling(p, length)
    expected = expected_wait(with_scheme(p, length, "drain", "never"))
    rows: list[dict[str, float]] = []
    for scheme, switching in SCHEMES:
        rows.append(_measured(with_scheme(p, length, scheme, switching)))
        columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        yield (
            len(rows) / len(SCHEMES),
            DayResult(
                schemes=[".".join(names) for names in SCHEMES[: len(rows)]],
                wait_theory=expected,
                pipes=[size.value for size in Size],
                lengths=lengths.copy(),
                asked=asked,
                **{name: array.copy() for name, array in cooled.items()},
                **columns,
            ),
        )


def with_scheme(p: Params, length: float, scheme: str, switching: str) -> Params:
    """The same house with another scheme, fewer cells, and the pipe's length known."""
    plain = p.replace(known="length", length=float(np.clip(length, 0.5, 60)), cells=min(p.cells, COARSE))
    if (plain.scheme.kind, plain.switching.kind) == (scheme, switching):
        return plain
    kept = plain.values() if plain.switching.kind == switching else {}
    own = {name: kept[name] for name in plain.switching.own() if name in kept}
    return plain.replace(scheme=scheme, switching=switching, **own)


def schedule(p: Params) -> list[Draw]:
    """Everything drawn in a day by p.people, by lot from p.seed; nobody opens a tap while another is open."""
    warm, draws = p.use - p.room, []
    for use in by_lot(p.people, np.random.default_rng(p.seed)):
        habit = HABITS[use.kind]
        speed, lasts = (p.tap.flow if habit.flow is None else habit.flow) * LITRE, habit.minutes * 60
        waits, outlet = use.kind == SHOWER, COLD_TAP if use.kind == TOILET else HOT_TAP
        end = use.at + lasts + (PATIENCE if waits else 0)
        draws.append(Draw(use.at, end, speed, outlet, lasts if waits else 0.0, warm=warm))
    return _one_by_one(sorted(draws, key=_begins))


def _begins(draw: Draw) -> float:
    return draw.start


def _one_by_one(draws: list[Draw]) -> list[Draw]:
    """Those that would begin while another runs are put off."""
    free, placed = 0.0, []
    for d in draws:
        late = max(0.0, free - d.start)
        placed.append(replace(d, start=d.start + late, end=d.end + late))
        free = placed[-1].end + 1
    return placed


def awaited(draws: list[Draw]) -> list[Draw]:
    """Those before which somebody presses a button, where there is one: of hot water, and more than a trickle."""
    least = (HABITS[MEDIUM].flow or 0.0) * LITRE
    return [d for d in draws if d.outlet == HOT_TAP and (d.uses or d.flow >= least)]


def called(p: Params, draws: list[Draw]) -> tuple[list[Draw], list[tuple[float, float]]]:
    """(what runs through a drain valve that the button opens, presses that call a pump)."""
    if not isinstance(p.switching, OnDemand):
        return [], []
    starts = [(d, d.start - p.switching.ahead) for d in awaited(draws)]
    if isinstance(p.scheme, Drain):
        return [d.drained(at) for d, at in starts], []
    return [], [(at, EVERY_LINK) for _, at in starts]


def counted(p: Params, draws: list[Draw]) -> Array:
    """Which draws are of hot water and strong enough to fire the heater, [m] bool."""
    least = heaters.fires_from(p.heater) * LITRE
    return np.array([d.outlet == HOT_TAP and d.flow >= least for d in draws])


def _measured(p: Params) -> dict[str, float]:
    """One day of one scheme."""
    made = single(p, _length(p))
    draws = schedule(p)
    drains, presses = called(p, draws)
    asked = agenda(made, [*draws, *drains], presses)
    state = start(made)
    before = state.stored(made)
    run(made, state, DAY, PATIENT, asked)
    rows = asked.draws[asked.order]
    fired, pump, drawn, *lost = state.now[place.FIRED : place.LOST_HEATER + 1]
    stored = state.stored(made) - before
    own, lasted = slice(len(draws)), rows[:, 2] - rows[:, 1]
    hot, warm, ran = counted(p, draws), asked.of(WAIT)[own] >= 0, lasted * rows[:, 3] * 1000
    seconds = np.where(warm, asked.of(WAIT)[own], lasted[own])
    litres = np.where(warm, asked.of(RUN_OFF)[own] * 1000, ran[own])
    gas = fired / KWH / heaters.efficiency(p.heater)
    power = state.now[place.PUMP_TIME] * pumps.numbers(p.pump).pump_power / KWH
    water = float(ran.sum())
    kit = 0.0 if p.switching.kind == "never" else p.kit_price / (p.kit_years * 365)
    energy = gas / GAS_KWH * p.gas_price if heaters.burns(p.heater) else gas * p.electricity_price
    return {
        "wait": float(seconds[hot].mean()) if hot.any() else 0.0,
        "cold_draws": float((hot & ~warm).sum()),
        "wasted": float(litres[hot].sum() + ran[len(draws) :].sum()),
        "gas": float(gas),
        "pump": float(power),
        "lost": float(np.sum(lost)) / KWH,
        "water": water,
        "cold_warm": float(state.now[place.COLD_WARM]),
        "money": float(energy + power * p.electricity_price + water / 1000 * p.water_price + kit),
        "kit": kit,
        "residual": imbalance(np.array([fired, pump, drawn, *lost, stored])),
    }


def expected_wait(p: Params) -> float:
    """Mean wait of the same draws without a pump, in theory: each by how long the line stood before it."""
    draws = schedule(p)
    kept = [d for d, asked in zip(draws, counted(p, draws), strict=True) if asked]
    there = {d.flow: single(p, _length(p), d.flow).opening for d in kept}
    seconds, last = [], 0.0
    for d in kept:
        wait = float(there[d.flow].waits(p.use, np.array([max(d.start - last, 0.0)]))[0])
        lasts = d.end - d.start
        seconds.append(wait if 0 <= wait < lasts else lasts)
        last = d.start + (seconds[-1] + d.uses if d.uses else lasts)
    return float(np.mean(seconds)) if seconds else 0.0


def _length(p: Params) -> float:
    """Of parameters that know it, m."""
    return p.known.length if isinstance(p.known, Length) else 0.0


def _lengths(p: Params, length: float) -> tuple[float, Array]:
    """(the wait that is asked for, metres of every pipe that make it)."""
    known = p.replace(scheme="drain", switching="never", known="length", length=length, tap="hot", cells=min(p.cells, COARSE))
    wait = p.known.waited if isinstance(p.known, Waited) else wait_of(known, length)
    asked = float(np.clip(wait, 0.0, LONGEST_WAIT))
    return asked, np.array([length_for(known.replace(pipe=size.value), asked) for size in Size])
