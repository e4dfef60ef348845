"""Laws of the noise eps on a logit; a weight becomes w = e^eps times what it was.

Each law knows its quantiles (for quadrature), its draws, the moments of w where they exist, and how heavy the upper tail of
w is: P(w > x) falls like x^(-tail).
Source: Su Jianlin, "Attention and softmax: two findings", https://kexue.fm/archives/9593, section on robustness.
"""

import math
from abc import abstractmethod
from enum import Enum
from typing import Literal

import numpy as np

from core.parameters import Variant, choice, slider

Array = np.ndarray
Generator = np.random.Generator
SILENT = 1e-9  # a strength, logits, that no weight shows


class Format(Enum):
    """Of numbers in a machine."""

    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8_e4m3"
    INT8 = "int8"


class Additive(Variant):
    """Independent noise of one law, added to every logit."""

    strength: float = slider(
        0.7,
        0.0,
        3.0,
        0.05,
        "logits",
        "scale: deviation of Gaussian noise, half width of uniform, b of Laplace, beta of Gumbel, scale of Student t",
    )

    @property
    def is_silent(self) -> bool:
        """Whether this noise is none."""
        return self.strength < SILENT

    def quantile(self, u: Array) -> Array:
        """eps below which a share u <= 1/2 lies, in logits."""
        return self.strength * self.standard_quantile(u)

    def upper(self, u: Array) -> Array:
        """eps above which a share u <= 1/2 lies; for symmetric laws."""
        return -self.quantile(u)

    @abstractmethod
    def standard_quantile(self, u: Array) -> Array:
        """The quantile at strength 1."""

    def draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        """Independent draws of eps, float32, in logits."""
        return np.float32(self.strength) * self.standard_draw(rng, shape)

    @abstractmethod
    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        """Draws at strength 1, float32."""

    @abstractmethod
    def log_moment(self, k: int) -> float:
        """log E w^k; inf where there is none."""

    def tail(self) -> float:
        """Of P(w > x) ~ x^-tail; inf where all moments exist."""
        return math.inf


class Gaussian(Additive):
    kind: Literal["gaussian"] = "gaussian"

    def standard_quantile(self, u: Array) -> Array:
        from scipy.special import ndtri  # noqa: PLC0415  the page opens without scipy

        return ndtri(u)

    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        return rng.standard_normal(shape, np.float32)

    def log_moment(self, k: int) -> float:
        return (k * self.strength) ** 2 / 2


class Uniform(Additive):
    kind: Literal["uniform"] = "uniform"

    def standard_quantile(self, u: Array) -> Array:
        return 2 * u - 1

    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        return 2 * rng.random(shape, np.float32) - 1

    def log_moment(self, k: int) -> float:
        x = k * self.strength
        return math.log(math.sinh(x) / x) if x > 1e-4 else x**2 / 6


class Laplace(Additive):
    kind: Literal["laplace"] = "laplace"

    def standard_quantile(self, u: Array) -> Array:
        return np.log(2 * u)

    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        return rng.standard_exponential(shape, np.float32) - rng.standard_exponential(shape, np.float32)

    def log_moment(self, k: int) -> float:
        return -math.log1p(-((k * self.strength) ** 2)) if k * self.strength < 1 else math.inf

    def tail(self) -> float:
        return math.inf if self.is_silent else 1 / self.strength


class Gumbel(Additive):
    kind: Literal["gumbel"] = "gumbel"

    def standard_quantile(self, u: Array) -> Array:
        return -np.log(-np.log(u))

    def upper(self, u: Array) -> Array:
        return -self.strength * np.log(-np.log1p(-u))

    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        return -np.log(rng.standard_exponential(shape)).astype(np.float32)  # a float32 one may be 0

    def log_moment(self, k: int) -> float:
        return math.lgamma(1 - k * self.strength) if k * self.strength < 1 else math.inf

    def tail(self) -> float:
        return math.inf if self.is_silent else 1 / self.strength


class StudentT(Additive):
    """No moment of e^eps exists, however many degrees of freedom."""

    kind: Literal["student_t"] = "student_t"
    nu: float = slider(3.0, 1.0, 30.0, 0.5, "degrees of freedom", "degrees of freedom of Student's t")

    def standard_quantile(self, u: Array) -> Array:
        from scipy.special import stdtrit  # noqa: PLC0415

        return stdtrit(self.nu, u)

    def standard_draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        return rng.standard_t(self.nu, shape).astype(np.float32)

    def log_moment(self, k: int) -> float:  # noqa: ARG002
        return 0.0 if self.is_silent else math.inf

    def tail(self) -> float:
        return math.inf if self.is_silent else 0.0


class Dropping(Variant):
    """Tokens left out at random: w is 1 / (1 - share) or 0."""

    share: float = slider(0.1, 0.0, 0.9, 0.05, "of the tokens", "share of the tokens that is dropped, each by its own chance")

    def draw(self, rng: Generator, shape: tuple[int, int]) -> Array:
        """0 for a token that stays, -inf for one that goes, float32."""
        return np.where(rng.random(shape, np.float32) < self.share, np.float32(-np.inf), np.float32(0))

    def log_moment(self, k: int) -> float:
        """log E 1{stays}^k: up to a factor that drops out of every ratio."""
        return math.log1p(-self.share) if k else 0.0

    def tail(self) -> float:
        return math.inf


class DropRenormalised(Dropping):
    """Softmax over the tokens that stay, DropKey, arXiv:2208.02646; where none stays none is dropped."""

    kind: Literal["drop_renormalised"] = "drop_renormalised"


class Drop(Dropping):
    """torch's dropout of attention weights: those that stay are divided by 1 - share and not normalised again."""

    kind: Literal["drop"] = "drop"


class Rounding(Variant):
    """Logits stored in few bits; a common offset, to which softmax is blind, makes the steps coarser."""

    kind: Literal["rounding"] = "rounding"
    number_format: Format = choice(Format.BF16, "format in which logits are stored")
    offset: float = slider(0.0, 0.0, 100.0, 1.0, "logits", "common offset of all logits before they are rounded")


Noise = Gaussian | Uniform | Laplace | DropRenormalised | Drop | Rounding | Gumbel | StudentT


def squared_variation(law: Additive | Dropping) -> float:
    """c^2 = Var w / (E w)^2, with inf where the variance does not exist (article 9593; math of the delta method)."""
    second = law.log_moment(2)
    return math.expm1(second - 2 * law.log_moment(1)) if math.isfinite(second) else math.inf


def predicted_slope(law: Noise) -> float:
    """Exponent a of rms error ~ n^a: -1/2 where E w^2 exists, less where the tail of w is heavy, 0 where even E w is infinite.

    For P(w > x) ~ x^-tail with 1 < tail < 2 the mean square error falls like n^(1 - tail).
    """
    if isinstance(law, Rounding):
        return -0.5
    return 0.0 - min(1.0, max(law.tail() - 1, 0.0)) / 2
