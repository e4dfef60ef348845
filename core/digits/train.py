"""Train one network of the digits: python -m core.digits.train NAME [--threads N].

Resumable: the same command goes on from its checkpoint. core.digits.publish then ships the running mean of the weights.
"""

from pathlib import Path

from core.digits.recipes import RECIPES
from core.training import Training, arguments

CHECKPOINTS = Path("build/digits")
SNAPSHOTS = {"denoiser": {700: "weak_denoiser"}}  # autoguidance wants the same network, less trained


def training_of(name: str) -> Training:
    """From wherever its checkpoint stands."""
    return Training.resumed(RECIPES[name], CHECKPOINTS / f"{name}.safetensors")


def train(name: str) -> None:
    """To the end of the recipe, keeping the snapshots."""
    training = training_of(name)
    for step in training.finish():
        if snapshot := SNAPSHOTS.get(name, {}).get(step):
            training.mean.save_pretrained(CHECKPOINTS / snapshot)
    training.mean.save_pretrained(CHECKPOINTS / name)


def main() -> None:
    train(arguments(__doc__, *RECIPES).name)


if __name__ == "__main__":
    main()
