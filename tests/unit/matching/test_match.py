from __future__ import annotations

from typing import Any

import pytest

from histor.matching import features
from histor.matching.blocking import keys, pairs, reach, shared
from histor.matching.features import FEATURES, conflict, values
from histor.matching.match import candidates, match
from histor.matching.score import explain, shipped
from histor.matching.telling import Telling, tellings
from histor.matching.words import Bag, rarity, stem, stems
from histor.model.records import Date, Weapon
from tests.tellings import DERA, KARACHI, TANK, coded, mention, toll

A = "Gunmen opened fire on a bus in Dera on Monday, killing 12 people, police said."
B = "Enemies of the nation martyred 15 innocents in a cowardly ambush of a bus at Dera on Monday."


def telling(text: str, trigger: str, published: str = "2014-03-05", **values: Any) -> Telling:
    return tellings(coded(text, mention(text, trigger, **values), published=published))[0]


def bus(
    best: int = 12, text: str = A, trigger: str = "opened fire", day: str | None = "2014-03-03", **other: Any
) -> Telling:
    given: dict[str, Any] = {"place": DERA, "day": day, "sub": "Attack", "casualties": (toll(best),)}
    return telling(text, trigger, **(given | other))


def together(*found: Telling) -> bool:
    return len(match(found).clusters) == 1


def test_tolls_outlets_and_adjectives_do_not_part_one_incident() -> None:
    assert together(bus(), bus(15, B, "ambush"))


def test_attacks_in_one_town_on_successive_days_stay_two() -> None:
    second = A.replace("Monday", "Tuesday").replace("12", "four")
    assert not together(bus(), bus(4, second, "opened fire", "2014-03-04"))
    none: dict[str, Any] = {"casualties": ()}
    assert not together(bus(**none), bus(text=A.replace("Monday", "Tuesday"), day="2014-03-04", **none))
    night = A.replace("Monday", "Monday night")
    assert conflict(bus(text=night, **none), bus(text=night, day="2014-03-04", **none)) is None


def test_a_day_off_parts_no_incident_of_which_all_else_is_one() -> None:
    slipped = bus(text=A.replace("Monday", "Tuesday"), day="2014-03-04", published="2014-03-06")
    assert together(bus(), slipped)
    assert conflict(bus(), bus(4, day="2014-03-04")) == "exact dates exclude each other"  # nor does the toll agree


def test_a_rising_toll_is_one_incident() -> None:
    counts = [(9, "2014-03-03"), (12, "2014-03-04"), (17, "2014-03-06")]
    risen = [bus(n, A.replace("12", str(n)), published=day) for n, day in counts]
    assert together(*risen)


def test_exact_days_apart_exclude_each_other_even_through_a_third() -> None:
    one, three = bus(), bus(text=A.replace("Monday", "Friday"), day="2014-03-07", published="2014-03-08")
    between = telling(
        "Twelve people died when gunmen opened fire on a bus in Dera.", "opened fire", place=DERA, sub="Attack"
    )
    assert conflict(one, three) == "exact dates exclude each other"
    found = match([one, between, three])
    assert not any({one.id, three.id} <= set(c) for c in found.clusters)


def test_far_places_exclude_each_other_unless_one_is_a_likely_namesake() -> None:
    far = bus(text=A.replace("Dera", "Karachi"), place=KARACHI)
    assert conflict(bus(), far) == "exact places exclude each other"
    assert conflict(bus(), bus(text=B, trigger="ambush", place=TANK)) is None


def test_a_day_after_publication_is_no_day_of_what_happened() -> None:
    late = bus(day="2014-03-09")
    assert late.days is not None
    assert not late.days.stated


def test_retellings_are_one_telling() -> None:
    text = "Bus attack kills 12\nGunmen opened fire on a bus in Dera on Monday."
    head = mention(text, "attack", casualties=(toll(12),))
    body = mention(
        text, "opened fire", retells=head.id, place=DERA, day="2014-03-03", weapons=(Weapon("rifles", (0, 0)),)
    )
    (found,) = tellings(coded(text, head, body))
    assert found.id == head.id
    assert found.spot is not None
    assert found.tolls == {"killed": (12.0, 12.0)}
    assert found.triggers == {"attack", "open", "gunfire"}


@pytest.mark.parametrize("name", [name for name, _, _ in FEATURES])
def test_every_feature_is_symmetric_silent_on_silence_and_documented(name: str) -> None:
    function = getattr(features, name)
    one, two = bus(), bus(15, B, "ambush", recipients=(), actors=("pak.ttp",), published="2014-03-04")
    assert function(one, two) == function(two, one)
    assert function.__doc__
    bare = [telling(t, "Talks", event_type="CONSULT", published="2014-03-05") for t in ("Talks.", "Talks!")]
    assert function(*bare) == (
        1.0 if name in {"type_same", "trigger_same", "words_same", "report_same"} else pytest.approx(0.0, abs=1.5)
    )


def test_features_say_what_they_see() -> None:
    found = dict(zip([n for n, _, _ in FEATURES], values(bus(), bus(15, B, "ambush")), strict=True))
    assert found["place_same"] == found["day_same"] == found["sub_event_same"] == 1.0
    assert found["toll_same"] == 0.0
    assert found["toll_differs"] > 0
    assert found["one_report"] == 0.0


def test_a_later_higher_toll_counts_less_against_than_an_earlier_one() -> None:
    early, late = bus(published="2014-03-03"), bus(20, B, "ambush", published="2014-03-06")
    fallen = bus(20, B, "ambush", published="2014-03-03"), bus(published="2014-03-06")
    assert features.toll_differs(early, late) < features.toll_differs(*fallen)


def test_decisions_are_explained_in_words() -> None:
    (decision,) = match([bus(), bus(15, B, "ambush")]).decisions
    assert decision.judgement == "positive"
    assert decision.left < decision.right
    assert any("same place" in reason for reason in explain(decision))
    total = shipped().bias + sum(weight for _, _, weight in decision.features)
    assert abs(1 / (1 + 2.718281828**-total) - decision.score) < 0.01


def test_excluded_pairs_say_so() -> None:
    decision = shipped().decide(
        bus(), bus(text=A.replace("Monday", "Friday"), day="2014-03-07", published="2014-03-08")
    )
    assert decision.judgement == "negative"
    assert explain(decision)[0] == "excluded: exact dates exclude each other"


def test_pairs_of_blocking_are_those_that_meet_and_share_enough() -> None:
    everything = [bus(), bus(15, B, "ambush"), bus(published="2013-01-05", day="2013-01-03", text=A + " Again.")]
    found = {(a.id, b.id) for a, b in pairs(everything)}
    assert found == {tuple(sorted((everything[0].id, everything[1].id)))}
    assert shared(everything[0], everything[1]) >= 12
    assert set(keys(everything[0]).values()) >= {4, 12}
    assert reach(everything[0])[1] - reach(everything[0])[0] == 2  # a single stated day may be off by one
    undated = reach(bus(day=None))
    assert undated[1] - undated[0] > 7


def test_new_tellings_meet_the_same_others() -> None:
    everything = [bus(), bus(15, B, "ambush"), bus(9, A.replace("12", "nine"), published="2014-03-04")]
    whole = {(a.id, b.id) for a, b in pairs(everything)}
    new = {(a.id, b.id) for a, b in candidates(everything[2:], everything[:2])}
    assert new == {p for p in whole if everything[2].id in p}


def test_words_are_stemmed_and_weighed() -> None:
    assert {stem(w) for w in ("bombing", "bombed", "bombs", "bomb")} == {"bomb"}
    assert stems("The soldiers' bombs") == ["soldi", "bomb"]
    assert rarity("qwertyish") > rarity("kill") > 0
    assert Bag(["bomb", "bus"]).cosine(Bag(["bomb", "bus"])) == pytest.approx(1.0)
    assert Bag([]).cosine(Bag(["bomb"])) == 0.0


def test_what_was_told_on_a_day_happened_then_or_the_day_before() -> None:
    words = "On Tuesday the paper reported that 12 people were killed on a bus in Dera."
    start = words.index("Tuesday")
    when = Date(text="Tuesday", span=(start, start + 7), earliest="2014-03-04", latest="2014-03-04", date_prec=1)
    told = telling(words, "killed", place=DERA, sub="Attack", casualties=(toll(11),), date=when)
    assert told.days is not None
    assert told.days.last - told.days.first == 1
    assert conflict(told, bus(text=A)) is None
    happened = telling(words.replace("reported that", "saw"), "killed", place=DERA, casualties=(toll(11),), date=when)
    assert conflict(happened, bus(text=A)) is not None
