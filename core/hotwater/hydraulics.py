"""A resistance that is not a pipe's, and a unit; who flows where is solved in kernels/flows.py."""

HEATER_DROP = 30e3 / (10 / 60000) ** 1.75  # Pa over (m3/s)^1.75: 0.3 bar at 10 L/min, an assumption
WEIGHT = 9806.65  # Pa of a metre of water
