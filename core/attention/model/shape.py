"""How large the networks are."""

LENGTH = 64  # characters of a training window
WIDTH, LAYERS, HEADS = 128, 4, 4
DIMENSION = WIDTH // HEADS  # of a query, key or value
