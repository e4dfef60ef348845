"""All losses and seeds of cosent_train as one program, against the same program one loss and one seed after another."""

import statistics

from core.cosent.train import TrainParams, compute
from core.cosent.train.experiment import EVERY, task_of, warm
from core.cosent.train.params import Model, Objective
from core.cosent.train.program import Program, Side
from core.cosent.train.training import recipe
from tests.benchmarks.timing import seconds

P = TrainParams()
ROUNDS, WANTED, FIRST = 3, 4.0, 1.0


def sides() -> list[Side]:
    """What every seed learns from."""
    task = task_of(P)
    rated, found = task.rated, []
    for k, split in enumerate(task.splits):
        rows = split.learnt
        found.append(Side(rated.first[rows], rated.second[rows], task.seen[rows], task.positive[rows], (P.seed, 1, k)))
    return found


def train(learners: list[Side], runs: tuple[tuple[Model, Objective], ...]) -> None:
    program = Program(task_of(P).rated.features, learners, recipe(P), runs)
    while program.at < P.steps:
        program.step()


def together() -> None:
    train(sides(), EVERY)


def one_after_another() -> None:
    for side in sides():
        for run in EVERY:
            train([side], (run,))


def first_points() -> tuple[float, float]:
    """Seconds until the encoder's own scores, and until the first point of every trained loss, of new parameters."""
    parts = compute(P.replace(seed=1))
    preview = seconds(lambda: next(parts))
    return preview, preview + seconds(lambda: next(parts))


def main() -> None:
    warm(), together()  # the first call of a process loads things
    ratios = []
    for _ in range(ROUNDS):
        fast, slow = seconds(together), seconds(one_after_another)
        ratios.append(slow / fast)
    ratio, runs = statistics.median(ratios), len(EVERY) * P.seeds
    print(
        f"cosent_train: {runs} runs of {P.steps} steps together {fast:.1f} s, "
        f"one after another {slow:.0f} s, ratio {ratio:.1f} (wanted {WANTED:g})"
    )
    preview, trained = first_points()
    print(f"  preview after {preview:.2f} s, first trained point after {trained:.2f} s (wanted {FIRST:g})")


if __name__ == "__main__":
    main()
