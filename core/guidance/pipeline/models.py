"""Models as guidance wants them: noised pictures in, a conditional and an unconditional prediction out, and a count of both."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core import schedule
from core.digits import weights
from core.digits.label import Label
from core.digits.networks import UNCONDITIONAL, fold, unfold
from core.guidance.digits.pictures import noise
from core.guidance.pipeline.folder import Named
from core.guidance.pipeline.library import DDIMScheduler
from core.guidance.pipeline.params import Digits, Params, Prompted

Array = np.ndarray
Sources = list[torch.Generator]
FEWEST = 1e-8  # of the variance that is signal: a schedule may end at none, and a ratio is a number
_LOADING = Lock()


@dataclass
class Model(ABC):
    """A model told what to draw, `count` pictures at once."""

    count: int
    seed: int
    asked: list[int]  # [count] class of each picture; empty where no class is asked for
    evaluations: int = field(default=0, init=False)  # pictures evaluated so far

    @abstractmethod
    def scheduler(self) -> Any:
        """A new one."""

    @abstractmethod
    def noise(self, sources: Sources) -> Tensor:
        """[count, channels, h, w] standard normal: what pictures begin with."""

    @abstractmethod
    def pictures(self, latents: Tensor) -> Array:
        """[count, h, w] or [count, h, w, 3] in about [-1, 1], not clipped."""

    @abstractmethod
    def _predict(self, x: Tensor, timestep: Tensor, unconditional: bool) -> Tensor:
        """[count or 2 count, channels, h, w]: the unconditional predictions, where they are asked for, then the others."""

    def predict(self, x: Tensor, timestep: Tensor, both: bool) -> tuple[Tensor, Tensor | None]:
        """(conditional, unconditional or None), in one batch."""
        found = self._predict(torch.cat([x, x]) if both else x, timestep, both)
        self.evaluations += len(found)
        if not both:
            return found, None
        unconditional, conditional = found.chunk(2)
        return conditional, unconditional

    def sources(self) -> Sources:
        """Every picture's own source of random numbers, as torch.Generator().manual_seed(seed + i)."""
        return [torch.Generator().manual_seed(self.seed + i) for i in range(self.count)]


def sigma(scheduler: Any, timestep: Tensor) -> float:
    """Noise to signal ratio at a timestep of a variance preserving schedule; between two its logarithm is linear."""
    log = np.log(np.maximum(scheduler.alphas_cumprod.cpu().double().numpy(), FEWEST))
    return float(np.sqrt(np.expm1(-np.interp(float(timestep), np.arange(len(log)), log))))


class DigitModel(Model):
    """The shipped digits: a UNet on folded pictures, so that folding is its encoder and its decoder."""

    def scheduler(self) -> Any:
        """DDIM as the library has it, with nothing clipped: what guidance does to contrast is to be seen."""
        betas = {"beta_start": schedule.FIRST_BETA, "beta_end": schedule.LAST_BETA, "beta_schedule": "linear"}
        return DDIMScheduler(**betas, prediction_type="v_prediction", clip_sample=False, timestep_spacing="trailing")

    def noise(self, sources: Sources) -> Tensor:  # noqa: ARG002  the noise of the digits' own experiment: the same seeds
        return fold(torch.from_numpy(noise(self.seed, self.count)))

    def pictures(self, latents: Tensor) -> Array:
        return np.array(unfold(latents).numpy())

    def _predict(self, x: Tensor, timestep: Tensor, unconditional: bool) -> Tensor:
        labels = torch.tensor([UNCONDITIONAL] * (self.count * unconditional) + self.asked)
        found: Tensor = weights.denoiser()(x, timestep, None, class_labels=labels, return_dict=False)[0]
        return found


@dataclass
class OwnModel(Model):
    """What the two kinds of pipelines share: their scheduler, their decoder, their place."""

    pipe: Any

    def scheduler(self) -> Any:
        return type(self.pipe.scheduler).from_config(self.pipe.scheduler.config)

    def noise(self, sources: Sources) -> Tensor:
        """Drawn on the processor, so that a seed is a picture on every device."""
        shape = (self._network.config.in_channels, *[self._network.config.sample_size] * 2)
        return torch.stack([torch.randn(shape, generator=source) for source in sources]).to(self._network.device)

    def pictures(self, latents: Tensor) -> Array:
        """One after another, for the decoder is what needs most memory."""
        scaled = latents / self.pipe.vae.config.scaling_factor
        decoded = torch.cat([self.pipe.vae.decode(each[None], return_dict=False)[0] for each in scaled])
        return np.array(self._allowed(decoded).permute(0, 2, 3, 1).cpu().numpy())

    def _allowed(self, decoded: Tensor) -> Tensor:
        """[n, 3, h, w], black where the pipeline brings a checker and that refuses a picture."""
        return decoded

    @property
    def _network(self) -> Any:
        return getattr(self.pipe, "unet", None) or self.pipe.transformer


class LabelledModel(OwnModel):
    """A DiTPipeline: told a class; the row after the last class is no class."""

    def _predict(self, x: Tensor, timestep: Tensor, unconditional: bool) -> Tensor:
        network, channels = self._network, x.shape[1]
        nothing = [network.config.num_embeds_ada_norm] * (self.count * unconditional)
        labels = torch.tensor(nothing + self.asked, device=x.device)
        found: Tensor = network(x, timestep.expand(len(x)).to(x.device), class_labels=labels, return_dict=False)[0]
        return found[:, :channels]  # what is above them is a variance, which this scheduler does not ask for


@dataclass
class PromptedModel(OwnModel):
    """A StableDiffusionPipeline: told a prompt; the empty prompt is no condition."""

    embedded: Tensor  # [2, tokens, width] of the empty prompt and of the prompt

    def _predict(self, x: Tensor, timestep: Tensor, unconditional: bool) -> Tensor:
        told = self.embedded[0 if unconditional else 1 :].repeat_interleave(self.count, dim=0)
        found: Tensor = self._network(x, timestep, encoder_hidden_states=told, return_dict=False)[0]
        return found

    def _allowed(self, decoded: Tensor) -> Tensor:
        images, refused = self.pipe.run_safety_checker(decoded, decoded.device, decoded.dtype)
        images[torch.tensor(refused or [False] * len(images))] = -1.0
        return images


def model_for(p: Params, pipeline: Named | None) -> Model:
    """Told what these parameters ask for. The first time, the pipeline is loaded."""
    if isinstance(p.model, Digits):
        every = range(p.count)
        return DigitModel(p.count, p.seed, [i % 10 if p.model.digit is Label.ALL else int(p.model.digit.value) for i in every])
    if pipeline is None:
        raise ValueError("a pipeline of one's own has to be named")
    pipe = loaded(pipeline)
    if isinstance(p.model, Prompted):
        with torch.no_grad():
            told, nothing = pipe.encode_prompt(p.model.prompt, pipe.unet.device, 1, True, "")
        return PromptedModel(p.count, p.seed, [], pipe, torch.cat([nothing, told]))
    return LabelledModel(p.count, p.seed, [p.model.label] * p.count, pipe)


def loaded(pipeline: Named) -> Any:
    """Once a process, in single precision, on the graphics card where there is one; only read from then on."""
    with _LOADING:
        return _loaded(pipeline.folder, bool(pipeline.classes))


@cache
def _loaded(folder: Path, classes: bool) -> Any:
    from diffusers import DiTPipeline, StableDiffusionPipeline  # noqa: PLC0415  the second brings transformers

    kind = DiTPipeline if classes else StableDiffusionPipeline
    how = {"use_safetensors": True, "local_files_only": True, "trust_remote_code": False, "low_cpu_mem_usage": False}
    pipe = kind.from_pretrained(folder, dtype=torch.float32, **how)
    for part in pipe.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    return pipe.to("cuda" if torch.cuda.is_available() else "cpu")
