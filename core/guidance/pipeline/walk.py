"""From noise to pictures under one method, with what its guider was given and gave at every step."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.digits.door import AT_WORK
from core.guidance.pipeline.guiders import guider
from core.guidance.pipeline.methods import Method
from core.guidance.pipeline.models import Array, Model, sigma
from core.guidance.pipeline.params import Params
from core.guidance.pipeline.theory import Products, weights


@dataclass
class Walked:
    """What one method has done so far; a row a step, a column a picture, lengths over those of the conditional prediction."""

    levels: list[float] = field(default_factory=list)  # noise to signal ratio of each step
    length: list[Array] = field(default_factory=list)  # of the guided prediction
    length_theory: list[Array] = field(default_factory=list)
    along: list[Array] = field(default_factory=list)  # part of (guided - conditional) along the conditional prediction
    along_theory: list[Array] = field(default_factory=list)
    evaluations: float = 0.0  # of the network, a picture
    seconds: float = 0.0  # a picture, by the clock: the one number here that another run does not repeat
    pictures: Array = field(default_factory=lambda: np.zeros(0))  # as Model.pictures has them; empty on the way

    def note(self, method: Method, p: Params, level: float, conditional: Array, unconditional: Array, guided: Array) -> None:
        """One more step; predictions [n, ...]."""
        products = Products.of(conditional, unconditional)
        found, said = Products.of(conditional, guided), weights(method, p, len(self.levels), level, products)
        self.levels.append(level)
        self.length.append(np.sqrt(found.uu / found.cc))
        self.length_theory.append(np.sqrt(np.maximum(products.square(said), 0.0) / products.cc))
        self.along.append(found.cu / found.cc - 1)
        self.along_theory.append(products.along(said) / products.cc - 1)


def walk(method: Method, p: Params, model: Model) -> Iterator[Walked]:
    """After every step; the last one has the pictures."""
    walked, guide, before = Walked(), guider(method, p), model.evaluations
    with AT_WORK:
        scheduler, sources = model.scheduler(), model.sources()
        x = model.noise(sources)
        scheduler.set_timesteps(p.steps, device=x.device)
        x, more = x * scheduler.init_noise_sigma, _extra(scheduler, sources)
    for step, timestep in enumerate(scheduler.timesteps):
        begun = perf_counter()
        with AT_WORK, torch.no_grad():
            level = sigma(scheduler, timestep)
            both = guide.at(step, len(scheduler.timesteps), timestep, level)
            conditional, unconditional = model.predict(scheduler.scale_model_input(x, timestep), timestep, both)
            guided = guide(conditional, unconditional)
            x = scheduler.step(guided, timestep, x, **more, return_dict=False)[0]
            if step == len(scheduler.timesteps) - 1:
                walked.pictures = model.pictures(x)
        walked.seconds += (perf_counter() - begun) / model.count
        walked.evaluations = (model.evaluations - before) / model.count
        other = conditional if unconditional is None else unconditional
        walked.note(method, p, level, *map(_array, (conditional, other, guided)))
        yield walked


def _extra(scheduler: Any, sources: list[torch.Generator]) -> dict[str, Any]:
    """Random numbers for a step that wants some."""
    return {"generator": sources} if "generator" in inspect.signature(scheduler.step).parameters else {}


def _array(prediction: Tensor) -> Array:
    return np.array(prediction.cpu().numpy())
