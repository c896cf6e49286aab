from __future__ import annotations

import pytest

from histor.model.errors import ConfigError
from histor.model.filters import IncidentFilter, parse_filter
from histor.model.records import Date, Place
from tests.dossiers import incident


def takes(query: dict[str, list[str]], **changes: object) -> bool:
    wanted, one = parse_filter(query), incident(1, **changes)
    assert wanted.among([one]) == [one] * wanted.takes(one), "a list is filtered like its items"
    return wanted.takes(one)


def test_an_empty_filter_leaves_out_what_did_not_happen_and_what_was_rejected() -> None:
    assert takes({})
    assert not takes({}, factuality="planned")
    assert takes({"factuality": ["all"]}, factuality="planned")
    assert takes({"factuality": ["planned,threatened"]}, factuality="planned")
    assert not takes({}, status="rejected")
    assert takes({"status": ["rejected"]}, status="rejected")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"since": ["2021-08-23"]}, True), ({"since": ["2021-08-24"]}, False), ({"until": ["2021-08-22"]}, False),
        ({"country": ["afg,PAK"]}, True), ({"country": ["PAK"]}, False),
        ({"type": ["Battles"]}, True), ({"type": ["ASSAULT"]}, True), ({"type": ["Armed clash"]}, True), ({"type": ["PROTEST"]}, False), ({"type": ["armed CLASH"]}, True),
        ({"actor": ["taliban"]}, True), ({"actor": ["afg.police"]}, True), ({"actor": ["ISIS"]}, False),
        ({"box": ["60,29,75,39"]}, True), ({"box": ["170,29,-170,39"]}, False),
        ({"where_prec": ["3"]}, True), ({"where_prec": ["2"]}, False), ({"date_prec": ["1"]}, True),
        ({"deaths": ["20"]}, True), ({"deaths": ["21"]}, False),
    ],
)  # fmt: skip
def test_conditions(query: dict[str, list[str]], expected: bool) -> None:
    assert takes(query) is expected


def test_an_interval_meets_where_it_overlaps() -> None:
    long = Date("in August", (0, 1), "2021-08-01", "2021-08-31", 4, 3)
    assert takes({"since": ["2021-08-31"], "until": ["2021-09-30"]}, date=long)
    assert not takes({"since": ["2021-08-31"]}, date=None)


def test_a_box_over_the_date_line() -> None:
    fiji = Place("Suva", (0, 4), latitude=-18.1, longitude=178.4, country="FJI")
    assert takes({"box": ["170,-25,-170,-10"]}, place=fiji)


@pytest.mark.parametrize(
    "query",
    [
        {"colour": ["red"]}, {"since": ["24 August"]}, {"box": ["1,2,3"]}, {"box": ["0,50,10,40"]}, {"box": ["nan,0,1,1"]},
        {"where_prec": ["coarse"]}, {"deaths": ["-1"]}, {"factuality": ["true"]}, {"status": ["done"]},
        {"where_prec": ["0"]}, {"where_prec": ["8"]}, {"date_prec": ["6"]}, {"country": ["Afghanistan"]}, {"country": ["AF"]},
        {"since": ["2021-08-02"], "until": ["2021-08-01"]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(query: dict[str, list[str]]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_filter(query)
    assert caught.value.do


def test_the_default_is_the_empty_query() -> None:
    assert parse_filter({}) == IncidentFilter()
