"""Train the shipped adapters of one style, of all ranks: python -m core.lora.diffusion.train STYLE [--threads N]; STYLE
"reader" trains the recogniser of styles.

Resumable: the same command goes on from its checkpoints. core.lora.diffusion.publish then ships the running mean.
"""

from pathlib import Path

from core.lora.diffusion.recipes import RANKS, READER, recipe
from core.lora.diffusion.style import STYLES
from core.training import Training, arguments

CHECKPOINTS = Path("build/lora_diffusion")
RECOGNISER = "reader"


def training_of(style: str, rank: int) -> Training:
    """Of one adapter, from wherever its checkpoint stands."""
    return Training.resumed(recipe(style, rank), CHECKPOINTS / f"{style}_r{rank}.safetensors")


def training_of_reader() -> Training:
    """From wherever its checkpoint stands."""
    return Training.resumed(READER, CHECKPOINTS / f"{RECOGNISER}.safetensors")


def main() -> None:
    style = arguments(__doc__, *STYLES, RECOGNISER).name
    for training in [training_of_reader()] if style == RECOGNISER else (training_of(style, rank) for rank in RANKS):
        for _ in training.finish():
            pass


if __name__ == "__main__":
    main()
