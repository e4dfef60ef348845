"""Every way to fine-tune one matrix that is trained here, with the fields some have of their own.

Sources: LoRA 2106.09685; LoRA-FA 2308.03303 (one factor frozen); LoRA+ 2402.12354; rsLoRA 2312.03732; DoRA 2402.09353;
PiSSA 2404.02948; OLoRA 2406.01775; LoRA-GA 2407.05000; LoRA-Pro 2407.18242; ReLoRA 2307.05695; GaLore 2403.03507;
Flora 2402.03293; projections and the additive form: Su Jianlin, 2023-04-17, kexue.fm/archives/9590.
"""

from typing import Literal

from core.parameters import Variant, slider

PRODUCTS = (
    "lora", "lora_b", "lora_both", "lora_plus", "rslora", "pissa", "olora", "orthogonal", "lora_ga", "relora", "lora_pro",
    "dora",
)  # fmt: skip
PROJECTIONS = ("frozen_a", "frozen_b", "additive", "projection_fixed", "galore", "flora", "projection_fresh")
NAMES = ("full", *PRODUCTS, *PROJECTIONS)  # the order in which the program stacks them


class Plain(Variant):
    """A method without fields of its own."""

    kind: Literal[
        "lora", "full", "lora_b", "lora_both", "frozen_a", "frozen_b", "rslora", "dora", "pissa", "olora", "orthogonal",
        "lora_ga", "lora_pro", "projection_fixed", "projection_fresh", "additive",
    ] = "lora"  # fmt: skip


class LoraPlus(Variant):
    kind: Literal["lora_plus"] = "lora_plus"
    ratio: float = slider(4.0, 1.0, 32.0, 1.0, "×", "learning rate of B over that of A")


class ReLora(Variant):
    kind: Literal["relora"] = "relora"
    restarts: int = slider(3, 1, 8, 1, doc="times the product is merged and begun again: rank grows to (restarts + 1) r")


class GaLore(Variant):
    kind: Literal["galore"] = "galore"
    refresh: int = slider(10, 1, 100, 1, "steps", "between two singular value decompositions of the gradient")


class Flora(Variant):
    """As Adam's mean is carried from one projection to the next, it grows by about sqrt(n/r) each time: not too often."""

    kind: Literal["flora"] = "flora"
    resample: int = slider(20, 1, 100, 1, "steps", "between two random projections; the mean gradient is carried over")


Method = Plain | LoraPlus | ReLora | GaLore | Flora
