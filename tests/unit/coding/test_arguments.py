"""Learned spans of a deed's parties on parses made by hand: whole, on one side, of the deed's own clause."""

from __future__ import annotations

from collections.abc import Sequence

from histor.model.records import EventMention
from tests.unit.coding.test_parties import coded


def sides(mention: EventMention) -> tuple[list[str], list[str]]:
    return [a.text for a in mention.actors], [r.text for r in mention.recipients]


def one(
    notation: str,
    trigger: str,
    roles: Sequence[tuple[str, str] | tuple[str, str, float]],
    names: dict[str, str],
    type_: str = "ASSAULT",
) -> EventMention:
    found = coded([notation], [{"sentence": 0, "trigger": trigger, "type": type_, "roles": roles}], names)
    return next(m for m in found if trigger in m.trigger.text)


LED = (
    "The/the/DET/5/det US/US/PROPN/3/obl - /-/PUNCT/1/punct led/lead/VERB/5/amod anti-IS/anti-IS/ADJ/5/amod "
    "coalition/coalition/NOUN/6/nsubj bombed/bomb/VERB/-1/root rebels/rebel/NOUN/6/obj"
).replace("- /-/", "-/-/")


def test_a_name_before_a_hyphen_is_part_of_the_phrase_that_it_leads() -> None:
    mention = one(LED, "bombed", [("actor", "US"), ("recipient", "rebels")], {"US": "place"})
    assert sides(mention)[0][0].endswith("US - led anti-IS coalition")  # the notation parts every word
    assert sides(mention)[1] == ["rebels"]


PASSIVE = (
    "Some/some/DET/2/det Ruto/Ruto/PROPN/2/compound fighters/fighter/NOUN/4/nsubj:pass were/be/AUX/4/aux:pass "
    "killed/kill/VERB/-1/root near/near/ADP/6/case Lodwar/Lodwar/PROPN/4/obl"
)


def test_the_subject_of_a_passive_is_no_killer() -> None:
    roles = [("actor", "Ruto"), ("recipient", "fighters")]
    mention = one(PASSIVE, "killed", roles, {"Ruto": "armed_group", "Lodwar": "place"})
    assert sides(mention) == ([], ["Ruto fighters"])


OTHER_CLAUSE = (
    "Raids/raid/NOUN/1/nsubj hit/hit/VERB/-1/root Gao/Gao/PROPN/1/obj the/the/DET/4/det army/army/NOUN/5/nsubj "
    "adding/add/VERB/1/advcl that/that/SCONJ/8/mark it/it/PRON/8/nsubj feeds/feed/VERB/5/ccomp villagers/villager/NOUN/8/obj"
)


def test_who_stands_in_a_clause_apart_takes_no_part() -> None:
    mention = one(OTHER_CLAUSE, "Raids", [("recipient", "villagers", 0.8)], {"Gao": "place"})
    assert mention.recipients == ()
    sure = one(OTHER_CLAUSE, "Raids", [("recipient", "villagers", 0.95)], {"Gao": "place"})
    assert [r.text for r in sure.recipients] == ["villagers"]


def test_a_clause_on_the_deed_itself_is_none_apart() -> None:
    died = (
        "The/the/DET/1/det clash/clash/NOUN/6/nsubj in/in/ADP/3/case which/which/PRON/5/obl youths/youth/NOUN/5/nsubj "
        "died/die/VERB/1/acl:relcl ended/end/VERB/-1/root"
    )
    mention = one(died, "clash", [("recipient", "youths")], {})
    assert [r.text for r in mention.recipients] == ["youths"]


OWNED = (
    "Villagers/villager/NOUN/1/nsubj fled/flee/VERB/-1/root rebel/rebel/NOUN/3/compound shelling/shelling/NOUN/1/obj "
    "of/of/ADP/5/case Gao/Gao/PROPN/3/nmod"
)


def test_whose_shelling_it_is_stands_before_the_noun() -> None:
    mention = one(OWNED, "shelling", [("recipient", "Gao")], {"Gao": "place"})
    assert [a.text for a in mention.actors] == ["rebel"]


def test_what_is_attacked_before_the_noun_is_no_attacker() -> None:
    convoy = OWNED.replace("rebel/rebel/", "convoy/convoy/").replace("shelling/shelling/", "attack/attack/")
    assert one(convoy, "attack", [], {"Gao": "place"}).actors == ()


FIRED = (
    "A/a/DET/1/det shell/shell/NOUN/5/nsubj fired/fire/VERB/1/acl by/by/ADP/4/case rebels/rebel/NOUN/2/obl:agent "
    "hit/hit/VERB/-1/root a/a/DET/7/det school/school/NOUN/5/obj"
)


def test_who_fired_the_shell_did_what_it_did() -> None:
    mention = one(FIRED, "hit", [("recipient", "school")], {})
    assert sides(mention)[0] == ["rebels"]


BETWEEN = (
    "Clashes/clash/NOUN/-1/root between/between/ADP/2/case soldiers/soldier/NOUN/0/nmod and/and/CCONJ/4/cc "
    "rebels/rebel/NOUN/2/conj"
)


def test_of_two_that_clash_the_first_named_acts() -> None:
    roles = [("recipient", "soldiers"), ("recipient", "rebels")]
    assert sides(one(BETWEEN, "Clashes", roles, {})) == (["soldiers"], ["rebels"])


KILLED_IN = (
    "Ten/ten/NUM/1/nummod rebels/rebel/NOUN/3/nsubj:pass were/be/AUX/3/aux:pass killed/kill/VERB/-1/root in/in/ADP/6/case "
    "an/a/DET/6/det ambush/ambush/NOUN/3/obl"
)


def test_who_was_killed_in_an_ambush_did_not_lay_it() -> None:
    mention = one(KILLED_IN, "ambush", [("actor", "rebels")], {})
    assert mention.actors == ()


HELD = (
    "Jets/jet/NOUN/1/nsubj bombed/bomb/VERB/-1/root Hutu/Hutu/PROPN/4/obl -/-/PUNCT/2/punct held/hold/VERB/5/amod "
    "Goma/Goma/PROPN/1/obj"
)


def test_who_holds_a_town_is_not_the_bomber() -> None:
    mention = one(HELD, "bombed", [("actor", "Hutu")], {"Hutu": "armed_group", "Goma": "place"})
    assert "Hutu" not in [a.text for a in mention.actors]
