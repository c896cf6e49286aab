"""A stated toll as coding passes it on, and what the tolls of a sentence or a report say of one another."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from histor.coding.persons import PRONOUNS
from histor.model.annotation import Span
from histor.resolve.quantities import Quantity


@dataclass(frozen=True)
class Toll:
    """A stated number: `anchor` is the word that says what became of the people."""

    kind: str
    quantity: Quantity
    span: Span
    people: Span | None
    anchor: int
    part: bool = False
    hit: bool = False  # somebody was shot or stabbed; that he lived is not said


def overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and a[1] > b[0]


def survivors(tolls: list[Toll], text: str) -> list[Toll]:
    """Of so many hit those who lived, where the sentence says how many of them died: "nine shot, one fatally"."""
    kept = []
    for toll in tolls:
        hit, lost = toll.quantity.best, 0
        if toll.hit and hit is not None and hit > 1:
            dead = [
                t for t in tolls if t.kind == "killed" and t.span[0] >= toll.span[1] and t.quantity.best is not None
            ]
            dead = [t for t in dead if not _MORE.search(text[t.span[0] : t.span[1]])]
            lost = (dead[0].quantity.best or 0) if dead else 0
        if hit is not None and 0 < lost < hit:
            low = None if toll.quantity.low is None else toll.quantity.low - lost
            high = None if toll.quantity.high is None else toll.quantity.high - lost
            quantity = replace(toll.quantity, low=low, best=hit - lost, high=high)
            kept.append(replace(toll, quantity=quantity, hit=False))
        elif not lost or lost != hit:
            kept.append(toll)
    return kept


_MORE = re.compile(r"\b(?:another|others?|more|further|additional|second|third|fourth|fifth|sixth)\b", re.IGNORECASE)


REACH = 30  # sentences within which a death is told of somebody who was hit
_ELSE = frozenset("another other others second third fourth fifth also".split())
_SMALL = frozenset("the a an of his her their year old in".split())
_MALE = frozenset("he him himself man boy son father brother husband nephew".split())
_FEMALE = frozenset("she her herself woman girl daughter mother sister wife niece".split())


def without_the_dead(tolls: list[list[Toll]], text: str) -> list[list[Toll]]:
    """Tolls of a report without single people who were hit and of whom it says that they died."""
    dead = [[t for t in row if t.kind == "killed" and t.quantity.best == 1] for row in tolls]
    kept = []
    for k, row in enumerate(tolls):
        near = [d for found in dead[max(0, k - REACH) : k + REACH + 1] for d in found]
        kept.append(
            [t for t in row if not (t.hit and t.quantity.best == 1 and any(_same_person(t, d, text) for d in near))]
        )
    return kept


def _same_person(one: Toll, two: Toll, text: str) -> bool:
    """Whether two phrases for one person may mean the same: shared words, a pronoun, a name for a description."""
    a, b = (frozenset(re.findall(r"\w+", text[t.span[0] : t.span[1]].lower())) for t in (one, two))
    if (a | b) & _ELSE or (a & _MALE and b & _FEMALE) or (a & _FEMALE and b & _MALE):
        return False
    if a <= PRONOUNS or b <= PRONOUNS or (a - _SMALL) & (b - _SMALL):
        return True
    named = [text[t.span[0]].isupper() and not _ARTICLE.match(text, t.span[0]) for t in (one, two)]
    return named[0] != named[1]


_ARTICLE = re.compile(r"(?:an?|the|one|his|her|their)\s", re.IGNORECASE)
