"""Train shipped adapters: python -m core.lora.diffusion.train STYLE [RANK ...] [--threads N], of all ranks where none is named;
STYLE "reader" trains the recogniser of styles, which has no rank.

Resumable: the same command goes on from its checkpoint. core.lora.diffusion.publish then ships the running mean.
"""

import argparse
from pathlib import Path

import torch

from core.lora.diffusion.recipes import RANKS, READER, recipe
from core.lora.diffusion.style import STYLES
from core.training import Training

CHECKPOINTS = Path("build/lora_diffusion")
RECOGNISER = "reader"


def training_of(style: str, rank: int = 0) -> Training:
    """From wherever its checkpoint stands."""
    chosen = READER if style == RECOGNISER else recipe(style, rank)
    training = Training(chosen, CHECKPOINTS / f"{style}_r{rank}.safetensors")
    training.load()
    return training


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=[*STYLES, RECOGNISER])
    parser.add_argument("ranks", nargs="*", type=int, choices=[*RANKS, []], metavar="RANK")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for rank in [0] if options.style == RECOGNISER else options.ranks or RANKS:
        for _ in training_of(options.style, rank).finish():
            pass


if __name__ == "__main__":
    main()
