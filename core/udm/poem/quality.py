"""How good the network of the poems is, on the held-out lines that nothing was trained or chosen on."""

import numpy as np

from core.diffusers import ModelMixin
from core.digits.door import AT_WORK
from core.udm.poem.baselines import bigram, counted, perplexity
from core.udm.poem.lines import LENGTH, split
from core.udm.poem.measured import Measured
from core.udm.poem.nearest import nearest
from core.udm.poem.predictor import in_order, left_to_right

Array = np.ndarray

EDGES = np.arange(-60.0, 1.0, 1.5)  # nats
COMPARED = 2000  # lines whose nearest training line is looked for


def quality(model: ModelMixin) -> dict[str, float]:
    """Perplexity a character of the held-out lines and its standard error, left to right."""
    value, error = perplexity(left_to_right(model, split("test").lines))
    return {"perplexity": round(value, 2), "perplexity_stderr": round(error, 2)}


def baselines() -> dict[str, tuple[float, float]]:
    """Perplexities of the same lines without a network, each with its standard error."""
    table, lines = counted(split("train").lines), split("test").lines
    return {
        "unigram": perplexity(table.logs(lines)),
        "bigram": perplexity(bigram(table, split("validation").lines).logs(lines)),
    }


def measure(model: ModelMixin) -> Measured:
    """Everything of the table that ships."""
    lines = split("test").lines
    shuffled = np.random.default_rng(0).permuted(np.tile(np.arange(LENGTH), (len(lines), 1)), axis=1)
    with AT_WORK:
        onward = left_to_right(model, lines)
        back = in_order(model, lines, np.tile(np.arange(LENGTH)[::-1], (len(lines), 1)))
        mixed = in_order(model, lines, shuffled)
    found = {**baselines(), "left_to_right": perplexity(onward), "random": perplexity(mixed)}
    whole, (_, distance) = onward.sum(1), nearest(lines[:: max(len(lines) // COMPARED, 1)])
    return Measured(
        lines=len(lines),
        perplexity={name: [round(x, 2) for x in pair] for name, pair in found.items()},
        weight=bigram(counted(split("train").lines), split("validation").lines).weight,
        edges=EDGES.tolist(),
        counts=np.histogram(np.clip(whole, EDGES[0], EDGES[-1]), EDGES)[0].tolist(),
        log_p=[round(float(whole.mean()), 4), round(float(whole.std(ddof=1)), 4)],
        order_gap=round(float(np.abs(whole - back.sum(1)).mean()), 4),
        distances=(np.bincount(distance, minlength=LENGTH + 1) / len(distance)).round(4).tolist(),
    )
