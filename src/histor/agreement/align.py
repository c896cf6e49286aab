"""Which event mention of one coder is which of another's: a best one-to-one assignment within each report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from histor.model.annotation import Span
from histor.model.records import EventMention

LEAST = 0.35
"""Least likeness of a pair; below it a mention is missed by the one and extra with the other."""


@dataclass(frozen=True)
class Aligned:
    """Pairs of one report, and what only one of the coders has."""

    pairs: tuple[tuple[EventMention, EventMention], ...]
    missed: tuple[EventMention, ...]
    extra: tuple[EventMention, ...]


def likeness(one: EventMention, other: EventMention) -> float:
    """0 to 1: nearness of the triggers in the text, type, place and tolls; 0 for triggers more than 400 code points apart."""
    gap = distance(one.trigger.span, other.trigger.span)
    if gap > 400:
        return 0.0
    near = 1.0 if gap == 0 else max(0.0, 0.75 - gap / 400)
    same_type = 1.0 if one.event_type == other.event_type else 0.0
    place = _same([one.place.text.lower()] if one.place else [], [other.place.text.lower()] if other.place else [])
    toll = _same([(c.kind, c.best) for c in one.casualties], [(c.kind, c.best) for c in other.casualties])
    return 0.5 * near + 0.25 * same_type + 0.15 * place + 0.1 * toll


def distance(one: Span, other: Span) -> int:
    """Code points between two spans, 0 where they overlap."""
    return max(0, max(one[0], other[0]) - min(one[1], other[1]))


def _same(one: Sequence[object], other: Sequence[object]) -> float:
    if not one and not other:
        return 1.0
    if not one or not other:
        return 0.5
    return 1.0 if set(one) & set(other) else 0.0


def align(first: Sequence[EventMention], second: Sequence[EventMention]) -> Aligned:
    """The assignment of the greatest sum of likeness (Hungarian method); pairs below `LEAST` are none."""
    if not first or not second:
        return Aligned((), tuple(first), tuple(second))
    scores = np.array([[likeness(a, b) for b in second] for a in first])
    rows, columns = linear_sum_assignment(-scores)
    kept = [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if scores[i, j] >= LEAST]
    mine, theirs = {i for i, _ in kept}, {j for _, j in kept}
    return Aligned(
        tuple((first[i], second[j]) for i, j in kept),
        tuple(m for i, m in enumerate(first) if i not in mine),
        tuple(m for j, m in enumerate(second) if j not in theirs),
    )
