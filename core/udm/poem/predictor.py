"""The network as the rules want it, and the probability that it gives to a whole line."""

from dataclasses import dataclass

import numpy as np
import torch

from core.udm.poem.lines import HOLE, LENGTH, SIZE
from core.udm.poem.network import PoemNet

Array = np.ndarray

AT_ONCE = 512  # lines of one evaluation


@dataclass(frozen=True, eq=False)
class Network:
    """q(x_0 | x_t) place by place, a Predictor of core.udm.places."""

    model: PoemNet
    edits: bool
    temperature: float = 1.0

    @property
    def size(self) -> int:
        """Characters there are."""
        return SIZE

    @torch.inference_mode()
    def factorised(self, states: Array, wrong: int) -> Array:
        """[n, l] with so many corrupted places -> [n, l, SIZE]; of the mask model what stands there is certain."""
        n, told = len(states), torch.from_numpy(states.astype(np.int64))
        asked = np.full(states.shape, True) if self.edits else states == HOLE
        hidden = self.model.hidden(told, torch.full((n,), wrong), torch.full((n,), int(self.edits)))[torch.from_numpy(asked)]
        likely = (self.model.scores(hidden).double() / self.temperature).softmax(-1).numpy()
        if self.edits:
            return likely.reshape(n, LENGTH, SIZE)
        places = np.zeros((n, LENGTH, SIZE))
        places[asked] = likely
        known = np.nonzero(~asked)
        places[*known, states[known]] = 1.0
        return places


def left_to_right(model: PoemNet, lines: Array) -> Array:
    """[n, l] log q of every character given those before it, of [n, l] lines; its sum is the log-probability of the line."""
    return in_order(model, lines, np.tile(np.arange(LENGTH), (len(lines), 1)))


def in_order(model: PoemNet, lines: Array, order: Array) -> Array:
    """[n, l] log q of the character at order[:, k] given those at order[:, :k], by the chain rule with the mask model."""
    pieces = range(0, len(lines), AT_ONCE)
    return np.concatenate([_chain(model, lines[i : i + AT_ONCE], order[i : i + AT_ONCE]) for i in pieces])


@torch.inference_mode()
def _chain(model: PoemNet, lines: Array, order: Array) -> Array:
    rows, states = np.arange(len(lines)), np.full(lines.shape, HOLE, np.int64)
    logs = np.zeros(lines.shape)
    for k, place in enumerate(order.T):
        told = torch.full((len(lines),), LENGTH - k)
        hidden = model.hidden(torch.from_numpy(states), told, torch.zeros(len(lines), dtype=torch.long))
        scores = model.scores(hidden[torch.from_numpy(rows), torch.from_numpy(place)]).log_softmax(-1).numpy()
        logs[:, k] = scores[rows, lines[rows, place]]
        states[rows, place] = lines[rows, place]
    return logs
