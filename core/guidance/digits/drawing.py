"""The loop from noise to pictures, and the judge's view of each state of it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from core.digits import sketch
from core.digits.door import AT_WORK
from core.digits.judge import Verdict, judged
from core.digits.nearest import nearest, usual_distance
from core.guidance.digits import standard
from core.guidance.digits.guides import Noised
from core.guidance.digits.likeness import likeness, likeness_of_real
from core.guidance.digits.models import Scene
from core.guidance.digits.params import Params, Similarity
from core.guidance.digits.pictures import asked
from core.guidance.digits.result import PicturesResult, diversity, key_frames, quantised
from core.guidance.digits.samplers import PictureNoise


def walk(scene: Scene) -> Iterator[np.ndarray]:
    """The denoised guess [n, 28, 28] in [-1, 1] after every step of the scene's sampler."""
    p, noise = scene.p, PictureNoise(scene.p.seed, scene.count, scene.first)
    with AT_WORK:
        guide, sampler, levels = scene.guide(), scene.sampler(noise), scene.levels()
        x = torch.from_numpy(noise.draw())
    for step, (sigma, sigma_next) in enumerate(pairwise(levels)):
        with AT_WORK:
            x, denoised = sampler.step(guide, Noised(x, sigma, step / p.steps), sigma_next)
            guess = denoised.numpy()
        yield guess


class Drawing:
    """One set of parameters on its way from noise to pictures."""

    def __init__(self, p: Params) -> None:
        with AT_WORK:
            self.scene = Scene(p, p.count)
        self.asked = asked(p)
        self.goal: Verdict | None = None
        if isinstance(p.method, Similarity):
            self.goal = judged(sketch.picture(p.method.drawing)[None])
            nothing_asked = not self.asked.any()
            self.asked[:, self.goal.probabilities.argmax()] += nothing_asked  # then the drawing is what was asked for
        self.frames: list[np.ndarray] = []

    def guesses(self) -> Iterator[np.ndarray]:
        """[n, 28, 28] uint8 after every step."""
        self.frames.append(quantised(PictureNoise(self.scene.p.seed, self.scene.count).draw() / 3))
        for denoised in walk(self.scene):
            self.frames.append(quantised(denoised))
            yield self.frames[-1]

    def finished(self) -> PicturesResult:
        """The last result; the others are not judged."""
        *_, last = self.guesses()
        return self.result(last)

    def result(self, guess: np.ndarray) -> PicturesResult:
        """With the judge's view of this guess."""
        verdict = judged(guess / 127.5 - 1)
        features = standard.real().standardised(verdict.features, self.asked.argmax(axis=1))
        return PicturesResult(
            pictures=guess,
            history=key_frames(self.frames),
            asked=self.asked.copy(),
            judge=verdict.probabilities,
            features=features,
            **self._likeness(verdict.features, diversity(features)),
            evaluations=self.scene.evaluations,
            table=standard.row(self.scene.p),
            **self._neighbours(guess),
        )

    def _neighbours(self, guess: np.ndarray) -> dict[str, Any]:
        """The training digits nearest to finished pictures; nothing on the way."""
        finished = guess[: len(guess) if len(self.frames) > self.scene.p.steps else 0]
        found = nearest(finished / 127.5 - 1)
        return {
            "nearest": quantised(found.pictures),
            "nearest_label": found.labels,
            "nearest_distance": found.distances.astype(np.float32),
            "usual_distance": usual_distance() if len(finished) else 0.0,
        }

    def _likeness(self, features: np.ndarray, variety: float) -> dict[str, Any]:
        """Cosine of every picture with the drawing, and that of real digits as varied; nothing where there is no drawing."""
        if self.goal is None:
            return {"likeness": np.zeros(0, np.float32), "usual_likeness": 0.0}
        goal, digit = self.goal.features[0], int(self.asked[0].argmax())
        return {"likeness": likeness(features, goal), "usual_likeness": likeness_of_real(goal, variety, digit)}
