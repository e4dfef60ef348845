"""Tab: naive Bayes, as attention and as the fusion of contexts."""

from demos._tab import Tab
from demos.bayes.counting import ATTENTION
from demos.bayes.documents import documents
from demos.bayes.face import FACE
from demos.bayes.gauss import GAUSS
from demos.bayes.recall import RECALL

TAB = Tab(order=60, experiments=(ATTENTION, GAUSS, RECALL, *documents()), face=FACE)
