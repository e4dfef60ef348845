"""Experiment udm_forward: a picture under every corruption at one strength, and a sentence under every edit."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from zlib import crc32

import numpy as np

from core.given import Picture, Sentence, picture, sentence
from core.parameters import Parameters, Variant, choice, seed, slider, variant
from core.picture import pack, unpack
from core.result import Result
from core.udm.catalogue import every_corruption, every_edit
from core.udm.corruptions.blur import heat_blur, heat_gain, width
from core.udm.edit import Token, chance
from core.udm.pictures import Shipped, shipped, signed, twin
from core.udm.spectrum import SCREEN, dct2
from core.udm.tokens import alphabet, split

Array = np.ndarray

LONGEST = 120  # characters of a sentence
QUESTION = "To be, or not to be: that is the question."


class FromShelf(Variant):
    """A picture that ships."""

    kind: Literal["flower", "temple", "digit"] = "flower"


class Own(Variant):
    """A picture of one's own."""

    kind: Literal["own"] = "own"
    own_picture: Picture = picture(pack(shipped("flower")), "64 x 64 points: a JPEG file in letters of URL-safe base64")


PictureChoice = FromShelf | Own


class Params(Parameters):
    """Of /udm_forward."""

    t: float = slider(0.5, 0.0, 1.0, 0.01, doc="strength of every corruption: 0 is the original, 1 the end state")
    picture: PictureChoice = variant(FromShelf(), "the picture x_0")
    sentence: Sentence = sentence(QUESTION, LONGEST, "the sentence x_0; its edits touch the share t of its characters")
    other: Shipped = choice(Shipped.TEMPLE, "the second picture: where the morph ends, and the twin", advanced=True)
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class ForwardResult(Result):
    """C corruptions in the order of `names`, E edits; pictures are [64, 64, 3] in [-1, 1] or beyond, 0 is grey."""

    names: list[str]  # [C]
    clean: Array  # [64, 64, 3] float32
    corrupted: Array  # [C, 64, 64, 3] float32
    error_theory: Array  # [C] expected (x_t - x_0)^2 a value, in closed form
    twins: Array  # [2, 64, 64, 3] float32: clean and its twin of the same mean colour, both blurred
    twins_theory: float  # their root mean square distance in closed form
    edits: list[str]  # [E]
    lines: list[list[Token]]  # [E] the characters of each edited sentence and what happened to them
    bits_lost: Array  # [E] log2 of the originals that may lie behind each, at most where the edit says so

    def metrics(self) -> dict[str, float]:
        """Peak signal to noise in dB of a screen of 256 greys, so that an untouched picture has 58.9."""
        errors = np.square(self.corrupted - self.clean).mean((1, 2, 3), dtype=np.float64)
        measured, theory = decibels(errors), decibels(self.error_theory)
        pairs = zip(self.names, measured.tolist(), theory.tolist(), strict=True)
        values = {key: value for name, here, there in pairs for key, value in _pair(name, here, there)}
        apart = float(np.sqrt(np.square(self.twins[0] - self.twins[1], dtype=np.float64).mean()))
        greys = {"twins_apart": apart * 127.5, "twins_apart_theory": self.twins_theory * 127.5}
        return values | {"theory_error": float(np.abs(measured - theory).max())} | greys


def _pair(name: str, measured: float, theory: float) -> tuple[tuple[str, float], tuple[str, float]]:
    return (f"psnr_{name}", measured), (f"psnr_{name}_theory", theory)


def decibels(error: Array) -> Array:
    """Peak signal to noise ratio of a mean square error; what a screen rounds away is added, so it is finite."""
    return 10 * np.log10(4 / (error + SCREEN))


def compute(p: Params) -> ForwardResult:
    """Everything at strength p.t; everything random follows from p.seed."""
    corruptions, scene = every_corruption(), scene_of(p)
    corrupted = [each.apply(scene.clean, scene.eps[name], p.t) for name, each in corruptions.items()]
    theory = [each.expected_error(scene.clean, scene.eps[name], p.t) for name, each in corruptions.items()]
    twins, apart = _twins(scene, p.t)
    lines, bits = edited(p)
    return ForwardResult(
        names=list(corruptions),
        clean=np.ascontiguousarray(scene.clean, np.float32),
        corrupted=np.array(corrupted, np.float32),
        error_theory=np.array(theory),
        twins=np.ascontiguousarray(twins, np.float32),
        twins_theory=apart,
        edits=list(every_edit()),
        lines=lines,
        bits_lost=bits,
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """The two pictures [64, 64, 3] in [-1, 1], and what is random in every corruption."""

    clean: Array
    other: Array
    eps: dict[str, Array]


def scene_of(p: Params) -> Scene:
    """Of these parameters; t and the sentence do not matter."""
    return _scene(p.picture, p.other.value, p.seed)


@lru_cache(maxsize=16)
def _scene(which: PictureChoice, other: str, seed: int) -> Scene:
    clean = signed(unpack(which.own_picture) if isinstance(which, Own) else shipped(which.kind))
    second = signed(shipped(other))
    drawn = {name: each.draw(_rng(name, seed), second) for name, each in every_corruption().items()}
    for each in (clean, second, *drawn.values()):
        each.setflags(write=False)
    return Scene(clean, second, drawn)


def _rng(name: str, seed: int) -> np.random.Generator:
    """A stream for each corruption, so that another one more changes nothing here."""
    return np.random.default_rng((seed, crc32(name.encode())))


def _twins(scene: Scene, t: float) -> tuple[Array, float]:
    """The picture and its twin, both blurred, [2, 64, 64, 3]; their root mean square distance in closed form."""
    pair, side = (scene.clean, twin(scene.clean, scene.other)), len(scene.clean)
    gain = heat_gain(side, width(side, t))
    left = dct2(pair[0] - pair[1]) * np.multiply.outer(gain, gain)[..., None]
    return np.stack([heat_blur(each, width(side, t)) for each in pair]), float(np.sqrt(np.square(left).mean()))


def edited(p: Params) -> tuple[list[list[Token]], Array]:
    """The sentence under every edit, and the bits that each has lost."""
    tokens = split(p.sentence)
    letters = alphabet(tokens)
    eps, count = chance(tokens, letters, p.seed), round(p.t * len(tokens))
    edits = every_edit().values()
    bits = [each.bits_lost(len(tokens), count, len(letters)) for each in edits]
    return [each.apply(tokens, eps, count) for each in edits], np.array(bits)
