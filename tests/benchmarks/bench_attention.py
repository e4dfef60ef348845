"""Attention: draws for an equal band against a plain vectorised sampler.

Plain: float64 normals, softmax, a matrix product, the mean of |õ - o|^2. Time times variance of one draw is what a band of
given width costs; the ratio of the two products is what the control variates bring.
"""

import statistics
from time import perf_counter

import numpy as np

from core.attention.exact import exact
from core.attention.laws import Gaussian, Uniform
from core.attention.logits import softmax
from core.attention.monte_carlo import controlled, draws_for, errors, sample

ROUNDS, WANTED = 9, 5.0
CASES = ((50, 0.7), (200, 0.7), (1000, 0.7), (1000, 1.0), (4000, 1.0), (4000, 2.0))


def plain(sigma: float, s: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """[R] |õ - o|^2 as one writes it down."""
    noisy = s + sigma * rng.standard_normal((draws_for(len(s)), len(s)))
    raised = np.exp(noisy - noisy.max(1, keepdims=True))
    weights = raised / raised.sum(1, keepdims=True)
    return ((weights @ v - softmax(s) @ v) ** 2).sum(1)


def with_controls(sigma: float, s: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same, as the page does it."""
    law, p = Gaussian(strength=sigma), softmax(s)
    o = p @ v
    drawn = sample(law, s, rng, draws_for(len(s)))
    return controlled(errors(drawn, law, v - o, o), drawn, law, p, v - o).squared


def monte_carlo(n: int, sigma: float) -> None:
    rng = np.random.default_rng(n)
    s, v = rng.standard_normal(n), rng.standard_normal((n, 2))
    seconds: dict[str, list[float]] = {"plain": [], "ours": []}
    samples: dict[str, list[np.ndarray]] = {"plain": [], "ours": []}
    for _ in range(ROUNDS):
        for name, run in (("plain", plain), ("ours", with_controls)):
            started = perf_counter()
            squares = run(sigma, s, v, rng)
            seconds[name].append(perf_counter() - started)
            samples[name].append(squares)
    slow, quick = (statistics.median(seconds[name]) for name in ("plain", "ours"))
    narrower = np.concatenate(samples["plain"]).var() / np.concatenate(samples["ours"]).var()
    ratio = narrower * slow / quick
    print(
        f"  n {n}, sigma {sigma:g}: variance / {narrower:.1f}, time x {quick / slow:.2f}, ratio {ratio:.1f} (wanted {WANTED:g})"
    )


def theory(n: int) -> None:
    """The exact integral, beside the draws that would give its answer to a tenth of a per cent."""
    rng = np.random.default_rng(n)
    s, v = rng.standard_normal(n), rng.standard_normal((n, 2))
    p = softmax(s)
    rounds = []
    for strength in np.linspace(0.5, 1.5, ROUNDS):
        started = perf_counter()
        exact(Uniform(strength=float(strength)), p, v - p @ v)
        rounds.append(perf_counter() - started)
    print(f"  exact integral at n {n}: {1e3 * statistics.median(rounds):.1f} ms")


def main() -> None:
    print("attention")
    for case in CASES:
        monte_carlo(*case)
    for n in (500, 4000):
        theory(n)


if __name__ == "__main__":
    main()
