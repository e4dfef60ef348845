"""What may be asked of the fine-tuned recogniser, with bounds."""

from enum import Enum
from typing import ClassVar, Literal

import numpy as np

from core.lora.digits.worlds import Rotated, World
from core.lora.flat import Adam, Optimiser
from core.parameters import Parameters, Variant, choice, seed, slider, variant

RANKS = (1, 2, 4, 8, 16)  # at which the method looked at is trained, beside the rank asked for


class Network(Enum):
    """Which shipped recogniser is fine-tuned."""

    CLASSIFIER = "clean_classifier"
    JUDGE = "judge"


class Layers(Enum):
    """Which weight matrices are adapted; everything before them is frozen."""

    HEAD = "head"  # the two linear layers
    LAST = "last"  # and the last convolution
    LATE = "late"  # and the last two


FIRST = {Layers.HEAD: 5, Layers.LAST: 4, Layers.LATE: 3}  # adapted layer; of seven layers, five of them convolutions
LAYERS = ("conv_1", "conv_2", "conv_3", "conv_4", "conv_5", "projection", "classes")
WIDTHS, EMBEDDING, CLASSES = {Network.CLASSIFIER: 32, Network.JUDGE: 48}, 64, 10


def names(layers: Layers) -> tuple[str, ...]:
    """Of the adapted layers."""
    return LAYERS[FIRST[layers] :]


def sizes(network: Network, layers: Layers) -> np.ndarray:
    """[L, 2] inputs n and outputs m of every adapted matrix; a convolution's inputs are the points under its kernel."""
    w = WIDTHS[network]
    late = ((9 * 2 * w, 4 * w), (9 * 4 * w, 4 * w), (4 * w, EMBEDDING), (EMBEDDING, CLASSES))
    return np.array(late[FIRST[layers] - FIRST[Layers.LATE] :])


class Plain(Variant):
    """A method without fields of its own."""

    kind: Literal["lora", "full", "frozen_a", "rslora", "projection_fresh"] = "lora"


class LoraPlus(Variant):
    kind: Literal["lora_plus"] = "lora_plus"
    ratio: float = slider(4.0, 1.0, 32.0, 1.0, "×", "learning rate of B over that of A")


class Several(Variant):
    """Adapters of rank r one after another, each merged before the next begins (ReLoRA), or all at once."""

    kind: Literal["relora", "parallel"] = "relora"
    adapters: int = slider(4, 2, 6, 1, doc="how many: together they have rank adapters times r")


Method = Plain | LoraPlus | Several
METHODS = ("full", "projection_fresh", "lora", "frozen_a", "lora_plus", "rslora", "relora", "parallel")
DENSE = ("full", "projection_fresh")  # methods that move W itself; the others are products


class Params(Parameters):
    """Of /lora_digits."""

    rules: ClassVar[tuple[str, ...]] = ("one_drawing",)

    world: World = variant(Rotated(), "what the digits become")
    method: Method = variant(Plain(), "the method looked at; all are trained")
    rank: int = slider(4, 1, 16, 1, doc="r: A is [r, inputs], B is [outputs, r] of every adapted layer")
    layers: Layers = choice(Layers.HEAD, "the weight matrices that are adapted")
    log_learning_rate: float = slider(-1.8, -4.0, -1.0, 0.1, "log10", "power of ten of the learning rate of A and B")
    steps: int = slider(150, 20, 300, 10, doc="of the optimiser", advanced=True)
    examples: int = slider(500, 50, 1000, 50, doc="of the new world to learn from", advanced=True)
    batch: int = slider(32, 8, 64, 8, "pictures", "a step sees", advanced=True)
    alpha: float = slider(8.0, 1.0, 32.0, 1.0, doc="PEFT's alpha: products are scaled by alpha / r", advanced=True)
    full_share: float = slider(
        0.3, 0.01, 1.0, 0.01, doc="learning rate of W itself (full, fresh projection) over that of A and B", advanced=True
    )
    optimiser: Optimiser = variant(Adam(), "moves every method alike", advanced=True)
    network: Network = choice(Network.CLASSIFIER, "the recogniser that is fine-tuned", advanced=True)
    seed: int = seed()
