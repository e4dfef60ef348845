"""The one-dimensional pair N(0, 2), N(0, 1): variances that guidance reaches, and the one it promises."""

import numpy as np

POINTS = 4000  # of the quadrature, even in log(sigma^2): relative error below 1e-5


def target_variance(gamma: float) -> float:
    """Of N(0, 2)^(1 - gamma) N(0, 1)^gamma: 2 / (gamma + 1)."""
    return 2 / (gamma + 1)


def guided_variance(gamma: float, s: float, sigma_max: float) -> float:
    """Where classifier-free guidance ends with exact scores and fine steps, from variance 1 + sigma_max^2 at sigma_max.

    s: 0 for the ODE, 1 for the SDE. With tau = sigma^2, h = ((1 + tau)^gamma (2 + tau)^(1 - gamma))^(1 + s^2), the variance
    is V(0) = h(0) (V(T) / h(T) + s^2 integral of 1/h over [0, T]). As T grows: 2^(1 - gamma) for s = 0 and
    (2 - 2^(2 - 2 gamma)) / (2 gamma - 1) for s = 1.
    """
    tau = np.append(0.0, np.geomspace(1e-9, sigma_max**2, POINTS))
    log_h = (1 + s * s) * (gamma * np.log1p(tau) + (1 - gamma) * np.log(2 + tau))
    inverse = np.exp(log_h[0] - log_h)
    return float((1 + tau[-1]) * inverse[-1] + s * s * np.trapezoid(inverse, tau))
