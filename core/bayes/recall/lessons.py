"""Random training texts: up to MOST records, then four questions that see the records and themselves, not one another.

What the records do not say is drawn from its law: a missing value uniformly, a missing bound uniformly. So the right answer to
a question without its key has the entropy of a guess. The network that is taught to refuse says NONE instead.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.bayes.recall.alphabet import CODES, FIRST_DIGIT, KEY, LETTERS, MOST, VALUE

EMPTY = 0.06  # of the texts: no record, what the prior is learnt from
SLOTS = (9, 9, 17, 7)  # signs of the four questions with their answers
ANSWERS = (4, 4, 8, 2)  # the last ones of these, which are learnt
BOUNDED, TWICE, NEAR = 0.6, 0.4, 0.3  # of the texts: two bounds, one key twice; of the records: a key almost like another
KNOWN, ALMOST = 0.7, 0.15  # of the questions: the key of a record, if only of a bound; but for one letter; else random

EQUAL, LESS, MORE, END, ASK, PLUS, BETWEEN, NONE = (CODES[sign] for sign in "=<>;?+~-")
YES, NO = CODES["y"], CODES["n"]


@dataclass(frozen=True)
class Records:
    """[b, n] records; a text's own order is the order of the second axis."""

    keys: Tensor  # [b, n, KEY] letters
    relations: Tensor  # [b, n] EQUAL, LESS or MORE
    values: Tensor  # [b, n, VALUE] digits, 0 to 9

    @property
    def codes(self) -> Tensor:
        """[b, n RECORD]"""
        end = torch.full_like(self.relations, END)
        return torch.cat([self.keys, self.relations[..., None], FIRST_DIGIT + self.values, end[..., None]], -1).flatten(1)

    def place(self, key: Tensor, relation: int) -> Tensor:
        """[b] the last record of these keys [b, KEY] with this relation, -1 where there is none."""
        found = (self.keys == key[:, None]).all(-1) & (self.relations == relation)
        numbers = torch.arange(1, found.shape[1] + 1)
        return (found * numbers).amax(1) - 1 if found.shape[1] else torch.full((len(key),), -1)

    def value(self, place: Tensor) -> Tensor:
        """[b, VALUE] at these places [b]; anything where the place is -1."""
        if not self.values.shape[1]:
            return torch.zeros(len(place), VALUE, dtype=torch.long)
        return self.values[torch.arange(len(place)), place.clamp(min=0)]


class Teacher:
    """Draws texts from one generator."""

    def __init__(self, noise: torch.Generator, size: int, refuses: bool) -> None:
        self.noise, self.size, self.refuses = noise, size, refuses

    def _chance(self, share: float, *more: int) -> Tensor:
        return torch.rand(self.size, *more, generator=self.noise) < share

    def _integers(self, below: int, *more: int) -> Tensor:
        return torch.randint(below, (self.size, *more), generator=self.noise)

    def _altered(self, keys: Tensor) -> Tensor:
        """The same keys [b, KEY] with one letter drawn anew."""
        where = torch.arange(KEY) == self._integers(KEY)[:, None]
        return torch.where(where, self._integers(len(LETTERS), KEY), keys)

    def records(self, count: int) -> tuple[Records, Tensor, Tensor]:
        """Records in random order, and the keys [b, KEY] that may have two bounds and two values."""
        keys = self._integers(len(LETTERS), max(count, 4), KEY)
        for i in range(1, count):
            keys[:, i] = torch.where(self._chance(NEAR)[:, None], self._altered(keys[:, i - 1]), keys[:, i])
        relations = torch.full((self.size, count), EQUAL)
        values = self._integers(10, count, VALUE)
        bound = self._chance(BOUNDED)
        for i, relation in enumerate((LESS, MORE)[:count]):
            relations[:, i] = torch.where(bound, relation, EQUAL)
            values[:, i, 1:] = values[:, i, 1:] * ~bound[:, None]
        keys[:, 1] = torch.where(bound[:, None], keys[:, 0], keys[:, 1])
        keys[:, 3] = torch.where(self._chance(TWICE)[:, None], keys[:, 2], keys[:, 3])
        bounds, twice = keys[:, 0].clone(), keys[:, 2].clone()
        order = torch.rand(self.size, count, generator=self.noise).argsort(1)
        rows = torch.arange(self.size)[:, None]
        return Records(keys[:, :count][rows, order], relations[rows, order], values[rows, order]), bounds, twice

    def key(self, records: Records, wanted: Tensor | None = None) -> Tensor:
        """[b, KEY] to ask for: the wanted ones or those of random records, almost those, or random ones."""
        anything, luck = self._integers(len(LETTERS), KEY), torch.rand(self.size, 1, generator=self.noise)
        if wanted is None:
            if not records.keys.shape[1]:
                return anything
            wanted = records.keys[torch.arange(self.size), self._integers(records.keys.shape[1])]
        return torch.where(luck < KNOWN, wanted, torch.where(luck < KNOWN + ALMOST, self._altered(wanted), anything))

    def answered(self, records: Records, key: Tensor) -> Tensor:
        """[b, VALUE] the last value of a key, a random one or a refusal where there is none."""
        place = records.place(key, EQUAL)
        guess = torch.full((self.size, VALUE), NONE) if self.refuses else FIRST_DIGIT + self._integers(10, VALUE)
        return torch.where(place[:, None] < 0, guess, FIRST_DIGIT + records.value(place))

    def between(self, records: Records, key: Tensor) -> Tensor:
        """[b] whether a number is above the one bound and below the other; a missing bound is drawn."""
        places = [records.place(key, relation) for relation in (MORE, LESS)]
        low, high = (torch.where(at < 0, self._integers(10), records.value(at)[:, 0]) for at in places)
        said = torch.where(low < high, YES, NO)
        missing = torch.minimum(*places) < 0
        return torch.where(missing, NONE, said) if self.refuses else said

    def questions(self, records: Records, bounds: Tensor, twice: Tensor) -> Tensor:
        """[b, sum of SLOTS] four questions with their answers."""
        one, again = self.key(records), self.key(records, twice)
        first, second, bounded = self.key(records), self.key(records), self.key(records, bounds)
        ask, equal, end, plus, between = (torch.full((self.size, 1), code) for code in (ASK, EQUAL, END, PLUS, BETWEEN))
        parts = [ask, one, equal, self.answered(records, one), end]
        parts += [ask, again, equal, self.answered(records, again), end]
        parts += [ask, first, plus, second, equal, self.answered(records, first), plus, self.answered(records, second), end]
        parts += [ask, bounded, between, self.between(records, bounded)[:, None], end]
        return torch.cat(parts, 1)


def layout(context: int) -> tuple[Tensor, Tensor, Tensor]:
    """Places [l], who sees whom [l, l], and which signs are learnt [l], of a context of so many signs and the questions."""
    group = torch.cat([torch.zeros(context, dtype=torch.long)] + [torch.full((n,), i + 1) for i, n in enumerate(SLOTS)])
    places = torch.cat([torch.arange(context)] + [context + torch.arange(n) for n in SLOTS])
    learnt = torch.cat(
        [torch.zeros(context, dtype=torch.bool)] + [torch.arange(n) >= n - a for n, a in zip(SLOTS, ANSWERS, strict=True)]
    )
    seen = ((group == group[:, None]) | (group == 0)) & torch.ones(len(group), len(group), dtype=torch.bool).tril()
    return places, seen, learnt


def count(noise: torch.Generator) -> int:
    """Records of the texts of one batch."""
    empty = torch.rand(1, generator=noise).item() < EMPTY
    return 0 if empty else int(torch.randint(1, MOST + 1, (1,), generator=noise).item())
