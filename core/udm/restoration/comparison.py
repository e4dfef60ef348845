"""Every corruption against t, the count of outcomes against the breath of noise, and the shipped table: the companion."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.digits.data import CLASSES, SIDE, split
from core.result import Result
from core.udm.forward import decibels
from core.udm.restoration.exact import PictureSet, Posterior, picture_set
from core.udm.restoration.experiment import levels, walks
from core.udm.restoration.forward import Kind, Level, normals, patterns
from core.udm.restoration.measures import distinct, errors, ssim
from core.udm.restoration.params import Drawn, Params
from core.udm.restoration.predictors import Network, predictor
from core.udm.restoration.reverse import Rule, descend
from core.udm.restoration.subject import subject
from core.udm.restoration.table import Row, table

Array = np.ndarray

TIMES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
OF_EACH = 3  # digits of every class behind a point of the curves
SIGMAS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1)
SHOWN = ("corrupted", "exact", "network")
CURVES = ("psnr", "psnr_error", "ssim", "ssim_error")


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """K corruptions, T times, 3 kinds of picture in the order of SHOWN, R rules, S breaths of noise; nan: not yet computed.

    The curves are of 30 digits; their errors are standard errors over those.
    """

    kinds: list[str]  # [K]
    t: Array  # [T]
    psnr: Array  # [K, T, 3] dB of the mean square error over the digits
    psnr_error: Array  # [K, T, 3]
    ssim: Array  # [K, T, 3]
    ssim_error: Array  # [K, T, 3]
    sigma: Array  # [S]
    outcomes: Array  # [R, S] different ones among the restarts from t = 1
    restarts: int
    table: list[Row]
    floor: list[float]  # of real digits against real ones: mean, and the lower and upper end of its interval

    def metrics(self) -> dict[str, float]:
        """Gain of the network over the corrupted digits, dB, at t = 0.3 and 0.5, of what is computed."""
        gains = self.psnr[..., 2] - self.psnr[..., 0]
        places = {t: int(np.argmin(np.abs(self.t - t))) for t in (0.3, 0.5)}
        every = {f"gain_{kind}_{t:g}": gains[i, k] for i, kind in enumerate(self.kinds) for t, k in places.items()}
        return {name: float(value) for name, value in every.items() if np.isfinite(value)}


def compare(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """One corruption more each time, then one breath of noise more; p.digit, sigma, seed and the picture set matter."""
    kinds, result = list(Kind), _empty(p)
    total = len(kinds) + len(SIGMAS)
    for done, kind in enumerate(sorted(kinds, key=lambda each: each is not p.corruption), 1):
        result = _with_curves(result, kinds.index(kind), _curves(p, kind))
        yield done / total, result
    for place, sigma in enumerate(SIGMAS):
        result = _with_counts(result, place, _outcomes(p, sigma))
        yield (len(kinds) + place + 1) / total, result


def _empty(p: Params) -> ComparisonResult:
    """Nothing computed yet."""
    stored, shape = table(), (len(Kind), len(TIMES), len(SHOWN))
    return ComparisonResult(
        kinds=[kind.value for kind in Kind],
        t=np.array(TIMES),
        **{name: np.full(shape, np.nan) for name in CURVES},
        sigma=np.array(SIGMAS),
        outcomes=np.full((len(Rule), len(SIGMAS)), np.nan),
        restarts=p.restarts,
        table=stored["rows"],
        floor=[stored["floor"]["mean"], *stored["floor"]["interval"]],
    )


def _with_curves(result: ComparisonResult, place: int, curves: Array) -> ComparisonResult:
    """curves [4, T, 3] of corruption number place."""
    changed = {name: getattr(result, name).copy() for name in CURVES}
    for name, curve in zip(CURVES, curves, strict=True):
        changed[name][place] = curve
    return replace(result, **changed)


def _with_counts(result: ComparisonResult, place: int, counts: Array) -> ComparisonResult:
    outcomes = result.outcomes.copy()
    outcomes[:, place] = counts
    return replace(result, outcomes=outcomes)


def _curves(p: Params, kind: Kind) -> Array:
    """[4, T, 3]: PSNR, its error, SSIM, its error."""
    known = picture_set(p.set_size)
    clean = digits(p, known)
    return np.stack([_measured(Level(kind, t, p.sigma), clean, known, p.seed) for t in TIMES], 1)


def digits(p: Params, known: PictureSet) -> Array:
    """[30, 28, 28]: as many of every class, held-out ones or, where p.digit is one of them, of the picture set."""
    source = known if not isinstance(p.digit, Drawn) and p.digit.known else split("test")
    count = min(OF_EACH, len(source.labels) // CLASSES)
    rows = np.concatenate([np.flatnonzero(source.labels == digit)[:count] for digit in range(CLASSES)])
    return source.pictures[rows].astype(float)


def _measured(level: Level, clean: Array, known: PictureSet, seed: int) -> Array:
    """[4, 3] at one level."""
    sources = [np.random.default_rng((seed, i)) for i in range(len(clean))]
    pattern = patterns(level.kind, sources)
    x = level.corrupt(clean, pattern, normals(sources))
    shown = (x, Posterior(known.pictures, level).mean(x, pattern), Network()(x, pattern, level, sources))
    return np.array([_summary(each, clean) for each in shown]).T


def _summary(pictures: Array, clean: Array) -> tuple[float, float, float, float]:
    """PSNR of the mean error and SSIM, each with its standard error over the digits."""
    found, similar, n = errors(pictures, clean), ssim(pictures, clean), len(clean)
    relative = found.std(ddof=1) / np.sqrt(n) / max(found.mean(), 1e-12)
    return float(decibels(found.mean())), 10 / np.log(10) * relative, similar.mean(), similar.std(ddof=1) / np.sqrt(n)


def _outcomes(p: Params, sigma: float) -> Array:
    """[R] different outcomes of the restarts from nothing with this breath of noise."""
    asked, scene = p.replace(t=1.0, sigma=sigma), subject(p)
    every = walks(asked, np.broadcast_to(scene.clean, (p.restarts, SIDE, SIDE)))
    descend(every, predictor(p.predictor, scene.pictures), levels(asked))
    return np.array([distinct(walk.x) for walk in every], float)
