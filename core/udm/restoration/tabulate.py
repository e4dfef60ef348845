"""The table of generation from nothing: python -m core.udm.restoration.tabulate [--threads N].

A thousand digits a row, each from the end state of another training digit, judged; their Frechet distance from held-out digits
beside that of held-out digits from each other. Written to assets/udm with its line in assets/MANIFEST.toml.
"""

import argparse
import json
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np
import torch

from core.digits import frechet, manifest
from core.digits.data import fingerprints, split
from core.digits.judge import judged
from core.udm.restoration.exact import picture_set
from core.udm.restoration.experiment import levels, walks
from core.udm.restoration.forward import Kind
from core.udm.restoration.params import Params, Predictor
from core.udm.restoration.predictors import predictor
from core.udm.restoration.reverse import Rule, descend
from core.udm.restoration.table import TABLE

COMMAND = "python -m core.udm.restoration.tabulate"
SIGMAS = (0.0, 0.03, 0.1)
RULES = (Rule.NAIVE, Rule.IMPROVED)


def plan() -> Iterator[Params]:
    """Every corruption and predictor; a breath of noise where nothing else is random."""
    for which in (Predictor.NETWORK, Predictor.EXACT_DRAWN):
        for kind in Kind:
            needs_noise = which is Predictor.NETWORK and kind in (Kind.BLUR, Kind.PIXELATE)
            for sigma in SIGMAS[: None if needs_noise else 1]:
                yield Params(corruption=kind, predictor=which, sigma=sigma)


def generated(p: Params, rule: Rule) -> np.ndarray:
    """[1000, 28, 28] from nothing under one rule; digit i has its own random numbers."""
    known = picture_set(p.set_size).pictures
    walk = dict(zip(Rule, walks(p, known), strict=True))[rule]
    descend([walk], predictor(p.predictor, known), levels(p))
    return walk.x


def row(p: Params, rule: Rule, held_out: np.ndarray) -> dict[str, Any]:
    """One line of the table; the distance is a mean over the splits of 1000 against 1000 with its 95 % interval."""
    apart = frechet.estimate(frechet.distances(judged(generated(p, rule)).features, held_out))
    asked = {"corruption": p.corruption.value, "rule": rule.value, "predictor": p.predictor.value, "sigma": p.sigma}
    return asked | {
        "steps": p.steps,
        "frechet": round(apart.mean, 4),
        "frechet_interval": [round(apart.low, 4), round(apart.high, 4)],
    }


def write(rows: list[dict[str, Any]], held_out: np.ndarray, minutes: float) -> None:
    """The table and its line."""
    floor = frechet.estimate(frechet.floors(held_out))
    floors = {"mean": round(floor.mean, 4), "interval": [round(floor.low, 4), round(floor.high, 4)], "splits": frechet.SPLITS}
    lines = ",\n".join("  " + json.dumps(each) for each in rows)
    (manifest.ASSETS / TABLE).write_text(f'{{\n"floor": {json.dumps(floors)},\n"rows": [\n{lines}\n]\n}}\n')
    named = [(f"best_{each['predictor']}_{each['corruption']}", each["frechet"]) for each in rows]
    best = {name: min(distance for other, distance in named if other == name) for name in dict.fromkeys(n for n, _ in named)}
    line = {"command": COMMAND, "seed": 0, "minutes": round(minutes, 1), "data": fingerprints(), "quality": best}
    manifest.record(TABLE, line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    started, rows = perf_counter(), []
    held_out = np.concatenate([judged(split(name).pictures).features for name in ("validation", "test")])
    for p in plan():
        for rule in RULES:
            rows.append(row(p, rule, held_out))
            print(f"{(perf_counter() - started) / 60:.1f} min  {json.dumps(rows[-1])}", flush=True)
    write(rows, held_out, (perf_counter() - started) / 60)


if __name__ == "__main__":
    main()
