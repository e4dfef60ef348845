"""The methods that stand side by side, and which of them a family holds."""

from enum import Enum

from core.guidance.pipeline.params import Family


class Method(Enum):
    """Each is a guider of diffusers, with its settings."""

    PLAIN = "plain"  # the conditional model alone
    CFG = "cfg"
    RESCALE = "rescaled"  # Lin et al., arXiv:2305.08891, section 3.4
    INTERVAL = "interval"  # Kynkäänniemi et al., arXiv:2404.07724
    APG = "apg"  # Sadat, Hilliges and Weber, arXiv:2410.02416
    ZERO_STAR = "zero_star"  # Fan et al., arXiv:2503.18886
    TANGENTIAL = "tangential"  # Kwon et al., arXiv:2503.18137
    MAGNITUDE = "magnitude"  # MAMBO-G: Zhu et al., arXiv:2508.03442


FAMILIES: dict[Family, tuple[Method, ...]] = {
    Family.ALL: tuple(Method),
    Family.CFG: (Method.PLAIN, Method.CFG, Method.RESCALE, Method.INTERVAL),
    Family.GUIDERS: (Method.PLAIN, Method.CFG, Method.APG, Method.ZERO_STAR, Method.TANGENTIAL, Method.MAGNITUDE),
}
