"""Which tellings are linked, on parses made by hand."""

from __future__ import annotations

import msgspec

from histor.coding.retellings import Model, Telling, link, shipped
from histor.coding.tellings import with_shared
from histor.model.records import Actor, Date, Place
from tests.parses import parse
from tests.unit.coding.test_parties import coded

LEAD = (
    "A/a/DET/1/det bombing/bombing/NOUN/5/nsubj near/near/ADP/4/case the/the/DET/4/det market/market/NOUN/1/nmod "
    "killed/kill/VERB/-1/root six/six/NUM/7/nummod pilgrims/pilgrim/NOUN/5/obj"
)


def test_a_lead_repeated_word_for_word_is_one_telling() -> None:
    proposals = [{"sentence": k, "trigger": "bombing", "type": "ASSAULT"} for k in (0, 1)]
    first, second = coded([LEAD, LEAD], proposals, {})
    assert second.retells == first.id


def test_another_sentence_with_the_same_trigger_need_not_be() -> None:
    other = (
        LEAD.replace("market/market", "port/port")
        .replace("six/six", "nine/nine")
        .replace("pilgrims/pilgrim", "sailors/sailor")
    )
    proposals = [{"sentence": k, "trigger": "bombing", "type": "ASSAULT"} for k in (0, 1)]
    assert [m.retells for m in coded([LEAD, other], proposals, {})] == [None, None]


def test_tellings_far_apart_or_of_other_doers_are_not_linked() -> None:
    first = telling("first", place=(36.2, 37.1))
    assert link([first, telling("near", place=(36.3, 37.2))], SURE) == [-1, 0]
    assert link([first, telling("far", place=(33.5, 36.3))], SURE) == [-1, -1]
    assert link([first, telling("other doer", actor="ISR")], SURE) == [-1, 0]
    assert link([telling("by one", actor="SYR"), telling("by another", actor="ISR")], SURE) == [-1, -1]
    claimed = telling("blamed on another", actor="ISR", factuality="claimed")
    assert link([telling("by one", actor="SYR"), claimed], SURE) == [-1, 0]


SURE = Model(dict.fromkeys(shipped().weights, 0.0), 2.0, 0.35)  # every pair is likely; only contradictions part


def telling(
    name: str, place: tuple[float, float] | None = None, actor: str | None = None, factuality: str = "actual"
) -> Telling:
    (mention,) = coded([LEAD], [{"sentence": 0, "trigger": "bombing", "type": "ASSAULT"}], {})
    where = Place("there", (0, 1), "there", latitude=place[0], longitude=place[1], where_prec=1) if place else None
    who = (Actor("they", (0, 1), f"{actor.lower()}.army", "they", actor, "MIL"),) if actor else ()
    mention = msgspec.structs.replace(mention, id=name, place=where, actors=who, casualties=(), factuality=factuality)
    return Telling(mention, parse(LEAD), 1, {}, False)


def test_linked_tellings_lend_each_other_day_and_place() -> None:
    first = telling("first", place=(36.2, 37.1)).mention
    day = Date("Monday", (0, 6), "2016-09-19", "2016-09-19", 1, 1)
    second = msgspec.structs.replace(telling("second").mention, retells="first", date=day)
    plan = msgspec.structs.replace(telling("third", factuality="planned").mention, retells="first")
    lent = with_shared([first, second, plan])
    assert [m.date == day for m in lent] == [True, True, False]
    assert [m.place == first.place for m in lent] == [True, True, False]


WIDE = (
    "In/in/ADP/2/case several/several/ADJ/2/amod districts/district/NOUN/5/obl the/the/DET/4/det rebels/rebel/NOUN/5/nsubj "
    "fought/fight/VERB/-1/root a/a/DET/8/det gun/gun/NOUN/8/compound battle/battle/NOUN/5/obj"
)


def test_what_happened_in_many_places_is_not_what_happened_in_one_town() -> None:
    town = telling("first", place=(36.2, 37.1))
    (mention,) = coded([WIDE], [{"sentence": 0, "trigger": "gun battle", "type": "ASSAULT"}], {})
    for head in (5, 7, 8):
        later = Telling(mention, parse(WIDE), head, {}, False)
        assert later.scattered
        assert link([town, later], SURE) == [-1, -1]
        assert link([telling("nowhere"), later], SURE) == [-1, 0]
    one = parse(WIDE.replace("several/several", "southern/southern"))
    assert link([town, Telling(mention, one, 8, {}, False)], SURE) == [-1, 0]


RAID = (
    "Raiders/raider/NOUN/1/nsubj attacked/attack/VERB/-1/root the/the/DET/3/det hamlet/hamlet/NOUN/1/obj "
    "on/on/ADP/5/case Friday/Friday/PROPN/1/obl"
)
THEY = "They/they/PRON/1/nsubj shot/shoot/VERB/-1/root goats/goat/NOUN/1/obj"


def linked(second: str, trigger: str, first: str = RAID, opening: str = "attacked") -> bool:
    proposals = [
        {"sentence": 0, "trigger": opening, "type": "ASSAULT"},
        {"sentence": 1, "trigger": trigger, "type": "ASSAULT"},
    ]
    one, two = coded([first, second], proposals, {})
    return two.retells == one.id


def test_what_the_same_people_did_besides_is_the_same_event() -> None:
    assert linked(THEY, "shot")
    assert not linked(THEY.replace("They/they/PRON", "Thieves/thief/NOUN"), "shot")
    assert not linked(f"{THEY} later/later/ADV/1/advmod", "shot")


def test_a_definite_noun_points_back() -> None:
    shooting = "A/a/DET/1/det shooting/shooting/NOUN/2/nsubj shook/shake/VERB/-1/root markets/market/NOUN/2/obj"
    back = "Boys/boy/NOUN/1/nsubj saw/see/VERB/-1/root the/the/DET/3/det shooting/shooting/NOUN/1/obj"
    assert linked(back, "shooting", shooting, "shooting")
    other = back.replace("the/the/DET/3/det", "another/another/DET/3/det")
    assert not linked(other, "shooting", shooting, "shooting")


def test_one_number_of_dead_is_one_event() -> None:
    killed = "Shells/shell/NOUN/1/nsubj killed/kill/VERB/-1/root 31/31/NUM/3/nummod nomads/nomad/NOUN/1/obj/Number=Plur"
    again = "Rockets/rocket/NOUN/1/nsubj slew/slay/VERB/-1/root 31/31/NUM/3/nummod nomads/nomad/NOUN/1/obj/Number=Plur"
    assert linked(again, "slew", killed, "killed")
    assert not linked(again.replace("31/31", "32/32"), "slew", killed, "killed")


SHOOTING = "A/a/DET/1/det shooting/shooting/NOUN/2/nsubj shook/shake/VERB/-1/root markets/market/NOUN/2/obj"
BACK = "Boys/boy/NOUN/1/nsubj saw/see/VERB/-1/root the/the/DET/3/det shooting/shooting/NOUN/1/obj"


def told(
    words: str, head: int, sentence: int, day: str | None = None, place: tuple[float, float] | None = None
) -> Telling:
    proposal = {"sentence": 0, "trigger": parse(words).tokens[head].text, "type": "ASSAULT"}
    (mention,) = coded([words], [proposal], {})
    date = Date("then", (0, 1), day, day, 1, 1) if day else None
    where = Place("there", (0, 1), "there", latitude=place[0], longitude=place[1], where_prec=1) if place else None
    mention = msgspec.structs.replace(mention, date=date, place=where, sentence=sentence, recipients=(), casualties=())
    return Telling(mention, parse(words), head, {}, False)


def test_like_words_do_not_join_what_days_or_points_part() -> None:
    unlikely = Model(dict.fromkeys(shipped().weights, 0.0), -9.0, 0.35)
    first, between = told(SHOOTING, 1, 0, "2020-01-01", (36.2, 37.1)), told(BACK, 3, 1)
    assert link([first, between, told(BACK, 3, 2, "2020-01-01", (36.3, 37.2))], unlikely) == [-1, 0, 0]
    assert link([first, between, told(BACK, 3, 2, "2020-01-03")], unlikely) == [-1, 0, -1]
    assert link([first, between, told(BACK, 3, 2, place=(33.5, 36.3))], unlikely) == [-1, 0, -1]
    assert link([first, told(BACK, 3, 2, place=(33.5, 36.3))], unlikely) == [-1, -1]
    lead = told(LEAD, 1, 0, "2020-01-01")
    assert link([lead, told(LEAD, 1, 2)], unlikely) == [-1, 0]
    assert link([lead, told(LEAD, 1, 2, "2020-01-03")], unlikely) == [-1, -1]
