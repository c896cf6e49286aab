"""The base of a regular English verb form, from how it ends before *-ed*, *-ing* or *-s*.

Whether an *e* was dropped ("hop|ing") or a letter doubled ("hopp|ing") is looked up by the longest ending that
`verb_endings.txt` has, which `training/verb_endings.py` makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

ADDS, PLAIN, TAKES = "adds", "plain", "takes"

_BASES = frozenset(
    "need feed bleed breed seed weed heed speed deed proceed exceed succeed embed shed wed bed shred sled bring sing ring "
    "sting swing fling cling sling wring string hamstring spring king wing ping zing ding has was is focus bias canvas gas "
    "bus caucus".split()
)
_IN_IE = frozenset("d l t v bel unt underl outl".split())
_IN_S = frozenset("focus bias canvas gas bus caucus".split())
# One syllable of one vowel and one consonant: without an e that would have doubled.
_SHORT = re.compile(r"(?:[^aeiou]*|qu)[aeiouy][bdgklmnprtvz]")
_HARD = re.compile(r"(?:pan|mim|traff|picn|frol|polit|bivou)[ai]?ck")


@cache
def _table() -> dict[str, str]:
    text = resources.files("histor.engines.embedded").joinpath("verb_endings.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line)
    return {ending.removesuffix("."): made for made, *endings in rows for ending in endings}


def ending_of(stem: str, table: Mapping[str, str]) -> tuple[str, str]:
    """The longest ending of ``^stem`` that the table has, and what it says; ("", plain) if there is none."""
    word = stem if stem.startswith("^") else "^" + stem
    endings = (word[k:] for k in range(len(word) + 1))
    return next(((e, table[e]) for e in endings if e in table), ("", PLAIN))


@lru_cache(maxsize=20_000)
def base_of(form: str) -> str | None:
    """The base of a verb's regular form in *-ed*, *-ing* or *-s*; None if the form is no such.

    >>> base_of("interpreted"), base_of("hopping"), base_of("hoping"), base_of("vied"), base_of("tries")
    ('interpret', 'hop', 'hope', 'vie', 'try')
    """
    small = form.lower()
    if not (small.isascii() and small.isalpha()) or small in _BASES:
        return None
    for ending in ("ied", "ies", "ying"):
        stem = small.removesuffix(ending)
        if stem != small and (stem in _IN_IE or ending != "ying") and stem:
            return stem + "ie" if stem in _IN_IE else stem + "y"
    if small.endswith("s"):
        return _without_s(small)
    stem = small.removesuffix("ed") if small.endswith("ed") else small.removesuffix("ing")
    if stem == small or len(stem) < 2 or not any(c in "aeiouy" for c in stem):
        return None
    return _restored(stem)


def _without_s(small: str) -> str | None:
    if len(small) < 4 or small.endswith(("ss", "us", "is")):
        return None
    long = small.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")) or small[:-2] in _IN_S
    return small[:-2] if long else small[:-1]


def _restored(stem: str) -> str:
    """What is left before *-ed* or *-ing* with its e, or without the letter that was doubled for the ending."""
    if _SHORT.fullmatch(stem):
        return stem + "e"
    if _HARD.fullmatch(stem) or (stem.endswith("ss") and stem[:-1] in _IN_S):
        return stem[:-1]
    made = ending_of(stem, _table())[1]
    return stem + "e" if made == ADDS else stem[:-1] if made == TAKES else stem
