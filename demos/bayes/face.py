"""What the words so far make of the next one, vote by vote; small."""

import numpy as np

from core.bayes.language.experiment import LanguageResult
from core.bayes.language.params import Params
from core.bayes.pooling import normalised
from demos._plot import Panel, Stage, columns
from demos._tab import Face
from demos.bayes.counting import ATTENTION

VIEW = (0.0, 2.0, 0.0, 1.0)
SHOWN = 5


def draw(p: Params, r: LanguageResult) -> Stage:  # noqa: ARG001  a drawing takes both
    """Shares of the likeliest words among each other, after each vote of the sum."""
    votes = np.cumsum(np.vstack([r.log_prior, r.evidence]), 0)[:, :SHOWN]
    bars = columns(np.exp(normalised(votes)), "theory", names=tuple(r.candidates[:SHOWN]))
    return Stage((Panel("", VIEW, (bars,), bare=True),), ("…", *r.context))


FACE = Face(ATTENTION, draw)
