"""Naive Bayes as attention, and as a way to fuse what several contexts say (NBCE)."""
