"""Laws of the text layer: whatever the input, offsets map back to the stored text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.resolve.gazetteer import name_key
from histor.text.normalise import normalise
from histor.text.printable import printable, short
from histor.text.sentences import split_sentences
from histor.text.tokens import word_spans

pieces = st.sampled_from(
    [
        "Mr. ",
        "U.S. ",
        "KABUL, Aug 24 (AFP) - ",
        "date 2021-08-24 ",
        "“",
        "” ",
        ".",
        "? ",
        "\n",
        "\r\n",
        "12,000 ",
        "e\u0301",
        "🙂",
        "عرب ",
        "al-Bab ",
        "didn't ",
        "...",
        "(",
        ") ",
        "The ",
        "said ",
        "a.m. ",
        "\t",
    ]
)
texts = st.one_of(st.text(max_size=300), st.lists(pieces, max_size=60).map("".join))


@given(texts)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@given(texts)
@settings(max_examples=400)
def test_segments_are_ordered_disjoint_and_hold_every_letter(raw: str) -> None:
    text = normalise(raw)
    segments = split_sentences(text)
    at = 0
    for segment in segments:
        assert at <= segment.start < segment.end <= len(text)
        assert text[at : segment.start].strip() == ""
        assert not text[segment.start].isspace()
        at = segment.end
    assert text[at:].strip() == ""


@given(texts)
@settings(max_examples=400)
def test_words_are_ordered_disjoint_and_hold_every_letter(raw: str) -> None:
    text = normalise(raw)
    at = 0
    for a, b in word_spans(text):
        assert at <= a < b
        assert text[at:a].strip() == ""
        assert not any(map(str.isspace, text[a:b]))
        at = b
    assert text[at:].strip() == ""


@pytest.mark.parametrize("tail", ["-A", " A", " A.", "-A ", "'A", "-Aa", ", Aa", " Aug 24", " ("])
@pytest.mark.parametrize("head", ["AA", "Aa", "date "])
def test_cutting_takes_time_in_proportion(head: str, tail: str) -> None:
    def taken(times: int) -> float:
        began = time.process_time()  # not the clock on the wall: others use the machine too
        split_sentences((head + tail * 60 + "\n") * times)
        return time.process_time() - began

    assert taken(80) < 12 * taken(20) + 0.5


@given(st.text(), st.integers(1, 60))
def test_what_is_printable_has_no_control_codes(raw: str, most: int) -> None:
    shown = printable(raw)
    assert len(shown) == len(raw)
    assert printable(shown) == shown
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in shown)
    assert len(short(raw, most)) <= most


NAMES = st.text(alphabet=st.one_of(st.characters(max_codepoint=127), st.sampled_from(" '-_./,()\t\x1c")), max_size=30)


@given(NAMES)
def test_the_short_way_to_a_name_key_is_the_long_one(name: str) -> None:
    # A letter that is not ASCII behind a blank sends the whole name the long way.
    assert f"{name_key(name)} o".strip() == name_key(f"{name} ø")
    assert name_key(name_key(name)) == name_key(name)
