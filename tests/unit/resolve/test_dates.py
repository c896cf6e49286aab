from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from histor.resolve import dates
from histor.resolve.dates import Anchors, find_dates, parse_date

GOLDEN = Path(__file__).parents[2] / "golden" / "dates.tsv"
TUESDAY = Anchors(date(2021, 8, 24))


def interval(text: str, anchors: Anchors = TUESDAY) -> list[tuple[str, str, str, int | None]]:
    return [(text[d.start : d.end], str(d.earliest), str(d.latest), d.date_prec) for d in find_dates(text, anchors)]


@pytest.mark.parametrize(
    ("text", "words", "earliest", "latest", "prec"),
    [
        ("A day earlier, it said", "A day earlier", "2021-08-23", "2021-08-23", 1),
        ("on Monday", "Monday", "2021-08-23", "2021-08-23", 1),
        ("on Tuesday", "Tuesday", "2021-08-24", "2021-08-24", 1),
        ("on Wednesday", "Wednesday", "2021-08-18", "2021-08-18", 1),
        ("next Friday", "next Friday", "2021-08-27", "2021-08-27", 1),
        ("14–15 August", "14–15 August", "2021-08-14", "2021-08-15", 2),
        ("since 15 August", "15 August", "2021-08-15", "2021-08-24", 4),
        ("Aug. 23", "Aug. 23", "2021-08-23", "2021-08-23", 1),
        ("24 December", "24 December", "2020-12-24", "2020-12-24", 1),
        ("two weeks ago", "two weeks ago", "2021-08-09", "2021-08-15", 3),
        ("over the weekend", "the weekend", "2021-08-21", "2021-08-22", 2),
        ("last month", "last month", "2021-07-01", "2021-07-31", 4),
        ("in late July", "late July", "2021-07-21", "2021-07-31", 4),
        ("in 2019", "2019", "2019-01-01", "2019-12-31", 5),
        ("March 2011", "March 2011", "2011-03-01", "2011-03-31", 4),
        ("yesterday", "yesterday", "2021-08-23", "2021-08-23", 1),
        ("the past 24 hours", "the past 24 hours", "2021-08-23", "2021-08-24", 2),
    ],
)
def test_expressions(text: str, words: str, earliest: str, latest: str, prec: int) -> None:
    assert interval(text) == [(words, earliest, latest, prec)]


def test_earlier_counts_from_the_date_that_the_text_speaks_of() -> None:
    anchors = Anchors(date(2021, 8, 24), spoken=date(2021, 8, 20))
    assert interval("a day earlier", anchors)[0][1] == "2021-08-19"
    assert interval("yesterday", anchors)[0][1] == "2021-08-23"


def test_without_an_anchor_words_stay_and_dates_are_unknown() -> None:
    found = find_dates("killed on Monday", Anchors(None))
    assert len(found) == 1
    assert found[0].earliest is None
    assert found[0].date_prec is None


def test_a_day_that_does_not_exist_keeps_its_words_only() -> None:
    assert interval("on 31 February 2020") == [("31 February 2020", "None", "None", None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("over the past 999 decades", "the past 999 decades"), ("999 decades ago", "999 decades ago"),
        ("between 2019 and 2015", "2019 and 2015"), ("the third half of 2019", "the third half of 2019"),
    ],
)  # fmt: skip
def test_what_leaves_the_calendar_or_runs_backwards_keeps_its_words_only(text: str, words: str) -> None:
    assert interval(text) == [(words, "None", "None", None)]


@pytest.mark.parametrize("published", [date.min, date.max])
@pytest.mark.parametrize(
    "text", ["yesterday", "last week", "a month ago", "on Friday", "24 December", "next year", "last winter"]
)
def test_the_first_and_last_day_of_the_calendar_can_be_counted_from(text: str, published: date) -> None:
    assert len(find_dates(text, Anchors(published))) <= 1


@pytest.mark.parametrize("text", ["The army may attack.", "They march on Rome."])
def test_what_is_no_date(text: str) -> None:
    assert interval(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-08-24", "2021-08-24"),
        ("2021-08-24T10:00:00Z", "2021-08-24"),
        ("Tue, 24 Aug 2021 10:00:00 GMT", "2021-08-24"),
        ("August 24, 2021", "2021-08-24"),
        ("20210824", "2021-08-24"),
        ("24/08/2021", None),
        ("2021-13-40", None),
        ("soon", None),
    ],
)
def test_publication_dates(text: str, expected: str | None) -> None:
    found = parse_date(text)
    assert (found.isoformat() if found else None) == expected


def test_dates_in_figures_need_an_order() -> None:
    assert parse_date("4/5/2017") is None
    assert parse_date("4/5/2017", "dmy") == date(2017, 5, 4)
    assert parse_date("4/5/2017", "mdy") == date(2017, 4, 5)
    assert parse_date("31/12/2017", "mdy") is None


def test_rules_are_left_out_only_where_they_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]]
    read = [find_dates(text, Anchors(date.fromisoformat(published))) for published, text, *_ in rows]
    every = {need for *_, needs in (*dates._ABSOLUTE, *dates._RELATIVE) for need in needs}
    monkeypatch.setattr(dates, "_needs_met", lambda *_: every)
    assert [find_dates(text, Anchors(date.fromisoformat(published))) for published, text, *_ in rows] == read
    assert sum(map(bool, read)) > 100
