from __future__ import annotations

import pytest

from histor.coding.attribution import sources_of
from histor.coding.kinds import speaker_type
from tests.parses import parse, words

SAID = "Rebels/rebel/NOUN/1/nsubj killed/kill/VERB/-1/root soldiers/soldier/NOUN/1/obj ,/,/PUNCT/6/punct the/the/DET/5/det army/army/NOUN/6/nsubj said/say/VERB/1/parataxis"
THAT = "The/the/DET/1/det army/army/NOUN/2/nsubj said/say/VERB/-1/root that/that/SCONJ/5/mark rebels/rebel/NOUN/5/nsubj fled/flee/VERB/2/ccomp"
ACCORDING = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root ,/,/PUNCT/5/punct according/accord/VERB/5/case to/to/ADP/3/fixed villagers/villager/NOUN/1/obl"
TOLD = "A/a/DET/1/det doctor/doctor/NOUN/2/nsubj told/tell/VERB/-1/root Reuters/Reuters/PROPN/2/iobj that/that/SCONJ/6/mark rebels/rebel/NOUN/6/nsubj fled/flee/VERB/2/ccomp"
QUOTED = "Reuters/Reuters/PROPN/1/nsubj quoted/quote/VERB/-1/root police/police/NOUN/1/obj as/as/SCONJ/4/mark saying/say/VERB/1/advcl that/that/SCONJ/7/mark rebels/rebel/NOUN/7/nsubj fled/flee/VERB/4/ccomp"
OWN = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root"


def speakers(notation: str, lemma: str) -> list[str]:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    return [s.text for s in sources_of(clause, i, words(notation))]


@pytest.mark.parametrize(
    ("notation", "lemma", "expected"),
    [
        (SAID, "kill", ["army"]), (THAT, "flee", ["army"]), (ACCORDING, "flee", ["villagers"]),
        (TOLD, "flee", ["doctor", "Reuters"]), (OWN, "flee", []),
    ],
)  # fmt: skip
def test_speakers(notation: str, lemma: str, expected: list[str]) -> None:
    assert speakers(notation, lemma) == expected


RULED = "The/the/DET/1/det court/court/NOUN/2/nsubj ruled/rule/VERB/-1/root that/that/SCONJ/5/mark soldiers/soldier/NOUN/5/nsubj killed/kill/VERB/2/ccomp villagers/villager/NOUN/5/obj"
RULED_OUT = "Police/police/NOUN/1/nsubj ruled/rule/VERB/-1/root out/out/ADP/1/compound:prt that/that/SCONJ/5/mark soldiers/soldier/NOUN/5/nsubj killed/kill/VERB/1/ccomp villagers/villager/NOUN/5/obj"


@pytest.mark.parametrize(("notation", "kind"), [(RULED, "report"), (RULED_OUT, "deny")])
def test_an_entry_of_two_words_asks_for_both(notation: str, kind: str) -> None:
    (source,) = sources_of(parse(notation), 5, words(notation))
    assert source.kind == kind


def test_a_quoted_source_comes_before_who_quotes_it() -> None:
    found = speakers(QUOTED, "flee")
    assert found.index("police") < found.index("Reuters")


def test_the_reporting_verb_itself_has_no_speaker() -> None:
    assert speakers(THAT, "say") == []


def test_spans_are_the_words() -> None:
    clause = parse(SAID)
    (source,) = sources_of(clause, 1, words(SAID))
    assert words(SAID)[slice(*source.span)] == source.text
    assert words(SAID)[slice(*source.cue_span)] == source.cue == "said"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Syrian Observatory for Human Rights", "ngo"), ("a doctor at the hospital", "medical"), ("residents", "witness"),
        ("AFP", "media"), ("state television", "media"), ("Interior Ministry spokesman", "official"), ("UN envoy", "un"),
        ("security sources", "anonymous"), ("analysts", "expert"), ("rebel commander", "official"),
        ("president of the Central African Republic", "official"), ("Dominican Republic police", "official"),
        ("White House press secretary", "official"), ("a resident who fled", "witness"), ("the WHO", "un"),
        ("health care officials", "official"), ("CARE", "ngo"), ("Republic", "media"), ("Dawn Smith", "anonymous"),
        ("Islamic Republic", "anonymous"), ("Chinese Xinhua", "media"), ("U.N. officials", "un"), ("an amnesty", "anonymous"),
        ("head of the Syrian Observatory for Human Rights", "ngo"), ("Times of India correspondent", "media"),
        ("Rami Abdulrahman, director of the Observatory", "ngo"), ("US-based Human Rights Watch", "ngo"),
    ],
)  # fmt: skip
def test_speaker_types(name: str, kind: str) -> None:
    assert speaker_type(name) == kind
