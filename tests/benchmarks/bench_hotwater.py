"""A day of one pipe at one second, beside what others would run for it; and the live event of the tab, every value unseen.

The pipe: 50 m of copper 22 x 1, 23 draws from lukewarm to hot, 100 cells. WNTR (EPANET) carries the temperature as a tracer,
with no wall and no room at all; scipy's BDF solves our own equations, upwind on the same cells.
"""

import statistics
import tempfile
from functools import partial
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import wntr
from scipy.integrate import solve_ivp
from scipy.sparse import coo_matrix, csc_matrix

from core.hotwater import Params, compute
from core.hotwater.house import HouseParams
from core.hotwater.house.day import PATIENT, prepared
from core.hotwater.kernels import line
from core.hotwater.pipes import COPPER, Pipe
from core.hotwater.system import run
from tests.benchmarks.timing import seconds

PIPE, LENGTH, CELLS, DAY, ROUNDS = Pipe(COPPER, 0.022, 0.020), 50.0, 100, 86400, 3
FLOW, LASTS, DRAWS = 1e-4, 240, 23  # m3/s, s
HOMES = (("drain", "never"), ("return_line", "on_demand"), ("return_line", "timer"), ("return_line", "always"))
HOME_WNTR, HOME_BDF = 5.0, 20.0  # times
WANTED_WNTR, WANTED_BDF, WANTED_LIVE = 10.0, 40.0, 50.0  # times, times, ms
SCHEMES = ("drain", "return_line", "return_thermostatic", "crossover_check", "crossover_thermostatic", "crossover_solenoid")


def starts() -> np.ndarray:
    """Whole minutes at which somebody opens the tap."""
    return np.linspace(6 * 60, 22 * 60, DRAWS).astype(int) * 60


def speeds() -> np.ndarray:
    """m/s of every second."""
    flow = np.zeros(DAY)
    for at in starts():
        flow[at : at + LASTS] = FLOW
    return flow / PIPE.area


def ours() -> np.ndarray:
    """Outlet of every second, above the room."""
    speed = speeds()
    film = np.where(speed > 0, PIPE.film(FLOW), PIPE.film(0.0))
    water, wall = np.zeros(CELLS), np.zeros(CELLS)
    inlet = np.full(DAY, 30.0)
    heats = PIPE.water_heat, PIPE.wall_heat, film, PIPE.room_resistance
    return line.run_line(water, wall, *heats, LENGTH / CELLS, speed, inlet, 1.0)[0]


def by_wntr(folder: Path) -> np.ndarray:
    """The same draws; quality every second."""
    network = wntr.network.WaterNetworkModel()
    network.add_reservoir("heater", base_head=50.0)
    network.add_junction("tap", base_demand=FLOW, elevation=0.0)
    network.add_pipe("pipe", "heater", "tap", LENGTH, PIPE.inner)
    minutes = np.zeros(DAY // 60)
    for at in starts() // 60:
        minutes[at : at + LASTS // 60] = 1.0
    network.add_pattern("draws", minutes)
    network.get_node("tap").demand_timeseries_list[0].pattern_name = "draws"
    network.get_node("heater").initial_quality = 30.0
    network.options.quality.parameter = "CHEMICAL"
    times = network.options.time
    times.duration, times.pattern_timestep, times.hydraulic_timestep = DAY, 60, 60
    times.quality_timestep, times.report_timestep = 1, 1
    results = wntr.sim.EpanetSimulator(network).run_sim(file_prefix=str(folder / "day"))
    return results.node["quality"]["tap"].to_numpy()


def by_bdf() -> np.ndarray:
    """Outlet of every second: default tolerances, exact sparse Jacobian, restarted where the flow jumps."""
    state, out = np.zeros(2 * CELLS), []
    edges = sorted({0, DAY, *starts(), *(starts() + LASTS)})
    for begin, end in pairwise(edges):
        matrix, source = equations(float(speeds()[begin]))
        every = np.arange(begin, end + 1)
        rates = partial(_rates, matrix, source)
        solved = solve_ivp(rates, (begin, end), state, "BDF", jac=matrix, t_eval=every)
        state = solved.y[:, -1]
        out.append(solved.y[CELLS - 1, 1:])
    return np.concatenate(out)


def _rates(matrix: csc_matrix, source: np.ndarray, _: float, state: np.ndarray) -> np.ndarray:
    return matrix @ state + source


def equations(speed: float) -> tuple[csc_matrix, np.ndarray]:
    """d(water, wall)/dt = A (water, wall) + b, sparse."""
    g, r, move = PIPE.film(speed * PIPE.area), PIPE.room_resistance, speed / (LENGTH / CELLS)
    k, n = np.arange(CELLS), CELLS
    rows = [k, k, k[1:], n + k, n + k]
    columns = [k, n + k, k[:-1], k, n + k]
    cf, cw = PIPE.water_heat, PIPE.wall_heat
    values = [-g / cf - move, g / cf, move, g / cw, -(g + 1 / r) / cw]
    full = np.concatenate([np.full(len(row), value) for row, value in zip(rows, values, strict=True)])
    source = np.zeros(2 * n)
    source[0] = move * 30
    return coo_matrix((full, (np.concatenate(rows), np.concatenate(columns)))).tocsc(), source


def day() -> None:
    """All in turn, so that a slow moment counts for each."""
    ours()
    home(*HOMES[-1])
    with tempfile.TemporaryDirectory() as folder:
        rounds = [(seconds(ours), seconds(partial(by_wntr, Path(folder))), seconds(by_bdf)) for _ in range(ROUNDS)]
    mine, tracer, bdf = map(statistics.median, zip(*rounds, strict=True))
    print(
        f"  a day at 1 s: {1000 * mine:.1f} ms; WNTR {tracer:.2f} s, ratio {tracer / mine:.0f} (wanted {WANTED_WNTR:g})", end=""
    )
    print(f"; BDF {bdf:.2f} s, ratio {bdf / mine:.0f} (wanted {WANTED_BDF:g})")
    for (scheme, switching), patient in product(HOMES, (1.0, PATIENT)):
        took = statistics.median(seconds(partial(home, scheme, switching, patient)) for _ in range(ROUNDS))
        print(f"  a whole home, {scheme} {switching}, {patient:g} s while only the pump runs: {1000 * took:.1f} ms;", end="")
        print(f" WNTR's one pipe {tracer / took:.1f} x (wanted {HOME_WNTR:g}), BDF's {bdf / took:.1f} x (wanted {HOME_BDF:g})")


def home(scheme: str, switching: str, patient: float = 1.0) -> None:
    """Heater, trunk, four branches, return line and cold side through a day, in steps of 1 s while a tap is open."""
    made, state, asked = prepared(HouseParams(scheme=scheme, switching=switching, draws="profile_m"))
    run(made.system, state, DAY, 1.0, asked, patient=patient)


def width(out: np.ndarray, at: int) -> int:
    """Seconds from 10 to 90 % of the hot water's arrival after a draw began."""
    front = out[at : at + LASTS]
    low, high = front.min(), front.max()
    return int(np.argmax(front > low + 0.9 * (high - low)) - np.argmax(front > low + 0.1 * (high - low)))


def fronts() -> None:
    """How sharp each keeps the front of the first draw, 10 to 90 %; the wall alone spreads it."""
    first = int(starts()[0])
    print(f"  width of the front: {width(ours(), first)} s, BDF upwind {width(by_bdf(), first)} s")


def live() -> None:
    """One opening of the tap, server side, at unseen flows."""
    compute(Params())
    for scheme in SCHEMES:
        unseen = (Params(scheme=scheme, flow=round(6 + 0.1 * k, 1)) for k in range(20))
        times = [1000 * seconds(partial(compute, p)) for p in unseen]
        print(f"  {scheme}: {statistics.median(times):.1f} ms, at most {max(times):.1f} (wanted {WANTED_LIVE:g})")
    worst = Params(scheme="return_line", switching="always", standing=720.0, length=60.0, cells=200, flow=1.0, pipe="ppr_32")
    print(f"  the longest of all settings: {1000 * seconds(partial(compute, worst)):.0f} ms")


def main() -> None:
    print("hotwater")
    day()
    fronts()
    live()


if __name__ == "__main__":
    main()
