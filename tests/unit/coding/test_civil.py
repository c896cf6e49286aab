"""Deeds of peace in words of war, and how far the lexicon is heard where the engine is silent."""

from __future__ import annotations

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.civil import is_civil
from histor.coding.coder import Coder
from histor.coding.lexicon import load_lexicon
from histor.model.annotation import Annotation, Mention, Proposal, Span
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


ROUT = (
    "Aro/Aro/PROPN/1/nsubj gave/give/VERB/-1/root a/a/DET/4/det bloody/bloody/ADJ/4/amod nose/nose/NOUN/1/obj to/to/ADP/6/case "
    "Bel/Bel/PROPN/1/obl"
)
HIT = "Aro/Aro/PROPN/1/nsubj battled/battle/VERB/-1/root Bel/Bel/PROPN/1/obj"


@pytest.mark.parametrize(("notation", "told"), [(ROUT, ["gave a bloody nose"]), (HIT, [])])
def test_an_idiom_between_two_names_is_told_though_the_engine_rules_it_out(notation: str, told: list[str]) -> None:
    text = f"{words(notation)} {words(TROOPS)}"
    start = len(words(notation)) + 1
    names = tuple(Mention("organisation", text.index(n), text.index(n) + 3, 0.9, "name") for n in ("Aro", "Bel"))
    at = text.index("attacked")
    proposal = Proposal(1, at, at + 8, 0.9, {"ASSAULT": 1.0}, {}, {}, {"actual": 1.0}, ())
    sentences = (sentence(notation), sentence(TROOPS, 1, start))
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    found = Coder().code(report, Annotation("test/1", sentences, names, (proposal,), faint=())).event_mentions
    assert [m.trigger.text for m in found if m.sentence == 0] == told


def test_a_party_that_is_named_has_no_pronoun_beside_it() -> None:
    text = words(OWN)
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    (mention,) = Coder().code(report, Annotation("test/1", (sentence(OWN),), faint=None)).event_mentions
    assert [a.text for a in mention.actors] == ["Rebels"]


OWN = (
    "Rebels/rebel/NOUN/1/nsubj launched/launch/VERB/-1/root their/their/PRON/3/nmod:poss onslaught/onslaught/NOUN/1/obj "
    "against/against/ADP/6/case the/the/DET/6/det army/army/NOUN/1/obl"
)
