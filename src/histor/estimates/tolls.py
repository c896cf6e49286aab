"""The toll that one report gives one incident, out of the numbers in its several mentions of it.

A headline, a lead and a body say one toll three times, and name parts of it beside ("eleven dead,
three of them children"). Numbers of one side are not added: the largest is the toll and the smaller
ones are parts of it or earlier counts. The dead of opposed sides are added where each is given by
itself, unless a number without a side covers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from histor.model.records import Casualties, EventMention

Number = int | None


@dataclass(frozen=True)
class Toll:
    """Low, best and high as stated (None: the words leave it open), and the numbers it is made of."""

    low: Number
    best: Number
    high: Number
    wording: str
    parts: tuple[Casualties, ...]


def size(c: Casualties) -> tuple[int, int, int, bool]:
    """Sorting key of numbers by how many they count; the more exact of equals comes last."""
    middle = c.best if c.best is not None else c.low if c.low is not None else c.high or 0
    return (middle, c.low or 0, c.high or 0, c.wording == "at_least")


def stated(mentions: Iterable[EventMention], kind: str) -> list[Casualties]:
    """The numbers of one kind in text order; one that stands in several mentions comes once."""
    found = {(c.span, c.low, c.best, c.high): c for m in mentions for c in m.casualties if c.kind == kind}
    return sorted(found.values(), key=lambda c: (c.span, size(c)))


def telling_toll(mentions: Iterable[EventMention], kind: str = "killed") -> Toll | None:
    """The toll of one telling (mentions of one incident in one report); None where none is stated."""
    numbers = stated(mentions, kind)
    if not numbers:
        return None
    return toll_of(numbers)


def toll_of(numbers: Sequence[Casualties]) -> Toll:
    """The toll that `numbers` of one kind, one report and one incident make. Raises ValueError if there is none."""
    actors = [c for c in numbers if c.who == "actors"]
    others = [c for c in numbers if c.who != "actors"]
    largest = max(others or actors, key=size)
    if not actors or not others:
        return Toll(largest.low, largest.best, largest.high, largest.wording, (largest,))
    own = max(actors, key=size)
    whole = [c for c in others if c.who == "unknown" and size(c) >= size(own)]
    if whole and size(largest) == size(max(whole, key=size)):
        return Toll(largest.low, largest.best, largest.high, largest.wording, (largest,))
    wording = own.wording if own.wording == largest.wording else "about"
    return Toll(
        _sum(own.low, largest.low), _sum(own.best, largest.best), _sum(own.high, largest.high), wording, (own, largest)
    )


def _sum(a: Number, b: Number) -> Number:
    return None if a is None or b is None else a + b
