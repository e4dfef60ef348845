"""The recogniser cut in two: a frozen trunk, and the layers whose weight matrices are adapted, all of them as convolutions."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, silu

from core.digits import weights
from core.digits.networks import DigitNet
from core.lora.digits.params import FIRST, LAYERS, Layers, Network


@dataclass(frozen=True, eq=False)
class Layer:
    """One adapted layer; a linear one is a convolution of one point. In the article's words n = in k k and m = out."""

    name: str
    weight: Tensor  # [out, in, k, k]
    bias: Tensor  # [out]
    stride: int
    after: Callable[[Tensor], Tensor]  # [n, out, h, w] -> what the next layer sees

    @property
    def shape(self) -> tuple[int, int]:
        """(n, m): inputs and outputs of the matrix."""
        return self.weight[0].numel(), len(self.weight)

    def convolve(self, x: Tensor, weight: Tensor, groups: int = 1, bias: Tensor | None = None) -> Tensor:
        """x with another weight of the same kernel."""
        if weight.shape[-1] == x.shape[-1] == 1:
            made = _products(x, weight, groups)
            return made if bias is None else made + bias[:, None, None]
        return conv2d(x, weight, bias, self.stride, weight.shape[-1] // 2, groups=groups)

    def base(self, x: Tensor) -> Tensor:
        """What the pretrained weight makes of x."""
        return self.convolve(x, self.weight, bias=self.bias)


@dataclass(frozen=True, eq=False)
class Cut:
    """A network as trunk and adapted layers."""

    network: DigitNet
    first: int
    layers: tuple[Layer, ...]

    def trunk(self, pictures: Tensor) -> Tensor:
        """[n, 28, 28] -> what the first adapted layer sees, [n, channels, h, w]."""
        hidden = pictures[:, None].to(self.layers[0].weight.dtype)
        for i in range(min(self.first, len(self.network.convolutions))):
            hidden = _activated(self.network, i, self.network.convolutions[i](hidden))
        return hidden

    def logits(self, seen: Tensor) -> Tensor:
        """[n, 10] of the pretrained network, from what trunk() gives."""
        for layer in self.layers:
            seen = layer.after(layer.base(seen))
        return seen.flatten(1)


def cut(which: Network, layers: Layers, dtype: torch.dtype = torch.float32) -> Cut:
    """The shipped network; a copy of its own, for a shared one is only read."""
    network = deepcopy(weights.recogniser(which.value)).eval().requires_grad_(False)
    if dtype != torch.float32:
        network = network.to(dtype)
    return Cut(network, FIRST[layers], tuple(_layer(network, i) for i in range(FIRST[layers], len(LAYERS))))


def module_of(network: DigitNet, i: int) -> nn.Conv2d | nn.Linear:
    """The layer number i of seven."""
    last = len(network.convolutions)
    found = network.convolutions[i] if i < last else (network.projection, network.classes)[i - last]
    if not isinstance(found, nn.Conv2d | nn.Linear):
        raise TypeError(f"layer {i} has no weight matrix")
    return found


def _layer(network: DigitNet, i: int) -> Layer:
    module = module_of(network, i)
    weight = module.weight if module.weight.ndim == 4 else module.weight[:, :, None, None]
    stride = int(module.stride[0]) if isinstance(module, nn.Conv2d) else 1
    bias = weight.new_zeros(len(weight)) if module.bias is None else module.bias
    return Layer(LAYERS[i], weight, bias, stride, partial(_activated, network, i))


def _products(x: Tensor, weight: Tensor, groups: int) -> Tensor:
    """A convolution of one point over one point: x [b, groups in, 1, 1], weight [groups out, in, 1, 1]."""
    stacked = x.view(len(x), groups, -1).transpose(0, 1)
    return (stacked @ weight.view(groups, -1, stacked.shape[-1]).mT).transpose(0, 1).reshape(len(x), -1, 1, 1)


def _activated(network: DigitNet, i: int, hidden: Tensor) -> Tensor:
    """Layer i's normalisation and nonlinearity; after the last convolution the mean over the picture."""
    last = len(network.convolutions) - 1
    if i <= last:
        hidden = silu(network.norms[i](hidden))
    if i == last:
        return hidden.sum((2, 3), keepdim=True) / hidden[0, 0].numel()  # as the mean, whose gradient is written out in full
    return silu(hidden) if i == last + 1 else hidden
