from __future__ import annotations

import pytest

from histor.estimates.consolidate import Told, consolidate
from histor.estimates.tolls import telling_toll, toll_of
from tests.tellings import DERA, KARACHI, mention, toll

TEXT = "Blast kills 11\nA bomb went off in Dera on Monday, killing 11 people, three of them children."


def test_a_toll_said_twice_is_one_and_its_parts_are_not_added() -> None:
    head = mention(TEXT, "Blast", casualties=(toll(11, span=(12, 14)),))
    body = mention(
        TEXT,
        "bomb went off",
        casualties=(toll(11, span=(60, 62)), toll(3, who="civilians", span=(70, 75)), toll(40, "injured")),
    )
    found = telling_toll([head, body])
    assert found is not None
    assert (found.low, found.best, found.high) == (11, 11, 11)
    injured = telling_toll([head, body], "injured")
    assert injured is not None
    assert injured.best == 40
    assert telling_toll([head], "injured") is None


def test_the_dead_of_both_sides_are_added() -> None:
    found = toll_of([toll(5, who="actors", span=(0, 1)), toll(8, who="recipients", span=(5, 6))])
    assert (found.best, len(found.parts)) == (13, 2)


def test_one_of_each_side_side_by_side_are_two_and_far_apart_one_person() -> None:
    near = [toll(1, who="actors", span=(0, 11)), toll(1, who="recipients", span=(16, 27))]
    far = [toll(1, who="actors", span=(0, 11)), toll(1, who="recipients", span=(90, 110))]
    assert [toll_of(numbers).best for numbers in (near, far)] == [2, 1]


def test_a_number_without_a_side_covers_the_sides() -> None:
    found = toll_of([toll(13, span=(0, 2)), toll(5, who="actors", span=(4, 5)), toll(8, who="recipients", span=(8, 9))])
    assert found.best == 13


def test_an_open_bound_stays_open() -> None:
    found = toll_of([toll(12, high=None, wording="at_least")])
    assert (found.low, found.best, found.high, found.wording) == (12, 12, None, "at_least")
    with pytest.raises(ValueError, match="empty"):
        toll_of([])


def told(n: int, origin: str | None = None, **values: object) -> Told:
    text = f"Report {n}: a bomb went off."
    return Told(mention(text, "bomb", **values), f"r{n}", f"2014-03-0{n}", origin or f"r{n}")


def test_an_incident_has_the_values_that_most_origins_state() -> None:
    copies = [told(n, "wire", place=KARACHI, day="2014-03-02") for n in (1, 2, 3)]
    own = [told(n, place=DERA, day="2014-03-01", actors=("pak.ttp",)) for n in (4, 5)]
    found = consolidate([*copies, *own])
    assert found.place is not None
    assert found.date is not None
    assert (found.place.name, found.date.earliest) == ("Dera", "2014-03-01")
    assert [a.id for a in found.actors] == ["pak.ttp"]
    assert (found.reports, found.origins) == (5, 3)
    assert consolidate([*own, *copies][::-1]) == found


def test_a_denial_beside_a_statement_makes_a_claim() -> None:
    assert consolidate([told(1, factuality="actual"), told(2, factuality="denied")]).factuality == "claimed"
    assert consolidate([told(1, factuality="denied")]).factuality == "denied"
    assert consolidate([told(1, factuality="planned")]).factuality == "planned"
