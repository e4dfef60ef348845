"""Rules of guidance: how a weak and a strong prediction become the guided one.

Every function takes numpy arrays and torch tensors alike, batch first; gamma is a number, or an array that broadcasts.
gamma = 1 is the plain conditional model everywhere; the w of Ho and Salimans is gamma - 1.
"""

from typing import Any

Array = Any  # a numpy array or a torch tensor: the rules use only what both understand

TINY = 1e-8


def cfg(unconditional: Array, conditional: Array, gamma: Array | float) -> Array:
    """Classifier-free guidance u + gamma (c - u), of noises, denoised samples, scores or velocities of equal shape.

    Source: Ho and Salimans, arXiv:2207.12598, equation 6, with w = gamma - 1.
    """
    return unconditional + gamma * (conditional - unconditional)


def autoguidance(bad: Array, good: Array, gamma: Array | float) -> Array:
    """Away from a weaker model under the same condition: bad + gamma (good - bad).

    Source: Karras et al., arXiv:2406.02507, equation 3.
    """
    return cfg(bad, good, gamma)


def interval_gamma(gamma: float, sigma: float, sigma_low: float, sigma_high: float) -> float:
    """gamma where sigma_low < sigma <= sigma_high (noise to signal ratio, data units), else 1.

    Source: Kynkäänniemi et al., arXiv:2404.07724, equation 5.
    """
    return gamma if sigma_low < sigma <= sigma_high else 1.0


def classifier(unconditional: Array, gradient: Array, gamma: float, b: float) -> Array:
    """Guided noise eps_u - gamma b grad log p_t(y | x_t): the form any sampler can use.

    unconditional: predicted noise; gradient: by x_t, of the same shape; b: standard deviation of the noise in x_t.
    Source: Dhariwal and Nichol, arXiv:2105.05233, algorithm 2.
    """
    return unconditional - gamma * b * gradient


def apg(
    conditional: Array, unconditional: Array, gamma: float, eta: float, radius: float, momentum: float, running: Array | float
) -> tuple[Array, Array]:
    """Adaptive projected guidance of denoised samples: (guided, the running difference for the next call).

    conditional, unconditional: denoised samples [n, ...]; running: 0 at first, then what the last call returned (before
    capping). eta: share kept of the part parallel to the conditional sample; radius: cap of the difference's norm, in the
    norm of one whole sample; momentum: negative pushes against earlier differences.
    Source: Sadat, Hilliges and Weber, arXiv:2410.02416, algorithm 1.
    """
    running = conditional - unconditional + momentum * running
    capped = running * (radius / _inner(running, running).clip(min=TINY**2) ** 0.5).clip(max=1)
    parallel = conditional * (_inner(capped, conditional) / _inner(conditional, conditional).clip(min=TINY**2))
    return conditional + (gamma - 1) * (capped - parallel + eta * parallel), running


def zero_star_scale(conditional: Array, unconditional: Array) -> Array:
    """Least-squares factor s of the unconditional velocity, [n, 1, ...]: s = <v_c, v_u> / |v_u|^2.

    Source: Fan et al., CFG-Zero*, arXiv:2503.18886, equation 8.
    """
    return _inner(conditional, unconditional) / (_inner(unconditional, unconditional) + TINY)


def zero_star(conditional: Array, unconditional: Array, gamma: float) -> Array:
    """Guided velocity (1 - gamma) s v_u + gamma v_c of CFG-Zero*; velocities as in velocity_of_denoised, [n, ...]."""
    return cfg(zero_star_scale(conditional, unconditional) * unconditional, conditional, gamma)


def denoised_of_noise(x: Array, noise: Array, a: float, b: float) -> Array:
    """Denoised sample x0 of the predicted noise, from x = a x0 + b noise; a > 0."""
    return (x - b * noise) / a


def noise_of_denoised(x: Array, denoised: Array, a: float, b: float) -> Array:
    """Noise that a denoised sample implies, from x = a denoised + b noise; b > 0."""
    return (x - a * denoised) / b


def velocity_of_denoised(x: Array, denoised: Array, a: float, b: float) -> Array:
    """Velocity noise - x0 of the straight path of flow matching; b > 0."""
    return (x - (a + b) * denoised) / b


def denoised_of_velocity(x: Array, velocity: Array, a: float, b: float) -> Array:
    """The inverse of velocity_of_denoised."""
    return (x - b * velocity) / (a + b)


def _inner(left: Array, right: Array) -> Array:
    """Inner product of each sample, [n, 1, ...]."""
    return (left * right).sum(axis=tuple(range(1, left.ndim)), keepdims=True)
