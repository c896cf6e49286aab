"""Ties: which words of a parsed sentence state a relation, and who plays which part."""

from __future__ import annotations

import pytest

from histor.coding.ties import RELATION_TYPES, SYMMETRIC, ties_of
from tests.parses import parse


def stated(notation: str) -> set[tuple[str, str, str]]:
    clause = parse(notation)
    return {(t.type, clause.tokens[t.subject].text, clause.tokens[t.object].text) for t in ties_of(clause)}


ACTIVE = "Massoud/Massoud/PROPN/1/nsubj leads/lead/VERB/-1/root the/the/DET/3/det Front/Front/PROPN/1/obj"
PASSIVE = (
    "Front/Front/PROPN/-1/root led/lead/VERB/0/acl/Tense=Past|VerbForm=Part|Voice=Pass "
    "by/by/ADP/3/case Massoud/Massoud/PROPN/1/obl:agent"
)
TITLE = "The/the/DET/1/det rebels/rebel/NOUN/3/nmod:poss '/'s/PART/1/case leader/leader/NOUN/-1/root ,/,/PUNCT/5/punct Guterres/Guterres/PROPN/3/appos"
OFFICE = "President/president/PROPN/1/nmod:desc Maduro/Maduro/PROPN/2/nsubj spoke/speak/VERB/-1/root"
FORMER = "ex-President/president/PROPN/1/nmod:desc Maduro/Maduro/PROPN/2/nsubj spoke/speak/VERB/-1/root"
LOYAL = "Fighters/fighter/NOUN/-1/root loyal/loyal/ADJ/0/amod to/to/ADP/3/case Haftar/Haftar/PROPN/1/obl"
ARMED = (
    "Rebels/rebel/NOUN/-1/root equipped/equip/VERB/0/acl/Tense=Past|VerbForm=Part|Voice=Pass with/with/ADP/3/case "
    "rifles/rifle/NOUN/1/obl left/leave/VERB/3/acl/Tense=Past|VerbForm=Part|Voice=Pass by/by/ADP/6/case "
    "soldiers/soldier/NOUN/4/obl:agent"
)
RULED_OUT = "Damascus/Damascus/PROPN/1/nsubj ruled/rule/VERB/-1/root out/out/ADP/1/compound:prt talks/talk/NOUN/1/obj"


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        (ACTIVE, ("led_by", "Front", "Massoud")),
        (PASSIVE, ("led_by", "Front", "Massoud")),
        (TITLE, ("led_by", "rebels", "Guterres")),
        (OFFICE, ("holds_office", "Maduro", "President")),
        (LOYAL, ("allied_with", "Fighters", "Haftar")),
        (ARMED, ("equipped_by", "Rebels", "soldiers")),
    ],
)
def test_sides(notation: str, expected: tuple[str, str, str]) -> None:
    assert expected in stated(notation)


def test_active_and_passive_state_the_same() -> None:
    assert stated(ACTIVE) == stated(PASSIVE)


def test_a_particle_makes_another_verb() -> None:
    assert stated(RULED_OUT) == set()


def test_a_former_title_is_past() -> None:
    assert [t.past for t in ties_of(parse(FORMER))] == [True]
    assert [t.past for t in ties_of(parse(OFFICE))] == [False]


def test_a_person_may_change_what_an_adjective_states() -> None:
    assert [t.person for t in ties_of(parse(LOYAL))] == ["led_by"]


def test_types_are_those_of_the_contract() -> None:
    assert set(RELATION_TYPES) > SYMMETRIC
    for notation in (ACTIVE, TITLE, OFFICE, LOYAL, ARMED):
        assert {t.type for t in ties_of(parse(notation))} <= set(RELATION_TYPES)
