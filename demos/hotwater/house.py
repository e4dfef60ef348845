"""Where heater, lines, pump, valve and tap stand in the picture."""

import numpy as np

from core.hotwater.params import Params
from core.hotwater.tap import TapResult
from demos._pipes import Clock, Line, Place, Symbol, pipes
from demos._plot import Payload

VIEW = (0.0, 24.0, 0.0, 10.6)
HEATER, TAP, PUMP, VALVE, MAINS = (3.0, 6.3), (19.6, 6.3), 8.0, (17.0, 7.6), (1.4, 2.4)
HOT_NODES: tuple[Place, ...] = ((3.0, 7.9), (3.0, 9.5), (17.0, 9.5))
RETURN_NODES: tuple[Place, ...] = ((17.0, 9.5), (17.0, 5.6), (4.0, 5.6))
COLD_NODES: tuple[Place, ...] = ((3.0, 2.4), (17.0, 2.4))
FEED_NODES: tuple[Place, ...] = ((1.4, 2.4), (3.0, 2.4), (3.0, 4.7))
LINK_NODES: tuple[Place, ...] = ((17.0, 9.5), (17.0, 2.4))
DRAIN_NODES: tuple[Place, ...] = ((17.0, 9.5), (17.0, 5.6))
HOT_STUB: tuple[Place, ...] = ((17.0, 9.5), (19.1, 9.5), (19.1, 6.3))
COLD_STUB: tuple[Place, ...] = ((17.0, 2.4), (20.1, 2.4), (20.1, 6.3))
FEW = 2  # segments of a short piece of one temperature


def house(p: Params, r: TapResult) -> Payload:
    """The layer: all lines that this scheme has, and the stopwatch of its tap."""
    returns, crosses = p.scheme.kind.startswith("return"), p.scheme.kind.startswith("crossover")
    _, pump, valve, tap = r.states.T.astype(int)
    opened_cold = p.tap.kind == "cold"
    looping = valve * (pump if returns else np.maximum(pump, tap * opened_cold * (r.cold_loops)))
    drains = valve * _has_drain_valve(p)
    hot = np.where(tap * (not opened_cold) + looping + drains > 0, 1, 0)
    cold = np.where(looping * crosses * pump > 0, -1, tap * opened_cold)
    lines = [Line(HOT_NODES, r.water[:, 0], r.wall[:, 0], hot)]
    if returns:
        lines.append(Line(RETURN_NODES, r.water[:, 1], r.wall[:, 1], looping))
    lines.append(Line(COLD_NODES, r.water[:, 2], r.wall[:, 2], cold))
    if crosses:
        lines.append(_still(LINK_NODES, r.water[:, 0, -1:], looping))
    if _has_drain_valve(p):
        lines.append(_still(DRAIN_NODES, r.water[:, 0, -1:], drains))
    lines.append(_still(HOT_STUB, r.water[:, 0, -1:], tap * (not opened_cold)))
    lines.append(_still(COLD_STUB, r.water[:, 2, -1:], tap * opened_cold))
    lines.append(_still(FEED_NODES, np.full((len(tap), 1), p.mains, np.float32), np.maximum(hot, tap)))
    return pipes(tuple(lines), _symbols(p, r), _clock(r), (8.6, 0.9))


def _has_drain_valve(p: Params) -> bool:
    return p.scheme.kind == "drain" and p.switching.kind != "never"


def _still(nodes: tuple[Place, ...], degrees: np.ndarray, flow: np.ndarray) -> Line:
    """A short piece of one temperature."""
    whole = np.repeat(degrees, FEW, axis=1)
    return Line(nodes, whole, whole, flow)


def heater_symbol(tank: np.ndarray, at: Place, burner: tuple[int, ...], words: Place) -> Symbol:
    """tank: [F, M] degrees from its bottom to its top, [F, 0]: there is none. burner: [F] off, igniting, on."""
    if tank.shape[1] == 0:
        return Symbol("heater", at, "@heater_symbol", ("@off", "@ignition_state", "@on"), burner, words)
    return Symbol("tank", at, "@heater_symbol", ("@tank_rests", "@tank_rests", "@tank_heats"), burner, words, inside=tank)


def _symbols(p: Params, r: TapResult) -> tuple[Symbol, ...]:
    burner, pump, valve, tap = (tuple(int(v) for v in column) for column in r.states.T)
    heater = heater_symbol(r.tank, HEATER, burner, (1.3, 1.1))
    tap_words = "@cold_symbol" if p.tap.kind == "cold" else "@tap_symbol"
    pipe = Symbol("note", (13.0, 8.5), f"{r.length:.1f} m · {r.litres:.1f} L", words=(0.0, 0.0))
    found = [heater, pipe, Symbol("tap", TAP, tap_words, (), tap, (1.0, -2.1)), Symbol("mains", MAINS, "@mains_symbol")]
    if p.scheme.kind.startswith("return"):
        found.append(Symbol("pump", (PUMP, 5.6), "@pump_symbol", ("@stands", "@runs_state"), pump, (0.0, -1.1)))
    elif p.scheme.kind != "drain":
        found.append(Symbol("pump", (PUMP, 9.5), "@pump_symbol", ("@stands", "@runs_state"), pump, (0.0, -1.1)))
    if p.scheme.kind not in ("drain", "return_line"):
        found.append(Symbol("valve", VALVE, "@valve_symbol", ("@shut", "@open"), valve, (-0.7, 0.0)))
    if _has_drain_valve(p):
        found.append(Symbol("valve", VALVE, "@drain_symbol", ("@shut", "@open"), valve, (-0.7, 0.0)))
    return tuple(found)


def _clock(r: TapResult) -> Clock:
    stops = round(r.wait, 2) if r.warm else None
    times = tuple(map(float, r.film_time))
    return Clock(times, stops, (21.9, 9.3), (21.9, 5.6), ("@not_yet", "@running", "@warm_now"))
