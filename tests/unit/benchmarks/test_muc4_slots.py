"""Slots from a coding built by hand."""

from __future__ import annotations

import datetime
from typing import Any

from benchmarks.muc4_slots import fill_slots, header_date
from histor.model.records import Actor, Attribution, Casualties, CodedReport, Date, EventMention, Place, Report, Trigger

TEXT = "peruvian police said red front rebels killed ana ruiz and two guards in lima yesterday."


def mention(**changes: Any) -> EventMention:
    fields: dict[str, Any] = {
        "id": "e", "retells": None, "sentence": 0, "trigger": Trigger("killed", (38, 44)), "event_type": "ASSAULT", "mode": None, "contexts": (),
        "acled": None, "ucdp": None, "actors": (Actor("red front rebels", (21, 37)),), "recipients": (Actor("ana ruiz", (45, 53)),),
        "place": Place("lima", (72, 76), "lima", country="PER"), "date": Date("yesterday", (77, 86), "1990-02-03", "1990-02-03"),
        "casualties": (Casualties("killed", 2, 2, 2, "exact", "recipients", "two guards", (58, 68)),), "weapons": (),
        "attribution": (Attribution("police", "official", "said"),), "factuality": "claimed", "loaded_terms": (), "confidence": 0.9,
        "coder": "test", "why": (),
    }  # fmt: skip
    return EventMention(**{**fields, **changes})


def slots(*mentions: EventMention, **roles: list[list[str]]) -> dict[str, Any]:
    template: dict[str, Any] = {
        "incident_type": "attack",
        "PerpInd": [],
        "PerpOrg": [],
        "Target": [],
        "Victim": [],
        "Weapon": [],
    }
    template |= roles
    coded = CodedReport(Report("r", None, "1990-02-04", None, "en", TEXT), mentions, ())
    fill_slots(template, coded, datetime.date(1990, 2, 4))
    return template


def test_slots_come_from_the_event_that_names_the_template_s_people() -> None:
    found = slots(mention(), Victim=[["ana ruiz"]], PerpOrg=[["red front"]])
    assert found["date"] == "03 FEB 90"
    assert found["location"] == "PERU: LIMA"
    assert found["stage"] == "ACCOMPLISHED"
    assert found["PerpOrgConfidence"] == [["SUSPECTED OR ACCUSED BY AUTHORITIES", "red front"]]
    assert found["VictimDescription"] == [["guards"]]
    assert found["VictimNumber"] == [["1", "ana ruiz"], ["2", "guards"]]
    assert found["VictimEffect"] == [["DEATH", "ana ruiz"], ["DEATH", "guards"]]


def test_without_such_an_event_the_defaults_stand() -> None:
    found = slots(mention(), Victim=[["someone else"]])
    assert (found["date"], found["location"]) == ("- 04 FEB 90", "PERU")


def test_threats_and_claims_of_the_organisation_itself() -> None:
    threat = mention(factuality="threatened", attribution=(Attribution("the red front", "party", "said"),))
    found = slots(threat, PerpOrg=[["red front"]])
    assert found["stage"] == "THREATENED"
    assert found["PerpOrgConfidence"][0][0] == "CLAIMED OR ADMITTED"


def test_the_date_of_a_message_s_header() -> None:
    assert header_date("TST9-MUC4-0001\n\n   LIMA, 4 FEB 90 (EFE) -- [TEXT] ...") == datetime.date(1990, 2, 4)
    assert header_date("TST9-MUC4-0001\n\n   LIMA, NO DATE -- [TEXT]") is None
