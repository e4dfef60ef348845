"""Train the network of the poems: python -m core.udm.poem.train [--threads N].

Resumable: the same command goes on from its checkpoint. core.udm.poem.publish then ships the running mean of the weights.
"""

from pathlib import Path

from core.training import Training, arguments
from core.udm.poem.recipe import RECIPE

CHECKPOINT = Path("build/udm/poem.safetensors")


def training() -> Training:
    """From wherever its checkpoint stands."""
    return Training.resumed(RECIPE, CHECKPOINT)


def main() -> None:
    arguments(__doc__)
    for _ in training().finish():
        pass


if __name__ == "__main__":
    main()
