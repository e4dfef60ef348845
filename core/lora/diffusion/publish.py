"""Ship trained adapters: python -m core.lora.diffusion.publish [STYLE ...]; STYLE "reader" is the recogniser of styles.

Takes the running mean from each training's checkpoint, writes it in half precision as diffusers does, and measures what
shipped: 200 pictures at scale 1, read by the recogniser of styles and the digit judge, with a line in assets/MANIFEST.toml.
"""

import argparse
from typing import Any

import numpy as np
import torch

from core.diffusers import ModelMixin
from core.digits import manifest
from core.digits.data import fingerprints, split
from core.lora.diffusion import adapters, scoring, shipped
from core.lora.diffusion.adapter import Adapter, read, written
from core.lora.diffusion.measuring import Measuring
from core.lora.diffusion.params import RANKS, Params
from core.lora.diffusion.result import kinds
from core.lora.diffusion.style import KINDS, STYLES
from core.lora.diffusion.train import RECOGNISER, training_of, training_of_reader
from core.lora.rank.weights import Weights
from core.shipping import ship
from core.training import Training

PICTURES = 200
SEED = 20_000  # of the noise that they begin with


def publish(style: str) -> None:
    """All ranks of one style, the highest first; raises FileNotFoundError where one was never trained."""
    widest: Adapter | None = None
    for rank in reversed(RANKS):
        training = training_of(style, rank)
        name = shipped.asset(style, rank)
        path = manifest.ASSETS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(adapters.taken(training.mean)))
        adapter = read(Weights(path.read_bytes()))
        widest = widest or adapter
        quality = _scores(style, adapter) | {f"{key}_cut": x for key, x in _scores(style, widest.truncated(rank)).items()}
        line = _line(training, style)
        manifest.record(name, {**line, "quality": quality | {"pictures": PICTURES}})
        print(f"{name}: {line['steps']} steps, {line['minutes']} min, {quality}", flush=True)


def _scores(style: str, adapter: Adapter) -> dict[str, float]:
    measuring = Measuring(Params(seed=SEED), adapter, PICTURES)
    found = measuring.shares(1.0, kinds(style))
    return {"style_score": round(found[0], 4), "judge_agreement": round(found[1], 4)}


def _line(training: Training, style: str) -> dict[str, Any]:
    module = "python -m core.lora.diffusion"
    command = f"{module}.train {style} && {module}.publish {style}"
    return {"command": command, **training.cost, "data": fingerprints()}


def publish_reader() -> None:
    """The recogniser of styles, with its accuracy on the held-out test digits in every style."""
    training = training_of_reader()
    ship(scoring.ASSET, training.mean, reading, _line(training, RECOGNISER))


def reading(model: ModelMixin) -> dict[str, float]:
    """Share of the test digits, plain and in every style, whose style is read."""
    plain = split("test").pictures
    found = {}
    with torch.inference_mode():
        for i, kind in enumerate(KINDS):
            pictures = torch.from_numpy((STYLES[kind](plain) if kind in STYLES else plain).copy())
            read_as = torch.cat([model(part).argmax(1) for part in pictures.split(250)])
            found[f"accuracy_{kind}"] = round(float((read_as == i).float().mean()), 4)
    return {"accuracy": round(float(np.mean(list(found.values()))), 4)} | found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("styles", nargs="*", choices=[RECOGNISER, *STYLES, []], metavar="STYLE")
    for style in parser.parse_args().styles or [RECOGNISER, *STYLES]:
        if style == RECOGNISER:
            publish_reader()
        else:
            publish(style)


if __name__ == "__main__":
    main()
