"""Tab: the unified diffusion model, every corruption forwards and every rule backwards."""

from demos._tab import Tab
from demos.udm.forward import FORWARD
from demos.udm.plane import PLANE

TAB = Tab(order=20, experiments=(FORWARD, PLANE))
