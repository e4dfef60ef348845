"""What was wrong with a parameter, for a person in any language."""

from collections.abc import Mapping
from dataclasses import dataclass
from reprlib import repr as short
from typing import Any, Self

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

BELONGS = "belongs"  # a value for a choice that was not made
NOT_OFFERED = "not_offered"  # an option that another choice rules out
LONGEST = 120  # letters of a value that are said
ABOVE_OTHER = "above_other"  # a number above another parameter that bounds it


@dataclass(frozen=True)
class Fault:
    """One refused value; `rule` is the name of the broken rule (pydantic's, or one above), a key for translations.

    row, column: where in a table it is; rows count from 1, 0 and "" are of no row and no column.
    """

    parameter: str
    rule: str
    bound: str
    value: str
    reason: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        return f"{self.parameter} {self.reason}, not {self.value}"

    @classmethod
    def read(cls, detail: Mapping[str, Any]) -> Self:
        """From one entry of pydantic's list of errors; of a nested place the innermost name counts."""
        context = detail.get("ctx", {})
        names = [str(part) for part in detail["loc"] if isinstance(part, str)]
        bound = next(iter(context.values()), "")
        name = context.get("parameter") or names[-1]  # a rule across parameters has no place of its own
        place = {key: context[key] for key in ("row", "column") if key in context}
        return cls(
            name, detail["type"], _plain(bound), context.get("value") or short(detail["input"]), _reason(detail["msg"]), **place
        )


def _plain(bound: Any) -> str:
    """A whole number without its point."""
    return str(int(bound)) if isinstance(bound, float) and bound.is_integer() else str(bound)


def _reason(message: str) -> str:
    return (
        message.removeprefix("Input ")
        .removeprefix("String ")
        .replace("Extra inputs are not permitted", "is not a parameter here")
    )


def rule(name: str, message: str, parameter: str, bound: Any, value: str = "", **place: Any) -> PydanticCustomError:
    """A broken rule across parameters, to be raised by a validator of Parameters.

    name: key of the translation under [fault]; bound: what would have been right; parameter: whose value was wrong; value:
    that value, where the validator is not the field's own; place: row and column, in a table.
    """
    return PydanticCustomError(name, message, {"bound": str(bound), "parameter": parameter, "value": value} | place)


class FileError(ValueError):
    """What is wrong with what somebody brought: the rule, what would be right, what was found, and where.

    row, column: in a table or a matrix; they count from 1, 0 and "" are of no row and no column.
    """

    def __init__(self, rule: str, message: str, bound: Any, value: str, row: int = 0, column: str = "") -> None:
        super().__init__(message)
        self.rule, self.bound, self.value, self.row, self.column = rule, str(bound), value[:LONGEST], row, column

    def broken(self, parameter: str) -> PydanticCustomError:
        """The same as a broken rule of a parameter, to be raised by a validator."""
        return rule(self.rule, str(self), parameter, self.bound, self.value, row=self.row, column=self.column)


class ParameterError(ValueError):
    """Says which parameter broke which bound with which value."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))

    @classmethod
    def of(cls, error: ValidationError) -> Self:
        """One fault a parameter, the first that was found."""
        faults = [Fault.read(detail) for detail in error.errors(include_url=False)]
        return cls(*{fault.parameter: fault for fault in reversed(faults)}.values())
