"""The plan's sums, and the table of promises, from figures made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plan import Assumed, Measured, stages
from benchmarks.reliability import BEGIN, END, Shown, put, read_results, rows, table


def test_core_hours_of_each_step() -> None:
    assumed = Assumed(
        terabytes=0.036, pages_a_gigabyte=1000, english=0.5, passed=0.1, gate_seconds=0.1, gigabytes_a_second=0.01, spare=1
    )  # fmt: skip
    found = {s.name: (s.items, s.core_hours) for s in stages(assumed, Measured(page=0.1, report=2.0))}
    assert found["unpack WARC"] == pytest.approx((36_000, 1.0))
    assert found["read HTML"] == pytest.approx((36_000, 1.0))
    assert found["gate"] == pytest.approx((18_000, 0.5))
    assert found["code"] == pytest.approx((1_800, 1.0))
    without = {s.name: s.items for s in stages(assumed, Measured(0.1, 2.0), gate=False)}
    assert (without["gate"], without["code"]) == (0, 18_000)


XML = """<testsuites><testsuite>
<testcase name="a" time="1.5"><properties><property name="promise" value="ssrf"/>
  <property name="figure" value="120 spellings, 0 | connections"/></properties></testcase>
<testcase name="b" time="2"><properties><property name="promise" value="ssrf"/></properties><failure/></testcase>
<testcase name="c" time="0"><properties><property name="promise" value="api"/></properties><skipped/></testcase>
<testcase name="d" time="9"/></testsuite></testsuites>"""


def test_tests_by_promise(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(XML)
    found = read_results(tmp_path / "r.xml")
    assert found == {
        "ssrf": [Shown("passed", ("120 spellings, 0 | connections",), 1.5), Shown("failed", (), 2.0)],
        "api": [Shown("skipped", (), 0.0)],
    }
    lines = table(rows(found)).splitlines()
    assert "| `ssrf` | 1 passed, **1 failed** | 120 spellings, 0 \\| connections | 4 |" in next(
        x for x in lines if "ssrf" in x
    )
    assert "1 skipped" in next(x for x in lines if "`api`" in x)
    assert "**none here**" in next(x for x in lines if "`injection`" in x)


def test_rows_take_their_places_in_the_page_and_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"head\n{BEGIN}\nold words\n{END}\ntail\n")
    shown = {"ssrf": [Shown("passed", ("1 spelling",), 1.0)]}
    put(page, rows(shown, "ssrf"))
    assert page.read_text() == f"head\n{BEGIN}\n\n{table(rows(shown, 'ssrf'))}\n{END}\ntail\n"
    put(page, rows({"words": [Shown("passed", ("a \\| b",), 2.0)]}, "words"))
    put(page, rows({"ssrf": [Shown("failed", (), 3.0)]}, "ssrf"))
    kept = [line for line in page.read_text().splitlines() if line.startswith("| ") and "`" in line]
    assert [line.split("`")[1] for line in kept] == ["words", "ssrf"]
    assert "**1 failed**" in kept[1]
    assert "1 spelling" not in page.read_text()
    page.write_text("nothing")
    with pytest.raises(ValueError, match="no <!--"):
        put(page, {})
