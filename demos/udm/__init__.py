"""Tab: the unified diffusion model, every corruption forwards, every rule backwards; digits, words, poems, and codes."""

from demos._tab import Tab
from demos.udm.encode import ENCODE
from demos.udm.face import FACE
from demos.udm.forward import FORWARD
from demos.udm.plane import PLANE
from demos.udm.reverse_digits import REVERSE_DIGITS
from demos.udm.text_poem import TEXT_POEM
from demos.udm.text_words import TEXT_WORDS

TAB = Tab(order=20, experiments=(FORWARD, PLANE, REVERSE_DIGITS, TEXT_WORDS, TEXT_POEM, ENCODE), face=FACE)
