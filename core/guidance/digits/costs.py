"""What each method costs: minutes of training, network evaluations and milliseconds a picture."""

from dataclasses import dataclass

from core.digits import manifest
from core.guidance.digits import standard

# Beside the denoiser; the weaker one of autoguidance is the denoiser as it was early in its own training, so it is free.
TRAINED_FOR = {"classifier noised": "classifier", "classifier clean": "clean_classifier", "classifier_mean": "classifier"}
TRAINED_FOR |= {"similarity": "encoder"}
WEIGHTS = "digits/{}/diffusion_pytorch_model.safetensors"


@dataclass(frozen=True)
class Cost:
    """Of one scene of the shipped table."""

    scene: str
    training_minutes: float  # of everything the method needs, on two cores
    evaluations: float  # networks called a picture
    milliseconds: float  # a picture, among fifty drawn together on two cores


def costs() -> tuple[Cost, ...]:
    """One line a scene of the table, at its strength nearest to 2, in the table's order."""
    rows = standard.table()["rows"]
    return tuple(
        _cost(scene, [each for each in rows if each["scene"] == scene]) for scene in dict.fromkeys(r["scene"] for r in rows)
    )


def _cost(scene: str, rows: list[standard.Row]) -> Cost:
    row = min(rows, key=_from_two)
    return Cost(scene, training_minutes(scene), float(row["evaluations"]), float(row["milliseconds"]))


def _from_two(row: standard.Row) -> float:
    return abs(float(row["gamma"]) - 2)


def training_minutes(scene: str) -> float:
    """Of the denoiser and of the network that this scene adds, from the manifest."""
    names = ["denoiser", *filter(None, [TRAINED_FOR.get(scene)])]
    return round(sum(float(manifest.lines()[WEIGHTS.format(name)]["minutes"]) for name in names), 1)
