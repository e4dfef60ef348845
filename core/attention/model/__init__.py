"""A small character model of Shakespeare's plays, and noise inside it: the experiment attention_model."""
