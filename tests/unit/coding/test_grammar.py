"""Logical subjects and objects under passives, control, relatives, participles, conjunction."""

from __future__ import annotations

from histor.coding.grammar import Clause
from tests.parses import parse


def lemmas(clause: Clause, found: list[int]) -> list[str]:
    return [clause.lemma(i) for i in found]


def test_active() -> None:
    c = parse("Rebels/rebel/NOUN/1/nsubj killed/kill/VERB/-1/root soldiers/soldier/NOUN/1/obj")
    assert lemmas(c, c.logical_subjects(1)) == ["rebel"]
    assert lemmas(c, c.logical_objects(1)) == ["soldier"]


def test_passive_with_agent() -> None:
    c = parse(
        "Soldiers/soldier/NOUN/2/nsubj:pass were/be/AUX/2/aux:pass killed/kill/VERB/-1/root by/by/ADP/4/case rebels/rebel/NOUN/2/obl:agent"
    )
    assert lemmas(c, c.logical_subjects(2)) == ["rebel"]
    assert lemmas(c, c.logical_objects(2)) == ["soldier"]


def test_relative_clause() -> None:
    c = parse("gunmen/gunman/NOUN/3/nsubj who/who/PRON/2/nsubj attacked/attack/VERB/0/acl:relcl fled/flee/VERB/-1/root")
    assert lemmas(c, c.logical_subjects(2)) == ["gunman"]


def test_object_relative() -> None:
    c = parse(
        "men/man/NOUN/5/nsubj that/that/PRON/3/obj police/police/NOUN/3/nsubj arrested/arrest/VERB/0/acl:relcl have/have/AUX/5/aux fled/flee/VERB/-1/root"
    )
    assert lemmas(c, c.logical_objects(3)) == ["man"]


def test_participle() -> None:
    c = parse(
        "soldiers/soldier/NOUN/4/nsubj killed/kill/VERB/0/acl/VerbForm=Part|Tense=Past by/by/ADP/3/case rebels/rebel/NOUN/1/obl fell/fall/VERB/-1/root"
    )
    assert lemmas(c, c.logical_objects(1)) == ["soldier"]
    assert lemmas(c, c.logical_subjects(1)) == ["rebel"]


def test_conjoined_verbs_share_their_subject() -> None:
    c = parse(
        "Rebels/rebel/NOUN/1/nsubj entered/enter/VERB/-1/root Goma/Goma/PROPN/1/obj and/and/CCONJ/4/cc shot/shoot/VERB/1/conj villagers/villager/NOUN/4/obj"
    )
    assert lemmas(c, c.logical_subjects(4)) == ["rebel"]


def test_a_conjoined_verb_with_its_own_subject_keeps_it() -> None:
    c = parse(
        "Rebels/rebel/NOUN/1/nsubj fled/flee/VERB/-1/root and/and/CCONJ/4/cc police/police/NOUN/4/nsubj shot/shoot/VERB/1/conj villagers/villager/NOUN/4/obj"
    )
    assert lemmas(c, c.logical_subjects(4)) == ["police"]


def test_control() -> None:
    c = parse(
        "Rebels/rebel/NOUN/1/nsubj threatened/threaten/VERB/-1/root to/to/PART/3/mark kill/kill/VERB/1/xcomp hostages/hostage/NOUN/3/obj"
    )
    assert lemmas(c, c.logical_subjects(3)) == ["rebel"]
    c = parse(
        "UN/UN/PROPN/1/nsubj urged/urge/VERB/-1/root rebels/rebel/NOUN/1/obj to/to/PART/4/mark withdraw/withdraw/VERB/1/xcomp"
    )
    assert lemmas(c, c.logical_subjects(4)) == ["rebel"]


def test_coordinated_arguments_are_all_found() -> None:
    c = parse(
        "Police/police/NOUN/3/nsubj and/and/CCONJ/2/cc soldiers/soldier/NOUN/0/conj shot/shoot/VERB/-1/root men/man/NOUN/3/obj and/and/CCONJ/6/cc women/woman/NOUN/4/conj"
    )
    assert lemmas(c, c.logical_subjects(3)) == ["police", "soldier"]
    assert lemmas(c, c.logical_objects(3)) == ["man", "woman"]


def test_phrases_keep_of_and_drop_relative_clauses() -> None:
    c = parse(
        "the/the/DET/1/det fighters/fighter/NOUN/6/nsubj of/of/ADP/3/case NPFL/NPFL/PROPN/1/nmod who/who/PRON/5/nsubj came/come/VERB/1/acl:relcl left/leave/VERB/-1/root"
    )
    a, b = c.phrase(1)
    assert c.text((a, b)) == "fighters of NPFL"


def test_cycles_in_a_broken_parse_end() -> None:
    c = parse("a/a/NOUN/1/conj b/b/NOUN/0/conj")
    assert c.logical_subjects(0) == []
    assert list(c.ancestors(0))
