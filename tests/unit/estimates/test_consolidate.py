from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.estimates.consolidate import Told, _words, consolidate
from histor.model.records import Actor
from tests.tellings import mention

TEXT = "Gunmen attacked a post."
KNOWN = Actor("Taliban fighters", (0, 0), "afg.taliban", "Taliban")


def told(origin: str, *actors: Actor) -> Told:
    made = msgspec.structs.replace(mention(TEXT, "attacked"), id=f"m-{origin}", actors=actors)
    return Told(made, origin, "2014-03-05", origin)


def names(*tellings: Told) -> list[str]:
    return [a.name or a.text for a in consolidate(tellings).actors]


def actor(text: str) -> Actor:
    return Actor(text, (0, 0))


def test_parts_and_plurals_of_a_party_are_not_listed_beside_it() -> None:
    assert names(told("a", actor("the bomber")), told("b", actor("two bombers"))) == ["the bomber"]
    assert names(told("a", actor("Israeli soldiers")), told("b", actor("soldiers"))) == ["Israeli soldiers"]


def test_a_known_party_stands_for_its_descriptions_and_before_all_others() -> None:
    found = names(told("a", actor("fighters of the Taliban")), told("b", actor("villagers")), told("c", KNOWN))
    assert found == ["Taliban", "villagers"]


def test_anybody_is_listed_only_alone() -> None:
    assert names(told("a", actor("three men")), told("b", actor("farmers"))) == ["farmers"]
    assert names(told("a", actor("three men"))) == ["three men"]


PARTY = st.builds(
    actor,
    st.lists(st.sampled_from("army soldiers soldier Israeli men two rebel units".split()), min_size=1).map(" ".join),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(PARTY | st.just(KNOWN), max_size=3), min_size=1, max_size=5), st.randoms())
def test_no_listed_party_holds_another_and_order_does_not_count(parties: list[list[Actor]], random: object) -> None:
    tellings = [told(str(k), *p) for k, p in enumerate(parties)]
    found = consolidate(tellings).actors
    stated = [a for p in parties for a in p]
    assert all(a in stated for a in found)
    assert bool(found) == bool(stated)
    kinds = [_words(a.name or a.text) for a in found]
    assert not any(x <= y for i, x in enumerate(kinds) for j, y in enumerate(kinds) if i != j)
    random.shuffle(tellings)  # type: ignore[attr-defined]
    assert consolidate(tellings).actors == found
