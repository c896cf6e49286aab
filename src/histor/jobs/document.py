"""Roles over whole reports: the engine parses, the document head reads, templates are put together."""

from __future__ import annotations

import re

from histor.engines.document.assembly import Entity, Template, assemble
from histor.engines.document.head import DocumentHead
from histor.engines.document.reading import Reading
from histor.engines.protocol import Engine
from histor.engines.table import load_engine
from histor.model.annotation import Annotation, Span
from histor.model.document import Participant, ReportedIncident, ReportRoles, Wording
from histor.model.records import Report

_ROLES = {
    "PerpInd": "perpetrators", "PerpOrg": "perpetrator_organisations", "Target": "targets", "Victim": "victims",
    "Weapon": "weapons",
}  # fmt: skip
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


class DocumentRoles:
    """An engine and the document head, loaded once and used for many reports."""

    def __init__(self, engine: Engine, head: DocumentHead) -> None:
        self.engine, self.head = engine, head

    @classmethod
    def load(cls, engine: str = "embedded") -> DocumentRoles:
        """Raises ConfigError if the head is not part of this installation."""
        return cls(load_engine(engine), DocumentHead.load())

    def read(self, report: Report) -> ReportRoles:
        """The incidents that the report tells of, likeliest type first; none if it seems to tell of none."""
        annotation = self.engine.annotate(report.text, report.title)
        return ReportRoles(report.id, self.incidents(report.text, annotation), f"document/{self.head.version}")

    def incidents(self, text: str, annotation: Annotation) -> tuple[ReportedIncident, ...]:
        """The same for a text that is annotated already."""
        reading = self.head.read(text, annotation)
        return tuple(_incident(text, reading, found) for found in assemble(reading, self.head.settings))


def _incident(text: str, reading: Reading, found: Template) -> ReportedIncident:
    places: dict[int, Span] = {}
    for candidate, wording in zip(reading.candidates, reading.owner, strict=True):
        places.setdefault(wording, (candidate.start, candidate.end))
    roles: dict[str, list[Participant]] = {name: [] for name in _ROLES.values()}
    for entity in found.entities:
        roles[_ROLES[entity.role]].append(_participant(text, places, entity))
    return ReportedIncident(found.type, round(found.score, 3), **{name: tuple(who) for name, who in roles.items()})


def _participant(text: str, places: dict[int, Span], entity: Entity) -> Participant:
    wordings = []
    for number in entity.wordings:
        start, end = places[number]
        article = _ARTICLE.match(text, start, end)
        start = article.end() if article and article.end() < end else start
        wordings.append(Wording(text[start:end], (start, end)))
    return Participant(tuple(wordings), round(entity.score, 3))
