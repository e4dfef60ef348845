"""All of them: python -m tests.benchmarks [page] [start] [digits] [udm]."""

import sys

from tests.benchmarks import bench_digits, bench_page, bench_start, bench_udm

BENCHMARKS = {"page": bench_page.main, "start": bench_start.main, "digits": bench_digits.main, "udm": bench_udm.main}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
