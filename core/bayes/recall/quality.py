"""How good the recalling networks are inside their training length, on questions that nothing was trained on."""

from typing import cast

from core.bayes.recall.alphabet import MOST
from core.bayes.recall.network import RecallNet
from core.bayes.recall.problems import problems
from core.bayes.recall.reading import joined
from core.diffusers import ModelMixin

QUESTIONS, SEED = 400, 10**6
ASKED = ("value", "both", "latest", "between")


def quality(model: ModelMixin) -> dict[str, float]:
    """Share of whole answers that are right, by kind of question, about as many records as a training text has at most."""
    found = {}
    for task in ASKED:
        each = problems(task, MOST // 2, (SEED,), QUESTIONS)
        found[task] = round(float(joined(cast(RecallNet, model), each, 2)[0].mean()), 4)
    return found
