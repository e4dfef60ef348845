"""`python -m tests.load [students] [moves] [experiment ...]`: a class at one server, a move every 5 s, and what it felt."""

import asyncio
import statistics
import sys
import time

from tests.load.classroom import Lesson, experiments, held
from tests.load.server import Server

WANTED_LIVE, WANTED_MEMORY = 1.0, 150.0  # s, MB
WARM = 9  # moves of one visitor an experiment, after which everything is loaded


def main() -> None:
    students, moves = (int(each) for each in [*sys.argv[1:3], *("40", "24")[len(sys.argv[1:3]) :]])
    chosen = [e for e in experiments() if e.name in sys.argv[3:]] or experiments()
    with Server() as server:
        asyncio.run(held(server.address, Lesson(len(chosen), share=1, moves=WARM), chosen))
        before, begun = server.megabytes(), time.monotonic()
        outcome = asyncio.run(held(server.address, Lesson(students, moves=moves), chosen))
        after, taken = server.megabytes(), time.monotonic() - begun
    median, late = outcome.percentile(50), outcome.percentile(95)
    print(f"{students} students, {taken:.0f} s, {len(chosen)} experiments: {len(outcome.live)} moves, {len(outcome.runs)} runs")
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
