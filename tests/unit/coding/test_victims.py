"""The people of a toll as those to whom a deed was done."""

from __future__ import annotations

import msgspec

from histor.coding.subevents import as_first_told, by_whom_taken
from histor.model.records import Acled, Actor
from tests.unit.coding.test_parties import coded

SHELLED = (
    "Rebels/rebel/NOUN/1/nsubj shelled/shell/VERB/-1/root the/the/DET/3/det quarter/quarter/NOUN/1/obj killing/kill/VERB/1/advcl "
    "seven/seven/NUM/6/nummod people/people/NOUN/4/obj"
)
PROPOSAL = {
    "sentence": 0,
    "trigger": "shelled",
    "type": "ASSAULT",
    "roles": [("actor", "Rebels"), ("recipient", "quarter")],
}


def test_the_dead_of_a_shelling_stand_beside_the_quarter() -> None:
    (mention,) = coded([SHELLED], [PROPOSAL], {})
    assert [r.text for r in mention.recipients][-1].endswith("people")
    assert len(mention.recipients) == 2


def test_nobody_is_added_where_somebody_is_named() -> None:
    named = {**PROPOSAL, "roles": [("actor", "Rebels"), ("recipient", "people")]}
    (mention,) = coded([SHELLED], [named], {})
    assert len(mention.recipients) == 1


def party(text: str, sector: str) -> Actor:
    return Actor(text, (0, len(text)), None, text, None, sector)


def test_a_state_regains_and_others_overtake() -> None:
    regained, overtaken = "Government regains territory", "Non-state actor overtakes territory"
    assert by_whom_taken(overtaken, [party("army units", "MIL")]) == regained
    assert by_whom_taken(overtaken, [party("assault units", "MIL")]) == overtaken
    assert by_whom_taken(regained, [party("fighters", "REB")]) == overtaken
    assert by_whom_taken("Attack", [party("army", "MIL")]) == "Attack"


def test_a_general_word_takes_the_first_tellings_sub_event() -> None:
    strike = SHELLED.replace("shelled/shell", "attacked/attack")
    (mention,) = coded([strike], [{**PROPOSAL, "trigger": "attacked"}], {})
    first = coded([SHELLED], [PROPOSAL], {})[0]
    told = msgspec.structs.replace(first, acled=Acled("Explosions/Remote violence", "Air/drone strike"))
    clash = msgspec.structs.replace(mention, acled=Acled("Battles", "Armed clash"))
    assert as_first_told(clash, told).acled == told.acled
    assert as_first_told(clash, None).acled == clash.acled
    shelled = msgspec.structs.replace(first, acled=Acled("Battles", "Armed clash"))
    assert as_first_told(shelled, told).acled == shelled.acled  # "shelled" says how itself
