"""In which fields two codings of one telling differ: what an adjudicator has to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from histor.model.records import Actor, EventMention


def _parties(actors: Sequence[Actor]) -> Any:
    return frozenset((a.id or a.name or a.text).casefold() for a in actors)


def _place(mention: EventMention) -> Any:
    place = mention.place
    return None if place is None else (place.name or place.text).casefold()


def _days(mention: EventMention) -> Any:
    date = mention.date
    return None if date is None or not (date.earliest or date.latest) else (date.earliest, date.latest)


def _tolls(mention: EventMention) -> Any:
    return frozenset((c.kind, c.low, c.best, c.high, c.who) for c in mention.casualties)


COMPARED: dict[str, Callable[[EventMention], Any]] = {
    "event_type": lambda m: m.event_type,
    "mode": lambda m: m.mode,
    "acled": lambda m: m.acled.sub_event_type if m.acled else None,
    "factuality": lambda m: m.factuality,
    "actors": lambda m: _parties(m.actors),
    "recipients": lambda m: _parties(m.recipients),
    "place": _place,
    "date": _days,
    "casualties": _tolls,
}
"""Fields of an event mention that coders fill in, with what counts as the same: an actor under its id, a place under its name."""


def differing(one: EventMention, other: EventMention) -> tuple[str, ...]:
    """The fields of `COMPARED` in which two event mentions do not say the same, in that order."""
    return tuple(name for name, read in COMPARED.items() if read(one) != read(other))
