"""The dials that say the second part of the book best: `python -m core.bayes.language.tuning`; a few seconds.

The first part was counted, and the third, on which every number of the page is measured, is not looked at here.
"""

from collections.abc import Iterator
from itertools import product

from core.bayes.language.model import counted_model
from core.bayes.language.params import Dials, Params
from core.bayes.language.perplexity import surprises
from core.bayes.language.text import corpus

TUNED = Dials(averaging=1.0, position=0.2, content=1.0, heads=2, residual=0.5)
STEPS = {"position": 0.1, "content": 0.25, "residual": 0.05}


def nats(dials: Dials) -> float:
    """Mean surprise of the tuning words."""
    p = Params()
    return float(surprises(counted_model("", p.smoothing, p.dimension, dials), corpus("").tune).mean())


def beside(dials: Dials) -> Iterator[Dials]:
    """The dials one step away, and other numbers of heads; the average stays."""
    for name, step in STEPS.items():
        for sign in (-1, 1):
            low, high = 0.0, {"position": 3.0, "content": 6.0, "residual": 1.0}[name]
            value = round(getattr(dials, name) + sign * step, 4)
            if low <= value <= high:
                yield dials.model_copy(update={name: value})


def descend(dials: Dials) -> tuple[float, Dials]:
    """Step by step to where no step helps."""
    here = nats(dials)
    while True:
        best, there = min(((nats(each), each) for each in beside(dials)), key=lambda pair: pair[0])
        if best >= here:
            return here, dials
        here, dials = best, there


def main() -> None:
    for heads, residual in product((1, 2, 3), (0.0, 0.5)):
        start = TUNED.model_copy(update={"heads": heads, "residual": residual})
        print(*descend(start))


if __name__ == "__main__":
    main()
