"""What whole reports say of the dead and wounded, by hand; read with the shipped engine."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from histor.coding.coder import Coder
from histor.coding.ledger import lead_incident, toll_of
from histor.engines.table import load_engine
from histor.model.records import Report

with (Path(__file__).parent / "tolls.tsv").open(encoding="utf-8", newline="") as handle:
    ROWS = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["mechanism"])
def test_tolls(row: dict[str, str]) -> None:
    report = Report("r", None, "2021-08-24", None, "en", row["text"])
    coded = Coder().code(report, load_engine("embedded").annotate(report.text))
    lead = lead_incident(coded)
    assert lead is not None
    tolls = {kind: toll_of(coded, lead, kind) for kind in ("killed", "injured")}
    figures = {kind: toll.figure if toll else 0 for kind, toll in tolls.items()}
    assert figures == {"killed": int(row["killed"]), "injured": int(row["injured"])}
