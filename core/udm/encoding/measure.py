"""What the models can do, over the thousand digits that nothing was trained or chosen on, and over a thousand samples each."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from core.digits import frechet
from core.digits.data import split
from core.digits.judge import judged
from core.udm.encoding.levels import signal_to_noise
from core.udm.encoding.linear import Principal, allocate, nats, reconstruct
from core.udm.encoding.models import Encoding, encoding
from core.udm.encoding.params import Model, Predictor
from core.udm.encoding.result import decibels, effective_classes
from core.udm.encoding.sampling import noised, strengths, walk, without_grain
from core.udm.rules import Partial, Plain, Rule

Array = np.ndarray

GRID = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
NOISE_SEED = 7
SAMPLES = 1000
STEPS, FRESH = (1, 5, 20), (0.0, 1.0)
ANCESTRAL = -1.0  # stands for a share that differs from step to step
TO_DECIBELS = 10 / np.log(10)


def curves(model: Encoding, grid: Sequence[float] = GRID) -> dict[str, Any]:
    """PSNR in dB of E[x_0 | x_t] and -log q a pixel in nats at every t, with standard errors; and what the codes are like."""
    pictures, rng = _test(), np.random.default_rng(NOISE_SEED)
    code = model.encode(pictures)
    eps = rng.standard_normal(code.shape, np.float32)
    errors, logs = [], []
    for t in grid:
        beliefs = [model.believe(x, t) for x in np.array_split(noised(code, eps, t), 8)]
        parts = list(zip(beliefs, np.array_split(pictures, 8), strict=True))
        errors.append(np.concatenate([np.square(belief.mean() - part).mean(1) for belief, part in parts]))
        logs.append(np.concatenate([belief.nats(part) for belief, part in parts]))
    variances = np.linalg.eigvalsh(np.cov(code.T.astype(np.float64)))[::-1]
    return {
        "t": list(grid),
        **_with_error("psnr", np.array(errors)),
        "nats": np.mean(logs, 1).tolist(),
        "nats_stderr": (np.std(logs, 1) / len(pictures) ** 0.5).tolist(),
        "code_rms": float(np.square(code).mean() ** 0.5),
        "code_variances": variances.clip(0).tolist(),
    }


def straight_curve(grid: Sequence[float] = GRID, dimensions: int = 32) -> dict[str, Any]:
    """The same of the best straight model of each t, measured: its theory is core.udm.encoding.linear."""
    train = split("train").pictures.reshape(-1, 784)
    principal, pictures = Principal.of(train, dimensions), _test()
    eps = np.random.default_rng(NOISE_SEED).standard_normal((len(pictures), dimensions))
    errors, logs = [], []
    for t in grid:
        ratio = signal_to_noise(t)
        best = allocate(principal.variances, ratio, dimensions)
        error = np.square(reconstruct(principal, pictures, best, ratio, eps) - pictures).mean(1)
        errors.append(error)
        logs.append(
            nats(best.error, 784) - 0.5 + error * 784 / best.error / 2
        )  # of q with the deviation of the training digits
    logs_ = np.array(logs)
    return {
        "t": list(grid),
        **_with_error("psnr", np.array(errors)),
        "nats": logs_.mean(1).tolist(),
        "nats_stderr": (logs_.std(1) / len(pictures) ** 0.5).tolist(),
    }


def sampled(model: Model) -> list[dict[str, Any]]:
    """A row for every predictor, number of steps and share of new noise: Frechet distance, and what the judge sees."""
    rules: list[tuple[float, Rule]] = [(fresh, Partial(fresh=fresh)) for fresh in FRESH] + [
        (ANCESTRAL, Plain(kind="ancestral"))
    ]
    settings = product(Predictor, STEPS, rules)
    return [
        _row(model, predictor, steps, fresh, rule)
        for predictor, steps, (fresh, rule) in settings
        if steps > 1 or fresh == 0  # one step has no rule
    ]


def floor() -> dict[str, Any]:
    """Real digits against real digits."""
    best = frechet.estimate(frechet.floors(_real()))
    return {"mean": best.mean, "interval": [best.low, best.high]}


def _row(model: Model, predictor: Predictor, steps: int, fresh: float, rule: Rule) -> dict[str, Any]:
    net, rng = encoding(model), np.random.default_rng(NOISE_SEED)
    x = rng.standard_normal((SAMPLES, net.dimensions), np.float32)
    *_, last = walk(net, x, strengths(steps), without_grain(rule, predictor), rng)
    verdict = judged(last.reshape(-1, 28, 28))
    apart = frechet.estimate(frechet.distances(verdict.features, _real()))
    counts = np.bincount(verdict.probabilities.argmax(1), minlength=10)
    row: dict[str, Any] = {
        "model": model.value,
        "predictor": predictor.value,
        "steps": steps,
        "fresh": fresh,
        "frechet": apart.mean,
    }
    row |= {"frechet_interval": [apart.low, apart.high], "judge_confidence": float(verdict.probabilities.max(1).mean())}
    row |= {"digits_drawn": effective_classes(counts)}
    print(row, flush=True)
    return row


def _with_error(name: str, errors: Array) -> dict[str, list[float]]:
    """PSNR of mean square errors [t, n], and its standard error over the digits by the delta method."""
    mean, spread = errors.mean(1), errors.std(1) / errors.shape[1] ** 0.5
    return {name: [decibels(each) for each in mean], f"{name}_stderr": (TO_DECIBELS * spread / mean).tolist()}


def _test() -> Array:
    return split("test").pictures.reshape(-1, 784)


def _real() -> Array:
    """The judge's features of the digits that no network was trained on."""
    return judged(np.concatenate([split("validation").pictures, split("test").pictures])).features
