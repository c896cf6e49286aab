"""The relevance gate by hand-made words, and what the shipped one lets through."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.coding.gate import PASSAGE, Gate, forms_of, gate_for, shipped_gate
from histor.coding.lexicon import load_lexicon
from histor.model.records import Report

GATE = Gate(
    "t", bias=-2.0, told=0.0, share=0.25, sure=4.0,
    words={"shelled": ("shell", 2.0), "shells": ("shell", 2.0), "killed": ("kill", 2.0), "rebels": ("rebel", 2.0), "film": ("film", -3.0)},
)  # fmt: skip
IDLE = "and then they went on for a long while " * 5  # 45 words


def report(text: str, title: str | None = None) -> Report:
    return Report("r", None, None, title, None, text)


def test_a_passage_that_tells_is_enough_for_a_short_text() -> None:
    assert GATE.lets_through("Troops SHELLED the town.")
    assert not GATE.lets_through("Nobody came to the town.")
    assert not GATE.lets_through("")


def test_forms_of_one_lemma_count_once() -> None:
    doubled = "shells shelled shells " + IDLE * 4
    assert not GATE.lets_through(doubled)  # 0 in one of four passages
    assert GATE.lets_through("rebels shelled killed " + IDLE * 4)  # 4: sure


def test_words_may_speak_against_it() -> None:
    assert not GATE.lets_through("Killed in its first scene, the hero of the film comes back.")


def test_a_long_text_must_tell_of_it_in_more_than_passing() -> None:
    once = "Troops shelled the town. " + IDLE * 5
    assert not GATE.lets_through(once)
    assert GATE.lets_through(once + ("Troops shelled the town. " + " ".join(["and"] * (PASSAGE - 4)) + " ") * 6)


def test_a_passage_counts_by_how_surely_it_tells() -> None:
    barely, surely = "Troops shelled the town. " + IDLE * 2, "Rebels shelled the town. " + IDLE * 2
    assert not GATE.lets_through(barely)  # a half, of 2.4 passages
    assert GATE.lets_through(surely)  # 2.5


def test_the_title_is_read() -> None:
    assert not GATE.passes(report("It was heard far away."))
    assert GATE.passes(report("It was heard far away.", "Town shelled"))


@given(st.lists(st.sampled_from(["shelled", "killed", "rebels", "film", "and", "—", "1990"]), max_size=200))
def test_how_words_are_written_and_parted_does_not_matter(words: list[str]) -> None:
    text = " ".join(words)
    assert GATE.lets_through(text) == GATE.lets_through(",\n".join(words).upper())


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen on motorbikes attacked a village in Plateau State overnight, leaving nine residents dead, a councillor said.",
        "Thousands marched through Antananarivo against fuel prices before police fired tear gas.",
        "The two generals signed a ceasefire in Jeddah and agreed to withdraw their troops from the airport.",
        "Security agents detained an opposition leader and four activists at the airport.",
        "A roadside bomb hit a convoy outside Kidal, wounding three peacekeepers.",
    ],
)
def test_the_shipped_gate_lets_events_of_interest_through(text: str) -> None:
    assert shipped_gate().lets_through(text)


@pytest.mark.parametrize(
    "text",
    [
        "The bakery on Elm Street will open an hour earlier from next week, its owner said, as more commuters ask for bread.",
        "Shares of the chip maker rose four percent after it raised its forecast for the year.",
        "The choir sang three pieces by Palestrina before the interval and was called back twice.",
        "Researchers measured how much water the new variety of maize needs in dry years.",
    ],
)
def test_and_keeps_other_news_out(text: str) -> None:
    assert not shipped_gate().lets_through(text)


def test_words_of_the_users_lexicon_are_words_of_interest(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[[frame]]\nid = "okada"\ntype = "ASSAULT"\nverbs = "boda"\n')
    text = "A trader was bodaed on his way to the market. " + IDLE
    assert not shipped_gate().lets_through(text)
    gate = gate_for(load_lexicon(mine))
    assert gate.lets_through(text)
    assert gate.version != shipped_gate().version
    assert gate_for(load_lexicon()) is shipped_gate()


@pytest.mark.parametrize(("lemma", "form"), [("shell", "shelled"), ("ambush", "ambushes"), ("gunman", "gunmen"), ("bury", "buried"), ("stab", "stabbing"), ("seize", "seizing")])  # fmt: skip
def test_forms(lemma: str, form: str) -> None:
    assert form in forms_of(lemma)
