"""Tab: LoRA, from the gradient's side."""

from demos._tab import Tab
from demos.lora.diffusion import DIFFUSION
from demos.lora.digits import DIGITS
from demos.lora.face import FACE
from demos.lora.matrix import MATRIX
from demos.lora.projection import PROJECTION
from demos.lora.which_rank import RANK

TAB = Tab(order=40, experiments=(MATRIX, PROJECTION, DIGITS, DIFFUSION, RANK), face=FACE)
