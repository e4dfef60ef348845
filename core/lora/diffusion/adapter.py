"""An adapter as numbers: the factors of every layer, read from and written to files as the ecosystem has them.

PEFT keeps (outputs, inputs): W + (alpha / r) B A with A [r, inputs] and B [outputs, r]; a convolution's A is a convolution of
its own size, its B one of 1 x 1. A is lora_A.weight and B is lora_B.weight in the file. Importing this imports no torch.
Sources: LoRA, arXiv:2106.09685; https://huggingface.co/docs/peft (checkpoint format).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite, sqrt
from typing import Any, Self

import numpy as np

from core.digits import manifest
from core.lora.rank.weights import Weights, WeightsError

MOST_RANK = 64
PREFIXES = ("base_model.model.", "unet.", "transformer.")  # before a layer's name, as PEFT and diffusers' pipelines write it
KEY = re.compile(r"(.+)\.lora_([AB])\.weight")
NETWORK = "digits/denoiser/diffusion_pytorch_model.safetensors"
METADATA = "lora_adapter_metadata"  # where diffusers keeps the LoraConfig in a file's header
LARGEST_SCALE = 1000.0

Array = np.ndarray
Factors = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Adapter:
    """Layer -> (A [r, inputs], B [outputs, r]) float32, B times the file's alpha / r; a convolution has in x 3 x 3 inputs."""

    factors: Mapping[str, Factors]

    @property
    def rank(self) -> int:
        """The largest of any layer."""
        return max(len(a) for a, _ in self.factors.values())

    @property
    def parameters(self) -> int:
        """Numbers in the factors."""
        return sum(a.size + b.size for a, b in self.factors.values())

    def update(self, layer: str) -> Array:
        """[outputs, inputs] B A, in float64; 0 where the layer has none."""
        if layer not in self.factors:
            return np.zeros(flat(layers()[layer]))
        a, b = self.factors[layer]
        return np.asarray(b.astype(float) @ a.astype(float))

    def truncated(self, rank: int) -> Self:
        """The best adapter of this rank: every layer's update cut to its largest singular values (Eckart and Young)."""
        if rank >= self.rank:
            return self
        return type(self)({name: _cut(*factors, rank) for name, factors in self.factors.items()})

    def spectrum(self) -> Array:
        """[layers, r] singular values of every layer's update, falling, zeros where a layer has fewer."""
        found = np.zeros((len(self.factors), self.rank))
        for row, factors in zip(found, self.factors.values(), strict=True):
            values = _decomposed(*factors)[1]
            row[: len(values)] = values
        return found


def mixed(parts: Iterable[tuple[Adapter, float]]) -> Adapter:
    """The sum of weighted adapters, as one: their factors side by side, so that its rank is at most the sum of theirs."""
    every = [(adapter, weight) for adapter, weight in parts]
    names = dict.fromkeys(name for adapter, _ in every for name in adapter.factors)
    return Adapter({name: _beside([(each.factors[name], w) for each, w in every if name in each.factors]) for name in names})


def _beside(parts: list[tuple[Factors, float]]) -> Factors:
    down = np.concatenate([a for (a, _), _ in parts])
    return down, np.concatenate([np.float32(weight) * b for (_, b), weight in parts], axis=1)


def _decomposed(a: Array, b: Array) -> tuple[Array, Array, Array]:
    """SVD of B A without making it: of the small product of two triangles."""
    outer, upper = np.linalg.qr(b.astype(float))
    inner, lower = np.linalg.qr(a.astype(float).T)
    left, values, right = np.linalg.svd(upper @ lower.T)
    count = min(len(values), left.shape[1], right.shape[0])
    return outer @ left[:, :count], values[:count], right[:count] @ inner.T


def _cut(a: Array, b: Array, rank: int) -> Factors:
    left, values, right = _decomposed(a, b)
    root = np.sqrt(values[:rank])
    return (root[:, None] * right[:rank]).astype(np.float32), (left[:, :rank] * root).astype(np.float32)


@cache
def layers() -> dict[str, tuple[int, ...]]:
    """Layers of the shipped denoiser that may have an adapter, with the shapes of their weights."""
    entries = Weights(manifest.verified(NETWORK).read_bytes()).matrices
    shapes = {name.removesuffix(".weight"): each.shape for name, each in entries.items() if name.endswith(".weight")}
    return {name: shape for name, shape in shapes.items() if name != "class_embedding"}


def flat(shape: tuple[int, ...]) -> tuple[int, int]:
    """(outputs, inputs) of a layer's weight."""
    return shape[0], int(np.prod(shape[1:]))


def read(weights: Weights) -> Adapter:
    """The adapter in a file, by its metadata or, where it has none, with alpha = r.

    Raises WeightsError, naming the tensor, for a name, shape or rank that the denoiser has no place for.
    """
    pairs: dict[str, dict[str, str]] = {}
    for name in weights.entries:
        layer, side = _place(name)
        pairs.setdefault(layer, {})[side] = name
    rule = _scaling(weights)
    return Adapter({layer: _factors(weights, layer, names, rule) for layer, names in sorted(pairs.items())})


def _place(name: str) -> tuple[str, str]:
    """(layer, A or B) of a tensor's name."""
    found = KEY.fullmatch(name)
    layer, side = found.groups() if found else ("", "")
    for prefix in PREFIXES:
        layer = layer.removeprefix(prefix)
    if layer not in layers():
        message = "should name its tensors LAYER.lora_A.weight and LAYER.lora_B.weight, with layers of this denoiser"
        raise WeightsError("adapter_names", message, "LAYER.lora_A.weight, LAYER.lora_B.weight", name)
    return layer, side


def _factors(weights: Weights, layer: str, names: Mapping[str, str], scale: "Scaling") -> Factors:
    if names.keys() != {"A", "B"}:
        message = f"should have both lora_A and lora_B of {layer}"
        raise WeightsError("adapter_pair", message, "lora_A, lora_B", next(iter(names.values())))
    shapes = {side: weights.entries[name].shape for side, name in names.items()}
    rank = shapes["A"][0] if shapes["A"] else 0
    if not 1 <= rank <= MOST_RANK:
        raise WeightsError("adapter_rank", f"should have a rank from 1 to {MOST_RANK}", f"1–{MOST_RANK}", f"{layer}: {rank}")
    out, *into = layers()[layer]
    wanted = {"A": (rank, *into), "B": (out, rank, *(1 for _ in into[1:]))}
    for side, shape in wanted.items():
        if shapes[side] != shape or names[side] not in weights.matrices:
            message = f"should have shape {list(shape)} in {names[side]}"
            raise WeightsError("adapter_shape", message, str(list(shape)), f"{names[side]} {list(shapes[side])}")
    down, up = (weights.matrix(names[side]).astype(np.float32) for side in ("A", "B"))
    return down, np.float32(scale.of(rank)) * up


@dataclass(frozen=True)
class Scaling:
    """What a file says of alpha; None: alpha = r."""

    alpha: float | None = None
    is_root: bool = False  # rsLoRA: over the root of r

    def of(self, rank: int) -> float:
        return 1.0 if self.alpha is None else self.alpha / (sqrt(rank) if self.is_root else rank)


def _scaling(weights: Weights) -> Scaling:
    """Of the LoraConfig in the header, where there is one."""
    told = _config(weights)
    alpha = told.get("lora_alpha")
    if told.get("alpha_pattern"):
        raise WeightsError("adapter_alpha", "should have one lora_alpha for all layers", "lora_alpha", "alpha_pattern")
    if alpha is None:
        return Scaling()
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not isfinite(alpha) or abs(alpha) > LARGEST_SCALE:
        bound = f"-{LARGEST_SCALE:g}–{LARGEST_SCALE:g}"
        raise WeightsError("adapter_alpha", f"should have a finite lora_alpha of at most {LARGEST_SCALE:g}", bound, repr(alpha))
    return Scaling(float(alpha), told.get("use_rslora") is True)


def _config(weights: Weights) -> dict[str, Any]:
    content = weights.content
    header = json.loads(bytes(content[8 : 8 + int.from_bytes(bytes(content[:8]), "little")]))
    metadata = header.get("__metadata__")
    text = metadata.get(METADATA) if isinstance(metadata, dict) else None
    try:
        told = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        raise WeightsError("adapter_alpha", f"should have JSON under {METADATA}", "JSON", text or "") from None
    return told if isinstance(told, dict) else {}


def padded(adapter: Adapter) -> dict[str, Array]:
    """Tensors by their names in a file; layers of lower rank are filled with zeros, so that one rank stands for all."""
    rank, tensors = adapter.rank, {}
    for name, (a, b) in adapter.factors.items():
        out, *into = layers()[name]
        down, up = np.zeros((rank, a.shape[1]), np.float32), np.zeros((out, rank), np.float32)
        down[: len(a)], up[:, : len(a)] = a, b
        tensors[f"{name}.lora_A.weight"] = down.reshape(rank, *into)
        tensors[f"{name}.lora_B.weight"] = up.reshape(out, rank, *(1 for _ in into[1:]))
    return tensors


def written(adapter: Adapter) -> bytes:
    """A safetensors file in half precision that diffusers' load_lora_adapter and PEFT read; alpha = r = the largest rank."""
    from safetensors.numpy import save  # noqa: PLC0415  a preset page opens without it

    tensors = {name: each.astype(np.float16) for name, each in padded(adapter).items()}
    return save(tensors, {METADATA: json.dumps(peft_config(adapter)), "format": "pt"})


def peft_config(adapter: Adapter) -> dict[str, Any]:
    """Arguments of peft.LoraConfig."""
    return {"r": adapter.rank, "lora_alpha": adapter.rank, "target_modules": sorted(adapter.factors), "peft_type": "LORA"}
