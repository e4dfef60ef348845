"""Places of a long window, counted from its begin: the first are as many as in training."""

LONG = 1024
EDGES = (0, 64, 128, 256, 512, LONG)
SPANS = tuple(zip(EDGES[:-1], EDGES[1:], strict=True))
