"""LoRA from the gradient's side: one step as a projection in `projection`, whole trainings of one matrix in `matrix`."""
