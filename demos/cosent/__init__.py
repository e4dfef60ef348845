"""Tab: CoSENT, a loss that sees the order of the labels alone."""

from demos._tab import Tab
from demos.cosent.face import FACE
from demos.cosent.order import LOSS
from demos.cosent.training import TRAIN

TAB = Tab(order=50, experiments=(LOSS, TRAIN), face=FACE)
