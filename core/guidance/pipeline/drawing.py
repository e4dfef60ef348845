"""All methods one after another, and the result so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.digits.door import AT_WORK
from core.digits.judge import judged
from core.guidance.digits.result import quantised
from core.guidance.pipeline.folder import Named
from core.guidance.pipeline.methods import FAMILIES, Method
from core.guidance.pipeline.models import model_for
from core.guidance.pipeline.params import Digits, Params
from core.guidance.pipeline.result import PipelineResult, shrunk
from core.guidance.pipeline.walk import Walked, walk

Array = np.ndarray


@dataclass
class Drawing:
    """One set of parameters on its way. blank: what stands where nothing is drawn yet, [n, h, w] or [n, h, w, 3] uint8."""

    p: Params
    pipeline: Named | None
    blank: Array
    done: list[Walked] = field(default_factory=list)

    def __post_init__(self) -> None:
        with AT_WORK:
            self.model = model_for(self.p, self.pipeline)

    def parts(self) -> Iterator[tuple[float, PipelineResult]]:
        """(fraction done, result so far) after every method; of somebody's own model after every step, for it may be slow."""
        methods, own = FAMILIES[self.p.family], not isinstance(self.p.model, Digits)
        for i, method in enumerate(methods):
            for walked in walk(method, self.p, self.model):
                done = (i + min(len(walked.levels) / (self.p.steps + 1), 0.99)) / len(methods)
                if own and not walked.pictures.size:
                    yield done, self.result(methods)
            self.done.append(walked)
            yield (i + 1) / len(methods), self.result(methods)

    def result(self, methods: tuple[Method, ...]) -> PipelineResult:
        """Of the methods that are drawn."""
        done, drawn = self.done, [each.pictures for each in self.done]
        shown = [shrunk(quantised(each)) for each in drawn] + [self.blank] * (len(methods) - len(drawn))
        return PipelineResult(
            methods=[method.value for method in methods],
            pictures=np.stack(shown),
            levels=np.array(done[0].levels if done else []),
            length=_means([each.length for each in done]),
            length_theory=_means([each.length_theory for each in done]),
            push=_pushes([(each.along, each.length) for each in done]),
            push_theory=_pushes([(each.along_theory, each.length_theory) for each in done]),
            contrast=np.array([each.std() for each in drawn], float),
            overshoot=np.array([overshoot(each) for each in drawn], float),
            moved=np.array([np.sqrt(np.square(each - drawn[0]).mean()) for each in drawn], float),
            evaluations=np.array([each.evaluations for each in done], float),
            asked=list(self.model.asked),
            read=np.stack([self._read(each) for each in drawn]) if drawn else np.zeros((0, 0), np.int64),
            seconds=[each.seconds for each in done],
        )

    def _read(self, pictures: Array) -> Array:
        """[n] digits, by a network that guidance never sees; [0] where pictures are no digits."""
        if not isinstance(self.p.model, Digits):
            return np.zeros(0, np.int64)
        return judged(pictures.clip(-1, 1)).probabilities.argmax(axis=1)


def overshoot(pictures: Array) -> float:
    """Root mean square, over all points, of what lies outside [-1, 1]."""
    return float(np.sqrt(np.square(np.maximum(np.abs(pictures) - 1, 0.0)).mean()))


def _means(rows: list[list[Array]]) -> Array:
    """[d, k] over the pictures."""
    return np.array(rows, float).mean(axis=2) if rows else np.zeros((0, 0))


def _pushes(rows: list[tuple[list[Array], list[Array]]]) -> Array:
    """[d, 2] root mean squares, over steps and pictures, of what was added along the conditional prediction and across it.

    The sign of the first is that of its mean. |guided|^2 = (1 + along)^2 + across^2 in units of the conditional length.
    """
    found = np.zeros((len(rows), 2))
    for i, (along, length) in enumerate(rows):
        part = np.array(along)
        across = np.maximum(np.square(length) - np.square(1 + part), 0.0)
        found[i] = np.sqrt(np.square(part).mean()) * np.sign(part.mean()), np.sqrt(across.mean())
    return found
