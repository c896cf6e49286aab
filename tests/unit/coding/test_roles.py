"""Parties as phrases of the report: counts, datelines, initials that look like pronouns."""

from __future__ import annotations

import msgspec
import pytest

from histor.coding.candidates import Candidate
from histor.coding.context import make_context
from histor.coding.lexicon import load_lexicon
from histor.coding.parties import parties
from histor.coding.phrases import actor
from histor.model.annotation import Annotation
from histor.model.records import Actor, Report
from tests.parses import sentence, words

EXECUTED = (
    "They/they/PRON/1/nsubj executed/execute/VERB/-1/root at/at/ADP/3/case least/least/ADJ/4/advmod 19/19/NUM/6/nummod "
    "young/young/ADJ/6/amod men/man/NOUN/1/obj who/who/PRON/8/nsubj/PronType=Rel fled/flee/VERB/6/acl:relcl"
)
DATED = "They/they/PRON/1/nsubj died/die/VERB/-1/root on/on/ADP/3/case July/July/PROPN/1/obl 17/17/NUM/3/nummod"


def found(notation: str, *spans: str, kind: str = "body") -> list[Actor]:
    """The recipients of a sentence whose learned spans are these words."""
    text = words(notation)
    parsed = msgspec.structs.replace(sentence(notation), kind=kind)
    report = Report("r", None, "2021-08-24", None, "en", text)
    context = make_context(report, Annotation("test/1", (parsed,)), load_lexicon())
    roles = {"recipient": [((at := text.index(s), at + len(s)), 0.9) for s in spans]}
    return parties(context, Candidate(0, (0, 4), 0, 0.9, "ASSAULT", 0.9, None, None, roles), "recipient")


@pytest.mark.parametrize(
    "spans",
    [("least 19",), ("19",), ("least 19 young men",), ("least 19", "young men"), ("at least 19 young men who",)],
)
def test_a_count_is_no_party_without_what_it_counts(spans: tuple[str, ...]) -> None:
    (party,) = found(EXECUTED, *spans)
    assert party.name == "young men"
    assert party.text in {"at least 19 young men", "19 young men"}
    assert words(EXECUTED)[slice(*party.span)] == party.text


def test_the_number_of_a_day_is_nobody() -> None:
    assert found(DATED, "17") == []


def test_nobody_acts_in_a_dateline() -> None:
    assert found("DAMASCUS/DAMASCUS/PROPN/-1/root", "DAMASCUS", kind="dateline") == []
    assert [p.name for p in found("DAMASCUS/DAMASCUS/PROPN/-1/root", "DAMASCUS")] == ["DAMASCUS"]


def party(text: str, phrase: str) -> Actor:
    at = text.index(phrase)
    made = actor(text, (at, at + len(phrase)), [])
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("text", "phrase", "name"),
    [
        ("Jets of the US struck the town again.", "the US", "US"),
        ("Later the WHO sent more help to them.", "the WHO", "WHO"),
        ("The army told us nothing about it.", "us", None),
        ("THE ARMY TOLD US NOTHING ABOUT IT.", "US", None),
        ("Later It struck the town again.", "It", None),
        ("Here I struck the town again.", "I", None),
    ],
)
def test_initials_are_told_from_pronouns(text: str, phrase: str, name: str | None) -> None:
    assert party(text, phrase).name == name


@pytest.mark.parametrize("phrase", ["19", "At least 70", "more than 10 million", "dozens", "1,300"])
def test_a_bare_count_keeps_its_words_and_names_nobody(phrase: str) -> None:
    made = party(f"{phrase} were killed there.", phrase)
    assert (made.text, made.name, made.sector) == (phrase, None, None)


def test_a_count_with_a_noun_is_named_by_the_noun() -> None:
    assert party("At least 70 rebels were killed there.", "At least 70 rebels").name == "rebels"
