"""Characters are covered."""

from core.udm.edit import Chance, Edit, Token

COVER = "▢"


class Mask(Edit):
    """Invertible: where something was covered can be seen; source: kexue.fm/archives/9271, mask model."""

    order = 10

    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        covered = set(eps.order[:count])
        return [(COVER, "hole") if i in covered else (token, "kept") for i, token in enumerate(tokens)]

    def texts(self, length: int, count: int, letters: int) -> int:  # noqa: ARG002
        return letters**count
