"""Five thousand pictures of one scene: drawn in chunks that are kept under build/, so that an interrupted run goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor

from core.digits import manifest, weights
from core.digits.data import CLASSES, split
from core.digits.judge import judged
from core.guidance.digits import standard
from core.guidance.digits.drawing import walk
from core.guidance.digits.models import Scene
from core.guidance.digits.params import Params, Similarity
from core.guidance.digits.result import quantised

PICTURES, CHUNK, BATCH = 5000, 1000, 50
KEPT = Path("build/guidance")
DECIDING = ("denoiser", "weak_denoiser", "judge", "classifier", "clean_classifier")  # networks that a picture may depend on

Draw = Callable[[int, int], tuple[np.ndarray, int]]  # (count, first) -> pictures in [-1, 1], evaluations a picture


@dataclass(frozen=True, eq=False)
class Sample:
    """What is kept of many pictures, their labels being 0, 1, ... 9, 0, ..."""

    features: np.ndarray  # [n, 64] float32, the judge's
    read: np.ndarray  # [n] the digit the judge reads
    evaluations: int  # a picture
    seconds: float  # to draw one picture among fifty, judging excluded

    @property
    def labels(self) -> np.ndarray:
        return np.arange(len(self.read)) % 10


def many(name: str, draw: Draw, networks: tuple[str, ...] = DECIDING) -> Sample:
    """PICTURES pictures under a name that says all that decides them; the networks' sums are added to it."""
    folder = KEPT / f"{name}-{_fingerprint(networks)}"
    chunks = [_chunk(folder / f"{first}.safetensors", draw, first) for first in range(0, PICTURES, CHUNK)]
    features, read = (np.concatenate([chunk[key] for chunk in chunks]) for key in ("features", "read"))
    return Sample(features, read, int(chunks[0]["evaluations"]), float(np.median([c["seconds"] for c in chunks])))


def many_of(p: Params) -> Sample:
    """PICTURES pictures of these parameters, whatever their count."""
    own = [f"{value:g}" for name, value in p.sampler if isinstance(value, float)]
    name = "-".join([standard.scene(p), f"{p.gamma:g}", p.sampler.kind, str(p.steps), *own]).replace(" ", "-")
    return many(name, scene_drawer(p), (*DECIDING, "encoder") if isinstance(p.method, Similarity) else DECIDING)


def scene_drawer(p: Params) -> Draw:
    """Draws the pictures of these parameters, whatever their count; similarity is to a held-out digit for each picture."""
    is_pulled = isinstance(p.method, Similarity)

    def draw(count: int, first: int) -> tuple[np.ndarray, int]:
        scene = Scene(p, count, first, _held_out(count, first) if is_pulled else None)
        *_, last = walk(scene)
        return last, scene.evaluations

    return draw


def _held_out(count: int, first: int) -> Tensor:
    """[count, 28, 28] digits that nothing was trained on: of 0, 1, ... 9, 0, ... the first, then the second of each."""
    digits, wanted = split("validation"), np.arange(first, first + count)
    of_each = np.stack([np.flatnonzero(digits.labels == digit) for digit in range(CLASSES)])  # [10, 100]
    return torch.from_numpy(digits.pictures[of_each[wanted % CLASSES, wanted // CLASSES % of_each.shape[1]]])


def _fingerprint(networks: tuple[str, ...]) -> str:
    """Changes with every one of these shipped networks."""
    lines = manifest.lines()
    return "".join(lines[weights.asset(name)]["sha256"][:4] for name in networks)


def _chunk(path: Path, draw: Draw, first: int) -> dict[str, np.ndarray]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        save_file(_drawn(draw, first), part)
        part.replace(path)
        print(f"  {path}", flush=True)
    return load_file(path)


def _drawn(draw: Draw, first: int) -> dict[str, np.ndarray]:
    started = perf_counter()
    batches = [draw(BATCH, at) for at in range(first, first + CHUNK, BATCH)]
    seconds = (perf_counter() - started) / CHUNK
    verdict = judged(quantised(np.concatenate([pictures for pictures, _ in batches])) / 127.5 - 1)
    found = {"features": verdict.features, "read": verdict.probabilities.argmax(axis=1)}
    return found | {"evaluations": np.array(batches[0][1]), "seconds": np.array(seconds)}
