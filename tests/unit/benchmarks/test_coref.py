"""Gold mentions into chains: documents into incidents, kinds of mentions, cosines."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coref_chains import KINDS, gold_kind, incidents, story_of
from benchmarks.coref_mentions import Words, cosines, frequency, governor
from histor.model.annotation import Token


def words(text: str) -> Words:
    counts = Counter(text.split())
    return Words(counts, Counter(), frozenset(counts))


def test_documents_of_one_incident_come_together_though_all_tell_of_shootings() -> None:
    found = incidents(
        {
            "a": words("police shooting victim Harlan garage Tuesday neighbour"),
            "b": words("police shooting victim Harlan garage funeral"),
            "c": words("police shooting victim Oduya tavern midnight"),
            "d": words("police shooting victim Oduya tavern quarrel bartender"),
            "e": words("police shooting victim"),
        }
    )
    assert found["a"] == found["b"] != found["c"] == found["d"]
    assert len({found["a"], found["c"], found["e"]}) == 3


def test_the_kind_of_a_chain_is_read_behind_its_incident() -> None:
    assert KINDS[gold_kind("2999100104999105999123")] == "injury"
    assert KINDS[gold_kind("299939936799998999657676")] == "whole"
    assert KINDS[gold_kind("0 17")] == "generic"


@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.5, 9)), min_size=1, max_size=6))
def test_cosines_are_symmetric_and_one_of_a_bag_with_itself(bags: list[dict[str, float]]) -> None:
    found = cosines(bags, lambda word: 1.0)
    assert np.allclose(found, found.T)
    assert np.allclose(np.diag(found), [float(bool(bag)) for bag in bags])


def test_a_word_of_every_document_weighs_nothing() -> None:
    weight = frequency({"a": words("fire Delta"), "b": words("fire Echo"), "c": words("fire")})
    assert weight("fire") < weight("Delta") == weight("Echo")


def test_the_governor_of_a_mention_is_the_word_that_hangs_on_none_of_it() -> None:
    row = [
        Token("They", 0, 4, "they", "PRON", "_", 1, "nsubj"), Token("opened", 5, 11, "open", "VERB", "_", -1, "root"),
        Token("fire", 12, 16, "fire", "NOUN", "_", 1, "obj"),
    ]  # fmt: skip
    assert governor(row, (1, 2)) == 1
    assert governor(row, (2,)) == 2


def test_documents_of_a_topic_are_parted_into_its_two_stories() -> None:
    texts = {
        "1_a": "quake Sumatra rescuers beach", "1_b": "quake Sumatra rescuers harbour", "1_c": "quake Peru miners",
        "1_d": "quake Peru village miners", "2_a": "clinic actress",
    }  # fmt: skip
    found = story_of({name: words(text) for name, text in texts.items()}, {name: name[0] for name in texts})
    assert found["1_a"] == found["1_b"] != found["1_c"] == found["1_d"]
    assert found["2_a"][0] == "2"
