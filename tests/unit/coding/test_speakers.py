"""Chains of speakers and the factuality that follows from them, on parses made by hand."""

from __future__ import annotations

import pytest

from histor.coding.speakers import with_parties
from histor.model.records import Actor, Attribution, EventMention
from tests.unit.coding.test_coder import code, only

SAID = "The/the/DET/2/det local/local/ADJ/2/amod mayor/mayor/NOUN/3/nsubj spoke/speak/VERB/-1/root ././PUNCT/3/punct"
HE = "He/he/PRON/1/nsubj said/say/VERB/-1/root rebels/rebel/NOUN/3/nsubj attacked/attack/VERB/1/ccomp Goma/Goma/PROPN/3/obj ././PUNCT/1/punct"
THEY = HE.replace("He/he/", "They/they/")
CITING = "Media/media/NOUN/3/nsubj citing/cite/VERB/0/acl police/police/NOUN/1/obj say/say/VERB/-1/root rebels/rebel/NOUN/5/nsubj attacked/attack/VERB/3/ccomp Goma/Goma/PROPN/5/obj"
PRAISED = (
    "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj praised/praise/VERB/-1/root an/a/DET/4/det attack/attack/NOUN/2/obj"
)
REPORTED = (
    "The/the/DET/1/det mayor/mayor/NOUN/2/nsubj reported/report/VERB/-1/root an/a/DET/4/det attack/attack/NOUN/2/obj"
)
TOLD = "Rebels/rebel/NOUN/2/nsubj:pass are/be/AUX/2/aux:pass reported/report/VERB/-1/root to/to/PART/5/mark have/have/AUX/5/aux attacked/attack/VERB/2/xcomp Goma/Goma/PROPN/5/obj"
EXPERT = "An/a/DET/1/det analyst/analyst/NOUN/2/nsubj predicts/predict/VERB/-1/root rebels/rebel/NOUN/5/nsubj will/will/AUX/5/aux attack/attack/VERB/2/ccomp Goma/Goma/PROPN/5/obj"
THREAT = "Rebels/rebel/NOUN/1/nsubj threatened/threaten/VERB/-1/root the/the/DET/3/det town/town/NOUN/1/obj"


def attacked(notations: list[str], trigger: str = "attack", kind: str = "ASSAULT") -> EventMention:
    proposal = {
        "sentence": len(notations) - 1,
        "trigger": trigger,
        "type": kind,
        "facts": {"actual": 0.6, "forecast": 0.2},
    }
    return only(code(notations, [proposal]))


@pytest.mark.parametrize(
    ("notations", "speakers"),
    [
        ([SAID, HE], ["local mayor"]),
        ([SAID, THEY], ["They"]),
        ([CITING], ["police", "Media"]),
        ([REPORTED], ["mayor"]),
        ([PRAISED], []),
        ([TOLD], []),
    ],
)
def test_chains(notations: list[str], speakers: list[str]) -> None:
    trigger = "attacked" if "attacked/" in notations[-1] else "attack"
    assert [a.speaker for a in attacked(notations, trigger).attribution] == speakers


@pytest.mark.parametrize(
    ("notation", "trigger", "kind", "factuality"),
    [
        (REPORTED, "attack", "ASSAULT", "claimed"),
        (PRAISED, "attack", "ASSAULT", "actual"),
        (TOLD, "attacked", "ASSAULT", "claimed"),
        (EXPERT, "attack", "ASSAULT", "forecast"),
        (THREAT, "threatened", "THREATEN", "threatened"),
    ],
)
def test_factuality_follows(notation: str, trigger: str, kind: str, factuality: str) -> None:
    assert attacked([notation], trigger, kind).factuality == factuality


def test_a_learned_denial_without_a_word_for_it_is_not_believed() -> None:
    proposal = {"sentence": 0, "trigger": "attacked", "type": "ASSAULT", "facts": {"actual": 0.1, "denied": 0.9}}
    told = "Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"
    assert only(code([told], [proposal])).factuality == "actual"
    refuted = told + " ,/,/PUNCT/5/punct a/a/DET/5/det hoax/hoax/NOUN/1/parataxis"
    assert only(code([refuted], [proposal])).factuality == "denied"


def test_who_fights_in_the_report_is_a_party() -> None:
    mention = attacked([HE], "attacked")
    rebels = Actor("rebels", (0, 6), name="Rebels", sector="REB")
    spoken = (Attribution("a spokesman of the rebels", "official"), Attribution("a nurse", "medical"))
    (done,) = with_parties([_with(mention, (rebels,), spoken)])
    assert [a.type for a in done.attribution] == ["party", "medical"]
    (other,) = with_parties([_with(mention, (), spoken)])
    assert [a.type for a in other.attribution] == ["official", "medical"]


def _with(mention: EventMention, actors: tuple[Actor, ...], chain: tuple[Attribution, ...]) -> EventMention:
    fields = {name: getattr(mention, name) for name in mention.__struct_fields__}
    return EventMention(**{**fields, "actors": actors, "recipients": (), "attribution": chain})


BODY = (
    "A/a/DET/1/det source/source/NOUN/5/nsubj at/at/ADP/4/case police/police/NOUN/4/compound command/command/NOUN/1/nmod "
    "said/say/VERB/-1/root rebels/rebel/NOUN/7/nsubj attacked/attack/VERB/5/ccomp Goma/Goma/PROPN/7/obj"
)
ACCUSED = (
    "The/the/DET/1/det sergeant/sergeant/NOUN/3/nsubj:pass was/be/AUX/3/aux:pass accused/accuse/VERB/-1/root of/of/SCONJ/5/mark "
    "shooting/shoot/VERB/3/advcl a/a/DET/7/det detainee/detainee/NOUN/5/obj"
)
AGAINST = (
    "The/the/DET/1/det army/army/NOUN/2/nsubj said/say/VERB/-1/root calm/calm/NOUN/4/nsubj reigned/reign/VERB/2/ccomp while/while/SCONJ/7/mark "
    "residents/resident/NOUN/7/nsubj said/say/VERB/2/advcl rebels/rebel/NOUN/9/nsubj attacked/attack/VERB/7/ccomp Goma/Goma/PROPN/9/obj"
)


def test_a_source_keeps_its_body() -> None:
    assert [a.speaker for a in attacked([BODY], "attacked").attribution] == ["source at police command"]


def test_of_two_who_speak_against_one_another_each_has_his_own_clause() -> None:
    assert [a.speaker for a in attacked([AGAINST], "attacked").attribution] == ["residents"]


def test_who_is_accused_is_no_source() -> None:
    roles = [("actor", "sergeant"), ("speaker", "sergeant"), ("cue", "accused")]
    report = code([ACCUSED], [{"sentence": 0, "trigger": "shooting", "type": "ASSAULT", "roles": roles}])
    (mention,) = (m for m in report.event_mentions if m.trigger.text == "shooting")
    assert mention.attribution == ()
