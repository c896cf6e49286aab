"""Relations that whole sentences state, through the shipped model: each line in our own words."""

from __future__ import annotations

import pytest

from histor.jobs.coding import Coding, code_text
from histor.model.records import Relation

CASES = [
    ("The Northern Alliance is led by Ahmad Massoud.", "led_by", "Northern Alliance", "Ahmad Massoud", "actual"),
    ("Gunmen of General Aidid's Somali National Alliance fired on the convoy.", "led_by", "Alliance", "Aidid", "actual"),
    ("A Saudi-led coalition bombed the port on Monday.", "led_by", "coalition", "Saudi", "actual"),
    ("Al Shabaab, the Islamist movement allied to al Qaeda, shelled the town.", "allied_with", "Shabaab", "al Qaeda", "actual"),
    ("Fighters loyal to Khalifa Haftar entered the town.", "led_by", "Fighters", "Khalifa Haftar", "actual"),
    ("The Taliban is equipped with weapons left by the US.", "equipped_by", "Taliban", "US", "actual"),
    ("Kinshasa accused Rwanda of arming the M23 rebels.", "equipped_by", "M23", "Rwanda", "claimed"),
    ("Tehran denied arming the Houthi rebels.", "equipped_by", "Houthi", "Tehran", "denied"),
    ("President Maduro flew to Havana.", "holds_office", "Maduro", "President", "actual"),
    ("The Taliban hold Kabul.", "controls", "Taliban", "Kabul", "actual"),
    ("Tajikistan backs the Northern Alliance.", "supports", "Tajikistan", "Northern Alliance", "actual"),
]  # fmt: skip


def _states(relation: Relation, type_: str, subject: str, object_: str) -> bool:
    sides = (relation.subject.text, relation.object.text)
    return relation.type == type_ and subject in sides[0] and object_ in sides[1]


@pytest.mark.parametrize(("text", "type_", "subject", "object_", "factuality"), CASES)
def test_stated(coding: Coding, text: str, type_: str, subject: str, object_: str, factuality: str) -> None:
    relations = code_text(text).relations
    found = [r for r in relations if _states(r, type_, subject, object_)]
    assert [r.factuality for r in found] == [factuality], relations
    relation = found[0]
    for party in (relation.subject, relation.object):
        assert text[slice(*party.span)] == party.text
        assert relation.span[0] <= party.span[0]
        assert party.span[1] <= relation.span[1]


def test_the_same_relation_once() -> None:
    text = "Ahmad Massoud leads the Northern Alliance. The Northern Alliance, led by Ahmad Massoud, holds the valley."
    assert len([r for r in code_text(text).relations if r.type == "led_by"]) == 1


def test_parties_are_those_of_the_actors_file() -> None:
    relation = next(r for r in code_text("The Taliban fought the Northern Alliance.").relations if r.type == "fights")
    assert {relation.subject.id, relation.object.id} == {"afg.taliban", "afg.northern-alliance"}
