"""What may be asked of the denoiser with an adapter, with bounds."""

from enum import Enum
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from core.digits import sketch
from core.digits.label import Label
from core.digits.sketch import LETTERS
from core.faults import rule
from core.given import file, read_by
from core.lora.diffusion import adapter, examples
from core.lora.rank.weights import opened
from core.parameters import Parameters, Variant, choice, seed, slider, variant
from core.parameters import sketch as drawn

MOST_LETTERS = 2 * 2**20  # of a file, in base64: an adapter of rank 64 in half precision
FEWEST = 2  # drawings to learn a style from
SCALES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)  # of the row of pictures, and where everything is measured
FINE = tuple(i / 8 for i in range(13))  # scales at which the change of the prediction is measured
RANKS = (1, 2, 4, 8, 16)


def _adapter(letters: str) -> None:
    """Raises WeightsError for what is no file with an adapter of this denoiser."""
    adapter.read(opened(letters))


File = Annotated[str, read_by(_adapter)]


class Rank(Enum):
    """Of shipped adapters, of what is learnt, and of what is kept of a file."""

    ONE = "1"
    TWO = "2"
    FOUR = "4"
    EIGHT = "8"
    SIXTEEN = "16"


class Kind(Enum):
    """A shipped style."""

    BOLD = "bold"
    SLANTED = "slanted"
    INVERTED = "inverted"


class Shipped(Variant):
    """One shipped adapter."""

    kind: Literal["bold", "slanted", "inverted"] = "bold"


class Mixed(Variant):
    """Two shipped adapters at once, each with its own weight."""

    kind: Literal["mix"] = "mix"
    first: Kind = choice(Kind.SLANTED, "one style")
    first_weight: float = slider(1.0, 0.0, 1.5, 0.05, doc="scale of the first adapter, times the scale of all")
    second: Kind = choice(Kind.BOLD, "the other style")
    second_weight: float = slider(1.0, 0.0, 1.5, 0.05, doc="scale of the second adapter, times the scale of all")


class Upload(Variant):
    """A file with an adapter, as diffusers and PEFT write it."""

    kind: Literal["upload"] = "upload"
    adapter: File = file(
        "",
        MOST_LETTERS,
        examples.FILE,
        "safetensors file with a LoRA adapter of this denoiser, in base64; empty: a shipped one, bold at rank 16",
        suffix="safetensors",
    )


class Drawn(Variant):
    """A style of the visitor's own, learnt from drawings of four digits."""

    kind: Literal["drawn"] = "drawn"
    own_2: str = drawn(examples.TWO, LETTERS, "your 2; blank: none")
    own_4: str = drawn(examples.FOUR, LETTERS, "your 4; blank: none")
    own_5: str = drawn(examples.FIVE, LETTERS, "your 5; blank: none")
    own_7: str = drawn(examples.SEVEN, LETTERS, "your 7; blank: none")
    training: int = slider(100, 20, 300, 20, "steps", "of training, sixteen warped drawings each")

    LABELS: ClassVar[tuple[int, ...]] = (2, 4, 5, 7)

    @model_validator(mode="after")
    def _several(self) -> "Drawn":
        """What is common to several drawings is a style; one drawing is that drawing."""
        blank = [label for label in self.LABELS if not self._ink(label).any()]
        if len(self.LABELS) - len(blank) < FEWEST:
            said = f"is blank: a style is what several drawings share, so at least {FEWEST} are needed"
            raise rule("few_drawings", said, f"own_{blank[0]}", FEWEST, str(len(self.LABELS) - len(blank)))
        return self

    def _ink(self, label: int) -> np.ndarray:
        return sketch.unpack(getattr(self, f"own_{label}"))

    def pictures(self) -> tuple[np.ndarray, np.ndarray]:
        """([n, 28, 28] in [-1, 1], labels [n]) of the drawings that are not blank."""
        labels = [label for label in self.LABELS if self._ink(label).any()]
        return np.stack([sketch.picture(getattr(self, f"own_{label}")) for label in labels]), np.array(labels)


Style = Shipped | Mixed | Upload | Drawn


class Params(Parameters):
    """Of /lora_diffusion."""

    rules: ClassVar[tuple[str, ...]] = ("few_drawings",)

    style: Style = variant(Shipped(), "what the adapter makes of the digits")
    rank: Rank = choice(Rank.EIGHT, "r of the adapter; of a file, the best adapter of that rank is kept")
    scale: float = slider(1.0, 0.0, 1.5, 0.05, doc="the update is multiplied by this; 0 is the plain network, 1 as trained")
    digit: Label = choice(Label.ALL, "ten digits, or one of them ten times")
    gamma: float = slider(2.0, 1.0, 4.0, 0.1, doc="classifier-free guidance; 1 is none, at half the price", advanced=True)
    steps: int = slider(6, 5, 20, 1, doc="from noise to picture", advanced=True)
    seed: int = seed()

    @property
    def r(self) -> int:
        """The rank as a number."""
        return int(self.rank.value)

    def labels(self, count: int) -> np.ndarray:
        """[count] the digit of each picture."""
        return np.arange(count) % 10 if self.digit is Label.ALL else np.full(count, int(self.digit.value))
