"""How strong a direction must be to be seen at all, and how many are found in more and more noise: what follows lora_rank.

Sources: as core.lora.rank.noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.lora.rank import noise
from core.lora.rank.experiment import asked, cut, source
from core.lora.rank.params import RankParams
from core.result import Result

Array = np.ndarray

STRENGTHS = np.linspace(0.25, 3.0, 12)
LEVELS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0])
DRAWS = 8
LONGEST, SHORTEST = 192, 8  # sides of what is drawn by lot in the place of a large layer
MOST_PLANTED = 16


@dataclass(frozen=True)
class Scene:
    """Directions in noise like those of the layer drawn, on sides that can be drawn by lot many times.

    strengths: of the first planted singular value. own: noise of the layer itself, in the same units; -1: none is known.
    """

    shape: tuple[int, int]
    strengths: Array
    own: float


@dataclass(frozen=True, eq=False)
class TransitionResult(Result):
    """S strengths in units of sigma sqrt(longer side), V levels of noise in units of the first planted one; so far."""

    shape: list[int]
    strength: Array  # [S]
    seen: Array  # [S] largest singular value, mean over draws
    seen_stderr: Array  # [S]
    aligned: Array  # [S, 2] squared cosine with the planted direction, of the shorter and of the longer side
    aligned_stderr: Array  # [S, 2]
    visible: float  # the least strength that leaves a trace
    level: Array  # [V]
    recovered: Array  # [V] rank by the threshold, mean over draws
    recovered_stderr: Array  # [V]
    planted: Array  # [r] strengths of the directions, of the first
    own: float  # level of the layer drawn; -1 where none is known

    def metrics(self) -> dict[str, float]:
        """Largest distance of a mean from theory."""
        ratio = noise.beta((self.shape[0], self.shape[1]))
        values = {"visible_theory": self.visible, "planted_directions": float(len(self.planted))}
        if len(self.seen):
            values["seen_away"] = float(np.abs(self.seen - noise.observed(self.strength, ratio)).max())
        return values


def transition(p: RankParams) -> Iterator[tuple[float, TransitionResult]]:
    """(share done, the curves so far): one strength, then one level of noise at a time, DRAWS draws each."""
    scene, rng = scene_of(p), np.random.default_rng(p.seed)
    seen: list[Array] = []
    counts: list[Array] = []
    total = len(STRENGTHS) + len(LEVELS)
    for strength in STRENGTHS:
        seen.append(looked_at(scene, float(strength), rng))
        yield len(seen) / total, _result(scene, seen, counts)
    for level in LEVELS:
        counts.append(recovered(scene, float(level), rng))
        yield (len(seen) + len(counts)) / total, _result(scene, seen, counts)


def scene_of(p: RankParams) -> Scene:
    """The planted one; or the layer's directions above its threshold, as strong as they are without the noise on them."""
    if plant := p.plant():
        return Scene(plant.shape, plant.strengths, plant.noise)
    pair = source(p)
    found = pair.layer(min(asked(p), len(pair)) - 1).decomposition
    if found is None:
        return Scene((LONGEST, LONGEST), np.ones(1), -1.0)
    shape, unit = _smaller(found.shape), found.sigma * float(np.sqrt(max(found.shape)))
    above = found.values[found.values > max(cut(found), 1e-9 * found.norm)][: min(MOST_PLANTED, min(shape) // 4)]
    if not len(above) or unit < 1e-9 * found.norm:
        return Scene(shape, np.ones(1), -1.0)
    strengths = noise.planted(above / unit, noise.beta(found.shape))
    return Scene(shape, strengths / strengths[0], float(1 / strengths[0]))


def _smaller(shape: tuple[int, int]) -> tuple[int, int]:
    """With the same ratio of the sides, as far as that goes."""
    scale = min(1.0, LONGEST / max(shape))
    rows, columns = (max(round(side * scale), min(side, SHORTEST)) for side in shape)
    return rows, columns


def looked_at(scene: Scene, strength: float, rng: np.random.Generator) -> Array:
    """[DRAWS, 3] of one direction of this strength: singular value seen, squared cosines of the shorter and the longer side."""
    return np.array([_look(scene.shape, strength, rng) for _ in range(DRAWS)])


def _look(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> list[float]:
    u, v = (each / np.linalg.norm(each) for each in map(rng.standard_normal, shape))
    D = strength * np.outer(u, v) + rng.standard_normal(shape) / np.sqrt(max(shape))
    left, values, right = np.linalg.svd(D, full_matrices=False)
    cosines = [float(left[:, 0] @ u) ** 2, float(right[0] @ v) ** 2]
    return [float(values[0]), *(cosines if shape[0] <= shape[1] else cosines[::-1])]


def recovered(scene: Scene, level: float, rng: np.random.Generator) -> Array:
    """[DRAWS] how many directions the threshold finds, sigma unknown."""
    return np.array([_count(scene, level, rng) for _ in range(DRAWS)], float)


def _count(scene: Scene, level: float, rng: np.random.Generator) -> int:
    sides, count, ratio = scene.shape, len(scene.strengths), noise.beta(scene.shape)
    left, right = (np.linalg.qr(rng.standard_normal((side, count)))[0] for side in sides)
    D = (left * scene.strengths) @ right.T + level / np.sqrt(max(sides)) * rng.standard_normal(sides)
    values = np.linalg.svd(D, compute_uv=False)
    return int(np.sum(values > noise.threshold(ratio) / noise.median(ratio) * np.median(values)))


def expected_count(strengths: Array, levels: Array, ratio: float) -> Array:
    """[V] directions whose observed singular value lies above the threshold, sigma known, in large matrices."""
    relative = strengths[None, :] / levels[:, None]
    above = (relative > noise.visible(ratio)) & (noise.observed(relative, ratio) > noise.threshold(ratio))
    return above.sum(1)


def _result(scene: Scene, seen: list[Array], counts: list[Array]) -> TransitionResult:
    looks, found = np.array(seen), np.array(counts).reshape(-1, DRAWS)
    means, errors = looks.mean(1), looks.std(1, ddof=1) / np.sqrt(DRAWS)
    return TransitionResult(
        shape=list(scene.shape),
        strength=STRENGTHS[: len(seen)].copy(),
        seen=means[:, 0].copy(),
        seen_stderr=errors[:, 0].copy(),
        aligned=means[:, 1:].copy(),
        aligned_stderr=errors[:, 1:].copy(),
        visible=noise.visible(noise.beta(scene.shape)),
        level=LEVELS[: len(counts)].copy(),
        recovered=found.mean(1),
        recovered_stderr=found.std(1, ddof=1) / np.sqrt(DRAWS),
        planted=scene.strengths.copy(),
        own=scene.own,
    )
