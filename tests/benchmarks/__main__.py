"""All of them: python -m tests.benchmarks [page] [start] [digits] [attention]."""

import sys

from tests.benchmarks import bench_attention, bench_digits, bench_page, bench_start

BENCHMARKS = {
    "page": bench_page.main,
    "start": bench_start.main,
    "digits": bench_digits.main,
    "attention": bench_attention.main,
}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
