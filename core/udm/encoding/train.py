"""Train one encoding model: python -m core.udm.encoding.train normalised|free [--threads N].

Resumable: the same command goes on from its checkpoint. core.udm.encoding.publish then ships the running mean of the weights.
"""

from pathlib import Path

import torch

from core.training import Training, arguments
from core.udm.encoding.growth import Growth, moments
from core.udm.encoding.recipes import RECIPES

CHECKPOINTS = Path("build/encoding")


def training_of(name: str) -> Training:
    """From wherever its checkpoint stands."""
    return Training.resumed(RECIPES[name], CHECKPOINTS / f"{name}.safetensors")


def growth_file(name: str) -> Path:
    """Where the growth of its codes is noted."""
    return CHECKPOINTS / f"{name}.growth.json"


def train(name: str) -> None:
    """To the end of the recipe, noting how the codes grow."""
    training, noted = training_of(name), moments(RECIPES[name].steps)
    growth = Growth.upto(growth_file(name), training.step)
    for step in training.finish():
        if step in noted:
            growth.note(step, training.model)
            growth.save(growth_file(name))


def main() -> None:
    options = arguments(__doc__, *RECIPES)
    torch.set_flush_denormal(True)  # weights of unlikely parts of q are denormal, which costs five times the time
    train(options.name)


if __name__ == "__main__":
    main()
