"""How a word is written: the part of its form that an uncased encoder does not see."""

from __future__ import annotations

SHAPES = ("lower", "title", "upper", "mixed", "digit", "other", "initial")
_LOWER, _TITLE, _UPPER, _MIXED, _DIGIT, _OTHER, _INITIAL = range(len(SHAPES))


def shape_of(word: str) -> int:
    """The index in `SHAPES` of the way `word` is written."""
    if any(map(str.isdigit, word)):
        return _DIGIT
    if not any(map(str.isalpha, word)):
        return _OTHER
    if word.islower():
        return _LOWER
    if word.isupper():
        return _INITIAL if len(word.rstrip(".")) == 1 else _UPPER
    if word[0].isupper() and word[1:].islower():
        return _TITLE
    return _MIXED
