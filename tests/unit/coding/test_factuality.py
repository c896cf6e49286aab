from __future__ import annotations

import pytest

from histor.coding.factuality import certain_cue_of, cue_of, hearsay_of, speaks_of
from tests.parses import parse

CASES = [
    ("Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj", "attack", None),
    ("Rebels/rebel/NOUN/3/nsubj did/do/AUX/3/aux not/not/PART/3/advmod attack/attack/VERB/-1/root", "attack", "denied"),
    ("Rebels/rebel/NOUN/2/nsubj will/will/AUX/2/aux attack/attack/VERB/-1/root", "attack", "planned"),
    ("Rebels/rebel/NOUN/2/nsubj could/could/AUX/2/aux attack/attack/VERB/-1/root", "attack", "hypothetical"),
    ("Rebels/rebel/NOUN/1/nsubj threatened/threaten/VERB/-1/root to/to/PART/3/mark attack/attack/VERB/1/xcomp", "attack", "threatened"),
    ("Rebels/rebel/NOUN/1/nsubj plan/plan/VERB/-1/root to/to/PART/3/mark attack/attack/VERB/1/xcomp", "attack", "planned"),
    ("If/if/SCONJ/2/mark rebels/rebel/NOUN/2/nsubj attack/attack/VERB/5/advcl ,/,/PUNCT/5/punct we/we/PRON/5/nsubj leave/leave/VERB/-1/root", "attack", "hypothetical"),
    ("The/the/DET/1/det army/army/NOUN/2/nsubj denied/deny/VERB/-1/root attacking/attack/VERB/2/xcomp Goma/Goma/PROPN/3/obj", "attack", "denied"),
    ("There/there/PRON/1/expl was/be/VERB/-1/root no/no/DET/3/det attack/attack/NOUN/1/nsubj", "attack", "denied"),
    ("The/the/DET/1/det court/court/NOUN/2/nsubj ruled/rule/VERB/-1/root that/that/SCONJ/5/mark rebels/rebel/NOUN/5/nsubj attacked/attack/VERB/2/ccomp", "attack", None),
    ("Police/police/NOUN/1/nsubj ruled/rule/VERB/-1/root out/out/ADP/1/compound:prt an/a/DET/4/det attack/attack/NOUN/1/obj", "attack", "denied"),
    ("Rebels/rebel/NOUN/1/nsubj called/call/VERB/-1/root off/off/ADP/1/compound:prt plans/plan/NOUN/1/obj to/to/PART/5/mark attack/attack/VERB/3/acl", "attack", "planned"),
    ("Some/some/PRON/1/nsubj believe/believe/VERB/-1/root rebels/rebel/NOUN/3/nsubj attacked/attack/VERB/1/ccomp Goma/Goma/PROPN/3/obj", "attack", "opinion"),
    ("Imagine/imagine/VERB/-1/root that/that/SCONJ/3/mark rebels/rebel/NOUN/3/nsubj attack/attack/VERB/0/ccomp", "attack", "hypothetical"),
    ("Rebels/rebel/NOUN/1/nsubj assumed/assume/VERB/-1/root control/control/NOUN/1/obj", "control", None),
    ("The/the/DET/1/det possibility/possibility/NOUN/-1/root of/of/ADP/4/case an/a/DET/4/det attack/attack/NOUN/1/nmod", "attack", "hypothetical"),
    ("Police/police/NOUN/1/nsubj fear/fear/VERB/-1/root a/a/DET/4/det possible/possible/ADJ/4/amod attack/attack/NOUN/1/obj", "attack", "forecast"),
    ("A/a/DET/2/det possible/possible/ADJ/2/amod attack/attack/NOUN/-1/root", "attack", "hypothetical"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), CASES)
def test_cues(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    found = cue_of(clause, i)
    assert (found[0] if found else None) == expected


CERTAIN = [
    ("Police/police/NOUN/1/nsubj arrested/arrest/VERB/-1/root nobody/nobody/PRON/1/obj", "arrest", "denied"),
    ("Police/police/NOUN/1/nsubj arrested/arrest/VERB/-1/root marchers/marcher/NOUN/1/obj", "arrest", None),
    ("No/no/DET/1/det shells/shell/NOUN/2/nsubj hit/hit/VERB/-1/root Goma/Goma/PROPN/2/obj", "hit", "denied"),
    ("No/no/DET/3/det fewer/fewer/ADJ/3/amod ten/ten/NUM/3/nummod shells/shell/NOUN/4/nsubj hit/hit/VERB/-1/root Goma/Goma/PROPN/4/obj", "hit", None),
    ("A/a/DET/1/det mob/mob/NOUN/3/nsubj:pass was/be/AUX/3/aux:pass kept/keep/VERB/-1/root from/from/SCONJ/5/mark lynching/lynch/VERB/3/advcl him/he/PRON/5/obj", "lynch", "denied"),
    ("A/a/DET/1/det curfew/curfew/NOUN/5/nsubj:pass is/be/AUX/5/cop to/to/PART/5/mark be/be/AUX/5/aux:pass imposed/impose/VERB/-1/root", "impose", "planned"),
    ("In/in/ADP/2/case the/the/DET/2/det event/event/NOUN/7/obl of/of/ADP/5/case an/a/DET/5/det attack/attack/NOUN/2/nmod they/they/PRON/7/nsubj flee/flee/VERB/-1/root", "attack", "hypothetical"),
    ("Instead/instead/SCONJ/2/mark of/of/SCONJ/0/fixed leaving/leave/VERB/6/advcl and/and/CCONJ/4/cc arresting/arrest/VERB/2/conj marchers/marcher/NOUN/4/obj they/they/PRON/7/nsubj stayed/stay/VERB/-1/root", "arrest", "denied"),
    ("A/a/DET/1/det push/push/NOUN/5/nsubj to/to/PART/3/mark take/take/VERB/1/acl Goma/Goma/PROPN/3/obj failed/fail/VERB/-1/root", "take", "planned"),
    ("Troops/troops/NOUN/1/nsubj launched/launch/VERB/-1/root an/a/DET/3/det assault/assault/NOUN/1/obj to/to/PART/5/mark retake/retake/VERB/1/advcl Goma/Goma/PROPN/5/obj", "retake", "planned"),
    ("Troops/troops/NOUN/1/nsubj sent/send/VERB/-1/root jets/jet/NOUN/1/obj to/to/PART/4/mark bomb/bomb/VERB/1/advcl Goma/Goma/PROPN/4/obj", "bomb", None),
    ("She/she/PRON/2/nsubj will/will/AUX/2/aux travel/travel/VERB/-1/root to/to/PART/4/mark meet/meet/VERB/2/advcl rebels/rebel/NOUN/4/obj", "meet", "planned"),
    ("They/they/PRON/1/nsubj hid/hide/VERB/-1/root in/in/ADP/3/case fear/fear/NOUN/1/obl of/of/ADP/6/case further/further/ADJ/6/amod strikes/strike/NOUN/3/nmod", "strike", "forecast"),
    ("The/the/DET/1/det threat/threat/NOUN/-1/root of/of/ADP/4/case an/a/DET/4/det attack/attack/NOUN/1/nmod", "attack", "hypothetical"),
    ("The/the/DET/1/det fear/fear/NOUN/-1/root of/of/ADP/4/case the/the/DET/4/det attack/attack/NOUN/1/nmod", "attack", None),
    ("They/they/PRON/3/nsubj would/would/AUX/3/aux have/have/AUX/3/aux attacked/attack/VERB/-1/root Goma/Goma/PROPN/3/obj", "attack", "hypothetical"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), CERTAIN)
def test_cues_that_leave_no_doubt(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    found = certain_cue_of(clause, i)
    assert (found[0] if found else None) == expected


def test_a_denial_needs_a_word_for_it() -> None:
    told = parse("Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj")
    denied = parse("Rebels/rebel/NOUN/1/nsubj denied/deny/VERB/-1/root it/it/PRON/1/obj")
    assert not speaks_of([told], "denied")
    assert speaks_of([told, denied], "denied")


HEARSAY = [
    ("They/they/PRON/2/nsubj:pass were/be/AUX/2/aux:pass held/hold/VERB/-1/root on/on/ADP/4/case suspicion/suspicion/NOUN/2/obl of/of/SCONJ/6/mark stabbing/stab/VERB/4/acl him/he/PRON/6/obj", "stab", "suspicion"),
    ("Rebels/rebel/NOUN/2/nsubj allegedly/allegedly/ADV/2/advmod attacked/attack/VERB/-1/root Goma/Goma/PROPN/2/obj", "attack", "allegedly"),
    ("Rebels/rebel/NOUN/2/nsubj reportedly/reportedly/ADV/2/advmod carried/carry/VERB/-1/root out/out/ADP/2/compound:prt an/a/DET/5/det attack/attack/NOUN/2/obj", "attack", "reportedly"),
    ("An/a/DET/2/det alleged/alleged/ADJ/2/amod attack/attack/NOUN/3/nsubj shook/shake/VERB/-1/root Goma/Goma/PROPN/3/obj", "attack", "alleged"),
    ("Rebels/rebel/NOUN/2/nsubj reportedly/reportedly/ADV/2/advmod fled/flee/VERB/-1/root and/and/CCONJ/4/cc attacked/attack/VERB/2/conj Goma/Goma/PROPN/4/obj", "attack", "reportedly"),
    ("Alleged/alleged/ADJ/1/amod rebels/rebel/NOUN/2/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/2/obj", "attack", None),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), HEARSAY)
def test_hearsay(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    assert hearsay_of(clause, i) == expected
