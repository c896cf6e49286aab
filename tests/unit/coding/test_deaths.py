"""Sentences that count the dead and name no deed, on parses made by hand."""

from __future__ import annotations

import pytest

from histor.model.records import EventMention
from tests.unit.coding.test_parties import coded

SHELLED = (
    "Troops/troops/NOUN/1/nsubj shelled/shell/VERB/-1/root a/a/DET/3/det camp/camp/NOUN/1/obj near/near/ADP/5/case "
    "Ambo/Ambo/PROPN/1/obl on/on/ADP/7/case Friday/Friday/PROPN/1/obl"
)
SHELLING = {"sentence": 0, "trigger": "shelled", "type": "ASSAULT"}
DIED = (
    "Seven/seven/NUM/1/nummod herders/herder/NOUN/2/nsubj/Number=Plur died/die/VERB/-1/root at/at/ADP/4/case "
    "Mabira/Mabira/PROPN/2/obl"
)
BARE = "Seven/seven/NUM/1/nummod herders/herder/NOUN/2/nsubj/Number=Plur died/die/VERB/-1/root"
TALKS = "Chad/Chad/PROPN/1/nsubj hosted/host/VERB/-1/root talks/talk/NOUN/1/obj"
TALKING = {"sentence": 0, "trigger": "hosted", "type": "CONSULT"}
PLACES = {"Ambo": "place", "Mabira": "place"}


def dead(mention: EventMention) -> list[int | None]:
    return [c.best for c in mention.casualties if c.kind == "killed"]


def test_a_number_of_dead_without_a_deed_is_an_event_of_its_own() -> None:
    talks, died = coded([TALKS, DIED], [TALKING], {"Mabira": "place"})
    assert (talks.event_type, dead(talks)) == ("CONSULT", [])
    assert (died.event_type, died.trigger.text, dead(died)) == ("ASSAULT", "died", [7])
    assert [r.text for r in died.recipients] == ["Seven herders"]


def test_the_dead_of_the_deed_before_stay_its_own() -> None:
    (shelled,) = coded([SHELLED, BARE], [SHELLING], {"Ambo": "place"})
    assert dead(shelled) == [7]


def test_the_dead_of_another_place_are_another_event_s() -> None:
    shelled, died = coded([SHELLED, DIED], [SHELLING], PLACES)
    assert (dead(shelled), dead(died)) == ([], [7])


def test_the_dead_of_the_same_place_are_the_deed_s() -> None:
    (shelled,) = coded([SHELLED, DIED.replace("Mabira", "Ambo")], [SHELLING], {"Ambo": "place"})
    assert dead(shelled) == [7]


def test_what_is_set_apart_is_another_event() -> None:
    apart = "Elsewhere/elsewhere/ADV/3/advmod seven/seven/NUM/2/nummod herders/herder/NOUN/3/nsubj/Number=Plur died/die/VERB/-1/root"
    shelled, died = coded([SHELLED, apart], [SHELLING], {"Ambo": "place"})
    assert (dead(shelled), dead(died)) == ([], [7])


@pytest.mark.parametrize(
    "phrase",
    [
        "in/in/ADP/4/case floods/flood/NOUN/2/obl",
        "of/of/ADP/4/case cholera/cholera/NOUN/2/obl",
        "when/when/SCONJ/4/mark capsized/capsize/VERB/2/advcl",
        "in/in/ADP/5/case the/the/DET/5/det war/war/NOUN/2/obl",
    ],
)
def test_nature_mishaps_and_whole_wars_are_no_deed(phrase: str) -> None:
    assert [m.event_type for m in coded([TALKS, f"{BARE} {phrase}"], [TALKING], {})] == ["CONSULT"]


def test_a_whole_country_s_dead_are_not_the_deed_s() -> None:
    everywhere = f"{BARE} nationwide/nationwide/ADV/2/advmod"
    (shelled,) = coded([SHELLED, everywhere], [SHELLING], {"Ambo": "place"})
    assert dead(shelled) == []
