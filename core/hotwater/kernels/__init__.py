"""The inner loops. Importing this package imports numba and compiles on first use: only where something is computed."""
