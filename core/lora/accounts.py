"""What a method trains, what its optimiser keeps, and the lowest loss in its reach."""

from math import ceil

import numpy as np

from core.lora import floors
from core.lora.flat import MOMENTS
from core.lora.methods import NAMES, PRODUCTS, PROJECTIONS
from core.lora.problem import Problem
from core.lora.program import Recipe, Training

Array = np.ndarray

BYTES = 8  # of a number in the optimiser's state, as everything here is in double precision
ONE_SIDE = {"frozen_a": "B", "frozen_b": "A", "flora": "B"}  # methods of which one factor alone moves


def trained(name: str, n: int, m: int, r: int) -> int:
    """Numbers that the optimiser moves. The additive form has n r + r m of them, r^2 of which move nothing by themselves."""
    if name in ONE_SIDE:
        return r * (m if ONE_SIDE[name] == "B" else n)
    if name == "galore":
        return r * max(n, m)
    return {"full": n * m, "dora": r * (n + m) + m}.get(name, r * (n + m))


def state_bytes(name: str, n: int, m: int, r: int, optimiser: str) -> int:
    """Bytes of the moments; GaLore also keeps its projection, Flora and fresh projections a seed, which is nothing."""
    kept = min(n, m) * r if name == "galore" else 0
    return BYTES * (MOMENTS[optimiser] * trained(name, n, m, r) + kept)


def floor(name: str, problem: Problem, recipe: Recipe, training: Training) -> float | None:
    """As a share of the first loss; None where none is known (DoRA)."""
    if name == "dora":
        return None
    if name in PRODUCTS and name != "relora":
        offset = training.offsets[PRODUCTS.index(name)]
        return floors.reduced_rank(problem.root, problem.change + offset, recipe.rank) / problem.start
    rank = reach(name, recipe, min(problem.shape))
    if rank is not None:
        return floors.reduced_rank(problem.root, problem.change, rank) / problem.start
    K, J = (side[PROJECTIONS.index(name)] for side in training.sides)
    return floors.linear(problem.root, problem.change, K, J) / problem.start


def reach(name: str, recipe: Recipe, full: int) -> int | None:
    """The largest rank of the update where that is all that bounds it; full: of the whole matrix."""
    r, steps = recipe.rank, recipe.steps
    ranks = {
        "full": full,
        "relora": (recipe.restarts + 1) * r,
        "galore": ceil(steps / recipe.refresh) * r,
        "flora": ceil(steps / recipe.resample) * r,
        "projection_fresh": 2 * r * steps,
    }
    return min(ranks[name], full) if name in ranks else None


def every_floor(problem: Problem, recipe: Recipe, training: Training) -> tuple[Array, Array]:
    """[M] floors, and whether each is known; an unknown one is 0, which is below everything."""
    found = [floor(name, problem, recipe, training) for name in NAMES]
    return np.array([each or 0.0 for each in found]), np.array([each is not None for each in found])
