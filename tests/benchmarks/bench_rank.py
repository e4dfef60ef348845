"""lora_rank: the first picture of two files against all of them, a moved control, and a projection against numpy's SVD."""

import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np

from core.lora.rank import RankParams, compute, pair
from core.lora.rank.decomposition import decompose

RUNS, SIDE = 3, 1024


def seconds(run: Callable[[], object], fresh: Callable[[], None] | None = None) -> float:
    """Median of RUNS."""
    taken = []
    for _ in range(RUNS):
        if fresh:
            fresh()
        started = perf_counter()
        run()
        taken.append(perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    p = RankParams(source="longer")
    first = seconds(lambda: next(compute(p)), pair.shipped.cache_clear)
    whole = seconds(lambda: list(compute(p)), pair.shipped.cache_clear)
    moved = seconds(lambda: list(compute(p)))
    print(
        f"lora_rank: 45 layers, first picture {first:.2f} s (wanted 1), all {whole:.2f} s, after a moved control {moved:.3f} s"
    )
    rng = np.random.default_rng(0)
    D = rng.standard_normal((SIDE, 8)) @ rng.standard_normal((8, SIDE)) + rng.standard_normal((SIDE, SIDE))
    projected, exact = seconds(lambda: decompose(D)), seconds(lambda: np.linalg.svd(D, full_matrices=False))
    print(f"  {SIDE} x {SIDE}: {projected:.2f} s against {exact:.2f} s, ratio {exact / projected:.1f} (wanted 3)")


if __name__ == "__main__":
    main()
