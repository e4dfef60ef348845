"""Ship trained networks: python -m core.digits.publish [NAME ...].

Takes the running mean of the weights from each training's checkpoint, halves its precision, measures what that costs, and
writes a from_pretrained folder under assets/digits with its line in assets/MANIFEST.toml.
"""

import argparse
from functools import partial
from typing import Any

from safetensors import safe_open

from core.diffusers import ModelMixin
from core.digits.data import fingerprints
from core.digits.quality import quality
from core.digits.recipes import RECIPES
from core.digits.train import CHECKPOINTS, SNAPSHOTS, training_of
from core.digits.weights import DENOISERS, RECOGNISERS, asset, read
from core.shipping import ship

PARENTS = {snapshot: (name, step) for name, table in SNAPSHOTS.items() for step, snapshot in table.items()}


def publish(name: str) -> None:
    """One network; raises FileNotFoundError where it was never trained."""
    source, line = _trained(name)
    ship(asset(name), source, partial(quality, name), line | {"data": fingerprints()})


def _trained(name: str) -> tuple[ModelMixin, dict[str, Any]]:
    """The running mean of a training's weights, and how it was trained."""
    parent, snapshot = PARENTS.get(name, (name, None))
    recipe, checkpoint = RECIPES[parent], CHECKPOINTS / f"{parent}.safetensors"
    with safe_open(checkpoint, "pt") as file:
        step, seconds = int(file.metadata()["step"]), float(file.metadata()["seconds"])
    shown = step if snapshot is None else snapshot
    line = {"command": f"python -m core.digits.train {parent} && python -m core.digits.publish {name}"}
    made = {"seed": recipe.seed, "steps": shown, "minutes": round(seconds / 60 * shown / step, 1)}
    return (training_of(parent).mean if snapshot is None else read(name, CHECKPOINTS / name)), line | made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DENOISERS, *RECOGNISERS, []], metavar="NAME")
    for name in parser.parse_args().names or [*DENOISERS, *RECOGNISERS]:
        publish(name)


if __name__ == "__main__":
    main()
