"""lora_rank: the first picture of two files against all of them, a moved control, and a projection against numpy's SVD."""

import numpy as np

from core.lora.rank import RankParams, compute, pair
from core.lora.rank.decomposition import decompose
from tests.benchmarks.timing import median_seconds

RUNS, SIDE = 3, 1024


def main() -> None:
    p = RankParams(source="longer")
    first = median_seconds(lambda: next(compute(p)), RUNS, pair.shipped.cache_clear)
    whole = median_seconds(lambda: list(compute(p)), RUNS, pair.shipped.cache_clear)
    moved = median_seconds(lambda: list(compute(p)), RUNS)
    print(
        f"lora_rank: 45 layers, first picture {first:.2f} s (wanted 1), all {whole:.2f} s, after a moved control {moved:.3f} s"
    )
    rng = np.random.default_rng(0)
    D = rng.standard_normal((SIDE, 8)) @ rng.standard_normal((8, SIDE)) + rng.standard_normal((SIDE, SIDE))
    projected = median_seconds(lambda: decompose(D), RUNS)
    exact = median_seconds(lambda: np.linalg.svd(D, full_matrices=False), RUNS)
    print(f"  {SIDE} x {SIDE}: {projected:.2f} s against {exact:.2f} s, ratio {exact / projected:.1f} (wanted 3)")


if __name__ == "__main__":
    main()
