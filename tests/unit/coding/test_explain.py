from __future__ import annotations

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.explain import SentenceExplained, in_words, tree
from histor.jobs.coding import Coding
from tests.parses import parse

CLAUSE = "Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"


def explained(coding: Coding, text: str) -> list[SentenceExplained]:
    return coding.explain(make_report({"text": text}, text.encode(), InputOptions(), "text"))


def test_the_tree_has_every_word_once_below_its_governor() -> None:
    assert list(tree(parse(CLAUSE))) == [
        "attacked [root VERB attack]", "  Rebels [nsubj NOUN rebel]", "  Goma [obj PROPN Goma]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("type head: ASSAULT 1.00, trigger 0.97", "the model reads the word as an event (97%) of type ASSAULT (100%)"),
        ("frame clash (gun battle)", "the lexicon's frame “clash” has the words “gun battle”"),
        ("mode head: aerial 0.88", "the model gives the mode aerial (88%)"),
        ("sub-event head: Armed clash 0.50", "the model gives the sub-event type Armed clash (50%)"),
        ("crosswalk: Attack", "the codebook's crosswalk leads from type, mode and sides to Attack"),
        ("relation fights: “battle”", "the words say so: “battle”"),
        ("also: frame clash (war)", "the lexicon's frame “clash” has the words “war”, too"),
    ],
)
def test_reasons_in_words(reason: str, words: str) -> None:
    assert in_words(reason) == words


def test_a_coding_names_what_gave_it(coding: Coding) -> None:
    sentence = explained(coding, "Rebels attacked the town of Goma on Monday, killing ten soldiers.")[0]
    assert any("ASSAULT" in line for line in sentence.coded)
    assert any(line.strip().startswith("because") for line in sentence.coded)


def test_what_was_not_coded_says_why(coding: Coding) -> None:
    sentence = explained(coding, "The Northern Alliance is a coalition of five parties.")[0]
    assert any("“Alliance”" in line and "model" in line for line in sentence.not_coded), sentence


def test_every_event_mention_is_explained_in_its_sentence(coding: Coding) -> None:
    text = "Rebels attacked Goma on Monday. The army denied that its jets had bombed the port. Peace is far off."
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    sentences = coding.explain(report)
    for mention in coding.code(report).event_mentions:
        assert any(mention.trigger.text in line for line in sentences[mention.sentence].coded)
    assert [s.index for s in sentences] == list(range(len(sentences)))
