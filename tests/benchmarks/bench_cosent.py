"""CoSENT of 4096 pairs, value and gradient: against the sum over all pairs of pairs, and against sentence-transformers."""

import numpy as np
import torch
from sentence_transformers.sentence_transformer.losses import CoSENTLoss

from core.cosent.loss import cosent
from tests.benchmarks.timing import median_seconds

COUNT, KINDS, SCALE, RUNS = 4096, 6, 20.0, 5


def quadratic(s: torch.Tensor, y: torch.Tensor) -> None:
    """The definition, with PyTorch's gradient."""
    score = s.clone().requires_grad_()
    terms = (SCALE * (score[:, None] - score))[y[:, None] < y]
    torch.logsumexp(torch.cat([terms.new_zeros(1), terms]), 0).backward()


def theirs(s: torch.Tensor, y: torch.Tensor) -> None:
    """Their loss of scores that are already there: the similarity of a score with itself is the score."""
    score = s.clone().requires_grad_()
    loss = CoSENTLoss(model=None, scale=SCALE, similarity_fct=torch.minimum)
    loss.compute_loss_from_embeddings([score, score], y).backward()


def main() -> None:
    rng = np.random.default_rng(0)
    s, y = rng.uniform(-1, 1, COUNT), rng.integers(0, KINDS, COUNT).astype(float)
    score, label = torch.tensor(s), torch.tensor(y)
    cosent(s, y, SCALE), theirs(score, label)  # the first call of a process loads things
    own = median_seconds(lambda: cosent(s, y, SCALE), RUNS)
    plain, peer = median_seconds(lambda: quadratic(score, label), RUNS), median_seconds(lambda: theirs(score, label), RUNS)
    print(
        f"cosent_loss: {COUNT} pairs {1e3 * own:.2f} ms; "
        f"all pairs of pairs {1e3 * plain:.0f} ms, ratio {plain / own:.0f} (wanted 30)"
    )
    print(f"  sentence-transformers {1e3 * peer:.2f} ms, ratio {peer / own:.1f} (wanted 1)")


if __name__ == "__main__":
    main()
