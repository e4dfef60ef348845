"""Torch and diffusers, imported when they are first needed, and by one thread at a time.

diffusers imports itself in circles: of two threads that import it at once, one sees half of it and fails.
"""

from threading import Lock

_IMPORTING = Lock()


def load() -> None:
    """Everything heavy that the networks need; whoever imports a module that needs it calls this first."""
    with _IMPORTING:
        from diffusers import DDIMScheduler, DDPMScheduler, ModelMixin, UNet2DConditionModel  # noqa: F401, PLC0415
