"""NBCE over documents of one's own, by a language model that a package ships, where that package is installed."""
