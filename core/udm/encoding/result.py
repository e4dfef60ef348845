"""Pictures so far, what an independent judge reads in them, and how far they are from what they should be."""

from dataclasses import dataclass

import numpy as np

from core.result import Result
from core.udm.encoding.levels import signal_to_noise
from core.udm.encoding.linear import nats

Array = np.ndarray

PIXELS = 784
RESAMPLES = 2000
GIVEN = ("original", "average", "straight", "pixels")  # rows that the network did not make
COMPARED = {"mean": "psnr", "straight": "psnr_straight", "average": "psnr_average"}
UNKNOWN = 0.0


@dataclass(frozen=True, eq=False)
class EncodeResult(Result):
    """Rows of n pictures. Nothing is judged (0 rows of judge), nothing compared, before there is something to judge."""

    task: str
    frames: Array  # [k, rows * n, 28, 28] uint8, 0 = paper, 255 = ink; the last one is what there is so far
    moments: list[float]  # [k] strength of the noise that a frame was predicted at; [] where there is one frame
    rows: list[str]  # what each row is
    labels: list[int]  # [n] the digit that x_0 is; [] where nobody knows
    errors: Array  # [rows, n] mean square error of a pixel against x_0, in [-1, 1]; 0 rows where there is no x_0 or no answer
    judge: Array  # [rows * n, 10] the judge's probabilities, or 0 rows
    codes: Array  # [m, d] E of what was encoded: x_0, the samples so far, or the way between two
    t: float  # strength of the noise
    nats: Array  # [n] -log q(x_0 | x_t) a pixel; empty where there is no x_0
    straight_error: float  # of a pixel, expected of the best straight model at this t in closed form; UNKNOWN of a drawing
    table: dict[str, float]  # the row of the shipped table that stands for these parameters; empty where there is none

    def metrics(self) -> dict[str, float]:
        """Of what is on screen; the Frechet distance is of the shipped table. What was not measured is absent."""
        rows = zip(self.rows, self.errors, strict=False)
        values = {COMPARED[name]: decibels(row.mean()) for name, row in rows if name in COMPARED}
        if len(self.nats):
            values["nats"] = float(self.nats.mean())
            if self.straight_error != UNKNOWN:
                values["psnr_straight_theory"] = decibels(self.straight_error)
                values["nats_straight"] = self._straight_nats()
                values["nats_straight_theory"] = float(nats(self.straight_error * PIXELS, PIXELS))
        return values | self._code() | self._judged() | self.table

    def _straight_nats(self) -> float:
        """-log q a pixel of the straight model, whose deviation is the one that the closed form expects."""
        error = float(self.errors[self.rows.index("straight")].mean())
        return float(nats(self.straight_error * PIXELS, PIXELS)) + (error / self.straight_error - 1) / 2

    def _code(self) -> dict[str, float]:
        """How large the codes are, and signal to noise of x_t in dB."""
        if not self.codes.size:
            return {}
        square = float(np.square(self.codes, dtype=np.float64).mean())
        values = {"code_rms": square**0.5}
        return values | ({"snr": float(10 * np.log10(signal_to_noise(self.t) * square))} if 0 < self.t < 1 else {})

    def _judged(self) -> dict[str, float]:
        """The judge's view of what the network made; of samples, how many digits they are spread over."""
        if not len(self.judge):
            return {}
        by_row = self.judge.reshape(len(self.rows), -1, 10)
        made = np.concatenate([by_row[i] for i, name in enumerate(self.rows) if name not in GIVEN])
        values = {"judge_confidence": float(made.max(1).mean())}
        if self.task != "sample":
            return values
        spread = effective_classes(np.bincount(made.argmax(1), minlength=10))
        return values | {"digits_drawn": spread, "digits_drawn_usual": usual_classes(len(made))}


def decibels(error: float | Array) -> float:
    """Peak signal to noise ratio of a mean square error of pixels in [-1, 1], in dB."""
    return float(10 * np.log10(4 / np.asarray(error)))


def effective_classes(counts: Array) -> float:
    """exp of the entropy of counts [10]: 10 where all digits are as frequent, 1 where there is only one."""
    share = counts[counts > 0] / counts.sum()
    return float(np.exp(-(share * np.log(share)).sum()))


def usual_classes(count: int) -> float:
    """Mean of the same for so many draws of ten equally frequent digits, over RESAMPLES draws."""
    drawn = np.random.default_rng(0).multinomial(count, np.full(10, 0.1), RESAMPLES)
    return float(np.mean([effective_classes(each) for each in drawn]))


def quantised(pictures: Array) -> Array:
    """[n, 784] in [-1, 1], clipped -> [n, 28, 28] uint8, 0 = paper, 255 = ink."""
    return np.round(np.clip(pictures + 1, 0, 2) * 127.5).astype(np.uint8).reshape(-1, 28, 28)
