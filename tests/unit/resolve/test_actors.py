from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from histor.resolve.actor_index import shipped_index
from histor.resolve.actors import clean_name, countries, country_mentions, country_of, sector_of


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("Taliban fighters", "REB"), ("former Afghan Army commanders", "ELI"), ("local warlords", "UAF"),
        ("Syrian government forces", "MIL"), ("a UN peacekeeper", "UNO"), ("two Palestinian men", "CVL"),
        ("police chief of Kunduz", "COP"), ("women and children", "CVL"), ("rebel commander", "REB"),
        ("the ruling party", "PTY"), ("hospital", "MED"), ("Experts", None),
    ],
)  # fmt: skip
def test_sectors(text: str, sector: str | None) -> None:
    assert sector_of(text) == sector


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Afghan civilians", "AFG"),
        ("South Sudanese troops", "SSD"),
        ("Niger's army", "NER"),
        ("Nigerian army", "NGA"),
        ("Turks and Kurds", "TUR"),
        ("Indian and Pakistani troops", None),
        ("gunmen", None),
        ("Norwegian-led talks", "NOR"),
    ],
)
def test_countries(text: str, country: str | None) -> None:
    assert country_of(text) == country


def test_the_table_of_countries_is_whole() -> None:
    table = countries()
    assert len(table) > 190
    assert len({c.iso3 for c in table}) == len(table)
    assert all(len(c.iso3) == 3 and c.name and c.demonyms for c in table)


def test_names_lose_articles_quotes_and_loaded_words() -> None:
    assert clean_name("the Taliban terrorists", [(12, 22)]) == "Taliban"
    assert clean_name("“Islamic State”") == "Islamic State"
    assert clean_name("the army's") == "army"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Afghan officials in Kabul spoke to U.S. envoys.", [("AFG", False), ("AFG", True), ("USA", False)]),
        (
            "South Sudan and Sudan signed; Nigerians and Nigeriens too.",
            [("SSD", False), ("SDN", False), ("NGA", False), ("NER", False)],
        ),
        ("anti-Iran, Iranian-backed, Iranlike", [("IRN", False)]),
        ("Guinea-Bissau is not Guinea.", [("GNB", False), ("GIN", False)]),
    ],
)
def test_country_mentions(text: str, expected: list[tuple[str, bool]]) -> None:
    assert country_mentions(text) == expected


@pytest.mark.parametrize(
    ("phrase", "id_"),
    [
        ("Fighters of the Taliban", "afg.taliban"),
        ("two commanders of the Taliban", "afg.taliban"),
        ("opponents of the Taliban", None),
        ("the town of Taliban", None),
    ],
)
def test_of_joins_a_group_to_its_people(phrase: str, id_: str | None) -> None:
    found = shipped_index().within(phrase, date(2020, 1, 1))
    assert (found.actor.id if found else None) == id_


def test_generic_nouns_stand_once_and_name_no_maker() -> None:
    text = resources.files("histor.resolve").joinpath("data/agents.toml").read_text(encoding="utf-8")
    nouns = [w.strip() for words in tomllib.loads(text)["sectors"].values() for w in words.split(",")]
    assert [w for w, times in Counter(nouns).items() if times > 1] == []
    assert not any(w.startswith("tupolev") for w in nouns)
    assert sector_of("a strategic bomber") == "MIL"
