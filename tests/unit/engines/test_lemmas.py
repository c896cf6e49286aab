from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.engines.embedded.lemmas import apply_rule, lemma_rule, regular


@pytest.mark.parametrize(
    ("form", "lemma", "rule"),
    [
        ("walked", "walk", "l:2:"),
        ("was", "be", "l:3:be"),
        ("Taliban", "Taliban", "k:0:"),
        ("The", "the", "l:0:"),
        ("cities", "city", "l:3:y"),
    ],
)
def test_rules(form: str, lemma: str, rule: str) -> None:
    assert lemma_rule(form, lemma) == rule
    assert apply_rule(form, rule) == lemma


@given(st.text("abcXYZ'", min_size=1, max_size=8), st.text("abcxyz", min_size=1, max_size=8))
def test_a_rule_gives_back_its_lemma(form: str, lemma: str) -> None:
    assert apply_rule(form, lemma_rule(form, lemma)) == lemma


def test_a_rule_for_longer_words_does_no_harm() -> None:
    assert apply_rule("is", "l:5:be") == "is"


@pytest.mark.parametrize(
    ("form", "upos", "ruled", "lemma"),
    [
        ("corpses", "NOUN", "corpy", "corpse"),
        ("deaths", "NOUN", "deay", "death"),
        ("bodies", "NOUN", "bodian", "body"),
        ("losses", "NOUN", "losy", "loss"),
        ("cities", "NOUN", "city", "city"),
        ("wives", "NOUN", "wife", "wife"),
        ("Taliban", "NOUN", "taliban", "taliban"),
    ],
)
def test_a_rule_for_another_word_gives_way_to_the_regular_ending(form: str, upos: str, ruled: str, lemma: str) -> None:
    assert regular(form, upos, ruled) == lemma
