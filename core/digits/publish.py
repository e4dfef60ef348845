"""Ship trained networks: python -m core.digits.publish [NAME ...].

Takes the running mean of the weights from each training's checkpoint, halves its precision, measures what that costs, and
writes a from_pretrained folder under assets/digits with its line in assets/MANIFEST.toml.
"""

import argparse
from typing import Any

from diffusers import ModelMixin
from safetensors import safe_open

from core.digits import manifest
from core.digits.data import PER_CLASS, split
from core.digits.quality import quality
from core.digits.recipes import RECIPES
from core.digits.train import CHECKPOINTS, SNAPSHOTS, Training
from core.digits.weights import DENOISERS, RECOGNISERS, asset, read

PARENTS = {snapshot: (name, step) for name, table in SNAPSHOTS.items() for step, snapshot in table.items()}


def publish(name: str) -> None:
    """One network; raises FileNotFoundError where it was never trained."""
    source, line = _trained(name)
    folder = (manifest.ASSETS / asset(name)).parent
    before = quality(name, source)
    source.half().save_pretrained(folder)
    after = quality(name, read(name, folder))
    manifest.record(asset(name), line | {"quality": after, "quality_float32": before, "data": _data()})
    print(f"{name}: {line['steps']} steps, {line['minutes']} min, {before} -> half precision {after}", flush=True)


def _trained(name: str) -> tuple[ModelMixin, dict[str, Any]]:
    """The running mean of a training's weights, and how it was trained."""
    parent, snapshot = PARENTS.get(name, (name, None))
    recipe, checkpoint = RECIPES[parent], CHECKPOINTS / f"{parent}.safetensors"
    with safe_open(checkpoint, "pt") as file:
        step, seconds = int(file.metadata()["step"]), float(file.metadata()["seconds"])
    shown = step if snapshot is None else snapshot
    line = {"command": f"python -m core.digits.train {parent} && python -m core.digits.publish {name}"}
    made = {"seed": recipe.seed, "steps": shown, "minutes": round(seconds / 60 * shown / step, 1)}
    return (_mean(parent) if snapshot is None else read(name, CHECKPOINTS / name)), line | made


def _mean(name: str) -> ModelMixin:
    training = Training(name, RECIPES[name])
    training.load()
    return training.mean.eval().requires_grad_(False)


def _data() -> dict[str, str]:
    """Which rows of the data set each split holds."""
    return {name: split(name).fingerprint for name in PER_CLASS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DENOISERS, *RECOGNISERS, []], metavar="NAME")
    for name in parser.parse_args().names or [*DENOISERS, *RECOGNISERS]:
        publish(name)


if __name__ == "__main__":
    main()
