"""Handwritten digits and the networks that several topics share."""
