"""Characters turn into other ones."""

from math import comb

from core.udm.edit import Chance, Edit, Token


class Replace(Edit):
    """Always by a different one, so original and result differ in exactly t places; kexue.fm/archives/9271, edit model."""

    order = 20

    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        touched = set(eps.order[:count])
        return [(eps.letters[i], "changed") if i in touched else (token, "kept") for i, token in enumerate(tokens)]

    def texts(self, length: int, count: int, letters: int) -> int:
        return comb(length, count) * (letters - 1) ** count
