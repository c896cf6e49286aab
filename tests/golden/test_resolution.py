"""Golden tables of dates and tolls, written by hand apart from the grammars that read them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from histor.resolve.dates import Anchors, find_dates
from histor.resolve.quantities import find_quantities

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows("dates.tsv"), ids=lambda r: f"{r['expression']}@{r['published']}")
def test_dates(row: dict[str, str]) -> None:
    text = row["text"]
    at = text.find(row["expression"])
    found = [
        d
        for d in find_dates(text, Anchors(date.fromisoformat(row["published"])))
        if d.start < at + len(row["expression"]) and d.end > at
    ]
    if not row["earliest"]:
        assert all(d.earliest is None for d in found)  # "recently" is no interval
        return
    values = [(str(d.earliest), str(d.latest), str(d.date_prec), str(d.time_precision)) for d in found]
    assert (row["earliest"], row["latest"], row["date_prec"], row["time_precision"]) in values


def test_quantities() -> None:
    """Values of the quoted words; the few that need the sentence are read by the coder, not here."""
    wrong = []
    table = rows("casualties.tsv")
    for row in table:
        at = row["text"].find(row["words"])
        found = [q for q in find_quantities(row["text"]) if q.start < at + len(row["words"]) and q.end > at]
        values = [tuple("" if v is None else str(v) for v in (q.low, q.best, q.high)) for q in found]
        if (row["low"], row["best"], row["high"]) not in values:
            wrong.append((row["words"], values))
    assert len(wrong) <= len(table) * 0.06, wrong
