"""What a validation found."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class ValidateResult(Result):
    """Temperatures at the end of the pipe in degrees Celsius against seconds [k]; errors are simulation less reference, K.

    reference: the closed form, or the measurement. other: of a file, the same simulation with its flow read as volume where it
    was mass, or the other way round; else the simulation with a quarter of the cells.
    """

    time: Array  # [k]
    inlet: Array  # [k]
    reference: Array  # [k]
    simulated: Array  # [k]
    other: Array  # [k]
    counted: Array  # [k] bool: rows whose error counts
    waits: Array  # [n] s, of draws by lot; none of a file
    numbers: dict[str, float]  # further metrics
    errors: dict[str, float]  # of the oracles, relative; of a file, K by name
    kind: str  # oracles, csv, or example: no file yet
    mass: bool  # whether the flow is read as mass

    def metrics(self) -> dict[str, float]:
        error = (self.simulated - self.reference)[self.counted]
        shown = {
            "rmse_K": float(np.sqrt(np.mean(error**2))),
            "max_K": float(np.abs(error).max()),
            "mean_K": float(error.mean()),
        }
        return shown | self.numbers


@dataclass(frozen=True, eq=False)
class HabitsResult(Result):
    """What follows: errors against cells, the pipe at rest, under a thermostat, and drawn from by lot."""

    counts: Array  # [c] cells
    front_error: Array  # [c] largest, of the step; of a file, K root mean square against the finest
    steady_error: Array  # [c] of the step; of a file, K root mean square against the measurement
    order: Array  # [2] measured, of both
    rest_time: Array  # [r] s
    rest_simulated: Array  # [r] degrees
    rest_theory: Array  # [r] degrees
    cycle_time: Array  # [n] s
    cycle_sensor: Array  # [n] degrees
    cycle: Array  # [4] s: off and on, simulated and theory
    gaps: Array  # [m] s
    waits: Array  # [m] s
    gaps_theory: Array  # [g] s
    waits_theory: Array  # [g] s
    wait: Array  # [4] s: mean, standard error, theory, rule of thumb
    kind: str

    def metrics(self) -> dict[str, float]:
        off, on, off_theory, on_theory = map(float, self.cycle)
        mean, stderr, exact, rule = map(float, self.wait)
        return {
            "order": float(self.order[0]),
            "order_steady": float(self.order[1]),
            "rest_error_K": float(np.abs(self.rest_simulated - self.rest_theory).max()),
            "cycle_off_s": off,
            "cycle_off_s_theory": off_theory,
            "cycle_on_s": on,
            "cycle_on_s_theory": on_theory,
            "wait_mean_s": mean,
            "wait_mean_s_theory": exact,
            "wait_stderr_s": stderr,
            "wait_rule_s": rule,
        }
