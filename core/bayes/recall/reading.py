"""What the network says of an answer: from each context, from none, and from all contexts joined to one text.

A greedy answer is right as a whole when every sign is the likeliest one after the right signs before it, so one reading of the
right answer is enough for every pool, every beta and every number of contexts.
"""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from core.bayes.pooling import entropy
from core.bayes.recall.alphabet import MOST, RECORD
from core.bayes.recall.lessons import SLOTS
from core.bayes.recall.network import RecallNet
from core.bayes.recall.problems import Problems, numbers, problems
from core.bayes.recall.read import Read
from core.bayes.recall.weights import network

Array = np.ndarray

AT_ONCE = 16  # questions that are read together
CACHED = 1500  # signs that go through the network together: more do not stay near the processor
LONGEST = MOST * RECORD + max(SLOTS)  # signs of the longest training text


@torch.inference_mode()
def laws(model: RecallNet, before: Array, answer: Array, places: Tensor | None = None) -> Array:
    """[b, t, m] log p of the signs of answers [b, t] after texts [b, l]."""
    codes = torch.from_numpy(np.concatenate([before, answer], 1))
    rows = codes.split(max(1, CACHED // codes.shape[1]))
    logits = torch.cat([model(some, places)[:, before.shape[1] - 1 : -1] for some in rows])
    return logits.log_softmax(-1).numpy()


def squeezed(length: int) -> Tensor:
    """[length] places 0, 1, .. of a text, pressed together where it is longer than any in training."""
    return torch.arange(length) * min(1.0, (LONGEST - 1) / max(length - 1, 1))


def by_context(model: RecallNet, each: Problems) -> Array:
    """[q, N, t, m]: all contexts of all questions in one batch."""
    q, n, _ = each.contexts.shape
    rows = [np.broadcast_to(part[:, None], (q, n, part.shape[1])) for part in (each.question, each.answer)]
    before = np.concatenate([each.contexts, rows[0]], -1).reshape(q * n, -1)
    found = laws(model, before, rows[1].reshape(q * n, -1))
    return found.reshape(q, n, *found.shape[1:])


def joined(model: RecallNet, each: Problems, count: int) -> Array:
    """[2, q] whether the first so many contexts as one text are answered right: positions as they are; squeezed."""
    before = np.concatenate([each.joined(count), each.question], 1)
    length = before.shape[1] + each.answer.shape[1]
    right = [_right(laws(model, before, each.answer), each.answer)]
    right += [_right(laws(model, before, each.answer, squeezed(length)), each.answer)] if length > LONGEST else right
    return np.array(right)


def _right(logs: Array, answer: Array) -> Array:
    return np.asarray((logs.argmax(-1) == answer).all(-1))


@lru_cache(maxsize=64)
def reading(task: str, size: int, seed: int, part: int) -> Read:
    """The part of that number of the questions, AT_ONCE of them. Raises DamagedAssetError as weights.network does."""
    model = network("refuses" if task == "refuse" else "guesses")
    each = problems(task, size, (seed, part), AT_ONCE)
    logs = by_context(model, each)
    return Read(
        logs=logs,
        prior=laws(model, each.question, each.answer),
        entropies=entropy(logs.astype(float)),
        answer=each.answer,
        joined=np.array([joined(model, each, count) for count in numbers(size, task)]).swapaxes(0, 1),
    )
