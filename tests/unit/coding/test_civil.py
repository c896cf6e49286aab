"""Deeds of peace in words of war, and how far the lexicon is heard where the engine is silent."""

from __future__ import annotations

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.civil import is_civil
from histor.coding.coder import Coder
from histor.coding.lexicon import load_lexicon
from histor.model.annotation import Annotation, Span
from tests.parses import parse, sentence, words

PESTS = "Growers/grower/NOUN/1/nsubj attacked/attack/VERB/-1/root the/the/DET/3/det fungus/fungus/NOUN/1/obj"
CLANS = PESTS.replace("Growers/grower", "Clansmen/clansman").replace("fungus/fungus", "village/village")
TROOPS = PESTS.replace("Growers/grower", "Soldiers/soldier")
ROCKETS = f"{PESTS} with/with/ADP/5/case rockets/rocket/NOUN/1/obl"


@pytest.mark.parametrize(("notation", "civil"), [(PESTS, True), (CLANS, False), (TROOPS, False), (ROCKETS, False)])
def test_a_civil_sentence_has_a_word_of_peace_and_nobody_armed(notation: str, civil: bool) -> None:
    assert is_civil(parse(notation), load_lexicon()) is civil


def triggers(notation: str, faint: tuple[Span, ...] | None) -> list[str]:
    text = words(notation)
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    given = Annotation("test/1", (sentence(notation),), faint=faint)
    return [m.trigger.text for m in Coder().code(report, given).event_mentions]


def test_the_lexicon_is_heard_in_silence_but_for_what_is_ruled_out_and_civil() -> None:
    at = words(PESTS).index("attacked")
    assert triggers(PESTS, ()) == []
    assert triggers(PESTS, ((at, at + 8),)) == ["attacked"]  # not ruled out
    assert triggers(PESTS, None) == ["attacked"]  # the engine cannot say
    assert triggers(TROOPS, ()) == ["attacked"]
