"""What the fine-tuned recognisers read so far, what they cost, and what the true full update looks like."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

Array = np.ndarray

ENOUGH = 0.9  # of the energy of the full update: the rank that a layer needs


@dataclass(frozen=True, eq=False)
class DigitsResult(Result):
    """V adapters in the order of the program, L layers, K singular values, R ranks; no rows, or -1: not known yet."""

    methods: list[str]  # [V]
    ranks: Array  # [V]
    chosen: int  # the adapter looked at
    trained: Array  # [V] numbers that are trained at a time
    state: Array  # [V] bytes of the optimiser's state
    pictures: Array  # [16, 28, 28] uint8 of the new world, 255 is ink
    labels: Array  # [16]
    read_before: Array  # [16 or 0] what the pretrained network reads
    read_after: Array  # [16 or 0] what the adapter looked at reads
    losses: Array  # [t, V] float32 of the batches so far, at most EXPLODED
    shown: Array  # [k] steps at which accuracies were taken
    new: Array  # [k, V] share of `tested` pictures of the new world read right
    old: Array  # [k, V] of the old world
    tested: int
    final_new: Array  # [V or 0] share of `finally_tested` pictures
    final_old: Array  # [V or 0]
    finally_tested: int
    before: Array  # [2] of the pretrained network, new and old world
    layers: list[str]  # [L]
    sizes: Array  # [L, 2] inputs n, outputs m of each matrix
    spectra: Array  # [L or 0, K] singular values of the full update, zeros where a layer has fewer
    learnt: Array  # [L or 0, K] of the update of the adapter looked at
    cut_ranks: Array  # [R]
    cut_new: Array  # [R or 0] accuracy with the full update cut to rank r in every layer (Eckart and Young)
    cut_old: Array  # [R or 0]
    captured: Array  # [L or 0, R] share of the first gradient's square that random subspaces of rank r capture, mean of draws
    captured_error: Array  # [L or 0, R] standard error of the mean
    merged_error: float  # largest difference of a logit between merged and unmerged, over the largest logit
    unmerged_error: float  # largest difference of a weight after merging and unmerging, over the largest weight

    @property
    def finished(self) -> bool:
        return len(self.final_new) > 0

    def metrics(self) -> dict[str, float]:
        """Of the adapter looked at; what is not known yet is absent."""
        i = self.chosen
        values = {"trained_parameters": float(self.trained[i]), "state_bytes": float(self.state[i])}
        if len(self.shown):
            new, old = (float(each[i]) for each in self.accuracies())
            values |= {"accuracy_new": new, "accuracy_new_interval": float(half_interval(new, self.count))}
            values |= {"accuracy_old": old, "accuracy_old_interval": float(half_interval(old, self.count))}
            values |= {"accuracy_before": float(self.before[0]), "forgetting": float(self.before[1]) - old}
        return values | (self._last() if self.finished else {})

    def _last(self) -> dict[str, float]:
        rank = int(self.ranks[self.chosen])
        measured, expected = self.captured_shares()
        merging = {"merged_error": self.merged_error, "unmerged_error": self.unmerged_error} if self.merged_error >= 0 else {}
        return {
            "energy_kept": float(self.energy_kept(rank)),
            "rank_needed": float(self.rank_needed().max()),
            "accuracy_cut": float(np.interp(rank, self.cut_ranks, self.cut_new)),
            "captured_share": measured,
            "captured_share_theory": expected,
        } | merging

    @property
    def count(self) -> int:
        """Pictures that accuracies() are of."""
        return self.finally_tested if self.finished else self.tested

    def accuracies(self) -> tuple[Array, Array]:
        """[V] of the new and of the old world, the latest."""
        return (self.final_new, self.final_old) if self.finished else (self.new[-1], self.old[-1])

    def energies(self) -> Array:
        """[L, K] share of the square of each layer's full update in its first 1, 2, ... singular directions."""
        total = np.cumsum(self.spectra**2, axis=1)
        return total / np.maximum(total[:, -1:], 1e-300)

    def energy_kept(self, rank: int) -> float:
        """Share of the square of the whole full update that the best rank-r copies keep."""
        squares = self.spectra**2
        return float(squares[:, :rank].sum() / max(squares.sum(), 1e-300))

    def rank_needed(self) -> Array:
        """[L] smallest rank that keeps ENOUGH of each layer's energy."""
        return 1 + np.argmax(self.energies() >= ENOUGH - 1e-12, axis=1)

    def captured_expected(self) -> Array:
        """[L, R] 1 - (1 - r/n)(1 - r/m) for every layer and rank; a rank above a dimension is that dimension."""
        n, m = self.sizes.T[:, :, None]
        return 1 - (1 - np.minimum(self.cut_ranks / n, 1)) * (1 - np.minimum(self.cut_ranks / m, 1))

    def captured_shares(self) -> tuple[float, float]:
        """(measured, expected) of the largest layer at the rank nearest to the one looked at."""
        layer = int(np.argmax(self.sizes.prod(axis=1)))
        place = int(np.argmin(np.abs(self.cut_ranks - self.ranks[self.chosen])))
        return float(self.captured[layer, place]), float(self.captured_expected()[layer, place])


def half_interval(share: Array | float, count: int) -> Array:
    """Half of the 95 % interval of a share of so many pictures (Wilson's, so that none and all have one too)."""
    z = 1.96
    return z * np.sqrt(np.asarray(share) * (1 - np.asarray(share)) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
