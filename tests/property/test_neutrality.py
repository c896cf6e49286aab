"""Laws of neutrality: loaded words get into no name, whoever uses them of whom."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.neutrality import loaded_names, parties
from histor.capture.inputs import InputOptions, Problem, read_inputs
from histor.cli.demo import demo_path
from histor.coding.phrases import actor
from histor.coding.stance import UNNAMED_ACTOR, UNNAMED_GROUP
from histor.coding.wordlists import split, table
from histor.jobs.coding import Coding

NAMES = ["Taliban", "Northern Alliance", "Syrian army", "Boko Haram", "Free Papua Movement", "Kenyan police"]
PEOPLE = sorted(split(table("loaded")["against"]["people"]) | split(table("loaded")["for"]["people"]))
THINGS = sorted(split(table("loaded")["against"]["things"]) | split(table("loaded")["for"]["things"]))


@given(st.sampled_from(NAMES), st.sampled_from(PEOPLE), st.sampled_from(["", "300 ", "the ", "two "]))
def test_a_noun_behind_a_name_is_off_name_and_words(name: str, word: str, count: str) -> None:
    text = f"{count}{name} {word}"
    at = len(text) - len(word)
    record = actor(text, (0, len(text)), [((at, len(text)), "people")])
    assert record is not None
    assert record.name == name
    assert record.text == text[: at - 1].strip()
    assert text[slice(*record.span)] == record.text


@given(st.sampled_from(NAMES), st.sampled_from(THINGS))
def test_an_adjective_before_a_name_is_off(name: str, word: str) -> None:
    text = f"{word} {name}"
    record = actor(text, (0, len(text)), [((0, len(word)), "things")])
    assert record is not None
    assert record.name is not None
    assert record.name.endswith(name)
    assert word not in record.name.split()


@given(st.sampled_from(PEOPLE), st.sampled_from(["", "dozens of ", "the "]))
def test_nothing_but_loaded_words_is_unnamed(word: str, count: str) -> None:
    text = f"{count}{word}"
    record = actor(text, (0, len(text)), [((len(count), len(text)), "people")])
    assert record is not None
    assert record.name == UNNAMED_GROUP


@pytest.mark.parametrize(("a", "b"), [("terrorists", "mujahideen"), ("bandits", "martyrs"), ("puppets", "heroes")])
def test_both_sides_words_give_one_name(a: str, b: str) -> None:
    records = [actor(f"Taliban {w}", (0, 8 + len(w)), [((8, 8 + len(w)), "people")]) for w in (a, b)]
    assert [r.name if r else None for r in records] == ["Taliban", "Taliban"]


def test_no_name_of_the_demo_holds_one(coding: Coding) -> None:
    seen = 0
    for path in demo_path():
        for report in read_inputs([path], InputOptions()):
            assert not isinstance(report, Problem)
            annotation = coding.engine.annotate(report.text, report.title)
            coded = coding.coder.code(report, annotation)
            assert loaded_names(coded, annotation) == []
            seen += sum(1 for _ in parties(coded))
    assert seen > 50


SIDES = st.sampled_from(["Taliban", "Houthi", "rebel", "army"])
WORDS = st.sampled_from(["terrorists", "mercenaries", "martyrs", "bandits", "heroes", "thugs", "lackeys", "extremists"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SIDES, WORDS, WORDS)
def test_a_coded_sentence_names_no_one_by_them(coding: Coding, side: str, a: str, b: str) -> None:
    from histor.capture.inputs import make_report

    text = f"The {side} {a} attacked the village of Duru on Monday, killing ten of the {b}."
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    annotation = coding.engine.annotate(text)
    coded = coding.coder.code(report, annotation)
    assert loaded_names(coded, annotation) == []
    names = {p.name for p in parties(coded) if p.name}
    assert not any(w.removesuffix("s") in name for name in names - {UNNAMED_GROUP, UNNAMED_ACTOR} for w in (a, b))
