"""Pictures a second against plain diffusers at equal quality: DDIMScheduler, 50 steps, clipped with the noise re-derived.

Speed: both in turn, same batch, several rounds. Quality: Frechet distance of 5000 pictures each from the same halves of real
digits; the pictures' features are kept under build/, so that an interrupted run goes on.
"""

import json
import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch
from diffusers import DDIMScheduler, UNet2DConditionModel

from core import schedule
from core.digits import frechet, weights
from core.digits.manifest import ASSETS
from core.digits.networks import UNCONDITIONAL, fold, unfold
from core.guidance.digits.many import Draw, many, many_of, scene_drawer
from core.guidance.digits.params import Params
from core.guidance.digits.samplers import PictureNoise
from core.guidance.table import real

GAMMAS = (1.0, 2.0, 3.0)
STEPS, BATCH, ROUNDS = 50, 50, 3
WANTED_SPEED, WANTED_QUALITY = 6.0, 1.15


def plain(gamma: float) -> Draw:
    """What the documentation of diffusers would have one write."""
    network: UNet2DConditionModel = weights.read("denoiser", (ASSETS / weights.asset("denoiser")).parent)
    scheduler = DDIMScheduler(
        beta_start=schedule.FIRST_BETA, beta_end=schedule.LAST_BETA, clip_sample=True, prediction_type="v_prediction"
    )

    def draw(count: int, first: int) -> tuple[np.ndarray, int]:
        labels = torch.arange(first, first + count) % 10
        told = labels if gamma == 1 else torch.cat([torch.full_like(labels, UNCONDITIONAL), labels])
        x = fold(torch.from_numpy(PictureNoise(0, count, first).draw()))
        scheduler.set_timesteps(STEPS)
        with torch.inference_mode():
            for t in scheduler.timesteps:
                doubled = x if gamma == 1 else torch.cat([x, x])
                v = network(doubled, t, None, class_labels=told).sample
                if gamma != 1:
                    unconditional, conditional = v.chunk(2)
                    v = unconditional + gamma * (conditional - unconditional)
                x = scheduler.step(v, t, x, use_clipped_model_output=True).prev_sample
        return unfold(x).numpy(), len(scheduler.timesteps) * (1 if gamma == 1 else 2)

    return draw


def seconds(draw: Callable[[int, int], object]) -> float:
    started = perf_counter()
    draw(BATCH, 0)
    return (perf_counter() - started) / BATCH


def speed(gamma: float) -> str:
    """Both in turn; the ratio of every round, so that a slow moment counts for both."""
    drawers = scene_drawer(fast(gamma)), plain(gamma)
    rounds = [[seconds(draw) for draw in drawers] for _ in range(ROUNDS + 1)][1:]  # the first is for the caches
    ours, theirs = map(statistics.median, zip(*rounds, strict=True))
    ratio = statistics.median(slow / quick for quick, slow in rounds)
    return f"{1 / ours:.1f} against {1 / theirs:.2f} pictures a second, ratio {ratio:.1f} (wanted {WANTED_SPEED:g})"


def quality(gamma: float, held_out: np.ndarray) -> str:
    ours = many_of(fast(gamma))
    theirs = many(f"plain-{gamma:g}", plain(gamma))
    ratio = frechet.ratio(*(frechet.distances(sample.features, held_out) for sample in (ours, theirs)))
    agreement = [float((sample.read == sample.labels).mean()) for sample in (ours, theirs)]
    bound = f"ratio {ratio.mean:.3f} [{ratio.low:.3f}, {ratio.high:.3f}] (wanted below {WANTED_QUALITY:g})"
    return f"Frechet {bound}; judge agreement {agreement[0]:.4f} against {agreement[1]:.4f}"


def fast(gamma: float) -> Params:
    return Params(gamma=gamma)


def main() -> None:
    print("digits", json.dumps({"threads": torch.get_num_threads(), "steps": fast(1.0).steps}))
    for gamma in GAMMAS:
        print(f"  gamma {gamma:g}: {speed(gamma)}", flush=True)
    held_out = real()
    for gamma in GAMMAS:
        print(f"  gamma {gamma:g}: {quality(gamma, held_out)}", flush=True)


if __name__ == "__main__":
    main()
