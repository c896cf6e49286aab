"""Deeds of peace in words of war: whether a sentence speaks of sport, trade, accidents, weather, shows or votes.

The fields' words stand in ``[civil]`` of `data/factuality.toml`; who bears arms is told by the sectors of generic
nouns (`histor.resolve.actors`), weapons by the lexicon's classes.
"""

from __future__ import annotations

import itertools
from functools import cache

from histor.codebook.codebook import ARMED
from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon
from histor.coding.wordlists import split, table
from histor.resolve.actors import looks_armed, sector_of

_NOMINAL = frozenset({"NOUN", "PROPN"})


@cache
def _fields() -> frozenset[str]:
    return frozenset().union(*(split(entries) for entries in table("factuality")["civil"].values()))


def is_civil(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether the sentence has a word of a civil field, nobody armed and no weapon."""
    lemmas = clause.lemmas
    pairs = (f"{a} {b}" for a, b in itertools.pairwise(lemmas))
    if _fields().isdisjoint(lemmas) and _fields().isdisjoint(pairs):
        return False
    return all(held.isdisjoint(lemmas) for held in lexicon.classes.values()) and not any(
        _bears_arms(clause, k) for k in range(len(lemmas))
    )


def _bears_arms(clause: Clause, k: int) -> bool:
    token = clause.tokens[k]
    return token.upos in _NOMINAL and (sector_of(clause.lemma(k)) in ARMED or looks_armed(token.text))
