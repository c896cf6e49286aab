"""The machine as a coder: what became of its event mentions, and how long people took over them."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from histor.model.incidents import Decision

OUTCOMES = ("accepted", "edited", "rejected", "unsure")
IDLE = 600.0
"""Seconds over which somebody was not deciding but away; such a time is left out."""


@dataclass(frozen=True)
class Rate:
    """A share of `of` with its 95 % interval (Wilson 1927); all None where `of` is 0."""

    value: float | None
    low: float | None
    high: float | None
    of: int


@dataclass(frozen=True)
class Times:
    """Seconds for one decision: the median, the quartiles, how many were timed, and how many left out as longer than `IDLE`."""

    median: float | None
    lower: float | None
    upper: float | None
    timed: int
    left_out: int


def outcome(decisions: Sequence[Decision]) -> str:
    """What became of an event mention of the machine, from the decisions in force on it (one at least)."""
    last = decisions[-1].action
    if last in {"edit", "accept"}:
        return "edited" if any(d.action == "edit" for d in decisions) else "accepted"
    return "rejected" if last == "reject" else "unsure"


def outcomes(by_mention: Mapping[str, Sequence[Decision]]) -> Counter[str]:
    """How many of the machine's event mentions came to each of `OUTCOMES`."""
    return Counter(dict.fromkeys(OUTCOMES, 0)) + Counter(outcome(rows) for rows in by_mention.values())


def unchanged(counts: Mapping[str, int]) -> Rate:
    """The share that was accepted as it was, of all that somebody decided on for certain; not sure decides nothing."""
    return wilson(counts.get("accepted", 0), sum(counts.get(name, 0) for name in OUTCOMES if name != "unsure"))


def wilson(hits: int, of: int) -> Rate:
    """A share with Wilson's score interval at 95 %."""
    if of == 0:
        return Rate(None, None, None, 0)
    z, p = 1.959964, hits / of
    middle, spread = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return Rate(p, max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole), of)


def times(seconds: Iterable[float]) -> Times:
    """The median and quartiles of seconds for a decision."""
    found = list(seconds)
    kept = [s for s in found if s <= IDLE]
    if len(kept) < 2:
        only = kept[0] if kept else None
        return Times(only, only, only, len(kept), len(found) - len(kept))
    lower, median, upper = statistics.quantiles(kept, n=4, method="inclusive")
    return Times(median, lower, upper, len(kept), len(found) - len(kept))
