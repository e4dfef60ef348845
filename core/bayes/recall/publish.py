"""Ship the trained networks: python -m core.bayes.recall.publish.

Takes the running means of the weights, halves their precision, and measures what that costs.
"""

import sys

from core.bayes.recall.quality import quality
from core.bayes.recall.recipe import RECIPES
from core.bayes.recall.train import CHECKPOINTS, training
from core.bayes.recall.weights import asset
from core.shipping import ship


def main() -> None:
    if missing := [name for name in RECIPES if not (CHECKPOINTS / f"{name}.safetensors").exists()]:
        sys.exit(f"{missing} are not trained; make them with: python -m core.bayes.recall.train NAME")
    for name in RECIPES:
        done, command = training(name), f"python -m core.bayes.recall.train {name} && python -m core.bayes.recall.publish"
        ship(asset(name), done.mean, quality, {"command": command, **done.cost})


if __name__ == "__main__":
    main()
