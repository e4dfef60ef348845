"""Heater, pump, valves and controls as the inner loops see them: plain numbers. SI units, degrees above the room."""

from typing import Any, NamedTuple

import numpy as np

OFF, IGNITION, ON = 0, 1, 2  # the burner
WINDOWS, THERMOSTAT, DEMAND = 0, 1, 2  # the pump: in its hours; in its hours when the sensor is cool; when it is asked
OPEN_LINK, CHECK, THERMOSTATIC, SOLENOID = 1, 2, 3, 4  # what joins the hot line to the return or cold line

# Places in the vector of what changes besides the temperatures of lines.
MODE, IGNITES_IN, EXCHANGER, CYCLE, PUMPING, PUMPED, PRESS, WINDOW, STARTS = range(9)
# Tallies: joules, but for VOLUME [m3 through the heater], COLD_WARM, FILTER_HOT, PUMP_TIME and LUKEWARM [s], and CLOSINGS of
# valves.
FIRED, PUMP_HEAT, DRAWN, LOST_HOT, LOST_RETURN, LOST_COLD, LOST_HEATER = range(9, 16)
VOLUME, COLD_WARM, PUMP_TIME, FILTER_HOT, CLOSINGS, LUKEWARM = range(16, 22)
LOW_VOLUME, PLUG, LOW = range(22, 25)  # of a storage tank: m3 below the plug of hot water, warmth of the plug, and below it
PLACES = 25

LOG = ("time", "heater_out", "power", "mode", "flow", "loop", "pump")  # then the temperature of every outlet


class Plant(NamedTuple):
    """Everything that stays as it is during a run and is not a pipe."""

    volume_heat: float  # J/(m3 K)
    mains: float
    setting: float
    too_warm: float  # degrees at which a cold tap is not cold
    filter_hot: float  # degrees that a filter on the cold line does not bear
    filter_at: float  # its outlet, -1: there is none
    warm: float  # degrees that count as warm
    tank: float  # 1: a storage tank
    volume: float  # m3 of it
    hysteresis: float  # K of its thermostat
    fires: float  # m3/s from which the burner starts
    holds: float  # m3/s below which it stops
    ignition: float  # s
    least: float  # W of the burner
    most: float  # W; of a tank all that it has
    exchanger: float  # J/K
    standby: float  # W/K from the exchanger, or the tank, to the room
    link: float
    returns: float  # 1: the links lead to a return line, 0: to the cold line
    closes: float  # degrees at which a valve closes
    reopens: float
    switching: float
    starts_below: float  # of the thermostat
    stops_above: float
    longest: float  # s that the relay of a press stays on
    flow_sensor: float  # 1: a pump that moves nothing is switched off
    pump_heat: float  # W into the water
    pump_head: float  # Pa against a closed valve
    pump_most: float  # m3/s at which its head is gone
    opening: float  # Pa of the check valves

    def record(self) -> Any:
        """The same as one row of memory: machine code that reads it is made four times as fast as for a tuple."""
        row = np.array([tuple(map(float, self))], [(name, "f8") for name in self._fields])
        return row.view(np.recarray)[0]
