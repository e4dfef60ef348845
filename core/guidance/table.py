"""The table of methods: python -m core.guidance.table [--threads N] [--draw-only] [--backwards].

5000 pictures a method and strength, judged. Resumable: chunks of 1000 are kept under build/guidance, and the table is written
anew after each row to assets/guidance, with its line in assets/MANIFEST.toml. The most important rows come first. A second
process may draw from the other end: --draw-only --backwards.
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
from core.guidance.digits import standard
from core.guidance.digits.costs import training_minutes
from core.guidance.digits.many import PICTURES, Sample, many_of
from core.guidance.digits.params import Params
from core.guidance.digits.result import diversity

COMMAND = "python -m core.guidance.table"
STOCHASTIC = {"sampler": "sde", "steps": 30, "stochasticity": 1.5}  # where the pushed model may correct itself
STEPWISE = {"sampler": "ddim", "steps": 10}
PLAN: tuple[tuple[dict[str, Any], tuple[float, ...]], ...] = (
    ({"method": "cfg"}, (1, 2, 3, 4)),
    ({"method": "cfg"} | STOCHASTIC, (1,)),
    ({"method": "classifier"} | STOCHASTIC, (8,)),
    ({"method": "cfg", "trap": True} | STEPWISE, (1, 2, 3)),
    ({"method": "cfg"} | STEPWISE, (1, 3)),
    ({"method": "classifier"}, (1, 4, 8)),
    ({"method": "similarity", "digit": "any"}, (2, 6)),
    ({"method": "interval"}, (2, 4)),
    ({"method": "autoguidance"}, (2, 4)),
    ({"method": "apg"}, (2, 4)),
    ({"method": "cfg_zero_star"}, (2, 4)),
    ({"method": "cfg_plus_plus"}, (2, 4)),
    ({"method": "classifier", "reader": "clean"}, (1, 4)),
    ({"method": "cfg"}, (0, 8)),
    ({"method": "classifier_mean", "steps": 10}, (4,)),
)


def plan() -> Iterator[Params]:
    """The parameters of every row, in order of importance."""
    return (Params(**choices, gamma=gamma) for choices, gammas in PLAN for gamma in gammas)


def real() -> np.ndarray:
    """[2000, 64] judge features of the digits no network was trained on."""
    return np.concatenate([judged(split(name).pictures).features for name in ("validation", "test")])


def write_real(features: np.ndarray) -> None:
    """Mean and spread of each class of held-out digits [2000, 64], for the measure of diversity."""
    labels = np.concatenate([split(name).labels for name in ("validation", "test")])
    classes = [features[labels == digit] for digit in range(10)]
    mean = np.array([each.mean(axis=0) for each in classes]).round(4)
    spread = [round(float(np.sqrt(np.square(each - m).sum(axis=1).mean())), 4) for each, m in zip(classes, mean, strict=True)]
    _write(standard.REAL, {"mean": mean.tolist(), "spread": spread}, {"pictures": len(features)})


def row(p: Params, sample: Sample, held_out: np.ndarray) -> dict[str, Any]:
    """One line of the table; distances are means over the splits of 1000 against 1000, with 95 % intervals."""
    apart, floors = frechet.distances(sample.features, held_out), frechet.floors(held_out)
    here, ratio = frechet.estimate(apart), frechet.ratio(apart, floors)
    standardised = standard.real().standardised(sample.features, sample.labels)
    return {
        "scene": standard.scene(p),
        "gamma": p.gamma,
        "sampler": p.sampler.kind,
        "steps": p.steps,
        "pictures": PICTURES,
        "frechet": round(here.mean, 4),
        "frechet_interval": [round(here.low, 4), round(here.high, 4)],
        "ratio_to_floor": round(ratio.mean, 4),
        "ratio_interval": [round(ratio.low, 4), round(ratio.high, 4)],
        "frechet_all": round(frechet.distance(frechet.moments(sample.features), frechet.moments(held_out)), 4),
        "judge_agreement": round(float((sample.read == sample.labels).mean()), 4),
        "diversity": round(diversity(standardised), 4),
        "evaluations": sample.evaluations,
        "milliseconds": round(1000 * sample.seconds, 2),
        "training_minutes": training_minutes(standard.scene(p)),
    }


def write(rows: list[dict[str, Any]], held_out: np.ndarray) -> None:
    """The table as it is so far; its minutes are those of drawing, also of pictures that were kept from an earlier run."""
    floor = frechet.estimate(frechet.floors(held_out))
    floors = {"mean": round(floor.mean, 4), "interval": [round(floor.low, 4), round(floor.high, 4)], "splits": frechet.SPLITS}
    best = {name: max(r["judge_agreement"] for r in rows if _name(r) == name) for name in dict.fromkeys(map(_name, rows))}
    minutes = sum(each["milliseconds"] * each["pictures"] for each in rows) / 60_000
    _write(standard.TABLE, {"floor": floors, "rows": rows}, {"minutes": round(minutes, 1), "quality": best})


def _name(row: dict[str, Any]) -> str:
    return f"best_agreement_{row['scene']}_{row['sampler']}".replace(" ", "_")


def _write(name: str, content: dict[str, Any], line: dict[str, Any]) -> None:
    path = manifest.ASSETS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{json.dumps(key)}: {_lines(value)}" for key, value in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    manifest.record(name, {"command": COMMAND, "seed": 0, "data": fingerprints(), **line})


def _lines(value: Any) -> str:
    """A list of lists or tables one a line, so that a changed row is one changed line."""
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return "[\n" + ",\n".join("  " + json.dumps(each) for each in value) + "\n]"
    return json.dumps(value)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1, help="the milliseconds of the table are those of one")
    parser.add_argument("--draw-only", action="store_true", help="pictures are drawn and kept, the table stays as it is")
    parser.add_argument("--backwards", action="store_true", help="the last row first")
    return parser.parse_args()


def main() -> None:
    asked, started = options(), perf_counter()
    torch.set_num_threads(asked.threads)
    rows = list(plan())[:: -1 if asked.backwards else 1]
    if asked.draw_only:
        for p in rows:
            many_of(p)
        return
    held_out, done = real(), []
    write_real(held_out)
    standard.real.cache_clear()
    for p in rows:
        done.append(row(p, many_of(p), held_out))
        write(done, held_out)
        print(f"{(perf_counter() - started) / 60:.1f} min  {json.dumps(done[-1])}", flush=True)


if __name__ == "__main__":
    main()
