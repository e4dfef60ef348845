"""Digits restored together against one by one, and the exact posterior against a loop over pictures.

Both answers must be the same: the PSNR to 1e-4 dB, the posterior to 1e-9. The ratio of every round counts, in turn, so that a
slow moment counts for both.
"""

import statistics
from collections.abc import Callable

import numpy as np

from core.digits.data import split
from core.udm.forward import decibels
from core.udm.restoration.exact import LEAST, picture_set
from core.udm.restoration.forward import Kind, Level, patterns
from core.udm.restoration.measures import errors
from core.udm.restoration.predictors import Exact, Network, Predictor
from core.udm.restoration.quality import corrupted
from core.udm.restoration.reverse import Walk, descend
from tests.benchmarks.timing import seconds

Array = np.ndarray

DIGITS, STEPS, ROUNDS = 48, 5, 5
WANTED_RESTORATION, WANTED_POSTERIOR = 2.0, 10.0


def restored(x: Array, predict: Predictor, size: int) -> Array:
    """Digits [n, 28, 28] half blurred, by the improved rule, so many at a time."""
    levels = [Level(Kind.BLUR, t) for t in np.linspace(0.5, 0, STEPS + 1).tolist()]
    walks = [Walk(0.0, part, np.empty(0), [np.random.default_rng(0) for _ in part]) for part in np.split(x, len(x) // size)]
    for walk in walks:
        descend([walk], predict, levels)
    return np.concatenate([walk.x for walk in walks])


def by_loop(known: Array, x: Array, pattern: Array, level: Level) -> Array:
    """E[x_0 | x_t] with a loop over the pictures of the set for every digit."""
    return np.stack([_mean(known, each, hidden, level) for each, hidden in zip(x, level.hidden(pattern), strict=True)])


def _mean(known: Array, x: Array, hidden: Array, level: Level) -> Array:
    logs = np.array([-np.square(x - picture)[~hidden].sum() / 2 / max(level.noise, LEAST) ** 2 for picture in known])
    weights = np.exp(logs - logs.max())
    total = np.zeros_like(known[0])
    for weight, picture in zip(weights / weights.sum(), known, strict=True):
        total += weight * picture
    return total


def ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """(our seconds, their seconds, median of the ratios)."""
    rounds = [[seconds(each) for each in (ours, theirs)] for _ in range(ROUNDS + 1)][1:]  # the first is for the caches
    quick, slow = map(statistics.median, zip(*rounds, strict=True))
    return quick, slow, statistics.median(b / a for a, b in rounds)


def restoration() -> None:
    clean = split("test").pictures[:: len(split("test").pictures) // DIGITS][:DIGITS].astype(float)
    x = corrupted(clean, Level(Kind.BLUR, 0.5))
    together, alone = (float(decibels(errors(restored(x, Network(), size), clean)).mean()) for size in (DIGITS, 1))
    ours, theirs, gained = ratio(lambda: restored(x, Network(), DIGITS), lambda: restored(x, Network(), 1))
    print(f"  restoration: {ours:.2f} s against {theirs:.2f} s, ratio {gained:.1f} (wanted {WANTED_RESTORATION:g})")
    print(f"    PSNR {together:.5f} against {alone:.5f} dB, {abs(together - alone):.1e} apart (wanted 1e-4)")


def posterior() -> None:
    known, level = picture_set(1000).pictures, Level(Kind.RANDOM_MASK, 0.9, sigma=0.5)
    sources = [np.random.default_rng((11, i)) for i in range(DIGITS)]
    x, pattern = corrupted(split("test").pictures[:DIGITS], level), patterns(level.kind, sources)
    predict = Exact(known, draws=False)
    apart = np.abs(predict(x, pattern, level, []) - by_loop(known, x, pattern, level)).max()
    ours, theirs, gained = ratio(lambda: predict(x, pattern, level, []), lambda: by_loop(known, x, pattern, level))
    print(f"  exact posterior: {ours:.3f} s against {theirs:.2f} s, ratio {gained:.0f} (wanted {WANTED_POSTERIOR:g})")
    print(f"    largest difference {apart:.1e} (wanted 1e-9)")


def main() -> None:
    print("restoration")
    restoration()
    posterior()


if __name__ == "__main__":
    main()
