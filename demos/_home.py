"""Home: what the first tab shows, read off the tabs themselves and the words beside this file.

It goes out as two files of their own, cached for ever: what Home alone needs, and the glossary, which every tab needs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demos._glossary import glossary
from demos._served import FOLDER, Asset
from demos._tab import Tab
from demos._words import HERE, Row, read, texts

JSON = "application/json; charset=utf-8"
ARTICLE, PAPER = "https://kexue.fm/archives/{}", "https://arxiv.org/abs/{}"


@dataclass(frozen=True)
class Home:
    """Of all tabs, in the order of the page."""

    tabs: Mapping[str, Tab]

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """By the stem."""
        bodies = {"home": self.payload(), "glossary": {"terms": [term.payload() for term in glossary()]}}
        packed = {stem: json.dumps(body, ensure_ascii=False, allow_nan=False).encode() for stem, body in bodies.items()}
        return {stem: Asset(stem, ".json", JSON, body) for stem, body in packed.items()}

    def payload(self) -> dict[str, Any]:
        """Everything in both languages; the browser says it in the reader's."""
        named = ("lead", "map", "why", "glossary", "search", "none", "references", "articles", "papers", "used", "badge")
        words = {key: texts("_home")[key] for key in named}
        body = {"words": words, "topics": [self._topic(name) for name in self.tabs], "rows": self.rows()}
        edges = [row for row in read("_home")["edges"].values() if set(row["between"]) <= self.tabs.keys()]
        return body | {"edges": [self._edge(row) for row in edges], **self.references()}

    def rows(self) -> list[list[str]]:
        """Of the map; a tab that has no place there yet stands in a row below."""
        placed = [[name for name in row if name in self.tabs] for row in read("_home")["rows"]]
        rest = [name for name in self.tabs if not any(name in row for row in placed)]
        return [row for row in (*placed, rest) if row]

    def _topic(self, name: str) -> dict[str, Any]:
        tab, told = self.tabs[name], read("_home")["topics"].get(name, {})
        picture = tab.face.picture() if tab.face else None
        body: dict[str, Any] = {"tab": name, "link": _link(tab.experiments[0].name, {}) if tab.experiments else "./"}
        body |= {key: row for key, row in (("idea", _row(told)), ("shows", told.get("shows"))) if row}
        if tab.face is None or picture is None:
            return body
        return body | {"scope": tab.face.experiment.scope, "picture": picture.payload()}

    def _edge(self, row: Mapping[str, Any]) -> dict[str, Any]:
        links = [self._target(link["experiment"], link["values"]) for link in row["links"]]
        body = {"at": row["at"]} if "at" in row else {}
        return body | {
            "between": row["between"],
            "formula": row["formula"],
            "name": row["name"],
            "said": _row(row),
            "links": links,
        }

    def _target(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A scene: what it is called, and its address."""
        tab, experiment = next((t, e) for t, each in self.tabs.items() for e in each.experiments if e.name == name)
        query = experiment.params(**values).to_query()
        return {"tab": tab, "scope": experiment.scope, "link": _link(name, {key: query[key] for key in values})}

    def references(self) -> dict[str, Any]:
        """Articles and papers, each with the tabs whose words name its address."""
        found = read("_references")
        return {
            "articles": [self._cited(ARTICLE.format(number), row) for number, row in found["articles"].items()],
            "papers": [self._cited(PAPER.format(number), row) for number, row in found["papers"].items()],
        }

    def _cited(self, address: str, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"address": address, "tabs": [name for name in self.tabs if f"({address})" in sources(name)], **row}

    def route(self) -> Route:
        """For launch(app_kwargs={"routes": [...]}), before the one that answers for every other file of the folder."""

        def answer(request: Request) -> Response:
            asset = self.assets.get(request.path_params["stem"])
            is_known = asset and asset.mark == request.path_params["mark"]
            return asset.answer(request) if asset and is_known else Response(status_code=404)

        return Route(f"/{FOLDER}/{{stem}}-{{mark}}.json", answer)

    def head(self) -> str:
        """For launch(head=...): where the glossary is."""
        return f'<link rel="prefetch" as="fetch" id="lab-glossary" href="{self.assets["glossary"].address}">'


def _row(told: Mapping[str, Any]) -> Row | None:
    return {"en": told["en"], "zh": told["zh"]} if "en" in told else None


def _link(experiment: str, values: Mapping[str, str]) -> str:
    return "?" + urlencode({"experiment": experiment, **values})


def sources(tab: str) -> str:
    """All words of a tab as they stand in their files."""
    return "".join(path.read_text("utf8") for path in sorted([*HERE.glob(f"{tab}.toml"), *HERE.glob(f"{tab}/*.toml")]))
