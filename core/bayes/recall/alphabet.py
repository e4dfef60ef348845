"""The letters of records, questions and answers.

A record is "key=123;" or a bound "key>400;", "key<700;" with three small letters as key. A question comes after all records:
"?key=" is answered by the value, "?key+two=" by both values, "?key~" by y or n: is there a number between the two bounds?
"""

import string

import numpy as np

LETTERS = string.ascii_lowercase
DIGITS = string.digits
NONE = "-"  # what a network that was taught to refuse says of a value that is not there
SIGNS = LETTERS + DIGITS + "=<>;?+~" + NONE
SIZE = len(SIGNS)

KEY, VALUE = 3, 3  # signs
RECORD = KEY + VALUE + 2  # with the relation and the end
MOST = 8  # records of a training text
FIRST_DIGIT = len(LETTERS)
CODES = {sign: code for code, sign in enumerate(SIGNS)}


def coded(text: str) -> np.ndarray:
    """[l] int64; every character must be one of SIGNS."""
    return np.array([CODES[sign] for sign in text], np.int64)


def spelt(codes: np.ndarray) -> str:
    """The inverse of coded."""
    return "".join(SIGNS[code] for code in codes)
