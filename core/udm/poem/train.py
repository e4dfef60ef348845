"""Train the network of the poems: python -m core.udm.poem.train [--threads N].

Resumable: the same command goes on from its checkpoint. core.udm.poem.publish then ships the running mean of the weights.
"""

import argparse
from pathlib import Path

import torch

from core.training import Training
from core.udm.poem.recipe import RECIPE

CHECKPOINT = Path("build/udm/poem.safetensors")


def training() -> Training:
    """From wherever its checkpoint stands."""
    started = Training(RECIPE, CHECKPOINT)
    started.load()
    return started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    for _ in training().finish():
        pass


if __name__ == "__main__":
    main()
