"""Characters come in between."""

from math import comb

from core.udm.edit import Chance, Edit, Token


class Insert(Edit):
    """The original is a subsequence of the result."""

    order = 30

    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        made: list[Token] = []
        for place in range(len(tokens) + 1):
            made += [(eps.letters[i], "new") for i in eps.order[:count] if eps.gaps[i] == place]
            made += [(token, "kept") for token in tokens[place : place + 1]]
        return made

    def texts(self, length: int, count: int, letters: int) -> int:
        """At most: subsequences may be equal, and there are no more texts than letters allow."""
        return min(comb(length + count, count), letters**length)
