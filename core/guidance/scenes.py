"""The worlds of the plane: all data, the class that is asked for, and how likely it is."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from core.lists import Points, points
from core.mixture import Mixture, equal_mixture
from core.parameters import Variant, slider

CLASS_SIZE = 2  # components of the editable scene that belong to the class: the first ones
PAIR_HEIGHT = 0.05  # variance of the coordinate that does not matter in the one-dimensional pair


@dataclass(frozen=True, eq=False)
class Scene:
    """p(x), p(x|y) and p(y); by Bayes' rule p(y|x) = prior * wanted(x) / everything(x), never above 1."""

    everything: Mixture
    wanted: Mixture
    prior: float

    def log_posterior(self, x: np.ndarray) -> np.ndarray:
        """log p(y|x), [n], of clean points x [n, 2]."""
        return np.log(self.prior) + self.wanted.log_density(x) - self.everything.log_density(x)


class Overlap(Variant):
    """Two broad classes that share a border."""

    kind: Literal["overlap"] = "overlap"


class Five(Variant):
    """Five components, the class being the two in the middle: guidance pushes it inwards from all sides."""

    kind: Literal["five"] = "five"


class Tree(Variant):
    """A trunk with two crowns of slanted branches; the class is one crown."""

    kind: Literal["tree"] = "tree"


class Ring(Variant):
    """Eight components on a circle, two opposite pairs of neighbours the class."""

    kind: Literal["ring"] = "ring"


class Pair(Variant):
    """N(0, 2) and the class N(0, 1) along x: every law is Gaussian, so the variances have closed forms."""

    kind: Literal["pair"] = "pair"


class Edited(Variant):
    """Components wherever they are dragged; the first two are the class."""

    kind: Literal["edited"] = "edited"
    centres: Points = points(
        ((-0.9, 0.3), (0.9, -0.3), (0.0, 1.6), (0.0, -1.6), (2.2, 1.2)),
        -3,
        3,
        3,
        8,
        "centres of the components; the first two are the class",
    )
    spread: float = slider(0.35, 0.1, 1.0, 0.05, "data units", "deviation of every component", advanced=True)


SceneChoice = Overlap | Five | Tree | Ring | Pair | Edited


@lru_cache(maxsize=64)
def scene(which: SceneChoice) -> Scene:
    """The scene of a choice; the same object for equal choices."""
    return _edited(which) if isinstance(which, Edited) else FIXED[which.kind]()


def _overlap() -> Scene:
    means = np.array([[-0.7, -0.3], [-0.9, 0.9], [0.7, 0.3], [0.9, -0.9]])
    return _isotropic(means, 0.6, np.array([True, True, False, False]))


def _five() -> Scene:
    means = np.array([[0.0, 0.6], [0.0, -0.6], [1.55, 0.55], [-0.6, 1.55], [-0.35, -1.6]])
    return _isotropic(means, 0.45, np.array([True, True, False, False, False]))


def _ring() -> Scene:
    angles = (np.arange(8) + 0.5) * np.pi / 4
    return _isotropic(1.9 * np.stack([np.cos(angles), np.sin(angles)], 1), 0.3, np.arange(8) % 4 < 2)


def _tree() -> Scene:
    rows = [(0.0, -2.0, 90, 0.45), (0.0, -1.1, 90, 0.4)]
    for side in (-1, 1):
        rows += [(side * x, y, 90 - side * turn, length) for x, y, turn, length in BRANCHES]
    wanted = np.arange(len(rows)) >= 2 + len(BRANCHES)
    x, y, turn, length = np.array(rows).T
    axes = np.stack([np.cos(np.radians(turn)), np.sin(np.radians(turn))], 1)
    along = (length**2 - BARK**2)[:, None, None] * axes[:, :, None] * axes[:, None, :]
    return of_components(np.stack([x, y], 1), along + BARK**2 * np.eye(2), wanted)


BARK = 0.1  # half the thickness of a branch
BRANCHES = ((0.45, -0.35, 35, 0.4), (0.75, 0.4, 20, 0.4), (1.25, 0.15, 65, 0.4), (0.85, 1.2, 0, 0.35), (1.7, 0.9, 45, 0.35))


def _pair() -> Scene:
    """The ratio N(0, 1) / N(0, 2) is at most sqrt 2, so with this prior p(y|x) = exp(-x^2 / 4) is a true probability."""
    everything, wanted = (Mixture(np.ones(1), np.zeros((1, 2)), np.diag([v, PAIR_HEIGHT])[None]) for v in (2.0, 1.0))
    return Scene(everything, wanted, 0.5**0.5)


def _edited(which: Edited) -> Scene:
    return _isotropic(np.array(which.centres), which.spread, np.arange(len(which.centres)) < CLASS_SIZE)


def _isotropic(means: np.ndarray, deviation: float, wanted: np.ndarray) -> Scene:
    return of_components(means, np.broadcast_to(deviation**2 * np.eye(2), (len(means), 2, 2)), wanted)


def of_components(means: np.ndarray, covariances: np.ndarray, wanted: np.ndarray) -> Scene:
    """Equally likely components, [K, 2] and [K, 2, 2]; wanted [K] says which are the class."""
    return Scene(equal_mixture(means, covariances), equal_mixture(means[wanted], covariances[wanted]), float(wanted.mean()))


FIXED = {"overlap": _overlap, "five": _five, "tree": _tree, "ring": _ring, "pair": _pair}
