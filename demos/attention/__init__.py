"""Tab: attention, its robustness to noise and the information in its weights."""

from demos._tab import Tab
from demos.attention.entropy import ENTROPY
from demos.attention.face import FACE
from demos.attention.matrix import MATRIX
from demos.attention.model import MODEL
from demos.attention.noise import NOISE

TAB = Tab(order=30, experiments=(NOISE, ENTROPY, MATRIX, MODEL), face=FACE)
