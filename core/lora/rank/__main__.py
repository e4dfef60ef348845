"""Which rank each layer needs: python -m core.lora.rank BEFORE.safetensors AFTER.safetensors --rule energy --energy 0.9.

Files of any size: they are mapped, and one layer at a time is read. Writes a table as CSV, and arguments of peft.LoraConfig.
"""

import argparse
import csv
import json
import sys
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from core.controls import read
from core.lora.rank.experiment import Row, row
from core.lora.rank.pair import Pair
from core.lora.rank.params import RankParams
from core.lora.rank.pattern import adapters
from core.lora.rank.weights import Weights, WeightsError

ASKED = ("rule", "energy", "most")
HEAD = ("layer", "rows", "columns", "numerical_rank", "suggested", "kept", "error", "error_theory", "spectrum_error")


def main(words: list[str]) -> int:
    """0, or 2 where a value or a file is refused."""
    controls = {c.name: c for c in RankParams.controls() if c.name in ASKED}
    parser = argparse.ArgumentParser("python -m core.lora.rank", description=__doc__)
    parser.add_argument("before", type=Path, help="safetensors file before training")
    parser.add_argument("after", type=Path, help="safetensors file after training")
    parser.add_argument(
        "--config", type=Path, help="where the arguments of LoraConfig go as JSON; they are printed if left out"
    )
    for c in controls.values():
        parser.add_argument(f"--{c.name}", help=f"{c.doc}; {c.default} if left out", metavar="VALUE")
    asked = parser.parse_args(words)
    given = {name: read(c, text) for name, c in controls.items() if (text := getattr(asked, name)) is not None}
    try:
        show(RankParams(**given), Pair(mapped(asked.before), mapped(asked.after), keeps=False), asked.config)
    except (OSError, ValueError) as error:  # ParameterError and WeightsError are values'
        print(error, file=sys.stderr)
        return 2
    return 0


def mapped(path: Path) -> Weights:
    """A file that is read where it is looked at."""
    with path.open("rb") as file:
        try:
            return Weights(mmap(file.fileno(), 0, access=ACCESS_READ))
        except WeightsError as error:
            raise WeightsError(error.rule, f"{path} {error}", error.bound, error.value) from None


def show(p: RankParams, pair: Pair, config: Path | None) -> None:
    """A line a layer as soon as it is known, then the arguments."""
    table, ranks = csv.writer(sys.stdout), {}
    table.writerow(HEAD)
    for i in range(len(pair)):
        found = row(pair.layer(i), p)
        ranks[found.layer.name] = found.suggested
        table.writerow(_cells(found))
    text = json.dumps(adapters(ranks, pair.modules), indent=1)
    if config:
        config.write_text(text, "utf8")
    else:
        print(text)


def _cells(found: Row) -> list[Any]:
    shares = (found.kept, found.error, found.error_theory, found.spectrum_error)
    return [found.layer.name, *found.layer.sides, found.numerical, found.suggested, *(f"{share:.6g}" for share in shares)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
