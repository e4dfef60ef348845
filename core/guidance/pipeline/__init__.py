"""Guidance of somebody's own diffusion model: a diffusers pipeline that the host of the lab names, or the shipped digits."""
