"""A quick coder and reports for tests of the store, which do not care what is coded but that it is kept."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

from histor.capture.inputs import Capture, InputOptions
from histor.capture.reports import make_capture
from histor.jobs.coding import Reading
from histor.model.canonical import digest
from histor.model.errors import CoderError
from histor.model.records import (
    Acled,
    Actor,
    Attribution,
    Casualties,
    CodedReport,
    Date,
    EventMention,
    Place,
    Relation,
    Report,
    Trigger,
    Ucdp,
)
from histor.store.project import Project, init_project
from histor.text.sentences import split_sentences

PLACES = {
    "Andarab": ("AFG", 35.64, 69.25), "Kabul": ("AFG", 34.53, 69.17), "Goma": ("COD", -1.68, 29.22),
    "Suva": ("FJI", -18.14, 178.44),
}  # fmt: skip
TYPES = {"attacked": "ASSAULT", "killed": "ASSAULT", "marched": "PROTEST", "met": "CONSULT", "arrested": "COERCE"}
_TRIGGER = re.compile(r"\b(?:attacked|killed|marched|met|arrested)\b")
_PLACE = re.compile("|".join(PLACES))
_TOLL = re.compile(r"\b(\d+) people")
_PARTY = re.compile(r"\b(?:Rebels|Police|Workers|Elders)\b")


class QuickCoder:
    """Codes by a few patterns; `fails` holds words at which it breaks."""

    def __init__(self, version: str = "1", types: dict[str, str] | None = None, fails: str = "unreadable") -> None:
        self.stamp = f"quick/{version}"
        self._types = types or TYPES
        self._fails = fails

    def read(self, report: Report) -> Reading:
        if self._fails in report.text:
            raise CoderError("coder.failed", "coding failed.", where=report.id[:12])
        segments = tuple(split_sentences(report.text, report.title))
        mentions: list[EventMention] = []
        for k, s in enumerate(segments):
            for found in _TRIGGER.finditer(report.text, s.start, s.end):
                mentions.append(self._mention(report, k, (s.start, s.end), found, mentions[0].id if mentions else None))
        party = _PARTY.search(report.text)
        relations: tuple[Relation, ...] = ()
        if party:
            actor = Actor(party[0], party.span())
            relations = (Relation("led_by", actor, actor, party.span(), (Attribution("Radio", "media"),)),)
        return Reading(CodedReport(report, tuple(mentions), relations), segments)

    def _mention(
        self, report: Report, k: int, sentence: tuple[int, int], trigger: re.Match[str], first: str | None
    ) -> EventMention:
        kind = self._types[trigger[0]]
        place, toll = _PLACE.search(report.text, *sentence), _TOLL.search(report.text, *sentence)
        party = _PARTY.search(report.text, *sentence)
        where = None
        if place:
            country, latitude, longitude = PLACES[place[0]]
            where = Place(
                place[0], place.span(), place[0], None, latitude, longitude, country, where_prec=1, geo_precision=1
            )
        killed = (
            (Casualties("killed", int(toll[1]), int(toll[1]), int(toll[1]), "exact", "unknown", toll[0], toll.span()),)
            if toll
            else ()
        )
        return EventMention(
            id=digest("event_mention", [report.id, "event_type", kind, list(trigger.span()), self.stamp]),
            retells=first, sentence=k, trigger=Trigger(trigger[0], trigger.span()), event_type=kind, mode=None,
            contexts=(), acled=Acled("Battles", "Armed clash") if kind == "ASSAULT" else None,
            ucdp=Ucdp(1) if kind == "ASSAULT" else None,
            actors=(Actor(party[0], party.span()),) if party else (), recipients=(), place=where,
            date=Date(earliest=report.published, latest=report.published, date_prec=1, source="published")
            if report.published else None,
            casualties=killed, weapons=(), attribution=(Attribution("an official", "official", "said", None),),
            factuality="claimed", loaded_terms=(), confidence=0.9, coder=self.stamp, why=("frame quick",),
        )  # fmt: skip


def texts(count: int) -> list[str]:
    """Different short texts, some with two event mentions, of about a hundred letters."""
    found = []
    places, parties, verbs = (
        itertools.cycle(PLACES),
        itertools.cycle(("Rebels", "Police", "Elders")),
        itertools.cycle(TYPES),
    )
    for k in range(count):
        place, verb = next(places), next(verbs)
        body = f"{next(parties)} {verb} a crowd in {place} on Monday and {k + 2} people were hurt, the official said."
        more = f" Workers marched in {place} the day after, in protest at what had been done." if k % 3 == 0 else ""
        found.append(body + more)
    return found


def capture(text: str, number: int = 0, source: str = "Radio", published: str | None = None) -> Capture:
    """A report of `text`, as a line of JSON would give it."""
    fields = {
        "text": text,
        "source": source,
        "published": published or f"2021-08-{1 + number % 28:02}",
        "id": f"x{number}",
    }
    return make_capture(fields, json.dumps(fields).encode(), InputOptions(), f"line {number}")


def captures(count: int) -> list[Capture]:
    return [capture(text, k) for k, text in enumerate(texts(count))]


def lines(path: Path, count: int) -> Path:
    """A file of `count` reports as JSON lines."""
    path.write_bytes(b"".join(c.content + b"\n" for c in captures(count)))
    return path


def filled(folder: Path, count: int, coder: QuickCoder | None = None) -> Project:
    """A project with `count` reports."""
    from histor.jobs.ingest import Ingest

    project = init_project(folder)
    Ingest(project, coder or QuickCoder(), matching=False).run(captures(count))
    return project
