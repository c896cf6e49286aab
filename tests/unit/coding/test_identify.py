"""Parties of a report: known names, acronyms, short forms, descriptions and pronouns."""

from __future__ import annotations

from datetime import date

import pytest

from histor.coding.identify import Identifier
from histor.model.annotation import Mention, Sentence
from histor.model.records import Actor
from histor.resolve.actor_index import shipped_index

TEXT = (
    "The National Resistance Front (NRF) fought the Taliban in Panjshir. Ahmad Massoud leads it. "
    "The group said that Massoud was safe. He spoke on Sunday. Fighters of the Kandak Front (KF) joined. The KF lost nobody."
)


def sentences(text: str) -> list[Sentence]:
    found, at = [], 0
    for k, part in enumerate(text.split(". ")):
        found.append(Sentence(k, at, at + len(part), "body", ()))
        at += len(part) + 2
    return found


@pytest.fixture
def identifier() -> Identifier:
    mentions = []
    for words, kind in (
        ("National Resistance Front", "armed_group"), ("Taliban", "armed_group"), ("Ahmad Massoud", "person"), ("Kandak Front", "armed_group"),
    ):  # fmt: skip
        at = TEXT.index(words)
        mentions.append(Mention(kind, at, at + len(words), 0.9, "name"))
    return Identifier(shipped_index(), TEXT, date(2021, 9, 1), sentences(TEXT), mentions)


def party(identifier: Identifier, words: str, name: str | None) -> Actor:
    at = TEXT.index(words)
    return identifier.party(Actor(words, (at, at + len(words)), None, name))[0]


@pytest.mark.parametrize(
    ("words", "name", "id_"),
    [
        ("Taliban", "Taliban", "afg.taliban"),
        ("NRF", "NRF", "afg.nrf"),
        ("Massoud was", "Massoud", "afg.ahmad-massoud"),
        ("He", None, "afg.ahmad-massoud"),
        ("The group", "group", "afg.nrf"),
    ],
)
def test_identities(identifier: Identifier, words: str, name: str | None, id_: str) -> None:
    assert party(identifier, words, name).id == id_


def test_an_acronym_of_the_report_gives_the_full_name(identifier: Identifier) -> None:
    found = party(identifier, "KF lost", "KF")
    assert found.name == "Kandak Front"
    assert found.id is None


def test_unknown_parties_keep_their_words(identifier: Identifier) -> None:
    found, why = identifier.party(Actor("gunmen", (0, 6), None, "gunmen", None, "UAF"))
    assert found == Actor("gunmen", (0, 6), None, "gunmen", None, "UAF")
    assert why is None


def test_a_country_acts_through_its_government() -> None:
    text = "Tajikistan pledged support."
    identifier = Identifier(shipped_index(), text, None, sentences(text), ())
    found, why = identifier.party(Actor("Tajikistan", (0, 10), None, "Tajikistan", "TJK", "GOV"))
    assert (found.id, found.name, found.country) == ("tjk.government", "Tajikistan", "TJK")
    assert why is not None


COALITION = (
    "A US-led coalition bombed IS near Raqqa. On Friday the coalition said that it had stopped. Assad's forces fled."
)


def in_syria() -> Identifier:
    at = COALITION.index("IS near")
    mention = Mention("armed_group", at, at + 2, 0.9, "name")
    return Identifier(shipped_index(), COALITION + " Syria said so.", date(2016, 9, 1), sentences(COALITION), [mention])


def test_the_coalition_is_the_one_that_was_named_and_no_group_beside_it() -> None:
    at = COALITION.index("the coalition said")
    found, why = in_syria().party(Actor("the coalition", (at, at + 13), None, "coalition", None, "MIL"))
    assert "coalition" in (found.name or "").lower()
    assert found.name != "Islamic State"
    assert why is not None
    assert "US-led coalition" in why


def test_the_forces_of_who_rules_are_the_states() -> None:
    at = COALITION.index("Assad's forces")
    found, _ = in_syria().party(Actor("Assad's forces", (at, at + 14), None, "Assad's forces", None, "MIL"))
    assert (found.id, found.country, found.sector) == ("syr.military", "SYR", "MIL")


def test_a_state_is_called_by_its_adjective() -> None:
    found, _ = in_syria().party(Actor("Syrian regime", (0, 13), None, "Syrian government", "SYR", "GOV"))
    assert (found.id, found.name) == ("syr.government", "Syrian government")
