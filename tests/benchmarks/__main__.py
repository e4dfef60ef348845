"""All of them: python -m tests.benchmarks [page] [start] [digits] [hotwater]."""

import sys

from tests.benchmarks import bench_digits, bench_hotwater, bench_page, bench_start

BENCHMARKS = {"page": bench_page.main, "start": bench_start.main, "digits": bench_digits.main, "hotwater": bench_hotwater.main}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
