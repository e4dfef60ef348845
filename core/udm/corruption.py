"""What a corruption is: x_t = F_t(x_0, eps) with eps ~ q(eps), for any t in [0, 1], and its second moments in closed form.

F_0 is the identity. F_1 is an end state that no longer depends on x_0, except where the corruption says so. Pictures are
[h, w, 3] in [-1, 1], 0 is grey. The same eps serves every t, so a picture dissolves instead of flickering.
Source: Su Jianlin, kexue.fm/archives/9262, equation 1.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from core.udm.channel import Channel
from core.udm.spectrum import mean_square_error

Array = np.ndarray

NOTHING = np.empty(0)


class Corruption(ABC):
    """One file in core/udm/corruptions defines one."""

    order: ClassVar[int]

    def draw(self, rng: np.random.Generator, other: Array) -> Array:  # noqa: ARG002
        """eps ~ q(eps), of pictures of the shape of `other`, a second picture; nothing for a deterministic corruption."""
        return NOTHING

    @abstractmethod
    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        """F_t(x_0, eps), [h, w, 3]; not limited to [-1, 1]."""

    def channel(self, clean: Array, eps: Array, t: float) -> Channel | None:  # noqa: ARG002
        """Its closed form, where it is of that kind."""
        return None

    def expected_error(self, clean: Array, eps: Array, t: float) -> float:
        """E (x_t - x_0)^2 a value, over what is random: read off the channel; who has none says it itself."""
        form = self.channel(clean, eps, t)
        if form is None:
            raise NotImplementedError(f"{type(self).__name__} has no channel and must say its expected error")
        return mean_square_error(clean, form)
