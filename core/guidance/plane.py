"""Experiment guidance_plane: guidance on Gaussian mixtures, where scores, classifier and the promised law are all exact."""

from dataclasses import dataclass

import numpy as np

from core.distances import covariance_trace, mmd, mmd_to_mixture, sliced_w2
from core.guidance import theory
from core.guidance.grids import axis, densities, pushes
from core.guidance.guide import Method
from core.guidance.methods import Autoguidance, Classifier, ClassifierFree, FeynmanKac, Ode, PowerNormalised, Similarity
from core.guidance.networks import Networks, denoiser_of
from core.guidance.scenes import Five, Pair, Scene, SceneChoice, scene
from core.guidance.target import attracted, normalised, tilted
from core.guidance.walk import Sampler, Walk, noise_levels, stochasticity
from core.mixture import equal_mixture
from core.parameters import Parameters, seed, slider, variant
from core.result import Result

Array = np.ndarray

KEY_FRAMES = 13
DENSITY_CELLS, FIELD_CELLS = 32, 14  # a side
SECOND_SAMPLE = 2**32  # added to the seed, which is below it: an independent stream

SAMPLERS_LEFT = {
    "classifier_mean": ("ddpm",),  # its shift is gamma std^2, and only the ancestral step is derived with it
    "cfg_plus_plus": ("ddim",),  # its renoising is a DDIM step
    "cfg_zero_star": ("ode", "ddim"),  # it is a rule for velocities
    "feynman_kac": ("sde", "ddpm"),  # after resampling only noise parts the copies of a particle
}


class Params(Parameters):
    """Of /guidance_plane."""

    offers = {"sampler": ("method", SAMPLERS_LEFT)}  # noqa: RUF012  declared ClassVar by the base

    scene: SceneChoice = variant(Five(), "mixture of Gaussians, and which of them are the class")
    method: Method = variant(ClassifierFree(), "how the condition guides")
    gamma: float = slider(4.0, 0.0, 10.0, 0.1, doc="guidance strength; 1 is the plain conditional model, w = gamma - 1")
    sampler: Sampler = variant(Ode(), "from noise to data")
    steps: int = slider(50, 5, 100, 1, doc="steps of the sampler")
    particles: int = slider(500, 100, 2000, 50, doc="samples drawn", advanced=True)
    score_error: float = slider(
        0.0, 0.0, 1.0, 0.01, "rms", "error of the learned scores, in predicted velocity a noise - b x0", advanced=True
    )
    classifier_error: float = slider(
        0.0, 0.0, 1.0, 0.01, "rms", "error of the learned classifier, in the same unit", advanced=True
    )
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class PlaneResult(Result):
    """Points are in data units; a frame's points are variance preserving, x_t = a x0 + b noise. F frames, n particles.

    F is KEY_FRAMES, or steps + 1 where that is less; the first frame is noise, the last is data.
    """

    sigma: Array  # [F] noise to signal ratio of each frame, falling to 0
    particles: Array  # [F, n, 2] float32
    axis: Array  # [32] coordinates of the density's rows and columns
    density: Array  # [F, 32 (y), 32 (x)] float32, p_t of all data
    density_class: Array  # [F, 32 (y), 32 (x)] float32, p_t given the class
    field_axis: Array  # [14] coordinates of the field's rows and columns
    field: Array  # [F, 14 (y), 14 (x), 2] float32, push of guidance in units of predicted noise
    target: Array  # [n, 2] float32, exact samples of the promised law
    target_again: Array  # [n, 2] float32, independent of target: their distance is the floor
    posterior: Array  # [n] p(y|x) of the last frame
    posterior_target: Array  # [n] p(y|x) of target
    means: Array  # [K, 2] components of all data
    means_class: Array  # [K', 2] components of the class, equally likely
    covariances_class: Array  # [K', 2, 2] of them
    evaluations: int  # networks called for each sample
    variances: list[float]  # of x: [reached in theory, promised], in the one-dimensional pair where theory holds, else empty

    def metrics(self) -> dict[str, float]:
        """Distances (mmd: to the promised law, mmd_class: to p(x|y)) in data units, variances and traces in their squares."""
        last = self.particles[-1]
        values = {
            "purity": float(self.posterior.mean()),
            "purity_target": float(self.posterior_target.mean()),
            "sliced_w2": sliced_w2(last, self.target),
            "sliced_w2_floor": sliced_w2(self.target, self.target_again),
            "mmd": mmd(last, self.target),
            "mmd_class": mmd_to_mixture(last, equal_mixture(self.means_class, self.covariances_class)),
            "trace": covariance_trace(last),
            "trace_target": covariance_trace(self.target),
            "evaluations": float(self.evaluations),
        }
        if self.variances:
            names = ("variance_x_theory", "variance_x_target")
            values |= {"variance_x": float(last[:, 0].var(dtype=np.float64)), **dict(zip(names, self.variances, strict=True))}
        return values


def compute(p: Params) -> PlaneResult:
    """Run the method on the scene; everything random follows from p.seed."""
    world = scene(p.scene)
    networks = networks_of(p)
    frames = key_frames(p.steps)
    particles, evaluations = walk(p, networks, frames)
    target, again = (promised(p, seed) for seed in (p.seed, p.seed + SECOND_SAMPLE))
    density, density_class = densities(denoiser_of(world, networks.sigmas, None), frames, DENSITY_CELLS)
    return PlaneResult(
        sigma=np.array(networks.sigmas)[list(frames)],
        particles=particles,
        axis=axis(DENSITY_CELLS),
        density=density,
        density_class=density_class,
        field_axis=axis(FIELD_CELLS),
        field=pushes(networks, p.method, p.gamma, frames, FIELD_CELLS),
        target=target,
        target_again=again,
        posterior=posterior(world, particles[-1]),
        posterior_target=posterior(world, target),
        means=world.everything.means.copy(),
        means_class=world.wanted.means.copy(),
        covariances_class=world.wanted.covariances.copy(),
        evaluations=evaluations,
        variances=_variances(p, networks.sigmas[0]),
    )


def key_frames(steps: int) -> tuple[int, ...]:
    """Indices of the levels that are shown: the first, the last, and even ones between."""
    return tuple(sorted({round(steps * share / (KEY_FRAMES - 1)) for share in range(KEY_FRAMES)}))


def networks_of(p: Params) -> Networks:
    """The networks that these parameters ask for, at the noise levels of their steps."""
    blur = p.method.blur if isinstance(p.method, Autoguidance) else None
    return Networks(scene(p.scene), noise_levels(p.steps), p.score_error, p.classifier_error, blur)


def walk(p: Params, networks: Networks, frames: tuple[int, ...]) -> tuple[Array, int]:
    """Particles at these levels, [frames, n, 2], and networks called for each."""
    run = Walk(networks, p.method, p.sampler, p.gamma, p.seed, p.particles)
    kept = np.empty((len(frames), p.particles, 2), np.float32)
    for row, level in enumerate(frames):
        while run.level < level:
            run.step()
        kept[row] = run.x.T
    return kept, run.evaluations


def promised(p: Params, seed: int) -> Array:
    """Exact samples of what the method promises, [n, 2]: p(x) p(y|x)^gamma.

    The article's method promises p(x) p(y|x)^gamma / Z(x), similarity p(x) exp(gamma scale similarity).
    """
    world, method = scene(p.scene), p.method
    if isinstance(method, Similarity):
        return attracted(world, method.towards[0], method.width, p.gamma * method.scale, p.particles, seed)
    if isinstance(method, PowerNormalised):
        return normalised(world, p.gamma, p.particles, seed)
    return tilted(world, p.gamma, p.particles, seed)


def posterior(world: Scene, samples: Array) -> Array:
    """p(y|x), [n], of clean points [n, 2]."""
    return np.exp(world.log_posterior(samples.astype(np.float64)))


def _variances(p: Params, sigma_max: float) -> list[float]:
    """Of x, in theory: [reached as steps grow, promised]; empty where there is no theory."""
    if not isinstance(p.scene, Pair) or not isinstance(p.method, ClassifierFree | Classifier | FeynmanKac):
        return []
    if p.score_error or (p.classifier_error and isinstance(p.method, Classifier)):
        return []
    target = theory.target_variance(p.gamma)
    reached = (
        target if isinstance(p.method, FeynmanKac) else theory.guided_variance(p.gamma, stochasticity(p.sampler), sigma_max)
    )
    return [reached, target]
