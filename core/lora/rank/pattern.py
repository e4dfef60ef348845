"""The suggested ranks as arguments of peft.LoraConfig, and the factors that such adapters would hold at their best."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.lora.rank.decomposition import Decomposition

Array = np.ndarray

WEIGHT = ".weight"


def adapters(ranks: Mapping[str, int], modules: Sequence[str]) -> dict[str, Any]:
    """r, lora_alpha, target_modules, rank_pattern, alpha_pattern for peft.LoraConfig; empty where no layer has a rank.

    ranks: tensor's name -> suggested rank; only what is the weight of a module can have an adapter. modules: all of the
    network, for PEFT takes a name for every module that ends with it. alpha equals the rank, so that the scale is 1.
    """
    chosen = {name.removesuffix(WEIGHT): rank for name, rank in ranks.items() if rank and name.endswith(WEIGHT)}
    if not chosen:
        return {}
    counts = Counter(chosen.values())
    usual = min(counts, key=lambda rank: (-counts[rank], rank))
    others = {_key(name, modules): rank for name, rank in chosen.items() if rank != usual}
    named = {"r": usual, "lora_alpha": usual, "target_modules": _targets(list(chosen), modules)}
    return named | {"rank_pattern": others, "alpha_pattern": dict(others)}


def _targets(names: list[str], modules: Sequence[str]) -> list[str] | str:
    """A list, or one regular expression where a name of it would also be taken for that of a module that is left out."""
    rest = set(modules) - set(names)
    clear = not any(module.endswith(f".{name}") for name in names for module in rest)
    return names if clear else "|".join(map(re.escape, names))


def _key(name: str, modules: Sequence[str]) -> str:
    """The name, or, for it is read as a regular expression, an exact one where it would fit another module too."""
    fits = [module for module in modules if re.match(rf"(.*\.)?({name})$", module)]
    return name if fits == [name] else f"^{re.escape(name)}"


def factors(found: Decomposition, rank: int, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """(lora_A, lora_B) as PEFT keeps them, B A the truncated product: A [r, in ...] and B [out, r], or [out, r, 1 ...].

    shape: of the weight as stored; the root of each singular value goes to either side.
    """
    root = np.sqrt(found.values[:rank])
    A, B = root[:, None] * found.right[:rank], found.left[:, :rank] * root
    return A.reshape(rank, *shape[1:]), B.reshape(shape[0], rank, *(1 for _ in shape[2:]))
