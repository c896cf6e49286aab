from __future__ import annotations

import csv
import io
import json

import pytest

from histor.export.coded import COLUMNS, WRITERS, escape_formula
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


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n"])
def test_formula_cells_are_escaped(cell: str) -> None:
    assert escape_formula(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "Goma", "12", "a=1", "“-”"])
def test_other_cells_stay(cell: str) -> None:
    assert escape_formula(cell) == cell
