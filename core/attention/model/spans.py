"""Places of a long window, counted from its begin: the first are as many as in training."""

from itertools import pairwise

LONG = 1024
EDGES = (0, 64, 128, 256, 512, LONG)
SPANS = tuple(pairwise(EDGES))
