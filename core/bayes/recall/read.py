"""What was read of questions about random records: plain arrays, which every pool and every theory starts from."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Read:
    """Of q questions; t signs of the answer, m letters of the alphabet, N contexts, n numbers of them along the curves."""

    logs: Array  # [q, N, t, m] float32, log p of each sign after one context, the question and the right signs before it
    prior: Array  # [q, t, m] the same without any context
    entropies: Array  # [q, N, t] nats
    answer: Array  # [q, t] codes
    joined: Array  # [2, n, q] bool, whether the joined text is answered right: positions as they are; squeezed
