"""How well each stage says held-out words, from single counts to attention: what follows when the controls rest."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.bayes.language.model import Model, counted_model
from core.bayes.language.params import Bigram, Dials, Params, Unigram
from core.bayes.language.perplexity import BLOCK, score, standard_error, surprises
from core.bayes.language.tables import Array
from core.bayes.language.text import corpus
from core.bayes.language.tuning import TUNED
from core.result import Result

DIALS = ("averaging", "position", "content", "heads", "residual")
STAGES = ("unigram", "bigram", "naive_bayes", *DIALS)


@dataclass(frozen=True, eq=False)
class LadderResult(Result):
    """Of the stages that are done, in the order of STAGES; nats of every held-out word."""

    surprise: Array  # [S, N] float32 under the tuned dials
    own: Array  # [S or 0, N] float32 under the dials that are chosen; empty where the model has none

    def metrics(self) -> dict[str, float]:
        """Perplexities of the tuned dials, and what attention gains on a bigram in nats a word."""
        found = {f"perplexity_{STAGES[i]}": score(row.astype(float)).perplexity for i, row in enumerate(self.surprise)}
        if len(self.surprise) == len(STAGES):
            gain, stderr = self.gain(self.surprise)
            found |= {"gain": gain, "gain_stderr": stderr}
        return found

    def gain(self, rows: Array) -> tuple[float, float]:
        """Nats a word by which the last stage beats the bigram, and its standard error over blocks of words."""
        less = rows[STAGES.index("bigram")].astype(float) - rows[-1]
        blocks = less[: len(less) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(1)
        return float(less.mean()), standard_error(blocks)


def stages(dials: Dials) -> Iterator[Dials | Bigram | Unigram]:
    """Every dial is turned in its turn and stays."""
    yield from (Unigram(), Bigram())
    at = Dials()
    yield at
    for name in DIALS:
        at = at.model_copy(update={name: getattr(dials, name)})
        yield at


def ladder(p: Params) -> Iterator[tuple[float, LadderResult]]:
    """(share done, the stages so far)."""
    held_out, rows = corpus(p.letters).test, []
    own = p.model if isinstance(p.model, Dials) else None
    for done, (tuned, chosen) in enumerate(zip(stages(TUNED), stages(own or TUNED), strict=True), 1):
        rows.append([surprises(_model(p, each), held_out).astype(np.float32) for each in (tuned, chosen)])
        found = np.array(rows)
        yield done / len(STAGES), LadderResult(found[:, 0].copy(), found[:, 1].copy() if own else found[:0, 1].copy())


def _model(p: Params, how: Dials | Bigram | Unigram) -> Model:
    return counted_model(p.letters, p.smoothing, p.dimension, how)
