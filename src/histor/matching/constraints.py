"""What persons' judgements on pairs mean for clusters: which tellings must be together, which apart.

The ledger of decisions, folded (undone rows taken out, a later word on a pair before an earlier one),
gives judgements on pairs of event mentions; this module turns them into `Constraints` on tellings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from histor.matching.clusters import Constraints, Pair, ordered


class Judged(Protocol):
    """A person's word on two event mentions: ``positive``, ``negative`` or ``unsure``.

    `order` rises with the place in the ledger.
    """

    @property
    def left(self) -> str: ...

    @property
    def right(self) -> str: ...

    @property
    def judgement(self) -> str: ...

    @property
    def order(self) -> int: ...


def constraints_of(judged: Iterable[Judged], telling_of: Mapping[str, str] | None = None) -> Constraints:
    """The constraints that judgements on event mentions make.

    `telling_of` gives the telling of each event mention (itself where it is missing). A judgement on
    mentions of one telling says nothing, ``unsure`` takes back an earlier word on the same pair, and
    of judgements that contradict each other, by way of third tellings too, the later one holds.
    """
    of = telling_of or {}
    said: dict[Pair, tuple[int, str]] = {}
    for one in judged:
        a, b = of.get(one.left, one.left), of.get(one.right, one.right)
        if a == b:
            continue
        pair = ordered(a, b)
        said[pair] = max(said.get(pair, (-1, "")), (one.order, one.judgement))
    together: set[Pair] = set()
    apart: set[Pair] = set()
    groups = _Groups()
    for pair, (_, judgement) in sorted(said.items(), key=lambda item: (-item[1][0], item[0])):
        if judgement == "positive" and groups.join(*pair):
            together.add(pair)
        elif judgement == "negative" and groups.part(*pair):
            apart.add(pair)
    return Constraints(frozenset(together), frozenset(apart))


class _Groups:
    """Sets of tellings that are together, with those that each must not meet."""

    def __init__(self) -> None:
        self._group: dict[str, set[str]] = {}
        self._foes: dict[int, set[str]] = {}

    def _of(self, item: str) -> set[str]:
        group = self._group.setdefault(item, {item})
        self._foes.setdefault(id(group), set())
        return group

    def join(self, a: str, b: str) -> bool:
        """Put two together unless what was said later keeps them apart."""
        x, y = self._of(a), self._of(b)
        if x is y:
            return True
        if x & self._foes[id(y)] or y & self._foes[id(x)]:
            return False
        x |= y
        self._foes[id(x)] |= self._foes.pop(id(y))
        for item in y:
            self._group[item] = x
        return True

    def part(self, a: str, b: str) -> bool:
        """Keep two apart unless what was said later puts them together."""
        x, y = self._of(a), self._of(b)
        if x is y:
            return False
        self._foes[id(x)].add(b)
        self._foes[id(y)].add(a)
        return True
