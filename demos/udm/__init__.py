"""Tab: the unified diffusion model, every corruption forwards, every rule backwards, words and poems that come back."""

from demos._tab import Tab
from demos.udm.forward import FORWARD
from demos.udm.plane import PLANE
from demos.udm.text_poem import TEXT_POEM
from demos.udm.text_words import TEXT_WORDS

TAB = Tab(order=20, experiments=(FORWARD, PLANE, TEXT_WORDS, TEXT_POEM))
