"""Who only stands near a deed, on parses made by hand."""

from __future__ import annotations

from tests.unit.coding.test_parties import coded

HELD = (
    "Raids/raid/NOUN/1/nsubj hit/hit/VERB/-1/root Idlib/Idlib/PROPN/1/obj held/hold/VERB/2/acl "
    "by/by/ADP/5/case rebels/rebel/NOUN/3/obl:agent"
)


def test_who_holds_a_town_did_not_raid_it() -> None:
    proposal = {"sentence": 0, "trigger": "Raids", "type": "ASSAULT", "roles": [("actor", "rebels")]}
    (mention,) = coded([HELD], [proposal], {"Idlib": "place"})
    assert mention.actors == ()


def test_whose_raid_it_is_stays_its_doer() -> None:
    launched = (
        "A/a/DET/1/det raid/raid/NOUN/4/nsubj launched/launch/VERB/1/acl by/by/ADP/5/case killed/kill/VERB/-1/root "
        "rebels/rebel/NOUN/2/obl:agent"
    )
    proposal = {"sentence": 0, "trigger": "raid", "type": "ASSAULT", "roles": [("actor", "rebels")]}
    (mention,) = coded([launched], [proposal], {})
    assert [a.text for a in mention.actors] == ["rebels"]


CONDEMNED = (
    "France/France/PROPN/1/nsubj condemned/condemn/VERB/-1/root the/the/DET/3/det strike/strike/NOUN/1/obj "
    "on/on/ADP/5/case Homs/Homs/PROPN/3/nmod"
)


def test_who_condemns_a_strike_did_not_fly_it() -> None:
    proposals = [
        {"sentence": 0, "trigger": "condemned", "type": "ACCUSE", "roles": [("actor", "France")]},
        {"sentence": 0, "trigger": "strike", "type": "ASSAULT", "roles": [("actor", "France")]},
    ]
    accuse, strike = coded([CONDEMNED], proposals, {"France": "place", "Homs": "place"})
    assert [a.text for a in accuse.actors] == ["France"]
    assert strike.actors == ()


def test_who_is_blamed_for_an_attack_is_its_doer() -> None:
    blamed = (
        "Chad/Chad/PROPN/1/nsubj blamed/blame/VERB/-1/root rebels/rebel/NOUN/1/obj for/for/ADP/5/case the/the/DET/5/det "
        "attack/attack/NOUN/1/obl"
    )
    proposals = [
        {"sentence": 0, "trigger": "blamed", "type": "ACCUSE", "roles": [("actor", "Chad"), ("recipient", "rebels")]},
        {"sentence": 0, "trigger": "attack", "type": "ASSAULT", "roles": [("actor", "Chad"), ("recipient", "rebels")]},
    ]
    _, attack = coded([blamed], proposals, {"Chad": "place"})
    assert ([a.text for a in attack.actors], attack.recipients) == (["rebels"], ())


def test_the_agent_of_a_passive_is_its_doer_and_a_pronoun_only_where_nobody_is_named() -> None:
    taken = (
        "Villages/village/NOUN/4/nsubj:pass taken/take/VERB/0/acl by/by/ADP/3/case troops/troop/NOUN/1/obl:agent "
        "recaptured/recapture/VERB/-1/root by/by/ADP/6/case rebels/rebel/NOUN/4/obl:agent"
    )
    roles = [("actor", "troops"), ("actor", "rebels")]
    (mention,) = coded([taken], [{"sentence": 0, "trigger": "recaptured", "type": "COERCE", "roles": roles}], {})
    assert [a.text for a in mention.actors] == ["rebels"]
    shelled = "Rebels/rebel/NOUN/3/nsubj and/and/CCONJ/2/cc they/they/PRON/0/conj shelled/shell/VERB/-1/root Goma/Goma/PROPN/3/obj"
    roles = [("actor", "Rebels"), ("actor", "they")]
    (mention,) = coded([shelled], [{"sentence": 0, "trigger": "shelled", "type": "ASSAULT", "roles": roles}], {})
    assert [a.text for a in mention.actors] == ["Rebels"]


def test_a_phrase_cut_to_what_describes_it_is_the_noun_that_it_describes() -> None:
    located = (
        "Gunmen/gunman/NOUN/4/nsubj hiding/hide/VERB/0/acl in/in/ADP/3/case hills/hill/NOUN/1/obl "
        "shelled/shell/VERB/-1/root Goma/Goma/PROPN/4/obj"
    )
    proposal = {"sentence": 0, "trigger": "shelled", "type": "ASSAULT", "roles": [("actor", "hiding in hills")]}
    (mention,) = coded([located], [proposal], {})
    assert [a.text for a in mention.actors] == ["Gunmen"]
