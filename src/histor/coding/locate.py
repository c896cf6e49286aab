"""Where the events of a report were: place phrases to points with precision, candidates and reasons."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from histor.model.annotation import Mention
from histor.model.records import EventMention, Place
from histor.resolve.places import Choice, PlaceResolver, Toponym
from histor.resolve.where import Where, locate

LEAST_NAME = 0.5  # score of a place name that serves as context
LEAST_PLACE = 0.3  # probability of a resolution under which none is given


@dataclass
class Locator:
    """Resolved place names of one report."""

    text: str
    choices: list[Choice]

    @classmethod
    def of(
        cls, resolver: PlaceResolver, text: str, mentions: tuple[Mention, ...], places: list[Place], home: str | None
    ) -> Locator:
        """Resolve the names that the engine found and the events' place phrases that hold none."""
        names = [
            Toponym(text[m.start : m.end], (m.start, m.end))
            for m in mentions
            if m.kind == "place" and m.layer == "name" and m.score >= LEAST_NAME
        ]
        taken = [t.span for t in names]
        for place in places:
            a, b = place.span
            if any(x < b and y > a for x, y in taken) or place.name is None:
                continue
            at = text.find(place.name, a, b)
            if at >= 0 and place.name[:1].isupper():
                names.append(Toponym(place.name, (at, at + len(place.name))))
                taken.append((at, at + len(place.name)))
        names.sort(key=lambda t: t.span)
        return cls(text, resolver.resolve(text, names, home) if names else [])

    def place(self, place: Place) -> tuple[Place, str | None]:
        """The place with what the gazetteer says of it, and the reason in words."""
        where = locate(self.text, place.span, self._around(place))
        if where.entry is not None and where.score < LEAST_PLACE:
            return place, f"place: too uncertain ({where.entry.name}, {where.entry.country} {where.score:.2f})"
        if where.entry is None:
            if not any(c.toponym.span[0] < place.span[1] and c.toponym.span[1] > place.span[0] for c in self.choices):
                return place, None
            return place, f"place: no {where.name!r} in the gazetteer"
        return _as(place, where), self._why(where)

    def _around(self, place: Place) -> list[Choice]:
        """Names inside the phrase."""
        a, b = place.span
        return [c for c in self.choices if c.toponym.span[0] < b and c.toponym.span[1] > a]

    def _why(self, where: Where) -> str:
        entry = where.entry
        if entry is None:
            return ""
        chain = ", ".join(dict.fromkeys(x for x in (entry.name, entry.admin2, entry.admin1, entry.country) if x))
        reasons = next((c.why for c in self.choices if c.entry is entry), ())
        said = f" ({'; '.join(reasons)})" if reasons else ""
        others = [f"{e.name}, {e.admin1 or e.country} {p:.2f}" for e, p in where.others if p >= 0.1][:2]
        rivals = f"; or {'; '.join(others)}" if others else ""
        return f"place: {chain} {where.score:.2f}{said}{rivals}"


def _as(place: Place, where: Where) -> Place:
    entry = where.entry
    if entry is None:
        return place
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
