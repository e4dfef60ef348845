"""Metrics of an experiment over a grid or a random sample of its parameters, as a table.

    python -m core.sweep guidance_plane gamma=0:10:0.5 method=all seed=0:20 --out table.parquet

An axis is NAME=VALUE, NAME=A,B,C, NAME=LOW:HIGH (the slider's step), NAME=LOW:HIGH:STEP (both ends included) or NAME=all; every
other parameter keeps its default. What was broken off goes on with the same command.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.sweep import run
from core.sweep.journal import Journal
from core.sweep.space import MOST, Axis, Grid, Sample, Space, SweepError, axis, points
from core.sweep.table import checked, write
from core.sweep.target import target


@dataclass(frozen=True)
class Asked:
    """One sweep."""

    experiment: str
    axes: tuple[Axis, ...]
    space: Space
    out: Path
    companion: bool
    header: dict[str, Any]  # of the journal: what makes it this sweep


def main(words: list[str]) -> int:
    """0 when the table is written, 2 where something asked for is refused, 130 where it was stopped by hand."""
    given = _parser().parse_args(words)
    try:
        asked = read(given)
        with Journal(asked.out.with_name(asked.out.name + ".journal"), asked.header) as journal:
            return _swept(asked, journal, given)
    except SweepError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.sweep", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("experiment", help="its name, as in the address of its endpoint")
    parser.add_argument("axes", nargs="*", metavar="NAME=VALUES")
    parser.add_argument("--out", type=Path, required=True, metavar="TABLE", help="a .parquet or a .csv")
    parser.add_argument("--random", type=int, metavar="N", help="N points by lot from the ranges, instead of every combination")
    parser.add_argument("--lot", type=int, default=0, metavar="SEED", help="seed of --random")
    parser.add_argument("--companion", action="store_true", help="also the metrics of what follows when the controls rest")
    parser.add_argument("--jobs", type=int, default=-1, help="processes on this machine; one a core if left out")
    parser.add_argument("--dask", metavar="tcp://HOST:PORT", help="the scheduler of a Dask cluster that does the work instead")
    return parser


def read(given: argparse.Namespace) -> Asked:
    """Raises SweepError for what cannot be swept."""
    found = target(given.experiment)
    axes = tuple(axis(text, found.params) for text in given.axes)
    names = [each.name for each in axes]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SweepError(f"{', '.join(sorted(twice))} is given twice")
    if given.random is not None and not 1 <= given.random <= MOST:
        raise SweepError(f"--random should be between 1 and {MOST}, not {given.random}")
    grid = Grid(found.params, axes)
    space = Sample(found.params, axes, given.random, given.lot) if given.random else grid
    if len(space) > MOST:
        raise SweepError(f"{len(space)} points are asked for; a sweep has at most {MOST}")
    header = {
        "experiment": found.name,
        "axes": given.axes,
        "random": given.random,
        "lot": given.lot,
        "companion": given.companion,
    }
    return Asked(found.name, axes, space, checked(given.out), given.companion, header)


def _swept(asked: Asked, journal: Journal, given: argparse.Namespace) -> int:
    from tqdm import tqdm  # noqa: PLC0415  the bar alone needs it

    left = points(asked.space, set(journal.place))
    rows = (
        run.there(asked.experiment, left, asked.companion, given.dask)
        if given.dask
        else run.here(asked.experiment, left, asked.companion, given.jobs)
    )
    total = sum(1 for _ in points(asked.space, set()))
    try:
        for row in tqdm(rows, asked.experiment, total, initial=len(journal.place), unit="point", disable=None):
            journal.add(row)
    except KeyboardInterrupt:
        print(f"stopped at {len(journal.place)} of {total} points; the same command goes on", file=sys.stderr)
        return 130
    write(asked.out, journal, asked.axes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
