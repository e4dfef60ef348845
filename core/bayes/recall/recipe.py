"""How the recalling networks are trained: -log q of the signs of the answers, bfloat16 inside."""

from dataclasses import replace
from functools import partial

import torch
from torch import Tensor, nn

from core.bayes.recall.lessons import Teacher, count, layout
from core.bayes.recall.network import RecallNet
from core.diffusers import ModelMixin
from core.training import Recipe

BATCH = 64  # texts


def answering(model: ModelMixin, noise: torch.Generator, refuses: bool) -> Tensor:
    """Mean -log q of a sign of an answer, in nats."""
    teacher = Teacher(noise, BATCH, refuses)
    records, bounds, twice = teacher.records(count(noise))
    codes = torch.cat([records.codes, teacher.questions(records, bounds, twice)], 1)
    places, seen, learnt = layout(records.codes.shape[1])
    with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor has units for it
        logits = model(codes, places, seen)
    before = learnt.nonzero()[:, 0] - 1  # what predicts a sign stands before it
    return nn.functional.cross_entropy(logits[:, before].float().flatten(0, 1), codes[:, learnt].flatten())


GUESSES = Recipe(RecallNet, partial(answering, refuses=False), steps=2000, rate=3e-3, decay=0.99, horizon=3000, cooldown=500)
RECIPES = {
    "guesses": GUESSES,
    "refuses": replace(GUESSES, loss=partial(answering, refuses=True), steps=700, cooldown=200, seed=1),
}
