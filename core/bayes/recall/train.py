"""Train one of the recalling networks: python -m core.bayes.recall.train NAME [--threads N].

Resumable: the same command goes on from its checkpoints. core.bayes.recall.publish then ships the running mean of the weights.
"""

from pathlib import Path

from core.bayes.recall.recipe import RECIPES
from core.training import Training, arguments

CHECKPOINTS = Path("build/recall")


def training(name: str) -> Training:
    """From wherever its checkpoint stands; name is one of RECIPES."""
    return Training.resumed(RECIPES[name], CHECKPOINTS / f"{name}.safetensors")


def main() -> None:
    for _ in training(arguments(__doc__, *RECIPES).name).finish():
        pass


if __name__ == "__main__":
    main()
