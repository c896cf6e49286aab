"""Parties on parses made by hand, and what may stand without a head that proposes it."""

from __future__ import annotations

from typing import Any

import msgspec

from histor.capture.inputs import InputOptions, make_report
from histor.coding.coder import Coder
from histor.model.annotation import Annotation, Mention
from histor.model.records import EventMention
from tests.unit.coding.test_coder import annotation


def coded(notations: list[str], proposals: list[dict[str, Any]], names: dict[str, str]) -> tuple[EventMention, ...]:
    """Event mentions of notated sentences; `names` are the engine's mentions, words to kind."""
    text, given = annotation(notations, proposals)
    mentions = tuple(
        Mention(kind, text.index(name), text.index(name) + len(name), 0.9, "name") for name, kind in names.items()
    )
    with_names: Annotation = msgspec.structs.replace(given, mentions=tuple(sorted(mentions, key=lambda m: m.start)))
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    return Coder().code(report, with_names).event_mentions


ELSEWHERE = "Police/police/NOUN/1/nsubj searched/search/VERB/-1/root homes/home/NOUN/1/obj"
SEARCH = {"sentence": 1, "trigger": "searched", "type": "COERCE"}
TREATY = "Chad/Chad/PROPN/1/nsubj initialled/initial/VERB/-1/root a/a/DET/3/det treaty/treaty/NOUN/1/obj with/with/ADP/5/case Niger/Niger/PROPN/1/obl"


def test_a_firm_frame_of_a_named_actor_stands_without_a_head() -> None:
    found = coded([TREATY, ELSEWHERE], [SEARCH], {"Chad": "place", "Niger": "place"})
    assert [m.event_type for m in found] == ["AGREE", "COERCE"]
    assert ([a.text for a in found[0].actors], [r.text for r in found[0].recipients]) == (["Chad"], ["Niger"])


def test_a_firm_frame_of_nobody_in_particular_does_not() -> None:
    nobody = TREATY.replace("Chad/Chad/PROPN", "Firms/firm/NOUN")
    assert [m.event_type for m in coded([nobody, ELSEWHERE], [SEARCH], {})] == ["COERCE"]


def test_a_firm_frame_overrules_a_doubtful_head_and_no_sure_one() -> None:
    proposal = {"sentence": 0, "trigger": "initialled a treaty", "type": "CONSULT"}
    (mention,) = coded([TREATY], [proposal], {"Chad": "place"})
    assert mention.event_type == "AGREE"  # the head gives 0.9


LIFT = (
    "Israel/Israel/PROPN/1/nsubj refused/refuse/VERB/-1/root to/to/PART/3/mark lift/lift/VERB/1/xcomp the/the/DET/5/det "
    "curfew/curfew/NOUN/3/obj on/on/ADP/7/case Palestinians/Palestinian/PROPN/5/nmod"
)


def test_whom_a_refusal_is_for_is_the_nearest_name_below_it() -> None:
    proposal = {"sentence": 0, "trigger": "refused", "type": "REJECT", "roles": [("actor", "Israel")]}
    (mention,) = coded([LIFT], [proposal], {"Israel": "place", "Palestinians": "organisation"})
    assert [r.text for r in mention.recipients] == ["Palestinians"]


def test_a_town_where_it_was_refused_is_nobody() -> None:
    there = LIFT.replace("on/on/ADP/7/case Palestinians/Palestinian/PROPN", "in/in/ADP/7/case Jenin/Jenin/PROPN")
    proposal = {"sentence": 0, "trigger": "refused", "type": "REJECT", "roles": [("actor", "Israel")]}
    (mention,) = coded([there], [proposal], {"Israel": "place", "Jenin": "place"})
    assert mention.recipients == ()


HOSTED = (
    "Chad/Chad/PROPN/1/nsubj hosted/host/VERB/-1/root opposition/opposition/NOUN/3/compound leader/leader/NOUN/4/nmod:desc "
    "Ali/Ali/PROPN/1/obj Deby/Deby/PROPN/4/flat on/on/ADP/7/case Friday/Friday/PROPN/1/obl"
)


def test_halves_of_a_phrase_are_one_party_and_times_are_nobody() -> None:
    roles = [("recipient", "opposition leader"), ("recipient", "Ali"), ("recipient", "Friday")]
    proposal = {"sentence": 0, "trigger": "hosted", "type": "CONSULT", "roles": roles}
    (mention,) = coded([HOSTED], [proposal], {"Chad": "place", "Ali Deby": "person"})
    assert [r.text for r in mention.recipients] == ["opposition leader Ali Deby"]


def test_a_further_party_must_be_nearly_as_likely() -> None:
    roles = [("recipient", "Ali Deby", (0.95,)), ("recipient", "Chad", (0.6,))]
    proposal = {"sentence": 0, "trigger": "hosted", "type": "CONSULT", "roles": [(r, w, s) for r, w, (s,) in roles]}
    (mention,) = coded([HOSTED], [proposal], {"Ali Deby": "person"})
    assert "Chad" not in [r.text for r in mention.recipients]


STRIKE = "The/the/DET/1/det strike/strike/NOUN/2/nsubj killed/kill/VERB/-1/root five/five/NUM/4/nummod guards/guard/NOUN/2/obj"


def test_who_is_killed_by_a_strike_did_not_strike() -> None:
    proposal = {"sentence": 0, "trigger": "strike", "type": "ASSAULT", "roles": [("actor", "five guards")]}
    (mention,) = coded([STRIKE], [proposal], {})
    assert mention.actors == ()
    assert [r.text for r in mention.recipients] == ["five guards"]


def test_a_weapon_does_nothing_of_itself() -> None:
    shells = "Shells/shell/NOUN/1/nsubj hit/hit/VERB/-1/root Goma/Goma/PROPN/1/obj"
    proposal = {"sentence": 0, "trigger": "hit", "type": "ASSAULT", "roles": [("actor", "Shells")]}
    (mention,) = coded([shells], [proposal], {"Goma": "place"})
    assert mention.actors == ()


def test_what_stands_is_no_event() -> None:
    controls = "The/the/DET/1/det group/group/NOUN/2/nsubj controls/control/VERB/-1/root Kona/Kona/PROPN/2/obj"
    held = controls.replace("controls/control/VERB/-1/root", "controls/control/VERB/-1/root/Tense=Pres|VerbForm=Fin")
    proposal = {"sentence": 0, "trigger": "controls", "type": "COERCE"}
    assert coded([held], [proposal], {"Kona": "place"}) == ()
    assert len(coded([controls.replace("controls", "controlled", 1)], [{**proposal, "trigger": "controlled"}], {})) == 1


def test_a_suicide_attack_is_one_whatever_the_head_says() -> None:
    notation = (
        "Suicide/suicide/NOUN/1/compound bombers/bomber/NOUN/2/nsubj struck/strike/VERB/-1/root Goma/Goma/PROPN/2/obj"
    )
    proposal = {
        "sentence": 0, "trigger": "struck", "type": "ASSAULT", "roles": [("actor", "Suicide bombers")],
        "subs": {"Air/drone strike": 0.6, "Suicide bomb": 0.3},
    }  # fmt: skip
    (mention,) = coded([notation], [proposal], {"Goma": "place"})
    assert mention.acled is not None
    assert mention.acled.sub_event_type == "Suicide bomb"


COUNTED = "47/47/NUM/1/nummod villagers/villager/NOUN/3/nsubj:pass were/be/AUX/3/aux:pass killed/kill/VERB/-1/root"


def test_a_counted_killing_stands_alone_unless_a_deed_before_it_did_it() -> None:
    assert [m.event_type for m in coded([COUNTED, ELSEWHERE], [SEARCH], {})] == ["ASSAULT", "COERCE"]
    shelled = ELSEWHERE.replace("searched/search", "shelled/shell")
    first = {"sentence": 0, "trigger": "shelled", "type": "ASSAULT"}
    assert [m.trigger.text for m in coded([shelled, COUNTED], [first], {})] == ["shelled"]


BORDERS = (
    "Chad/Chad/PROPN/1/nsubj closed/close/VERB/-1/root its/its/PRON/3/nmod:poss borders/border/NOUN/1/obj with/with/ADP/5/case "
    "Niger/Niger/PROPN/3/nmod and/and/CCONJ/7/cc Sudan/Sudan/PROPN/5/conj"
)


def test_names_joined_to_a_recipient_are_recipients_too() -> None:
    proposal = {
        "sentence": 0,
        "trigger": "closed",
        "type": "COERCE",
        "roles": [("actor", "Chad"), ("recipient", "Niger")],
    }
    (mention,) = coded([BORDERS], [proposal], {"Chad": "place", "Niger": "place", "Sudan": "place"})
    assert [r.text for r in mention.recipients] == ["Niger", "Sudan"]


MUST = (
    "Oslo/Oslo/PROPN/1/nsubj said/say/VERB/-1/root the/the/DET/3/det army/army/NOUN/7/nsubj and/and/CCONJ/5/cc "
    "rebels/rebel/NOUN/3/conj must/must/AUX/7/aux talk/talk/VERB/1/ccomp"
)


def test_who_must_do_what_is_demanded_is_whom_it_is_demanded_of() -> None:
    proposal = {"sentence": 0, "trigger": "said", "type": "REQUEST", "roles": [("actor", "Oslo")]}
    (mention,) = coded([MUST], [proposal], {"Oslo": "place"})
    assert [r.text for r in mention.recipients] == ["army", "rebels"]
    would = MUST.replace("must/must", "would/would")
    assert coded([would], [proposal], {"Oslo": "place"})[0].recipients == ()


OFFERED = (
    "Syria/Syria/PROPN/1/nsubj offered/offer/VERB/-1/root troops/troops/NOUN/1/obj to/to/ADP/6/case Lebanon/Lebanon/PROPN/6/nmod:poss "
    "'s/'s/PART/4/case President/President/PROPN/1/obl Hrawi/Hrawi/PROPN/6/flat"
)


def test_the_owner_of_a_name_is_not_the_name() -> None:
    roles = [("actor", "Syria"), ("recipient", "Lebanon")]
    proposal = {"sentence": 0, "trigger": "offered", "type": "AID", "roles": roles}
    (mention,) = coded([OFFERED], [proposal], {"Syria": "place", "Lebanon": "place"})
    assert [r.text for r in mention.recipients] == ["Lebanon 's President Hrawi"]


BUSES = "Students/student/NOUN/1/nsubj blocked/block/VERB/-1/root six/six/NUM/3/nummod buses/bus/NOUN/1/obj"


def test_things_are_not_protested_against() -> None:
    roles = [("actor", "Students"), ("recipient", "six buses")]
    proposal = {"sentence": 0, "trigger": "blocked", "type": "PROTEST", "roles": roles}
    assert coded([BUSES], [proposal], {})[0].recipients == ()
    ministers = BUSES.replace("buses/bus", "ministers/minister")
    proposal["roles"] = [("actor", "Students"), ("recipient", "six ministers")]
    assert [r.text for r in coded([ministers], [proposal], {})[0].recipients] == ["six ministers"]


CARTED = "Medics/medic/NOUN/1/nsubj removed/remove/VERB/-1/root bodies/body/NOUN/1/obj"
DENIED = "Raids/raid/NOUN/1/nsubj deny/deny/VERB/-1/root rebels/rebel/NOUN/1/iobj the/the/DET/4/det ability/ability/NOUN/1/obj"


def test_nobody_is_seized_with_a_body_and_nothing_denied_with_an_ability() -> None:
    seized = {"sentence": 0, "trigger": "removed", "type": "COERCE"}
    assert coded([CARTED], [seized], {}) == ()
    assert len(coded([CARTED.replace("bodies/body", "settlers/settler")], [seized], {})) == 1
    said_no = {"sentence": 0, "trigger": "deny", "type": "REJECT"}
    assert [m.event_type for m in coded([DENIED], [said_no], {}) if m.trigger.text == "deny"] == []
    assert len(coded([DENIED.replace("ability/ability", "charge/charge")], [said_no], {})) >= 1


def test_who_killed_in_a_raid_did_the_raid() -> None:
    killed = (
        "Herders/herder/NOUN/1/nsubj killed/kill/VERB/-1/root three/three/NUM/3/nummod millers/miller/NOUN/1/obj "
        "in/in/ADP/6/case a/a/DET/6/det raid/raid/NOUN/1/obl"
    )
    (mention,) = coded([killed], [], {})
    assert (mention.trigger.text, [a.text for a in mention.actors]) == ("raid", ["Herders"])
