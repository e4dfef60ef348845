"""The terms of the field in plain words, and where a text says one of them first."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from demos._words import Row, read

ASIDE = re.compile(r"\$\$.+?\$\$|\$.+?\$|`[^`]*`|\[[^\]]*\]\([^)]*\)|^#.*$|(?<!\*)\*(?!\*)[^*]+\*(?!\*)", re.S | re.M)
HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Term:
    """One term; pattern: of all its forms, longest first, in each language; tabs: where it means this, none: everywhere."""

    key: str
    name: Row
    said: Row
    pattern: Row
    tabs: tuple[str, ...]

    def payload(self) -> dict[str, Any]:
        return {"key": self.key, "name": self.name, "said": self.said, "pattern": self.pattern, "tabs": list(self.tabs)}


@cache
def glossary() -> tuple[Term, ...]:
    """Terms of the longest form first: where two begin at one place of a text, the longer is meant."""
    longest = {key: max(map(len, _forms(row)["en"])) for key, row in read("_glossary").items()}
    return tuple(_term(key, read("_glossary")[key]) for key in sorted(longest, key=lambda key: -longest[key]))


def _forms(row: dict[str, Any]) -> dict[str, list[str]]:
    also = row.get("also", {"en": [], "zh": []})
    return {language: sorted([name, *also[language]], key=len, reverse=True) for language, name in row["name"].items()}


def _term(key: str, row: dict[str, Any]) -> Term:
    pattern = {language: _pattern(forms) for language, forms in _forms(row).items()}
    return Term(key, row["name"], row["said"], pattern, tuple(row.get("tabs", ())))


def _pattern(forms: list[str]) -> str:
    """Whole words of letters; Chinese has no spaces between words. Python and JavaScript read it alike."""
    return "|".join(form if HAN.search(form) else f"(?<![A-Za-z]){form}(?![A-Za-z])" for form in forms)


def plain(text: str) -> str:
    """A text without what is never marked: formulas, code, links, titles, and names of buttons in italics."""
    return ASIDE.sub(" ", text)


def meant(text: str, tab: str, language: str) -> set[str]:
    """Keys of the terms that a text of this tab says; a longer one's words are not read again."""
    mine = [term for term in glossary() if not term.tabs or tab in term.tabs]
    every = "|".join(f"(?P<{term.key}>{term.pattern[language]})" for term in mine)
    return {found.lastgroup for found in re.finditer(every, plain(text), re.IGNORECASE) if found.lastgroup}
