from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest

from histor.export.cells import escape_formula
from histor.export.coded import COLUMNS, WRITERS
from histor.model.records import Actor, Attribution, Casualties, CodedReport, Date, EventMention, Report, Trigger

TEXT = "=cmd() killed 12 men."
MENTION = EventMention(
    "m1", None, 0, Trigger("killed", (7, 13)), "ASSAULT", None, (), None, None,
    (Actor("=cmd()", (0, 6), None, "=cmd()", None, None),), (), None,
    Date(earliest="2021-08-18", latest="2021-08-24", date_prec=3, time_precision=2, source="published"),
    (Casualties("killed", 12, 12, 12, "exact", "unknown", "12 men", (14, 20)),), (),
    (Attribution("Radio", "media"),), "actual", (), 0.5, "embedded/1.0.0", ("test",),
)  # fmt: skip
CODED = CodedReport(Report("r1", "Radio", "2021-08-24", None, "en", TEXT), (MENTION,), ())


def written(form: str, *reports: CodedReport) -> bytes:
    out = io.BytesIO()
    writer = WRITERS[form](out)
    for report in reports:
        writer.write(report)
    writer.close()
    return out.getvalue()


def test_jsonl_has_one_object_a_report() -> None:
    lines = written("jsonl", CODED, CODED).decode().splitlines()
    assert len(lines) == 2
    first = json.loads(lines[0])
    assert list(first) == ["report", "event_mentions", "relations"]
    assert list(first["report"]) == ["id", "source", "published", "title", "language", "text"]
    assert list(first["event_mentions"][0]) == [
        "id", "retells", "sentence", "trigger", "event_type", "mode", "contexts", "acled", "ucdp", "actors", "recipients",
        "place", "date", "casualties", "weapons", "attribution", "factuality", "loaded_terms", "confidence", "coder", "why",
    ]  # fmt: skip
    assert first["event_mentions"][0]["trigger"] == {"text": "killed", "span": [7, 13]}
    assert first["event_mentions"][0]["date"]["source"] == "published"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_array(count: int) -> None:
    assert len(json.loads(written("json", *[CODED] * count))) == count


def test_csv_rows_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", CODED).decode())))
    assert tuple(rows[0]) == tuple(COLUMNS)
    assert rows[0]["actors"] == "'=cmd()"
    assert rows[0]["quote"] == "'=cmd() killed 12 men."
    assert (rows[0]["killed_best"], rows[0]["confidence"], rows[0]["place"]) == ("12", "0.5", "")


def test_csv_keeps_every_toll_and_the_places_of_a_list() -> None:
    def toll(kind: str, low: int | None, best: int | None, high: int | None, wording: str, who: str) -> Casualties:
        return Casualties(kind, low, best, high, wording, who, "", (0, 0))

    tolls = (
        toll("killed", 12, 12, 12, "exact", "recipients"), toll("killed", 3, 3, None, "at_least", "civilians"),
        toll("injured", None, 30, 30, "about", "unknown"), toll("killed", None, None, 5, "at_most", "actors"),
        toll("captured", 24, None, 99, "vague", "unknown"), toll("missing", None, None, None, "vague", "unknown"),
    )  # fmt: skip
    actors = tuple(
        Actor(name, (0, 1), None, name, country) for name, country in (("A", "AFG"), ("B", None), ("C", "USA"))
    )
    mention = msgspec.structs.replace(MENTION, casualties=tolls, actors=actors, recipients=(actors[1], actors[0]))
    out = written("csv", CodedReport(CODED.report, (mention,), ()))
    (row,) = csv.DictReader(io.StringIO(out.decode()))
    assert row["casualties"] == (
        "killed 12 (recipients); killed at least 3 (civilians); injured about 30 (unknown); "
        "killed at most 5 (actors); captured 24 to 99 (unknown); missing some (unknown)"
    )
    assert (row["killed_low"], row["killed_best"], row["killed_high"]) == ("12", "12", "12")
    assert (row["killed_wording"], row["killed_who"]) == ("exact", "recipients")
    assert (row["actor_countries"], row["recipient_countries"]) == ("AFG; ; USA", "; AFG")
    assert row["actor_sectors"] == "; ; "


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n"])
def test_formula_cells_are_escaped(cell: str) -> None:
    assert escape_formula(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "Goma", "12", "a=1", "“-”"])
def test_other_cells_stay(cell: str) -> None:
    assert escape_formula(cell) == cell
