"""Tab: guidance, where everything is known exactly, on a real trained model, and on a pipeline of one's own."""

from demos._tab import Tab
from demos.guidance.digits import DIGITS
from demos.guidance.face import FACE
from demos.guidance.pipeline import PIPELINE
from demos.guidance.plane import PLANE

TAB = Tab(order=10, experiments=(PLANE, DIGITS, PIPELINE), face=FACE)
