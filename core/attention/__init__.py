"""Softmax attention: how it withstands noise on its logits, and how much information its weights can hold."""
