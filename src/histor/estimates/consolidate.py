"""What the tellings of an incident say together: its type, place, day, parties and factuality.

The rule is ``plurality.v1``: one vote for each independent origin; of equals the more exact value wins,
then the earlier report. Every value is one that some mention states, never a mean.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from histor.model.records import Acled, Actor, Date, EventMention, Place, Ucdp

RULE = "plurality.v1"
_FACTUALITY = (
    "actual",
    "claimed",
    "historical",
    "denied",
    "planned",
    "threatened",
    "forecast",
    "hypothetical",
    "opinion",
)
_MOST_PARTIES = 4

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True)
class Told:
    """An event mention with its report's day and origin."""

    mention: EventMention
    report: str
    published: str | None
    origin: str


@dataclass(frozen=True)
class Consolidated:
    """The fields of an incident that its mentions give, with a reason for each in words."""

    event_type: str
    acled: Acled | None
    ucdp: Ucdp | None
    place: Place | None
    date: Date | None
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    factuality: str
    event_mentions: tuple[str, ...]
    reports: int
    origins: int
    why: tuple[str, ...]


def consolidate(told: Iterable[Told]) -> Consolidated:
    """The incident that `told` (one at least) tell of. The order of the input does not count."""
    items = sorted(told, key=lambda t: (t.published or "9999", t.report, t.mention.trigger.span, t.mention.id))
    type_, votes = _plurality(((t.mention.event_type, t.mention.event_type, 0.0), t.origin) for t in items)
    same = [t for t in items if t.mention.event_type == type_]
    acled, _ = _plurality((_acled(t.mention.acled), t.origin) for t in same)
    ucdp, _ = _plurality(((t.mention.ucdp, t.mention.ucdp, 0.0) if t.mention.ucdp else None, t.origin) for t in same)
    place, where = _plurality((_place(t.mention.place), t.origin) for t in items)
    date, when = _plurality((_date(t.mention.date), t.origin) for t in items)
    origins = {t.origin for t in items}
    why = [f"{RULE}: type {type_} by {votes} of {len(origins)} origins"]
    if place is not None:
        why.append(f"place {place.name or place.text} by {where}")
    if date is not None:
        why.append(f"date {date.earliest} to {date.latest} by {when}")
    return Consolidated(
        type_ or items[0].mention.event_type, acled, ucdp, place, date,
        _parties((t.mention.actors, t.origin) for t in same), _parties((t.mention.recipients, t.origin) for t in same),
        _factuality(items), tuple(t.mention.id for t in items), len({t.report for t in items}), len(origins), tuple(why),
    )  # fmt: skip


def _plurality(votes: Iterable[tuple[tuple[K, V, float] | None, str]]) -> tuple[V | None, int]:
    """The value whose key most origins state, and how many do; (None, 0) without any.

    A vote is (key, value, inexactness); of equal keys the most exact value is given, of equally
    supported keys the one with the most exact value, then the one stated first.
    """
    origins: dict[K, set[str]] = collections.defaultdict(set)
    values: dict[K, tuple[float, int, V]] = {}
    for n, (vote, origin) in enumerate(votes):
        if vote is None:
            continue
        key, value, inexact = vote
        origins[key].add(origin)
        if key not in values or inexact < values[key][0]:
            values[key] = (inexact, n, value)
    if not values:
        return None, 0
    best = min(values, key=lambda k: (-len(origins[k]), values[k][0], values[k][1]))
    return values[best][2], len(origins[best])


def _acled(value: Acled | None) -> tuple[str, Acled, float] | None:
    return (value.sub_event_type, value, 0.0) if value else None


def _place(place: Place | None) -> tuple[Hashable, Place, float] | None:
    """A vote for a place; a wide one, or one without a point, gives way to a point."""
    if place is None:
        return None
    key = place.geonames_id if place.geonames_id is not None else (place.name or place.text).lower()
    return key, place, (place.where_prec or 8) + (0 if place.latitude is not None else 3)


def _date(date: Date | None) -> tuple[Hashable, Date, float] | None:
    if date is None or not date.earliest:
        return None
    return (date.earliest, date.latest), date, (date.date_prec or 6) + (10 if date.source == "published" else 0)


def _parties(votes: Iterable[tuple[Sequence[Actor], str]]) -> tuple[Actor, ...]:
    """Parties by how many origins name them, those that the actors file knows first; `_MOST_PARTIES` at most.

    Of parties of which one's words hold all of the other's ("soldiers", "two Israeli soldiers") the one named
    by more origins stands for both; a word for anybody stands only alone.
    """
    origins: dict[str, set[str]] = collections.defaultdict(set)
    first: dict[str, tuple[int, Actor]] = {}
    words: dict[str, set[frozenset[str]]] = collections.defaultdict(set)
    n = 0
    for parties, origin in votes:
        for party in parties:
            key = party.id or " ".join(sorted(_words(party.name or party.text)))
            origins[key].add(origin)
            words[key].update(found for text in (party.name, party.text) if text and (found := _words(text)))
            first.setdefault(key, (n, party))
            n += 1
    ordered = sorted(first, key=lambda k: (first[k][1].id is None, _anybody(words[k]), -len(origins[k]), first[k][0]))
    kept: list[str] = []
    for key in ordered:
        one = first[key][1]
        if not any(_same(one, words[key], first[k][1], words[k]) for k in kept) and not (kept and _anybody(words[key])):
            kept.append(key)
    return tuple(first[k][1] for k in kept[:_MOST_PARTIES])


def _same(a: Actor, x: set[frozenset[str]], b: Actor, y: set[frozenset[str]]) -> bool:
    """Whether two parties may be one: not both known, and all words of one are among the other's."""
    return (a.id is None or b.id is None) and any(p <= q or q <= p for p in x for q in y)


def _anybody(found: set[frozenset[str]]) -> bool:
    return all(words <= _ANYBODY for words in found)


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    """The words of a name in the singular, without articles and numbers."""
    words = [w for w in re.findall(r"[^\W\d_]+", text.lower()) if w not in _SMALL]
    return frozenset(_IRREGULAR.get(w, w[:-1] if len(w) > 3 and w.endswith("s") and w[-2] != "s" else w) for w in words)


_IRREGULAR = {"men": "man", "women": "woman", "children": "child", "policemen": "policeman", "gunmen": "gunman"}
_ANYBODY = frozenset("man people person group other they he she it them victim side".split())
_SMALL = frozenset(
    "the a an of and or some several many at least more than about his her their its one two three four five six seven "
    "eight nine ten eleven twelve dozen hundred s".split()
)


def _factuality(items: Sequence[Told]) -> str:
    """The most certain that any telling has it: what one denies and another states has happened, by claim."""
    found = {t.mention.factuality for t in items}
    best = next((f for f in _FACTUALITY if f in found), "claimed")
    return "claimed" if best == "actual" and "denied" in found else best
