"""assets/MANIFEST.toml: what every shipped file is, where it came from, and how to make it again.

One table a file, by its path under assets/. A file is used only when its bytes are the ones that were measured.
"""

import json
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).resolve().parents[2] / "assets"


class DamagedAssetError(OSError):
    """A shipped file is missing or is not the one that the manifest describes."""


def lines(assets: Path = ASSETS) -> dict[str, dict[str, Any]]:
    """Path under assets/ -> its line; empty where there is no manifest."""
    path = assets / "MANIFEST.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def verified(name: str, assets: Path = ASSETS) -> Path:
    """The path of a shipped file, once its bytes are known to be the right ones.

    Raises DamagedAssetError, naming the file, where it is missing, unlisted, cut short or altered.
    """
    line, path = lines(assets).get(name), assets / name
    if line is None:
        raise DamagedAssetError(f"{name} has no line in {assets / 'MANIFEST.toml'}")
    if not path.is_file():
        raise DamagedAssetError(f"{name} is missing; make it again with: {line['command']}")
    if (found := digest(path)) != line["sha256"]:
        raise DamagedAssetError(f"{name} is damaged: its sha256 is {found}, the manifest says {line['sha256']}")
    return path


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def record(name: str, line: Mapping[str, Any], assets: Path = ASSETS) -> None:
    """Write or replace one line, with the size and the sum of the file as it is now."""
    path = assets / name
    made = {"sha256": digest(path), "bytes": path.stat().st_size, **line}
    table = dict(sorted((lines(assets) | {name: made}).items()))
    (assets / "MANIFEST.toml").write_text("\n".join(f"[{json.dumps(key)}]\n{_body(value)}" for key, value in table.items()))


def _body(line: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in line.items())


def _value(value: Any) -> str:
    """Texts, numbers, lists and small tables as TOML, which reads JSON's scalars and lists as they are."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + " }"
    return json.dumps(value)
