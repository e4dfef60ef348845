"""Resistances that are not a pipe's, and what a pump gives; who flows where is solved in kernels/flows.py."""

HEATER_DROP = 30e3 / (10 / 60000) ** 1.75  # Pa over (m3/s)^1.75: 0.3 bar at 10 L/min, an assumption
WEIGHT = 9806.65  # Pa of a metre of water
PUMP_RUNS_OUT = 25 / 60000  # m3/s at which a small pump's head is gone; an assumption
