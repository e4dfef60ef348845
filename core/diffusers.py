"""All that the lab takes from diffusers, imported here alone.

diffusers imports itself piece by piece and in circles: of two threads that import pieces of it at once, one sees half of it
and fails. A module is imported by one thread at a time, and the others wait for it.
"""

from diffusers import ConfigMixin, DDIMScheduler, DDPMScheduler, ModelMixin, UNet2DConditionModel
from diffusers.configuration_utils import register_to_config

__all__ = ["ConfigMixin", "DDIMScheduler", "DDPMScheduler", "ModelMixin", "UNet2DConditionModel", "register_to_config"]
