"""In which fields two codings of one telling differ: what an adjudicator has to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from histor.model.records import Actor, EventMention, Place

SAME_POINT = 0.1  # degrees within which two points of one name are one: gazetteers differ by so much on a town


def _parties(actors: Sequence[Actor]) -> Any:
    return frozenset((a.id or a.name or a.text).casefold() for a in actors)


def _places_differ(one: Place | None, other: Place | None) -> bool:
    """Whether two places are not one: by their ids where both have one, else by the name and all that both say of where it is."""
    if one is None or other is None:
        return one is not other
    if one.geonames_id is not None and other.geonames_id is not None:
        return one.geonames_id != other.geonames_id
    if (one.name or one.text).casefold() != (other.name or other.text).casefold():
        return True
    parts = [(getattr(one, name), getattr(other, name)) for name in ("country", "admin1", "admin2")]
    if any(a.casefold() != b.casefold() for a, b in parts if a and b):
        return True
    points = [(p.latitude, p.longitude) for p in (one, other) if p.latitude is not None and p.longitude is not None]
    return len(points) == 2 and any(abs(a - b) > SAME_POINT for a, b in zip(*points, strict=True))


def _days(mention: EventMention) -> Any:
    date = mention.date
    return None if date is None or not (date.earliest or date.latest) else (date.earliest, date.latest)


def _tolls(mention: EventMention) -> Any:
    return frozenset((c.kind, c.low, c.best, c.high, c.who, c.scope or None) for c in mention.casualties)


_READ: dict[str, Callable[[EventMention], Any]] = {
    "event_type": lambda m: m.event_type,
    "mode": lambda m: m.mode,
    "acled": lambda m: m.acled.sub_event_type if m.acled else None,
    "factuality": lambda m: m.factuality,
    "actors": lambda m: _parties(m.actors),
    "recipients": lambda m: _parties(m.recipients),
    "date": _days,
    "casualties": _tolls,
}
COMPARED = ("event_type", "mode", "acled", "factuality", "actors", "recipients", "place", "date", "casualties")
"""Fields of an event mention that coders fill in; an actor is the same under its id, a place as `differing` has it."""


def differing(one: EventMention, other: EventMention) -> tuple[str, ...]:
    """The fields of `COMPARED` in which two event mentions do not say the same, in that order."""
    return tuple(name for name in COMPARED if _differs(name, one, other))


def _differs(name: str, one: EventMention, other: EventMention) -> bool:
    if name == "place":
        return _places_differ(one.place, other.place)
    return bool(_READ[name](one) != _READ[name](other))
