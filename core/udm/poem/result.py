"""Lines on their way, and what the network says of them once they are there."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class PoemResult(Result):
    """n lines of l characters after T steps so far; nothing is scored (0 rows) before the last one."""

    walks: Array  # [n, T + 1, l] int16, from x_T on; HOLE is a hole
    by_frequency: Array  # [n, l] int16, characters drawn by how often they stand in the training lines, and what is given
    log_p: Array  # [n or 0] log q of each line left to right, in nats
    log_p_back: Array  # [n or 0] right to left: the same if q were a law of whole lines
    log_p_frequency: Array  # [n or 0] left to right, of by_frequency
    nearest: Array  # [n or 0, l] int16 the nearest training line
    distance: Array  # [n or 0] characters that differ from it
    edges: Array  # [b + 1] of the histogram of log q of the held-out lines
    held_out: Array  # [b] share of them
    table: dict[str, float]  # what was measured of the held-out lines: perplexity_*, log_p, order_gap, distance

    @property
    def lines(self) -> Array:
        """[n, l] as they stand."""
        return np.asarray(self.walks[:, -1])

    def metrics(self) -> dict[str, float]:
        """Of these lines, beside the held-out ones (_usual); what was not scored yet is absent."""
        held = {name: value for name, value in self.table.items() if name.startswith("perplexity")}
        if not len(self.log_p):
            return held
        spread = float(self.log_p.std(ddof=1)) / len(self.log_p) ** 0.5
        scored = {
            "log_p": float(self.log_p.mean()),
            "log_p_usual": self.table["log_p"],
            "log_p_stderr": spread,
            "order_gap": float(np.abs(self.log_p - self.log_p_back).mean()),
            "order_gap_usual": self.table["order_gap"],
            "nearest_distance": float(self.distance.mean()),
            "nearest_distance_usual": self.table["distance"],
            "copies": float((self.distance == 0).mean()),
        }
        return scored | held
