"""Two families hold every method: products W = base + s A B, and projections W = base + s (A J + K B) with J and K given.

A family is a stack of methods of one shape, so that one call serves all of them. Gradients follow from G = dL/dW:
of a product s G B^T and s A^T G (article, equation 4), of a projection s G J^T and s K^T G.
"""

from collections.abc import Sequence

import numpy as np

from core.lora.starts import Start

Array = np.ndarray

DAMPING = 1e-8  # of the r x r inverses in LoRA-Pro, relative to their largest eigenvalue


class Products:
    """P methods; A [P, n, r], B [P, r, m] and their gradients are views of the program's vectors."""

    def __init__(self, pretrained: Array, starts: Sequence[Start], scales: Sequence[float]) -> None:
        self.pretrained, self.scales = pretrained, np.array(scales)[:, None, None]
        self.first = (np.stack([s.A for s in starts]), np.stack([s.B for s in starts]))
        self.base = pretrained - self.scales * (self.first[0] @ self.first[1])

    def attach(self, values: Sequence[Array], gradients: Sequence[Array]) -> None:
        """The program's views of A and B."""
        (self.A, self.B), (self.grad_A, self.grad_B) = values, gradients

    def weights(self, out: Array) -> None:
        """W [P, n, m]."""
        np.matmul(self.A, self.B, out=out)
        out *= self.scales
        out += self.base

    def pull(self, G: Array) -> None:
        """Gradients of A and B from G [P, n, m]."""
        np.matmul(G, self.B.transpose(0, 2, 1), out=self.grad_A)
        np.matmul(self.A.transpose(0, 2, 1), G, out=self.grad_B)
        self.grad_A *= self.scales
        self.grad_B *= self.scales

    def restart(self, i: int, weights: Array, start: Start) -> None:
        """Merge method i, whose weights are these, and begin again (ReLoRA, arXiv:2307.05695)."""
        self.A[i], self.B[i] = start
        self.base[i] = weights - self.scales[i] * (start.A @ start.B)

    def lift(self, i: int) -> None:
        """LoRA-Pro (arXiv:2407.18242): the step of W becomes that of P_A G + G P_B - P_A G P_B, to first order.

        The family of solutions has a free r x r matrix; here the doubly projected part is split evenly between A and B.
        """
        A, B, scale = self.A[i], self.B[i], self.scales[i, 0, 0]
        gram_A, gram_B = _inverses(A.T @ A, B @ B.T)
        own_A, own_B = self.grad_A[i] @ gram_B, gram_A @ self.grad_B[i]
        self.grad_A[i] = (own_A - 0.5 * A @ (gram_A @ (A.T @ own_A))) / scale**2
        self.grad_B[i] = (own_B - 0.5 * ((own_B @ B.T) @ gram_B) @ B) / scale**2


def _inverses(*grams: Array) -> Array:
    """Of r x r matrices, damped: a factor that begins at zero has none."""
    stack = np.stack(grams)
    damping = DAMPING * np.trace(stack, axis1=1, axis2=2) + 1e-300
    return np.linalg.inv(stack + damping[:, None, None] * np.eye(len(grams[0])))


class Magnitude:
    """DoRA (arXiv:2402.09353): columns of a product's W at a learnt length; one column is one output, a row of PEFT's weight.

    As in peft, the length of the direction is not differentiated.
    """

    def __init__(self, pretrained: Array) -> None:
        self.first = np.linalg.norm(pretrained, axis=0)

    def attach(self, value: Array, gradient: Array) -> None:
        self.length, self.gradient = value, gradient

    def weights(self, W: Array) -> None:
        """W [n, m] of the product becomes that of DoRA."""
        self.norms = np.sqrt(np.einsum("ij,ij->j", W, W))
        self.directions = W / self.norms
        np.multiply(self.directions, self.length, out=W)

    def pull(self, G: Array) -> None:
        """The gradient of the lengths; G [n, m] becomes that of the product's W."""
        np.einsum("ij,ij->j", G, self.directions, out=self.gradient)
        G *= self.length / self.norms


class Projections:
    """Q methods; A [Q, n, r], B [Q, r, m] are trained and begin at zero, J [Q, r, m] and K [Q, n, r] are given.

    A method that projects from one side has zeros for the other's J or K, whose factor then stays at zero.
    """

    def __init__(self, pretrained: Array, sides: Sequence[tuple[Array, Array]], scales: Sequence[float]) -> None:
        self.scales = np.array(scales)[:, None, None]
        self.K, self.J = np.stack([K for K, _ in sides]), np.stack([J for _, J in sides])
        self.first = (np.zeros_like(self.K), np.zeros_like(self.J))
        self.base = np.repeat(pretrained[None], len(sides), 0)
        self.other = np.empty_like(self.base)

    def attach(self, values: Sequence[Array], gradients: Sequence[Array]) -> None:
        """The program's views of A and B."""
        (self.A, self.B), (self.grad_A, self.grad_B) = values, gradients

    def weights(self, out: Array) -> None:
        """W [Q, n, m]."""
        np.matmul(self.A, self.J, out=out)
        out += np.matmul(self.K, self.B, out=self.other)
        out *= self.scales
        out += self.base

    def pull(self, G: Array) -> None:
        """Gradients of A and B from G [Q, n, m]."""
        np.matmul(G, self.J.transpose(0, 2, 1), out=self.grad_A)
        np.matmul(self.K.transpose(0, 2, 1), G, out=self.grad_B)
        self.grad_A *= self.scales
        self.grad_B *= self.scales

    def renew(self, i: int, weights: Array, K: Array | float, J: Array | float) -> None:
        """Merge method i, whose weights these are, and project on other sides from here on; 0.0: not from this side."""
        self.base[i], self.K[i], self.J[i] = weights, K, J
        self.A[i], self.B[i] = 0, 0
