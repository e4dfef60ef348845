"""Both networks beside the best straight model: against t, through their training, and as sources of samples.

What the networks did is read from the shipped measurements; what the straight model can do is its closed form.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.result import Result
from core.udm.encoding.levels import signal_to_noise
from core.udm.encoding.linear import allocate, nats
from core.udm.encoding.params import Model, Params, Predictor, Sample
from core.udm.encoding.reconstruction import DIMENSIONS
from core.udm.encoding.result import PIXELS, decibels
from core.udm.encoding.shipped import digits, measured

Array = np.ndarray

FINE = np.linspace(0.01, 1.0, 100)
MODELS = ("straight", *(model.value for model in Model))
GROWN_AT = 0.5  # strength at which the loss is followed through training
SCALES = np.geomspace(0.1, 1000, 81)


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """M models (the straight one, normalised, free) at g strengths; theory at f strengths; m moments of a training."""

    models: list[str]  # [M]
    t: Array  # [g]
    psnr: Array  # [M, g] dB, over the test digits
    psnr_stderr: Array  # [M, g]
    nats: Array  # [M, g] -log q a pixel
    nats_stderr: Array  # [M, g]
    fine: Array  # [f] strengths
    psnr_theory: Array  # [f] of the best straight model
    nats_theory: Array  # [f]
    psnr_average: float  # of the mean digit
    bits: Array  # [2 + M - 1, f] most that x_t can tell: white codes, the best straight one, the networks'
    steps: Array  # [m] of training
    code_rms: Array  # [M - 1, m]
    loss: Array  # [M - 1, m] -log q a pixel at GROWN_AT
    scales: Array  # [s] root mean square of a straight code
    loss_theory: Array  # [s] of the best straight code of that size, at GROWN_AT
    loss_limit: float  # without noise
    model: str  # whose samples are tabled
    predictor: str
    samples: list[dict[str, Any]]  # rows of the shipped table
    floor: list[float]  # [low, high] of real digits against real digits

    def metrics(self) -> dict[str, float]:
        """Size of the codes at the end of training, the loss there, and the best of the tabled samples."""
        pairs = zip(self.models[1:], self.code_rms[:, -1], self.loss[:, -1], strict=True)
        values: dict[str, float] = {}
        for name, size, loss in pairs:
            values |= {f"code_rms_{name}": float(size), f"loss_{name}": float(loss)}
        return values | {
            "best_frechet": min(float(row["frechet"]) for row in self.samples),
            "best_frechet_floor": self.floor[0],
        }


def comparison(p: Params) -> ComparisonResult:
    """Of the shipped measurements; p chooses whose samples are tabled."""
    found, variances = measured(), digits().principal.variances
    curves = [found["curves"][name] for name in MODELS]
    growth = [found["growth"][name] for name in MODELS[1:]]
    at = found["growth"]["strengths"].index(GROWN_AT)
    errors = np.array([allocate(variances, signal_to_noise(t), DIMENSIONS).error for t in FINE])
    predictor = p.task.predictor if isinstance(p.task, Sample) else Predictor.DRAW
    return ComparisonResult(
        models=list(MODELS),
        t=np.array(curves[0]["t"]),
        psnr=_rows(curves, "psnr"),
        psnr_stderr=_rows(curves, "psnr_stderr"),
        nats=_rows(curves, "nats"),
        nats_stderr=_rows(curves, "nats_stderr"),
        fine=FINE.copy(),
        psnr_theory=np.array([decibels(error / PIXELS) for error in errors]),
        nats_theory=nats(errors, PIXELS),
        psnr_average=decibels(variances.sum() / PIXELS),
        bits=_bits(variances, [np.array(curve["code_variances"]) for curve in curves[1:]]),
        steps=np.array(growth[0]["steps"], float),
        code_rms=np.array([each["code_rms"] for each in growth]),
        loss=np.array([[row[at] for row in each["loss"]] for each in growth]),
        **_no_optimum(variances),
        model=p.model.value,
        predictor=predictor.value,
        samples=[row for row in found["samples"] if (row["model"], row["predictor"]) == (p.model.value, predictor.value)],
        floor=found["floor"]["interval"],
    )


def _rows(curves: list[dict[str, Any]], name: str) -> Array:
    return np.array([curve[name] for curve in curves])


def _bits(variances: Array, codes: list[Array]) -> Array:
    """[2 + n, f] half the sum of log2(1 + rho v): what a Gaussian code of these variances tells, and no other tells more."""
    ratios = [signal_to_noise(t) for t in FINE]
    white = [channel_bits(np.ones(DIMENSIONS), ratio) for ratio in ratios]
    straight = [channel_bits(allocate(variances, ratio, DIMENSIONS).powers, ratio) for ratio in ratios]
    return np.array([white, straight, *([channel_bits(code, ratio) for ratio in ratios] for code in codes)])


def channel_bits(variances: Array, ratio: float) -> float:
    """Most bits that a code of these variances [d] can tell through noise, whatever its law: that of a Gaussian code.

    Source: Shannon (1948); of all laws with one covariance the Gaussian's has the largest entropy.
    """
    return float(np.log2(1 + ratio * variances).sum() / 2)


def _no_optimum(variances: Array) -> dict[str, Any]:
    """Loss of the best straight code against its size: it falls for ever."""
    ratio = signal_to_noise(GROWN_AT)
    errors = np.array([allocate(variances, ratio, DIMENSIONS, scale).error for scale in SCALES])
    limit = float(nats(variances[DIMENSIONS:].sum(), PIXELS))
    return {"scales": SCALES.copy(), "loss_theory": nats(errors, PIXELS), "loss_limit": limit}
