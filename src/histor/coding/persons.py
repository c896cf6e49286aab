"""Which words stand for one person: kin, trades, ages, names, pronouns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from histor.coding.grammar import Clause
from histor.model.annotation import Span
from histor.resolve.actors import sector_of

PRONOUNS = frozenset("he him himself she her herself".split())
_PERSONS = frozenset(
    "teen teenager kid toddler infant nephew niece girlfriend boyfriend friend juvenile adult male female neighbor neighbour stepson "
    "stepdaughter grandmother grandfather grandson granddaughter clerk pastor roommate cousin uncle aunt homeowner sibling "
    "foreigner citizen national bystander pedestrian hiker jogger worshipper churchgoer shopper guest patron customer "
    "employee coworker colleague classmate freshman sophomore hunter fisherman biker cyclist rider member relative parent "
    "spouse widow orphan baby newborn pensioner retiree veteran immigrant somebody someone individual caretaker tenant "
    "grader suspect shooter assailant attacker robber burglar intruder self motorist stepfather stepmother fiancee fiance partner twin other others victim".split()
)


# What is shot, hit, executed or found dead, and is nobody.
_THINGS = frozenset(
    "shot round bullet shell casing missile rocket drone window car vehicle truck bus tank aircraft plane helicopter "
    "house home building tyre tire door wall shooting incident attack wound injury gun weapon warrant order search "
    "plan dog animal shark horse cow cattle camel sheep goat bird fish livestock deal contract operation time year "
    "month week day hour story case charge count homicide murder death".split()
)


_TRADE = re.compile(
    r"(?:eer|eur|ist|ician|woman|man|boy|girl|keeper|maker|worker|driver|herder|dealer|seller|smith|"
    r"wright|monger|master|mate|mother|father|brother|sister|daughter|wife|husband)s?$"
)
_NO_TRADE = frozenset("beer deer career pioneer list mist fist twist exist assist".split())


def is_person(word: str) -> bool:
    word = word.lower().rsplit("-", 1)[-1]
    if _TRADE.search(word) and word not in _NO_TRADE:
        return True
    return word in _PERSONS or word.removesuffix("s") in _PERSONS or sector_of(word) is not None


def is_thing(clause: Clause, head: int) -> bool:
    """Whether a common noun names what cannot be a victim."""
    return clause.tokens[head].upos == "NOUN" and clause.lemma(head) in _THINGS


def is_one(clause: Clause, head: int, kind: str, people: Sequence[Span]) -> bool:
    """A singular noun, a person's name, "he", "a 14-year-old" counts one."""
    token = clause.tokens[head]
    if kind not in {"killed", "injured"}:
        return False
    if token.upos == "PRON":
        return clause.lemma(head) in PRONOUNS
    if "Number=Plur" in token.feats:
        return False
    text = token.text.lower()
    if token.upos == "PROPN":
        named = any(a <= token.start < b for a, b in people)
        return named or (bool(clause.dependents(head, "flat", "compound")) and sector_of(token.text) is None)
    if text == "old" and any(clause.lemma(c) == "year" for c in clause.children[head]):
        return True
    if token.upos != "NOUN" or text in {
        "people",
        "police",
        "troops",
        "personnel",
        "staff",
        "crew",
        "family",
        "crowd",
        "other",
        "others",
    }:
        return False
    return is_person(token.text)
