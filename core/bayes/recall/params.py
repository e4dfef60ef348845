"""What may be asked of the recalling networks: records in contexts, a question, how the contexts are pooled."""

from collections import Counter
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from core.bayes.pooling import Pooling
from core.bayes.recall.alphabet import KEY, LETTERS, MOST
from core.columns import Column
from core.faults import rule
from core.given import pattern, written_in
from core.parameters import Parameters, Variant, choice, seed, slider, variant
from core.table import Table, table

MOST_OWN, MOST_CONTEXTS = 40, 12
RELATIONS = {"is": "=", "below": "<", "above": ">"}  # what a record says of its key -> the sign
COLUMNS = (
    Column.number("context", 1, MOST_CONTEXTS, 1, whole=True),
    Column.word("name", KEY),
    Column.choice("relation", tuple(RELATIONS)),
    Column.number("number", 0, 999, 1, whole=True),
)
RECORDS: Table = (
    (1, "tea", "is", 417),
    (1, "ice", "is", 902),
    (2, "egg", "is", 358),
    (2, "ten", "is", 640),
    (2, "tea", "is", 285),
    (3, "oil", "above", 400),
    (4, "oil", "below", 300),
)
Key = Annotated[str, written_in(LETTERS, "key_letter", "should have only letters from a to z", "a–z")]


class Asked(Variant):
    """What every question has."""

    key: Key = pattern("egg", "whose number is asked for: three letters a to z", letters=LETTERS)


class Value(Asked):
    """One key, one answer, in one context."""

    kind: Literal["value"] = "value"


class Both(Asked):
    """Two keys in two contexts: each part of the answer needs one of them."""

    kind: Literal["both"] = "both"
    second: Key = pattern("ice", "whose number is asked for next: three letters a to z", letters=LETTERS)


class Latest(Asked):
    """One key twice, in two contexts: the later record counts, and a pool does not know which is later."""

    kind: Literal["latest"] = "latest"


class Between(Asked):
    """Two bounds in two contexts: is there a number between them?"""

    kind: Literal["between"] = "between"


class Refuse(Asked):
    """As Value, to a network that was taught to refuse: a context without the key is sure of that."""

    kind: Literal["refuse"] = "refuse"


class Params(Parameters):
    """Of /nbce_recall."""

    rules: ClassVar[tuple[str, ...]] = ("context_full", "bound_hundreds")

    records: Table = table(RECORDS, COLUMNS, 1, MOST_OWN, "your records: in which context, name, relation and number")
    task: Value | Both | Latest | Between | Refuse = variant(Value(), "what is asked, of your records and of random ones")
    pooling: Pooling = choice(Pooling.LEAST_ENTROPY, "how the contexts are made one")
    beta: float = slider(0.25, -1.0, 8.0, 0.25, "", "how much of the law without any context is taken off")
    fillers: int = slider(4, 0, 16, 1, "contexts", "of random records beside yours, of which none answers")
    eta: float = slider(0.1, 0.0, 2.0, 0.05, "nats", "lead of the context that spoke last, with least entropy", advanced=True)
    size: int = slider(4, 1, MOST, 1, "records", "of a random context", advanced=True)
    queries: int = slider(48, 16, 256, 16, "questions", "about random records, for the curves", advanced=True)
    seed: int = seed()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Raises for the first record that no text of the training could have."""
        held = Counter[object]()
        for number, (context, _, relation, value) in enumerate(self.records, 1):
            held[context] += 1
            if held[context] > MOST:
                message = f"should have at most {MOST} records in context {context}"
                raise rule("context_full", message, "records", MOST, str(held[context]), row=number, column="context")
            if relation != "is" and float(value) % 100:
                message = f"should have a multiple of 100 as a bound in row {number}, column number"
                raise rule("bound_hundreds", message, "records", "0, 100, … 900", str(value), row=number, column="number")
        return self

    @property
    def network(self) -> str:
        """Which of the two networks is asked."""
        return "refuses" if isinstance(self.task, Refuse) else "guesses"

    @property
    def question(self) -> str:
        """In the signs of core.bayes.recall.alphabet."""
        if isinstance(self.task, Both):
            return f"?{self.task.key}+{self.task.second}="
        return f"?{self.task.key}{'~' if isinstance(self.task, Between) else '='}"

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of the question."""
        return (self.task.key, self.task.second) if isinstance(self.task, Both) else (self.task.key,)
