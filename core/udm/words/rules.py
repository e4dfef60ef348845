"""One step back of a word, with a posterior that may know the whole word and not only every place of it."""

from dataclasses import dataclass

import numpy as np

from core.udm import places
from core.udm.places import Order, drawn, sureness
from core.udm.words.params import Knows
from core.udm.words.posterior import Posterior

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Step(places.Step):
    """What every step does; x_0 is drawn as a whole where the posterior is known so."""

    posterior: Posterior
    knows: Knows = Knows.FACTORISED

    def predict(self, states: Array, wrong: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """As places.Step; nothing is said of how sure a whole word is where no order asks for it."""
        if self.knows is Knows.FACTORISED:
            return super().predict(states, wrong, rng)
        unique, back = np.unique(states, axis=0, return_inverse=True)
        predicted = self.posterior.law.letters[drawn(self.posterior.joint(unique, wrong), back, rng)]
        if self.posterior.edits or self.order in (Order.RANDOM, Order.LEFT_TO_RIGHT):
            return predicted, np.empty((len(states), 2, 0))
        return predicted, sureness(self.posterior.factorised(unique, wrong), back, predicted)
