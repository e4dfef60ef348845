"""A class at one server, a move every 5 s, and what it felt.

`python -m tests.load [students] [moves] [experiment ...] [--processes 2]`
"""

import argparse
import asyncio
import statistics
import time

from tests.load.balancer import Balancer
from tests.load.classroom import Lesson, experiments, held
from tests.load.server import Server

WANTED_LIVE, WANTED_MEMORY = 1.0, 150.0  # s, MB
WARM = 3  # moves of one visitor an experiment, after which everything is loaded


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    asked.add_argument("students", nargs="?", type=int, default=40)
    asked.add_argument("moves", nargs="?", type=int, default=24)
    asked.add_argument("experiments", nargs="*", metavar="experiment")
    asked.add_argument("--processes", type=int, choices=(1, 2), default=1, help="two stand behind nginx, as in the README")
    given = asked.parse_args()
    chosen = [e for e in experiments() if e.name in given.experiments] or experiments()
    with Server() if given.processes == 1 else Balancer() as server:
        for _ in range(given.processes):  # each is met, or nearly so: visitors are dealt out by chance
            asyncio.run(held(server.address, Lesson(len(chosen), share=1, moves=WARM), chosen))
        before, begun = server.megabytes(), time.monotonic()
        outcome = asyncio.run(held(server.address, Lesson(given.students, moves=given.moves), chosen))
        after, taken = server.megabytes(), time.monotonic() - begun
    print(f"{given.processes} processes, {given.students} students, {taken:.0f} s, {len(chosen)} experiments: ", end="")
    print(f"{len(outcome.live)} moves, {len(outcome.runs)} runs")
    median, late = outcome.percentile(50), outcome.percentile(95)
    print(f"  live answer: median {median:.3f} s, 95 % within {late:.3f} s (wanted {WANTED_LIVE:g})")
    print(
        f"  runs: median {statistics.median(outcome.runs or [0]):.1f} s, longest {max(outcome.runs, default=0):.1f} s; ", end=""
    )
    print(f"place in line shown {len(outcome.places)} times, up to {max(outcome.places, default=0)}")
    print(f"  errors {len(outcome.errors)}, lost updates {outcome.lost}")
    print(f"  memory {before:.0f} -> {after:.0f} MB, {after - before:+.0f} (wanted {WANTED_MEMORY:g})")
    for error in sorted(set(outcome.errors))[:5]:
        print(f"  {error}")


if __name__ == "__main__":
    main()
