from __future__ import annotations

import pytest

from histor.coding.phrases import actor, place
from histor.coding.stance import UNNAMED_ACTOR, UNNAMED_GROUP, loaded_spans
from tests.parses import sentence, words

BOTH = "Taliban/Taliban/PROPN/1/compound terrorists/terrorist/NOUN/2/nsubj martyred/martyr/VERB/-1/root heroes/hero/NOUN/2/obj"


def found(notation: str) -> list[str]:
    text = words(notation)
    return [text[a:b] for (a, b), _ in loaded_spans(sentence(notation))]


def test_loaded_words_of_any_side() -> None:
    assert found(BOTH) == ["terrorists", "martyred", "heroes"]


def test_a_loaded_noun_is_taken_off_the_name() -> None:
    text = words(BOTH)
    record = actor(text, (0, 18), loaded_spans(sentence(BOTH)))
    assert record is not None
    assert (record.text, record.name, record.sector) == ("Taliban", "Taliban", "REB")


@pytest.mark.parametrize(
    ("phrase", "loaded", "text", "name"),
    [
        ("rogue Taliban", [("rogue", "things")], "Taliban", "Taliban"),
        ("300 Taliban terrorists", [("terrorists", "people")], "300 Taliban", "Taliban"),
        ("Taliban's oppressive regime", [("oppressive", "things"), ("regime", "things")], "Taliban", "Taliban"),
        ("brutal regime of Assad", [("brutal", "things"), ("regime", "things")], "Assad", "Assad"),
        ("Assad's mercenaries", [("mercenaries", "people")], "Assad's mercenaries", "Assad"),
        ("Dozens of terrorists", [("terrorists", "people")], "Dozens of terrorists", UNNAMED_GROUP),
        ("Zionist entity", [("Zionist entity", "things")], "Zionist entity", UNNAMED_ACTOR),
        ("Syrian regime forces", [("regime", "things")], "Syrian regime forces", "Syrian government forces"),
        ("regime forces", [("regime", "things")], "regime forces", "government forces"),
        ("the junta", [("junta", "things")], "the junta", "government"),
    ],
)
def test_loaded_words_leave_the_edges(phrase: str, loaded: list[tuple[str, str]], text: str, name: str) -> None:
    items = [((phrase.index(w), phrase.index(w) + len(w)), kind) for w, kind in loaded]
    record = actor(phrase, (0, len(phrase)), items)
    assert record is not None
    assert (record.text, record.name) == (text, name)
    assert phrase[slice(*record.span)] == record.text


def test_a_proper_name_keeps_its_words() -> None:
    brigades = "The/the/DET/2/det Martyrs/martyr/NOUN/2/compound Brigades/brigade/PROPN/3/nsubj fired/fire/VERB/-1/root"
    assert found(brigades) == []
    assert found(brigades.replace("Brigades/brigade/PROPN", "fighters/fighter/NOUN")) == ["Martyrs"]


@pytest.mark.parametrize("form", ["martyr", "martyrs", "martyred", "martyring"])
def test_verbs_in_all_their_forms(form: str) -> None:
    assert found(f"They/they/PRON/1/nsubj {form}/wrongly-cut/VERB/-1/root him/he/PRON/1/obj") == [form]


def test_only_a_loaded_noun_leaves_a_neutral_name() -> None:
    notation = "Ten/ten/NUM/1/nummod terrorists/terrorist/NOUN/2/nsubj fled/flee/VERB/-1/root"
    record = actor(words(notation), (0, 14), loaded_spans(sentence(notation)))
    assert record is not None
    assert record.name == UNNAMED_GROUP


def test_counts_are_no_part_of_a_name() -> None:
    record = actor("At least 300 Afghan soldiers died", (0, 28), [])
    assert record is not None
    assert (record.name, record.country, record.sector) == ("Afghan soldiers", "AFG", "MIL")


def test_pronouns_keep_their_words_and_no_name() -> None:
    record = actor("they fled", (0, 4), [])
    assert record is not None
    assert record.name is None


def test_capitals_speak_for_governments() -> None:
    record = actor("Moscow said", (0, 6), [])
    assert record is not None
    assert (record.sector, record.country) == ("GOV", "RUS")


def test_places() -> None:
    where = place("near the town of Goma.", (0, 22))
    assert where is not None
    assert (where.text, where.span) == ("near the town of Goma", (0, 21))
    country = place("in Syria", (3, 8))
    assert country is not None
    assert (country.country, country.where_prec, country.latitude) == ("SYR", 6, None)
