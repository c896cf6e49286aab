from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.agreement.differences import COMPARED, differing
from histor.agreement.machine import OUTCOMES, outcome, outcomes, times, unchanged, wilson
from histor.model.incidents import Decision
from histor.model.records import Acled, Actor, Casualties, Date, EventMention, Place
from tests.dossiers import mention

DERA = Place("Dera", (0, 4), name="Dera", where_prec=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_type", "PROTEST"), ("mode", "riot"), ("acled", Acled("Riots", "Mob violence")), ("factuality", "denied"),
        ("actors", (Actor("militia", (0, 7)),)), ("recipients", (Actor("herders", (0, 7)),)), ("place", DERA),
        ("date", Date(earliest="2020-01-01", latest="2020-01-02")),
        ("casualties", (Casualties("killed", 77, 77, 77, "exact", "unknown", "77", (0, 2)),)),
    ],
)  # fmt: skip
def test_each_field_that_differs_is_named_alone(field: str, value: Any) -> None:
    one = mention(1)
    other = msgspec.structs.replace(one, id="other", coder="bo", confidence=0.1, **{field: value})
    assert differing(one, other) == (field,)
    assert differing(one, msgspec.structs.replace(one, id="other", why=("x",))) == ()


def test_an_actor_is_the_same_under_its_id_and_a_place_under_its_name() -> None:
    one = mention(1, actors=(Actor("the Taliban", (0, 3), id="afg.taliban"),), place=DERA)
    other = msgspec.structs.replace(
        one, actors=(Actor("militants", (5, 9), id="afg.taliban"),), place=Place("DERA", (9, 13), name="dera")
    )
    assert differing(one, other) == ()


@pytest.mark.parametrize(
    ("place", "differs"),
    [
        (Place("Dera", (0, 4), name="Dera", geonames_id=7, country="PAK"), False),
        (Place("Dera Bugti", (0, 4), name="Dera Bugti", geonames_id=5), False),  # one id under two names
        (Place("Dera", (0, 4), name="Dera", geonames_id=6), True),
        (Place("Dera", (0, 4), name="Dera", country="IND"), True),
        (Place("Dera", (0, 4), name="Dera", country="PAK", admin1="Sindh"), True),
        (Place("Dera", (0, 4), name="Dera", country="PAK", latitude=29.03, longitude=69.1), False),
        (Place("Dera", (0, 4), name="Dera", country="PAK", latitude=31.8, longitude=70.9), True),
        (None, True),
    ],
)  # fmt: skip
def test_places_of_one_name_are_told_apart_by_what_both_say(place: Place | None, differs: bool) -> None:
    held = Place(
        "Dera", (0, 4), name="Dera", geonames_id=5, latitude=29.0, longitude=69.1, country="PAK", admin1="Balochistan"
    )
    if place is not None and place.geonames_id == 7:
        held = msgspec.structs.replace(held, geonames_id=None)
    one = mention(1, place=held)
    other = msgspec.structs.replace(one, place=place)
    assert differing(one, other) == differing(other, one) == (("place",) if differs else ())


def test_a_toll_of_all_who_were_hit_is_another_than_one_of_the_injured() -> None:
    hurt = Casualties("injured", 6, 6, 6, "exact", "unknown", "six", (0, 3))
    one = mention(1, casualties=(hurt,))
    assert differing(one, mention(1, casualties=(msgspec.structs.replace(hurt, scope="hit"),))) == ("casualties",)
    assert differing(one, mention(1, casualties=(msgspec.structs.replace(hurt, wording="about"),))) == ()


@given(st.lists(st.sampled_from(["claimed", "denied"]), min_size=2, max_size=2))
def test_differing_is_symmetric(found: list[str]) -> None:
    one, other = (mention(k, factuality=f) for k, f in enumerate(found, 1))
    assert differing(one, other) == differing(other, one)
    assert set(differing(one, other)) <= set(COMPARED)


def test_every_compared_field_can_be_edited() -> None:
    from histor.model.ledger import EDITABLE

    assert set(COMPARED) <= set(EDITABLE)
    assert set(COMPARED) <= {f.name for f in msgspec.structs.fields(EventMention)}


def made(*actions: str) -> list[Decision]:
    return [Decision(str(k), a, "m", {}, None, "ann", "2020-01-01", "", "") for k, a in enumerate(actions)]


@pytest.mark.parametrize(
    ("actions", "became"),
    [
        (("accept",), "accepted"), (("edit",), "edited"), (("edit", "accept"), "edited"), (("accept", "reject"), "rejected"),
        (("reject", "accept"), "accepted"), (("unsure",), "unsure"), (("edit", "reject"), "rejected"),
    ],
)  # fmt: skip
def test_outcomes(actions: tuple[str, ...], became: str) -> None:
    assert outcome(made(*actions)) == became


def test_the_rate_leaves_out_what_is_not_decided() -> None:
    counts = outcomes({"a": made("accept"), "b": made("edit"), "c": made("unsure"), "d": made("accept")})
    assert {name: counts[name] for name in OUTCOMES} == {"accepted": 2, "edited": 1, "rejected": 0, "unsure": 1}
    rate = unchanged(counts)
    assert (rate.value, rate.of) == (2 / 3, 3)
    assert unchanged({}).value is None


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I: 81 of 263, and 0 of 20.
    rate = wilson(81, 263)
    assert rate.low == pytest.approx(0.2553, abs=5e-5)
    assert rate.high == pytest.approx(0.3662, abs=5e-5)
    assert wilson(0, 20).low == 0
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_holds_its_share(hits: int, more: int) -> None:
    rate = wilson(hits, hits + more)
    assert rate.value is not None
    assert rate.low is not None
    assert rate.high is not None
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


def test_times_leave_out_who_was_away() -> None:
    found = times([10, 20, 30, 40, 601])
    assert (found.median, found.lower, found.upper, found.timed, found.left_out) == (25, 17.5, 32.5, 4, 1)
    assert times([7]).median == 7
    assert times([]).median is None
