"""Roles read over a whole report: what the document head gives."""

from __future__ import annotations

from msgspec import Struct

from histor.model.annotation import Span


class Wording(Struct, frozen=True):
    """One way in which the report names a participant; `span` is its first occurrence."""

    text: str
    span: Span


class Participant(Struct, frozen=True):
    """One person, organisation, thing or weapon, with its wordings, likeliest first; `score` is 0 to 1."""

    wordings: tuple[Wording, ...]
    score: float


class ReportedIncident(Struct, frozen=True):
    """One incident as a whole report tells it.

    `incident_type` is one of MUC-4's: attack, bombing, kidnapping, arson, robbery, forced work stoppage. It is one
    report's telling: not histor's `Incident`, which is drawn from many.
    """

    incident_type: str
    score: float
    perpetrators: tuple[Participant, ...]
    perpetrator_organisations: tuple[Participant, ...]
    targets: tuple[Participant, ...]
    victims: tuple[Participant, ...]
    weapons: tuple[Participant, ...]


class ReportRoles(Struct, frozen=True):
    """All incidents of one report and the head that read them."""

    report_id: str
    incidents: tuple[ReportedIncident, ...]
    head: str
