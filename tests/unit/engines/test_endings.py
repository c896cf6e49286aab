from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.coding.lexicon import load_lexicon
from histor.engines.embedded.endings import ADDS, PLAIN, TAKES, base_of, ending_of
from histor.engines.embedded.irregular import IRREGULAR
from training.verb_endings import change, spelt_regularly, table_of


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("witnessed", "witness"),
        ("battling", "battle"),
        ("moving", "move"),
        ("attacked", "attack"),
        ("panicked", "panic"),
        ("hanged", "hang"),
        ("killing", "kill"),
        ("argued", "argue"),
        ("shelled", "shell"),
        ("tasted", "taste"),
        ("eliminated", "eliminate"),
        ("captured", "capture"),
        ("occurred", "occur"),
        ("neutralised", "neutralise"),
        ("defeated", "defeat"),
        ("replied", "reply"),
        ("worried", "worry"),
        ("belied", "belie"),
        ("plotted", "plot"),
        ("committing", "commit"),
        ("erred", "err"),
        ("vowed", "vow"),
        ("insisted", "insist"),
        ("voted", "vote"),
        ("hoping", "hope"),
        ("declined", "decline"),
        ("opposed", "oppose"),
        ("accusing", "accuse"),
        ("endorsed", "endorse"),
        ("executed", "execute"),
        ("opened", "open"),
        ("visited", "visit"),
        ("looted", "loot"),
        ("fired", "fire"),
        ("escaped", "escape"),
        ("gunned", "gun"),
        ("assassinated", "assassinate"),
        ("hurled", "hurl"),
        ("buried", "bury"),
        ("controlled", "control"),
        ("expelled", "expel"),
        ("referring", "refer"),
        ("echoed", "echo"),
        ("signalled", "signal"),
        ("interpreted", "interpret"),
        ("campaigning", "campaign"),
        ("managed", "manage"),
        ("dying", "die"),
        ("tries", "try"),
        ("pushes", "push"),
        ("vetoes", "veto"),
        ("mentions", "mention"),
        ("trafficked", "traffic"),
        ("focused", "focus"),
        ("invaded", "invade"),
        ("murdered", "murder"),
    ],
)
def test_verbs_are_spelt_as_english_spells_them(form: str, base: str) -> None:
    assert base_of(form) == base
    assert base_of(form.upper()) == base


@pytest.mark.parametrize(
    "form", ["bring", "need", "exceed", "focus", "discuss", "been", "ran", "s", "ed", "ing", "naïved", ""]
)
def test_no_regular_form(form: str) -> None:
    assert base_of(form) is None


def test_every_verb_of_the_lexicon_comes_back_from_its_forms() -> None:
    irregular = {lemma for (_, upos), lemma in IRREGULAR.items() if upos == "VERB"}
    verbs = sorted(
        {v for v in load_lexicon().verbs if v.isalpha()} - irregular - {"lambast", "garrotte"}
    )  # or lambaste, garrote
    wrong = []
    for verb in verbs:
        stem, _ = spelt_regularly(verb)
        wrong += [stem + "ing"] if base_of(stem + "ing") not in {verb, None} else []
    assert len(verbs) > 300
    assert wrong == []


@given(st.dictionaries(st.text("abcde", min_size=2, max_size=6), st.sampled_from([ADDS, PLAIN, TAKES]), min_size=1))
def test_a_table_gives_back_what_it_was_made_of(stems: dict[str, str]) -> None:
    table = table_of(stems)
    assert all(ending_of(stem, table)[1] == made for stem, made in stems.items())


def test_changes() -> None:
    assert [change("hop", "hope"), change("hopp", "hop"), change("help", "help"), change("brought", "bring")] == [
        ADDS, TAKES, PLAIN, None,
    ]  # fmt: skip
