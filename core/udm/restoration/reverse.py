"""One way back for every corruption: predict x_0, step down, again. The rules differ in how much of the step is new.

From x_t = M_t(x_0, pattern) + c_t eta and a predicted x_0 follows eta = F_t^-1(x_0, x_t); then
x_{t-1} = M_{t-1}(x_0, pattern) + c_{t-1} (sqrt(1 - s^2) eta + s eta_new).
s = 0 is the invertible rule: DDIM of Gaussian noise, and, as c_t does not change with t under any other corruption,
x_t - F_t(x_0) + F_{t-1}(x_0), the improved sampler of Cold Diffusion, which stands also where c_t is zero. s = 1 is the naive
rule. Of masks every point or block gets a new time and new noise with probability s, which keeps the law of both.
Source: Su Jianlin, kexue.fm/archives/9271, equations 3 to 5, 15 and 16.
"""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np

from core.digits.data import SIDE
from core.udm.restoration.forward import Level, normals, patterns
from core.udm.restoration.predictors import Predictor

Array = np.ndarray


class Rule(Enum):
    """By their share s of what is new; that of PARTIAL is a parameter."""

    NAIVE = "naive"
    IMPROVED = "improved"
    PARTIAL = "partial"


def fresh_share(rule: Rule, partial: float) -> float:
    """s of a rule."""
    return {Rule.NAIVE: 1.0, Rule.IMPROVED: 0.0, Rule.PARTIAL: partial}[rule]


@dataclass(eq=False)
class Walk:
    """n digits on their way down, all under one rule."""

    share: float  # s
    x: Array  # [n, 28, 28]
    pattern: Array  # [n, 28, 28], nothing where no point is hidden
    sources: list[np.random.Generator]  # [n] one a digit, so that it is the same among any number

    def back(self, x0: Array, now: Level, after: Level) -> None:
        """One level down with predictions x0 [n, 28, 28]; the last step returns them."""
        if after.t == 0:
            self.x = x0
        elif now.kind.masks:
            self._uncover(x0, now, after)
        else:
            self._mix(x0, now, after)

    def _mix(self, x0: Array, now: Level, after: Level) -> None:
        ratio = after.noise / now.noise if now.noise else 1.0
        kept = ratio * np.sqrt(1 - self.share**2) * (self.x - now.mean(x0))
        self.x = after.mean(x0) + kept + self.share * after.noise * normals(self.sources)

    def _uncover(self, x0: Array, now: Level, after: Level) -> None:
        is_new = patterns(now.kind, self.sources) < self.share
        later = np.where(is_new, patterns(now.kind, self.sources), self.pattern)
        rest = np.where(is_new, after.noise * normals(self.sources), self.x - now.mean(x0, self.pattern))
        self.x, self.pattern = after.mean(x0, later) + rest, later


def guesses(walks: list[Walk], predict: Predictor, now: Level) -> Array:
    """Predictions for several walks of n digits in one batch, [walks, n, 28, 28]."""
    x, pattern = (np.concatenate([getattr(walk, name) for walk in walks]) for name in ("x", "pattern"))
    found = predict(x, pattern, now, [rng for walk in walks for rng in walk.sources])
    return found.reshape(len(walks), -1, SIDE, SIDE)


def descend(walks: list[Walk], predict: Predictor, levels: list[Level]) -> None:
    """All the way down."""
    for now, after in pairwise(levels):
        for walk, guess in zip(walks, guesses(walks, predict, now), strict=True):
            walk.back(guess, now, after)


def started(clean: Array, level: Level, sources: list[np.random.Generator], share: float) -> Walk:
    """F_t(x_0) of digits [n, 28, 28], each with a pattern and noise from its source."""
    pattern = patterns(level.kind, sources)
    return Walk(share, level.corrupt(clean, pattern, normals(sources)), pattern, sources)
