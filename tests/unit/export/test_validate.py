"""The validator names what is wrong, by row and column."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from histor.export.formats import FORMATS
from histor.export.validate import validate
from histor.model.errors import InputError
from tests.dossiers import dossier


def table(form: str) -> list[dict[str, str]]:
    out = io.BytesIO()
    writer = FORMATS[form](out)
    writer.write(dossier())
    writer.close()
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def findings(tmp_path: Path, form: str, rows: list[dict[str, str]], columns: list[str] | None = None) -> list[str]:
    path = tmp_path / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return [str(f) for f in validate(path, form)]


@pytest.mark.parametrize(
    ("form", "column", "value", "words"),
    [
        ("ucdp", "best", "13", "is not the sum"), ("ucdp", "low", "99", "does not hold"), ("ucdp", "type_of_violence", "4", "outside 1 to 3"),
        ("ucdp", "priogrid_gid", "1", "not the cell"), ("ucdp", "geom_wkt", "POINT (1 2)", "POINT (longitude latitude)"),
        ("ucdp", "date_start", "23/08/2021", "not a day"), ("ucdp", "year", "2020", "not the year"), ("ucdp", "side_a", "", "is empty"),
        ("ucdp", "date_end", "2021-08-01 00:00:00.000", "ends before"), ("ucdp", "side_a", "=1+1", "formula"),
        ("ucdp", "latitude", "north", "not a number"), ("ucdp", "latitude", "nan", "outside"),
        ("acled", "sub_event_type", "Skirmish", "vocabulary"), ("acled", "event_type", "Riots", "belongs to Battles"),
        ("acled", "interaction", "Rebel group-State forces", "vocabulary"), ("acled", "fatalities", "many", "not a whole number"),
        ("csv", "killed_low", "50", "does not hold"), ("csv", "event_type", "FIGHT", "vocabulary"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_found(tmp_path: Path, form: str, column: str, value: str, words: str) -> None:
    rows = table(form)
    rows[0][column] = value
    found = findings(tmp_path, form, rows)
    assert any(f.startswith("row 1") and words in f for f in found), found


def test_missing_foreign_and_swapped_columns(tmp_path: Path) -> None:
    rows = table("acled")
    names = list(rows[0])
    assert "region: the column is missing" in findings(tmp_path, "acled", rows, [n for n in names if n != "region"])
    rows[0]["colour"] = "red"
    assert "colour: the scheme has no such column" in findings(tmp_path, "acled", rows, [*names, "colour"])
    swapped = [names[1], names[0], *names[2:]]
    assert any("another order" in f for f in findings(tmp_path, "acled", rows, swapped))


def test_rows_of_another_width(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(",".join(table("ucdp")[0]) + "\n1,2\n", encoding="utf-8")
    assert [str(f) for f in validate(path, "ucdp")] == ["row 1: 2 cells under 49 columns"]


def test_many_findings_are_cut(tmp_path: Path) -> None:
    rows = table("acled") * 30
    for row in rows:
        row["fatalities"] = "many"
    path = tmp_path / "many.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert len(list(validate(path, "acled", most=10))) == 11


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ({"type": "Feature", "geometry": {"type": "Point", "coordinates": [35.6, 169.2]}, "properties": {}}, "longitude, latitude"),
        ({"type": "Feature", "properties": {}}, "geometry and properties"),
        ({"type": "Point"}, "is not Feature"),
    ],
)  # fmt: skip
def test_geojson(tmp_path: Path, feature: dict[str, object], words: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert any(words in str(f) for f in validate(path, "geojson"))


def test_a_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        list(validate(path, "ucdp"))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        list(validate(path, "geojson"))
