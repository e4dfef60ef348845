"""A multistep solver of the probability-flow ODE for few steps, at the cost of one prediction a step.

With lambda = -log sigma and z = x / a the ODE reads dz/dlambda = D - z. D is extrapolated by the polynomial through the
last predictions, and what is left is integrated exactly. Numpy arrays and torch tensors alike.
Sources: Lu et al., DPM-Solver++, arXiv:2211.01095 (order 2 in this form); Hochbruck and Ostermann, Acta Numerica 19 (2010),
section 2.5 (exponential Adams methods of any order); Karras et al., arXiv:2206.00364, equation 5 (the levels).
"""

import math
from dataclasses import dataclass, field
from typing import Any

Array = Any  # a numpy array or a torch tensor

SIGMA_MAX = 38.0  # almost nothing of a picture is left there
LAST_JUMP = 1.8  # over the number of steps: the level from which the last step goes straight to the guess
RHO = 11.0


def levels(steps: int) -> list[float]:
    """[steps + 1] falling noise levels, evenly spaced in sigma^(1 / RHO), then 0; steps > 1.

    The last but one falls with the number of steps, so that many steps solve the whole ODE. The three numbers above were
    chosen for the digits, by the distance to trajectories of 40 steps and by the Frechet distance at six steps.
    """
    ends = SIGMA_MAX ** (1 / RHO), (LAST_JUMP / steps) ** (1 / RHO)
    return [(ends[0] + (ends[1] - ends[0]) * i / (steps - 1)) ** RHO for i in range(steps)] + [0.0]


@dataclass
class Multistep:
    """One trajectory's memory of its last predictions, newest first."""

    order: int = 2
    sigmas: list[float] = field(default_factory=list)
    denoised: list[Array] = field(default_factory=list)

    def step(self, x: Array, denoised: Array, sigma: float, sigma_next: float) -> Array:
        """x [n, ...] at level sigma (variance preserving) and its denoised guess -> x at sigma_next < sigma.

        The last step, to level 0, ends at the guess.
        """
        if sigma_next == 0:
            return denoised
        self.sigmas = [sigma, *self.sigmas][: self.order]
        self.denoised = [denoised, *self.denoised][: self.order]
        drive = sum(w * d for w, d in zip(weights(self.sigmas, sigma_next), self.denoised, strict=True))
        a, a_next = (1 / math.sqrt(1 + s * s) for s in (sigma, sigma_next))
        return (a_next * sigma_next / (sigma * a)) * x + a_next * drive

    def forget(self) -> None:
        """Start again at order 1, after a step that was not the ODE's."""
        self.sigmas, self.denoised = [], []


def weights(sigmas: list[float], sigma_next: float) -> list[float]:
    """Weight of each prediction at these levels (newest first, one to three) in the step to sigma_next > 0.

    Integral of exp(lambda - lambda') times the Lagrange polynomials; they sum to 1 - sigma_next / sigma.
    """
    h = math.log(sigmas[0] / sigma_next)
    m0 = -math.expm1(-h)
    m1 = h - m0
    m2 = h * h - 2 * m1
    past = [math.log(sigmas[0] / each) for each in sigmas[1:]]  # lambda of earlier predictions, this one's is 0; negative
    if not past:
        return [m0]
    if len(past) == 1:
        return [m0 - m1 / past[0], m1 / past[0]]
    p, q = past
    return [
        m0 - m1 * (p + q) / (p * q) + m2 / (p * q),
        (m2 - q * m1) / (p * (p - q)),
        (m2 - p * m1) / (q * (q - p)),
    ]
