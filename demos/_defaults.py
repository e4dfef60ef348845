"""Compute and save the result of every experiment's default parameters: python -m demos._defaults [EXPERIMENT ...]."""

import sys

from demos._experiment import Experiment
from demos._tab import find


def ship(experiment: Experiment) -> None:
    """Write assets/defaults/<experiment>.*.safetensors."""
    for computation in experiment.computations:
        result, path = computation.finish(experiment.params()), experiment.shipped(computation)
        path.parent.mkdir(parents=True, exist_ok=True)
        result.save(path)
        print(f"{path.name} {path.stat().st_size} bytes")


def main(names: list[str]) -> None:
    for tab in find().values():
        for experiment in tab.experiments:
            if not names or experiment.name in names:
                ship(experiment)


if __name__ == "__main__":
    main(sys.argv[1:])
