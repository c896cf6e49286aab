"""`codebook`, `stance` and `explain` as a user runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from histor.cli.main import histor
from histor.model.errors import ConfigError

TEXT = "Taliban terrorists killed 12 soldiers near Ghazni on Monday, the army said."


def run(*args: str) -> Result:
    return CliRunner().invoke(histor, list(args))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["text", "source", "published"])
        rows.writerow(["Terrorists attacked the town of Ghazni.", "=State", "2021-08-24"])
        rows.writerow(["Fighters attacked the town of Ghazni.", "Agency", "2021-08-24"])
    return path


@pytest.mark.parametrize("code", ["ASSAULT", "assault", "aerial", "Armed clash", "REB", "sectors", "modes", "led_by"])
def test_show(code: str) -> None:
    result = run("codebook", "show", code)
    assert result.exit_code == 0
    assert "E.g." in result.output


def test_show_as_json_and_whole() -> None:
    rows = json.loads(run("codebook", "show", "--json").output)
    assert len(rows) > 200
    assert {"scheme", "of", "code", "definition", "example"} == set(rows[0])


def test_an_unknown_code_names_the_schemes() -> None:
    result = run("codebook", "show", "nonsense")
    assert result.exit_code == 2
    assert "sub_events" in result.output


def test_validate(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('version = "1"\n[types]\nASSAULT = ["raid"]\n', encoding="utf-8")
    result = run("codebook", "validate", str(file))
    assert result.exit_code == 0
    assert "1 modes" in result.output
    assert "ASSAULT raid has no definition" in result.output
    file.write_text("types = 1", encoding="utf-8")
    assert isinstance(run("codebook", "validate", str(file)).exception, ConfigError)


def test_stance_as_table_json_and_csv(reports: Path, tmp_path: Path) -> None:
    table = run("stance", str(reports))
    assert table.exit_code == 0, table.output
    assert "=State: 1 reports" in table.output
    outlets = {o["outlet"]: o for o in json.loads(run("stance", str(reports), "--format", "json").output)}
    assert outlets["=State"]["loaded_against"]["count"] == 1
    assert outlets["Agency"]["loaded_against"]["count"] == 0
    out = tmp_path / "stance.csv"
    assert run("stance", str(reports), "--format", "csv", "-o", str(out)).exit_code == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert rows[0].keys() == {"outlet", "measure", "of", "about", "count", "size", "rate", "low", "high"}
    assert {r["outlet"] for r in rows} == {"'=State", "Agency"}  # no spreadsheet runs it


def test_explain(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    whole = run("explain", str(path))
    assert whole.exit_code == 0
    for part in ("parse:", "the model proposes:", "coded:", "because"):
        assert part in whole.output
    assert "parse:" not in run("explain", str(path), "--no-parse").output
    assert json.loads(run("explain", str(path), "--json").output)["index"] == 0
    assert run("explain", str(path), "--sentence", "7").exit_code == 2
