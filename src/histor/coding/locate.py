"""Where the events of a report were: place phrases to points with precision, candidates and reasons."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from histor.model.annotation import Annotation, Span
from histor.model.records import EventMention, Place
from histor.resolve.actors import country_of, is_country, seat_of
from histor.resolve.gazetteer import Entry, Gazetteer, name_key
from histor.resolve.places import Choice, PlaceResolver, Toponym
from histor.resolve.toponyms import find_toponyms
from histor.resolve.where import Where, locate, of_kind

LEAST_NAME = 0.5  # score of a place name that serves as context
LEAST_PLACE = 0.3  # probability of a resolution under which none is given
LEAST_RIVAL = 0.1  # probability from which another candidate is named in `why`
MOST_RIVALS = 3


@dataclass
class Locator:
    """Resolved place names of one report."""

    text: str
    choices: list[Choice]

    @classmethod
    def of(
        cls,
        resolver: PlaceResolver,
        text: str,
        annotation: Annotation,
        places: list[Place],
        home: str | None,
        at_home: Sequence[str] = (),
    ) -> Locator:
        """Resolve the report's place names and the events' place phrases that hold none; see `PlaceResolver.resolve`."""
        names = find_toponyms(text, annotation, resolver.gazetteer, LEAST_NAME)
        more: dict[int, Toponym] = {}
        for place in places:
            a, b = place.span
            first = bisect_right(names, a, key=lambda t: t.span[1])
            if (first < len(names) and names[first].span[0] < b) or place.name is None:
                continue
            at = text.find(place.name, a, b)
            known = _named_within(text, place, resolver.gazetteer)
            if known:
                more |= {t.span[0]: t for t in known}
            elif at >= 0 and place.name[:1].isupper():
                more[at] = Toponym(place.name, (at, at + len(place.name)))
        names = sorted([*names, *more.values()], key=lambda t: t.span)
        names = [name for name in names if name_key(name.text) not in _WIDE]
        choices = resolver.resolve(text, names, home, at_home) if names else []
        return cls(text, [of_kind(text, choice, resolver.gazetteer) for choice in choices])

    def place(self, place: Place) -> tuple[Place, str | None]:
        """The place with what the gazetteer says of it, and the reason in words."""
        inside = self._inside(place)
        if not inside:
            return place, None
        where = locate(self.text, *self._with_holder(place.span, inside))
        entry = where.entry
        if entry is None:
            return place, f"place: no {where.name!r} in the gazetteer"
        if where.score < LEAST_PLACE:
            return place, f"place: too uncertain: {_in_short(entry, where.score)}{_rivals(where)}"
        return _as(place, where, entry), _why(where, entry, inside)

    def _with_holder(self, span: Span, inside: list[Choice]) -> tuple[Span, list[Choice]]:
        """For names that the gazetteer lacks the place behind them that holds them: "Salah-Eddin [in Aleppo]"."""
        behind = bisect_left(self.choices, span[1], key=lambda c: c.toponym.span[0])
        if any(c.entry is not None for c in inside) or behind == len(self.choices):
            return span, inside
        holder = self.choices[behind]
        if holder.entry is None or _HELD.fullmatch(self.text, span[1], holder.toponym.span[0]) is None:
            return span, inside
        return (span[0], holder.toponym.span[1]), [*inside, holder]

    def _inside(self, place: Place) -> list[Choice]:
        """Names inside the phrase."""
        a, b = place.span
        first = bisect_right(self.choices, a, key=lambda c: c.toponym.span[1])
        last = bisect_left(self.choices, b, key=lambda c: c.toponym.span[0])
        return self.choices[first:last]


_HELD = re.compile(r"(?:\s+[a-z-]+){0,2},?\s+(?:in|of|near)\s+(?:[a-z-]+\s+){0,5}")
_RUN = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?:\s(?:[A-ZÀ-ÖØ-Þ]|al-|el-)[\w’'-]*)*")
# Parts of the world that gazetteers have as small towns.
_WIDE = frozenset(
    {"middle east", "near east", "far east", "west", "east", "gulf", "levant", "third world", "global south"}
)
_FACILITY = re.compile(
    r"\s(?:mosque|hospital|school|church|prison|hotel|university|bridge|square|street|clinic|base|barracks|factory)s?\b"
)
_SEAT = re.compile(r"(?<!\w)([A-Z]\w{1,40})['’]?s? capital\b")


def _named_within(text: str, place: Place, gazetteer: Gazetteer) -> list[Toponym]:
    """Names that the gazetteer has inside a phrase of place in which the engine is sure of none ("the city of Homs")."""
    a, b = place.span
    seat = _SEAT.search(text, a, b)
    if seat is not None and (name := seat_of(seat[1])) is not None:
        return [Toponym(name, seat.span())]
    runs = [m.span() for m in _RUN.finditer(text, a, b)]
    return [
        Toponym(text[x:y], (x, y))
        for x, y in runs
        if gazetteer.find(text[x:y])
        and _FACILITY.match(text, y) is None
        and (country_of(text[x:y]) is None or is_country(text[x:y]))
    ]


def _why(where: Where, entry: Entry, inside: list[Choice]) -> str:
    chain = ", ".join(dict.fromkeys(x for x in (entry.name, entry.admin2, entry.admin1, entry.country) if x))
    reasons = next((c.why for c in inside if c.entry is entry), ())
    said = f" ({'; '.join(reasons)})" if reasons else ""
    return f"place: {chain} {where.score:.2f}{said}{_rivals(where)}"


def _rivals(where: Where) -> str:
    """The runners-up that are not out of the question, for a person to choose from."""
    others = [_in_short(entry, score) for entry, score in where.others if score >= LEAST_RIVAL]
    return f"; or {'; '.join(others[:MOST_RIVALS])}" if others else ""


def _in_short(entry: Entry, score: float) -> str:
    return f"{', '.join(dict.fromkeys(x for x in (entry.name, entry.admin1, entry.country) if x))} {score:.2f}"


def _as(place: Place, where: Where, entry: Entry) -> Place:
    return msgspec.structs.replace(
        place,
        name=where.name,
        geonames_id=entry.geonames_id if where.source is None or where.source == entry.point else None,
        latitude=where.latitude,
        longitude=where.longitude,
        country=entry.country or None,
        admin1=entry.admin1 or None,
        admin2=entry.admin2 or None,
        where_prec=where.where_prec,
        geo_precision=where.geo_precision,
        coordinate_source=where.source,
    )


def located(locator: Locator, mention: EventMention) -> EventMention:
    """The mention with its place resolved; the reason is added to `why`."""
    if mention.place is None:
        return mention
    place, reason = locator.place(mention.place)
    why = (*mention.why, reason) if reason else mention.why
    return msgspec.structs.replace(mention, place=place, why=why)
