"""All of them, or those named: python -m tests.benchmarks [page] [start] [digits] ...: main() of every bench_*.py here."""

import pkgutil
import sys
from importlib import import_module

import tests.benchmarks as here

FOUND = {m.name.removeprefix("bench_") for m in pkgutil.iter_modules(here.__path__) if m.name.startswith("bench_")}

for name in sys.argv[1:] or sorted(FOUND):
    if name not in FOUND:
        sys.exit(f"no benchmark {name!r}; there are {', '.join(sorted(FOUND))}")
    import_module(f"tests.benchmarks.bench_{name}").main()
