"""CoSENT: a loss that sees the order of the labels alone, for models that score a pair of texts (articles 8847, 9341)."""
