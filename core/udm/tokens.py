"""A sentence as characters, and an alphabet for what replaces them."""

import regex

LATIN = tuple("abcdefghijklmnopqrstuvwxyz ")
CHINESE = tuple("的一是不了在人有我他这中大来上个国和也子时道说那要下看天")
HAN = regex.compile(r"\p{Han}")


def split(text: str) -> tuple[str, ...]:
    """What a reader calls characters: extended grapheme clusters (Unicode Standard Annex 29), a family emoji is one."""
    return tuple(regex.findall(r"\X", text))


def alphabet(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The sentence's own characters and a handful of common ones of its script, sorted."""
    common = CHINESE if any(HAN.search(token) for token in tokens) else LATIN
    return tuple(sorted({*tokens, *common}))
