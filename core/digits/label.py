"""Which digit is asked for."""

from enum import Enum


class Label(Enum):
    """A digit, or every one in turn."""

    ALL = "all"
    ZERO = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"
    SEVEN = "7"
    EIGHT = "8"
    NINE = "9"
