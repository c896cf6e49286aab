"""Other coders' rows: every value has its words, and one bad row costs only itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from histor.capture.codings import CodedRow, ColumnMapping, read_codings, read_mapping
from histor.capture.reports import Problem
from histor.export.formats import FORMATS
from histor.model.errors import ConfigError, InputError
from tests.dossiers import dossier, estimate


def exported(form: str) -> bytes:
    out = io.BytesIO()
    writer = FORMATS[form](out)
    estimates = {
        "killed": estimate("killed", 10, 14, 20), "killed_recipients": estimate("killed_recipients", 9, 9, 9),
        "killed_civilians": estimate("killed_civilians", 5, 5, 5),
    }  # fmt: skip
    writer.write(dossier(estimates=estimates))
    writer.close()
    return out.getvalue()


def only(captured: bytes, scheme: str, mapping: ColumnMapping | None = None) -> CodedRow:
    rows = list(read_codings(captured, scheme, "someone", "file.csv", mapping))
    assert len(rows) == 1
    assert isinstance(rows[0], CodedRow), rows
    return rows[0]


@pytest.mark.parametrize("scheme", ["ucdp", "acled"])
def test_our_own_export_reads_back(scheme: str) -> None:
    row = only(exported(scheme), scheme)
    mention, text = row.mention, row.report.text
    assert mention.event_type == "ASSAULT"
    assert mention.date is not None
    assert (mention.date.earliest, mention.date.latest) == ("2021-08-23", "2021-08-23")
    assert mention.place is not None
    assert (mention.place.name, mention.place.country, mention.place.latitude) == ("Andarab", "AFG", 35.64)
    total = mention.casualties[0]
    assert (total.low, total.best, total.high) == ((10, 14, 20) if scheme == "ucdp" else (14, 14, 14))
    spanned: list[Any] = [
        *mention.actors,
        *mention.recipients,
        *mention.casualties,
        mention.place,
        mention.date,
        mention.trigger,
    ]
    for part in spanned:
        assert part.span is not None
        assert text[part.span[0] : part.span[1]] == part.text


def test_ucdp_keeps_deaths_by_side() -> None:
    who = {c.who: c.best for c in only(exported("ucdp"), "ucdp").mention.casualties}
    assert who == {"unknown": 14, "actors": 9, "civilians": 5}


def test_acled_precision_opens_the_days() -> None:
    head = "event_date,sub_event_type,time_precision\n"
    week = only(f"{head}2021-08-23,Armed clash,2\n".encode(), "acled").mention.date
    month = only(f"{head}2021-02-10,Armed clash,3\n".encode(), "acled").mention.date
    assert week is not None
    assert month is not None
    assert (week.earliest, week.latest) == ("2021-08-20", "2021-08-26")
    assert (month.earliest, month.latest) == ("2021-02-01", "2021-02-28")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"type_of_violence": "7"}, "not 1, 2 or 3"), ({"date_start": "23 August"}, "not a day"), ({"best": "many"}, "not a whole number"),
        ({"latitude": "north"}, "not degrees"), ({"low": "30"}, "does not hold"), ({"date_start": ""}, "is empty"),
        ({"date_end": "2021-08-01 00:00:00.000"}, "before it begins"),
    ],
)  # fmt: skip
def test_a_bad_row_is_set_aside_and_the_rest_goes_on(cells: dict[str, str], words: str) -> None:
    row = next(csv.DictReader(io.StringIO(exported("ucdp").decode())))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerows([row | cells, row])
    found = list(read_codings(out.getvalue().encode(), "ucdp", "someone", "file.csv"))
    assert isinstance(found[0], Problem)
    assert words in str(found[0])
    assert "row 1" in str(found[0])
    assert isinstance(found[1], CodedRow)


def test_a_mapping_names_columns_and_values(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(
        '[columns]\nevent_date = "Day"\nsub_event_type = "Kind"\n[values.sub_event_type]\nfight = "Armed clash"\n'
    )
    row = only(b"Day,Kind\n2021-08-23,fight\n", "acled", read_mapping(path))
    assert row.mention.acled is not None
    assert row.mention.acled.sub_event_type == "Armed clash"
    path.write_text("[columns]\nevent_date = 3\n")
    with pytest.raises(ConfigError):
        read_mapping(path)


def test_a_file_of_another_kind_is_an_error() -> None:
    with pytest.raises(InputError, match="no column type_of_violence"):
        list(read_codings(b"a,b\n1,2\n", "ucdp", "someone", "file.csv"))
