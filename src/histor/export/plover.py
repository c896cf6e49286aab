"""PLOVER JSON: one object an incident and line, with the manual's field names (2024)."""

from __future__ import annotations

from typing import IO, Any

import msgspec

from histor.export.dossier import Dossier, name_of
from histor.export.notes import note
from histor.export.schemes import intensity, quad_class
from histor.model.records import Actor


class PloverWriter:
    """JSON lines; `left_out` counts incidents without a date or an actor, which PLOVER requires."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.left_out = 0

    def write(self, dossier: Dossier) -> None:
        """One object, if the incident has what PLOVER requires."""
        if dossier.first_day is None or not dossier.incident.actors:
            self.left_out += 1
            return
        self._out.write(msgspec.json.encode(record(dossier)) + b"\n")

    def close(self) -> None:
        self._out.flush()


def record(dossier: Dossier) -> dict[str, Any]:
    """The incident as PLOVER's fields; several actors are a list in one event."""
    incident = dossier.incident
    found: dict[str, Any] = {
        "id": incident.id, "date": dossier.first_day, "actor": [_actor(a) for a in incident.actors],
        "event": [incident.event_type], "quad_code": quad_class(incident.event_type),
        "event_scale": intensity(incident.event_type, dossier.mode), "mode": [dossier.mode] if dossier.mode else [],
        "context": list(dossier.contexts), "recipient": [_actor(a) for a in incident.recipients],
        "event_text": [t.mention.trigger.text for t in dossier.tellings],
        "text_info": [{"report": r.id, "source": r.source, "date": r.published} for r in dossier.reports],
        "coder": dossier.tellings[0].mention.coder, "comment": note(dossier),
    }  # fmt: skip
    if dossier.last_day != dossier.first_day:
        found["enddate"] = dossier.last_day
    place = incident.place
    if place is not None:
        found["event_loc"] = {
            "name": place.name or place.text, "country": place.country, "geonames_id": place.geonames_id,
            "lat": place.latitude, "lon": place.longitude,
        }  # fmt: skip
    size = {
        key: estimate.best if estimate.best is not None else estimate.low
        for key, name in (("dead", "killed"), ("injured", "injured"), ("arrested", "captured"))
        if (estimate := dossier.estimate(name)) is not None
    }
    return found | ({"size": size} if size else {})


def _actor(actor: Actor) -> dict[str, Any]:
    return {"text": actor.text, "name": name_of(actor), "country": actor.country, "sector": actor.sector}
