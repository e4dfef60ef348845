"""Perplexity against the strength of the noise, at every place: all strengths at once, after one clean run of what is clean."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from core.attention.model.network import CharNet
from core.attention.model.noise import Noise, Place, Silent, amounts
from core.attention.model.params import Params
from core.attention.model.result import GRID, PLACES
from core.attention.model.swift import swift_layer
from core.attention.model.windows import windows

Array = np.ndarray

AT_ONCE = 2  # windows at all strengths: then what a layer makes of them stays in the processor's cache
CLEAN_AT_ONCE = 16  # windows at none


def strengths_of(p: Params) -> Tensor:
    """[S] of the curve, and the chosen one at the end."""
    return torch.tensor([*GRID, p.strength], dtype=torch.float32)


def curves(model: CharNet, text: str, p: Params) -> Iterator[tuple[Array, Array]]:
    """Losses of a character in nats, window by window, after every few windows: clean [w], noisy [4, S, w]."""
    codes, following = windows(text)
    strengths = strengths_of(p)
    noises = [Noise(place, strengths, amounts(model, place, p), seed) for seed, place in _seeded(p)]
    clean, noisy = [], []
    for one, many in parts(model, codes, following, noises):
        clean.append(one)
        noisy.append(many)
        yield np.concatenate(clean), np.concatenate(noisy, axis=2)


def _seeded(p: Params) -> list[tuple[int, Place]]:
    return [(p.seed * len(PLACES) + number, Place(name)) for number, name in enumerate(PLACES)]


def parts(model: CharNet, codes: Tensor, following: Tensor, noises: list[Noise]) -> Iterator[tuple[Array, Array]]:
    """[n, l] codes -> after every few windows their losses, [few] without noise and [places, S, few] with it."""
    for some, next_of_some in zip(codes.split(CLEAN_AT_ONCE), following.split(CLEAN_AT_ONCE), strict=True):
        hidden = clean_run(model, some)
        clean = losses(model, hidden[-1], next_of_some)[0]
        for begin in range(0, len(some), AT_ONCE):
            few = slice(begin, begin + AT_ONCE)
            noisy = [losses(model, after(model, hidden[noise.first][:, few], noise), next_of_some[few]) for noise in noises]
            yield clean[few], np.stack(noisy)


@torch.inference_mode()
def clean_run(model: CharNet, codes: Tensor) -> list[Tensor]:
    """What enters each layer, and what leaves the last one, [1, n, l, width]."""
    hidden = [model.embedded(codes)[None]]
    for number in range(len(model.blocks)):
        hidden.append(swift_layer(model, number, hidden[-1], Silent()))
    return hidden


@torch.inference_mode()
def after(model: CharNet, hidden: Tensor, noise: Noise) -> Tensor:
    """What leaves the last layer, [S, n, l, width], given what enters the first one that is reached."""
    for number in range(noise.first, len(model.blocks)):
        hidden = swift_layer(model, number, hidden, noise)
    return hidden


@torch.inference_mode()
def losses(model: CharNet, hidden: Tensor, following: Tensor) -> Array:
    """[S, n, l, width] -> mean -log q of a character, [S, n], in nats."""
    scores = model.scores(hidden).flatten(0, 2)
    each = nn.functional.cross_entropy(scores, following.expand(hidden.shape[:3]).flatten(), reduction="none")
    return each.view(hidden.shape[:3]).mean(2).numpy().astype(float)
