from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.engines.embedded.lemmas import apply_rule, lemma_rule, regular, spelt


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
    ("form", "cut", "lemma"),
    [
        ("witnessed", "witnesse", "witness"),
        ("battling", "battl", "battle"),
        ("moving", "mov", "move"),
        ("attacked", "attacke", "attack"),
        ("panicked", "panic", "panic"),
        ("hanged", "hang", "hang"),
        ("killing", "kill", "kill"),
        ("argued", "argu", "argue"),
        ("shelled", "shelle", "shell"),
        ("tasted", "taste", "taste"),
        ("eliminated", "eliminat", "eliminate"),
        ("captured", "captur", "capture"),
        ("occurred", "occur", "occur"),
        ("neutralised", "neutralis", "neutralise"),
        ("defeated", "defeat", "defeat"),
        ("replied", "repli", "reply"),
        ("worried", "worrie", "worry"),
        ("belied", "belie", "belie"),
        ("plotted", "plott", "plot"),
        ("committing", "committ", "commit"),
        ("erred", "err", "err"),
        ("vowed", "vowe", "vow"),
        ("insisted", "insiste", "insist"),
        ("voted", "vot", "vote"),
        ("hoping", "hop", "hope"),
        ("declined", "declin", "decline"),
        ("opposed", "oppos", "oppose"),
        ("accusing", "accus", "accuse"),
        ("endorsed", "endors", "endorse"),
        ("executed", "execut", "execute"),
        ("opened", "open", "open"),
        ("visited", "visit", "visit"),
        ("looted", "loot", "loot"),
        ("looted", "loote", "loot"),
        ("fired", "fir", "fire"),
        ("escaped", "esca", "escape"),
    ],
)
def test_verbs_are_spelt_as_english_spells_them(form: str, cut: str, lemma: str) -> None:
    assert spelt(form, cut) == lemma


@pytest.mark.parametrize(
    ("form", "upos", "ruled", "lemma"),
    [
        ("corpses", "NOUN", "corpy", "corpse"),
        ("deaths", "NOUN", "deay", "death"),
        ("bodies", "NOUN", "bodian", "body"),
        ("losses", "NOUN", "losy", "loss"),
        ("cities", "NOUN", "city", "city"),
        ("wives", "NOUN", "wife", "wife"),
        ("gunned", "VERB", "gunneot", "gun"),
        ("fired", "VERB", "fireot", "fire"),
        ("assassinated", "VERB", "assassinateot", "assassinate"),
        ("hurled", "VERB", "hurlow", "hurl"),
        ("buried", "VERB", "burien", "bury"),
        ("Taliban", "NOUN", "taliban", "taliban"),
    ],
)
def test_a_rule_for_another_word_gives_way_to_the_regular_ending(form: str, upos: str, ruled: str, lemma: str) -> None:
    assert regular(form, upos, ruled) == lemma
