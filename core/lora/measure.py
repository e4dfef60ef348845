"""What ships under assets/lora, measured anew: python -m core.lora.measure [gradients] [cost]."""

import json
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.flop_counter import FlopCounterMode

from core import schedule
from core.digits import data, manifest, networks, weights
from core.lora import cost, gradients
from core.lora.gradients import Layer

Array = np.ndarray

BATCH, SEED = 500, 9590  # digits of which a gradient is kept
TOKENS, SIDE, RANKS = 256, 512, (1, 4, 16, 64, 256)  # of the layer whose cost is counted
Order = Callable[..., tuple[Array, ...]]


def layer_gradients() -> dict[str, Array]:
    """Every layer's gradient, [inputs, outputs], on held-out digits in reverse video."""
    split = data.split("validation")
    reverse, labels = (torch.from_numpy(each[:BATCH].copy()) for each in (-split.pictures, split.labels))
    return of_recogniser(reverse, labels) | of_denoiser(reverse, labels)


def of_recogniser(pictures: Tensor, labels: Tensor) -> dict[str, Array]:
    """Of the cross entropy."""
    network = weights.recogniser("clean_classifier")
    weight = network.projection.weight.requires_grad_(True)
    cross_entropy(network(pictures), labels).backward()
    return {Layer.RECOGNISER.value: _turned(weight)}


def of_denoiser(pictures: Tensor, labels: Tensor) -> dict[str, Array]:
    """Of the squared error of the predicted velocity, one noise and one level a picture."""
    denoiser = weights.denoiser()
    attention = denoiser.down_blocks[1].attentions[0]
    layers = {Layer.QUERY: attention.to_q.weight, Layer.VALUE: attention.to_v.weight}
    for weight in layers.values():
        weight.requires_grad_(True)
    generator = torch.Generator().manual_seed(SEED)
    x0, level = networks.fold(pictures), torch.randint(schedule.LEVELS, (len(pictures),), generator=generator)
    noise = torch.randn(x0.shape, generator=generator)
    ratio = schedule.signal_and_noise(schedule.sigma(level.numpy()))
    a, b = (torch.from_numpy(each).float()[:, None, None, None] for each in ratio)
    said = denoiser(a * x0 + b * noise, level, None, class_labels=labels).sample
    (said - a * noise + b * x0).square().mean().backward()
    return {key.value: _turned(weight) for key, weight in layers.items()}


def _turned(weight: Tensor) -> Array:
    if weight.grad is None:
        raise ValueError("no gradient has reached this weight")
    return weight.grad.numpy().T.copy()


def peak_bytes(order: Order, *given: Array) -> int:
    """The most that one call holds at once, as Python's allocator sees it."""
    tracemalloc.start()
    kept = order(*given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak


def flops(order: str, *given: Array) -> int:
    """Counted by PyTorch over its own backward pass."""
    X, W0, A, B, G = map(torch.from_numpy, given)
    X, A, B = (each.requires_grad_() for each in (X, A, B))
    with FlopCounterMode(display=False) as counter:
        Y = X @ (W0 + A @ B) if order == "merged" else X @ W0 + (X @ A) @ B
        Y.backward(G)
    return int(counter.get_total_flops())


def operands(r: int, b: int = TOKENS, n: int = SIDE, m: int = SIDE) -> tuple[Array, ...]:
    """X, W0, A, B and dL/dY."""
    rng = np.random.default_rng(SEED)
    return tuple(rng.standard_normal(shape) for shape in ((b, n), (n, m), (n, r), (r, m), (b, m)))


def costs() -> dict[str, Any]:
    """What core.lora.cost.table reads."""
    body: dict[str, Any] = {"tokens": TOKENS, "side": SIDE, "ranks": list(RANKS)}
    for name, order in (("merged", cost.merged), ("split", cost.split)):
        body[f"flops_{name}"] = [flops(name, *operands(r)) for r in RANKS]
        body[f"bytes_{name}"] = [peak_bytes(order, *operands(r)) for r in RANKS]
    return body


def main(names: list[str]) -> None:
    line = {"command": "python -m core.lora.measure", "seed": SEED}
    (manifest.ASSETS / "lora").mkdir(exist_ok=True)
    if not names or "gradients" in names:
        save_file(layer_gradients(), manifest.ASSETS / gradients.ASSET)
        manifest.record(gradients.ASSET, line)
    if not names or "cost" in names:
        (manifest.ASSETS / cost.ASSET).write_text(json.dumps(costs(), indent=1) + "\n")
        manifest.record(cost.ASSET, line)


if __name__ == "__main__":
    main(sys.argv[1:])
