"""What may be asked of a matrix, with bounds."""

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from core.attention.laws import Gaussian, Noise
from core.attention.matrix import examples, reading
from core.attention.matrix.meaning import Meaning, logits
from core.attention.matrix.reading import MOST_LETTERS, MOST_MATRICES, MOST_ROWS, MatrixError
from core.given import file, read_by
from core.parameters import Parameters, Variant, choice, seed, slider, switch, variant

Array = np.ndarray


Cells = Annotated[str, read_by(reading.text)]
Npy = Annotated[str, read_by(reading.file)]


class Drawn(Variant):
    """Independent Gaussian logits: their law is known."""

    kind: Literal["drawn"] = "drawn"
    tokens: int = slider(64, 1, 256, 1, "tokens", "number of queries and of keys")
    spread: float = slider(1.0, 0.0, 4.0, 0.05, "logits", "standard deviation of the logits")
    causal: bool = switch(default=True, doc="a query sees itself and what is before it")


class Brought(Variant):
    """Numbers that somebody brings."""

    meaning: Meaning = choice(Meaning.AUTO, "what its numbers are: logits, or weights after the softmax")


class Pasted(Brought):
    """Numbers as a text."""

    kind: Literal["pasted"] = "pasted"
    cells: Cells = file(
        "", MOST_LETTERS, examples.CELLS, "a matrix as CSV text, names of rows and columns or none; empty: an example"
    )


class Upload(Brought):
    """Numbers as NumPy stores them."""

    kind: Literal["upload"] = "upload"
    array: Npy = file(
        "", MOST_LETTERS, examples.LETTERS, "NPY file in base64, two axes or more; empty: an example", suffix="npy"
    )
    head: int = slider(
        1, 1, MOST_MATRICES, 1, doc="which matrix of the file, heads counted through; the last where there are fewer"
    )


class MatrixParams(Parameters):
    """Of /attention_matrix."""

    rules: ClassVar[tuple[str, ...]] = ("matrix_negative", "matrix_sum")

    source: Drawn | Pasted | Upload = variant(Drawn(), "where the matrix is from")
    scale: float = slider(
        1.0, 0.1, 4.0, 0.05, "", "what all logits are multiplied by; of weights, the power they are raised to"
    )
    noise: Noise = variant(Gaussian(), "law of the noise that is added to every logit")
    row: int = slider(64, 1, MOST_ROWS, 1, "", "row (query) that is looked at; the last where there are fewer")
    seed: int = seed()

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        try:
            self.logits()
        except MatrixError as error:
            name = "cells" if isinstance(self.source, Pasted) else "array"
            raise error.broken(name) from None
        return self

    def given(self) -> Array:
        """[matrices, rows, columns] as they came, or as they are drawn."""
        if isinstance(self.source, Pasted):
            return reading.text(self.source.cells or examples.CELLS)
        if isinstance(self.source, Upload):
            return reading.file(self.source.array or examples.LETTERS)
        return drawn(self.source, self.seed)

    def logits(self) -> tuple[Array, bool]:
        """([rows, columns] logits of the matrix that is looked at, before they are scaled; whether it came as weights)."""
        found = self.given()
        if isinstance(self.source, Drawn):
            return found[0], False
        which = min(self.source.head, len(found)) - 1 if isinstance(self.source, Upload) else 0
        every, were_weights = logits(found, self.source.meaning)
        return every[which], were_weights


def drawn(which: Drawn, seed: int) -> Array:
    """[1, n, n] independent Gaussian logits, -inf after the query where it is causal."""
    found = which.spread * np.random.default_rng([seed, 0]).standard_normal((which.tokens, which.tokens))
    return np.where(np.tri(which.tokens, dtype=bool), found, -np.inf)[None] if which.causal else found[None]
