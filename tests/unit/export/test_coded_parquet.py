"""Parts: nothing of a record is lost, DuckDB reads them, and a broken one is never taken for whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from histor.export.coded_parquet import GROUP, Aside, Row, aside, read_part, read_summary, write_part
from histor.jobs.coding import Coding
from histor.model.errors import InputError, StoreError
from tests.stores import QuickCoder, captures

PROBLEM = aside(InputError("input.json", "no.", where="bad \udcff:2", do="Mend it."))


def some(count: int) -> list[Row]:
    return [PROBLEM, *(QuickCoder().read(c.report).coded for c in captures(count))]


def test_records_come_back_whole(tmp_path: Path, coding: Coding) -> None:
    """Of the real coder too, whose records have every field."""
    rows = [*some(5), *(coding.code(c.report) for c in captures(12))]
    summary = write_part(tmp_path / "a.parquet", rows, "plan")
    assert list(read_part(tmp_path / "a.parquet")) == rows
    assert read_summary(tmp_path / "a.parquet") == summary
    assert (summary.reports, summary.set_aside, summary.plan) == (17, 1, "plan")
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]
    assert PROBLEM.where == "bad �:2"


def test_the_digest_is_of_the_rows(tmp_path: Path) -> None:
    one = write_part(tmp_path / "a", some(4), "p")
    assert write_part(tmp_path / "b", some(4), "other").sha256 == one.sha256
    assert write_part(tmp_path / "c", some(5), "p").sha256 != one.sha256
    assert write_part(tmp_path / "d", some(4)[::-1], "p").sha256 != one.sha256


def test_an_empty_part_and_one_of_many_groups(tmp_path: Path) -> None:
    assert write_part(tmp_path / "a", [], "p").reports == 0
    assert list(read_part(tmp_path / "a")) == []
    rows = some(2 * GROUP)
    write_part(tmp_path / "b", iter(rows), "p")
    assert list(read_part(tmp_path / "b")) == rows


def test_duckdb_reads_them_together(tmp_path: Path) -> None:
    for name in ("000000", "000001"):
        write_part(tmp_path / f"{name}.parquet", some(9), "p")
    query = (
        "select t.event_type, t.place.country, count(*) from (select unnest(event_mentions) t from read_parquet(?)) "
        "group by all order by all"
    )
    found = duckdb.execute(query, [str(tmp_path / "*.parquet")]).fetchall()
    mentions = [m for row in some(9) if not isinstance(row, Aside) for m in row.event_mentions]
    assert sum(n for *_, n in found) == 2 * len(mentions)
    assert {(kind, country) for kind, country, _ in found} == {
        (m.event_type, m.place.country if m.place else None) for m in mentions
    }
    asked = duckdb.execute("select problem.code from read_parquet(?) where problem is not null", [str(tmp_path / "*")])
    assert asked.fetchall() == [("input.json",)] * 2


def test_what_breaks_off_leaves_nothing_and_what_is_cut_is_no_part(tmp_path: Path) -> None:
    def broken() -> Iterator[Row]:
        yield from some(3)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_part(tmp_path / "a", broken(), "p")
    assert list(tmp_path.iterdir()) == []
    write_part(tmp_path / "a", some(300), "p")
    content = (tmp_path / "a").read_bytes()
    for cut in (0, 4, len(content) // 2, len(content) - 1):
        (tmp_path / "a").write_bytes(content[:cut])
        assert read_summary(tmp_path / "a") is None
        with pytest.raises(StoreError, match="cannot be read"):
            list(read_part(tmp_path / "a"))
    assert read_summary(tmp_path / "none") is None


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_part(tmp_path / "none" / "a", some(1), "p")
