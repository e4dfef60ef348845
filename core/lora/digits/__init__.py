"""LoRA on a real network: a recogniser of digits meets a new world. Importing this imports no torch."""
