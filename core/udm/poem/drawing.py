"""The loop from x_T to x_0 with the trained network, and what the network says of the lines."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.digits.door import AT_WORK
from core.udm.places import Order, Step
from core.udm.poem.experiment import given, started
from core.udm.poem.lines import HOLE, LENGTH
from core.udm.poem.nearest import nearest
from core.udm.poem.params import Edit, Mask, Params
from core.udm.poem.predictor import Network, in_order, left_to_right
from core.udm.poem.result import PoemResult
from core.udm.poem.weights import network

Array = np.ndarray


def drawn_lines(p: Params, count: int) -> Array:
    """[count, l] finished lines."""
    drawing, states = Drawing(p), started(p, count)
    for _, after in drawing.steps(states):
        states = after
    return states


def likelihoods(lines: Array) -> Array:
    """[n] log q of [n, l] lines, left to right, in nats."""
    with AT_WORK:
        return left_to_right(network(), lines).sum(1)


class Drawing:
    """One set of parameters on its way."""

    def __init__(self, p: Params) -> None:
        with AT_WORK:
            self.model = network()
        self.free = given(p) == HOLE
        order = p.corruption.order if isinstance(p.corruption, Mask) else Order.RANDOM
        predictor = Network(self.model, isinstance(p.corruption, Edit), p.temperature)
        self.step, self.places = Step(predictor, p.rule, order, self.free), p.places
        self.rng = np.random.default_rng((p.seed, 2))

    def steps(self, states: Array) -> Iterator[tuple[float, Array]]:
        """(fraction done, [n, l]) after every step from x_T; nothing where all is given."""
        whole = wrong = int(self.free.sum())
        while wrong:
            left = max(wrong - self.places, 0)
            with AT_WORK:
                states = self.step.back(states, wrong, left, self.rng)
            wrong = left
            yield (whole - wrong) / (whole + 1), states

    def scored(self, r: PoemResult) -> PoemResult:
        """With log-probabilities and the nearest training lines."""
        lines, n = r.lines, len(r.lines)
        with AT_WORK:
            back = in_order(self.model, lines, np.tile(np.arange(LENGTH)[::-1], (n, 1))).sum(1)
        onward = likelihoods(np.concatenate([lines, r.by_frequency]))
        known, distance = nearest(lines)
        scores = {"log_p": onward[:n].copy(), "log_p_back": back, "log_p_frequency": onward[n:].copy()}
        return replace(r, **scores, nearest=known, distance=distance)
