"""What persons' decisions mean for matching: which tellings must be together, which apart.

Decisions are rows in order; each later one overrides what an earlier one says of the same pair, and
an ``undo`` row takes its decision out, as if it had never been made. Nothing is changed in place.

- ``merge``: the event mentions in ``payload["event_mentions"]`` are of one incident.
- ``split``: those in ``payload["event_mentions"]`` are of one incident that is none of
  ``payload["from"]``.
- ``accept``, ``reject``, ``unsure`` with ``payload["pair"]``: a judgement on two event mentions.
  ``unsure`` takes back what was said of the pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from histor.matching.clusters import Constraints, Pair, components, ordered
from histor.model.errors import InputError
from histor.model.incidents import Decision

ACTIONS = frozenset({"merge", "split", "accept", "reject", "unsure"})


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that are not undone, in order. An undone undo gives its decision back."""
    undone: set[str] = set()
    for decision in reversed(decisions):
        if decision.action == "undo" and decision.id not in undone:
            undone.add(str(decision.payload.get("decision", decision.subject)))
    return [d for d in decisions if d.action != "undo" and d.id not in undone]


def constraints(decisions: Sequence[Decision], telling_of: Mapping[str, str] | None = None) -> Constraints:
    """Pairs that persons put together or apart.

    `telling_of` gives the telling of each event mention (itself where it is missing); a decision about
    mentions that it maps to one telling says nothing. Where what is together, taken together, would
    join what is apart, the earliest of those merges gives way. Raises InputError for a payload that
    names no event mentions.
    """
    of = telling_of or {}
    said: dict[Pair, bool] = {}
    for decision in in_force(decisions):
        for a, b, together in _pairs(decision):
            x, y = of.get(a, a), of.get(b, b)
            if x == y:
                continue
            pair = ordered(x, y)
            said.pop(pair, None)
            if together is not None:
                said[pair] = together
    apart = frozenset(p for p, together in said.items() if not together)
    return Constraints(_consistent([p for p, together in said.items() if together], apart), apart)


def _pairs(decision: Decision) -> Iterable[tuple[str, str, bool | None]]:
    payload = decision.payload
    if decision.action == "merge":
        mentions = _ids(decision, "event_mentions", 2)
        yield from ((mentions[0], other, True) for other in mentions[1:])
    elif decision.action == "split":
        part, rest = _ids(decision, "event_mentions", 1), _ids(decision, "from", 1)
        yield from ((a, b, False) for a in part for b in rest)
        yield from ((part[0], other, True) for other in part[1:])
    elif decision.action in {"accept", "reject", "unsure"} and "pair" in payload:
        a, b = _ids(decision, "pair", 2)[:2]
        yield a, b, {"accept": True, "reject": False, "unsure": None}[decision.action]


def _ids(decision: Decision, name: str, least: int) -> list[str]:
    found: Any = decision.payload.get(name)
    if not isinstance(found, list) or len(found) < least or not all(isinstance(i, str) for i in found):
        raise InputError(
            "matching.decision", f"a decision to {decision.action} needs a list `{name}` of {least} or more event mentions.",
            where=f"decision {decision.id[:12]}", do="Undo it and make it again.",
        )  # fmt: skip
    return list(found)


def _consistent(together: list[Pair], apart: frozenset[Pair]) -> frozenset[Pair]:
    """The pairs that can hold at once with `apart`, the latest first to be kept."""
    kept: list[Pair] = []
    for pair in reversed(together):
        items = {i for p in (*kept, pair, *apart) for i in p}
        group_of = {i: k for k, g in enumerate(components(items, [*kept, pair])) for i in g}
        if all(group_of[a] != group_of[b] for a, b in apart):
            kept.append(pair)
    return frozenset(kept)
