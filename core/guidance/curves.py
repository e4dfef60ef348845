"""All methods against gamma, on the scene and with the dials of the plane: the companion of the experiment guidance_plane."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.distances import covariance_trace, sliced_w2
from core.guidance.plane import SECOND_SAMPLE, Params, networks_of, posterior, promised, walk
from core.guidance.scenes import scene
from core.result import Result

Array = np.ndarray

GAMMAS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
PARTICLES = 250


@dataclass(frozen=True, eq=False)
class CurvesResult(Result):
    """M methods, as many as are done; G strengths. Distances in data units, traces in data units squared."""

    gammas: Array  # [G]
    methods: list[str]  # [M]
    samplers: list[str]  # [M] the one asked for, or the first that the method offers
    sliced_w2: Array  # [M, G] to what the method promises
    purity: Array  # [M, G] mean p(y|x)
    trace: Array  # [M, G] of the covariance
    sliced_w2_floor: Array  # [G] two exact samples of p(x) p(y|x)^gamma
    purity_target: Array  # [G] of that law
    trace_target: Array  # [G] of that law

    def metrics(self) -> dict[str, float]:
        """Mean over the strengths of each method's sliced Wasserstein-2 distance, and of the floor."""
        means = {f"mean_sliced_w2_{name}": float(row.mean()) for name, row in zip(self.methods, self.sliced_w2, strict=True)}
        return means | {"mean_sliced_w2_floor": float(self.sliced_w2_floor.mean())}


def curves(p: Params) -> Iterator[tuple[float, CurvesResult]]:
    """(share done, the curves so far), one method more each time; p.method, p.gamma and p.particles do not matter.

    The fields of p.method are kept for its own curve, the other methods have their defaults.
    """
    names = next(control.options for control in Params.controls() if control.name == "method")
    runs: list[Params] = []
    rows: list[Array] = []
    for name in names:
        runs.append(with_method(p, name))
        rows.append(np.array([_measured(runs[-1].replace(gamma=gamma)) for gamma in GAMMAS]))
        yield len(rows) / len(names), _result(p, runs, rows)


def with_method(p: Params, name: str) -> Params:
    """The same with another method, its sampler where the method offers it, and fewer particles."""
    changes = {"method": name, "particles": PARTICLES}
    left = Params.offers["sampler"][1].get(name, (p.sampler.kind,))
    return p.replace(**changes) if p.sampler.kind in left else p.replace(**changes, sampler=left[0])


def _measured(p: Params) -> tuple[float, float, float]:
    """Sliced W2, purity and trace of the particles that arrive."""
    particles = walk(p, networks_of(p), (p.steps,))[0][0]
    return _of_samples(p, particles, promised(p, p.seed))


def _of_samples(p: Params, samples: Array, target: Array) -> tuple[float, float, float]:
    purity = float(posterior(scene(p.scene), samples).mean())
    return sliced_w2(samples, target), purity, covariance_trace(samples)


def _result(p: Params, runs: list[Params], rows: list[Array]) -> CurvesResult:
    exact = [with_method(p, "cfg").replace(gamma=gamma) for gamma in GAMMAS]
    floor = np.array([_of_samples(q, promised(q, q.seed), promised(q, q.seed + SECOND_SAMPLE)) for q in exact])
    measured = np.stack(rows)
    return CurvesResult(
        np.array(GAMMAS),
        [run.method.kind for run in runs],
        [run.sampler.kind for run in runs],
        *(measured[:, :, column].copy() for column in range(3)),
        *(floor[:, column].copy() for column in range(3)),
    )
