"""The toll that one report gives one incident, out of the numbers in its several mentions of it.

A headline, a lead and a body say one toll three times, and name parts of it beside ("eleven dead,
three of them children"). Numbers of one side are not added: the largest is the toll and the smaller
ones are parts of it or earlier counts. The dead of opposed sides are added where each is given by
itself, unless a number without a side covers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

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


def size(c: Casualties) -> tuple[int, int, bool, int]:
    """Sorting key of numbers by how many they count; of equals a lower bound comes last: a headline drops the "at least"."""
    middle = c.best if c.best is not None else c.low if c.low is not None else c.high or 0
    return (middle, c.low or 0, c.wording == "at_least", c.high or 0)


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
    """The toll that `numbers` of one kind, one report and one incident make, in any order. Raises ValueError without any.

    What the words add up (scope ``plus``) is one number; a stated part of another is none.
    """
    whole = sums([c for c in numbers if c.scope != "part"] or numbers)
    actors = [s for s in whole if s.number.who == "actors"]
    others = [s for s in whole if s.number.who != "actors"]
    largest = _unrounded(max(others or actors, key=lambda s: size(s.number)), others or actors)
    if not actors or not others:
        return _toll(largest)
    own = max(actors, key=lambda s: size(s.number))
    if own.number.best == largest.number.best == 1 and abs(own.number.span[0] - largest.number.span[0]) > CLOSE:
        return _toll(largest)  # one person, told of in the headline and again: no side has two
    cover = [s for s in others if s.number.who == "unknown" and size(s.number) >= size(own.number)]
    if cover and size(largest.number) == max(size(s.number) for s in cover):
        return _toll(largest)
    return _toll(own, largest)


def _unrounded(largest: Sum, all_: Sequence[Sum]) -> Sum:
    """For a rounded number ("nearly 100") the exact one that it rounds, if one is stated (98)."""
    if largest.number.wording != "about" or not largest.number.best:
        return largest
    near = [s for s in all_ if s.number.wording == "exact" and ROUND <= (s.number.best or 0) / largest.number.best < 1]
    return max(near, key=lambda s: size(s.number), default=largest)


CLOSE = 40  # characters within which one of each side may have died
ROUND = 0.9  # least share of a rounded number that the exact one is


@dataclass(frozen=True)
class Sum:
    """A number with the stated ones that it is made of."""

    number: Casualties
    parts: tuple[Casualties, ...]


def sums(numbers: Sequence[Casualties]) -> list[Sum]:
    """The numbers in text order, those that are added to the one before them taken into it."""
    found: list[Sum] = []
    for c in sorted(numbers, key=lambda c: (c.span, size(c))):
        if c.scope == "plus" and found:
            base = found.pop()
            found.append(Sum(_plus(base.number, c), (*base.parts, c)))
        else:
            found.append(Sum(c, (c,)))
    return found


def _plus(a: Casualties, b: Casualties) -> Casualties:
    return msgspec.structs.replace(
        a, low=_add(a.low, b.low), best=_add(a.best, b.best), high=_add(a.high, b.high),
        wording=a.wording if a.wording == b.wording else "about", who=a.who if a.who == b.who else "unknown",
    )  # fmt: skip


def _toll(*added: Sum) -> Toll:
    number = added[0].number
    for other in added[1:]:
        number = _plus(number, other.number)
    return Toll(number.low, number.best, number.high, number.wording, tuple(p for s in added for p in s.parts))


def _add(a: Number, b: Number) -> Number:
    return None if a is None or b is None else a + b
