"""What an event mention is put together from, whoever read it."""

from __future__ import annotations

from dataclasses import dataclass

from histor.coding.candidates import Candidate
from histor.coding.speakers import Source
from histor.model.records import Actor, Casualties, Date, Place, Weapon


@dataclass(frozen=True)
class Parts:
    """The values of an event mention before codes are derived from them.

    `why` are the reasons for type, mode and factuality, `who` those for the identity of the parties; `raw` is the
    coder's score before calibration, None where who read it gives none.
    """

    candidate: Candidate
    mode: str | None
    actors: list[Actor]
    recipients: list[Actor]
    sources: list[Source]
    factuality: str
    casualties: list[Casualties]
    place: Place | None
    date: Date | None
    weapons: list[Weapon]
    why: list[str]
    who: list[str]
    raw: float | None
