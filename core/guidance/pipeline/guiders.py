"""Each method as an object of diffusers' guiders, told at every step how noisy the pictures still are."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from core.guidance.pipeline import library
from core.guidance.pipeline.methods import Method
from core.guidance.pipeline.params import Params


@dataclass
class Guider:
    """A guider of the library; low, high: noise to signal ratios within which it is on.

    flat: hand it rows and columns as one: diffusers 0.42 takes norms of MAMBO-G over two dimensions, and pictures have three.
    """

    inner: Any
    low: float = 0.0
    high: float = float("inf")
    flat: bool = False

    def at(self, step: int, steps: int, timestep: Tensor, sigma: float) -> bool:
        """Goes to this step; whether an unconditional prediction is needed there."""
        self.inner.set_state(step, steps, timestep)
        switch = self.inner.enable if self.low < sigma <= self.high else self.inner.disable
        switch()
        return bool(self.inner.num_conditions == 2)

    def __call__(self, conditional: Tensor, unconditional: Tensor | None) -> Tensor:
        """The guided prediction, of equal shape."""
        given = [each if each is None or not self.flat else each.flatten(2) for each in (conditional, unconditional)]
        guided: Tensor = self.inner.forward(*given).pred
        return guided.view_as(conditional)


def guider(method: Method, p: Params) -> Guider:
    """A new one, without memory."""
    if method is Method.INTERVAL:
        return Guider(library.ClassifierFreeGuidance(p.gamma), p.sigma_low, p.sigma_high)
    return Guider(_inner(method, p), flat=method is Method.MAGNITUDE)


def _inner(method: Method, p: Params) -> Any:
    """The library's own object. Raises ValueError for a method without one."""
    match method:
        case Method.PLAIN | Method.CFG | Method.RESCALE:
            rescale = p.rescale if method is Method.RESCALE else 0.0
            return library.ClassifierFreeGuidance(1.0 if method is Method.PLAIN else p.gamma, guidance_rescale=rescale)
        case Method.APG:
            return projected(p)
        case Method.ZERO_STAR:
            return library.ClassifierFreeZeroStarGuidance(p.gamma, zero_init_steps=p.zero_steps)
        case Method.TANGENTIAL:
            return library.TangentialClassifierFreeGuidance(p.gamma)
        case Method.MAGNITUDE:
            return library.MagnitudeAwareGuidance(p.gamma, alpha=p.alpha)
    raise ValueError(f"no guider is called {method}")


def projected(p: Params) -> Any:
    """In the paper's form, from the conditional prediction: the library's default starts from the other one, and then a scale
    just above 1 is far from the conditional model."""
    return library.AdaptiveProjectedGuidance(
        p.gamma - 1, adaptive_projected_guidance_rescale=p.radius, eta=p.eta, use_original_formulation=True
    )
