"""The rules, the orders and the strengths of guidance side by side, on the same words with as many draws."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.result import Result
from core.udm.places import Order, Rule
from core.udm.words.experiment import Scene, counted, ends, floor, scene_of, walked
from core.udm.words.law import expected_variation, total_variation
from core.udm.words.params import Guided, Knows, Params
from core.udm.words.posterior import Posterior
from core.udm.words.rules import Step
from core.udm.words.vocabulary import LENGTH, Kind

Array = np.ndarray

PLACES = tuple(range(1, LENGTH + 1))
GAMMAS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
BOTH: tuple[tuple[Knows, Rule], ...] = tuple((knows, rule) for rule in (Rule.IMPROVED, Rule.BASELINE) for knows in Knows)
RULES = {"mask": BOTH, "edit": (*BOTH, (Knows.FACTORISED, Rule.PAIRS))}
NONE = -1.0  # no closed form, or not computed yet


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """Total variations between the draws and what is asked for; -1 where there is no closed form, or not yet.

    R rules against places a step; O orders of the mask model with the factorised posterior; joint and factorised guidance
    against G strengths.
    """

    rules: list[str]  # [R] knows_rule
    by_rule: Array  # [R, 2, l] measured, and expected of as many draws in closed form
    orders: list[str]  # [O]
    by_order: Array  # [O, 2, l]
    by_gamma: Array  # [2, 2, G] joint and factorised, each measured and expected
    in_class: Array  # [2, G] share of the draws in the class, of letters guided place by place the second
    kind: str  # of the class
    floor: Array  # [2] lowest and highest of sets of exact draws

    def metrics(self) -> dict[str, float]:
        """One place a step, and two."""
        one = {f"one_place_{name}": float(row[0, 0]) for name, row in zip(self.rules, self.by_rule, strict=True)}
        two = {f"two_places_{name}": float(row[0, 1]) for name, row in zip(self.rules, self.by_rule, strict=True)}
        return one | two


def compare(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """Rules, then orders, then guidance; everything random follows from p.seed."""
    scene, rng = scene_of(p), np.random.default_rng((p.seed, 3))
    pairs = RULES[p.corruption.kind]
    low_high = floor(scene.target, p.samples, p.seed)
    shape = (2, LENGTH)
    result = ComparisonResult(
        rules=[f"{knows.value}_{rule.value}" for knows, rule in pairs],
        by_rule=np.full((len(pairs), *shape), NONE),
        orders=[order.value for order in Order],
        by_order=np.full((len(Order), *shape), NONE),
        by_gamma=np.full((2, 2, len(GAMMAS)), NONE),
        in_class=np.full((2, len(GAMMAS)), NONE),
        kind=_class(p).value,
        floor=np.array([low_high.min(), low_high.max()]),
    )
    ways = [Step(scene.posterior, rule, scene.order, knows=knows) for knows, rule in pairs]
    by_rule = [[_both(scene, step, k, p, rng) for k in PLACES] for step in ways]
    result = replace(result, by_rule=np.array(by_rule).transpose(0, 2, 1).copy())
    yield 0.4, result
    holes = replace(scene, posterior=replace(scene.posterior, edits=False))
    steps = [Step(holes.posterior, Rule.IMPROVED, order) for order in Order]
    by_order = [[_both(holes, step, k, p, rng) for k in PLACES] for step in steps]
    result = replace(result, by_order=np.array(by_order).transpose(0, 2, 1).copy())
    yield 0.7, result
    rows = [[_guided(holes, knows, gamma, p, rng) for gamma in GAMMAS] for knows in Knows]
    table = np.array(rows).transpose(0, 2, 1)
    yield 1.0, replace(result, by_gamma=table[:, :2].copy(), in_class=table[:, 2].copy())


def _both(scene: Scene, step: Step, places: int, p: Params, rng: np.random.Generator) -> tuple[float, float]:
    """Measured, and expected in closed form."""
    path, _ = walked(scene, step, places, p.samples, rng)
    theory = ends(scene, step, places)
    expected = expected_variation(theory, scene.target, p.samples) if (theory >= 0).all() else NONE
    return total_variation(counted(path[-1], scene.law) / p.samples, scene.target), expected


def _guided(scene: Scene, knows: Knows, gamma: float, p: Params, rng: np.random.Generator) -> tuple[float, float, float]:
    """Measured, expected, and the share in the class; one place a step."""
    members = scene.law.members(_class(p))
    here = replace(scene, posterior=Posterior(scene.law, False, members, gamma), members=members)
    step = Step(here.posterior, Rule.IMPROVED, Order.RANDOM, knows=knows)
    path, _ = walked(here, step, 1, p.samples, rng)
    share, theory = counted(path[-1], here.law) / p.samples, ends(here, step, 1)
    return total_variation(share, here.target), expected_variation(theory, here.target, p.samples), float(share[members].sum())


def _class(p: Params) -> Kind:
    """The one that is asked for; plurals without one."""
    return p.guidance.members if isinstance(p.guidance, Guided) else Kind.PLURAL
