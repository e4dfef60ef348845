"""One step of each sampler, from noise level sigma to sigma_next < sigma.

Samples are variance preserving: x = a x0 + b noise with a = 1 / sqrt(1 + sigma^2), b = sigma a. Numpy arrays and torch
tensors alike, of any shape; levels are plain numbers (so float32 stays float32); fresh noise is handed in.
"""

import math
from typing import Any

Array = Any  # a numpy array or a torch tensor


def signal_and_noise(sigma: float) -> tuple[float, float]:
    """(a, b) of a noise to signal ratio, as plain numbers."""
    a = 1 / math.sqrt(1 + sigma * sigma)
    return a, sigma * a


def ddim(denoised: Array, noise: Array, sigma_next: float) -> Array:
    """Deterministic step a' x0 + b' noise: Euler's rule for the probability-flow ODE, of order 1.

    noise: usually the one that `denoised` implies; CFG++ hands in the unconditional one.
    Source: Song, Meng and Ermon, arXiv:2010.02502, equation 12 with sigma = 0.
    """
    a, b = signal_and_noise(sigma_next)
    return a * denoised + b * noise


def heun(x: Array, noise: Array, noise_next: Array, sigma: float, sigma_next: float) -> Array:
    """Trapezoidal rule for dx~/dsigma = noise with x~ = x / a, of order 2.

    noise: predicted at x; noise_next: predicted at the ddim step's end, level sigma_next > 0.
    Source: Karras et al., arXiv:2206.00364, algorithm 1.
    """
    (a, _), (a_next, _) = signal_and_noise(sigma), signal_and_noise(sigma_next)
    return (a_next / a) * x + (a_next * (sigma_next - sigma) / 2) * (noise + noise_next)


def sde_mean_std(x: Array, denoised: Array, sigma: float, sigma_next: float, s: float) -> tuple[Array, float]:
    """Mean and deviation of a step of dx = (f - (1 + s^2)/2 g^2 score) dt + s g dw, solved exactly for a fixed x0.

    With q = sigma'/sigma and x~ = x / a: x~' = x0 + q^(1 + s^2) (x~ - x0) + sigma' sqrt(1 - q^(2 s^2)) z. s = 0 is ddim,
    s = 1 is the ancestral step of DDPM with the posterior's variance; both as identities, not only in the limit.
    Source of the family: Su Jianlin, kexue.fm/archives/9209; Song et al., arXiv:2011.13456, appendix D.
    """
    (a, _), (a_next, _) = signal_and_noise(sigma), signal_and_noise(sigma_next)
    ratio = sigma_next / sigma
    kept = ratio ** (1 + s * s)
    mean = (a_next * (1 - kept)) * denoised + (a_next * kept / a) * x
    return mean, a_next * sigma_next * math.sqrt(max(0.0, 1 - ratio ** (2 * s * s)))


def ancestral_mean_std(x: Array, denoised: Array, sigma: float, sigma_next: float) -> tuple[Array, float]:
    """Mean and deviation of q(x' | x, x0), the ancestral step of DDPM.

    Source: Ho, Jain and Abbeel, arXiv:2006.11239, equation 7.
    """
    return sde_mean_std(x, denoised, sigma, sigma_next, 1.0)


def sde(x: Array, denoised: Array, z: Array, sigma: float, sigma_next: float, s: float) -> Array:
    """One step from ODE (s = 0) to SDE (s = 1) and beyond; z: standard normal numbers of the shape of x."""
    mean, std = sde_mean_std(x, denoised, sigma, sigma_next, s)
    return mean + std * z


def classifier_shift(gradient: Array, gamma: float, std: float) -> Array:
    """What classifier guidance adds to the mean of an ancestral step: gamma std^2 grad log p(y | .).

    Source: Dhariwal and Nichol, arXiv:2105.05233, algorithm 1. It vanishes for deterministic samplers: see rules.classifier.
    """
    return (gamma * std * std) * gradient
