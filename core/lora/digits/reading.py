"""What a trunk makes of pictures, and what readers say of them: a few at a time, so that all of it stays in the cache."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.lora.digits.data import Labelled
from core.lora.digits.layers import Cut
from core.lora.digits.program import Program
from core.lora.digits.stacks import Stack

Array = np.ndarray
Part = tuple[Tensor, Tensor]  # what the trunk makes of some pictures [n, channels, h, w], and their labels [n]
Reader = Program | Stack | Cut

CHUNK = 25  # pictures at a time


@torch.no_grad()
def parts(cut: Cut, read: Labelled) -> list[Part]:
    """Of CHUNK pictures each; all in one where the trunk leaves a picture no more than one point."""
    seen = torch.cat([cut.trunk(some) for some in torch.from_numpy(read.pictures).split(CHUNK)])
    several = len(seen) if seen.shape[-1] == 1 else CHUNK
    return list(zip(seen.split(several), torch.from_numpy(read.labels).split(several), strict=True))


def joined(several: list[Part]) -> Part:
    """One part of all of them."""
    seen, labels = zip(*several, strict=True)
    return torch.cat(seen), torch.cat(labels)


@torch.no_grad()
def answers(readers: Sequence[Reader], several: list[Part]) -> list[Part]:
    """Of every reader the logits [n, V, 10], and the labels [n]."""
    found: list[list[Part]] = [[] for _ in readers]
    for seen, labels in several:
        for rows, reader in zip(found, readers, strict=True):
            said = reader.logits(seen)
            rows.append((said if said.ndim == 3 else said[:, None], labels))
    return [joined(rows) for rows in found]


def right_share(logits: Tensor, labels: Tensor) -> Array:
    """[V] share of logits [n, V, 10] that are largest at the label [n]."""
    return (logits.argmax(2) == labels[:, None]).double().mean(0).numpy()
