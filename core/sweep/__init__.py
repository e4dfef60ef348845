"""Metrics of any experiment over a grid or a random sample of its parameters, on this machine or on a Dask cluster."""
