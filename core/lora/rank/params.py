"""What may be asked of a difference, with bounds."""

from enum import Enum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from core.faults import rule
from core.given import file, read_by
from core.lora.rank import examples, pair
from core.lora.rank.decomposition import KEPT
from core.lora.rank.planted import Plant
from core.lora.rank.weights import MOST_LETTERS, MOST_MATRICES, WeightsError, opened
from core.parameters import Parameters, Variant, choice, seed, slider, variant

File = Annotated[str, read_by(opened)]


class Rule(Enum):
    """How the rank of a layer is chosen."""

    ENERGY = "energy"  # the lowest that keeps the share of energy asked for
    THRESHOLD = "threshold"  # singular values above the threshold of Gavish and Donoho


class Planted(Variant):
    """A signal of low rank in noise: the truth is known."""

    kind: Literal["planted"] = "planted"
    rows: int = slider(96, 16, 256, 8, doc="outputs of the layer, rows of its matrix as PEFT keeps it", advanced=True)
    columns: int = slider(160, 16, 256, 8, doc="inputs of the layer, columns of its matrix", advanced=True)
    planted_rank: int = slider(8, 1, 16, 1, doc="planted directions")
    decay: float = slider(
        0.5, 0.0, 3.0, 0.1, doc="planted singular value i falls like i to the minus this; 0 is flat", advanced=True
    )
    noise: float = slider(
        0.15, 0.0, 2.0, 0.05, doc="sigma times the root of the longer side; 1 is the first planted singular value"
    )


class Shipped(Variant):
    """Two networks of the digits: one after 700 and after 9000 steps; or two of one architecture that were trained apart."""

    kind: Literal["longer", "apart"] = "longer"
    layer: int = slider(10, 1, 45, 1, doc="layer that is drawn, by its number in the table; the last where there are fewer")


class Upload(Variant):
    """Two files of one network, or of one matrix."""

    kind: Literal["upload"] = "upload"
    before: File = file(
        "",
        MOST_LETTERS,
        examples.BEFORE,
        "safetensors file before training, in base64; both empty: an example",
        suffix="safetensors",
    )
    after: File = file("", MOST_LETTERS, examples.AFTER, "the same network after training, in base64", suffix="safetensors")
    own_layer: int = slider(
        1, 1, MOST_MATRICES, 1, doc="layer that is drawn, by its number in the table; the last where there are fewer"
    )


class RankParams(Parameters):
    """Of /lora_rank."""

    rules: ClassVar[tuple[str, ...]] = ("weights_alone", "weights_missing", "weights_shape", "weights_same")

    source: Planted | Shipped | Upload = variant(Planted(), "where the difference is from")
    rule: Rule = choice(Rule.THRESHOLD, "how the rank of each layer is chosen")
    energy: float = slider(0.9, 0.5, 0.99, 0.01, doc="share of the squared norm that the rule of energy keeps")
    most: int = slider(64, 1, KEPT, 1, doc="largest rank that is suggested", advanced=True)
    seed: int = seed()

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        source = self.source
        if not isinstance(source, Upload) or not (source.before or source.after):
            return self
        if not source.before or not source.after:
            missing = "after" if source.before else "before"
            raise rule("weights_alone", "is missing: two files are compared", missing, "a safetensors file", "''")
        try:
            pair.given(source.before, source.after)
        except WeightsError as error:
            raise error.broken("after") from None
        return self

    def plant(self) -> Plant | None:
        """The scene, where the truth is known."""
        s = self.source
        return Plant(s.rows, s.columns, s.planted_rank, s.decay, s.noise) if isinstance(s, Planted) else None
