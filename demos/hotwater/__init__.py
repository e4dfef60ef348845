"""Tab: hot water, how long it takes to reach a tap and what may be done about it."""

from demos._tab import Tab
from demos.hotwater.compare import COMPARE
from demos.hotwater.face import FACE
from demos.hotwater.home import HOUSE
from demos.hotwater.tap import TAP
from demos.hotwater.validate import VALIDATE

TAB = Tab(order=70, experiments=(TAP, HOUSE, COMPARE, VALIDATE), face=FACE)
