"""Ship the trained encoding models and what is measured of them: python -m core.udm.encoding.publish [NAME ...].

Writes a from_pretrained folder in half precision for each, digits.safetensors and measured.json under assets/udm/encoding,
and their lines in assets/MANIFEST.toml.
"""

import argparse
import json
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from core.diffusers import ModelMixin
from core.digits import manifest
from core.digits.data import CLASSES, fingerprints, split
from core.shipping import ship
from core.udm.encoding.growth import STRENGTHS, Growth
from core.udm.encoding.linear import Principal
from core.udm.encoding.measure import curves, floor, sampled, straight_curve
from core.udm.encoding.models import Encoding, asset, encoding
from core.udm.encoding.params import Model
from core.udm.encoding.recipes import RECIPES
from core.udm.encoding.shipped import DIGITS, MEASURED
from core.udm.encoding.train import growth_file, training_of

COMMAND = "python -m core.udm.encoding.publish"
KEPT = 64  # principal directions
POOL = 8  # held-out digits of each class
QUALITY_AT = (0.1, 0.3, 0.5)


def quality(model: ModelMixin) -> dict[str, float]:
    """PSNR in dB of E[x_0 | x_t] over the test digits, the noise always the same; root mean square of the codes."""
    found = curves(Encoding(model.eval()), QUALITY_AT)
    named = {f"psnr_t_{t:g}": round(value, 2) for t, value in zip(QUALITY_AT, found["psnr"], strict=True)}
    return named | {"code_rms": round(found["code_rms"], 3)}


def publish(name: str) -> None:
    """One network; raises FileNotFoundError where it was never trained."""
    trained = training_of(name)
    if not trained.checkpoint.exists():
        raise FileNotFoundError(f"{trained.checkpoint} is missing; make it with: python -m core.udm.encoding.train {name}")
    trained.mean.settle()
    command = f"python -m core.udm.encoding.train {name} && {COMMAND}"
    ship(asset(name), trained.mean, quality, {"command": command, **trained.cost, "data": fingerprints()})


def publish_digits() -> None:
    """Principal directions of the training digits and some test digits; needs no training."""
    train, test = split("train"), split("test")
    principal = Principal.of(train.pictures.reshape(len(train.pictures), -1), KEPT)
    chosen = np.stack([test.pictures[test.labels == digit][:POOL].reshape(POOL, -1) for digit in range(CLASSES)])
    arrays = {"mean": principal.mean.astype(np.float32), "directions": principal.directions.astype(np.float32)}
    arrays |= {"variances": principal.variances.astype(np.float32)}
    arrays["held_out"] = np.round((chosen + 1) * 127.5).astype(np.uint8)
    save_file(arrays, manifest.ASSETS / DIGITS)
    manifest.record(DIGITS, {"command": COMMAND, "data": fingerprints()})


def publish_measured(names: list[str]) -> None:
    """Curves against t, growth through training, and samples beside real digits; of other models what was measured is kept."""
    path = manifest.ASSETS / MEASURED
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"curves": {}, "growth": {}, "samples": []}
    kept["curves"]["straight"], kept["growth"]["strengths"], kept["floor"] = straight_curve(), STRENGTHS, floor()
    for name in names:
        model = Model(name)
        kept["curves"][name] = curves(encoding(model))
        kept["growth"][name] = vars(Growth.upto(growth_file(name), RECIPES[name].steps))
        kept["samples"] = [row for row in kept["samples"] if row["model"] != name] + sampled(model)
    path.write_text(json.dumps(kept, separators=(",", ":")))
    manifest.record(MEASURED, {"command": COMMAND, "data": fingerprints()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*RECIPES, []], metavar="NAME")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    names = options.names or [*RECIPES]
    publish_digits()
    for name in names:
        publish(name)
    publish_measured(names)


if __name__ == "__main__":
    main()
