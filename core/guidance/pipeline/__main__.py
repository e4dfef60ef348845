"""Guide a diffusers pipeline of your own in every way at once, from one seed:

    python -m core.guidance.pipeline FOLDER --prompt "a red apple" --gamma 7.5 --out pictures.png
    python -m core.guidance.pipeline FOLDER --label 207 --steps 25 --interval 0.3 5.4

Without a folder it draws the shipped digits. Prints what each method costs and does; the picture has a row a method.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from core.faults import ParameterError
from core.guidance.pipeline.folder import Named, PipelineError
from core.guidance.pipeline.host import opened
from core.guidance.pipeline.params import Family, Params, params_for

COLUMNS = ("method", "calls", "seconds", "contrast", "overshoot", "moved")


def main(words: list[str]) -> int:
    """0, or 2 where the pipeline or a parameter is not what it should be."""
    given = _parser().parse_args(words)
    try:
        pipeline = opened(given.pipeline, given.hub) if given.pipeline else None
        show(params_for(pipeline)(**_asked(given)), pipeline, given.out)
    except (PipelineError, ParameterError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m core.guidance.pipeline", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pipeline", nargs="?", metavar="FOLDER", help="of a diffusers pipeline, safetensors only")
    parser.add_argument("--hub", action="store_true", help="FOLDER may be a name of the hub, whose files are downloaded")
    parser.add_argument("--label", type=int, help="class to draw")
    parser.add_argument("--prompt", help="what the pictures shall show")
    parser.add_argument("--interval", nargs=2, type=float, metavar=("LOW", "HIGH"), help="noise to signal ratios")
    parser.add_argument("--family", choices=[each.value for each in Family])
    for name, kind in (("gamma", float), ("rescale", float), ("steps", int), ("count", int), ("seed", int)):
        parser.add_argument(f"--{name}", type=kind, help=Params.model_fields[name].description)
    parser.add_argument("--out", type=Path, metavar="PNG", help="a row a method, a column a seed")
    return parser


def _asked(given: argparse.Namespace) -> dict[str, Any]:
    """What was said; the rest keeps its default."""
    low, high = given.interval or (None, None)
    names = ("label", "prompt", "family", "gamma", "rescale", "steps", "count", "seed")
    values = {name: getattr(given, name) for name in names} | {"sigma_low": low, "sigma_high": high}
    values |= {"model": "own" if given.pipeline else None}
    return {name: value for name, value in values.items() if value is not None}


def show(p: Params, pipeline: Named | None, out: Path | None) -> None:
    """A line a method as soon as it is drawn, then the picture in full size."""
    from core.guidance.pipeline.drawing import Drawing  # noqa: PLC0415  torch takes seconds; wrong words are told before
    from core.guidance.pipeline.experiment import blank  # noqa: PLC0415

    drawing, told = Drawing(p, pipeline, blank(p, pipeline)), 0
    print("".join(f"{name:>12}" for name in COLUMNS))
    for _, r in drawing.parts():
        if len(r.evaluations) > told:
            cells = (r.evaluations, r.seconds, r.contrast, r.overshoot, r.moved)
            print(f"{r.methods[told]:>12}" + "".join(f"{each[told]:12.4g}" for each in cells), flush=True)
            told = len(r.evaluations)
    if out:
        _save(np.stack([each.pictures for each in drawing.done]), out)


def _save(pictures: np.ndarray, out: Path) -> None:
    """[m, n, h, w] or [m, n, h, w, 3] in [-1, 1] as one PNG."""
    from PIL import Image  # noqa: PLC0415

    points = np.round((pictures.clip(-1, 1) + 1) * 127.5).astype(np.uint8)
    rows = np.concatenate(np.concatenate(points, axis=1), axis=1)
    Image.fromarray(rows).save(out, "PNG")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
