"""Digits come back from five corruptions: one network and one reverse loop for all of them. Importing this imports no torch."""
