"""Characters change places, two by two."""

from math import comb, prod

from core.udm.edit import Chance, Edit, Token


class Swap(Edit):
    """The first t positions of a random order trade places in pairs; of an odd one out nothing changes."""

    order = 50

    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        pairs = count // 2
        source = list(range(len(tokens)))
        for one, other in zip(eps.order[: 2 * pairs : 2], eps.order[1 : 2 * pairs : 2], strict=True):
            source[one], source[other] = source[other], source[one]
        return [(tokens[j], "kept" if i == j else "moved") for i, j in enumerate(source)]

    def texts(self, length: int, count: int, letters: int) -> int:  # noqa: ARG002
        """Ways to choose the pairs; at most, for equal characters trade unseen."""
        pairs = count // 2
        return comb(length, 2 * pairs) * prod(range(1, 2 * pairs, 2))
