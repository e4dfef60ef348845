"""Simulate a measured pipe with nothing fitted: python -m core.hotwater.validate FILE.csv --length 60.33 --outer 22."""

import argparse
import sys
from pathlib import Path

from core.controls import Kind, read
from core.faults import ParameterError
from core.hotwater.validate import ValidateParams, compute
from core.hotwater.validate.published import TOOLS

PASSED = ("source", "flow", "draws", "seed")  # what a file has no use for


def main(words: list[str]) -> int:
    """0, or 2 where a value or the file is refused."""
    controls = {c.name: c for c in ValidateParams.controls() if c.kind is not Kind.FILE and c.name not in PASSED}
    parser = argparse.ArgumentParser("python -m core.hotwater.validate", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with the columns time, inlet, outlet, flow, ambient")
    for c in controls.values():
        parser.add_argument(
            f"--{c.name.replace('_', '-')}", dest=c.name, help=f"{c.doc}; {c.default} {c.unit}", metavar="VALUE"
        )
    given = {name: value for name, value in vars(parser.parse_args(words)).items() if name in controls and value is not None}
    try:
        text = parser.parse_args(words).file.read_text("utf8", errors="replace")
        p = ValidateParams(source="csv", data=text, **{name: read(controls[name], value) for name, value in given.items()})
    except (ParameterError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    show(p)
    return 0


def show(p: ValidateParams) -> None:
    """The errors of this file, and for one test what others have published."""
    for name, value in compute(p).metrics().items():
        print(f"{name:16} {value:10.4g}")
    print("\nPublished for one step test on 60.33 m of copper 22 x 1, and comparable with that file alone (K):")
    for tool in TOOLS:
        print(f"{tool.name:16} rmse {tool.rmse:.3f}  max {tool.largest:.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
