"""What one run of the character model returns, part by part."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

Array = np.ndarray

PLACES = ("logits", "values", "mlp", "stream")  # of the noise
CONDITIONS = ("clean", *PLACES)
GRID = np.round(np.geomspace(0.05, 3.0, 12), 3)  # strengths of the curves
COPIES = 8  # texts that are written with each
SMALL, LARGE = 0.8, 1.25  # measured over predicted between these is agreement
QUADRATIC = 0.1  # nats: below it the loss should grow like the square of the strength
ENOUGH = 3.0  # standard errors


@dataclass(frozen=True, eq=False)
class ModelResult(Result):
    """Losses in nats a character, by window of w so far; heads by layer; k characters written so far."""

    clean: Array  # [w]
    noisy: Array  # [4, 13, w] of PLACES, at GRID and at the chosen strength
    strength: float
    measured: Array  # [L, H, Q] root mean square error of a head's output over that of its values, under noise of its own
    measured_stderr: Array  # [L, H, Q]
    leading: Array  # [L, H, Q] the same by the delta method from its own logits
    exact: Array  # [L, H, Q] exactly; 0 where the noise is too strong for it
    entropy: Array  # [L, H] nats, at the last character of a window
    concentration: Array  # [L, H] sum p^2, likewise
    deviation: Array  # [L, H] of the logits within a row
    layer: int  # drawn, from 0
    head: int  # from 0
    before: Array  # [l, l] float32 attention of the end of the text
    after: Array  # [F, l, l] float32 with noise on the logits
    read: str  # those l characters; the first stands for what is before the text
    written: Array  # [5, 8, k] uint8 of CONDITIONS

    def metrics(self) -> dict[str, float]:
        """At the chosen strength; what is not known yet is absent."""
        found: dict[str, float] = {}
        if len(self.clean):
            found |= self._perplexities()
        if self.ratios.size:
            theory = np.where(self.exact > 0, self.exact, self.leading)
            found |= {"predicted_over_measured_median": float(np.median(root(theory) / root(self.measured)))}
            found |= {"second_order_over_measured_median": float(np.median(1 / self.ratios))}
        found |= {
            "entropy": float(self.entropy[self.layer, self.head]),
            "effective_support": float(1 / self.concentration[self.layer, self.head]),
            "logit_deviation": float(self.deviation[self.layer, self.head]),
        }
        return found | self._survival()

    def _perplexities(self) -> dict[str, float]:
        """exp of mean losses, and of what noise on the logits adds a standard error by windows."""
        found = {"perplexity": perplexity(self.noisy[0, -1]), "perplexity_clean": perplexity(self.clean)}
        found |= {"perplexity_stderr": found["perplexity"] * float(standard_error(self.noisy[0, -1] - self.clean))}
        return found | {f"perplexity_{name}": perplexity(self.noisy[i, -1]) for i, name in enumerate(PLACES) if i}

    def _survival(self) -> dict[str, float]:
        """Characters written before the first that differs from the text without noise, mean over the copies."""
        if not self.written.shape[2]:
            return {}
        return {f"kept_{name}": float(self.same[i].mean()) for i, name in enumerate(PLACES)}

    @property
    def same(self) -> Array:
        """[4, 8] characters before the first difference."""
        alike = np.logical_and.accumulate(self.written[1:] == self.written[:1], axis=2)
        return np.asarray(alike.sum(2))

    @property
    def ratios(self) -> Array:
        """[heads] measured over predicted (delta method), root mean square over queries, of heads with an error at all."""
        measured, predicted = root(self.measured), root(self.leading)
        return measured[predicted > 0] / predicted[predicted > 0]

    @property
    def excess(self) -> tuple[Array, Array]:
        """[4, 13] what noise adds to the loss, nats, and its standard error by windows."""
        apart = self.noisy - self.clean
        return apart.mean(2), standard_error(apart)

    def quadratic(self) -> Array:
        """[4] factors a of a loss that grows by a strength^2, from strengths whose effect is small; NaN where none shows."""
        excess, error = (each[:, :-1] for each in self.excess)
        fits = (excess < QUADRATIC) & (excess > ENOUGH * error)
        weight = np.where(fits, GRID**2 / np.maximum(error, 1e-9) ** 2, 0.0)
        total = (weight * GRID**2).sum(1)
        return np.divide((weight * excess).sum(1), total, out=np.full(len(PLACES), np.nan), where=total > 0)


def perplexity(losses: Array) -> float:
    """Of mean losses by window."""
    return float(np.exp(losses.mean()))


def standard_error(rows: Array) -> Array:
    """Of the mean over the last axis; 0 of a single window, which has none."""
    count = rows.shape[-1]
    return rows.std(-1, ddof=1) / count**0.5 if count > 1 else np.zeros(rows.shape[:-1])


def root(errors: Array) -> Array:
    """[L, H, Q] -> [L H] root mean square over queries."""
    return np.sqrt((errors**2).mean(2)).ravel() if errors.shape[2] else np.zeros(0)
