"""Characters are left out."""

from core.udm.edit import Chance, Edit, Token, within


class Delete(Edit):
    """The result is a subsequence of the original; how many texts have it as one does not depend on which it is.

    Source of the count: Chvatal and Sankoff, Longest common subsequences of two random sequences, 1975.
    """

    order = 40

    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        gone = set(eps.order[:count])
        return [(token, "gone" if i in gone else "kept") for i, token in enumerate(tokens)]

    def texts(self, length: int, count: int, letters: int) -> int:
        return within(length, letters, count)
