"""Ship the trained networks: python -m core.attention.model.publish.

Takes the running means of the weights of seed 0, halves their precision, measures what that costs, and measures the networks
of all seeds, and the counts that they must beat, on the held-out plays.
"""

import json
import sys

import numpy as np

from core.attention.model.measured import FILE, Measured
from core.attention.model.network import CharNet
from core.attention.model.quality import bits, by_position, ngram, quality, with_error
from core.attention.model.recipe import RECIPES, ROTARY, SEEDS
from core.attention.model.text import CORPUS, SPLITS, spelt, split
from core.attention.model.train import CHECKPOINTS, training
from core.attention.model.weights import KINDS, asset
from core.digits.manifest import ASSETS, digest, record
from core.shipping import opened, ship

COMMAND = "python -m core.attention.model.train && python -m core.attention.model.publish"


def trained(name: str) -> CharNet:
    """The running mean of one of RECIPES."""
    model = training(name).mean
    assert isinstance(model, CharNet)
    return model.eval().requires_grad_(False)


def measure() -> Measured:
    """Everything of the table that ships; of seed 0 the network that does."""
    shipped = {kind: opened(CharNet, (ASSETS / asset(kind)).parent) for kind in KINDS}
    nets = {kind: [shipped[kind], *(trained(f"{kind}_{seed}") for seed in SEEDS[1:])] for kind in ROTARY}
    nets["learned"] = [shipped["learned"]]
    text = spelt(split("test"))
    rows = {kind: np.array([by_position(model) for model in nets[kind]]) for kind in ROTARY}
    gap = rows["constant"] - rows["log_length"]
    order, counts = ngram()
    return Measured(
        characters=len(text),
        bits={kind: [with_error(bits(model, text)) for model in each] for kind, each in nets.items()},
        by_span={kind: each.mean(1).round(4).tolist() for kind, each in rows.items()},
        gap=gap.mean(1).round(4).tolist(),
        gap_stderr=(gap.std(1, ddof=1) / gap.shape[1] ** 0.5).round(4).tolist(),
        ngram=counts,
        order=order,
    )


def main() -> None:
    if missing := [name for name in RECIPES if not (CHECKPOINTS / f"{name}.safetensors").exists()]:
        sys.exit(f"{missing} are not trained; make them with: python -m core.attention.model.train")
    data = {"data": {name: digest(CORPUS / f"{name}.txt") for name in SPLITS}}
    for kind in KINDS:
        done = training(f"{kind}_0")
        ship(asset(kind), done.mean, quality, {"command": COMMAND, **done.cost} | data)
    found = measure()
    (ASSETS / FILE).write_text(json.dumps(found, indent=1) + "\n")
    record(FILE, {"command": COMMAND} | data)
    print(found, flush=True)


if __name__ == "__main__":
    main()
