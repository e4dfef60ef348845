"""Two small matrices, for those who have none at hand and as the form of a file; made up.

The text is causal attention over six tokens, weights; the array is two heads of eight tokens, the second sharper.
"""

from base64 import b64encode
from io import BytesIO

import numpy as np

from core.attention.logits import softmax

WORDS = ("the", "cat", "sat", "on", "the", "mat")
TOKENS = 8


def _cells() -> str:
    rng = np.random.default_rng(9593)
    rows = [",".join(("", *WORDS))]
    for i, word in enumerate(WORDS):
        seen = softmax(rng.standard_normal(i + 1))
        cells = [f"{value:.3f}" for value in (*seen, *[0.0] * (len(WORDS) - i - 1))]
        rows.append(",".join((word, *cells)))
    return "\n".join(rows)


def _letters() -> str:
    kept = BytesIO()
    heads = np.random.default_rng(9593).standard_normal((2, TOKENS, TOKENS)) * np.array([1.0, 3.0])[:, None, None]
    np.save(kept, softmax(heads).astype(np.float16), allow_pickle=False)
    return b64encode(kept.getvalue()).decode()


CELLS, LETTERS = _cells(), _letters()
