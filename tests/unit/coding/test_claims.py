"""Claims follow from a mention: one a value, with its words, its speaker and its reason."""

from __future__ import annotations

import msgspec
import pytest

from histor.coding.claims import claims_of, mention_claims, ruled_claims
from histor.model.errors import CoderError
from histor.model.ledger import Ruling
from histor.model.records import Actor, Attribution, Casualties, CodedReport, Date, Relation, Trigger, Weapon
from tests.dossiers import TEXT, mention, report


def test_one_claim_a_value_in_order() -> None:
    claims = mention_claims("r", mention())
    assert [c.property for c in claims] == [
        "event_type", "event_type", "event_type", "actor", "recipient", "place", "date", "killed",
    ]  # fmt: skip
    assert [c.value["scheme"] for c in claims[:3]] == ["plover", "acled", "ucdp"]
    assert claims[0].value == {"scheme": "plover", "code": "ASSAULT", "mode": "firearms", "contexts": ["military"]}
    assert claims[3].value == {"id": "afg.taliban", "name": "Taliban", "country": "AFG", "sector": "REB"}
    assert claims[-1].value == {"low": 14, "best": 14, "high": None, "wording": "at_least", "who": "recipients"}
    assert (claims[-1].text, claims[-1].span) == ("At least 14 people", (0, 18))
    assert {c.attribution for c in claims} == {(Attribution("officials", "official", "said", (97, 106)),)}
    assert len({c.id for c in claims}) == len(claims)


def test_what_is_not_stated_is_no_claim_and_zero_is_one() -> None:
    none = Casualties("killed", 0, 0, 0, "exact", "unknown", "No people", (9, 18))
    vague = Casualties("injured", 3, None, None, "vague", "unknown", "several", (0, 7))
    made = mention(place=None, date=None, actors=(), recipients=(), acled=None, ucdp=None, casualties=(vague, none))
    claims = mention_claims("r", made)
    assert [c.property for c in claims] == ["event_type", "killed", "injured"]
    assert claims[1].value["best"] == 0
    assert claims[2].value["best"] is None


def test_a_date_of_publication_has_no_words_and_says_so() -> None:
    made = mention(
        date=Date(earliest="2021-08-18", latest="2021-08-24", date_prec=3, time_precision=2, source="published")
    )
    (date,) = (c for c in mention_claims("r", made) if c.property == "date")
    assert (date.text, date.span, date.rule) == (None, None, "date: of publication")
    assert date.value["source"] == "published"


def test_each_value_has_its_own_reason() -> None:
    why = (
        "type head: ASSAULT 0.9",
        "sub-event head: Armed clash 0.8",
        "actor: 'the Taliban' is afg.taliban",
        "place: Andarab 0.7",
    )
    rules = {c.property: c.rule for c in reversed(mention_claims("r", mention(why=why)))}
    assert rules == {
        "event_type": "type head: ASSAULT 0.9", "actor": "actor: 'the Taliban' is afg.taliban", "recipient": "as stated",
        "place": "place: Andarab 0.7", "date": "date: as stated", "killed": "toll: at_least",
    }  # fmt: skip


def test_identifiers_change_with_what_they_are_made_of_alone() -> None:
    killed = mention_claims("r", mention())[-1]
    toll = mention().casualties[0]
    others = [
        mention_claims("other", mention())[-1],
        mention_claims("r", mention(2))[-1],
        mention_claims("r", mention(coder="test/2"))[-1],
        mention_claims("r", mention(casualties=(msgspec.structs.replace(toll, best=15),)))[-1],
        mention_claims("r", mention(casualties=(msgspec.structs.replace(toll, span=(1, 18)),)))[-1],
    ]
    assert len({killed.id, *(c.id for c in others)}) == 6
    assert mention_claims("r", mention(confidence=0.1, factuality="denied"))[-1].id == killed.id


def test_equal_values_are_one_claim() -> None:
    toll = mention().casualties[0]
    gun = Weapon("guns", (0, 4))
    claims = mention_claims("r", mention(casualties=(toll, toll), weapons=(gun, gun)))
    assert [c.property for c in claims].count("killed") == 1
    assert [c.property for c in claims].count("weapon") == 1


def test_words_are_checked_against_the_report() -> None:
    a = TEXT.index("attacked")
    sound = mention(
        trigger=Trigger("attacked", (a, a + 8)), actors=(), recipients=(), place=None, date=None, casualties=()
    )
    assert claims_of(CodedReport(report(), (sound,), ()))
    wrong = msgspec.structs.replace(
        sound, casualties=(Casualties("killed", 1, 1, 1, "exact", "unknown", "one man", (0, 7)),)
    )
    with pytest.raises(CoderError, match="killed are not what stands at 0 to 7"):
        claims_of(CodedReport(report(), (wrong,), ()))
    beyond = msgspec.structs.replace(sound, weapons=(Weapon("", (9_000, 9_000)),))
    with pytest.raises(CoderError):
        claims_of(CodedReport(report(), (beyond,), ()))


def test_relations_are_claims_without_a_mention() -> None:
    a, b = Actor("the Taliban", (40, 51)), Actor("officials", (97, 106))
    stated = Relation("led_by", a, b, (40, 106))
    told = msgspec.structs.replace(
        stated, span=(40, 51), attribution=(Attribution("officials", "official"),), factuality="claimed"
    )
    one, two = claims_of(CodedReport(report(), (), (stated, told, stated)), "test/1")
    assert (one.event_mention_id, one.property, one.coder, one.factuality) == ("", "relation", "test/1", "actual")
    assert one.text == TEXT[40:106]
    assert two.factuality == "claimed"
    assert one.value["subject"]["text"] == "the Taliban"


def test_what_a_person_set_is_that_persons_claim() -> None:
    machine = mention()
    toll = msgspec.structs.replace(machine.casualties[0], best=20)
    edited = msgspec.structs.replace(machine, casualties=(toll,))
    claims = ruled_claims(Ruling("r", edited, "accepted", {"casualties": "d1"}, ("d1",)), {"d1": "ann"})
    before = {c.property: c for c in mention_claims("r", machine)}
    assert [(c.coder, c.rule) for c in claims if c.property == "killed"] == [("ann", "decision d1")]
    assert all(c == before[c.property] for c in claims if c.property not in {"killed", "event_type"})
    assert next(c for c in claims if c.property == "killed").id != before["killed"].id
