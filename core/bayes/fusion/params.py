"""What may be asked of the fusion of Gaussian contexts, with bounds."""

from core.bayes.pooling import Pooling
from core.parameters import Parameters, choice, seed, slider


class Params(Parameters):
    """Of /nbce_gauss."""

    contexts: int = slider(4, 1, 10, 1, doc="number of contexts n that say something about T")
    rho: float = slider(0.3, 0.0, 0.9, 0.05, doc="correlation of the errors of any two contexts, given T")
    pooling: Pooling = choice(Pooling.MEAN, "how the laws of the contexts are made one")
    beta: float = slider(3.0, -1.0, 9.0, 0.1, doc="how much is taken off the prior: (1 + beta) P - beta log p(T)")
    spread: float = slider(
        0.0, 0.0, 1.0, 0.05, doc="how unequal the contexts are: deviations run from noise e^-spread to noise e^spread"
    )
    noise: float = slider(1.0, 0.5, 3.0, 0.1, doc="deviation of a context's error; T has deviation 1", advanced=True)
    seed: int = seed()
