"""Incidents with their tellings, built by hand for tests of what is made from them."""

from __future__ import annotations

from typing import Any

import msgspec

from histor.export.dossier import Dossier, Telling
from histor.model.canonical import digest
from histor.model.incidents import Estimate, Incident
from histor.model.records import (
    Acled,
    Actor,
    Attribution,
    Casualties,
    Date,
    EventMention,
    Place,
    Report,
    Trigger,
    Ucdp,
)

TEXT = "At least 14 people were killed when the Taliban attacked a police post in Andarab on Monday, officials said."
TALIBAN = Actor("the Taliban", (40, 51), "afg.taliban", "Taliban", "AFG", "REB")
POLICE = Actor("a police post", (61, 74), "afg.police", "Afghan National Police", "AFG", "COP")
ANDARAB = Place(
    "Andarab", (78, 85), "Andarab", 1147528, 35.64, 69.25, "AFG", "Baghlan", "Andarab", 3, 2, "geonames"
)  # fmt: skip


def report(number: int = 1, **changes: Any) -> Report:
    made = Report(
        digest("report", number), f"Outlet {number}", "2021-08-24", "Attack in Andarab", "en", TEXT, external_id=f"r{number}"
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def mention(number: int = 1, **changes: Any) -> EventMention:
    made = EventMention(
        id=digest("event_mention", number), retells=None, sentence=0, trigger=Trigger("attacked", (52, 60)),
        event_type="ASSAULT", mode="firearms", contexts=("military",), acled=Acled("Battles", "Armed clash"), ucdp=Ucdp(1),
        actors=(TALIBAN,), recipients=(POLICE,), place=ANDARAB,
        date=Date("on Monday", (86, 95), "2021-08-23", "2021-08-23", 1, 1),
        casualties=(Casualties("killed", 14, 14, None, "at_least", "recipients", "At least 14 people", (0, 18)),),
        weapons=(), attribution=(Attribution("officials", "official", "said", (97, 106)),), factuality="claimed",
        loaded_terms=(), confidence=0.9, coder="test/1", why=("frame attack",),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def estimate(name: str, low: int | None, best: int | None, high: int | None, **changes: Any) -> Estimate:
    return msgspec.structs.replace(Estimate(name, "ucdp", low, best, high, (), ()), **changes)


def incident(number: int = 1, **changes: Any) -> Incident:
    telling = mention(number)
    made = Incident(
        id=digest("incident", number), event_type="ASSAULT", acled=telling.acled, ucdp=telling.ucdp, place=ANDARAB,
        date=telling.date, actors=(TALIBAN,), recipients=(POLICE,), factuality="claimed", event_mentions=(telling.id,),
        reports=1, origins=1,
        estimates={"killed": estimate("killed", 14, 14, 20), "killed_recipients": estimate("killed_recipients", 14, 14, 20)},
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def dossier(number: int = 1, **changes: Any) -> Dossier:
    return Dossier(incident(number, **changes), (Telling(mention(number), report(number)),))
