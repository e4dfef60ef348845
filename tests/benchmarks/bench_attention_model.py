"""attention_model: curves of all strengths at once against separate passes, writing from memory against reading again."""

import statistics

import torch

from core.attention.model.curve import losses, parts, strengths_of
from core.attention.model.experiment import compute
from core.attention.model.noise import Noise, Place, amounts, through
from core.attention.model.params import Params
from core.attention.model.result import PLACES
from core.attention.model.text import scene
from core.attention.model.weights import network
from core.attention.model.windows import windows
from core.attention.model.writing import written
from core.digits.door import AT_WORK
from tests.benchmarks.timing import ratio, seconds

ROUNDS = 3
WANTED_CURVE, WANTED_WRITING, WANTED_FIRST = 4.0, 5.0, 1.0


class Curve:
    """12 strengths on the 8192 characters of the scene, noise at one place."""

    def __init__(self, place: Place, p: Params) -> None:
        self.model, self.place, self.p = network("constant"), place, p
        self.codes, self.following = windows(scene())
        self.strengths = strengths_of(p)[:-1]

    def noise(self, strengths: torch.Tensor) -> Noise:
        return Noise(self.place, strengths, amounts(self.model, self.place, self.p), PLACES.index(self.place.value))

    def quick(self) -> None:
        for _losses in parts(self.model, self.codes, self.following, [self.noise(self.strengths)]):
            pass

    def separate(self, windows_at_a_time: int) -> None:
        """A forward pass for every strength and every so many windows."""
        for strength in self.strengths:
            noise = self.noise(strength[None])
            for one, two in zip(self.codes.split(windows_at_a_time), self.following.split(windows_at_a_time), strict=True):
                losses(self.model, through(self.model, one, noise), two)


def curves() -> None:
    asked = {"all layers": Params(), "layer 4": Params(where="one_layer", layer=4)}
    for where, p in asked.items():
        for place in (Place.LOGITS, Place.STREAM):
            curve = Curve(place, p)
            each, many = (ratio(lambda n=n, curve=curve: curve.separate(n), curve.quick, ROUNDS) for n in (1, len(curve.codes)))
            said = f"ratio {each:.1f} (wanted {WANTED_CURVE:g}); against passes of all windows at once {many:.1f}"
            print(f"  12 strengths on 8 kB, {place.value}, {where}: {seconds(curve.quick):.2f} s, {said}", flush=True)


def main() -> None:
    first = statistics.median([seconds(lambda: next(compute(Params()))) for _ in range(ROUNDS + 1)][1:])
    print(f"attention_model: first part {first:.2f} s (wanted {WANTED_FIRST:g})")
    with AT_WORK:
        curves()
        model, p = network("constant"), Params()
        faster = seconds(lambda: list(written(model, p, keep=False))) / seconds(lambda: list(written(model, p)))
    print(f"  {p.written} characters written from memory, ratio {faster:.1f} (wanted {WANTED_WRITING:g})")
    print(f"  the whole default run {seconds(lambda: list(compute(Params()))):.1f} s", flush=True)


if __name__ == "__main__":
    main()
