"""Which adapters are trained together, and the columns of their factors side by side."""

from dataclasses import dataclass

import numpy as np

from core.lora.digits.params import DENSE, METHODS, RANKS, LoraPlus, Params, Several

Array = np.ndarray


@dataclass(frozen=True)
class Adapter:
    """One way to fine-tune, at one rank. count: adapters in series or side by side, 1 for the other methods."""

    method: str
    rank: int
    count: int = 1
    ratio: float = 1.0  # learning rate of B over that of A
    pace: float = 1.0  # its learning rates over those of the recipe

    @property
    def columns(self) -> int:
        """The rank of the whole update, as the program stacks it."""
        return self.rank * self.count

    @property
    def at_once(self) -> int:
        """The rank that is trained at a time: in series one adapter after the other."""
        return self.rank if self.method == "relora" else self.columns

    def scale(self, alpha: float) -> float:
        """s of W0 + s B A: PEFT's alpha / r, alpha / sqrt(r) for rsLoRA."""
        return alpha / (self.rank**0.5 if self.method == "rslora" else self.rank)


def adapter(p: Params, method: str, rank: int) -> Adapter:
    """With the fields of the method looked at, the others at their defaults."""
    count = p.method.adapters if isinstance(p.method, Several) else Several().adapters
    ratio = p.method.ratio if isinstance(p.method, LoraPlus) else LoraPlus().ratio
    several, plus = method in ("relora", "parallel"), method == "lora_plus"
    return Adapter(method, rank, count if several else 1, ratio if plus else 1.0)


def compared(p: Params) -> list[Adapter]:
    """Every method at the rank asked for, the one looked at also at RANKS; those that move W itself come first."""
    ranks = sorted({*RANKS, p.rank})
    mine = [] if p.method.kind == "full" else [adapter(p, p.method.kind, r) for r in ranks]
    others = [adapter(p, name, p.rank) for name in METHODS if name != p.method.kind or not mine]
    found = [*others, *mine]
    return sorted(found, key=lambda each: (each.method not in DENSE, METHODS.index(each.method), each.rank))


@dataclass(frozen=True, eq=False)
class Columns:
    """C columns of the factors of L products, one product after the other."""

    owner: Array  # [C] whose it is
    place: Array  # [L, R] its number among all, C where the product has fewer than R
    scale: Array  # [C] s
    rate_a: Array  # [C] learning rate over the common one
    rate_b: Array  # [C]
    begins: Array  # [C] share of all steps after which it is trained
    ends: Array  # [C] and after which it no longer is


def columns(adapters: list[Adapter], alpha: float) -> Columns:
    """Of adapters none of which is DENSE."""
    owner = np.repeat(np.arange(len(adapters)), [each.columns for each in adapters])
    place = np.full((len(adapters), max(each.columns for each in adapters)), len(owner))
    for i in range(len(adapters)):
        mine = np.flatnonzero(owner == i)
        place[i, : len(mine)] = mine
    turn = np.concatenate([_turns(each) for each in adapters])
    return Columns(
        owner=owner,
        place=place,
        scale=np.array([adapters[i].scale(alpha) for i in owner]),
        rate_a=np.array([0.0 if adapters[i].method == "frozen_a" else adapters[i].pace for i in owner]),
        rate_b=np.array([adapters[i].pace * adapters[i].ratio for i in owner]),
        begins=turn[:, 0],
        ends=turn[:, 1],
    )


def _turns(each: Adapter) -> Array:
    """[columns, 2] from where to where each column is trained: in series one adapter after the other, else always."""
    number = np.arange(each.columns) // each.rank
    first, last = (number, number + 1) if each.method == "relora" else (0 * number, 0 * number + each.count)
    return np.stack([first, last], 1) / each.count
