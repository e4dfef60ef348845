"""Heater, lines, pump, valve and tap as the inner loops see them: plain numbers. SI units, degrees above the room."""

from typing import Any, NamedTuple

import numpy as np

HOT, RETURN, COLD = 0, 1, 2  # the lines; cell 0 of hot and cold is at the heater, of the return line at the tap
OFF, IGNITION, ON = 0, 1, 2  # the burner
NEVER, ALWAYS, TIMER, THERMOSTAT, DEMAND = 0, 1, 2, 3, 4  # the pump
NO_LINK, OPEN_LINK, CHECK, THERMOSTATIC, SOLENOID = 0, 1, 2, 3, 4  # what joins the hot line to the return or cold line

# Places in the vector of what changes besides the temperatures of lines.
MODE, IGNITES_IN, EXCHANGER, CYCLE, PUMPING, PUMPED, VALVE, ANSWERED, DRAW, REACHED, STARTS, LAST, LAST_TIME = range(13)
# Tallies: joules, but for VOLUME [m3 through the heater], COLD_WARM [s] and PUMP_TIME [s].
FIRED, PUMP_HEAT, DRAWN, LOST_HOT, LOST_RETURN, LOST_COLD, LOST_HEATER, VOLUME, COLD_WARM, PUMP_TIME = range(13, 23)
PLACES = 23

LOG = ("time", "tap", "cold_tap", "heater_out", "power", "mode", "flow", "loop", "pump", "valve")


class Plant(NamedTuple):
    """Everything that stays as it is during a run."""

    cf: float  # J/(m K) water
    cw: float  # J/(m K) wall
    r: float  # m K/W wall to room
    dx: float  # m a cell
    cell: float  # m3 a cell
    volume_heat: float  # J/(m3 K)
    mains: float
    setting: float
    use: float  # degrees that count as warm
    too_warm: float  # degrees at which a cold tap is not cold
    tank: float  # 1: a storage tank
    fires: float  # m3/s from which the burner starts
    holds: float  # m3/s below which it stops
    ignition: float  # s
    least: float  # W of the burner
    most: float  # W
    exchanger: float  # J/K
    standby: float  # W/K from the exchanger, or the tank, to the room
    link: float
    into_cold: float  # 1: the link leads to the cold line, 0: to a return line
    shared: float  # 1: return water may run into the cold line
    closes: float  # degrees at which the valve closes
    reopens: float
    switching: float
    starts_below: float  # of the thermostat
    stops_above: float
    period: float  # s of the timer
    run: float  # s
    longest: float  # s that the relay of a press stays on
    pump_flow: float  # m3/s
    pump_heat: float  # W into the water

    def record(self) -> Any:
        """The same as one row of memory: machine code that reads it is made four times as fast as for a tuple."""
        row = np.array([tuple(map(float, self))], [(name, "f8") for name in self._fields])
        return row.view(np.recarray)[0]
