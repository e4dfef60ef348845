"""The choices that the plane and the digits share: methods of guidance and samplers, with the fields each has of its own."""

from enum import Enum
from typing import Literal

from core.lists import Points, points
from core.parameters import Variant, choice, slider

SQUARE = 4.0  # half the side of the picture, data units


class GradientAt(Enum):
    """Where the ancestral form takes the classifier's gradient."""

    X = "x"  # at x_t, level t: the first published code
    MEAN = "mean"  # at the step's mean, level t
    MEAN_NEXT = "mean_next"  # at the step's mean, level t - 1: the derived form


class Classifier(Variant):
    """eps~ = eps - gamma b grad log p_t(y | x_t), for any sampler."""

    kind: Literal["classifier"] = "classifier"


class ClassifierMean(Variant):
    """The ancestral step's mean is shifted by gamma std^2 grad log p(y | .): only where a step has a deviation."""

    kind: Literal["classifier_mean"] = "classifier_mean"
    gradient_at: GradientAt = choice(GradientAt.MEAN_NEXT, "where the classifier's gradient is taken")


class ClassifierFree(Variant):
    kind: Literal["cfg"] = "cfg"


class PowerNormalised(Variant):
    """The gradient of p(y|x)^gamma / Z(x), its - grad log Z included."""

    kind: Literal["power_normalised"] = "power_normalised"


class Similarity(Variant):
    """Towards a point of the plane: gamma times scale times the gradient of a similarity between 0 and 1."""

    kind: Literal["similarity"] = "similarity"
    towards: Points = points(((1.5, 1.5),), -SQUARE, SQUARE, 1, 1, "reference point")
    scale: float = slider(
        2.0, 0.1, 5.0, 0.1, doc="the similarity is bounded, so it counts this many times gamma", advanced=True
    )
    width: float = slider(
        1.0, 0.3, 3.0, 0.1, "data units", "distance at which the similarity has fallen to 0.61", advanced=True
    )


class Interval(Variant):
    """gamma for sigma_low < sigma <= sigma_high, 1 elsewhere."""

    kind: Literal["interval"] = "interval"
    sigma_low: float = slider(0.3, 0.0, 10.0, 0.05, "sigma", "guidance ends at this noise to signal ratio")
    sigma_high: float = slider(2.0, 0.0, 160.0, 0.05, "sigma", "guidance begins below this noise to signal ratio")


class CFGPlusPlus(Variant):
    """x0 by guidance of strength lambda = lambda_per_gamma * gamma, renoised with the unconditional noise."""

    kind: Literal["cfg_plus_plus"] = "cfg_plus_plus"
    lambda_per_gamma: float = slider(0.08, 0.01, 0.2, 0.01, doc="lambda over gamma; the paper pairs 0.6 with 7.5")


class APG(Variant):
    """Adaptive projected guidance, on denoised samples."""

    kind: Literal["apg"] = "apg"
    eta: float = slider(0.0, 0.0, 1.0, 0.05, doc="share kept of the part parallel to the conditional prediction")
    radius: float = slider(2.5, 0.1, 20.0, 0.1, "data units", "cap of the norm of the guidance", advanced=True)
    momentum: float = slider(-0.5, -0.9, 0.9, 0.05, doc="weight of earlier guidance; negative works against it", advanced=True)


class Autoguidance(Variant):
    """Away from a weaker model under the same condition: here, one that blurs its data."""

    kind: Literal["autoguidance"] = "autoguidance"
    blur: float = slider(0.5, 0.1, 2.0, 0.1, "data units", "deviation of the blur of the weak model's data")


class ZeroStar(Variant):
    """CFG-Zero*: the unconditional velocity scaled to fit, and no movement in the first steps."""

    kind: Literal["cfg_zero_star"] = "cfg_zero_star"
    zero_share: float = slider(0.04, 0.0, 0.5, 0.01, doc="share of the steps, the first ones, with velocity zero")


class FeynmanKac(Variant):
    """Classifier-free guidance whose particles carry weights and are resampled: exact as steps and particles grow."""

    kind: Literal["feynman_kac"] = "feynman_kac"
    least_share: float = slider(
        0.9, 0.05, 1.0, 0.05, doc="resample when the effective share of the particles falls below", advanced=True
    )


class Ddpm(Variant):
    kind: Literal["ddpm"] = "ddpm"


class Ddim(Variant):
    kind: Literal["ddim"] = "ddim"


class Ode(Variant):
    """Heun's rule for the probability-flow ODE."""

    kind: Literal["ode"] = "ode"


class Sde(Variant):
    kind: Literal["sde"] = "sde"
    stochasticity: float = slider(1.0, 0.0, 1.5, 0.05, "of g", "noise of the reverse process: 0 is the ODE, 1 the usual SDE")
