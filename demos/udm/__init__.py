"""Tab: the unified diffusion model, every corruption forwards, every rule backwards, words that come back, learnt codes."""

from demos._tab import Tab
from demos.udm.encode import ENCODE
from demos.udm.forward import FORWARD
from demos.udm.plane import PLANE
from demos.udm.text_words import TEXT_WORDS

TAB = Tab(order=20, experiments=(FORWARD, PLANE, TEXT_WORDS, ENCODE))
