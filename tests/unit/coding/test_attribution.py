from __future__ import annotations

import pytest

from histor.coding.attribution import AttributionRelation, covers, find_attributions, united, without
from histor.coding.grammar import Clause
from histor.coding.kinds import speaker_type
from tests.parses import parse, sentence, words

SAID = "Rebels/rebel/NOUN/1/nsubj killed/kill/VERB/-1/root soldiers/soldier/NOUN/1/obj ,/,/PUNCT/6/punct the/the/DET/5/det army/army/NOUN/6/nsubj said/say/VERB/1/parataxis"
THAT = "The/the/DET/1/det army/army/NOUN/2/nsubj said/say/VERB/-1/root that/that/SCONJ/5/mark rebels/rebel/NOUN/5/nsubj fled/flee/VERB/2/ccomp"
ACCORDING = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root ,/,/PUNCT/5/punct according/accord/VERB/5/case to/to/ADP/3/fixed villagers/villager/NOUN/1/obl"
TOLD = "A/a/DET/1/det doctor/doctor/NOUN/3/nsubj had/have/AUX/3/aux told/tell/VERB/-1/root Reuters/Reuters/PROPN/3/iobj that/that/SCONJ/7/mark rebels/rebel/NOUN/7/nsubj fled/flee/VERB/3/ccomp"
CALLED = (
    "What/what/PRON/-1/root aides/aide/NOUN/2/nsubj called/call/VERB/0/acl:relcl a/a/DET/4/det trap/trap/NOUN/2/xcomp"
)
ECHOED = "A/a/DET/1/det view/view/NOUN/-1/root echoed/echo/VERB/1/acl/Tense=Past|VerbForm=Part by/by/ADP/4/case villagers/villager/NOUN/2/obl:agent"
OPPOSED = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj opposed/oppose/VERB/-1/root closing/close/VERB/2/xcomp/VerbForm=Ger schools/school/NOUN/3/obj"
ASKED = "Reporters/reporter/NOUN/1/nsubj asked/ask/VERB/-1/root whether/whether/SCONJ/4/mark rebels/rebel/NOUN/4/nsubj fled/flee/VERB/1/advcl"
BROKEN = "Aides/aide/NOUN/1/nsubj said/say/VERB/-1/root talks/talk/NOUN/1/obj with/with/ADP/4/case rebels/rebel/NOUN/2/nmod failed/fail/VERB/4/acl"
SET_OFF = "Rebels/rebel/NOUN/4/dep ,/,/PUNCT/3/punct he/he/PRON/3/nsubj said/say/VERB/-1/root ,/,/PUNCT/3/punct fled/flee/VERB/3/dep"
CLEAR = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj made/make/VERB/-1/root clear/clear/ADJ/2/xcomp that/that/SCONJ/6/mark rebels/rebel/NOUN/6/nsubj fled/flee/VERB/2/ccomp"
AFTER_IT = (
    "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj went/go/VERB/-1/root after/after/ADP/4/case rivals/rival/NOUN/2/obl"
)
IN_WRITING = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root ,/,/PUNCT/5/punct the/the/DET/4/det army/army/NOUN/5/nsubj said/say/VERB/1/parataxis in/in/ADP/8/case a/a/DET/8/det statement/statement/NOUN/5/obl"
IN_TOWN = IN_WRITING.replace("statement/statement", "village/village")
TOOK_TIME = "The/the/DET/1/det mayor/mayor/NOUN/3/nsubj was/be/AUX/3/cop quick/quick/ADJ/-1/root to/to/PART/5/mark add/add/VERB/3/advcl that/that/SCONJ/8/mark rebels/rebel/NOUN/8/nsubj fled/flee/VERB/5/ccomp"
LED_UP = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj went/go/VERB/-1/root on/on/ADP/2/compound:prt to/to/PART/5/mark say/say/VERB/2/xcomp that/that/SCONJ/8/mark rebels/rebel/NOUN/8/nsubj fled/flee/VERB/5/ccomp"
MET = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj met/meet/VERB/-1/root aides/aide/NOUN/2/obj ,/,/PUNCT/5/punct to/to/PART/6/mark say/say/VERB/2/advcl that/that/SCONJ/9/mark rebels/rebel/NOUN/9/nsubj fled/flee/VERB/6/ccomp"
COUNTED = "Aides/aide/NOUN/1/nsubj reported/report/VERB/-1/root that/that/SCONJ/5/mark ,/,/PUNCT/5/punct so/so/ADV/5/advmod far/far/ADV/1/advmod ,/,/PUNCT/5/punct rebels/rebel/NOUN/8/nsubj fled/flee/VERB/1/advcl"
SWIPES = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj took/take/VERB/-1/root swipes/swipe/NOUN/2/obj at/at/ADP/5/case rivals/rival/NOUN/2/obl"
OWN = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root"
ENSURE = "Guards/guard/NOUN/1/nsubj ensured/ensure/VERB/-1/root that/that/SCONJ/4/mark rebels/rebel/NOUN/4/nsubj fled/flee/VERB/1/ccomp"
PRAISED = (
    "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj praised/praise/VERB/-1/root the/the/DET/4/det truce/truce/NOUN/2/obj"
)
SHOT = "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj shot/shoot/VERB/-1/root the/the/DET/4/det guard/guard/NOUN/2/obj"
CLAIM = "Kyiv/Kyiv/PROPN/2/nmod:poss 's/'s/PART/0/case claim/claim/NOUN/6/nsubj that/that/SCONJ/5/mark rebels/rebel/NOUN/5/nsubj fled/flee/VERB/2/ccomp spread/spread/VERB/-1/root"
REPORTED = "Rebels/rebel/NOUN/2/nsubj:pass are/be/AUX/2/aux:pass reported/report/VERB/-1/root to/to/PART/5/mark have/have/AUX/5/aux fled/flee/VERB/2/xcomp"
VIEW = "In/in/ADP/2/case the/the/DET/2/det view/view/NOUN/6/obl of/of/ADP/4/case historians/historian/NOUN/2/nmod rebels/rebel/NOUN/6/nsubj fled/flee/VERB/-1/root"
PARTED = "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/5/ccomp ;/;/PUNCT/5/punct the/the/DET/4/det army/army/NOUN/5/nsubj said/say/VERB/-1/root they/they/PRON/7/nsubj died/die/VERB/5/ccomp"


def found(notation: str) -> list[tuple[list[str], list[str], list[str]]]:
    text = words(notation)
    pieces = [(r.source, r.cue, r.content) for r in find_attributions([parse(notation)], text)]
    return [tuple([text[a:b] for a, b in spans] for spans in roles) for roles in pieces]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("notation", "source", "cue", "content"),
    [
        (SAID, ["the army"], ["said"], ["Rebels killed soldiers"]),
        (THAT, ["The army"], ["said"], ["that rebels fled"]),
        (ACCORDING, ["villagers"], ["according to"], ["Rebels fled"]),
        (TOLD, ["A doctor"], ["had told"], ["that rebels fled"]),
        (PRAISED, ["The mayor"], ["praised"], ["the truce"]),
        (CLAIM, ["Kyiv"], ["claim"], ["that rebels fled"]),
        (REPORTED, [], ["are reported"], ["Rebels", "to have fled"]),
        (VIEW, ["historians"], ["In the view of"], ["rebels fled"]),
        (PARTED, ["the army"], ["said"], ["they died"]),
        (CALLED, ["aides"], ["called"], ["What", "a trap"]),
        (ECHOED, ["villagers"], ["echoed"], ["A view"]),
        (OPPOSED, ["The mayor"], ["opposed"], ["closing schools"]),
        (ASKED, ["Reporters"], ["asked"], ["whether rebels fled"]),
        (BROKEN, ["Aides"], ["said"], ["talks with rebels failed"]),
        (SET_OFF, ["he"], ["said"], ["Rebels", "fled"]),
        (CLEAR, ["The mayor"], ["made clear"], ["that rebels fled"]),
        (AFTER_IT, ["The mayor"], ["went after"], ["rivals"]),
        (IN_WRITING, ["the army"], ["said in a statement"], ["Rebels fled"]),
        (IN_TOWN, ["the army"], ["said"], ["Rebels fled"]),
        (TOOK_TIME, ["The mayor"], ["was quick to add"], ["that rebels fled"]),
        (LED_UP, ["The mayor"], ["went on to say"], ["that rebels fled"]),
        (MET, ["The mayor"], ["to say"], ["that rebels fled"]),
        (COUNTED, ["Aides"], ["reported"], ["that , so far , rebels fled"]),
        (SWIPES, ["The mayor"], ["took swipes at"], ["rivals"]),
    ],
)
def test_source_cue_content(notation: str, source: list[str], cue: list[str], content: list[str]) -> None:
    assert found(notation) == [(source, cue, content)]


@pytest.mark.parametrize("notation", [OWN, ENSURE, SHOT])
def test_no_attribution(notation: str) -> None:
    assert found(notation) == []


RULED = "The/the/DET/1/det court/court/NOUN/2/nsubj ruled/rule/VERB/-1/root that/that/SCONJ/5/mark soldiers/soldier/NOUN/5/nsubj killed/kill/VERB/2/ccomp villagers/villager/NOUN/5/obj"
RULED_OUT = "Police/police/NOUN/1/nsubj ruled/rule/VERB/-1/root out/out/ADP/1/compound:prt that/that/SCONJ/5/mark soldiers/soldier/NOUN/5/nsubj killed/kill/VERB/1/ccomp villagers/villager/NOUN/5/obj"


@pytest.mark.parametrize(("notation", "kind"), [(RULED, "report"), (RULED_OUT, "deny"), (PRAISED, "attitude")])
def test_what_a_cue_does_to_the_claim(notation: str, kind: str) -> None:
    (relation,) = find_attributions([parse(notation)], words(notation))
    assert relation.kind == kind


NURSE = "She/she/PRON/1/nsubj said/say/VERB/-1/root ,/,/PUNCT/5/punct “/“/PUNCT/5/punct They/they/PRON/5/nsubj came/come/VERB/1/ccomp back/back/ADV/5/advmod twice/twice/ADV/5/advmod ././PUNCT/1/punct"
ON = "They/they/PRON/1/nsubj burned/burn/VERB/-1/root it/it/PRON/1/obj ././PUNCT/1/punct ”/”/PUNCT/1/punct"
AFTER = "Nobody/nobody/PRON/1/nsubj slept/sleep/VERB/-1/root ././PUNCT/1/punct"


def test_a_quotation_goes_on_over_sentences() -> None:
    first = sentence(NURSE)
    second = sentence(ON, 1, first.end + 1)
    third = sentence(AFTER, 2, second.end + 1)
    text = " ".join(words(n) for n in (NURSE, ON, AFTER))
    (relation,) = find_attributions([Clause(s) for s in (first, second, third)], text)
    burned, slept = text.index("burned"), text.index("slept")
    assert covers(relation, (burned, burned + 6))
    assert not covers(relation, (slept, slept + 5))


ADDED = "The/the/DET/1/det ministry/ministry/NOUN/2/nsubj added/add/VERB/-1/root :/:/PUNCT/2/punct"
TWO = "Two/two/NUM/1/nummod guards/guard/NOUN/2/nsubj died/die/VERB/-1/root"


def test_a_colon_hands_the_next_sentence_over() -> None:
    first = sentence(ADDED)
    second = sentence(TWO, 1, first.end + 1)
    text = f"{words(ADDED)} {words(TWO)}"
    (relation,) = find_attributions([Clause(first), Clause(second)], text)
    assert [text[a:b] for a, b in relation.source + relation.content] == ["The ministry", words(TWO)]
    assert find_attributions([Clause(first)], words(ADDED)) == []


INSIDE = "“/“/PUNCT/2/punct He/he/PRON/2/nsubj said/say/VERB/6/ccomp we/we/PRON/4/nsubj lost/lose/VERB/2/ccomp ,/,/PUNCT/2/punct ”/”/PUNCT/2/punct"


def test_a_cue_in_direct_speech_says_so() -> None:
    (relation,) = find_attributions([parse(INSIDE.replace("VERB/6/ccomp", "VERB/-1/root"))], words(INSIDE))
    assert relation.quoted


def test_spans_are_whole_words_of_the_text() -> None:
    text = words(TOLD)
    (relation,) = find_attributions([parse(TOLD)], text)
    for a, b in (*relation.source, *relation.cue, *relation.content):
        assert text[a:b].strip() == text[a:b] != ""


def test_spans_united_and_cut() -> None:
    assert united([(5, 9), (0, 3), (8, 12)]) == ((0, 3), (5, 12))
    assert without([(0, 10)], [(2, 4)]) == ((0, 2), (4, 10))
    assert without([(0, 3)], [(0, 5)]) == ()


def test_what_is_covered() -> None:
    relation = AttributionRelation(0, 0, "clause", "report", (), (), ((3, 8),))
    assert covers(relation, (7, 9))
    assert not covers(relation, (8, 9))


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
