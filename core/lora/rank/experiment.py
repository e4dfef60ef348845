"""Which rank does LoRA need? Singular values of the difference of two networks, by layer, with the error of every rank."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from core.lora.rank import examples, noise, pair, planted
from core.lora.rank.decomposition import Decomposition
from core.lora.rank.pair import Layer, Pair
from core.lora.rank.params import RankParams, Rule, Shipped, Upload
from core.lora.rank.pattern import adapters
from core.lora.rank.result import RankResult

Array = np.ndarray

AT_ONCE = 3 * 10**7  # multiplications between two partial results
MARKED = (1, 2, 4, 8, 16)  # ranks whose energy is a column
SHOWN = 64  # ranks whose energy is drawn for every layer


@dataclass(frozen=True)
class Row:
    """What is kept of one layer."""

    layer: Layer
    numerical: int
    cumulative: Array
    by_energy: int
    by_threshold: int
    suggested: int
    kept: float
    error: float
    error_theory: float
    spectrum_error: float


def compute(p: RankParams) -> Iterator[tuple[float, RankResult]]:
    """(share of the layers done, the table so far); of a pair that was looked at before, the whole at once."""
    if plant := p.plant():
        yield 1.0, assemble(p, [row(planted.layer(plant, p.seed), p)], 1, [planted.NAME.rpartition(".")[0]])
        return
    found, rows, work = source(p), [], 0
    at_once = inf if found.is_known else AT_ONCE
    for i in range(len(found)):
        work += found.work(i)
        rows.append(row(found.layer(i), p))
        if work > at_once and i + 1 < len(found):
            yield len(rows) / len(found), assemble(p, rows, len(found), found.modules)
            work = 0
    yield 1.0, assemble(p, rows, len(found), found.modules)


def source(p: RankParams) -> Pair:
    """The two networks of a scene that is not planted."""
    if isinstance(p.source, Shipped):
        return pair.shipped(p.source.kind)
    if isinstance(p.source, Upload) and p.source.before:
        return pair.given(p.source.before, p.source.after)
    return pair.given(examples.BEFORE, examples.AFTER)


def row(layer: Layer, p: RankParams) -> Row:
    """Both rules, and what the suggested rank costs."""
    found = layer.decomposition
    if found is None:
        return Row(layer, 0, np.array([1.0]), 0, 0, 0, 1.0, 0.0, 0.0, 0.0)
    by_energy, by_threshold = ranks(found, layer, p)
    rank = by_energy if p.rule is Rule.ENERGY else by_threshold
    numerical, kept = int(np.sum(found.values > _floor(found, layer))), float(found.cumulative[rank])
    off = found.bound[:rank] / found.values[:rank]
    errors = found.measured_error(rank), found.expected_error(rank), float(off.max(initial=0.0))
    return Row(layer, numerical, found.cumulative, by_energy, by_threshold, rank, kept, *errors)


def ranks(found: Decomposition, layer: Layer, p: RankParams) -> tuple[int, int]:
    """(by energy, by threshold), at most p.most."""
    return by_energy(found.cumulative, p), by_threshold(found.values, max(cut(found), _floor(found, layer)), p)


def by_energy(cumulative: Array, p: RankParams) -> int:
    """The lowest rank that keeps p.energy, as far as p.most allows; cumulative [c + 1] from rank 0."""
    return min(int(np.searchsorted(cumulative, p.energy)), p.most, len(cumulative) - 1)


def by_threshold(values: Array, threshold: float, p: RankParams) -> int:
    """Singular values above it."""
    return min(int(np.sum(values > threshold)), p.most)


def cut(found: Decomposition) -> float:
    """The threshold of Gavish and Donoho for noise of the sigma that the median tells."""
    return found.sigma * float(np.sqrt(max(found.shape))) * noise.threshold(noise.beta(found.shape))


def _floor(found: Decomposition, layer: Layer) -> float:
    """Below it is the rounding of the files, or of this computation."""
    return max(layer.rounding, float(found.values[0]) * max(found.shape) * np.finfo(float).eps)


def assemble(p: RankParams, rows: list[Row], total: int, modules: Any) -> RankResult:
    """The table, and the layer that is drawn."""
    chosen = min(asked(p), len(rows)) - 1
    names = [each.layer.name for each in rows]
    suggested = np.array([each.suggested for each in rows])
    return RankResult(
        kind=_kind(p),
        rule=p.rule.value,
        total=total,
        layers=names,
        shapes=["×".join(map(str, each.layer.shape)) for each in rows],
        suggested=suggested,
        chosen=chosen,
        others=np.stack([kept(each, np.arange(1, SHOWN + 1)) for each in rows]),
        peft=adapters(dict(zip(names, suggested.tolist(), strict=True)), modules),
        **_columns(rows, suggested),
        **_drawn(p, rows[chosen]),
    )


def asked(p: RankParams) -> int:
    """Number of the layer to draw, from 1."""
    if isinstance(p.source, Shipped):
        return p.source.layer
    return p.source.own_layer if isinstance(p.source, Upload) else 1


def _kind(p: RankParams) -> str:
    return "example" if isinstance(p.source, Upload) and not p.source.before else p.source.kind


def kept(row: Row, at: Array) -> Array:
    """Share of the energy at these ranks."""
    return row.cumulative[np.minimum(at, len(row.cumulative) - 1)]


def _columns(rows: list[Row], suggested: Array) -> dict[str, Any]:
    """Of the table, [L] each."""
    sides = np.array([each.layer.sides for each in rows])
    marked = np.stack([kept(each, np.array(MARKED)) for each in rows])
    return {
        "rows": sides[:, 0].copy(),
        "columns": sides[:, 1].copy(),
        "change": np.array([_change(each.layer) for each in rows]),
        "numerical_rank": np.array([each.numerical for each in rows]),
        **{f"energy_rank_{rank}": marked[:, i].copy() for i, rank in enumerate(MARKED)},
        "rank_by_energy": np.array([each.by_energy for each in rows]),
        "rank_by_threshold": np.array([each.by_threshold for each in rows]),
        "kept": np.array([each.kept for each in rows]),
        "error": np.array([each.error for each in rows]),
        "error_theory": np.array([each.error_theory for each in rows]),
        "spectrum_error": np.array([each.spectrum_error for each in rows]),
        "adapter_parameters": suggested * sides.sum(1),
        "full_parameters": sides.prod(1),
    }


def _change(layer: Layer) -> float:
    norm = layer.decomposition.norm if layer.decomposition else 0.0
    return norm / layer.before_norm if layer.before_norm else 0.0


def _drawn(p: RankParams, row: Row) -> dict[str, Any]:
    """Spectrum of the layer drawn, beside theory."""
    found, plant = row.layer.decomposition, p.plant()
    if found is None:
        return _unchanged()
    ratio, side = noise.beta(found.shape), float(np.sqrt(max(found.shape)))
    random = noise.expected(min(found.shape), ratio)
    count = len(row.cumulative) - 1
    expected = planted.spectrum(plant) if plant else found.sigma * side * random
    return {
        "spectrum": found.values.copy(),
        "expected": expected[: len(found.values)].copy(),
        "cumulative": row.cumulative,
        "cumulative_random": np.concatenate([[0.0], np.cumsum(random**2) / np.sum(random**2)])[: count + 1].copy(),
        "sigma": found.sigma,
        "noise_edge": found.sigma * noise.edge(found.shape),
        "random_edge": found.norm * noise.edge(found.shape) / float(np.sqrt(np.prod(found.shape))),
        "threshold": cut(found),
        "truth": plant.strengths.tolist() if plant else [],
        "expected_rank": _expected_rank(p, expected) if plant else -1,
    }


def _expected_rank(p: RankParams, expected: Array) -> int:
    """What the rule says of the spectrum that theory expects, sigma known."""
    plant = p.plant()
    if plant is None or p.rule is Rule.ENERGY:
        return by_energy(np.concatenate([[0.0], np.cumsum(expected**2) / np.sum(expected**2)]), p)
    return by_threshold(expected, max(plant.noise * noise.threshold(noise.beta(plant.shape)), 1e-12), p)


def _unchanged() -> dict[str, Any]:
    """Of a layer that is the same in both files: nothing to draw."""
    nothing = {name: np.zeros(0) for name in ("spectrum", "expected")}
    whole = {name: np.ones(1) for name in ("cumulative", "cumulative_random")}
    numbers = dict.fromkeys(("sigma", "noise_edge", "random_edge", "threshold"), 0.0)
    return nothing | whole | numbers | {"truth": [], "expected_rank": -1}
