"""All methods trained on one problem at once: one vector of parameters, one of gradients, one optimiser.

A step is a handful of calls on stacks of matrices, whatever the number of methods.
"""

from dataclasses import dataclass

import numpy as np

from core.lora import starts
from core.lora.families import Magnitude, Products, Projections
from core.lora.flat import Flat
from core.lora.laws import Law, draw
from core.lora.methods import NAMES, PRODUCTS, PROJECTIONS
from core.lora.problem import ROWS, Problem
from core.lora.starts import Start

Array = np.ndarray

EXPLODED = 1e3  # of the first loss: a method beyond it has diverged and is left where it is
DORA, PRO, RELORA = (PRODUCTS.index(name) for name in ("dora", "lora_pro", "relora"))
GALORE, FLORA, FRESH = (PROJECTIONS.index(name) for name in ("galore", "flora", "projection_fresh"))
PRODUCT_BLOCKS, PROJECTED_B = (1, 2), 5  # of the vector of parameters
SECOND_STREAM = 2**32  # added to the seed, which is below it: what is drawn on the way


@dataclass(frozen=True)
class Recipe:
    """How to train; every method obeys it, with the fields that only some have."""

    rank: int
    learning_rate: float
    optimiser: str = "adam"
    scale: float = 1.0  # s, PEFT's alpha / r; rsLoRA has s sqrt(r)
    law: Law = Law.GAUSSIAN
    steps: int = 100
    cool: bool = True  # the learning rate falls to zero along a half cosine
    batch: int = ROWS
    ratio: float = 4.0
    restarts: int = 3
    refresh: int = 10
    resample: int = 20
    seed: int = 0

    def share(self, t: int) -> float:
        """Of the learning rate, at step t."""
        return 0.5 * (1 + np.cos(np.pi * t / self.steps)) if self.cool else 1.0


@dataclass(frozen=True, eq=False)
class Training:
    """M methods in the order of NAMES."""

    losses: Array  # [steps + 1, M] shares of the first loss, at most EXPLODED
    frames: tuple[int, ...]  # F steps
    weights: Array  # [F, M, n, m] after them
    diverged: Array  # [M] bool
    offsets: Array  # [P, n, m] s A B at the start, of the products: what was taken out of W0
    starts: tuple[Array, Array]  # A [P, n, r], B [P, r, m] of the products
    sides: tuple[Array, Array]  # K [Q, n, r], J [Q, r, m] at the start, of the projections
    scales: tuple[Array, Array]  # s of the products [P] and of the projections [Q]


class Program:
    """The stacks of one training; `products`, `projections` and `magnitude` may be looked into between steps."""

    def __init__(self, problem: Problem, recipe: Recipe) -> None:
        self.problem, self.recipe = problem, recipe
        rng = np.random.default_rng(recipe.seed)
        self.later = np.random.default_rng(recipe.seed + SECOND_STREAM)
        n, m = problem.shape
        scales = [recipe.scale * (recipe.rank**0.5 if name == "rslora" else 1.0) for name in PRODUCTS]
        self.products = Products(problem.pretrained, self._starts(rng), scales)
        scales = [recipe.scale if name.startswith("frozen") else 1.0 for name in PROJECTIONS]
        self.projections = Projections(problem.pretrained, self._sides(rng), scales)
        self.magnitude = Magnitude(problem.pretrained)
        self.offsets = problem.pretrained - self.products.base
        self.sides = self.projections.K.copy(), self.projections.J.copy()
        self.weights = np.empty((len(NAMES), n, m))
        self.flat = self._flat()
        self.at = 0

    def _starts(self, rng: np.random.Generator) -> list[Start]:
        r, law, (n, m) = self.recipe.rank, self.recipe.law, self.problem.shape
        a = starts.random_a(law, n, m, r, rng)
        gradient = -self.problem.covariance @ self.problem.change
        others = {
            "lora_b": starts.random_b(law, n, m, r, rng),
            "lora_both": starts.random_both(law, n, m, r, rng),
            "pissa": starts.pissa(self.problem.pretrained, r, self.recipe.scale),
            "olora": starts.olora(self.problem.pretrained, r),
            "orthogonal": starts.orthogonal(n, m, r, rng),
            "lora_ga": starts.lora_ga(gradient, r),
        }
        return [others.get(name, a) for name in PRODUCTS]

    def _sides(self, rng: np.random.Generator) -> list[tuple[Array, Array]]:
        """(K, J) of every projection; the frozen factors are those that LoRA would train."""
        r, (n, m), first = self.recipe.rank, self.problem.shape, self.products.first
        none = np.zeros((n, r)), np.zeros((r, m))
        sides = dict.fromkeys(PROJECTIONS, none)
        sides["frozen_a"] = (first[0][PRODUCTS.index("lora")], none[1])
        sides["frozen_b"] = (none[0], first[1][PRODUCTS.index("lora_b")])
        sides["additive"] = np.eye(r)[np.arange(n) % r], np.eye(r)[:, np.arange(m) % r]
        sides["projection_fixed"] = draw(Law.GAUSSIAN, n, r, rng), draw(Law.GAUSSIAN, m, r, rng).T
        return [sides[name] for name in PROJECTIONS]

    def _flat(self) -> Flat:
        """Blocks: W of full fine-tuning; A, B of the products; DoRA's lengths; A, B of the projections."""
        rate, first = self.recipe.learning_rate, self.products.first
        rates_b = np.array([rate * (self.recipe.ratio if name == "lora_plus" else 1) for name in PRODUCTS])[:, None, None]
        own = (self.problem.pretrained, rate), (first[0], rate), (first[1], rates_b), (self.magnitude.first, rate)
        flat = Flat([*own, *((each, rate) for each in self.projections.first)], self.recipe.optimiser)
        values, gradients = flat.values, flat.gradients
        self.products.attach(values[1:3], gradients[1:3])
        self.magnitude.attach(values[3], gradients[3])
        self.projections.attach(values[4:], gradients[4:])
        return flat

    def look(self) -> Array:
        """[M, n, m] weights as they are now; a view that the next call writes over."""
        last = 1 + len(PRODUCTS)
        self.weights[0] = self.flat.values[0]
        self.products.weights(self.weights[1:last])
        self.magnitude.weights(self.weights[1 + DORA])
        self.projections.weights(self.weights[last:])
        return self.weights

    def step(self, G: Array, alive: Array) -> None:
        """One step of every method that is alive [M], from the gradient G [M, n, m] at the weights looked at; G is used up."""
        last = 1 + len(PRODUCTS)
        if not alive.all():
            G[~alive] = 0
        self._events(G)
        self.flat.gradients[0][:] = G[0]
        self.magnitude.pull(G[1 + DORA])
        self.products.pull(G[1:last])
        self.products.lift(PRO)
        self.projections.pull(G[last:])
        self.flat.step(self.recipe.share(self.at))
        self.at += 1

    def _events(self, G: Array) -> None:
        """Restarts and new projections that are due before this step."""
        t, recipe = self.at, self.recipe
        if t % recipe.refresh == 0:
            self._refresh(G[1 + len(PRODUCTS) + GALORE])
        if t and t in {recipe.steps * k // (recipe.restarts + 1) for k in range(1, recipe.restarts + 1)}:
            self._restart()
        if t % recipe.resample == 0:
            self._resample()
        self._redraw()

    def _refresh(self, G: Array) -> None:
        """GaLore: project on the leading singular vectors of the gradient, on the side of the smaller dimension."""
        left, _, right = np.linalg.svd(G, full_matrices=False)
        r, (n, m) = self.recipe.rank, G.shape
        self._renew(GALORE, *((left[:, :r], 0.0) if n < m else (0.0, right[:r])))

    def _resample(self) -> None:
        """Flora: another random projection from the left; the mean gradient in its coordinates."""
        K = draw(Law.GAUSSIAN, self.problem.shape[0], self.recipe.rank, self.later)
        self.flat.rule.carry(PROJECTED_B, FLORA, K.T @ self.projections.K[FLORA])
        self._renew(FLORA, K, 0.0)

    def _redraw(self) -> None:
        """The article's form: other random projections from both sides, every step."""
        r, (n, m) = self.recipe.rank, self.problem.shape
        self._renew(FRESH, draw(Law.GAUSSIAN, n, r, self.later), draw(Law.GAUSSIAN, m, r, self.later).T)

    def _renew(self, i: int, K: Array | float, J: Array | float) -> None:
        self.projections.renew(i, self.weights[1 + len(PRODUCTS) + i], K, J)

    def _restart(self) -> None:
        n, m = self.problem.shape
        fresh = starts.random_a(self.recipe.law, n, m, self.recipe.rank, self.later)
        self.products.restart(RELORA, self.weights[1 + RELORA], fresh)
        self.flat.rule.forget(PRODUCT_BLOCKS, RELORA)


def train(problem: Problem, recipe: Recipe, frames: tuple[int, ...]) -> Training:
    """Every method from the same start for recipe.steps steps; weights are kept at these steps, increasing, from 0 to steps."""
    program = Program(problem, recipe)
    goal, losses = problem.pretrained + problem.change, np.empty((recipe.steps + 1, len(NAMES)))
    kept = np.empty((len(frames), len(NAMES), *problem.shape))
    error, G, alive = np.empty_like(program.weights), np.empty_like(program.weights), np.ones(len(NAMES), bool)
    for t in range(recipe.steps + 1):
        np.subtract(program.look(), goal, out=error)
        np.matmul(problem.covariance, error, out=G)
        np.einsum("kij,kij->k", error, G, out=losses[t])
        losses[t] /= 2 * problem.start
        if t in frames:
            kept[frames.index(t)] = program.weights
        alive &= losses[t] <= EXPLODED
        if t < recipe.steps:
            program.step(_seen(program, error, G), alive)
    scales = program.products.scales.ravel(), program.projections.scales.ravel()
    begun = program.offsets, program.products.first, program.sides
    return Training(np.fmin(losses, EXPLODED), frames, kept, ~alive, *begun, scales)


def _seen(program: Program, error: Array, G: Array) -> Array:
    """The gradient as the rows of one step show it; G is that of all rows."""
    batch, data = program.recipe.batch, program.problem.data
    if batch == ROWS:
        return G
    rows = data[program.later.choice(ROWS, batch, replace=False)]
    return np.matmul(rows.T @ rows / batch, error, out=G)
