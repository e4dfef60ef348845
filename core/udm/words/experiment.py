"""Experiment udm_text_words: words that are masked or misspelt come back, by rules whose every posterior is exact."""

from dataclasses import dataclass

import numpy as np

from core.result import Result
from core.udm.places import Order, Rule, corrupted
from core.udm.words.law import Reach, expected_variation, total_variation
from core.udm.words.params import Edit, Guided, Knows, Mask, Params, Start
from core.udm.words.posterior import Posterior, guided
from core.udm.words.rules import Step
from core.udm.words.vocabulary import HOLE, LENGTH, LETTERS, Vocabulary, coded, vocabulary

Array = np.ndarray

SHOWN = 8  # words that are followed step by step
SETS = 20  # of exact draws, for the floor


@dataclass(frozen=True, eq=False)
class WordsResult(Result):
    """N words, n draws, T steps. theory: of words -1 where there is no closed form."""

    words: list[str]  # [N], the most frequent first
    target: Array  # [N] probability that is asked for
    theory: Array  # [N] that the rule ends at a word, in closed form
    counts: Array  # [N] draws that ended there
    walks: Array  # [SHOWN, T + 1, l] int8, the first draws from x_T to x_0
    floor: Array  # [SETS] distances of sets of as many exact draws
    floor_theory: float  # their mean in closed form
    expected: float  # mean distance of as many draws of the rule in closed form, -1 where there is none
    samples: int
    members: Array  # [N] bool, words of the class that is asked for
    misfits: float  # share of predictions for which no word fits

    def metrics(self) -> dict[str, float]:
        """Total variation between the empirical law of the draws and the law that is asked for, over all strings."""
        share = self.counts / self.samples
        values = {"total_variation": total_variation(share, self.target), "total_variation_floor": self.floor_theory}
        if self.expected >= 0:
            values |= {"total_variation_theory": self.expected, "bias_theory": total_variation(self.theory, self.target)}
        is_word = {"word_share": float(share.sum())}
        if self.expected >= 0:
            is_word["word_share_theory"] = float(self.theory.sum())
        in_class = {} if self.members.all() else {"class_share": float(share[self.members].sum())}
        return values | is_word | in_class | {"misfit_share": self.misfits}


def compute(p: Params) -> WordsResult:
    """Draw p.samples words; everything random follows from p.seed."""
    scene = scene_of(p)
    step = Step(scene.posterior, p.rule, scene.order, knows=p.knows)
    path, misfits = walked(scene, step, p.places, p.samples, np.random.default_rng((p.seed, 1)))
    theory = ends(scene, step, p.places)
    known, target = bool((theory >= 0).all()), scene.target
    return WordsResult(
        words=scene.law.words,
        target=target,
        theory=theory,
        counts=counted(path[-1], scene.law),
        walks=np.stack([states[:SHOWN] for states in path], 1),
        floor=floor(target, p.samples, p.seed),
        floor_theory=expected_variation(target, target, p.samples),
        expected=expected_variation(theory, target, p.samples) if known else -1.0,
        samples=p.samples,
        members=scene.members.copy(),
        misfits=misfits,
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """The words, their posterior, what is given, and the law that the draws should have."""

    law: Vocabulary
    posterior: Posterior
    members: Array  # [N] bool
    order: Order
    given: str
    start: Start

    @property
    def edits(self) -> bool:
        return self.posterior.edits

    @property
    def target(self) -> Array:
        """[N] of the whole words, under what is given and guided; gamma other than 0 leaves the class's own law."""
        start = coded(self.given)[None]
        return self.posterior.joint(start, int((start == HOLE).sum()))[0] if not self.edits else self._free()

    def _free(self) -> Array:
        """Nothing is given."""
        if self.posterior.members is None:
            return self.law.weights.copy()
        return guided(self.law.only(self.posterior.members).weights, self.law.weights, self.posterior.gamma)


def scene_of(p: Params) -> Scene:
    """Of these parameters."""
    law, edits = vocabulary(p.words), isinstance(p.corruption, Edit)
    asked = p.guidance if isinstance(p.guidance, Guided) else None
    members = law.members(asked.members) if asked else np.ones(len(law.letters), bool)
    posterior = Posterior(law, edits, members if asked else None, asked.gamma if asked else 1.0)
    order = p.corruption.order if isinstance(p.corruption, Mask) else Order.RANDOM
    given = p.corruption.given if isinstance(p.corruption, Mask) else "_" * LENGTH
    return Scene(law, posterior, members, order, given, p.corruption.start if isinstance(p.corruption, Edit) else Start.ANY)


def walked(scene: Scene, step: Step, places: int, count: int, rng: np.random.Generator) -> tuple[list[Array], float]:
    """x_T to x_0, each [count, l]; and the share of predictions for which no word fits."""
    states, missed, made = started(scene, count, rng), 0, 0
    path, wrong = [states], LENGTH if scene.edits else int((states[0] == HOLE).sum())
    while wrong:
        left = max(wrong - places, 0)
        unique, times = np.unique(states, axis=0, return_counts=True)
        missed += int(times[scene.posterior.misfit(unique, wrong).min(1) > 0].sum())
        made += count
        states = step.back(states, wrong, left, rng)
        path.append(states)
        wrong = left
    return path, missed / max(made, 1)


def started(scene: Scene, count: int, rng: np.random.Generator) -> Array:
    """x_T, [count, l]."""
    if not scene.edits:
        return np.tile(coded(scene.given), (count, 1))
    if scene.start is Start.ANY:
        return rng.integers(0, LETTERS, (count, LENGTH), dtype=np.int8)
    chosen = rng.choice(len(scene.law.letters), count, p=scene.target)
    return corrupted(scene.law.letters[chosen], LENGTH, LETTERS, True, rng)


def ends(scene: Scene, step: Step, places: int) -> Array:
    """[N] probability of every word in closed form, -1 where there is none."""
    by_joint = step.knows is Knows.JOINT and step.order is Order.CONFIDENT
    if step.rule is Rule.IMPROVED and not scene.edits and not by_joint:
        return Reach(scene.posterior, step.knows, step.order, places, scene.given).ends()
    if _is_exact(scene, step, places):
        return scene.target
    return np.full(len(scene.law.letters), -1.0)


def _is_exact(scene: Scene, step: Step, places: int) -> bool:
    """Whether the marginal of every x_t is the true one: then the words have the law that is asked for."""
    if scene.edits and scene.start is Start.ANY:
        return False
    if step.rule is Rule.PAIRS:
        return places == 1 and scene.posterior.gamma == 1
    by_confidence = not scene.edits and step.rule is Rule.IMPROVED and step.order is Order.CONFIDENT
    return step.knows is Knows.JOINT and scene.given == "_" * LENGTH and not by_confidence


def counted(states: Array, law: Vocabulary) -> Array:
    """[N] of every word among [n, l]."""
    code = (LETTERS + 1) ** np.arange(LENGTH)
    found, times = np.unique(states.astype(np.int64) @ code, return_counts=True)
    return np.array([times[found == word].sum() for word in law.letters.astype(np.int64) @ code])


def floor(target: Array, count: int, seed: int) -> Array:
    """[SETS] total variations of sets of exact draws."""
    sets = np.random.default_rng((seed, 2)).multinomial(count, target / target.sum(), SETS)
    return np.array([total_variation(each / count, target) for each in sets])
