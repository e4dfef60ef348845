"""The visitor's own question: every context's answer, and the answer of all of them, sign by sign."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from core.bayes.pooling import entropy, naive_bayes, normalised
from core.bayes.recall.alphabet import CODES, LETTERS, SIGNS, SIZE, coded, spelt
from core.bayes.recall.curves import Way, ways
from core.bayes.recall.network import RecallNet
from core.bayes.recall.params import RELATIONS, Between, Params
from core.bayes.recall.problems import Author
from core.bayes.recall.reading import squeezed
from core.bayes.recall.sticky import along, speaking

Array = np.ndarray
Next = Callable[[str], Array]

LONGEST_ANSWER = 8  # signs
END = ";"


def own_contexts(p: Params) -> dict[int, str]:
    """The records as the network reads them, by the number of their context."""
    found: dict[int, str] = {}
    for number, key, relation, value in p.records:
        found[int(number)] = found.get(int(number), "") + f"{key}{RELATIONS[str(relation)]}{int(value):03};"
    return dict(sorted(found.items()))


def fillers(p: Params) -> list[str]:
    """Contexts of random records, of which none has a key that is asked for."""
    if not p.fillers:
        return []
    author = Author((p.seed, 1), 1, p.size)
    asked = {tuple(LETTERS.index(letter) for letter in key) for key in p.asked}
    contexts, _ = author.contexts(p.fillers + len(asked), 1)  # as many to spare as there may be keys to leave out
    free = [context for context in contexts[0] if not asked & {tuple(row[: len(p.asked[0])].tolist()) for row in context}]
    return [spelt(context.ravel()) for context in free[: p.fillers]]


def truth(p: Params) -> str:
    """What the records say, the last of several; empty where a record is missing."""
    last = {(key, relation): int(value) for text in _read(p) for key, relation, value in text}
    key = p.asked[0]
    if isinstance(p.task, Between):
        low, high = last.get((key, "above")), last.get((key, "below"))
        return "" if low is None or high is None else ("y" if low < high else "n") + END
    values = [last.get((key, "is")) for key in p.asked]
    return "" if None in values else "+".join(f"{value:03}" for value in values) + END


def _read(p: Params) -> list[list[tuple[str, str, float]]]:
    """(key, relation, value) context by context."""
    numbers = sorted({int(row[0]) for row in p.records})
    return [[(str(row[1]), str(row[2]), float(row[3])) for row in p.records if row[0] == number] for number in numbers]


class Reader:
    """Laws of the next sign of an answer after each of some texts, every prefix read once."""

    def __init__(self, model: RecallNet, texts: list[str], press: bool = False) -> None:
        self.model, self.texts, self.press = model, texts, press
        self.known: dict[str, Array] = {}

    def after(self, said: str) -> Array:
        """[c, m] log p of the sign that follows."""
        if said not in self.known:
            self.known[said] = self._read([text + said for text in self.texts])
        return self.known[said]

    @torch.inference_mode()
    def _read(self, texts: list[str]) -> Array:
        """Texts of one length in one batch."""
        found = np.empty((len(texts), SIZE))
        for length in {len(text) for text in texts}:
            rows = [i for i, text in enumerate(texts) if len(text) == length]
            codes = torch.from_numpy(np.array([coded(texts[i]) for i in rows]))
            logits = self.model(codes, squeezed(length) if self.press else None)[:, -1]
            found[rows] = logits.double().log_softmax(-1).numpy()
        return found

    def alone(self) -> list[str]:
        """The answer of each text, all at once."""
        said = ["" for _ in self.texts]
        for _ in range(LONGEST_ANSWER):
            going = [i for i, each in enumerate(said) if not each.endswith(END)]
            if not going:
                break
            logs = self._read([self.texts[i] + said[i] for i in going])
            for i, sign in zip(going, logs.argmax(-1), strict=True):
                said[i] += SIGNS[sign]
        return said


@dataclass(frozen=True)
class Pooled:
    """One answer, and every context's laws along it."""

    said: str
    logs: Array  # [c, t, m]
    prior: Array  # [t, m]


def answered(contexts: Reader, nothing: Reader, way: Way, eta: float) -> Pooled:
    """Sign by sign, the likeliest of the pooled law, until the end."""
    said, logs, prior = "", list[Array](), list[Array]()
    while not said.endswith(END) and len(said) < LONGEST_ANSWER:
        logs.append(contexts.after(said))
        prior.append(nothing.after(said)[0])
        every = np.stack(logs, 1)
        fused = along(every, np.array(prior), way.pooling, way.strength(len(every)), eta, entropy(every))
        said += SIGNS[fused[-1].argmax()]
    return Pooled(said, np.stack(logs, 1), np.array(prior))


@dataclass(frozen=True)
class Own:
    """All that is known of the own question."""

    contexts: list[str]
    names: list[int]
    alone: list[str]
    answers: dict[str, str]
    chosen: Pooled
    spoke: Array  # [t]
    identity_error: float


def own(model: RecallNet, p: Params) -> Own:
    """The visitor's contexts first, then the random ones."""
    mine = own_contexts(p)
    contexts = [*mine.values(), *fillers(p)]
    readers = Reader(model, [text + p.question for text in contexts]), Reader(model, [p.question])
    pooled = {name: answered(*readers, way, p.eta) for name, way in ways(p.beta).items()}
    whole = "".join(contexts) + p.question
    joined = {name: Reader(model, [whole], press).alone()[0] for name, press in (("joined", False), ("squeezed", True))}
    chosen = pooled[p.pooling.value]
    return Own(
        contexts=contexts,
        names=list(mine),
        alone=readers[0].alone(),
        answers={name: each.said for name, each in pooled.items()} | joined,
        chosen=chosen,
        spoke=speaking(entropy(chosen.logs), p.eta),
        identity_error=_identity_error(pooled["naive_bayes"]),
    )


def _identity_error(pooled: Pooled) -> float:
    """Largest difference of log p between the mean at beta = c - 1 and the sum of naive Bayes."""
    count = len(pooled.logs)
    mean = normalised(count * pooled.logs.mean(0) - (count - 1) * pooled.prior)
    return float(abs(mean - naive_bayes(np.moveaxis(pooled.logs, 0, -2), pooled.prior)).max())


def said_codes(text: str) -> Array:
    """[t] codes of an answer."""
    return np.array([CODES[sign] for sign in text])
