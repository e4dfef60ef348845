"""Parameters that a visitor makes or brings: a picture of one's own, a sentence, a file."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from core.controls import Kind
from core.faults import FileError, rule
from core.picture import MOST_LETTERS, SIDE, unpack

PATTERN_LETTERS = "abcdefghijklmnopqrstuvwxyz_"


def _picture(letters: str, info: ValidationInfo) -> str:
    """The letters, if they are a picture."""
    try:
        unpack(letters)
    except ValueError as error:
        bound = f"a JPEG file of {SIDE} x {SIDE} points in at most {MOST_LETTERS} letters of URL-safe base64"
        raise rule("picture", f"should be {bound}: {error}", info.field_name or "", bound) from None
    return letters


def _sentence(text: str, info: ValidationInfo) -> str:
    """The text, if there is something to read in it."""
    if not text.strip():
        raise rule("text_empty", "should have at least one character that is not a space", info.field_name or "", 1)
    return text


def read_by(read: Callable[[str], Any]) -> AfterValidator:
    """Lets a file pass that is empty, or that `read` takes without a FileError."""

    def check(letters: str, info: ValidationInfo) -> str:
        try:
            if letters:
                read(letters)
        except FileError as error:
            raise error.broken(info.field_name or "") from None
        return letters

    return AfterValidator(check)


def written_in(letters: str, name: str, sentence: str, bound: Any) -> AfterValidator:
    """Lets a text pass that has no other letters; the first other one breaks the rule `name`, in these words."""

    def check(text: str, info: ValidationInfo) -> str:
        if wrong := next((c for c in text if c not in letters), None):
            raise rule(name, sentence, info.field_name or "", bound, wrong if wrong.isprintable() else repr(wrong))
        return text

    return AfterValidator(check)


SMALL_LETTERS = written_in(PATTERN_LETTERS, "pattern_letter", "should have only letters from a to z and _ for a hole", "a-z _")

Picture = Annotated[str, AfterValidator(_picture)]
Pattern = Annotated[str, SMALL_LETTERS]
Sentence = Annotated[str, AfterValidator(_sentence)]


def picture(default: str, doc: str = "") -> Any:
    """A small colour picture as letters, see core.picture; annotate it with Picture."""
    return Field(default, description=doc, json_schema_extra={"kind": Kind.PICTURE.value, "least": 1, "most": MOST_LETTERS})


def sentence(default: str, most: int, doc: str = "", advanced: bool = False, letters: str = "") -> Any:
    """Any text of at most so many code points that is not blank; annotate it with Sentence.

    letters: the only ones it may have, where it may not have every one; then annotate it with written_in(letters, ...) too.
    """
    extra: dict[str, Any] = {"kind": Kind.TEXT.value, "least": 1, "most": most, "letters": letters, "advanced": advanced}
    return Field(default, max_length=most, description=doc, json_schema_extra=extra)


def pattern(default: str, doc: str = "", advanced: bool = False, letters: str = PATTERN_LETTERS) -> Any:
    """As many of these letters as the default has, _ where one is not given; annotate it with Pattern or your own."""
    count = len(default)
    extra: dict[str, Any] = {
        "kind": Kind.TEXT.value,
        "least": count,
        "most": count,
        "letters": letters,
        "advanced": advanced,
    }
    return Field(default, min_length=count, max_length=count, description=doc, json_schema_extra=extra)


def file(default: str, most: int, example: str, doc: str = "", suffix: str = "csv", advanced: bool = False) -> Any:
    """The text of a small file, at most so many code points; annotate it with a str whose validator reads it. Empty: none.

    example: a short file that is right, for people and tests. suffix: of its name; what is not csv travels as base64.
    """
    extra: dict[str, Any] = {"kind": Kind.FILE.value, "least": 0, "most": most, "example": example, "suffix": suffix}
    extra |= {"advanced": advanced}
    return Field(default, max_length=most, description=doc, json_schema_extra=extra)
