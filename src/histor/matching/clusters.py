"""Clusters of tellings that do not chain, under what persons decided.

Average linkage: the two clusters with the greatest mean score between their members are joined while
that mean reaches a threshold; pairs that were not compared count as 0. Two clusters are never joined
if any two of their members exclude each other, nor against a person's decision. What persons put together
is one item: it scores as its likest member, and is excluded only by what excludes all its members,
since the person has overruled the machine's reading of one of them. Tellings are reached
from each other only along pairs that score the threshold or more, so each connected component of that
graph can be clustered by itself: a new telling changes nothing outside its own component.

With `linkage="single"` and nothing that excludes, the clusters are those components.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
Cluster = tuple[str, ...]
_UNITS = 10_000  # scores are summed as whole numbers, so that the order of summing does not count


@dataclass(frozen=True)
class Constraints:
    """What persons decided on pairs of tellings: together, or apart. Pairs hold the smaller id first."""

    together: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()


def ordered(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


class _Forest:
    """Union of items; the smallest item stands for its set."""

    def __init__(self, items: Iterable[str]) -> None:
        self.parent = {item: item for item in items}

    def find(self, item: str) -> str:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def union(self, a: str, b: str) -> None:
        low, high = sorted((self.find(a), self.find(b)))
        self.parent[high] = low

    def sets(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for item in sorted(self.parent):
            found.setdefault(self.find(item), []).append(item)
        return list(found.values())


def components(items: Iterable[str], links: Iterable[Pair]) -> list[list[str]]:
    """Connected components, each sorted, in order of their smallest item."""
    forest = _Forest(items)
    for a, b in links:
        forest.union(a, b)
    return forest.sets()


def cluster(
    items: Collection[str],
    scores: Mapping[Pair, float],
    threshold: float,
    *,
    constraints: Constraints | None = None,
    excludes: Callable[[str, str], bool] | None = None,
    linkage: str = "average",
) -> list[Cluster]:
    """Clusters of `items`, each sorted, in order of their smallest item.

    `scores` holds pairs (smaller id first) with 0 to 1; `excludes` tells whether two items cannot be
    together whatever they score. The order of the input does not count. `linkage` is ``average`` or
    ``single``.
    """
    known = constraints or Constraints()
    inside = set(items)
    units = components(inside, [p for p in known.together if p[0] in inside and p[1] in inside])
    unit_of = {item: unit[0] for unit in units for item in unit}
    members = {unit[0]: unit for unit in units}
    neighbours: dict[str, dict[str, int]] = {unit: {} for unit in members}
    links: list[Pair] = []
    for (a, b), score in scores.items():
        if a in inside and b in inside and unit_of[a] != unit_of[b]:
            x, y, whole = unit_of[a], unit_of[b], round(score * _UNITS)
            neighbours[x][y] = neighbours[y][x] = max(whole, neighbours[x].get(y, 0))
            if whole / _UNITS >= threshold:
                links.append((x, y))
    foes: dict[str, set[str]] = {unit: set() for unit in members}
    for a, b in known.apart:
        if a in inside and b in inside:
            foes[unit_of[a]].add(unit_of[b])
            foes[unit_of[b]].add(unit_of[a])

    def excluded(x: str, y: str) -> bool:
        return excludes is not None and all(excludes(p, q) for p in members[x] for q in members[y])

    found: list[Cluster] = []
    for part in components(members, links):
        for joined in _Linkage(part, neighbours, foes, excluded, linkage).run(threshold):
            found.append(tuple(sorted(item for unit in joined for item in members[unit])))
    return sorted(found)


class _Linkage:
    """Agglomeration of one component; clusters go by their smallest member."""

    def __init__(
        self,
        items: Sequence[str],
        neighbours: Mapping[str, Mapping[str, int]],
        foes: Mapping[str, Collection[str]],
        excluded: Callable[[str, str], bool],
        linkage: str,
    ) -> None:
        inside = set(items)
        self.members = {item: [item] for item in items}
        self.sums = {a: {b: s for b, s in neighbours[a].items() if b in inside} for a in items}
        self.foes = {a: {b for b in foes[a] if b in inside} for a in items}
        self.excluded = excluded
        self.linkage = linkage

    def run(self, threshold: float) -> list[list[str]]:
        if len(self.members) > 1:
            self._agglomerate(threshold)
        return list(self.members.values())

    def _agglomerate(self, threshold: float) -> None:
        means = ((self._mean(a, b), a, b) for a in self.members for b in self.sums[a] if a < b)
        heap = [(-mean, a, b) for mean, a, b in means if mean >= threshold]
        heapq.heapify(heap)
        while heap:
            score, a, b = heapq.heappop(heap)
            if a not in self.members or b not in self.members or self._mean(a, b) != -score:
                continue
            if b in self.foes[a]:
                continue
            if self._excluded(a, b):
                self.foes[a].add(b)
                self.foes[b].add(a)
                continue
            self._merge(a, b)
            kept = min(a, b)
            for other in self.sums[kept]:
                mean = self._mean(kept, other)
                if mean >= threshold:
                    heapq.heappush(heap, (-mean, *ordered(kept, other)))

    def _mean(self, a: str, b: str) -> float:
        total = self.sums[a].get(b, 0) / _UNITS
        if self.linkage == "single":
            return total
        return total / (len(self.members[a]) * len(self.members[b]))

    def _merge(self, a: str, b: str) -> None:
        kept, gone = ordered(a, b)
        self.members[kept] += self.members.pop(gone)
        for other, score in self.sums.pop(gone).items():
            self.sums[other].pop(gone)
            if other == kept:
                continue
            before = self.sums[kept].get(other, 0)
            total = max(before, score) if self.linkage == "single" else before + score
            self.sums[kept][other] = self.sums[other][kept] = total
        self.foes[kept] |= self.foes.pop(gone)
        for foe in self.foes[kept]:
            if foe in self.foes:
                self.foes[foe].discard(gone)
                self.foes[foe].add(kept)

    def _excluded(self, a: str, b: str) -> bool:
        """Whether any member of one cluster excludes any of the other."""
        return any(self.excluded(x, y) for x in self.members[a] for y in self.members[b])
