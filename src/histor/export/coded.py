"""Coded reports as JSON lines, JSON or CSV, written as they come."""

from __future__ import annotations

import csv
import io
from typing import IO

import msgspec

from histor.export.cells import text_cell
from histor.model.records import Casualties, CodedReport, EventMention, Report

_encoder = msgspec.json.Encoder()


class JsonLines:
    """One JSON object a report and line."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, coded: CodedReport) -> None:
        self._out.write(_encoder.encode(coded) + b"\n")

    def close(self) -> None:
        self._out.flush()


class JsonArray:
    """One JSON array of all reports, indented for reading, written piece by piece."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._first = True

    def write(self, coded: CodedReport) -> None:
        self._out.write(b"[\n" if self._first else b",\n")
        self._first = False
        self._out.write(msgspec.json.format(_encoder.encode(coded), indent=2))

    def close(self) -> None:
        self._out.write(b"[]\n" if self._first else b"\n]\n")
        self._out.flush()


COLUMNS = (
    "report_id external_id source published title event_mention_id retells sentence trigger event_type mode "
    "acled_event_type acled_sub_event_type type_of_violence actors actor_countries actor_sectors recipients "
    "recipient_countries recipient_sectors place place_name place_country latitude longitude where_prec "
    "geo_precision date date_earliest date_latest date_prec time_precision casualties killed_low killed_best killed_high "
    "killed_wording killed_who injured_low injured_best injured_high captured_low captured_best captured_high "
    "missing_low missing_best missing_high displaced_low displaced_best displaced_high weapons attribution "
    "attribution_types factuality loaded_terms confidence coder why quote"
).split()
"""Columns of the CSV form: one row an event mention, lists joined by ``; `` with empty places kept.

``casualties`` holds every toll; the columns of a kind (``killed_low``) hold the first toll of that kind.
"""


class Table:
    """One CSV row an event mention (RFC 4180 quoting, UTF-8)."""

    def __init__(self, out: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, coded: CodedReport) -> None:
        for mention in coded.event_mentions:
            row = _row(coded.report, mention)
            self._rows.writerow([_cell(row.get(name)) for name in COLUMNS])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return text_cell(value)
    return "" if value is None else value


def _row(report: Report, mention: EventMention) -> dict[str, object]:
    place, when = mention.place, mention.date
    row: dict[str, object] = {
        "report_id": report.id,
        "external_id": report.external_id if isinstance(report.external_id, str) else None,
        "source": report.source, "published": report.published, "title": report.title,
        "event_mention_id": mention.id, "retells": mention.retells, "sentence": mention.sentence,
        "trigger": mention.trigger.text, "event_type": mention.event_type, "mode": mention.mode,
        "acled_event_type": mention.acled.event_type if mention.acled else None,
        "acled_sub_event_type": mention.acled.sub_event_type if mention.acled else None,
        "type_of_violence": mention.ucdp.type_of_violence if mention.ucdp else None,
        "weapons": "; ".join(w.text for w in mention.weapons),
        "attribution": "; ".join(a.speaker for a in mention.attribution),
        "attribution_types": "; ".join(a.type for a in mention.attribution),
        "factuality": mention.factuality,
        "loaded_terms": "; ".join(t.text for t in mention.loaded_terms),
        "confidence": mention.confidence, "coder": mention.coder, "why": "; ".join(mention.why),
        "quote": quote_of(report, mention),
    }  # fmt: skip
    for name, side in (("actor", mention.actors), ("recipient", mention.recipients)):
        row[f"{name}s"] = "; ".join(a.name or a.text for a in side)
        row[f"{name}_countries"] = "; ".join(a.country or "" for a in side)
        row[f"{name}_sectors"] = "; ".join(a.sector or "" for a in side)
    if place is not None:
        row |= {
            "place": place.text, "place_name": place.name, "place_country": place.country,
            "latitude": place.latitude, "longitude": place.longitude, "where_prec": place.where_prec,
            "geo_precision": place.geo_precision,
        }  # fmt: skip
    if when is not None:
        row |= {
            "date": when.text, "date_earliest": when.earliest, "date_latest": when.latest,
            "date_prec": when.date_prec, "time_precision": when.time_precision,
        }  # fmt: skip
    row["casualties"] = "; ".join(map(_words_of, mention.casualties))
    for toll in reversed(mention.casualties):  # so that the first toll of a kind stays
        row |= _toll(toll)
    return row


def _words_of(toll: Casualties) -> str:
    """A toll for people to read: ``killed at least 12 (recipients)``."""
    if toll.wording == "about" and toll.best is not None:
        figure = f"about {toll.best}"
    elif toll.low is not None and toll.high is not None:
        figure = str(toll.low) if toll.low == toll.high else f"{toll.low} to {toll.high}"
    elif toll.low is not None:
        figure = f"at least {toll.low}"
    else:
        figure = "some" if toll.high is None else f"at most {toll.high}"
    return f"{toll.kind} {figure} ({toll.who})"


def _toll(toll: Casualties) -> dict[str, object]:
    row: dict[str, object] = {
        f"{toll.kind}_low": toll.low, f"{toll.kind}_best": toll.best, f"{toll.kind}_high": toll.high,
    }  # fmt: skip
    if toll.kind == "killed":
        row |= {"killed_wording": toll.wording, "killed_who": toll.who}
    return row


def quote_of(report: Report, mention: EventMention, around: int = 160) -> str:
    """The words around the trigger, cut at blanks, on one line."""
    a, b = mention.trigger.span
    start = max(0, a - around)
    end = min(len(report.text), b + around)
    while start > 0 and not report.text[start - 1].isspace():
        start += 1
        if start >= a:
            break
    while end < len(report.text) and not report.text[end].isspace():
        end -= 1
        if end <= b:
            break
    return " ".join(report.text[min(start, a) : max(end, b)].split())


WRITERS: dict[str, type[JsonLines] | type[JsonArray] | type[Table]] = {
    "jsonl": JsonLines, "json": JsonArray, "csv": Table,
}  # fmt: skip
"""The machine formats of `histor code`, by name."""
