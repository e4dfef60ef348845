"""The unified diffusion model: any corruption x_t = F_t(x_0, eps), any rule that steps back.

Source: Su Jianlin, kexue.fm/archives/9262 (theory) and 9271 (applications).
"""
