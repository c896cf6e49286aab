"""Which tellings are worth comparing: those whose times meet and whose shared keys weigh enough.

A key is a place name, a cell of the map, a rare word, an actor, a toll, a country; its weight is a
whole number that depends on the key alone. Both conditions look at the two tellings and nothing
else, so a new telling meets the same others whether it comes with them or after them, and no block
is ever cut for its size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from histor.matching.telling import Telling
from histor.matching.words import rarity

NEAR = (1, 1, 1)  # days that stated dates of one, two or three days may be off; wider ones by `LOOSE`
LOOSE = 3
BACK = 10  # days before publication in which an undated event may lie
LEAST = 5  # weight of shared keys, in quarters, from which two tellings are compared: more than a country or a type
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
    for word in a.words.weights:
        if rarity(word) >= 3:
            found[f"w {word}"] = round(4 * (rarity(word) - 2))
    for word in a.near_words.weights:
        if rarity(word) >= 4:
            found[f"r {word}"] = round(2 * (rarity(word) - 3))
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


class _Keys:
    """The keys of many tellings as numbers, in rows that can be multiplied."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        numbers: dict[str, int] = {}
        weights: list[int] = []
        self.rows: list[NDArray[np.int64]] = []
        for telling in tellings:
            row = []
            for key, weight in keys(telling).items():
                at = numbers.setdefault(key, len(weights))
                if at == len(weights):
                    weights.append(weight)
                row.append(at)
            self.rows.append(np.array(sorted(row), dtype=np.int64))
        self.weights = np.array(weights, dtype=np.float32)

    def table(self, rows: Sequence[int], columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Which of `columns` (sorted key numbers) each row holds, as 0 and 1."""
        found = np.zeros((len(rows), len(columns)), dtype=np.float32)
        if not len(columns):
            return found
        flat = np.concatenate([self.rows[r] for r in rows])
        owner = np.repeat(np.arange(len(rows)), [len(self.rows[r]) for r in rows])
        at = np.minimum(np.searchsorted(columns, flat), len(columns) - 1)
        held = columns[at] == flat
        found[owner[held], at[held]] = 1.0
        return found


def pairs(tellings: Iterable[Telling]) -> Iterator[tuple[Telling, Telling]]:
    """Pairs to compare, each once, the smaller id first."""
    everything = sorted({t.id: t for t in tellings}.values(), key=lambda t: (reach(t), t.id))
    held = _Keys(everything)
    spans = np.array([reach(t) for t in everything], dtype=np.int64).reshape(-1, 2)
    for start in range(0, len(everything), _CHUNK):
        chunk = list(range(start, min(start + _CHUNK, len(everything))))
        # Sorted by first day: whoever begins after the last of these ends meets none of them.
        stop = int(np.searchsorted(spans[:, 0], spans[chunk, 1].max(), side="right"))
        columns = np.unique(np.concatenate([held.rows[k] for k in chunk]))
        left = held.table(chunk, columns) * held.weights[columns]
        # Weights are whole numbers far below 2**24, so that sums in any order are exact.
        weight = left @ held.table(range(start, stop), columns).T
        meets = spans[start:stop, 0][None, :] <= spans[chunk, 1][:, None]
        for i, j in np.argwhere((weight >= LEAST) & meets).tolist():
            if j > i:
                a, b = everything[start + i], everything[start + j]
                yield (a, b) if a.id < b.id else (b, a)
