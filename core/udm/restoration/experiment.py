"""Experiment udm_reverse_digits: a digit comes back from a corruption under every rule, from one start, again and again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.digits.data import SIDE
from core.udm.pictures import shown
from core.udm.restoration.exact import Posterior
from core.udm.restoration.forward import Level
from core.udm.restoration.params import Params, Predictor
from core.udm.restoration.predictors import Network, predictor
from core.udm.restoration.result import FRAMES, DigitsResult
from core.udm.restoration.reverse import Rule, Walk, fresh_share, guesses, started
from core.udm.restoration.subject import Subject, subject
from core.udm.restoration.table import Row, rows_near

Array = np.ndarray


def compute(p: Params) -> Iterator[tuple[float, DigitsResult]]:
    """(share done, the digits so far): first where they start, then every step; torch is first imported after the preview.

    Restart i has its own random numbers under every rule, whatever the number of restarts.
    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    runs = Runs(p)
    yield 0.0, runs.result()
    for step in range(p.steps):
        runs.step(step)
        yield (step + 1) / p.steps, runs.result()


def levels(p: Params) -> list[Level]:
    """[steps + 1] from p.t to 0 in equal steps."""
    return [Level(p.corruption, t, p.sigma) for t in np.linspace(p.t, 0, p.steps + 1).tolist()]


def walks(p: Params, clean: Array) -> list[Walk]:
    """One a rule, every restart of a rule from the same start as that of the others; clean is [n, 28, 28]."""
    top = levels(p)[0]
    return [started(clean, top, _sources(p.seed, len(clean)), fresh_share(rule, p.fresh)) for rule in Rule]


def _sources(seed: int, count: int) -> list[np.random.Generator]:
    return [np.random.default_rng((seed, i)) for i in range(count)]


@dataclass(eq=False)
class Runs:
    """All rules with all their restarts, in step."""

    p: Params
    subject: Subject = field(init=False)
    levels: list[Level] = field(init=False)
    walks: list[Walk] = field(init=False)
    exact: Array = field(init=False)  # [28, 28]
    possible: Array = field(init=False)  # [n, 28, 28]
    guesses: Array = field(init=False)  # [R, n, 28, 28]
    films: list[Array] = field(init=False)  # of [R, 28, 28]
    network: Array = field(default_factory=lambda: np.zeros((0, SIDE, SIDE)))
    read: Array = field(default_factory=lambda: np.zeros((len(Rule), 0), np.int64))

    def __post_init__(self) -> None:
        p = self.p
        self.subject, self.levels = subject(p), levels(p)
        self.walks = walks(p, np.broadcast_to(self.subject.clean, (p.restarts, SIDE, SIDE)))
        self._ask_the_set()
        self.guesses, self.films = np.stack([walk.x for walk in self.walks]), [self._first()]
        self.predict = predictor(p.predictor, self.subject.pictures)

    def _ask_the_set(self) -> None:
        """What the exact posterior says of the first start: its mean, and as many draws as there are restarts."""
        first, n = self.walks[0], self.p.restarts
        x, pattern = first.x[:1].repeat(n, 0), first.pattern[:1].repeat(n, 0)
        posterior = Posterior(self.subject.pictures, self.levels[0])
        self.exact = posterior.mean(x[:1], pattern[:1])[0]
        self.possible = posterior.draw(x, pattern, [np.random.default_rng((self.p.seed, i, 1)) for i in range(n)])

    def step(self, step: int) -> None:
        """One level down."""
        now, after = self.levels[step : step + 2]
        self.guesses = guesses(self.walks, self.predict, now)
        if step == 0:
            self.network = self._by_network(now)
        for walk, guess in zip(self.walks, self.guesses, strict=True):
            walk.back(guess, now, after)
        self.films.append(self._first())
        if after.t == 0:
            self._judge()

    def _by_network(self, now: Level) -> Array:
        """[1, 28, 28] of the first start."""
        if self.p.predictor is Predictor.NETWORK:
            return self.guesses[0, :1]
        return Network()(self.walks[0].x[:1], self.walks[0].pattern[:1], now, [])

    def _judge(self) -> None:
        from core.digits.judge import judged  # noqa: PLC0415  torch

        verdict = judged(self.guesses.reshape(-1, SIDE, SIDE))
        self.read = verdict.probabilities.argmax(1).reshape(self.guesses.shape[:2])

    def _first(self) -> Array:
        return np.stack([walk.x[0] for walk in self.walks])

    def result(self) -> DigitsResult:
        """As it stands."""
        done = len(self.films) - 1
        places = np.unique(np.linspace(0, done, FRAMES).round().astype(int))
        return DigitsResult(
            clean=self.subject.clean.astype(np.float32),
            label=self.subject.label,
            corrupted=self.films[0][0].astype(np.float32),
            exact=self.exact.astype(np.float32),
            network=self.network.astype(np.float32),
            films=shown(np.stack([self.films[i] for i in places], 1)),
            times=np.array([self.levels[i].t for i in places]),
            outcomes=self.guesses.astype(np.float32),
            read=self.read.copy(),
            possible=self.possible.astype(np.float32),
            evaluations=done,
            table=_tabulated(self.p),
        )


def _tabulated(p: Params) -> list[Row]:
    """The shipped rows that are about these parameters, where the way back starts from nothing."""
    return rows_near(p.corruption.value, p.predictor.value, p.sigma) if p.t == 1 else []


def warm() -> None:
    """Import what is heavy and load every network, so that the first visitor does not wait for it."""
    *_, _ = compute(Params(steps=2, restarts=2))
