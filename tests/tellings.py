"""Coded reports and claims built by hand, so that matching and estimates need no engine."""

from __future__ import annotations

from typing import Any

from histor.model.canonical import digest
from histor.model.records import (
    Acled,
    Actor,
    Attribution,
    Casualties,
    Claim,
    CodedReport,
    Date,
    EventMention,
    Place,
    Report,
    Trigger,
)

DERA = {"name": "Dera", "geonames_id": 11, "latitude": 31.8, "longitude": 70.9, "country": "PAK", "where_prec": 1}
TANK = {"name": "Tank", "geonames_id": 12, "latitude": 32.2, "longitude": 70.4, "country": "PAK", "where_prec": 1}
KARACHI = {"name": "Karachi", "geonames_id": 13, "latitude": 24.9, "longitude": 67.0, "country": "PAK", "where_prec": 1}


def toll(
    best: int, kind: str = "killed", who: str = "unknown", span: tuple[int, int] = (0, 0), **values: Any
) -> Casualties:
    given: dict[str, Any] = {"low": best, "best": best, "high": best, "wording": "exact", "text": str(best)} | values
    return Casualties(kind=kind, who=who, span=span, **given)


def mention(text: str, trigger: str, **values: Any) -> EventMention:
    """An event mention of `text`; `place` and `day` are short for records."""
    start = text.index(trigger)
    place = values.pop("place", None)
    day = values.pop("day", None)
    actors = tuple(Actor(text=a, span=(0, 0), id=a if "." in a else None) for a in values.pop("actors", ()))
    sub = values.pop("sub", None)
    fields: dict[str, Any] = {
        "id": digest("test", [text, start]), "retells": None, "sentence": 0, "event_type": "ASSAULT", "mode": None,
        "contexts": (), "acled": Acled("Battles", sub) if sub else None, "ucdp": None, "actors": actors, "recipients": (),
        "place": Place(text=place["name"], span=(0, 0), **place) if place else None,
        "date": Date(text=day, span=(0, 0), earliest=day, latest=day, date_prec=1) if day else None,
        "casualties": (), "weapons": (), "attribution": (), "factuality": "claimed", "loaded_terms": (),
        "confidence": 0.9, "coder": "hand/1", "why": (),
    }  # fmt: skip
    return EventMention(trigger=Trigger(trigger, (start, start + len(trigger))), **(fields | values))


def report(
    text: str, published: str | None = "2014-03-05", source: str | None = None, id_: str | None = None
) -> Report:
    return Report(id_ or digest("report", [text, published, source]), source, published, None, "en", text)


def coded(
    text: str, *mentions: EventMention, published: str | None = "2014-03-05", source: str | None = None
) -> CodedReport:
    return CodedReport(report(text, published, source), mentions, ())


def claim(
    report_id: str, best: int | None, speaker: str | None = None, type_: str = "official", **values: Any
) -> Claim:
    """A claim of people killed; `value` fields and record fields may be given."""
    value = {"low": best, "best": best, "high": best, "wording": "exact", "who": "unknown"}
    value |= {k: values.pop(k) for k in list(values) if k in value}
    said = (Attribution(speaker, type_),) if speaker else ()
    fields: dict[str, Any] = {
        "event_mention_id": f"m-{report_id}", "property": "killed", "text": str(best), "span": (0, 1), "factuality": "claimed",
        "confidence": 0.9, "coder": "hand/1", "rule": "toll", "attribution": said,
    } | values  # fmt: skip
    identity = [report_id, value, speaker, fields["span"], fields["property"], fields["rule"]]
    return Claim(id=digest("claim", identity), report_id=report_id, value=value, **fields)
