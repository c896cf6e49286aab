"""Laws of the text layer: whatever the input, offsets map back to the stored text."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from histor.text.normalise import normalise
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
