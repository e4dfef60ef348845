"""Experiment lora_matrix: every way to fine-tune one matrix, trained together from one seed, each against its own floor."""

from dataclasses import dataclass

import numpy as np

from core.lora import accounts, stability
from core.lora.flat import Adam, Optimiser, Sgd
from core.lora.laws import Law
from core.lora.methods import NAMES, Flora, GaLore, LoraPlus, Method, Plain, ReLora
from core.lora.problem import ROWS, Problem, make
from core.lora.program import EXPLODED, Recipe, Training, train
from core.lora.spectra import PowerLaw, Spectrum
from core.parameters import Parameters, choice, seed, slider, switch, variant
from core.result import Result

Array = np.ndarray

KEY_FRAMES, SHOWN_STEPS = 20, 50
NOTHING = 1e-9  # of the largest singular value: below it there is no direction


class Params(Parameters):
    """Of /lora_matrix."""

    at_most = {"rank": ("inputs", "outputs")}  # noqa: RUF012  declared ClassVar by the base

    method: Method = variant(Plain(), "the method looked at; all are trained")
    rank: int = slider(4, 1, 12, 1, doc="r of A [inputs, r] and B [r, outputs]")
    log_learning_rate: float = slider(-1.5, -3.0, 1.0, 0.1, "log10", "power of ten of the learning rate")
    optimiser: Optimiser = variant(Adam(), "moves every method alike")
    spectrum: Spectrum = variant(PowerLaw(), "singular values of the change that the data ask for")
    inputs: int = slider(24, 8, 32, 4, doc="n, rows of the matrix in the article's convention", advanced=True)
    outputs: int = slider(20, 8, 32, 4, doc="m, its columns", advanced=True)
    condition: float = slider(
        4.0, 1.0, 100.0, 1.0, doc="largest over smallest eigenvalue of the data covariance", advanced=True
    )
    scale: float = slider(1.0, 0.2, 4.0, 0.2, doc="s = alpha / r of PEFT, 1 in the article", advanced=True)
    law: Law = choice(Law.UNIFORM, "of the factors that begin at random", advanced=True)
    steps: int = slider(100, 50, 200, 10, doc="of the optimiser", advanced=True)
    batch: int = slider(ROWS, 8, ROWS, 8, "rows", f"of the {ROWS} rows of data that a step sees", advanced=True)
    cool: bool = switch(True, "whether the learning rate falls to zero along a half cosine", advanced=True)
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class MatrixResult(Result):
    """M methods; losses are shares of the loss of W0. Spectra are of R V, R the root of the data covariance, V the update."""

    methods: list[str]  # [M]
    chosen: int  # of them, the method looked at
    rank: int
    shown: Array  # [T] steps of the losses
    losses: Array  # [T, M] float32; a diverged one stays where it was left
    final: Array  # [M] losses after the last step
    floors: Array  # [M] lowest loss in the reach of each; 0 where none is known
    known: Array  # [M] bool
    diverged: Array  # [M] bool
    trained: Array  # [M] numbers that are trained
    state: Array  # [M] bytes of the optimiser's state
    frames: Array  # [F] steps of the spectra
    spectra: Array  # [F, k] singular values of the chosen method's R V
    wanted: Array  # [k] of R D: what the data ask for
    stable: list[float]  # largest learning rate of plain SGD for the chosen method; empty where it is Adam or has none
    cosines: Array  # [rank] of the angles between the leading output directions of R V and of R D

    def metrics(self) -> dict[str, float]:
        """Of the chosen method; floor and gap_to_floor only where a floor is known, stable_rate only with SGD."""
        i, last = self.chosen, self.spectra[-1]
        values = {"final_loss": float(self.final[i])}
        if self.known[i]:
            values |= {"floor": float(self.floors[i]), "gap_to_floor": float(self.final[i] - self.floors[i])}
        if self.stable:
            values["stable_rate"] = self.stable[0]
        return values | {
            "update_rank": float(np.sum(last > NOTHING * last[0])),
            "alignment": float(np.mean(self.cosines**2)),
            "trained_parameters": float(self.trained[i]),
            "state_bytes": float(self.state[i]),
            "diverged": float(self.diverged[i]),
            "diverged_methods": float(np.sum(self.diverged)),
        }


def compute(p: Params) -> MatrixResult:
    """Train every method and look closely at one; everything random follows from p.seed."""
    world, plan = problem_of(p), recipe_of(p)
    key = even(plan.steps, KEY_FRAMES)
    training = train(world, plan, key)
    chosen = NAMES.index(p.method.kind)
    updates = world.root @ np.clip(training.weights[:, chosen] - world.pretrained, -EXPLODED, EXPLODED)
    goal = world.root @ world.change
    floors, known = accounts.every_floor(world, plan, training)
    shown = even(plan.steps, SHOWN_STEPS)
    n, m = world.shape
    return MatrixResult(
        methods=list(NAMES),
        chosen=chosen,
        rank=plan.rank,
        shown=np.array(shown),
        losses=training.losses[list(shown)].astype(np.float32),
        final=training.losses[-1].copy(),
        floors=floors,
        known=known,
        diverged=training.diverged,
        trained=np.array([accounts.trained(name, n, m, plan.rank) for name in NAMES]),
        state=np.array([accounts.state_bytes(name, n, m, plan.rank, plan.optimiser) for name in NAMES]),
        frames=np.array(key),
        spectra=np.linalg.svd(updates, compute_uv=False),
        stable=limits(p, world, training),
        wanted=np.linalg.svd(goal, compute_uv=False),
        cosines=cosines(updates[-1], goal, plan.rank),
    )


def problem_of(p: Params) -> Problem:
    """The problem that these parameters ask for."""
    return make(p.spectrum, p.inputs, p.outputs, p.condition, p.seed)


def recipe_of(p: Params) -> Recipe:
    """How all methods are trained; fields of the method looked at count, the others have their defaults."""
    own: dict[str, float] = {}
    if isinstance(p.method, LoraPlus | ReLora | GaLore | Flora):
        own = {name: getattr(p.method, name) for name in p.method.own()}
    rate, kind = 10**p.log_learning_rate, p.optimiser.kind
    return Recipe(p.rank, rate, kind, p.scale, p.law, p.steps, p.cool, p.batch, seed=p.seed, **own)  # type: ignore[arg-type]


def limits(p: Params, world: Problem, training: Training) -> list[float]:
    """The learning rate beyond which plain SGD on the chosen method diverges; empty where there is none."""
    found = stability.of_method(p.method.kind, world.root, training) if isinstance(p.optimiser, Sgd) else None
    return [] if found is None else [found]


def even(steps: int, count: int) -> tuple[int, ...]:
    """At most count + 1 whole steps from 0 to steps, evenly."""
    return tuple(sorted({round(steps * share / count) for share in range(count + 1)}))


def cosines(update: Array, goal: Array, r: int) -> Array:
    """[r] of the principal angles between the spans of the r leading right singular vectors of two matrices [n, m]."""
    ours, theirs = (np.linalg.svd(each)[2][:r] for each in (update, goal))
    return np.linalg.svd(ours @ theirs.T, compute_uv=False)
