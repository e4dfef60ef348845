"""What the page says, in both languages: a .toml beside each module of demos/ that draws, _page.toml for what all share.

A text is a table with `en` and `zh`; its key is the path to it under the module's scope, such as guidance.plane.story.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from demos._tab import Tab

HERE = Path(__file__).parent
LOCALES = {"en": "en", "zh": "zh"}  # what Gradio calls zh-CN or zh-TW looks there too

Row = dict[str, str]  # language -> text
Texts = dict[str, Row]


@cache
def read(scope: str) -> dict[str, Any]:
    """The whole table of one scope; of a package it is the file words.toml inside."""
    path = HERE / scope.replace(".", "/")
    file = path / "words.toml" if path.is_dir() else path.with_suffix(".toml")
    return tomllib.loads(file.read_text("utf8"))


@cache
def texts(scope: str) -> Texts:
    """Every text of one scope by its key."""
    return dict(_flat(read(scope), ""))


def _flat(table: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if {"en", "zh"} <= table.keys():
        yield path.removesuffix("."), {language: table[language] for language in ("en", "zh")}
    for key, below in table.items():
        if isinstance(below, dict) and key != "values":
            yield from _flat(below, f"{path}{key}.")


def scopes(tabs: dict[str, Tab]) -> list[str]:
    """Every scope of the house, each once."""
    return list(dict.fromkeys(scope for name, tab in tabs.items() for scope in (name, *(e.scope for e in tab.experiments))))


def translations(tabs: dict[str, Tab]) -> dict[str, dict[str, str]]:
    """Locale -> key -> text, for gr.I18n."""
    rows = {f"page.{key}": row for key, row in texts("_page").items()}
    rows |= {f"home.{key}": texts("_home")[key] for key in ("title", "absent")}  # the rest comes with Home's own file
    for scope in scopes(tabs):  # what the experiments of a tab share is said once, in the tab's own words
        rows |= {f"{scope}.{key}": row for key, row in (texts(scope.partition(".")[0]) | texts(scope)).items()}
    return {locale: {key: row[column] for key, row in rows.items()} for locale, column in LOCALES.items()}


def known(scope: str) -> Texts:
    """What a picture of this scope may say: its own words, its tab's, the page's."""
    return texts("_page") | texts(scope.partition(".")[0]) | texts(scope)


@dataclass(frozen=True)
class Preset:
    """A scene worth a look: what it sets, and whether everything else is kept as it is or goes back to its default."""

    key: str
    values: dict[str, Any]
    keep: bool = False


def presets(scope: str) -> list[Preset]:
    """In the order of their buttons."""
    rows = read(scope).get("presets", {}).items()
    return [Preset(f"presets.{name}", row["values"], row.get("keep", False)) for name, row in rows]
