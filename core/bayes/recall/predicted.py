"""The curves by theory, from what single contexts say.

Contexts that know nothing spoil an answer one by one and independently: with q the share of questions that their base contexts
answer right, and s how often one more context spoils such an answer, least entropy and max are right with q (1 - s)^(n - base),
question by question. In the mean the noise of the others adds up: a sum of n - base laws is nearly Gaussian. Where the answer
needs two bounds, everything is counted out exactly over both of them.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from core.bayes.pooling import Pooling, entropy
from core.bayes.recall.alphabet import DIGITS, FIRST_DIGIT
from core.bayes.recall.curves import Way, right
from core.bayes.recall.read import Read
from core.bayes.recall.sticky import along

Array = np.ndarray

MOST_QUESTIONS, MOST_OTHERS = 64, 48  # that are paired
NODES = 32  # of the Gaussian integral
SLIGHT = 1e-9  # a spread that is none
FIGURES = slice(FIRST_DIGIT, FIRST_DIGIT + len(DIGITS))


def aligned(read: Read) -> Read:
    """The same with the ten digits turned round at each sign, so that the right one is always the first.

    Digits are drawn uniformly: what one context says besides one question may then stand beside any other question.
    """
    digit = read.answer - FIRST_DIGIT
    turned = np.where((digit >= 0) & (digit < len(DIGITS)), digit, 0)
    turn = (np.arange(len(DIGITS)) + turned[..., None]) % len(DIGITS)
    logs, prior = read.logs.copy(), read.prior.copy()
    logs[..., FIGURES] = np.take_along_axis(read.logs[..., FIGURES], turn[:, None], -1)
    prior[..., FIGURES] = np.take_along_axis(read.prior[..., FIGURES], turn, -1)
    return Read(logs, prior, read.entropies, read.answer - turned, read.joined)


def one_by_one(read: Read, base: int, way: Way, eta: float, counts: Sequence[int]) -> Array:
    """[n] share of right answers by least entropy or max: q (1 - s)^(n - base)."""
    some = _first(aligned(read), MOST_QUESTIONS)
    sure = right(some, way, base, eta)
    spoilt = 1 - _with_another(some, base, way, eta).mean(1)
    return np.array([(sure * (1 - spoilt) ** (count - base)).mean() for count in counts])


def _with_another(some: Read, base: int, way: Way, eta: float) -> Array:
    """[q, j] whether a question is answered right from its base and one context that another question has beside it."""
    q, j = len(some.answer), min(len(some.answer), MOST_OTHERS)
    if some.logs.shape[1] == base:
        return np.ones((q, j))

    def paired(rows: Array) -> Array:
        own = np.broadcast_to(rows[:, None, :base], (q, j, base, *rows.shape[2:]))
        other = np.broadcast_to(rows[None, :j, base : base + 1], (q, j, 1, *rows.shape[2:]))
        return np.concatenate([own, other], 2)

    said = along(paired(some.logs), some.prior[:, None], way.pooling, way.strength(base + 1), eta, paired(some.entropies))
    return np.asarray((said.argmax(-1) == some.answer[:, None]).all(-1))


def by_sums(read: Read, base: int, way: Way, counts: Sequence[int]) -> Array:
    """[n] share of right answers by the mean: the others add Gaussian noise to what the base says."""
    turned = aligned(read)
    logs = turned.logs.astype(float)
    logs -= logs[..., FIGURES].mean(-1, keepdims=True)  # what all digits share decides nothing
    others = logs[:, base:].reshape(-1, *logs.shape[2:])
    if not len(others):
        others = np.zeros((1, *logs.shape[2:]))
    own, prior = logs[:, :base].sum(1), turned.prior.astype(float)
    found = []
    for count in counts:
        share, more = (1 + way.strength(count)) / count, count - base
        middle = share * (own + more * others.mean(0)) - way.strength(count) * prior
        found.append(_highest(middle, share * more**0.5 * others.std(0), turned.answer[0]).prod(-1).mean())
    return np.array(found)


def _highest(middle: Array, spread: Array, answer: Array) -> Array:
    """[q, t] probability that the sign of the answer has the highest of independent Gaussian scores [q, t, m]."""
    signs = np.arange(len(answer))
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    own = middle[:, signs, answer, None] + spread[signs, answer, None] * nodes  # [q, t, nodes]
    ahead = (own[:, :, None] - middle[..., None]) / np.maximum(spread[..., None], SLIGHT)  # [q, t, m, nodes]
    below = ndtr(ahead)
    below[:, signs, answer] = 1.0
    return np.asarray((below.prod(2) * weights).sum(-1) / weights.sum())


def of_bounds(way: Way, counts: Sequence[int]) -> Array:
    """[n] share of right answers to "is there a number above a and below b?", a and b digits, by laws without any error.

    p(yes | a) = (9 - a) / 10, p(yes | b) = b / 10, without any bound 0.45; where both answers are as likely, a half.
    """
    low, high = (axis.ravel() for axis in np.meshgrid(np.arange(10), np.arange(10), indexing="ij"))
    yes = np.stack([(9 - low) / 10, high / 10], 1)
    exists, prior = low < high, _both(np.array([[0.45]]))
    found = []
    for count in counts:
        every = np.concatenate([yes, np.full((len(yes), count - 2), 0.45)], 1)
        logs = _both(every)[:, :, None]
        said = along(logs, prior, way.pooling, way.strength(count), 0.0, entropy(logs))[:, 0]
        ahead = np.where(exists, 1, -1) * (said[:, 0] - said[:, 1])
        found.append(np.where(abs(ahead) < SLIGHT, 0.5, ahead > 0).mean())
    return np.array(found)


def _both(yes: Array) -> Array:
    """[..., 2] logarithms of yes and no."""
    return np.log(np.maximum(np.stack([yes, 1 - yes], -1), 1e-300))


def _first(read: Read, most: int) -> Read:
    return Read(read.logs[:most], read.prior[:most], read.entropies[:most], read.answer[:most], read.joined[..., :most])


def theory(read: Read, task: str, base: int, way: Way, eta: float, counts: Sequence[int]) -> Array:
    """[n] share of right answers of one way by theory."""
    if task == "between":
        return of_bounds(way, counts)
    return by_sums(read, base, way, counts) if way.pooling is Pooling.MEAN else one_by_one(read, base, way, eta, counts)
