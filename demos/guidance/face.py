"""What guidance promises beside what it delivers, small."""

from core.guidance.plane import Params, PlaneResult
from demos._plot import Panel, Stage, dots, heat
from demos._tab import Face
from demos.guidance.plane import HALF, PLANE, VIEW

DOTS, STRIDE = 180, 2  # of the particles, and frames


def draw(p: Params, r: PlaneResult) -> Stage:  # noqa: ARG001  a drawing takes both
    """The first particles, every second frame."""
    ground = heat(r.density_class[-1:])
    promised = (ground, dots(r.target[None, :DOTS], VIEW, "theory", r.posterior_target[:DOTS] > HALF))
    delivered = (ground, dots(r.particles[::STRIDE, :DOTS], VIEW, "measured", r.posterior[:DOTS] > HALF))
    labels = tuple(f"σ = {sigma:.3g}" for sigma in r.sigma[::STRIDE])
    return Stage((Panel("", VIEW, promised, bare=True), Panel("", VIEW, delivered, bare=True)), labels)


FACE = Face(PLANE, draw)
