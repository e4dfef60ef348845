"""Whether a score can be read as a rating: sigmoid(a s + b) against what people said."""

import numpy as np

Array = np.ndarray

BINS = 10  # of equal width
NEWTON, RIDGE = 30, 1e-3  # steps; of squared coefficients of standardised scores, so that two clean classes end somewhere


def sigmoid(x: Array) -> Array:
    found: Array = np.exp(-np.logaddexp(0, -x))
    return found


def fitted(s: Array, y: Array) -> tuple[float, float]:
    """(a, b) of least cross-entropy between labels y in [0, 1] and sigmoid(a s + b) (Platt 1999), by Newton's method."""
    middle, spread = float(s.mean()), max(float(s.std()), 1e-12)
    seen, w = np.column_stack([(s - middle) / spread, np.ones_like(s)]), np.zeros(2)
    for _ in range(NEWTON):
        p = sigmoid(seen @ w)
        slope = seen.T @ (p - y) / len(y) + RIDGE * w
        bend = (seen * (p * (1 - p))[:, None]).T @ seen / len(y) + RIDGE * np.eye(2)
        w = w - np.clip(np.linalg.solve(bend, slope), -2, 2)
    return float(w[0] / spread), float(w[1] - w[0] * middle / spread)


def reliability(p: Array, y: Array) -> Array:
    """[BINS, 3] sum of p, sum of y and number of pairs whose p is in each tenth."""
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return np.stack([np.bincount(place, weights, BINS) for weights in (p, y, np.ones_like(y))], 1)


def error(table: Array) -> float:
    """Expected calibration error: mean over the pairs of |mean p - mean y| of their tenth."""
    return float(np.abs(table[..., 0] - table[..., 1]).sum() / table[..., 2].sum())
