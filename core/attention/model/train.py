"""Train the character models: python -m core.attention.model.train [--threads N].

Needs the texts of core.attention.model.data. Resumable: the same command goes on from its checkpoints.
core.attention.model.publish then ships the running mean of the weights of seed 0, and what was measured of all seeds.
"""

from pathlib import Path

from core.attention.model.recipe import RECIPES
from core.training import Training, arguments

CHECKPOINTS = Path("build/attention")


def training(name: str) -> Training:
    """From wherever its checkpoint stands; name is one of RECIPES."""
    return Training.resumed(RECIPES[name], CHECKPOINTS / f"{name}.safetensors")


def main() -> None:
    arguments(__doc__)
    for name in RECIPES:
        for _ in training(name).finish():
            pass


if __name__ == "__main__":
    main()
