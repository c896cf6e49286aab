"""Whose a phrase of time or place is, on parses made by hand."""

from __future__ import annotations

import pytest

from tests.unit.coding.test_coder import code
from tests.unit.coding.test_parties import coded

# Jets bombed Kafra on Monday in response to a raid on Sunday
RAID = (
    "Jets/jet/NOUN/1/nsubj bombed/bomb/VERB/-1/root Kafra/Kafra/PROPN/1/obj on/on/ADP/4/case Monday/Monday/PROPN/1/obl "
    "after/after/ADP/7/case a/a/DET/7/det raid/raid/NOUN/1/obl on/on/ADP/9/case Sunday/Sunday/PROPN/7/nmod"
)
RELATIVE = (
    "Jets/jet/NOUN/1/nsubj bombed/bomb/VERB/-1/root a/a/DET/3/det post/post/NOUN/1/obj that/that/PRON/5/nsubj "
    "fell/fall/VERB/3/acl:relcl on/on/ADP/7/case Sunday/Sunday/PROPN/5/obl"
)
OWN = (
    "A/a/DET/1/det bombing/bombing/NOUN/6/nsubj that/that/PRON/3/nsubj shook/shake/VERB/1/acl:relcl on/on/ADP/5/case "
    "Sunday/Sunday/PROPN/3/obl failed/fail/VERB/-1/root"
)
VOW = (
    "Rebels/rebel/NOUN/1/nsubj vowed/vow/VERB/-1/root on/on/ADP/3/case Sunday/Sunday/PROPN/1/obl to/to/PART/5/mark "
    "bomb/bomb/VERB/1/xcomp Kafra/Kafra/PROPN/5/obj"
)
PARTS = (
    "A/a/DET/1/det post/post/NOUN/2/nsubj fell/fall/VERB/-1/root on/on/ADP/4/case Sunday/Sunday/PROPN/2/obl "
    ";/;/PUNCT/7/punct jets/jet/NOUN/7/nsubj bombed/bomb/VERB/2/parataxis Kafra/Kafra/PROPN/7/obj"
)
SINCE = (
    "The/the/DET/1/det party/party/NOUN/6/nsubj in/in/ADP/3/case power/power/NOUN/1/nmod since/since/ADP/5/case "
    "1963/1963/NUM/3/nmod bombed/bomb/VERB/-1/root Kafra/Kafra/PROPN/6/obj"
)


@pytest.mark.parametrize(
    ("notation", "trigger", "learned", "date"),
    [
        (RAID, "bombed", "Monday", "Monday"),
        (RAID, "bombed", "Sunday", "Monday"),
        (RAID, "raid", "Sunday", "Sunday"),
        (RELATIVE, "bombed", "Sunday", None),
        (OWN, "bombing", "Sunday", "Sunday"),
        (VOW, "bomb", "Sunday", None),
        (PARTS, "bombed", "Sunday", None),
        (SINCE, "bombed", "1963", None),
    ],
)
def test_an_event_has_a_day_of_its_own(notation: str, trigger: str, learned: str, date: str | None) -> None:
    proposal = {"sentence": 0, "trigger": trigger, "type": "ASSAULT", "roles": [("date", learned, 0.9)]}
    mentions = [m for m in coded([notation], [proposal], {}) if m.trigger.text == trigger]
    assert [m.date.text if m.date else None for m in mentions] == [date]


def test_a_place_of_another_deed_is_not_the_event_s() -> None:
    notation = RAID.replace("Sunday/Sunday", "Banu/Banu")
    proposal = {"sentence": 0, "trigger": "bombed", "type": "ASSAULT", "roles": [("place", "Banu", 0.9)]}
    (mention,) = (m for m in coded([notation], [proposal], {"Banu": "place"}) if m.trigger.text == "bombed")
    assert mention.place is None


def test_a_generic_word_is_no_place() -> None:
    notation = "Jets/jet/NOUN/1/nsubj bombed/bomb/VERB/-1/root the/the/DET/3/det area/area/NOUN/1/obj"
    proposal = {"sentence": 0, "trigger": "bombed", "type": "ASSAULT", "roles": [("place", "the area", 0.9)]}
    (mention,) = coded([notation], [proposal], {"the area": "place"})
    assert mention.place is None


WAR = (
    "The/the/DET/2/det six-year-old/six-year-old/ADJ/2/amod war/war/NOUN/4/nsubj has/have/AUX/4/aux killed/kill/VERB/-1/root "
    "9000/9000/NUM/6/nummod people/people/NOUN/4/obj"
)
BEGAN = "The/the/DET/1/det war/war/NOUN/2/nsubj began/begin/VERB/-1/root in/in/ADP/4/case 2011/2011/NUM/2/obl"


@pytest.mark.parametrize(
    ("notations", "earliest"),
    [([WAR], "2010-01-01"), ([BEGAN, WAR.replace("six-year-old/six-year-old", "long/long")], "2011-01-01")],
)
def test_the_dead_of_a_war_count_from_its_beginning(notations: list[str], earliest: str) -> None:
    proposal = {"sentence": len(notations) - 1, "trigger": "killed", "type": "ASSAULT"}
    report = code(notations, [proposal], published="2016-06-06")
    (mention,) = (m for m in report.event_mentions if m.trigger.text == "killed")
    assert mention.date is not None
    assert (mention.date.earliest, mention.date.latest) == (earliest, "2016-06-06")
