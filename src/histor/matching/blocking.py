"""Which tellings are worth comparing: those whose times meet and whose shared keys weigh enough.

A key is a place name, a cell of the map, a rare word, an actor, a toll, a country; its weight is a
whole number that depends on the key alone. Both conditions look at the two tellings and nothing
else, so a new telling meets the same others whether it comes with them or after them, and no block
is ever cut for its size.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from histor.matching.columns import Sets
from histor.matching.telling import Telling

NEAR = (1, 1, 1)  # days that stated dates of one, two or three days may be off; wider ones by `LOOSE`
LOOSE = 3
BACK = 10  # days before publication in which an undated event may lie
LEAST = 5  # weight of shared keys, in quarters, from which two tellings are compared: more than a country or a type
WIDE = 40  # days
_CHUNK = 128
_CELL = 0.5  # degrees
_FAR = 10_000_000  # beyond any ordinal


def reach(a: Telling) -> tuple[int, int]:
    """The days in which a telling's event may lie, as ordinals; everything where nothing bounds it."""
    if a.days is None:
        return -_FAR, _FAR
    if a.days.stated:
        width = a.days.last - a.days.first
        off = NEAR[width] if width < len(NEAR) else LOOSE
        return a.days.first - off, a.days.last + off
    return a.days.last - BACK, a.days.last + 1


def keys(a: Telling) -> dict[str, int]:
    """The keys of a telling with their weights in quarters."""
    found: dict[str, int] = {}
    spot = a.spot
    for word, squared in a.words.weights.items():
        if squared >= 9:
            found[f"w {word}"] = round(4 * (math.sqrt(squared) - 2))
    for word, squared in a.near_words.weights.items():
        if squared >= 16:
            found[f"r {word}"] = round(2 * (math.sqrt(squared) - 3))
    for name in a.near_names:
        found[f"n {name}"] = 8
    if spot is not None:
        found.update((f"p {name}", 12) for name in spot.names)
        if spot.latitude is not None and spot.longitude is not None and not spot.wide:
            y, x = math.floor(spot.latitude / _CELL), math.floor(spot.longitude / _CELL)
            # Points in touching cells share one, two or four of their four.
            found.update((f"c {y + i} {x + j}", 6) for i in (0, 1) for j in (0, 1))
    country = (spot.country if spot else None) or a.background.country
    if country:
        found[f"s {country}"] = 4
    found.update((f"t {kind} {low:.0f}", 8) for kind, (low, _) in a.tolls.items() if low >= 3)
    found.update((f"a {key}", 8) for key in a.actors | a.recipients if key[0] == "=")
    found.update((f"e {sub}", 4) for sub in a.sub_events)
    if a.days is not None and a.days.stated and a.days.last - a.days.first <= 2:
        found.update((f"d {day}", 4) for day in range(a.days.first, a.days.last + 1))
    return found


def shared(a: Telling, b: Telling) -> int:
    """Weight of the keys that two tellings share."""
    x, y = keys(a), keys(b)
    return sum(weight for key, weight in x.items() if key in y)


class Candidates:
    """The pairs of tellings to compare, each once; of those that hold one of `fresh` (ids) where that is given.

    Iterating gives the tellings themselves, the smaller id first; `blocks` gives their places in `tellings`.
    """

    def __init__(self, tellings: Iterable[Telling], fresh: Collection[str] | None = None) -> None:
        # Sorted by first day: whoever begins after the last of some ends meets none of them.
        self.tellings = sorted({t.id: t for t in tellings}.values(), key=lambda t: (reach(t), t.id))
        self._fresh = None if fresh is None else frozenset(fresh)

    @cached_property
    def _held(self) -> Sets:
        return Sets([keys(t) for t in self.tellings])

    def blocks(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Places of the pairs, in blocks of few different first places."""
        held = self._held
        spans = np.array([reach(t) for t in self.tellings], dtype=np.int64).reshape(-1, 2)
        fresh = np.array([self._fresh is None or t.id in self._fresh for t in self.tellings], dtype=np.bool_)
        known_until = np.maximum.accumulate(np.where(fresh, -_FAR, spans[:, 1]))
        for chunk in _chunks(np.flatnonzero(fresh), spans):
            # Of two fresh ones the later in order is met from the earlier.
            low = min(int(np.searchsorted(known_until, spans[chunk[0], 0], side="left")), int(chunk[0]))
            stop = int(np.searchsorted(spans[:, 0], spans[chunk, 1].max(), side="right"))
            weight = held.products(chunk, low, stop)
            meets = spans[low:stop, 0][None, :] <= spans[chunk, 1][:, None]
            meets &= spans[low:stop, 1][None, :] >= spans[chunk, 0][:, None]
            once = ~fresh[low:stop][None, :] | (np.arange(low, stop)[None, :] > chunk[:, None])
            i, j = np.nonzero((weight >= LEAST) & meets & once)
            yield chunk[i], j + low

    def __iter__(self) -> Iterator[tuple[Telling, Telling]]:
        for i, j in self.blocks():
            for x, y in zip(i.tolist(), j.tolist(), strict=True):
                a, b = self.tellings[x], self.tellings[y]
                yield (a, b) if a.id < b.id else (b, a)


def _chunks(rows: NDArray[np.int64], spans: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows in runs of `_CHUNK`, those that may lie in many days apart, since a run meets whatever one of it meets."""
    wide = spans[rows, 1] - spans[rows, 0] > WIDE
    for some in (rows[~wide], rows[wide]):
        yield from (some[start : start + _CHUNK] for start in range(0, len(some), _CHUNK))


def pairs(tellings: Iterable[Telling]) -> Candidates:
    """Pairs to compare among all of some tellings."""
    return Candidates(tellings)
