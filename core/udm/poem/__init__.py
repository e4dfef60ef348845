"""Lines of Tang poems by a small trained transformer, out of holes or wrong characters.

Its parts are imported one by one: core.udm.poem.params and .experiment by those who ask for lines, .data by whoever makes the
files that params reads its alphabet from. Importing either imports no torch.
"""
